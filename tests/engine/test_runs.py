"""Runs on real kernels: what is put in place, and what the record says."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from kompendium.engine import Record, Standing, State, execute, limits, plan, statuses
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


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_dead_kernel_is_told_as_one_with_its_cell_and_repaired(
    compendium: Compendium, add_notebook: AddNotebook, place: int
) -> None:
    cells = ["print('a')", "print('b')", "print('c')"]
    add_notebook("dod", *cells[:place], "import os\nos._exit(9)", *cells[place + 1 :])
    (record,) = run(compendium)
    assert (record.state, record.cell) == (State.KERNEL_DIED, place + 1)  # 0 is the heading
    assert not (compendium.executed / "dod.ipynb").exists()
    assert record.cell_seconds[place + 2 :] == (0.0,) * (2 - place)
    (status,) = statuses(plan(compendium), compendium)
    assert status.standing is Standing.FAILED
    add_notebook("dod", *cells)
    (record,) = run(compendium)
    assert record.state is State.DONE
    (status,) = statuses(plan(compendium), compendium)
    assert status.fresh


def test_a_run_past_its_memory_is_told_as_one_and_repaired(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    add_notebook("stor", "a = 1", "held = bytearray(700 << 20)\nimport time\ntime.sleep(60)")
    with (compendium.params / "stor.yml").open("a", encoding="utf-8") as file:
        file.write("memory_limit: 600\n")
    (record,) = run(compendium)
    assert (record.state, record.cell) == (State.OUT_OF_MEMORY, 2)
    assert "600 MiB" in record.error
    assert record.peak_memory is not None
    assert record.peak_memory > 600 << 20
    (status,) = statuses(plan(compendium), compendium)
    assert status.standing is Standing.FAILED
    with (compendium.params / "stor.yml").open("a", encoding="utf-8") as file:
        file.write("# mer\n")
    add_notebook("stor", "held = bytearray(10 << 20)")
    (record,) = run(compendium)
    assert record.state is State.DONE


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("raise MemoryError", State.OUT_OF_MEMORY),
        ("import numpy\nnumpy.ones((1 << 50,))", State.OUT_OF_MEMORY),
        ("raise ValueError", State.FAILED),
    ],
)
def test_memory_that_cannot_be_had_is_told_apart(
    compendium: Compendium, add_notebook: AddNotebook, source: str, expected: State
) -> None:
    add_notebook("minne", source)
    (record,) = run(compendium)
    assert record.state is expected


def test_the_machine_running_out_of_memory_is_told_apart(
    compendium: Compendium, add_notebook: AddNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    counters = compendium.root / "vmstat"
    counters.write_text("pgfault 1\noom_kill 4\n", encoding="utf-8")
    monkeypatch.setattr(limits, "COUNTERS", counters)
    add_notebook(
        "minne",
        f"import os, pathlib\npathlib.Path(r'{counters}').write_text('oom_kill 5')\nos._exit(9)",
    )
    (record,) = run(compendium)
    assert record.state is State.OUT_OF_MEMORY


def test_a_record_has_a_traceback_without_the_machines_paths(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    (compendium.notebooks / "hjelp.py").write_text("def f():\n    open('borte.csv')\n", "utf-8")
    add_notebook("sti", "import json, hjelp\njson.loads('1')", "hjelp.f()\n")
    (record,) = run(compendium)
    assert "FileNotFoundError" in record.traceback
    assert "hjelp.f()" in record.traceback
    assert "./notebooks/hjelp.py" in record.traceback
    text = (compendium.runs / "sti.json").read_text(encoding="utf-8")
    for path in (str(compendium.root), sys.prefix, sys.base_prefix, str(Path.home()), "/tmp"):
        assert path not in text
    assert "\\u001b" not in text


def test_a_record_has_times_memory_and_packages(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    add_notebook("alt", "import numpy as np, json", "import time\ntime.sleep(0.3)\n%pwd")
    (record,) = run(compendium)
    assert record.packages == {"numpy": version("numpy")}
    assert record.peak_memory is not None
    assert 20 << 20 < record.peak_memory < 2000 << 20
    assert len(record.cell_seconds) == 3
    assert 0.3 <= record.cell_seconds[2] < (record.seconds or 0)
    assert record.kernel == "cold"
    assert "cell_seconds" not in (compendium.executed / "alt.ipynb").read_text(encoding="utf-8")


def test_a_run_past_its_time_is_told_as_one(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    # The limit is the notebook's: no cell of it takes so long.
    add_notebook("treg", *["import time\ntime.sleep(0.9)"] * 20)
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
