"""Runs sent to the workers of a Dask scheduler, with the same keys and records as here.

A worker is taken in only when it has the same library, packages, interpreter and kind of
machine; then it is sent what it lacks, and one run at a time. Dask runs again elsewhere what a
lost worker was at, and gives up on a run that its workers do not survive
(``distributed.scheduler.allowed-failures``). What comes back is held against what is here: a
run that looked at something that was not sent is run here instead.
"""

import asyncio
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kompendium.engine.cluster import ClusterError, ClusterLost
from kompendium.engine.cluster.batch import Batch
from kompendium.engine.cluster.parcel import Parcel, pack
from kompendium.engine.cluster.quiet import quiet
from kompendium.engine.cluster.stock import differences, needed, stock
from kompendium.engine.gathering import again, declared
from kompendium.engine.measuring import Present
from kompendium.engine.plan import Run
from kompendium.engine.records import Record
from kompendium.engine.workshop import COLD, Ended, Started, Workshop
from kompendium.facts.paths import Compendium

if TYPE_CHECKING:
    from distributed import Client

CONNECTION = 10
"""Seconds a scheduler has to answer."""

ALONE = 120.0
"""Seconds without any worker after which the rest is given up."""

BATCH = 1 << 25
"""Bytes sent to workers at a time."""

SHOWN = 3
"""Differences or files named in one message."""


def _nothing(_: object) -> None:
    """Tell nobody."""


