"""Families from the command line: run when asked for, told in one line, nothing to the book."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]
Command = Callable[..., subprocess.CompletedProcess[str]]

YEAR = "  year: {type: integer, default: 2021, minimum: 2014, help: {nb: Årgang, en: Edition}}\n"


@pytest.fixture
def grid(made: Compendium, add_notebook: AddNotebook) -> Compendium:
    """The book, and a family of three runs of another notebook, one of which fails."""
    cells = ("assert year != 2015", "print(year)")
    add_notebook("arlig", *cells, parameters="year = 2021", declared=YEAR)
    with (made.params / "arlig.yml").open("a", encoding="utf-8") as file:
        file.write("runs: {}\nfamilies:\n  arlig:\n    matrix: {year: [2014, 2015, 2016]}\n")
    return made


def family(kompendium: Command) -> dict[str, object]:
    """What ``status`` says of the family."""
    (found,) = [one for one in json.loads(kompendium("status", "--json").stdout) if "runs" in one]
    return dict(found)


def test_a_family_is_run_only_when_asked_for_and_no_run_stops_another(
    grid: Compendium, kompendium: Command
) -> None:
    assert "Nothing to do: 1 run is fresh." in kompendium("build", "--no-publish").stderr
    assert [path.stem for path in grid.executed.glob("*.ipynb")] == ["kapittel"]
    assert family(kompendium)["standings"] == {"missing": 3}
    before = grid.results.read_bytes(), (grid.publication / "index.html").stat().st_mtime_ns
    done = kompendium("build", "arlig/")
    assert done.returncode == 3
    assert "3 runs are not fresh, of 3 asked for." in done.stderr
    assert "Did not finish: arlig-year-2015." in done.stderr
    made = {path.stem for path in grid.executed.glob("*.ipynb")}
    assert made == {"kapittel", "arlig-year-2014", "arlig-year-2016"}
    after = grid.results.read_bytes(), (grid.publication / "index.html").stat().st_mtime_ns
    assert after == before
    assert family(kompendium) == {
        "run": "arlig/",
        "notebook": "notebooks/arlig.ipynb",
        "runs": 3,
        "standing": "failed",
        "standings": {"fresh": 2, "failed": 1},
    }
    assert "arlig/    failed  3 runs: 2 fresh, 1 failed" in kompendium("status").stdout
    named = json.loads(kompendium("status", "--json", "arlig/").stdout)
    assert [(one["run"], one["standing"]) for one in named] == [
        ("arlig-year-2014", "fresh"),
        ("arlig-year-2015", "failed"),
        ("arlig-year-2016", "fresh"),
    ]
    done = kompendium("build", "arlig/year-201[46]")
    assert (done.returncode, "✓" in done.stderr) == (0, False)
    assert "Nothing to run: 2 runs are fresh." in done.stderr
    assert "Nothing to do: 1 run is fresh." in kompendium("build", "--no-publish").stderr


def test_a_mistake_in_a_family_stops_the_book_before_any_kernel(
    grid: Compendium, kompendium: Command
) -> None:
    path = grid.params / "arlig.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("2014, 2015", "2013, x"), "utf-8")
    done = kompendium("build")
    assert done.returncode == 2
    assert "params/arlig.yml:7: year: 2013 is below" in done.stderr
    assert "params/arlig.yml:7: year: 'x' is not of type integer" in done.stderr
    assert {path.name for path in grid.runs.iterdir()} == {"kapittel.json"}


def test_parameters_are_shown_with_help_in_both_languages(
    grid: Compendium, kompendium: Command
) -> None:
    done = kompendium("params", "arlig")
    assert done.returncode == 0
    for told in (
        "notebooks/arlig.ipynb",
        "year  integer, default 2021; at least 2014",
        "nb: Årgang",
        "en: Edition",
        "runs: arlig/ (3 runs)",
    ):
        assert told in done.stdout
    (listed,) = json.loads(kompendium("params", "arlig.ipynb", "--json").stdout)
    assert listed["parameters"][0]["help"] == {"nb": "Årgang", "en": "Edition"}
    assert listed["families"] == {"arlig/": 3}
    assert "notebooks/kapittel.ipynb" in kompendium("params").stdout
    done = kompendium("params", "borte")
    assert done.returncode == 2
    assert "no notebook «borte» → choose among arlig, kapittel" in done.stderr
