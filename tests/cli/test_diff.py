"""What differs, as a terminal shows it: the gravest first, on as many columns as there are."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from kompendium.cli.diff import show
from kompendium.publication.changes import Aspect, Basis, Change, Changes, Kind

FLIPPED = Change(
    Kind.VERDICT,
    "ku2021.svar",
    "imdi-2021",
    "224 kommuner og bydeler svarte på hele eller deler av undersøkelsen, 60 prosent av alle.",
    "224 municipalities and districts answered all or part of the survey, 60 per cent of all.",
    {"verdict": "contradicted", "computed": "50,0\u00a0%", "published": "60 prosent"},
    (
        Aspect("verdict", "reproduced", "contradicted"),
        Aspect("computed", "60,4\u00a0%", "50,0\u00a0%"),
        Aspect("interval", [0.57, 0.64], [0.46, 0.54]),
    ),
)
FIGURE = Change(
    Kind.FIGURE,
    "fig-foreldreveiledning-frafall",
    "foreldreveiledning",
    "Fra dem som svarte til alle",
    rows=tuple(Aspect(f"{n} svarte ikke", {"Andel": n / 10}, {"Andel": n / 9}) for n in range(9)),
    basis=Basis.DATA,
)
DRAWN = Change(Kind.FIGURE, "fig-kart", "syntese", "Kartet", basis=Basis.PICTURE)
MODULES = tuple(
    Change(Kind.CODE, f"kompendium.{n}", "library", aspects=(Aspect("there", True, True),))
    for n in range(40)
)
SILENT = {Kind.PACKAGE: ("2026.1",)}


def printed(changes: Changes, width: int = 80) -> str:
    stream = StringIO()
    show(changes, Console(file=stream, width=width))
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    changes = Changes("2026.1", "work", (FLIPPED, FIGURE, DRAWN, *MODULES), SILENT)
    assert max(len(line) for line in printed(changes, width).splitlines()) <= width


def test_what_readers_notice_comes_first_with_both_sides() -> None:
    lines = printed(Changes("2026.1", "2026.2", (FLIPPED, FIGURE))).splitlines()
    assert lines[0] == "2026.1 → 2026.2: 1\u00a0new verdict, 1\u00a0figure."
    assert lines[2] == "Findings with a new verdict"
    told = " ".join(" ".join(lines[4:7]).split())
    assert "reproduced; 60,4 %" in told
    assert "contradicted; 50,0 %" in told
    assert "224 municipalities and districts answered" in " ".join(lines)


def test_a_table_is_told_by_its_first_rows_and_how_many_more() -> None:
    text = printed(Changes("2026.1", "work", (FIGURE,)))
    assert "rows: 9 changed" in text
    assert "4 svarte ikke, Andel" in text
    assert "5 svarte ikke" not in text
    assert "… and 4 more" in text


def test_it_is_said_where_only_bytes_could_be_compared() -> None:
    assert "only the picture's bytes differ" in printed(Changes("2026.1", "work", (DRAWN,)))


def test_long_lists_of_what_is_no_finding_are_cut_short_and_it_is_said() -> None:
    text = printed(Changes("2026.1", "work", MODULES, SILENT))
    assert "the same results; 40\u00a0notebooks or modules" in text.splitlines()[0]
    assert "… and 15 more (--json has them all)" in text
    assert "2026.1 has no record of its package: not compared" in text
