"""The process that holds the imports and forks kernels: run as a script, by its path.

Nothing of Kompendium is imported in a kernel that has just been forked (``holding``), so that what
a notebook imports of the library is what the notebook imports. A fork copies one thread only,
with whatever locks the others held: so the server starts no thread, and refuses to fork where
a library has started one (``os.fork``; POSIX.1-2017, ``fork``, rationale).

Each connection is one kernel: a line of JSON asks for it, lines of JSON tell that it is ready
and how it ended, and when the connection closes, the kernel is killed. The socket lies in a
folder of the user's own; there is no network in it. The server ends when its standard input
does, and takes every kernel along.
"""

# Paths are text here: what the server imports, every kernel starts with.
# ruff: noqa: PTH106, PTH108, PTH118, PTH120, PTH123

import os
import sys

if __name__ == "__main__":
    del sys.path[0]  # the folder of this script, where modules of the library lie

import ctypes
import gc
import importlib.util
import json
import selectors
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

PR_SET_PDEATHSIG = 1
"""``prctl(2)``: the signal a process is sent when its parent dies."""

Loading = Callable[[str], None]
"""Imports a module."""

LINE_LIMIT = 1 << 22
"""Bytes a request may have."""


def beside(name: str) -> Any:
    """Load a module that lies beside this one, and leave no trace of it."""
    place = os.path.join(os.path.dirname(__file__), f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, place)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


likeness = beside("likeness")


@dataclass
class Child:
    """A forked process, told its job over a socket; its client is who asked for a kernel."""

    pid: int
    link: socket.socket
    client: socket.socket | None = None
    read: bytes = b""


@dataclass
class Client:
    """A connection: what has been read of its request, and its kernel once there is one."""

    link: socket.socket
    read: bytearray = field(default_factory=bytearray)
    child: Child | None = None


