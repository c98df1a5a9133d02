"""Runs sent together, and what has become of each, recorded as if it had been here."""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any

from kompendium.engine.cluster import ClusterLost
from kompendium.engine.cluster.parcel import Changed, Parcel
from kompendium.engine.failures import clean
from kompendium.engine.gathering import again
from kompendium.engine.measuring import Present
from kompendium.engine.plan import Run
from kompendium.engine.records import Record, State
from kompendium.engine.runs import begin, keep
from kompendium.engine.workshop import Ended, Started

if TYPE_CHECKING:
    from distributed import Future

    from kompendium.engine.cluster.cluster import Cluster

LOOK = 1.0
"""Seconds between looks at which workers there are."""

FETCHING = 60
"""Seconds the result of a run may take to come here once it is there."""

TRIES = 3
"""Times a run is sent anew when every worker it could be at has gone."""


@dataclass(frozen=True)
class Sent:
    """A run under way: its record so far, the workers it may be at, and what they have of it."""

    run: Run
    begun: Record
    workers: frozenset[str]
    parcel: Parcel


class Batch:
    """Runs sent together; ``records`` are of those that ended, ``here`` must be run here."""

    def __init__(
        self,
        cluster: "Cluster",
        parcel: Parcel,
        runs: Iterable[Run],
        started: Started,
        ended: Ended,
    ) -> None:
        """Send nothing yet."""
        self.cluster, self.parcel = cluster, parcel
        self.compendium = cluster.compendium
        self.started, self.ended = started, ended
        self.waiting = deque(runs)
        self.sent: dict[Future[Any], Sent] = {}
        self.tries: dict[str, int] = {}
        self.records: dict[str, Record] = {}
        self.here: list[Run] = []
        self._begun: dict[str, tuple[Run, Record]] = {}  # and not ended by now
        self._look = 0.0  # when to look next at which workers there are
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()

    def execute(self) -> None:
        """Send runs as workers become free, and take what comes back."""
        seen = monotonic()
        workers: frozenset[str] = frozenset()
        try:
            while self.waiting or self.sent:
                if monotonic() > self._look:
                    workers = self._workers()
                    self._look = monotonic() + LOOK
                    self._call_back_from(workers)
                seen = monotonic() if workers else seen
                if monotonic() - seen > self.cluster.alone:
                    raise ClusterLost("no worker is left")
                while self.waiting and len(self.sent) < len(workers):
                    self._send(self.waiting.popleft(), workers)
                with suppress(Empty):
                    self._take(self._done.get(timeout=LOOK / 2))
        except KeyboardInterrupt:
            self._end_all(State.INTERRUPTED, "stopped by the user")
            raise
        except BaseException as raised:
            lost = isinstance(raised, ClusterLost)
            told = str(raised) if lost else f"{type(raised).__name__}: {raised}"
            self._end_all(State.FAILED, clean(told, self.compendium))
            raise

    def _workers(self) -> frozenset[str]:
        """Give the workers that can be sent runs; what has changed since is packed anew."""
        while True:
            try:
                return self.cluster.workers(self.parcel)
            except Changed:
                self.parcel = self.cluster.packed()

    def _send(self, run: Run, workers: frozenset[str]) -> None:
        from kompendium.engine.cluster.bench import execute

        told = {**asdict(run), "notebook": self.compendium.relative(run.notebook)}
        order = {
            "run": {**told, "values": dict(run.values)},
            "home": str(self.compendium.root),
            "build": self.cluster.build,
            "kernel": self.cluster.kernel,
            "contents": dict(self.parcel.contents),
            "folders": sorted(self.parcel.folders),
        }
        begun = begin(run, self.compendium)
        self._begun[run.id] = run, begun
        if run.id not in self.tries:
            self.started(run)
        self.tries[run.id] = self.tries.get(run.id, 0) + 1
        future = self.cluster.client.submit(execute, order, workers=sorted(workers), pure=False)
        self.sent[future] = Sent(run, begun, workers, self.parcel)
        future.add_done_callback(self._done.put)

    def _call_back_from(self, workers: frozenset[str]) -> None:
        """Send anew what no worker that is left may take, a limited number of times."""
        for future, one in [*self.sent.items()]:
            if future.done() or one.workers & workers:
                continue
            del self.sent[future]
            future.cancel()
            self._again(one)

    def _again(self, one: Sent) -> None:
        if self.tries[one.run.id] < TRIES:
            self.waiting.appendleft(one.run)
        else:
            self._finish(one.run, one.begun.end(State.FAILED, None, _not_survived(TRIES)))

    def _take(self, future: "Future[Any]") -> None:
        """Take what has become of a run."""
        from distributed import KilledWorker

        one = self.sent.pop(future, None)
        if one is None:
            return
        if future.status == "finished":
            try:
                result = future.result(timeout=FETCHING)
            except Exception:  # who had it has gone since
                self._look = 0.0
                self._again(one)
            else:
                self._keep(one, result)
        elif future.status == "error":
            error = future.exception()
            told = f"{type(error).__name__}: {error}"
            if isinstance(error, KilledWorker):
                told = _not_survived(error.allowed_failures + 1)
            told = clean(told, self.compendium)
            self._finish(one.run, one.begun.end(State.FAILED, None, told))
        else:  # cancelled or lost, by the scheduler's end: the next look finds out
            self._look = 0.0
            self._again(one)

    def _keep(self, one: Sent, result: dict[str, Any]) -> None:
        """Write record and notebook as if the run had been here, where it could have been."""
        run, begun = one.run, one.begun
        if result["record"] is None:
            told = f"its worker ended with code {result['code']}"
            self._finish(run, begun.end(State.FAILED, None, told))
            return
        record = Record.model_validate_json(result["record"])
        if record.state is State.RUNNING:
            told = f"its worker ended with code {result['code']}"
            record = record.end(State.FAILED, None, told)
        seen = record.good.ingredients if record.good else record.attempted
        present = Present(self.compendium)
        names = {*one.parcel.differing(again(run, present, seen))} if seen else set()
        if names:
            told = self.cluster.stays(run, names)
            self._finish(run, begun.end(State.INTERRUPTED, None, told), tell=False)
            self.here.append(run)
            return
        executed, failed = result["executed"], result["failed"]
        if record.good and sha256(executed or b"").hexdigest() != record.good.result:
            record = record.end(State.FAILED, None, "its notebook came back as another")
            record = record.model_copy(update={"attempted": seen})
        good = record.state is State.DONE
        keep(run, executed if good else failed, self.compendium, good)
        place = f" on worker {self.cluster.number(result['worker'])}"
        update: dict[str, Any] = {"kernel": record.kernel and record.kernel + place}
        if not good:
            update["good"] = begun.good
        self._finish(run, record.model_copy(update=update))

    def _finish(self, run: Run, record: Record, tell: bool = True) -> None:
        record.write(self.compendium.runs)
        del self._begun[run.id]
        if tell:
            self.records[run.id] = record
            self.ended(record)

    def _end_all(self, state: State, told: str) -> None:
        """End what is under way, here and on the workers."""
        futures = [*self.sent]
        self.sent.clear()
        for run, begun in [*self._begun.values()]:
            self._finish(run, begun.end(state, None, told))
        with suppress(Exception):  # the cluster may be gone, and the records are written
            self.cluster.client.cancel(futures, force=True)
            self.cluster.stop()


def _not_survived(tries: int) -> str:
    return f"every worker it was at ended (tries: {tries})"
