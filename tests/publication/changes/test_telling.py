"""Changes in the words and number forms of each language."""

from __future__ import annotations

from typing import Any

import pytest

from kompendium.publication.changes.findings import compared
from kompendium.publication.changes.model import Aspect, Change, Changes, Kind
from kompendium.publication.changes.telling import sections

from ..conftest import entry

BEFORE = entry("prove.svar")


@pytest.mark.parametrize(
    ("lang", "sides"),
    [
        ("nb", ("reprodusert; 63,2 %", "motsagt; 50,0 %")),
        ("en", ("reproduced; 63.2%", "contradicted; 50.0%")),
    ],
)
def test_what_was_computed_is_written_as_readers_of_the_language_have_it(
    lang: str, sides: tuple[str, str]
) -> None:
    assert told(lang, value=0.5, computed="50,0 %", verdict="contradicted") == sides


def test_bounds_have_the_forms_of_the_language_too() -> None:
    bounds = {"value": None, "low": 0.4, "high": 0.525, "computed": "40,0–52,5 %"}
    assert told("en", **bounds, verdict="contradicted")[1] == "contradicted; 40.0–52.5%"


def told(lang: str, **fields: Any) -> tuple[str, str]:
    found = tuple(compared({"prove.svar": BEFORE}, {"prove.svar": {**BEFORE, **fields}}))
    (section,) = sections(Changes("2026.1", "work", found), lang)
    (row,) = section.rows
    return row.before.replace("\u00a0", " "), row.after.replace("\u00a0", " ")


def test_a_row_that_came_is_told_without_the_signs_of_markdown_and_sentences() -> None:
    row = Aspect("6 av 10 svarte.", None, {"Sett mot": "Den var med.", "Funn": "`prove.svar`"})
    change = Change(Kind.TABLE, "tbl-a", rows=(row,))
    (section,) = sections(Changes("2026.1", "work", (change,)), "nb")
    told = section.rows[1]
    assert (told.name.strip(), told.after) == ("6 av 10 svarte", "Den var med; prove.svar")
