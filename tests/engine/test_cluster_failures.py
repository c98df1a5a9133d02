"""Workers that are killed, come late or differ, a scheduler that goes: no record ever lies."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest

from kompendium.engine import Record, State, plan, statuses
from kompendium.engine.cluster import ClusterError, ClusterLost
from kompendium.facts import Compendium
from tests.conftest import ROOT, build
from tests.engine.machines import STEP, Machines, Sending, executed, running, sent

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="workers are of POSIX systems")

AddNotebook = Callable[..., Path]

FAILURES = 1
"""Times Dask runs elsewhere what a lost worker was at."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", str(FAILURES))
        with running(tmp_path_factory.mktemp("dask")) as machines:
            yield machines


@pytest.fixture
def two(shared: Machines) -> Machines:
    """A scheduler with two workers, which the test may do anything to."""
    shared.have(2)
    return shared


@pytest.fixture
def flags(tmp_path: Path) -> Path:
    """Where slow runs tell that they have begun, and are told to go on."""
    folder = tmp_path / "flags"
    folder.mkdir()
    return folder


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


def add_slow(add_notebook: AddNotebook, flags: Path, *names: str) -> None:
    for name in names:
        add_notebook(name, SLOW.format(flags=str(flags), name=name))


def wait_for(path: Path) -> list[int]:
    """Wait until a run has told of its parents, and give these."""
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, "the cell never began"
        time.sleep(STEP)
    return [int(pid) for pid in path.read_text(encoding="utf-8").split()]


def ends(records: list[Record]) -> list[tuple[State, str]]:
    return [(one.state, one.error) for one in records]


def test_a_worker_killed_in_the_middle_of_a_run_costs_no_run(
    compendium: Compendium, add_notebook: AddNotebook, two: Machines, flags: Path
) -> None:
    add_slow(add_notebook, flags, "a", "b", "c", "d")
    sending = Sending(compendium, two)
    above = wait_for(flags / "a")
    wait_for(flags / "b")
    (killed,) = [one for one in two.workers if one.pid in above]
    killed.kill()
    killed.wait(30)
    (flags / "go").touch()
    sending.join(60)
    assert sending.raised is None
    assert [one.run for one in sending.records] == ["a", "b", "c", "d"]
    assert ends(sending.records) == [(State.DONE, "")] * 4
    (left,) = {one.kernel for one in sending.records}
    assert left in ("cold on worker 1", "cold on worker 2")
    assert all(one.fresh for one in statuses(plan(compendium), compendium))
    assert not psutil.pid_exists(above[0]), "what executed its runs outlived the worker"


def test_a_run_that_ends_what_executes_it_is_recorded_so(
    compendium: Compendium, add_notebook: AddNotebook, two: Machines
) -> None:
    add_notebook("a", "import os, signal\nos.kill(os.getppid(), signal.SIGSEGV)")
    add_notebook("b", "print('god')")
    records = sent(compendium, two)
    told = "its worker ended with code -11"
    assert ends(records) == [(State.FAILED, told), (State.DONE, "")]
    assert not [one for one in two.workers if one.poll() is not None]


def test_ctrl_c_stops_what_runs_there_and_leaves_all_consistent(
    compendium: Compendium, add_notebook: AddNotebook, two: Machines, flags: Path
) -> None:
    add_slow(add_notebook, flags, "a", "b", "c")
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
        [sys.executable, "-c", script, two.address], stderr=subprocess.PIPE, text=True
    )
    hands = [wait_for(flags / name)[0] for name in ("a", "b")]
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert told.splitlines()[-1] == "KeyboardInterrupt"
    assert "distributed" not in told.replace(f"site-packages{os.sep}distributed", "")
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
    assert {one.state for one in sent(compendium, two)} == {State.DONE}


KILLING = """\
import os, signal, time, psutil
os.kill(psutil.Process().parents()[1].pid, signal.SIGKILL)
time.sleep(60)
"""
"""A kernel's parent is what executes runs, and the parent of that the worker."""


def test_a_run_that_dask_gives_up_is_recorded_so(
    compendium: Compendium, add_notebook: AddNotebook, two: Machines
) -> None:
    add_notebook("a", KILLING)
    add_notebook("b", "print('god')")
    records = sent(compendium, two)
    told = f"every worker it was at ended (tries: {FAILURES + 1})"
    assert ends(records) == [(State.FAILED, told), (State.DONE, "")]


