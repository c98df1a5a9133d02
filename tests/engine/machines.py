"""A real Dask scheduler and its workers on loopback, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from kompendium.engine import Record, plan
from kompendium.engine.cluster.cluster import Cluster
from kompendium.facts import Compendium

HOST = "127.0.0.1"

STEP = 0.05
"""Seconds between looks at what another process does."""


class Machines:
    """A scheduler, and as many workers as a test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self._started = 0
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(file))
        while not (file.exists() and file.read_text(encoding="utf-8").endswith("}")):
            assert self.scheduler.poll() is None, "it ended at once"
            time.sleep(STEP)
        self.address = json.loads(file.read_text(encoding="utf-8"))["address"]

    def have(self, number: int, *options: str, path: Path | None = None) -> None:
        """Let there be so many workers: those too many are killed, those missing are started.

        ``path`` is where new ones look for modules first. Returns when the scheduler knows.
        """
        from distributed import Client

        living = [one for one in self.workers if one.poll() is None]
        for one in living[number:]:
            end(one)
        self.workers = living[:number]
        while len(self.workers) < number:
            local = self.folder / f"worker-{self._started}"
            command = ("worker", self.address, "--nthreads", "1", "--local-directory", str(local))
            self.workers.append(self._start(*command, *(options or ("--no-nanny",)), path=path))
        deadline = time.monotonic() + 60
        with Client(self.address, set_as_default=False) as client:
            while len(client.nthreads()) != number:
                assert time.monotonic() < deadline, "the workers never came"
                time.sleep(STEP)

    def _start(self, *command: str, path: Path | None = None) -> subprocess.Popen[bytes]:
        environment = {
            name: text for name, text in os.environ.items() if name != "KOMPENDIUM_ROOT"
        } | ({"PYTHONPATH": str(path)} if path else {})
        with (self.folder / f"log-{self._started}").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--host", HOST, "--no-dashboard"],
                stdout=log,
                stderr=log,
                env=environment,
                cwd=self.folder,
                start_new_session=True,
            )
        self._started += 1
        return process

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and what it has started."""
    if process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            if psutil.pid_exists(child.pid):
                os.kill(child.pid, signal.SIGKILL)
        process.kill()
    process.wait(30)


@contextmanager
def running(folder: Path) -> Iterator[Machines]:
    folder.mkdir(exist_ok=True)
    machines = Machines(folder)
    try:
        yield machines
    finally:
        machines.close()


def sent(compendium: Compendium, machines: Machines, **options: Any) -> list[Record]:
    """Execute all runs of a compendium on the workers."""
    with Cluster(compendium, machines.address, **options) as cluster:
        return cluster.execute(plan(compendium))


class Sending(threading.Thread):
    """Sends all runs from a thread, so that the test can act meanwhile."""

    def __init__(self, compendium: Compendium, machines: Machines, **options: Any) -> None:
        super().__init__(daemon=True)
        self.compendium, self.machines, self.options = compendium, machines, options
        self.records: list[Record] = []
        self.raised: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.records = sent(self.compendium, self.machines, **self.options)
        except BaseException as raised:  # the test looks at it
            self.raised = raised


def executed(compendium: Compendium) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in compendium.executed.glob("*.ipynb")}
