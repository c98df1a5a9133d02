"""Runs on a real scheduler and real workers, on loopback: the same outputs as here."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from kompendium.engine import Record, State, execute, plan, statuses
from kompendium.engine.cluster import ClusterError, ClusterLost
from kompendium.engine.cluster.cluster import Cluster
from kompendium.engine.cluster.parcel import pack
from kompendium.facts import Compendium
from kompendium.notebook.guarding import NOTICE
from tests.conftest import ROOT, build

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="workers are of POSIX systems")

AddNotebook = Callable[..., Path]

HOST = "127.0.0.1"

QUIET = ("--no-dashboard",)

FIGURE = """\
import numpy as np
import seaborn as sns
from kompendium.facts import frame
from kompendium.notebook import figure, style
style()
print(len(frame(2019)), list({'å', 'b', 'c'}), størst)
figure(sns.barplot(x=['a', 'b'], y=np.random.default_rng(1).random(2)), caption='c', alt='a')
"""

DECLARED = """\
  størst:
    type: number
    default: 0.5
    minimum: 0
    maximum: 1
    help: {nb: Noe, en: Something}
"""


class Processes:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(file))
        while not (file.exists() and file.read_text(encoding="utf-8").endswith("}")):
            self._still(self.scheduler)
        self.address = json.loads(file.read_text(encoding="utf-8"))["address"]

    def add_workers(self, number: int, *options: str, path: Path | None = None) -> None:
        """Start workers; returns when the scheduler knows them."""
        from distributed import Client

        there = len(self.workers) + number
        for _ in range(number):
            local = self.folder / f"worker-{len(self.workers)}"
            command = ("worker", self.address, "--nthreads", "1", "--local-directory", str(local))
            self.workers.append(self._start(*command, *(options or ("--no-nanny",)), path=path))
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(there, timeout=60)

    def _start(self, *command: str, path: Path | None = None) -> subprocess.Popen[bytes]:
        environment = {
            name: text for name, text in os.environ.items() if name != "KOMPENDIUM_ROOT"
        } | ({"PYTHONPATH": str(path)} if path else {})
        with (self.folder / f"log-{len(self.started)}").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--host", HOST, *QUIET],
                stdout=log,
                stderr=log,
                env=environment,
                cwd=self.folder,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def _still(self, process: subprocess.Popen[bytes]) -> None:
        assert process.poll() is None, "it ended at once"
        time.sleep(0.05)

    def close(self) -> None:
        for process in reversed(self.started):
            family = [process.pid]
            if process.poll() is None:
                family += [one.pid for one in psutil.Process(process.pid).children(True)]
            for pid in family:
                if psutil.pid_exists(pid):
                    os.kill(pid, signal.SIGKILL)
            process.wait(30)


@contextmanager
def running(folder: Path) -> Iterator[Processes]:
    folder.mkdir(exist_ok=True)
    processes = Processes(folder)
    try:
        yield processes
    finally:
        processes.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Two workers that all tests may use which leave them as they are."""
    with running(tmp_path_factory.mktemp("dask")) as processes:
        processes.add_workers(2)
        yield processes


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Processes]:
    """A scheduler that the test may do anything to."""
    with running(tmp_path / "dask") as processes:
        yield processes


def executed(compendium: Compendium) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in compendium.executed.glob("*.ipynb")}


def sent(compendium: Compendium, processes: Processes, kernel: str = "cold") -> list[Record]:
    return sent_to(compendium, processes.address, kernel)


def sent_to(compendium: Compendium, address: str, kernel: str = "cold") -> list[Record]:
    with Cluster(compendium, address, kernel=kernel) as cluster:
        return cluster.execute(plan(compendium))


def test_here_and_there_give_the_same(
    compendium: Compendium, add_notebook: AddNotebook, shared: Processes
) -> None:
    for name in ("a", "b", "c"):
        add_notebook(name, FIGURE, parameters="størst = 0.5", declared=DECLARED)
    add_notebook("d", "print('før')", "1 / 0", "print('etter')")
    kept = []
    for there in (False, True):
        records = (
            sent(compendium, shared, "warm")
            if there
            else execute(plan(compendium), compendium, kernel="warm")
        )
        assert [one.state for one in records] == [*[State.DONE] * 3, State.FAILED]
        goods = [(one.good, one.attempted, one.packages, one.parameters) for one in records]
        errors = [(one.cell, one.error, one.traceback) for one in records]
        failed = json.loads((compendium.failed / "d.ipynb").read_bytes())
        sources = [(cell["source"], len(cell.get("outputs", ()))) for cell in failed["cells"]]
        kept.append((executed(compendium), sources, goods, errors))
        written = [Record.read(compendium.runs, one.run) for one in records]
        assert written == records
    assert kept[0] == kept[1]
    assert {one.kernel for one in records} == {"warm on worker 1", "warm on worker 2"}
    assert [one.fresh for one in statuses(plan(compendium), compendium)] == [True] * 3 + [False]


