"""A worker's part: it keeps contents by their hash, lays out a root for each run, and executes.

These functions are called by name in the process of a Dask worker, with plain values and bytes
only. What is kept lies in the worker's own scratch folder, which Dask removes.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from kompendium.engine.cluster.stock import stock
from kompendium.facts.files import write_atomically
from kompendium.facts.paths import Compendium

_benches: dict[str, "Bench"] = {}


class Bench:
    """The contents and the hand of one worker."""

    def __init__(self, scratch: Path) -> None:
        """Keep nothing yet."""
        scratch.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="kompendium-", dir=scratch))  # mode 0700
        (self.folder / "notebooks").mkdir()
        self.stopped: set[str] = set()
        self._current = ""
        self._one_at_a_time = threading.Lock()
        self._hand: subprocess.Popen[bytes] | None = None
        self._link: socket.socket | None = None

    def kept(self, content: str) -> Path:
        """Where a content lies, or would."""
        return self.folder / "contents" / content

    def execute(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Execute a run in a root of its own; gives its record and notebooks as bytes.

        ``code`` is how the hand ended, where it did not survive the run.
        """
        with self._one_at_a_time:
            self._current = order["build"]
            root = Path(tempfile.mkdtemp(prefix="root-", dir=self.folder))
            try:
                if self._current in self.stopped:
                    return {}
                compendium = self._lay_out(root, order)
                code = self._ordered({**order, "contents": {}, "root": str(root)})
                name = order["run"]["id"]
                return {
                    "code": code,
                    "record": _bytes(compendium.runs / f"{name}.json"),
                    "executed": _bytes(compendium.executed / f"{name}.ipynb"),
                    "failed": _bytes(compendium.failed / f"{name}.ipynb"),
                }
            finally:
                self._current = ""
                shutil.rmtree(root, ignore_errors=True)

    def stop(self, build: str) -> None:
        """Stop what is under way for a build, and start nothing more of it."""
        self.stopped.add(build)
        if self._current == build and self._hand is not None:
            self._hand.kill()

    def _lay_out(self, root: Path, order: Mapping[str, Any]) -> Compendium:
        """Copy each content to its name: what a run writes there spoils nothing for the next."""
        for folder in order["folders"]:
            (root / folder).mkdir(parents=True, exist_ok=True)
        for name, content in order["contents"].items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.kept(content), place)
        return Compendium(root)

    def _ordered(self, order: Mapping[str, Any]) -> int | None:
        """Have the hand execute an order; gives how the hand ended, or None if it lives."""
        if self._hand is None or self._hand.poll() is not None or self._link is None:
            if self._hand is not None and self._link is not None:
                with self._link, self._hand:  # it has ended: close what led to it
                    pass
            self._hand, self._link = _begin_hand(self.folder)
        with suppress(OSError):
            self._link.sendall(json.dumps(order).encode() + b"\n")
            if self._link.recv(1):
                return None
        return self._hand.wait()


def check(packages: Iterable[str], dask_worker: Any) -> dict[str, str]:
    """Say what this worker has, and make it ready to take contents."""
    if dask_worker.id not in _benches:
        _benches[dask_worker.id] = Bench(Path(dask_worker.local_directory))
    return stock(packages)


def lacking(contents: Iterable[str], dask_worker: Any) -> list[str]:
    """Say which contents are not here."""
    bench = _benches[dask_worker.id]
    return [content for content in contents if not bench.kept(content).exists()]


def receive(contents: Mapping[str, bytes], dask_worker: Any) -> None:
    """Keep contents; raises ValueError where one is not what its hash says."""
    bench = _benches[dask_worker.id]
    for content, data in contents.items():
        if sha256(data).hexdigest() != content:
            raise ValueError("a content is not what its hash says")
        write_atomically(bench.kept(content), data)


def forget(contents: Iterable[str], dask_worker: Any) -> None:
    """Remove contents."""
    bench = _benches.get(dask_worker.id)
    for content in contents if bench else ():
        bench.kept(content).unlink(missing_ok=True)  # type: ignore[union-attr]


def stop(build: str, dask_worker: Any) -> None:
    """Stop what is under way here for a build."""
    if bench := _benches.get(dask_worker.id):
        bench.stop(build)


def execute(order: Mapping[str, Any]) -> dict[str, Any]:
    """Execute a run; called as a task, on a worker that has been checked and has the contents."""
    from distributed import get_worker

    worker = get_worker()
    return {**_benches[worker.id].execute(order), "worker": worker.address}


def _begin_hand(folder: Path) -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "kompendium.engine.cluster.hand", str(theirs.fileno()), folder],
            stdin=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        )
    return process, ours


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
