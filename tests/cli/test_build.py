"""A build from end to end: what it makes, prints and exits with."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]
Command = Callable[..., subprocess.CompletedProcess[str]]
FirstBuild = tuple[Compendium, subprocess.CompletedProcess[str]]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_build_ends_with_a_readable_book(first_build: FirstBuild) -> None:
    book, done = first_build
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "The book: outputs/publication/index.html" in done.stderr
    assert "2 findings: 1 reproduced, 0 contradicted, 0 compatible, 1 untestable" in done.stderr
    front = (book.publication / "index.html").read_text(encoding="utf-8")
    assert "Registeret har 2 funn" in front
    assert "reprodusert" in (book.publication / "kapittel.html").read_text(encoding="utf-8")


def test_a_changed_figure_is_named_and_exits_with_1(made: Compendium, kompendium: Command) -> None:
    change(made.findings / "prove.yml", "quantity: 63 prosent", "quantity: 73 prosent")
    for arguments in (("findings",), ("build", "--no-publish")):
        done = kompendium(*arguments)
        assert done.returncode == 1
        told = done.stderr.replace("\u00a0", " ")
        assert "prove.svar" in told
        assert "[72,5; 73,5) %" in told
        assert "computed 63,2 %" in told


def test_findings_as_json_and_nothing_else(made: Compendium, kompendium: Command) -> None:
    done = kompendium("findings", "--json")
    records = json.loads(done.stdout)
    expected = {"id", "report", "statement", "published", "region", "value", "interval"}
    assert expected | {"evidence", "verdict", "run"} <= records[0].keys()
    assert [(one["id"], one["verdict"]) for one in records] == [
        ("prove.svar", "reproduced"),
        ("prove.sertifisert", "untestable"),
    ]
    assert json.loads(kompendium("findings", "--json", "--report", "prove").stdout) == records


def test_findings_as_a_table(made: Compendium, kompendium: Command) -> None:
    done = kompendium("findings")
    assert done.returncode == 0
    assert "Prøverapport (prove)" in done.stdout
    assert "prove.svar" in done.stdout
    assert "reproduced" in done.stdout


def test_all_that_is_wrong_in_parameters_is_told_in_under_a_second_before_any_kernel(
    book: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    add_notebook("feil", "1", runs="  feil: {mnd: 1}\n  feil-2: {dag: 2}\n")
    add_notebook("feil-3", "1", runs="  ../feil: {}\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = kompendium("build")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 2
    assert done.stderr == (
        "params/feil-3.yml:3: bad run id '../feil' → use lower-case letters, digits and single "
        "hyphens\n"
        "params/feil.yml:3: unknown parameter 'mnd' → declared are: none\n"
        "params/feil.yml:4: unknown parameter 'dag' → declared are: none\n"
    )
    assert not book.runs.exists()
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 1


def test_all_that_is_wrong_in_findings_is_told_before_any_kernel(
    book: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    change(book.findings / "prove.yml", "quantity: 63 prosent", "quantity: grønt")
    (book.findings / "ny.yml").write_text("report: {id: gammel}\nfindings: []\n", encoding="utf-8")
    add_notebook("arlig", "1", parameters="year = 2021", declared=YEAR)
    with (book.params / "arlig.yml").open("a", encoding="utf-8") as file:
        file.write("runs: {}\nfamilies:\n  arlig:\n    matrix: {year: [2014, 2015]}\n")
    for arguments in (("build",), ("build", "arlig/")):
        done = kompendium(*arguments)
        assert done.returncode == 2
        assert "data/findings/prove.yml:12: findings.0.quantity: " in done.stderr
        assert "data/findings/ny.yml:1: report.title: Field required → add it" in done.stderr
        assert not book.runs.exists()


YEAR = "  year: {type: integer, default: 2021, help: {nb: Årgang, en: Edition}}\n"


def test_an_unknown_run_exits_with_2(book: Compendium, kompendium: Command) -> None:
    done = kompendium("build", "borte")
    assert done.returncode == 2
    assert "choose among kapittel" in done.stderr


def test_a_failed_run_exits_with_3_and_keeps_the_last_book(
    made: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    before = (made.publication / "kapittel.html").read_bytes()
    add_notebook("kapittel", "1 / 0")
    done = kompendium("build", "--publisher", "pandoc")
    assert done.returncode == 3
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr
    assert (made.publication / "kapittel.html").read_bytes() == before


def test_a_book_with_an_unresolved_reference_exits_with_4_and_the_last_one_stands(
    made: Compendium, kompendium: Command
) -> None:
    before = (made.publication / "index.html").read_bytes()
    change(made.root / "index.md", "Registeret", "Se @fig-borte. Registeret")
    done = kompendium("build", "--publisher", "pandoc")
    assert done.returncode == 4
    assert "fig-borte" in done.stderr
    assert (made.publication / "index.html").read_bytes() == before


def test_runs_are_told_one_by_one_with_how_far_it_has_come(
    book: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    for name in ("a", "b"):
        add_notebook(name, "1 / 0")
    done = kompendium("build", "--no-publish", "--jobs", "1", "--kernel", "cold")
    assert done.returncode == 3
    lines = [line for line in done.stderr.splitlines() if line.startswith(("✓", "✗"))]
    assert [line.split()[1] for line in lines] == ["a", "b", "kapittel"]
    assert "(0 of 3 done, 0 running, 1 failed, about" in lines[0]
    assert "s left)" in lines[1]
    assert lines[2].endswith("(1 of 3 done, 0 running, 2 failed)")
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("arguments", [("--jobs", "0"), ("--kernel", "lukewarm")])
def test_what_cannot_be_asked_for_exits_with_2(
    book: Compendium, kompendium: Command, arguments: tuple[str, str]
) -> None:
    assert kompendium("build", *arguments).returncode == 2
    assert not book.runs.exists()


def test_two_builds_at_once_exit_with_5(book: Compendium, kompendium: Command) -> None:
    book.outputs.mkdir()
    with FileLock(book.lock):
        done = kompendium("build")
    assert done.returncode == 5
    assert "another build" in done.stderr


def test_outside_a_compendium_the_command_says_so(
    kompendium: Command, monkeypatch: pytest.MonkeyPatch, compendium: Compendium
) -> None:
    monkeypatch.delenv("KOMPENDIUM_ROOT")
    (compendium.root / "_quarto.yml").unlink()
    done = kompendium("build")
    assert done.returncode == 2
    assert "not in a compendium" in done.stderr


def test_findings_before_any_build_say_what_to_do(book: Compendium, kompendium: Command) -> None:
    done = kompendium("findings")
    assert done.returncode == 2
    assert "make book" in done.stderr


def test_clean_removes_what_was_made_and_nothing_else(
    made: Compendium, kompendium: Command
) -> None:
    (made.editions / "2026.1").mkdir(parents=True)
    assert kompendium("clean").returncode == 0
    assert {path.name for path in made.outputs.iterdir()} <= {"editions", ".lock"}
    assert not made.variables.exists()
    assert (made.editions / "2026.1").exists()
    assert (made.notebooks / "kapittel.ipynb").exists()


@pytest.mark.parametrize("arguments", [("clean",), ("build", "--no-publish", "--force")])
def test_what_a_killed_build_left_in_the_temporary_folder_is_taken_away(
    made: Compendium,
    kompendium: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    subprocess.run([sys.executable, "-c", KILLED], check=False)
    (left,) = temporary.glob("kompendium-*")
    assert (left / "svar.csv").is_file()
    assert kompendium(*arguments).returncode == 0
    assert list(temporary.glob("kompendium-*")) == []


KILLED = """\
import os, signal
from kompendium.facts.temporary import TemporaryFolder
(TemporaryFolder().path / "svar.csv").touch()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_kept_outputs_are_text_and_stable(made: Compendium, kompendium: Command) -> None:
    source = made.notebooks / "kapittel.ipynb"
    assert kompendium("build", "--no-publish", "--keep-outputs").returncode == 0
    kept = source.read_text(encoding="utf-8")
    assert "vnd.kompendium.results+json" in kept
    assert "image/png" not in kept
    assert "as before" in kompendium("build", "--no-publish", "--keep-outputs").stderr
    assert source.read_text(encoding="utf-8") == kept


