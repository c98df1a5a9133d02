"""Runs on real kernels: what is put in place, and what the record says."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kompendium.engine import Record, State, execute, plan
from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]


def run(compendium: Compendium) -> list[Record]:
    return execute(plan(compendium), compendium)


def test_a_run_is_put_in_place_and_recorded(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    declared = "  unit: {type: string, default: '007', help: {nb: Enhet, en: Unit}}\n"
    source = add_notebook(
        "enkel",
        "import os, sys\nprint(unit, repr(os.environ['PYTHONHASHSEED']))",
        parameters="unit = '007'",
        declared=declared,
        runs="  enkel: {unit: '0301'}\n",
    )
    before = source.read_bytes()
    (record,) = run(compendium)
    assert (record.state, record.parameters) == (State.DONE, {"unit": "0301"})
    assert source.read_bytes() == before
    notebook = json.loads((compendium.executed / "enkel.ipynb").read_text(encoding="utf-8"))
    assert "0301 '0'" in json.dumps(notebook["cells"][-1]["outputs"])
    assert "papermill" not in notebook["metadata"]
    written = Record.model_validate_json((compendium.runs / "enkel.json").read_text("utf-8"))
    assert written == record
    assert not list(compendium.outputs.rglob("*.part"))


def test_the_same_run_twice_is_the_same_bytes(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    add_notebook(
        "figur",
        "import seaborn as sns\nfrom kompendium.notebook import figure, style\nstyle()\n"
        "ax = sns.barplot(x=['a', 'b'], y=[1, 2])\nfigure(ax, caption='c', alt='a')\n"
        "print(list({'å', 'b', 'c'}))",
    )
    place = compendium.executed / "figur.ipynb"
    run(compendium)
    first = place.read_bytes()
    run(compendium)
    assert place.read_bytes() == first
    assert b"image/png" in first
    assert str(compendium.root).encode() not in first


def test_a_failed_run_leaves_the_last_good_one_and_stops_no_other(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    add_notebook("a", "print('god')")
    add_notebook("b", "print('god')")
    run(compendium)
    good = (compendium.executed / "a.ipynb").read_bytes()
    add_notebook("a", "print('så')", "raise ValueError('galt tall')")
    records = {record.run: record for record in run(compendium)}
    assert records["a"].state is State.FAILED
    assert "galt tall" in records["a"].error
    assert records["a"].cell is not None
    assert records["b"].state is State.DONE
    assert (compendium.executed / "a.ipynb").read_bytes() == good
    assert "galt tall" in (compendium.failed / "a.ipynb").read_text(encoding="utf-8")
    add_notebook("a", "print('bedre')")
    run(compendium)
    assert not (compendium.failed / "a.ipynb").exists()


def test_a_dead_kernel_is_told_as_one(compendium: Compendium, add_notebook: AddNotebook) -> None:
    add_notebook("dod", "import os\nos._exit(9)", "print('etter')")
    (record,) = run(compendium)
    assert record.state is State.KERNEL_DIED
    assert not (compendium.executed / "dod.ipynb").exists()


def test_a_run_past_its_time_is_told_as_one(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    add_notebook("treg", "import time\ntime.sleep(60)")
    with (compendium.params / "treg.yml").open("a", encoding="utf-8") as file:
        file.write("time_limit: 2\n")
    (record,) = run(compendium)
    assert record.state is State.TIMED_OUT
    assert not (compendium.executed / "treg.ipynb").exists()


SCRIPT = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
from kompendium.engine import execute, plan
from kompendium.facts import Compendium
compendium = Compendium.find()
execute(plan(compendium), compendium)
"""


@pytest.fixture
def under_way(
    compendium: Compendium, add_notebook: AddNotebook
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a run whose cell has begun."""
    begun = compendium.root / "begun"
    add_notebook("treg", f"import time, pathlib\npathlib.Path(r'{begun}').touch()\ntime.sleep(60)")
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not begun.exists():
        assert time.monotonic() < deadline, "the cell never began"
        assert process.poll() is None, "the run ended before its cell began"
        time.sleep(0.05)
    yield process
    process.kill()
    process.wait(30)


def state(compendium: Compendium) -> str:
    record = json.loads((compendium.runs / "treg.json").read_text(encoding="utf-8"))
    return str(record["state"])


def test_a_killed_build_never_looks_finished(
    compendium: Compendium, under_way: subprocess.Popen[bytes]
) -> None:
    os.kill(under_way.pid, signal.SIGKILL)
    under_way.wait(30)
    assert state(compendium) == State.RUNNING
    assert not (compendium.executed / "treg.ipynb").exists()


def test_ctrl_c_is_recorded_as_an_interruption(
    compendium: Compendium, under_way: subprocess.Popen[bytes]
) -> None:
    os.kill(under_way.pid, signal.SIGINT)
    under_way.wait(30)
    assert state(compendium) == State.INTERRUPTED
    assert not (compendium.executed / "treg.ipynb").exists()