class Server:
    """Serves one socket in one thread, until standard input ends."""

    def __init__(
        self, listener: int, spares: int, environment: dict[str, str], load: Loading
    ) -> None:
        """Serve a socket that others listen at already, and keep so many forks ready.

        What kernels have wished for is loaded for the next ones.
        """
        self.environment = environment
        self.load = load
        self.number = spares
        self.spares: list[Child] = []
        self.children: dict[int, Child] = {}
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(fileno=listener)
        self.wake, wakened = socket.socketpair()
        for end in (self.wake, wakened):
            end.setblocking(False)
        self.wakened = wakened
        signal.set_wakeup_fd(wakened.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the end of standard input is the end

    def serve(self) -> dict[str, Any] | None:
        """Serve until the end, and give None; in a fork, give the job it was told."""
        for one, act in ((0, self._ended), (self.listener, self._accept), (self.wake, self._reap)):
            self.selector.register(one, selectors.EVENT_READ, act)
        self.going = True
        while self.going:
            while len(self.spares) < self.number and len(likeness.threads()) == 1:
                spare = self._fork()
                if spare is None:
                    return self._told()
                self.spares.append(spare)
            for key, _ in self.selector.select():
                if key.data(key.fileobj):
                    return self._told()
        for child in self.children.values():
            self._signal(child, signal.SIGKILL)
        place = self.listener.getsockname()
        with suppress(OSError):  # who started this one may have been killed, or was quicker
            os.unlink(place)
            os.rmdir(os.path.dirname(place))
        return None

    def _ended(self, _: Any) -> None:
        """Standard input never says anything; that it can be read means that it has ended."""
        self.going = False

    def _accept(self, _: Any) -> None:
        connection, _address = self.listener.accept()
        client = Client(connection)
        self.selector.register(connection, selectors.EVENT_READ, lambda _: self._hear(client))

    def _hear(self, client: Client) -> bool:
        """Take in a request, a signal to pass on, or that the client has gone.

        True in a fork.
        """
        try:
            data = client.link.recv(65536)
        except OSError:
            data = b""
        client.read += data
        if not data or len(client.read) > LINE_LIMIT:
            self._forget(client)
            return False
        while b"\n" in client.read:
            line, _, rest = client.read.partition(b"\n")
            client.read = bytearray(rest)
            try:
                message = json.loads(line)
                if client.child is not None:
                    self._signal(client.child, int(message["signal"]))
                elif self._begin(client, message):
                    return True
            except (ValueError, KeyError, TypeError):  # one who cannot ask gets nothing
                self._forget(client)
                return False
        return False

    def _begin(self, client: Client, job: dict[str, Any]) -> bool:
        """Give a job to a spare, or to a new fork, or say why that cannot be; True in a fork."""
        if refused := likeness.unlike(job, self.environment):
            _tell(client.link, refused=refused)
            return False
        child = self.spares.pop(0) if self.spares else self._fork()
        if child is None:
            return True
        client.child, child.client = child, client.link
        self.selector.register(
            child.link, selectors.EVENT_READ, lambda _: self._relay(child, client)
        )
        _tell(child.link, **job)
        return False

    def _relay(self, child: Child, client: Client) -> None:
        """Pass on that a kernel is ready, and load what it wishes for; until its last word."""
        try:
            data = child.link.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.selector.unregister(child.link)
            child.link.close()
            return
        child.read += data
        while b"\n" in child.read:
            line, _, child.read = child.read.partition(b"\n")
            with suppress(ValueError, TypeError):  # what else a notebook may write there is no word
                message = json.loads(line)
                if "wish" in message:
                    self.load(message["wish"])
                else:
                    _tell(client.link, **message)

    def _forget(self, client: Client) -> None:
        """Close a connection; its kernel has nobody left to work for."""
        self.selector.unregister(client.link)
        client.link.close()
        if client.child is not None:
            client.child.client = None
            self._signal(client.child, signal.SIGKILL)

    def _signal(self, child: Child, number: int) -> None:
        """Signal a kernel and what it started; one that has been reaped is not there any more."""
        if child.pid in self.children:
            try:
                os.killpg(child.pid, number)
            except ProcessLookupError:  # it has not come so far as to lead a group
                os.kill(child.pid, number)

    def _reap(self, _: Any) -> None:
        """Take in every child that has ended, and tell who asked for it how."""
        with suppress(BlockingIOError):
            self.wake.recv(4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            child = self.children.pop(pid, None)
            if child in self.spares:
                self.spares.remove(child)
            if child is not None and child.client is not None:
                _tell(child.client, ended=os.waitstatus_to_exitcode(status))

    def _fork(self) -> Child | None:
        """Fork; None in the fork itself, where ``self.own`` is its end of the socket."""
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid:
            theirs.close()
            self.children[pid] = Child(pid, ours)
            return self.children[pid]
        self.own = theirs
        return None

    def _told(self) -> dict[str, Any]:
        """Leave everything of the server behind, in a fork, and wait for a job."""
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for key in [*self.selector.get_map().values()]:
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self.selector.close()
        self.wakened.close()
        for child in self.children.values():
            child.link.close()
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
        read = bytearray()
        while not read.endswith(b"\n"):
            data = self.own.recv(65536)
            if not data:
                os._exit(0)
            read += data
        job: dict[str, Any] = json.loads(read)
        return job


def _tell(connection: socket.socket, **message: Any) -> None:
    """Say something; who has gone need not hear it."""
    with suppress(OSError):
        connection.sendall(json.dumps(message).encode() + b"\n")


def main() -> None:
    """Serve as told by one argument, which is JSON.

    ``listener`` is a socket, ``spares`` a number; ``preload`` are modules to import, ``later``
    those to import when a kernel does, ``without`` those that kernels are made without, and
    ``prepare`` is whose package to hold.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told = json.loads(sys.argv[1])
    environment = dict(os.environ)
    gc.disable()  # imports leave little behind that is worth looking for
    imports, kernel, repeats, held = *map(beside, ("imports", "kernel", "repeats")), None
    imports.preload(told["preload"], told["without"])
    if told["prepare"]:
        with suppress(Exception):  # kernels import it then, and say what is wrong with it
            held = beside("holding").Held(told["prepare"])
    gc.freeze()  # what is never collected is never written to, and stays shared

    def load(name: str) -> None:
        if name in told["later"]:
            imports.load([name])
            gc.freeze()

    server = Server(told["listener"], told["spares"], environment, load)
    job = server.serve()
    if job is None:
        os._exit(0)  # who ends it waits, and nothing is left to be put away
    if held is not None:
        held.settle()
    sys.meta_path.insert(0, imports.Wish(told["later"], lambda name: _tell(server.own, wish=name)))
    kernel.live(job, server.own, repeats.spare)


if __name__ == "__main__":
    main()