def test_a_build_left_alone_gives_up(
    compendium: Compendium, add_notebook: AddNotebook, shared: Machines, flags: Path
) -> None:
    shared.have(1)
    add_slow(add_notebook, flags, "a")
    sending = Sending(compendium, shared, alone=1)
    wait_for(flags / "a")
    shared.workers[0].kill()
    sending.join(60)
    assert str(sending.raised) == "no worker is left"
    record = Record.read(compendium.runs, "a")
    assert record is not None
    assert record.state is State.FAILED


def test_a_scheduler_without_workers_is_told_before_anything_starts(
    compendium: Compendium, add_notebook: AddNotebook, shared: Machines
) -> None:
    shared.have(0)
    add_notebook("a", "print('god')")
    done = build(compendium, "--cluster", shared.address)
    assert done.returncode == 2
    told = f"{shared.address} has no workers: start one, and try again"
    assert " ".join(done.stderr.split()).endswith(told)
    assert not compendium.runs.exists()


def test_a_run_that_no_worker_survives_is_given_up(
    compendium: Compendium,
    add_notebook: AddNotebook,
    shared: Machines,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kompendium.engine.cluster.batch.TRIES", 2)
    shared.have(0)
    shared.have(1, "--nanny")  # starts a new worker for one that ended
    add_notebook("a", KILLING)
    add_notebook("b", "print('god')")
    records = sent(compendium, shared)
    shared.have(0)
    told = "every worker it was at ended (tries: 2)"
    assert ends(records) == [(State.FAILED, told), (State.DONE, "")]
    assert Record.read(compendium.runs, "a") == records[0]


def another(place: Path) -> Path:
    """Another version of the library, which differs in one module, and of NumPy."""
    shutil.copytree(ROOT / "src", place)
    changed = place / "kompendium" / "facts" / "numbers.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    for name in ("kompendium", "numpy"):
        folder = place / f"{name}-0.0.1.dist-info"
        folder.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.1\n"
        (folder / "METADATA").write_text(text, encoding="utf-8")
    return place


def test_workers_that_come_later_are_used_or_refused_and_sent_what_has_changed(
    compendium: Compendium,
    add_notebook: AddNotebook,
    shared: Machines,
    flags: Path,
    tmp_path: Path,
) -> None:
    (compendium.root / "requirements.txt").write_text("numpy==1\n", encoding="utf-8")
    shared.have(1)
    add_slow(add_notebook, flags, "a")
    for name in ("b", "c"):
        path = add_notebook(name, f"print('{name}')")
    told: list[str] = []
    sending = Sending(compendium, shared, tell=told.append)
    wait_for(flags / "a")
    path.write_text(path.read_text(encoding="utf-8").replace("'c'", "'ny'"), encoding="utf-8")
    shared.have(2, path=another(tmp_path / "other"))
    shared.have(3)
    deadline = time.monotonic() + 60
    while (last := Record.read(compendium.runs, "c")) is None or last.state is State.RUNNING:
        assert time.monotonic() < deadline
        time.sleep(STEP)
    (flags / "go").touch()
    sending.join(60)
    assert [(one.state, one.kernel) for one in sending.records] == [
        (State.DONE, "cold on worker 1"),
        (State.DONE, "cold on worker 2"),
        (State.DONE, "cold on worker 2"),
    ]
    differs = (
        f"kompendium is 0.0.1 there, {version('kompendium')} here, "
        "kompendium/facts/numbers.py is another there, "
        f"numpy is 0.0.1 there, {version('numpy')} here"
    )
    assert told == [f"A worker is refused: {differs}."]
    assert "ny" in executed(compendium)["c.ipynb"].decode()
    assert all(one.fresh for one in statuses(plan(compendium), compendium))
    with pytest.raises(ClusterError, match="is refused") as refused:
        sent(compendium, shared)
    assert differs in str(refused.value)
    shared.have(1)


def test_a_scheduler_that_goes_leaves_truthful_records(
    compendium: Compendium, add_notebook: AddNotebook, flags: Path, tmp_path: Path
) -> None:
    add_slow(add_notebook, flags, "a", "b")
    with running(tmp_path / "dask") as machines:
        machines.have(1)
        sending = Sending(compendium, machines)
        wait_for(flags / "a")
        machines.scheduler.kill()
        sending.join(60)
    assert isinstance(sending.raised, ClusterLost)
    record = Record.read(compendium.runs, "a")
    assert record is not None
    assert (record.state, record.error) == (State.FAILED, str(sending.raised))
    assert Record.read(compendium.runs, "b") is None
    assert not executed(compendium)
