"""``kompendium factsheets``: the sheets asked for, a site of them, and links to and fro."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]
Command = Callable[..., subprocess.CompletedProcess[str]]

UNIT = "  unit: {type: string, default: '1577', units_of: 2020, help: {nb: Enhet, en: Unit}}\n"
NEIGHBOURS = """\
from IPython.display import Markdown, display
display(Markdown("[Ørsta](../outputs/factsheets/1520.html) "
                 "[Vanylven](../outputs/factsheets/1511.html)"))
"""


@pytest.fixture
def sheets(made: Compendium, add_notebook: AddNotebook) -> Compendium:
    """The book with a link to the sheets, and a family of sheets of which Ørsta's fails."""
    sheet = (NEIGHBOURS, "assert unit != '1520', unit")
    add_notebook("faktaark", *sheet, parameters="unit = '1577'", declared=UNIT)
    with (made.params / "faktaark.yml").open("a", encoding="utf-8") as file:
        file.write("runs: {}\nfamilies:\n  faktaark:\n    for_each: frame/2020\n")
    with (made.root / "index.md").open("a", encoding="utf-8") as file:
        file.write("\nSe [arkene](outputs/factsheets/index.html).\n")
    return made


def links(page: Path) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8")))


def test_sheets_become_a_site_beside_the_book(
    sheets: Compendium, add_notebook: AddNotebook, kompendium: Command
) -> None:
    assert kompendium("build", "--publisher", "pandoc").returncode == 0
    front = sheets.publication / "index.html"
    assert "../factsheets/index.html" not in links(front)

    done = kompendium("factsheets", "1577", "1520")
    assert done.returncode == 3
    assert "Did not finish: faktaark-1520-orsta." in done.stderr
    assert "370 of 371 sheets are missing" in done.stderr
    assert "The book is made again, for its links to the sheets." in done.stderr
    assert "The fact sheets: outputs/factsheets/index.html" in done.stderr
    assert {path.name for path in sheets.factsheets.glob("*.html")} == {
        "1577.html",
        "index.html",
        "storrelse.html",
    }
    listed = (sheets.factsheets / "index.html").read_text(encoding="utf-8")
    assert listed.count("kjøringen feilet") == 1
    assert "../publication/index.html" in links(sheets.factsheets / "1577.html")
    assert "1520.html" not in links(sheets.factsheets / "1577.html")
    assert "../factsheets/index.html" in links(front)
    done = kompendium("build", "--publisher", "pandoc")
    assert "Nothing to do: 1 run is fresh." in done.stderr

    add_notebook("annen", NEIGHBOURS, parameters="unit = '1577'", declared=UNIT)
    (sheets.params / "annen.yml").unlink()
    (sheets.notebooks / "annen.ipynb").replace(sheets.notebooks / "faktaark.ipynb")
    done = kompendium("factsheets", "1520", "faktaark/1577*")
    assert done.returncode == 0, done.stderr
    assert "369 of 371 sheets are missing" in done.stderr
    assert "1520.html" in links(sheets.factsheets / "1577.html")
    assert "1511.html" not in links(sheets.factsheets / "1577.html")
    before = {path: path.stat().st_mtime_ns for path in sheets.outputs.rglob("*.html")}
    done = kompendium("factsheets", "1520", "1577")
    assert "Nothing to run: 2 runs are fresh." in done.stderr
    assert "The site is as it would be made now." in done.stderr
    assert {path: path.stat().st_mtime_ns for path in sheets.outputs.rglob("*.html")} == before


def test_a_unit_that_does_not_exist_is_told(sheets: Compendium, kompendium: Command) -> None:
    done = kompendium("factsheets", "9999")
    assert done.returncode == 2
    assert "no run «9999» → choose among faktaark/ (371 runs)" in done.stderr


def test_without_a_family_of_sheets_the_command_says_what_to_declare(
    book: Compendium, kompendium: Command
) -> None:
    done = kompendium("factsheets")
    assert done.returncode == 2
    assert "families: {faktaark: {for_each: frame/2020}}" in done.stderr
