"""Runs side by side and on warm kernels: the same outputs, and the truth about each."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kompendium.engine import Record, State, execute, plan, statuses
from kompendium.engine.warm.link import ADDRESS
from kompendium.engine.workshop import Workshop
from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]

FIGURE = """\
import numpy as np
import seaborn as sns
from kompendium.facts import frame
from kompendium.notebook import figure, style
style()
print(len(frame(2019)), sorted({'å', 'b', 'c'}), list({'å', 'b', 'c'}))
figure(sns.barplot(x=['a', 'b'], y=np.random.default_rng(1).random(2)), caption='c', alt='a')
"""


def executed(compendium: Compendium) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in compendium.executed.glob("*.ipynb")}


def test_cold_and_warm_one_and_many_give_the_same(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    for name in ("a", "b"):
        add_notebook(name, FIGURE, "import os\nprint(os.getcwd().split('/')[-1])")
    found = []
    for kernel, jobs in (("cold", 1), ("warm", 2)):
        records = execute(plan(compendium), compendium, jobs=jobs, kernel=kernel)
        assert [(one.run, one.state, one.kernel, one.error) for one in records] == [
            (name, State.DONE, kernel, "") for name in ("a", "b")
        ]
        goods = [one.good for one in records]
        packages = [one.packages for one in records]
        found.append((executed(compendium), goods, packages))
    assert found[0] == found[1]
    assert all(one.fresh for one in statuses(plan(compendium), compendium))


def test_runs_are_under_way_at_the_same_time(
    compendium: Compendium, add_notebook: AddNotebook, served: None
) -> None:
    waiting = (
        "import time, pathlib\npathlib.Path('../{0}').touch()\n"
        "while not pathlib.Path('../{1}').exists():\n    time.sleep(0.05)"
    )
    add_notebook("a", waiting.format("a-er-her", "b-er-her"))
    add_notebook("b", waiting.format("b-er-her", "a-er-her"))
    told: list[str] = []
    records = execute(
        plan(compendium),
        compendium,
        lambda run: told.append(f"{run.id} started"),
        lambda record: told.append(f"{record.run} ended"),
        jobs=2,
        kernel="warm",
    )
    assert [(one.run, one.state) for one in records] == [("a", State.DONE), ("b", State.DONE)]
    assert told[:2] == ["a started", "b started"]
    assert {*told[2:]} == {"a ended", "b ended"}


def test_a_failed_run_stops_no_other(
    compendium: Compendium, add_notebook: AddNotebook, served: None
) -> None:
    add_notebook("a", "raise ValueError('galt tall')")
    add_notebook("b", "import os\nos._exit(9)")
    add_notebook("c", "print('god')")
    records = execute(plan(compendium), compendium, jobs=2, kernel="warm")
    assert [one.state for one in records] == [State.FAILED, State.KERNEL_DIED, State.DONE]
    assert [one.run for one in statuses_by(compendium, fresh=True)] == ["c"]


def statuses_by(compendium: Compendium, fresh: bool) -> list[Record]:
    found = statuses(plan(compendium), compendium)
    return [one.record for one in found if one.fresh is fresh and one.record]


def test_a_worker_that_ends_is_recorded_and_replaced(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    kill = "import os, signal\nos.kill(os.getppid(), signal.SIGSEGV)\nimport time; time.sleep(60)"
    for name in ("a", "b"):  # an ordinary kernel's parent is the worker
        add_notebook(name, kill)
    add_notebook("c", "print('god')")
    records = execute(plan(compendium), compendium, jobs=2)
    assert [one.state for one in records] == [State.FAILED, State.FAILED, State.DONE]
    assert "worker ended with code -11" in records[0].error
    written = Record.read(compendium.runs, "a")
    assert written is not None
    assert written.state is State.FAILED


def test_a_workshop_serves_one_phase_after_the_other(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    for name in ("a", "b"):
        add_notebook(name, "import os\nprint(os.getppid())")
    with Workshop(compendium, jobs=2, kernel="warm") as workshop:
        first = workshop.execute(plan(compendium))
        made = executed(compendium)
        again = workshop.execute(plan(compendium))
    assert {one.kernel for one in (*first, *again)} == {"warm"}
    assert executed(compendium) == made  # every kernel was a child of the same server
    assert ADDRESS not in os.environ


def test_a_build_uses_a_server_that_is_there(
    compendium: Compendium, add_notebook: AddNotebook, served: None
) -> None:
    add_notebook("a", "import os\nprint(os.getppid())")
    (first,) = execute(plan(compendium), compendium, kernel="warm")
    made = executed(compendium)
    (again,) = execute(plan(compendium), compendium, kernel="warm")
    assert (first.kernel, again.kernel) == ("warm", "warm")
    assert executed(compendium) == made


def test_each_run_starts_from_nothing_and_with_the_same_hashes(
    compendium: Compendium, add_notebook: AddNotebook, served: None
) -> None:
    look = (
        "import numpy, os, random\n"
        "print('LEFT' in os.environ, hasattr(numpy, 'left'), list({*'abc'}))"
    )
    leave = "os.environ['LEFT'] = numpy.left = '1'\nos.chdir('/')\nprint(random.random())"
    for name in ("a", "b"):
        add_notebook(name, look, leave)
    execute(plan(compendium), compendium, kernel="warm")
    told = []
    for path in (compendium.executed / "a.ipynb", compendium.executed / "b.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        told.append(["".join(cell["outputs"][0]["text"]) for cell in cells[-2:]])
    assert told[0][0] == told[1][0]
    assert told[0][0].startswith("False False [")
    assert told[0][1] != told[1][1]  # random numbers are each run's own


SCRIPT = """\
import signal, sys
from kompendium.engine import execute, plan
from kompendium.facts import Compendium
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    compendium = Compendium.find()
    execute(plan(compendium), compendium, jobs=2, kernel=sys.argv[1])
