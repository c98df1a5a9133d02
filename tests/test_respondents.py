"""FIXTURES taken in as if they were real: what respondents change in the whole compendium.

The answers are made up, so that every published figure holds in them; the project itself has
no respondents. Then they are bent, so that one figure does not.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kompendium.facts import Compendium
from kompendium.surveys import Codebook, codebook
from tests.conftest import build, copy_of_the_project
from tests.surveys import exports

OPEN = {"untestable", "compatible"}

CHAPTERS = {"ramboll-2020": "foreldreveiledning", "imdi-2021": "kommuneundersokelsen"}


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compendium]:
    """The compendium with an export of each survey taken in, built without the book."""
    compendium = copy_of_the_project(tmp_path_factory.mktemp("answered") / "kompendium")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOMPENDIUM_ROOT", str(compendium.root))
        for survey in CHAPTERS:
            book = codebook(survey)
            take_in(compendium, book, exports.made_up(book))
        done = build(compendium, "--no-publish", *CHAPTERS.values())
        assert done.returncode == 0, done.stderr
        yield compendium


def take_in(compendium: Compendium, book: Codebook, table: pd.DataFrame, *flags: str) -> None:
    """Write answers as SurveyXact would and take them in as a researcher would."""
    parts = exports.surveyxact(book, table)
    folder = compendium.root.parent / f"eksport-{book.id}{len(flags)}"
    file = exports.write_trio(folder, parts, ";", "cp1252") / "dataset.csv"
    command = [sys.executable, "-m", "kompendium", "survey", "add", str(file)]
    subprocess.run([*command, "--survey", book.id, *flags], cwd=compendium.root, check=True)


def verdicts(compendium: Compendium) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(compendium.results.read_text(encoding="utf-8"))}


def shown(compendium: Compendium, survey: str) -> str:
    """What a reader sees of a chapter: the outputs, the captions and the alternative texts."""
    path = compendium.executed / f"{CHAPTERS[survey]}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    options = [line for cell in cells for line in cell["source"] if line.startswith("#| ")]
    return json.dumps([options, *(cell.get("outputs", []) for cell in cells)], ensure_ascii=False)


@pytest.mark.parametrize("survey", CHAPTERS)
def test_findings_move_from_open_to_reproduced(answered: Compendium, survey: str) -> None:
    found = verdicts(answered)
    asked = [found[answer.finding] for answer in codebook(survey).answers]
    settled = [one for one in asked if one["evidence"] == "survey"]
    moved = [one for one in settled if one["expected"] in OPEN and one["verdict"] == "reproduced"]
    assert len(moved) >= 0.7 * len(asked)  # the rest is withheld: it would give small counts away
    assert not [one["id"] for one in settled if one["verdict"] == "contradicted"]


@pytest.mark.parametrize("survey", CHAPTERS)
def test_no_respondent_leaves(answered: Compendium, survey: str) -> None:
    text = re.sub(r'"image/png": "[^"]*"', "", shown(answered, survey))
    assert "example.org" not in text
    assert "illustrasjon" not in text.casefold()
    table = exports.made_up(codebook(survey))
    named = {unit for unit in table["unit"] if re.search(rf"\b{unit}\b", text)}
    assert len(named) < 0.05 * table["unit"].nunique()  # four digits may be anything


def test_a_bent_answer_contradicts_its_finding_and_no_other(answered: Compendium) -> None:
    before = verdicts(answered)
    book = codebook("ramboll-2020")
    table = exports.made_up(book)
    certified = table.index[table["sertifisert"].eq(1) & table["tilbyr"].eq(1)]
    table.loc[certified[::3], "sertifisert"] = 2
    take_in(answered, book, table, "--replace")
    done = build(answered, "--no-publish", CHAPTERS[book.id])
    assert done.returncode == 1, done.stderr
    assert "ramboll2020.sertifisert" in done.stderr
    after = verdicts(answered)
    turned = {
        name
        for name, one in after.items()
        if one["verdict"] == "contradicted" != before[name]["verdict"]
    }
    assert "ramboll2020.sertifisert" in turned
    assert turned <= {answer.finding for answer in book.answers}
    assert Path(answered.results_csv).read_text(encoding="utf-8").count("contradicted")
