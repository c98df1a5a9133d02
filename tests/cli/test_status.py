"""What the command says of freshness, and that it makes nothing again for nothing."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

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


def test_a_second_build_makes_nothing(book: Compendium, kompendium: Command) -> None:
    assert kompendium(*PANDOC).returncode == 0
    before = state_of(book.outputs)
    done = kompendium(*PANDOC)
    assert done.returncode == 0
    assert "Nothing to do: 1 run is fresh." in done.stderr
    assert "The book: outputs/publication/index.html" in done.stderr
    assert "2 findings: 1 reproduced" in done.stderr
    assert state_of(book.outputs) == before
    assert kompendium(*PANDOC, "kapittel").stderr == done.stderr
    assert state_of(book.outputs) == before


def test_force_runs_what_is_fresh_and_gives_the_same(book: Compendium, kompendium: Command) -> None:
    kompendium(*PANDOC)
    place = book.executed / "kapittel.ipynb"
    time, content = place.stat().st_mtime_ns, place.read_bytes()
    done = kompendium(*PANDOC, "--force")
    assert "kapittel: run as asked" in done.stderr
    assert "✓ kapittel" in done.stderr
    assert place.stat().st_mtime_ns > time
    assert place.read_bytes() == content


def test_a_changed_paragraph_makes_the_book_again_without_a_run(
    book: Compendium, kompendium: Command
) -> None:
    kompendium(*PANDOC)
    executed = state_of(book.executed)
    front = book.root / "index.md"
    front.write_text(front.read_text(encoding="utf-8") + "\nEt nytt avsnitt.\n", encoding="utf-8")
    done = kompendium(*PANDOC)
    assert done.returncode == 0
    assert "Nothing to do" not in done.stderr
    assert "✓" not in done.stderr
    assert "Et nytt avsnitt." in (book.publication / "index.html").read_text(encoding="utf-8")
    assert state_of(book.executed) == executed
    assert "Nothing to do" in kompendium(*PANDOC).stderr


def test_what_the_book_is_made_of_makes_it_again(book: Compendium, kompendium: Command) -> None:
    kompendium(*PANDOC)
    for name in (
        "_quarto.yml",
        "references.bib",
        "_variables.yml",
        "outputs/publication/index.html",
    ):
        with (book.root / name).open("a", encoding="utf-8") as file:
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


def test_status_names_what_changed(book: Compendium, kompendium: Command) -> None:
    assert described(kompendium)["kapittel"]["standing"] == "missing"
    kompendium("build", "--no-publish")
    fresh = described(kompendium)["kapittel"]
    assert (fresh["standing"], fresh["reasons"]) == ("fresh", [])
    assert fresh["key"]
    finding = book.findings / "prove.yml"
    before = finding.read_bytes()
    finding.write_bytes(before + b"\n")
    stale = described(kompendium)["kapittel"]
    assert stale["standing"] == "stale"
    assert stale["reasons"] == ["data/findings/prove.yml: changed"]
    told = kompendium("status")
    assert told.returncode == 0
    assert "kapittel  stale  data/findings/prove.yml: changed" in told.stdout
    finding.write_bytes(before)
    assert described(kompendium)["kapittel"] == fresh


def test_status_explains_every_ingredient(book: Compendium, kompendium: Command) -> None:
    kompendium("build", "--no-publish")
    (book.findings / "prove.yml").write_bytes(b"\n")
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
    add_notebook("kapittel", "1", "1 / 0")
    kompendium("build", "--no-publish")
    failed = described(kompendium)["kapittel"]
    assert (failed["standing"], failed["cell"]) == ("failed", 2)
    assert "ZeroDivisionError" in kompendium("status").stdout


def test_status_tells_a_run_left_over_from_one_under_way(
    book: Compendium, kompendium: Command
) -> None:
    from filelock import FileLock

    record = Record(
        run="kapittel", notebook="notebooks/kapittel.ipynb", parameters={}, state=State.RUNNING
    )
    record.write(book.runs)
    left = described(kompendium)["kapittel"]
    assert left["standing"] == "running"
    assert "stopped halfway" in str(left["reasons"])
    with FileLock(book.lock):
        assert "stopped halfway" not in str(described(kompendium)["kapittel"]["reasons"])


def test_what_was_not_asked_for_is_named_and_left(
    book: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    add_notebook("annen", "print(1)")
    kompendium("build", "--no-publish")
    add_notebook("annen", "print(2)")
    done = kompendium("build", "--no-publish", "kapittel")
    assert done.returncode == 0
    assert "annen is stale, but was not asked for: notebooks/annen.ipynb: changed" in done.stderr
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
    assert "leser: stale, outputs/findings.json: changed" in done.stderr
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
    book: Compendium, kompendium: Command
) -> None:
    kompendium(*PANDOC)
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=book.root, capture_output=True, text=True, check=False
    )
    assert "Nothing to do" in done.stderr
    assert done.stdout.strip() == "[]"