"""

SLOW = """\
import os, time, pathlib
pathlib.Path(f'../pid-{os.getpid()}').touch()
time.sleep(600)
"""


@pytest.fixture(params=["cold", "warm"])
def under_way(
    request: pytest.FixtureRequest, compendium: Compendium, add_notebook: AddNotebook
) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A build with two of three runs in their cells, and these kernels."""
    for name in ("a", "b", "c"):
        add_notebook(name, SLOW)
    script = compendium.root / "bygg.py"
    script.write_text(SCRIPT, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), request.param],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while len(found := [*compendium.root.glob("pid-*")]) < 2:
        assert time.monotonic() < deadline, "the cells never began"
        assert process.poll() is None, "the build ended before its cells began"
        time.sleep(0.05)
    yield process, [int(path.name.removeprefix("pid-")) for path in found]
    process.kill()
    process.wait(30)


def ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def all_end(pids: list[int]) -> bool:
    deadline = time.monotonic() + 15
    while not all(ended(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def states(compendium: Compendium) -> dict[str, str]:
    paths = sorted(compendium.runs.glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8"))["state"] for path in paths}


def test_ctrl_c_stops_what_runs_and_starts_nothing_more(
    compendium: Compendium, under_way: tuple[subprocess.Popen[bytes], list[int]], served: None
) -> None:
    process, kernels = under_way
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of the build
    assert process.wait(30) != 0
    assert states(compendium) == {"a": State.INTERRUPTED, "b": State.INTERRUPTED}
    assert not executed(compendium)
    assert all_end(kernels)
    assert is_repaired(compendium)


def is_repaired(compendium: Compendium) -> bool:
    """Build again, with notebooks that end."""
    for path in compendium.notebooks.glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("time.sleep(600)", "print('ferdig')"), encoding="utf-8")
    runs = plan(compendium)
    records = execute(runs, compendium, jobs=2, kernel="warm")
    done = {one.state for one in records} == {State.DONE}
    return done and all(one.fresh for one in statuses(runs, compendium))


def test_a_killed_build_takes_its_kernels_along_and_never_looks_finished(
    compendium: Compendium, under_way: tuple[subprocess.Popen[bytes], list[int]], served: None
) -> None:
    process, kernels = under_way
    children = [one.pid for one in psutil.Process(process.pid).children(recursive=True)]
    process.kill()
    process.wait(30)
    assert all_end([*kernels, *children])
    assert states(compendium) == {"a": State.RUNNING, "b": State.RUNNING}
    assert not executed(compendium)
    assert is_repaired(compendium)
