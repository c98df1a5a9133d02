"""Runs on real kernels: what is put in place, and what the record says."""

import ast
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from kompendium.engine import Record, Standing, State, limits, plan, records, runs, statuses
from kompendium.engine.packages import packages
from kompendium.engine.warm import link
from kompendium.facts import Compendium
from kompendium.facts.files import write_atomically
from kompendium.facts.temporary import sweep

AddNotebook = Callable[..., Path]
Run = Callable[[], list[Record]]

DECLARED = """\
  unit: {type: string, default: '007', help: {nb: Enhet, en: Unit}}
  text: {type: string, default: '', help: {nb: Tekst, en: Text}}
  count: {type: integer, default: 0, help: {nb: Antall, en: Count}}
  level: {type: number, default: 1, help: {nb: Nivå, en: Level}}
  wide: {type: boolean, default: true, help: {nb: Vid, en: Wide}}
"""
VALUES = {
    "unit": "0301",
    "text": 'a"b\'c\\d\n{x} $HOME %s «æ»\u00a0# """',
    "count": -3,
    "level": 1e-7,
    "wide": False,
}


def test_a_run_has_the_values_that_are_declared_and_is_put_in_place(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    source = add_notebook(
        "enkel",
        "print([unit, text, count, level, wide])",
        "import os, random, numpy\nprint([os.environ[name] for name in os.environ "
        "if name in ('PYTHONHASHSEED', 'OPENBLAS_NUM_THREADS')], os.path.basename(os.getcwd()))",
        parameters="unit = '007'\ntext = ''\ncount = 0\nlevel = 1\nwide = True",
        declared=DECLARED,
        runs=f"  enkel: {json.dumps(VALUES)}\n",
    )
    before = source.read_bytes()
    (record,) = run()
    assert (record.state, record.parameters) == (State.DONE, VALUES)
    assert source.read_bytes() == before
    notebook = json.loads((compendium.executed / "enkel.ipynb").read_text(encoding="utf-8"))
    values, own = ("".join(cell["outputs"][0]["text"]) for cell in notebook["cells"][-2:])
    assert ast.literal_eval(values) == [*VALUES.values()]
    assert own == "['0', '1'] notebooks\n"
    assert "papermill" not in notebook["metadata"]
    written = Record.model_validate_json((compendium.runs / "enkel.json").read_text("utf-8"))
    assert written == record
    assert not list(compendium.outputs.rglob("*.part"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("raise MemoryError", State.OUT_OF_MEMORY),
        ("import numpy\nnumpy.ones((1 << 50,))", State.OUT_OF_MEMORY),
        ("raise ValueError", State.FAILED),
    ],
)
def test_memory_that_cannot_be_had_is_told_apart(
    compendium: Compendium, add_notebook: AddNotebook, source: str, expected: State, run: Run
) -> None:
    add_notebook("minne", source)
    (record,) = run()
    assert record.state is expected


def test_the_machine_running_out_of_memory_is_told_apart(
    compendium: Compendium, add_notebook: AddNotebook, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    counters = compendium.root / "vmstat"
    counters.write_text("pgfault 1\noom_kill 4\n", encoding="utf-8")
    monkeypatch.setattr(limits, "COUNTERS", counters)
    add_notebook(
        "minne",
        f"import os, pathlib\npathlib.Path(r'{counters}').write_text('oom_kill 5')\nos._exit(9)",
    )
    (record,) = run()
    assert record.state is State.OUT_OF_MEMORY


def test_a_record_has_a_traceback_without_the_machines_paths(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    (compendium.notebooks / "hjelp.py").write_text("def f():\n    open('borte.csv')\n", "utf-8")
    add_notebook("sti", "import json, hjelp\njson.loads('1')", "hjelp.f()\n")
    add_notebook("stier", "from kompendium.facts import finding\nfinding('borte')")
    own, far = run()
    assert far.error.startswith("KeyError: ")
    assert "<library>/kompendium/facts/findings.py" in far.traceback
    assert "FileNotFoundError" in own.traceback
    assert "hjelp.f()" in own.traceback
    assert "./notebooks/hjelp.py" in own.traceback
    library = Path(runs.__file__).parents[2]
    places = {str(compendium.root), sys.prefix, sys.base_prefix, str(Path.home()), str(library)}
    for path in compendium.runs.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert [place for place in (*places, "/tmp", "\\u001b") if place in text] == []


def test_a_record_has_times_memory_and_packages(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    add_notebook("alt", "import numpy as np, json", "import time\ntime.sleep(0.3)\n%pwd")
    (record,) = run()
    assert record.packages == {"numpy": version("numpy")}
    assert record.good is not None
    assert packages(None, record.good.ingredients, compendium) == {}  # where no notebook came to be
    assert record.peak_memory is not None
    assert 20 << 20 < record.peak_memory < 2000 << 20
    assert len(record.cell_seconds) == 3
    assert 0.3 <= record.cell_seconds[2] < (record.seconds or 0)
    assert record.kernel == "warm"
    assert "cell_seconds" not in (compendium.executed / "alt.ipynb").read_text(encoding="utf-8")


def test_a_run_past_its_time_is_told_as_one(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    # The limit is the notebook's: no cell of it takes so long.
    add_notebook("treg", *["import time\ntime.sleep(0.4)"] * 20)
    with (compendium.params / "treg.yml").open("a", encoding="utf-8") as file:
        file.write("time_limit: 1\n")
    (record,) = run()
    assert record.state is State.TIMED_OUT
    assert not (compendium.executed / "treg.ipynb").exists()


def test_nobodys_startup_files_or_settings_reach_a_run(
    compendium: Compendium,
    add_notebook: AddNotebook,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    startup = tmp_path / "ipython" / "profile_default" / "startup" / "00.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("left = 1\n", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(startup))
    (tmp_path / "matplotlibrc").write_text("savefig.dpi: 33\n", encoding="utf-8")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    source = "import matplotlib\nprint('left' in dir(), matplotlib.rcParams['savefig.dpi'])"
    add_notebook("a", source)
    run()
    assert '"False figure\\n"' in (compendium.executed / "a.ipynb").read_text(encoding="utf-8")


def test_a_kernel_that_dies_before_its_first_cell_is_told_as_one(
    compendium: Compendium,
    add_notebook: AddNotebook,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    source = "import os, sys\nif 'ipykernel_launcher' in sys.orig_argv:\n    os._exit(3)\n"
    (tmp_path / "sitecustomize.py").write_text(source, encoding="utf-8")
    add_notebook("a", "print('aldri')")
    with monkeypatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        (record,) = run()
    assert (record.state, record.cell) == (State.KERNEL_DIED, None)
    assert record.error.startswith("Kernel died before replying")
    assert standing(compendium) is Standing.FAILED
    (record,) = run()
    assert record.state is State.DONE


@pytest.mark.parametrize(
    ("address", "reason"), [("", "no forks on darwin"), ("/borte", "no server: ")]
)
def test_where_no_kernel_can_be_forked_an_ordinary_one_gives_the_same(
    compendium: Compendium,
    add_notebook: AddNotebook,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    reason: str,
) -> None:
    def not_here(*_: object, **named: object) -> None:
        raise link.NotForked("no forks on darwin")

    add_notebook("a", "print({*'abc'})")
    run()
    forked = (compendium.executed / "a.ipynb").read_bytes()
    monkeypatch.setattr(link, "Server", not_here)
    monkeypatch.delenv(link.ADDRESS, raising=False)
    if address:
        monkeypatch.setenv(link.ADDRESS, address)
    (record,) = run()
    assert record.state is State.DONE
    assert record.kernel.startswith(f"cold, as {reason}")
    assert (compendium.executed / "a.ipynb").read_bytes() == forked


SCRIPT = """\
from kompendium.engine import execute, plan
from kompendium.facts import Compendium
compendium = Compendium.find()
execute(plan(compendium), compendium)
"""


def test_a_killed_build_never_looks_finished_and_what_it_left_can_be_swept(
    compendium: Compendium,
    add_notebook: AddNotebook,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, temporary = compendium.root / "begun", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    add_notebook("treg", f"import time, pathlib\npathlib.Path(r'{begun}').touch()\ntime.sleep(60)")
    process = subprocess.Popen([sys.executable, "-c", SCRIPT], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not begun.exists():
        assert time.monotonic() < deadline, "the cell never began"
        assert process.poll() is None, "the run ended before its cell began"
        time.sleep(0.05)
    (folder,) = temporary.glob("kompendium-treg-*")
    assert sweep() == [], "its owner lives"
    process.kill()
    process.wait(30)
    while folder not in sweep():  # its worker ends with it
        assert time.monotonic() < deadline, "what was left stays"
        time.sleep(0.05)
    assert not folder.exists()
    assert standing(compendium) is Standing.RUNNING
    assert not compendium.executed.exists()
    add_notebook("treg", "print('ferdig')")
    run()
    assert standing(compendium) is Standing.FRESH


class Killed(BaseException):
    """Stands for the end of the process: nothing that comes after it is done."""


@pytest.mark.parametrize("write", [1, 2, 3])
def test_a_build_that_is_killed_before_it_writes_never_looks_finished(
    compendium: Compendium,
    add_notebook: AddNotebook,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    write: int,
) -> None:
    """First it writes that the run is under way, then the notebook, then how the run ended."""
    add_notebook("a", "print('en')")
    run()
    first = (compendium.executed / "a.ipynb").read_bytes()
    add_notebook("a", "print('to')")
    written: list[Path] = []

    def write_or_die(path: Path, content: str) -> Path:
        if len(written) == write - 1:
            raise Killed
        written.append(path)
        return write_atomically(path, content)

    with monkeypatch.context() as patch:
        for module in (records, runs):
            patch.setattr(module, "write_atomically", write_or_die)
        with pytest.raises(Killed):
            run()
    assert standing(compendium) is (Standing.RUNNING if written else Standing.STALE)
    assert ((compendium.executed / "a.ipynb").read_bytes() == first) is (write < 3)
    assert not list(compendium.outputs.rglob("*.part"))
    run()
    assert standing(compendium) is Standing.FRESH


def standing(compendium: Compendium) -> Standing:
    """Where the one run there is stands."""
    (status,) = statuses(plan(compendium), compendium)
    return status.standing
