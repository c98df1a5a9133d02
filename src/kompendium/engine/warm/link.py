"""The way to a server of kernels: starting one, asking it for a kernel, hearing of its end."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kompendium.facts.temporary import TemporaryFolder

ADDRESS = "KOMPENDIUM_KERNELS"
"""The environment variable that names the socket of a server others have started."""

SERVER = Path(__file__).with_name("server.py")

PRELOAD = (
    "numpy",
    "pandas",
    "pandas.io.formats.string",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib_inline.backend_inline",
    "IPython.core.pylabtools",
    "png",
    "seaborn",
    "babel.dates",
    "babel.lists",
    "babel.numbers",
    "pydantic",
    "yaml",
)
"""What every notebook and the library import, as far as it starts no threads and is no reader
of files that Python cannot see (``kompendium.observation.READERS``): a kernel that has such a
reader is taken to have read with it."""

LATER = (
    "scipy.optimize",
    "scipy.sparse.csgraph",
    "scipy.stats",
    "statsmodels.stats.proportion",
    "pingouin",
    "pandera.pandas",
    "pandera.backends.pandas.components",
    "pandera.strategies.pandas_strategies",
)
"""What only some notebooks import; of the same kind."""

PREPARE = "kompendium.notebook.preparation"
"""The module whose function ``prepare`` is called where kernels are for this library: what it
has imported of its package by then is held for them."""

WITHOUT = ("debugpy",)
"""What kernels of a build are made without: nobody steps through their cells."""

MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 25),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 28),
    "MALLOC_TOP_PAD_": str(1 << 24),
}
"""What the C library reads as the server starts (``mallopt(3)``): kernels live for a second and
draw figures of some megabytes, so what is freed is used again and not given back page by page."""

START = 60
"""Seconds a kernel may take to be ready, the server's own imports included."""

KILLED = -9
"""What is told of a kernel whose server ended before it: the two end together."""


class NotForked(Exception):  # noqa: N818 - names what became of the wish, not a mistake
    """No kernel could be forked; the message says why, and an ordinary one may be started."""


class Server:
    """A server that ends with this object, or with this process, however that ends."""

    def __init__(
        self,
        preload: Sequence[str],
        environment: Mapping[str, str],
        cwd: Path,
        spares: int,
        later: Sequence[str] = (),
        without: Sequence[str] = (),
        prepare: str = "",
    ) -> None:
        """Start a server; its imports are under way when this returns.

        ``later`` is imported for the next kernels when one does; ``without`` is not there while
        what makes a kernel is imported. ``prepare`` names a module with a function ``prepare``:
        its package is held for kernels that import it.

        Raises NotForked where forking is not safe (macOS) or not possible (Windows).
        """
        if sys.platform != "linux":
            raise NotForked(f"no forks on {sys.platform}")
        self._temporary = TemporaryFolder()  # nobody else's, so that nobody else gets a kernel
        self.folder = self._temporary.path
        self.address = str(self.folder / "kernels")
        try:
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(self.address)
                listener.listen(64)
                told = {
                    "listener": listener.fileno(),
                    "spares": spares,
                    "preload": [*preload],
                    "later": [*later],
                    "without": [*without],
                    "prepare": prepare,
                }
                self.process = subprocess.Popen(
                    [sys.executable, str(SERVER), json.dumps(told)],
                    stdin=subprocess.PIPE,
                    env={
                        **MEMORY,
                        **{name: text for name, text in environment.items() if name != ADDRESS},
                    },
                    cwd=cwd,
                    pass_fds=[listener.fileno()],
                    start_new_session=True,  # Ctrl-C is for this process to answer
                )
        except OSError as error:
            self._temporary.close()
            raise NotForked(f"no server: {error}") from None

    def close(self) -> None:
        """End the server, wherever it has come to, and with it its kernels."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.terminate()  # one that serves heeds the other; one that imports, only this
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._temporary.close()


class Kernel:
    """A forked kernel, and the connection it lives as long as."""

    def __init__(self, address: str) -> None:
        """Connect to a server; raises NotForked where none listens."""
        self.pid = 0
        self._exit_code: int | None = None
        self._read = b""
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(address)
        except OSError as error:
            self._socket.close()
            raise NotForked(f"no server: {error}") from None
        self._socket.setblocking(False)

    async def start(self, job: Mapping[str, Any]) -> dict[str, int]:
        """Have a kernel forked and wait until it is ready; gives its ports by name.

        Raises NotForked where the server refuses, ends, or the fork does not become a kernel.
        """
        try:
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(self._socket, json.dumps(job).encode() + b"\n")
            async with asyncio.timeout(START):
                told = await self._next()
        except (OSError, TimeoutError) as error:
            self.close()
            raise NotForked(f"no kernel: {error or 'not ready in time'}") from None
        if "ready" not in told:
            self.close()
            raise NotForked(str(told.get("refused", f"the fork ended: {told.get('ended')}")))
        self.pid = int(told["ready"])
        ports: dict[str, int] = told["ports"]
        return ports

    def poll(self) -> int | None:
        """Give the exit code, negative for a signal; None while the kernel lives."""
        while self._exit_code is None:
            try:
                self._take(self._socket.recv(65536))
            except BlockingIOError:
                break
            except OSError:
                self._exit_code = KILLED
        return self._exit_code

    async def ended(self) -> int:
        """Wait for the end, and give the exit code."""
        while self.poll() is None:
            self._take(await asyncio.get_running_loop().sock_recv(self._socket, 65536))
        return self._exit_code if self._exit_code is not None else KILLED

    def signal(self, number: int) -> None:
        """Send a signal to the kernel and what it has started."""
        with suppress(OSError):
            self._socket.sendall(json.dumps({"signal": number}).encode() + b"\n")

    def close(self) -> None:
        """Let go of the kernel; if it still lives, it dies."""
        self._socket.close()
        if self._exit_code is None:
            self._exit_code = KILLED

    async def _next(self) -> dict[str, Any]:
        """Wait for one message; nothing said is an empty one."""
        while b"\n" not in self._read:
            data = await asyncio.get_running_loop().sock_recv(self._socket, 65536)
            if not data:
                return {}
            self._read += data
        line, _, self._read = self._read.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message

    def _take(self, data: bytes) -> None:
        """Take in what was said after the start: only the end is told."""
        if not data:
            self._exit_code = KILLED
        self._read += data
        if b"\n" in self._read:
            self._exit_code = int(json.loads(self._read)["ended"])