def test_outputs_that_rest_on_respondents_are_not_kept(
    book: Compendium, kompendium: Command
) -> None:
    survey = book.surveys / "prove"
    survey.mkdir()
    (survey / "codebook.yml").touch()
    (survey / "respondents.csv").touch()
    source = book.notebooks / "kapittel.ipynb"
    before = source.read_bytes()
    done = kompendium("build", "--no-publish", "--keep-outputs")
    assert done.returncode == 2
    assert "respondents of prove" in done.stderr
    assert source.read_bytes() == before
    assert not book.runs.exists()


def test_formats_that_were_asked_for_lie_beside_the_pages(
    made: Compendium, kompendium: Command
) -> None:
    done = kompendium("build", "--publisher", "pandoc", "--format", "pdf,docx")
    assert done.returncode == 0, done.stderr
    names = {"index.html", "Prøve.pdf", "Prøve.docx"}
    assert names <= {path.name for path in made.publication.iterdir()}
    assert "outputs/publication/Prøve.pdf" in done.stderr
    for fewer in ("html", "html,docx"):
        again = kompendium("build", "--publisher", "pandoc", "--format", fewer)
        assert "Nothing to do" in again.stderr
    assert names <= {path.name for path in made.publication.iterdir()}


def test_a_book_without_a_format_that_is_asked_for_is_made_again(
    made: Compendium, kompendium: Command
) -> None:
    assert not (made.publication / "Prøve.docx").exists()
    done = kompendium("publish", "--publisher", "pandoc", "--format", "docx")
    assert done.returncode == 0, done.stderr
    assert (made.publication / "Prøve.docx").is_file()


def test_a_format_there_is_not_exits_with_2(book: Compendium, kompendium: Command) -> None:
    done = kompendium("build", "--format", "html,epub")
    assert done.returncode == 2
    assert "no format «epub»; choose among html, pdf, docx" in " ".join(
        done.stderr.replace("│", " ").split()
    )
    assert not book.executed.exists()