SLOW = """\
import pathlib, time, psutil
flags = pathlib.Path({flags!r})
first = not (flags / '{name}').exists()
parents = psutil.Process().parents()
(flags / '{name}').write_text(' '.join(str(one.pid) for one in parents))
while first and not (flags / 'go').exists():
    time.sleep(0.05)
print('ferdig')
"""
"""Waits the first time, having told of the processes above it."""


def wait_for(path: Path) -> list[int]:
    """Wait until a run has told of its parents, and give these."""
    deadline = time.monotonic() + 40
    while not (path.exists() and path.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, "the cell never began"
        time.sleep(0.05)
    return [int(pid) for pid in path.read_text(encoding="utf-8").split()]


class Sending(threading.Thread):
    """Sends all runs from a thread, so that the test can act meanwhile."""

    def __init__(self, compendium: Compendium, address: str, **options: Any) -> None:
        super().__init__(daemon=True)
        self.compendium, self.address, self.options = compendium, address, options
        self.records: list[Record] = []
        self.raised: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            with Cluster(self.compendium, self.address, **self.options) as cluster:
                self.records = cluster.execute(plan(self.compendium))
        except BaseException as raised:  # the test looks at it
            self.raised = raised


def test_a_worker_killed_in_the_middle_of_a_run_costs_no_run(
    compendium: Compendium, add_notebook: AddNotebook, own: Processes, tmp_path: Path
) -> None:
    own.add_workers(2)
    flags = tmp_path / "flags"
    flags.mkdir()
    for name in ("a", "b", "c", "d"):
        add_notebook(name, SLOW.format(flags=str(flags), name=name))
    sending = Sending(compendium, own.address)
    above = wait_for(flags / "a")
    wait_for(flags / "b")
    (killed,) = [one for one in own.workers if one.pid in above]
    hand = above[0]
    killed.kill()
    killed.wait(30)
    (flags / "go").touch()
    sending.join(40)
    assert sending.raised is None
    assert [(one.run, one.state, one.error) for one in sending.records] == [
        (name, State.DONE, "") for name in ("a", "b", "c", "d")
    ]
    (left,) = {one.kernel for one in sending.records}
    assert left in ("cold on worker 1", "cold on worker 2")
    assert all(one.fresh for one in statuses(plan(compendium), compendium))
    assert not psutil.pid_exists(hand), "what executed its runs outlived the worker"


KILLING = """\
import os, signal, time, psutil
os.kill(psutil.Process().parents()[1].pid, signal.SIGKILL)
time.sleep(60)
"""
"""A kernel's parent is what executes runs, and the parent of that the worker."""


def test_a_run_its_workers_do_not_survive_is_given_up(
    compendium: Compendium, add_notebook: AddNotebook, own: Processes
) -> None:
    own.add_workers(1, "--nanny")  # starts a new worker for one that ended
    add_notebook("a", KILLING)
    add_notebook("b", "print('god')")
    records = sent(compendium, own)
    assert [one.state for one in records] == [State.FAILED, State.DONE]
    assert records[0].error == "every worker it was at ended (tries: 3)"
    assert Record.read(compendium.runs, "a") == records[0]


def test_a_run_dask_gives_up_is_recorded_so(
    compendium: Compendium, add_notebook: AddNotebook, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    add_notebook("a", KILLING)
    add_notebook("b", "print('god')")
    with running(tmp_path / "dask") as processes:
        processes.add_workers(2)
        records = sent(compendium, processes)
    assert [one.state for one in records] == [State.FAILED, State.DONE]
    assert records[0].error == "every worker it was at ended (tries: 1)"


def test_a_run_that_ends_what_executes_it_is_recorded_so(
    compendium: Compendium, add_notebook: AddNotebook, shared: Processes
) -> None:
    add_notebook("a", "import os, signal\nos.kill(os.getppid(), signal.SIGSEGV)")
    add_notebook("b", "print('god')")
    records = sent(compendium, shared)
    assert [one.state for one in records] == [State.FAILED, State.DONE]
    assert records[0].error == "its worker ended with code -11"


def test_ctrl_c_stops_what_runs_there_and_leaves_all_consistent(
    compendium: Compendium, add_notebook: AddNotebook, shared: Processes, tmp_path: Path
) -> None:
    flags = tmp_path / "flags"
    flags.mkdir()
    for name in ("a", "b", "c"):
        add_notebook(name, SLOW.format(flags=str(flags), name=name))
    script = (
        "import signal, sys\n"
        "from kompendium.engine import plan\n"
        "from kompendium.engine.cluster.cluster import Cluster\n"
        "from kompendium.facts import Compendium\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "compendium = Compendium.find()\n"
        "with Cluster(compendium, sys.argv[1]) as cluster:\n"
        "    cluster.execute(plan(compendium))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, shared.address], stderr=subprocess.PIPE, text=True
    )
    hands = [wait_for(flags / name)[0] for name in ("a", "b")]
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert told.splitlines()[-1] == "KeyboardInterrupt"
    assert "distributed" not in told.replace("site-packages/distributed", "")
    states = {name: Record.read(compendium.runs, name) for name in ("a", "b", "c")}
    assert {name: one and one.state for name, one in states.items()} == {
        "a": State.INTERRUPTED,
        "b": State.INTERRUPTED,
        "c": None,
    }
    assert not executed(compendium)
    psutil.wait_procs([psutil.Process(pid) for pid in hands if psutil.pid_exists(pid)], 15)
    assert not any(psutil.pid_exists(pid) for pid in hands)
    (flags / "go").touch()
    assert {one.state for one in sent(compendium, shared)} == {State.DONE}


def test_no_scheduler_is_told_before_anything_starts(
    compendium: Compendium, add_notebook: AddNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_notebook("a", "print('god')")
    (compendium.root / "index.md").write_text("# P\n", encoding="utf-8")
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind((HOST, 0))
        address = f"tcp://{HOST}:{taken.getsockname()[1]}"
        monkeypatch.setattr("kompendium.engine.cluster.cluster.CONNECTION", 1)
        with pytest.raises(ClusterError, match=f"no scheduler at {address}"):
            sent_to(compendium, address)
        done = build(compendium, "--cluster", address)
    assert done.returncode == 2
    assert f"no scheduler at {address}" in " ".join(done.stderr.split())
    assert len(done.stderr.splitlines()) < 5
    assert not compendium.runs.exists()
    with pytest.raises(ClusterError, match="no scheduler at"):
        sent_to(compendium, "ingen adresse")


def test_a_scheduler_without_workers_is_told_before_anything_starts(
    compendium: Compendium, add_notebook: AddNotebook, own: Processes
) -> None:
    add_notebook("a", "print('god')")
    with pytest.raises(ClusterError, match="has no workers"):
        sent(compendium, own)


def test_a_scheduler_that_goes_leaves_truthful_records(
    compendium: Compendium, add_notebook: AddNotebook, own: Processes, tmp_path: Path
) -> None:
    own.add_workers(1)
    for name in ("a", "b"):
        add_notebook(name, SLOW.format(flags=str(tmp_path), name=name))
    sending = Sending(compendium, own.address)
    wait_for(tmp_path / "a")
    own.scheduler.kill()
    sending.join(40)
    assert isinstance(sending.raised, ClusterLost)
    record = Record.read(compendium.runs, "a")
    assert record is not None
    assert (record.state, record.error) == (State.FAILED, str(sending.raised))
    assert Record.read(compendium.runs, "b") is None
    assert not executed(compendium)


def test_a_build_left_alone_gives_up(
    compendium: Compendium, add_notebook: AddNotebook, own: Processes, tmp_path: Path
) -> None:
    own.add_workers(1)
    add_notebook("a", SLOW.format(flags=str(tmp_path), name="a"))
    sending = Sending(compendium, own.address, alone=2)
    wait_for(tmp_path / "a")
    own.workers[0].kill()
    sending.join(30)
    assert str(sending.raised) == "no worker is left"
    record = Record.read(compendium.runs, "a")
    assert record is not None
    assert record.state is State.FAILED


def copy_of_the_library(place: Path) -> Path:
    """The library, one module of which has a line more."""
    shutil.copytree(ROOT / "src", place)
    changed = place / "kompendium" / "facts" / "numbers.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return place


def test_a_worker_with_other_code_is_refused(
    compendium: Compendium, add_notebook: AddNotebook, own: Processes, tmp_path: Path
) -> None:
    add_notebook("a", "print('god')")
    own.add_workers(1, path=copy_of_the_library(tmp_path / "other"))
    with pytest.raises(ClusterError, match=r"kompendium/facts/numbers\.py is another there"):
        sent(compendium, own)
    assert not compendium.runs.exists()


def test_workers_that_come_later_are_used_or_refused_and_sent_what_has_changed(
    compendium: Compendium, add_notebook: AddNotebook, own: Processes, tmp_path: Path
) -> None:
    own.add_workers(1)
    add_notebook("a", SLOW.format(flags=str(tmp_path), name="a"))
    for name in ("b", "c"):
        path = add_notebook(name, f"print('{name}')")
    told: list[str] = []
    sending = Sending(compendium, own.address, tell=told.append)
    wait_for(tmp_path / "a")
    path.write_text(path.read_text(encoding="utf-8").replace("'c'", "'ny'"), encoding="utf-8")
    other = copy_of_the_library(tmp_path / "other")
    own.add_workers(1, path=other)
    own.add_workers(1)
    deadline = time.monotonic() + 40
    while (last := Record.read(compendium.runs, "c")) is None or last.state is State.RUNNING:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    (tmp_path / "go").touch()
    sending.join(30)
    assert [(one.state, one.kernel) for one in sending.records] == [
        (State.DONE, "cold on worker 1"),
        (State.DONE, "cold on worker 2"),
        (State.DONE, "cold on worker 2"),
    ]
    assert told == ["A worker is refused: kompendium/facts/numbers.py is another there."]
    assert "ny" in executed(compendium)["c.ipynb"].decode()
    assert all(one.fresh for one in statuses(plan(compendium), compendium))


READING = """\
from pathlib import Path
place = Path('../data/surveys/x/respondents.csv')
print(place.read_text() if place.exists() else 'ingen')
"""


@pytest.fixture
def respondents(compendium: Compendium, add_notebook: AddNotebook) -> str:
    """Real answers, one run that reads them and one that does not; gives the answers."""
    secret = "enhet;svar\n0301;1\n"
    folder = compendium.surveys / "x"
    folder.mkdir()
    (folder / "respondents.csv").write_text(secret, encoding="utf-8")
    (compendium.data / "svar.sav").write_bytes(b"$FL2")
    add_notebook("leser", READING)
    add_notebook("andre", "print('god')")
    return secret


def test_respondents_are_not_packed_unless_that_is_asked_for(
    compendium: Compendium, respondents: str
) -> None:
    compendium.outputs.mkdir(exist_ok=True)
    compendium.results.write_text("{}", encoding="utf-8")
    private = {"data/surveys/x/respondents.csv", "data/svar.sav", "outputs/findings.json"}
    without, parcel = pack(compendium, False), pack(compendium, True)
    assert parcel.contents.keys() - without.contents.keys() == private
    assert parcel.private == {parcel.contents[name] for name in private}
    assert not without.private


def test_outputs_kept_in_notebooks_are_not_packed(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    path = add_notebook("a", "print('hemmelig' + 'het')")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["hemmelighet\n"]}
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    parcel = pack(compendium, True)
    assert b"hemmelighet" not in parcel.read(parcel.contents["notebooks/a.ipynb"])


def assert_guarded(compendium: Compendium, respondents: str) -> None:
    """What a run printed of respondents has been taken out, and its record says where."""
    record = Record.read(compendium.runs, "leser")
    assert record is not None
    assert record.good is not None
    assert record.good.guarded == ("code cell 1",)
    shown = executed(compendium)["leser.ipynb"].decode()
    assert NOTICE in shown
    assert "0301;1" in respondents
    assert "0301;1" not in shown


def contains(folder: Path, secret: str) -> bool:
    files = (path for path in folder.rglob("*") if path.is_file())
    return any(secret.encode() in path.read_bytes() for path in files)


def test_runs_that_need_respondents_stay_here_and_it_is_said(
    compendium: Compendium, respondents: str, shared: Processes
) -> None:
    told: list[str] = []
    for _ in range(2):  # the second time it is known beforehand
        with Cluster(compendium, shared.address, tell=told.append) as cluster:
            records = cluster.execute(plan(compendium))
        kernels = {one.run: one.kernel for one in records}
        assert kernels["leser"] == "cold"
        assert kernels["andre"].startswith("cold on worker")
        assert_guarded(compendium, respondents)
    place = "data/surveys/x/respondents.csv"
    assert told == [f"leser: run on this machine, as it looks at what was not sent: {place}"] * 2
    assert not contains(shared.folder, respondents)
    assert all(one.fresh for one in statuses(plan(compendium), compendium))


def test_respondents_that_were_sent_are_forgotten(
    compendium: Compendium, respondents: str, shared: Processes
) -> None:
    with Cluster(compendium, shared.address, respondents=True) as cluster:
        records = cluster.execute(plan(compendium))
        assert contains(shared.folder, respondents)
    assert all(one.kernel.startswith("cold on worker") for one in records)
    assert not contains(shared.folder, respondents)
    assert_guarded(compendium, respondents)
    assert all(one.fresh for one in statuses(plan(compendium), compendium))