class Cluster:
    """What executes the runs of a build on other machines; used as a ``Workshop`` is."""

    def __init__(
        self,
        compendium: Compendium,
        address: str,
        jobs: int = 1,
        kernel: str = COLD,
        respondents: bool = False,
        tell: Callable[[str], None] = _nothing,
        alone: float = ALONE,
    ) -> None:
        """Send to the scheduler at ``address``; ``jobs`` is for runs that stay here.

        Respondents leave this machine only where that is asked for. ``tell`` is told in words
        what stays here and which workers are refused.
        """
        self.compendium, self.address = compendium, address
        self.jobs, self.kernel, self.respondents = jobs, kernel, respondents
        self.tell, self.alone = tell, alone
        self._build = uuid.uuid4().hex
        self._numbers: dict[str, int] = {}
        self._refused: set[str] = set()
        self._holding: dict[str, frozenset[str]] = {}
        self._private: set[str] = set()
        self._runs: Sequence[Run] = ()
        self._closing = ExitStack()
        self._workshop: Workshop | None = None

    def __enter__(self) -> "Cluster":
        """Connect and check every worker.

        Raises ClusterError where there is no scheduler or no worker, or a worker differs.
        """
        self._client = self._connected()
        self._closing.callback(self._client.close)
        try:
            self._packages = needed(self.compendium)
            self._stock = stock(self._packages)
            for worker, why in self._new_workers():
                raise ClusterError(f"a worker of {self.address} is refused: {why} ({worker})")
            if not self._numbers:
                raise ClusterError(f"{self.address} has no workers: start one, and try again")
        except BaseException:
            self._closing.close()
            raise
        self._closing.callback(self._forget)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Have respondents forgotten, and take leave of the scheduler."""
        self._closing.close()

    def begin(self) -> None:
        """Do nothing: workers have begun already."""

    def execute(
        self, runs: Sequence[Run], started: Started = _nothing, ended: Ended = _nothing
    ) -> list[Record]:
        """Execute runs, in their order as far as they do not overlap.

        Raises ClusterLost where the scheduler goes, or no worker is left for a while.
        """
        if not runs:
            return []
        self._runs = runs
        parcel, present = self.packed(), Present(self.compendium)
        here = [run for run in runs if self._known_to_differ(run, parcel, present)]
        batch = Batch(self, parcel, [run for run in runs if run not in here], started, ended)
        with quiet():
            batch.execute()
        here += batch.here
        records = batch.records
        if here:
            records |= {one.run: one for one in self._executed_here(here, started, ended)}
        return [records[run.id] for run in runs if run.id in records]

    def _executed_here(self, runs: Sequence[Run], started: Started, ended: Ended) -> list[Record]:
        """Execute on this machine what cannot be sent."""
        if self._workshop is None:
            workshop = Workshop(self.compendium, self.jobs, self.kernel)
            self._workshop = self._closing.enter_context(workshop)
        return self._workshop.execute(runs, started, ended)

    def _known_to_differ(self, run: Run, parcel: Parcel, present: Present) -> bool:
        """Tell whether a run is known, from last time, to look at what is not sent."""
        last = Record.read(self.compendium.runs, run.id)
        known = [declared(run, present)]
        known += [last.good.ingredients] if last and last.good else []
        known += [last.attempted] if last and last.attempted else []
        names = {self.compendium.relative(run.notebook)} - parcel.contents.keys()
        names |= {name for one in known for name in parcel.differing(again(run, present, one))}
        if names:
            self.stays(run, names)
        return bool(names)

    def stays(self, run: Run, names: Iterable[str]) -> str:
        """Tell that a run is executed here, and for which files; gives that in words."""
        told = f"run on this machine, as it looks at what was not sent: {_few(names)}"
        self.tell(f"{run.id}: {told}")
        return told

    def _connected(self) -> "Client":
        try:
            from distributed import Client
        except ImportError:
            remedy = "pip install --require-hashes -r requirements-test.txt"
            told = f"--cluster needs Dask: install it with «{remedy}» (docs/cluster.md)"
            raise ClusterError(told) from None
        with quiet():
            try:
                asyncio.run(self._reach())  # a Client that fails would go on trying in its own time
                return Client(self.address, timeout=CONNECTION, set_as_default=False)
            except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
                told = str(error).splitlines()[0] if str(error) else type(error).__name__
                raise ClusterError(f"no scheduler at {self.address}: {told}") from None

    async def _reach(self) -> None:
        """Connect once, and part again."""
        from distributed.comm.core import connect
        from distributed.security import Security

        known = Security().get_connection_args("client")  # certificates, from Dask's settings
        await (await connect(self.address, timeout=CONNECTION, **known)).close()

    # What follows is for batches.

    @property
    def client(self) -> "Client":
        """The way to the scheduler."""
        return self._client

    @property
    def build(self) -> str:
        """A name for this build that no other has."""
        return self._build

    def packed(self) -> Parcel:
        """Pack what runs may read, as it is now."""
        parcel = pack(self.compendium, self.respondents, self._runs)
        self._private |= parcel.private
        return parcel

    def number(self, worker: str) -> int:
        """Number workers as they are met: a record names no machine."""
        return self._numbers.setdefault(worker, len(self._numbers) + 1)

    def workers(self, parcel: Parcel) -> frozenset[str]:
        """Give the workers that can be sent runs: checked, and with all contents.

        New ones are checked first; those that differ are told of, and passed over. Raises
        Changed where a file is not as it was packed.
        """
        for _, why in self._new_workers():
            self.tell(f"A worker is refused: {why}.")
        there = [*self._there() & self._numbers.keys()]
        return frozenset(self._supplied(there, parcel))

    def _there(self) -> set[str]:
        if self._client.status != "running":
            raise ClusterLost(f"the scheduler at {self.address} has gone")
        try:
            return {*self._client.nthreads()}
        except OSError:
            raise ClusterLost(f"the scheduler at {self.address} has gone") from None

    def _new_workers(self) -> Iterator[tuple[str, str]]:
        """Take in workers that are new; gives those that are refused, and why."""
        from kompendium.engine.cluster.bench import check

        new = sorted(self._there() - self._numbers.keys() - self._refused)
        for worker, theirs in self._on(new, check, self._packages).items():
            if isinstance(theirs, OSError):  # it has gone
                continue
            if isinstance(theirs, BaseException):
                why = f"it has no Kompendium, or another ({type(theirs).__name__})"
            else:
                why = _few(differences(self._stock, theirs))
            if not why:
                self.number(worker)
                continue
            self._refused.add(worker)
            yield worker, why

    def _supplied(self, workers: Sequence[str], parcel: Parcel) -> list[str]:
        """Send workers the contents they lack; gives those that have them all."""
        from kompendium.engine.cluster.bench import lacking, receive

        hashes = frozenset(parcel.contents.values())
        asked = [worker for worker in workers if not hashes <= self._holding.get(worker, set())]
        for worker, lacks in self._on(asked, lacking, sorted(hashes)).items():
            answers: list[Any] = [lacks]
            if not isinstance(lacks, BaseException):
                for contents in _batches(lacks, parcel):
                    answers += self._on([worker], receive, contents).values()
            if not any(isinstance(one, BaseException) for one in answers):
                self._holding[worker] = hashes
        return [one for one in workers if hashes <= self._holding.get(one, set())]

    def _on(self, workers: Sequence[str], act: Callable[..., Any], what: Any) -> dict[str, Any]:
        """Call a function on workers; gives what each answers, which may be an exception."""
        if not workers:
            return {}
        try:
            answers: dict[str, Any] = self._client.run(
                act, what, workers=list(workers), on_error="return"
            )
        except OSError:
            raise ClusterLost(f"the scheduler at {self.address} has gone") from None
        return answers

    def stop(self) -> None:
        """Have what is under way stopped on every worker."""
        from kompendium.engine.cluster.bench import stop

        with suppress(ClusterLost):
            self._on([*self._there() & self._numbers.keys()], stop, self.build)

    def _forget(self) -> None:
        """Have workers remove respondents."""
        from kompendium.engine.cluster.bench import forget

        if self._private:
            with quiet(), suppress(ClusterLost):
                there = [*self._there() & self._numbers.keys()]
                self._on(there, forget, sorted(self._private))


def _batches(contents: Iterable[str], parcel: Parcel) -> Iterator[dict[str, bytes]]:
    """Read contents, some at a time."""
    batch: dict[str, bytes] = {}
    for content in contents:
        batch[content] = parcel.read(content)
        if sum(map(len, batch.values())) > BATCH:
            yield batch
            batch = {}
    if batch:
        yield batch


def _few(parts: Iterable[str]) -> str:
    """Name the first few of many."""
    named = sorted(parts)
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    return ", ".join(named[:SHOWN]) + more
