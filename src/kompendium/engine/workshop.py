"""Runs side by side: each in a process of its own, on kernels of one server.

Papermill changes the working folder of its process, so two runs cannot share one. The workers
are forked from a process that has imported Papermill once, end with the build however that
ends, and leave Ctrl-C to it: the build tells its workers to stop, waits for their records, and
writes one itself for a worker that cannot any more.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any

from kompendium.engine.kernels import ENVIRONMENT
from kompendium.engine.plan import Run
from kompendium.engine.records import Record, State
from kompendium.facts.paths import ROOT_VARIABLE, Compendium

WARM, COLD = "warm", "cold"

IMPORTED = "kompendium.engine.readiness"
"""What each worker needs, and papermill with it."""

PATIENCE = 10
"""Seconds a worker has to write its record when it is told to stop."""

Started = Callable[[Run], None]
Ended = Callable[[Record], None]


def _nothing(_: object) -> None:
    """Tell nobody."""


def execute(
    runs: Sequence[Run],
    compendium: Compendium,
    started: Started = _nothing,
    ended: Ended = _nothing,
    jobs: int = 1,
    kernel: str = COLD,
) -> list[Record]:
    """Execute runs; a run that fails does not stop the others.

    An interruption is recorded and raised again; nothing more is started.
    """
    with Workshop(compendium, jobs, kernel) as workshop:
        return workshop.execute(runs, started, ended)


def cores() -> int:
    """Count the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass
class Worker:
    """A process that executes one run at a time."""

    process: BaseProcess
    connection: Connection
    run: Run | None = None


class Workshop:
    """What executes the runs of a build, begun when first needed and kept for its phases."""

    def __init__(self, compendium: Compendium, jobs: int = 1, kernel: str = COLD) -> None:
        """Execute at most so many runs at a time, on warm or cold kernels."""
        self.compendium = compendium
        self.jobs = jobs
        self.kernel = kernel
        self._served = False
        self._workers: list[Worker] = []
        self._closing = ExitStack()

    def __enter__(self) -> "Workshop":
        """Give the kernels' environment to this process and those it starts."""
        given = ENVIRONMENT | {ROOT_VARIABLE: str(self.compendium.root)}
        self._closing.enter_context(_environment(given))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the workers, then the server of kernels."""
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            worker.process.join(PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
        self._workers.clear()
        self._closing.close()

    def execute(
        self, runs: Sequence[Run], started: Started = _nothing, ended: Ended = _nothing
    ) -> list[Record]:
        """Execute runs, in their order as far as they do not overlap."""
        if runs:
            self.begin()
        if min(self.jobs, len(runs)) > 1:
            return self._side_by_side(runs, started, ended)
        from kompendium.engine.runs import execute as execute_one

        records = []
        for run in runs:
            started(run)
            record = execute_one(run, self.compendium, self.kernel)
            records.append(record)
            ended(record)
            if record.state is State.INTERRUPTED:
                raise KeyboardInterrupt
        return records

    def begin(self) -> None:
        """Start what takes its time, while who has runs to come does other things."""
        if self.kernel == WARM and not self._served:
            self._serve()

    def _serve(self) -> None:
        """Start a server of kernels, unless others have; where that cannot be, kernels are cold."""
        self._served = True
        from kompendium.engine.warm.link import (
            ADDRESS,
            LATER,
            PRELOAD,
            PREPARE,
            WITHOUT,
            NotForked,
            Server,
        )

        if ADDRESS in os.environ:
            return
        try:
            place = self.compendium.notebooks
            server = Server(
                PRELOAD,
                os.environ,
                place,
                spares=self.jobs,
                later=LATER,
                without=WITHOUT,
                prepare=PREPARE,
            )
        except NotForked as reason:
            self.kernel = f"{COLD}, as {reason}"
            return
        self._closing.callback(server.close)
        self._closing.enter_context(_environment({ADDRESS: server.address}))

    def _side_by_side(self, runs: Sequence[Run], started: Started, ended: Ended) -> list[Record]:
        """Hand out runs to workers as these become free."""
        while len(self._workers) < min(self.jobs, len(runs)):
            self._workers.append(_worker(self.compendium, self.kernel))
        waiting = [*reversed(runs)]
        records: dict[str, Record] = {}

        def take(worker: Worker) -> None:
            record = _result(worker, self.compendium)
            if not worker.process.is_alive():
                self._workers.remove(worker)
            if record is not None:
                records[record.run] = record
                ended(record)

        try:
            while waiting or any(worker.run for worker in self._workers):
                for worker in self._workers:
                    if worker.run is None and waiting:
                        worker.run = waiting.pop()
                        started(worker.run)
                        worker.connection.send(worker.run)
                if waiting and not self._workers:
                    self._workers.append(_worker(self.compendium, self.kernel))
                    continue
                busy = {worker.connection: worker for worker in self._workers if worker.run}
                for connection in wait(list(busy)):
                    take(busy[connection])  # type: ignore[index]
        except KeyboardInterrupt:
            self._stop(take)
            raise
        return [records[run.id] for run in runs if run.id in records]

    def _stop(self, take: Callable[[Worker], None]) -> None:
        """Have every run that is under way stopped and recorded; a second Ctrl-C kills."""
        try:
            for worker in self._workers:
                worker.process.terminate()
            for worker in self._workers:
                worker.process.join(PATIENCE)
        except KeyboardInterrupt:
            pass
        for worker in [*self._workers]:
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            if worker.run is not None:
                take(worker)


def _worker(compendium: Compendium, kernel: str) -> Worker:
    """Start a worker; it is ready when it takes its first run."""
    context: Any = get_context("forkserver" if sys.platform == "linux" else "spawn")
    if sys.platform == "linux":
        context.set_forkserver_preload(["__main__", IMPORTED])
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_work, args=(theirs, compendium, kernel, dict(os.environ)), daemon=True
    )
    process.start()
    theirs.close()
    return Worker(process, ours)


def _result(worker: Worker, compendium: Compendium) -> Record | None:
    """Take a worker's record, or make one for a worker that has ended without."""
    run, worker.run = worker.run, None
    try:
        record: Record = worker.connection.recv()
    except (EOFError, OSError):
        worker.process.join(PATIENCE)
        begun = Record.read(compendium.runs, run.id) if run is not None else None
        if begun is None:
            return None
        if begun.state is not State.RUNNING:
            return begun
        code = worker.process.exitcode
        stopped = code in (-signal.SIGTERM, -signal.SIGKILL)
        told = "stopped by the user" if stopped else f"its worker ended with code {code}"
        record = begun.end(State.INTERRUPTED if stopped else State.FAILED, None, told)
        record.write(compendium.runs)
    return record


def _work(
    connection: Connection, compendium: Compendium, kernel: str, environment: dict[str, str]
) -> None:
    """Execute runs as they come, until none does; runs in a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    os.environ.clear()
    os.environ.update(environment)
    from kompendium.engine.runs import execute as execute_one

    with suppress(EOFError, KeyboardInterrupt):
        while True:
            record = execute_one(connection.recv(), compendium, kernel)
            connection.send(record)
            if record.state is State.INTERRUPTED:
                return


def _end_with_the_build() -> None:
    """End this process when the build has ended, also if it was killed."""
    build = parent_process()
    if build is not None:
        wait([build.sentinel])
        os._exit(1)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for the kernels, and put back what stood there."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
