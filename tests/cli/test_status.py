"""What the command says of freshness, and that it makes nothing again for nothing."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from kompendium.engine import Record, State
from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]
Command = Callable[..., subprocess.CompletedProcess[str]]

PANDOC = ("build", "--publisher", "pandoc")


def state_of(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Every file of a folder with its time and content."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def described(kompendium: Command, *arguments: str) -> dict[str, dict[str, object]]:
    done = kompendium("status", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return {one["run"]: one for one in json.loads(done.stdout)}


def test_a_second_build_makes_nothing(made: Compendium, kompendium: Command) -> None:
    before = state_of(made.outputs)
    done = kompendium(*PANDOC)
    assert done.returncode == 0
    assert "Nothing to do: 1 run is fresh." in done.stderr
    assert "The book: outputs/publication/index.html" in done.stderr
    assert "2 findings: 1 reproduced" in done.stderr
    assert kompendium(*PANDOC, "kapittel").stderr == done.stderr
    assert state_of(made.outputs) == before


def test_force_runs_what_is_fresh_and_gives_the_same(made: Compendium, kompendium: Command) -> None:
    place = made.executed / "kapittel.ipynb"
    time, content = place.stat().st_mtime_ns, place.read_bytes()
    done = kompendium(*PANDOC, "--force")
    assert "kapittel: run as asked" in done.stderr
    assert "✓ kapittel" in done.stderr
    assert place.stat().st_mtime_ns > time
    assert place.read_bytes() == content


def test_a_changed_paragraph_makes_the_book_again_without_a_run(
    made: Compendium, kompendium: Command
) -> None:
    executed = state_of(made.executed)
    front = made.root / "index.md"
    front.write_text(front.read_text(encoding="utf-8") + "\nEt nytt avsnitt.\n", encoding="utf-8")
    done = kompendium(*PANDOC)
    assert done.returncode == 0
    assert "Nothing to do" not in done.stderr
    assert "✓" not in done.stderr
    assert "Et nytt avsnitt." in (made.publication / "index.html").read_text(encoding="utf-8")
    assert state_of(made.executed) == executed
    assert "Nothing to do" in kompendium(*PANDOC).stderr


def test_what_the_book_is_made_of_makes_it_again(made: Compendium, kompendium: Command) -> None:
    for name in (
        "_quarto.yml",
        "references.bib",
        "_variables.yml",
        "outputs/publication/index.html",
    ):
        with (made.root / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        done = kompendium(*PANDOC)
        assert (done.returncode, "✓" in done.stderr) == (0, False), done.stderr
        assert "Nothing to do" not in done.stderr, name
    assert "Nothing to do" in kompendium(*PANDOC).stderr


def test_a_finding_no_notebook_reads_is_judged_anew(
    book: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    add_notebook("kapittel", "print('leser ingen funn')")
    done = kompendium(*PANDOC)
    assert done.returncode == 1
    assert "prove.svar" in done.stderr
    assert kompendium(*PANDOC).returncode == 1
    finding = book.findings / "prove.yml"
    text = finding.read_text(encoding="utf-8")
    finding.write_text(
        text.replace("expected: reproduced", "expected: untestable\n    needs: {nb: x, en: y}"),
        encoding="utf-8",
    )
    done = kompendium(*PANDOC)
    assert (done.returncode, "✓" in done.stderr) == (0, False), done.stderr


def test_status_names_what_changed(made: Compendium, kompendium: Command) -> None:
    fresh = described(kompendium)["kapittel"]
    assert (fresh["standing"], fresh["reasons"]) == ("fresh", [])
    assert fresh["key"]
    finding = made.findings / "prove.yml"
    before = finding.read_text(encoding="utf-8")
    finding.write_text(before.replace("63 prosent.", "63 prosent!"), encoding="utf-8")
    reason = "data/findings/prove.yml: prove.svar changed"
    stale = described(kompendium)["kapittel"]
    assert (stale["standing"], stale["reasons"]) == ("stale", [reason])
    assert f"kapittel  stale  {reason}\n" == kompendium("status").stdout
    finding.write_text(before, encoding="utf-8")
    assert described(kompendium)["kapittel"] == fresh


def test_status_names_what_changed_also_where_that_makes_the_plan_wrong(
    made: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    add_notebook("ark", "from kompendium.facts import frame\nframe(2020)", **SHEET)
    assert kompendium("build", "--no-publish", "ark").returncode == 0
    table = made.frames / "municipalities-2020.csv"
    rows = table.read_text(encoding="utf-8").split("\n")
    rows[3:6] = [f"{row}0" for row in rows[3:6]]
    table.write_text("\n".join(rows), encoding="utf-8")
    done = kompendium("status")
    assert done.returncode == 2
    assert "ark       stale  data/frames/municipalities-2020.csv: 3 rows changed\n" in done.stdout
    assert "by the plan as it was read last" in done.stderr
    assert "data/frames/municipalities-2020.csv:1: is not the table" in done.stderr
    (one,) = json.loads(kompendium("status", "--json", "ark").stdout)
    assert one["reasons"] == ["data/frames/municipalities-2020.csv: 3 rows changed"]


SHEET = {
    "parameters": "unit = '0301'",
    "declared": "  unit: {type: string, default: '0301', units_of: 2020, help: {nb: E, en: U}}\n",
}


def test_status_explains_every_ingredient(made: Compendium, kompendium: Command) -> None:
    (made.findings / "prove.yml").write_bytes(b"\n")
    ingredients = described(kompendium, "--explain")["kapittel"]["ingredients"]
    assert isinstance(ingredients, list)
    names = {one["name"] for one in ingredients}
    assert names >= {
        "notebooks/kapittel.ipynb",
        "data/findings/prove.yml",
        "data/findings/",
        "data/frames/unit-counts.csv",
        "requirements.txt",
        "kompendium.facts.findings",
        "interpreter",
        "kernel",
    }
    changed = {one["name"] for one in ingredients if one["recorded"] != one["now"]}
    assert changed == {"data/findings/prove.yml"}
    told = kompendium("status", "--explain").stdout
    assert "data/frames/unit-counts.csv" in told


def test_status_tells_of_a_failure_with_its_cell(
    book: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    assert described(kompendium)["kapittel"]["standing"] == "missing"
    add_notebook("kapittel", "1", "1 / 0")
    kompendium("build", "--no-publish")
    failed = described(kompendium)["kapittel"]
    assert (failed["standing"], failed["cell"]) == ("failed", 2)
    reason = "failed in cell 2: ZeroDivisionError: division by zero"
    assert kompendium("status").stdout == f"kapittel  failed  {reason}\n"
    assert f"kapittel: {reason}" in kompendium("build", "--no-publish").stderr


def test_status_tells_a_run_left_over_from_one_under_way(
    made: Compendium, kompendium: Command
) -> None:
    record = Record.read(made.runs, "kapittel")
    assert record is not None
    record.model_copy(update={"state": State.RUNNING, "ended": None}).write(made.runs)
    left = described(kompendium)["kapittel"]
    assert left["standing"] == "stopped"
    assert left["reasons"] == ["the build it was started in ended before it did"]
    with FileLock(made.lock):
        assert described(kompendium)["kapittel"]["standing"] == "running"
    done = kompendium("build", "--no-publish")
    assert "kapittel: it was stopped halfway" in done.stderr
    assert described(kompendium)["kapittel"]["standing"] == "fresh"


def test_what_was_not_asked_for_is_named_and_left(
    made: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    add_notebook("annen", "print(1)")
    kompendium("build", "--no-publish")
    add_notebook("annen", "print(2)")
    done = kompendium("build", "--no-publish", "kapittel")
    assert done.returncode == 0
    assert (
        "annen is stale, but was not asked for: notebooks/annen.ipynb: cell 1 changed"
        in done.stderr
    )
    assert described(kompendium)["annen"]["standing"] == "stale"


def test_readers_of_the_register_run_again_when_it_has_changed(
    book: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    add_notebook("leser", "from kompendium.register import current\nprint(current()[0].computed)")
    with (book.params / "leser.yml").open("a", encoding="utf-8") as file:
        file.write("reads_register: true\n")
    kompendium("build", "--no-publish")
    chapter = book.notebooks / "kapittel.ipynb"
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text.replace("record({", "print()\\nrecord({"), encoding="utf-8")
    done = kompendium("build", "--no-publish")
    assert ("✓ kapittel" in done.stderr, "✓ leser" in done.stderr) == (True, False)
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text.replace("computed(share", "computed(share - 0.001"), encoding="utf-8")
    done = kompendium("build", "--no-publish")
    assert "leser: stale, outputs/findings.json: prove.svar changed" in done.stderr
    assert ("✓ kapittel" in done.stderr, "✓ leser" in done.stderr) == (True, True)
    assert "Nothing to do" in kompendium("build", "--no-publish").stderr


PROBE = """\
import sys
from kompendium.cli import main
sys.argv = ["kompendium", "build", "--publisher", "pandoc"]
try:
    main()
finally:
    heavy = ("pandas", "numpy", "pandera", "nbformat", "papermill", "matplotlib", "ruamel.yaml")
    print([name for name in heavy if name in sys.modules])
"""


def test_to_see_that_nothing_is_to_be_done_imports_nothing_heavy(
    made: Compendium,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=made.root, capture_output=True, text=True, check=False
    )
    assert "Nothing to do" in done.stderr
    assert done.stdout.strip() == "[]"


def test_a_worker_loads_the_script_of_its_build_without_a_command_line() -> None:
    script = Path(sys.executable).parent / "kompendium"
    source = f"""
import runpy, sys
runpy.run_path({str(script)!r}, run_name="__mp_main__")
print("kompendium.cli" in sys.modules, "kompendium.cli.app" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["True", "False"], done.stderr
