"""Tables held against each other: what is a row, which one is it, and when is it another."""

from __future__ import annotations

import pytest

from kompendium.publication.changes.grids import Grid, compared, of_csv, of_json, of_markdown
from kompendium.publication.changes.model import Aspect

UNITS = Grid(("nr", "navn", "folketall"), (("0301", "Oslo", 693494), ("1103", "Stavanger", 143574)))


def rows(before: Grid, after: Grid) -> list[tuple[str, object, object]]:
    columns, found = compared(before, after)
    assert columns == ()
    return [(one.name, one.before, one.after) for one in found]


def test_a_cell_that_changed_is_told_by_its_row_and_column() -> None:
    after = Grid(UNITS.columns, (("0301", "Oslo", 697010), UNITS.rows[1]))
    assert rows(UNITS, after) == [("0301", {"folketall": 693494}, {"folketall": 697010})]


def test_rows_that_come_and_go_are_told_whole() -> None:
    after = Grid(UNITS.columns, (UNITS.rows[0], ("4601", "Bergen", 283929)))
    assert rows(UNITS, after) == [
        ("1103", {"navn": "Stavanger", "folketall": 143574}, None),
        ("4601", None, {"navn": "Bergen", "folketall": 283929}),
    ]


def test_rows_in_another_order_are_the_same() -> None:
    assert rows(UNITS, Grid(UNITS.columns, UNITS.rows[::-1])) == []


def test_as_many_columns_make_a_key_as_it_takes() -> None:
    before = Grid(("år", "klasse", "andel"), ((2019, "liten", 0.2), (2019, "stor", 0.4)))
    after = Grid(before.columns, ((2019, "liten", 0.2), (2019, "stor", 0.5)))
    assert rows(before, after) == [("2019 · stor", {"andel": 0.4}, {"andel": 0.5})]


def test_rows_that_nothing_tells_apart_are_counted() -> None:
    before = Grid(("x",), (("a",), ("a",), ("b",)))
    after = Grid(("x",), (("a",), ("b",), ("b",)))
    assert rows(before, after) == [("a", {"x": "a"}, None), ("b", None, {"x": "b"})]


def test_columns_that_change_are_told_and_the_others_still_compared() -> None:
    after = Grid(("nr", "navn", "barn"), (("0301", "Oslo kommune", 1), ("1103", "Stavanger", 2)))
    columns, found = compared(UNITS, after)
    assert columns == (Aspect("columns", list(UNITS.columns), list(after.columns)),)
    assert [(one.name, one.before, one.after) for one in found] == [
        ("0301", {"navn": "Oslo"}, {"navn": "Oslo kommune"})
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (0.1 + 0.2, 0.3, True),
        ("0.30000000000000004", "0.3", True),
        (0.3, 0.3001, False),
        (1, 1.0, True),
        (None, 0.0, False),
        ("21,0 %", "21,0 %", True),
        ("21,0 %", "21,1 %", False),
        ("1e5", "100000", True),
    ],
)
def test_numbers_are_the_same_up_to_noise(one: object, other: object, same: bool) -> None:
    before, after = (Grid(("k", "v"), (("a", cell),)) for cell in (one, other))  # type: ignore[arg-type]
    assert (rows(before, after) == []) is same


def test_csv_json_and_markdown_give_the_same_grid() -> None:
    expected = Grid(("Klasse", "Andel | alle"), (("liten", "21 %"), ("stor", "")))
    assert of_csv('Klasse,Andel | alle\nliten,21 %\nstor,""\n') == expected
    drawn = {"columns": ["Klasse", "Andel | alle"], "rows": [["liten", "21 %"], ["stor", ""]]}
    assert of_json(drawn) == expected
    text = (
        "Innledning med | strek.\n\n| Klasse | Andel \\| alle |\n|:--|--:|\n| liten | 21 % |\n"
        "| stor |  |\n\n: Teksten\n"
    )
    assert of_markdown(text) == expected


def test_what_holds_no_table_gives_none() -> None:
    assert of_markdown("Bare | tekst.\n\nOg mer.") is None
    assert of_json(None) is None
    assert of_json({"columns": []}) is None
    assert of_csv("") == Grid((), ())
