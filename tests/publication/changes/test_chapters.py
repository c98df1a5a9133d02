"""Chapters held against each other: figures and tables by what they show, cells by their source."""

from __future__ import annotations

import json
from typing import Any

from kompendium.notebook.drawn import kept
from kompendium.publication.changes.exhibits import Exhibit, compared, exhibits
from kompendium.publication.changes.model import Basis, Change, Kind
from kompendium.publication.changes.notebooks import compared as compared_cells
from kompendium.publication.changes.notebooks import lines_changed

from ..conftest import TABLE, Cell, code, png, shown, text

Notebook = dict[str, Any]


def notebook(*cells: Cell) -> Notebook:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def drawing(width: int = 8, alt: str = "Stolper", rows: list[list[object]] | None = None) -> Cell:
    """A figure's cell; the width stands for what the picture looks like."""
    output = shown(image__png=png(width), text__plain=alt)
    if rows is not None:
        output["metadata"]["drawn"] = kept({"columns": ["Klasse", "Andel"], "rows": rows})
    source = f'#| label: fig-a\n#| fig-cap: "Dekning"\n#| fig-alt: "{alt}"\nfigure(x)'
    return code(source, output)


def table(markdown: str = TABLE, caption: str = "Tallene") -> Cell:
    source = f'#| label: tbl-a\n#| tbl-cap: "{caption}"\ntable(df)'
    return code(source, shown(text__markdown=markdown, text__plain="df"))


def of(cell: Cell) -> dict[str, Exhibit]:
    return {one.label: one for one in exhibits("alfa", notebook(cell))}


def between(before: Cell, after: Cell) -> Change | None:
    found = list(compared(of(before), of(after)))
    assert len(found) < 2
    return found[0] if found else None


def test_a_figure_is_compared_by_the_numbers_kept_with_it() -> None:
    change = between(drawing(rows=[["liten", 0.2]]), drawing(rows=[["liten", 0.3]]))
    assert change is not None
    assert (change.kind, change.what, change.basis) == (Kind.FIGURE, "fig-a", Basis.DATA)
    assert [(one.name, one.before, one.after) for one in change.rows] == [
        ("liten", {"Andel": 0.2}, {"Andel": 0.3})
    ]


def test_another_drawing_of_the_same_numbers_is_no_change() -> None:
    rows: list[list[object]] = [["liten", 0.2]]
    assert between(drawing(8, rows=rows), drawing(9, rows=rows)) is None


def test_a_figure_without_numbers_is_compared_by_those_in_its_texts() -> None:
    change = between(drawing(alt="Av 276 svarte 63,2 %"), drawing(alt="Av 276 svarte 63,4 %"))
    assert change is not None
    assert change.basis is Basis.TEXT
    assert [one.name for one in change.aspects] == ["fig-alt"]


def test_other_words_around_the_same_numbers_are_no_change() -> None:
    assert between(drawing(alt="Av 276 svarte 63"), drawing(alt="63 av 276 …")) is not None
    assert between(drawing(alt="276 svarte"), drawing(alt="276 enheter svarte")) is None


def test_bytes_are_compared_where_nothing_else_is_left_and_it_is_said() -> None:
    change = between(drawing(8), drawing(9))
    assert change is not None
    assert (change.basis, change.rows) == (Basis.PICTURE, ())


def test_numbers_on_one_side_alone_cannot_be_compared() -> None:
    change = between(drawing(8), drawing(9, rows=[["liten", 0.2]]))
    assert change is not None
    assert change.basis is Basis.PICTURE


def test_a_table_is_compared_by_its_rows() -> None:
    change = between(table(), table(TABLE.replace("21", "22")))
    assert change is not None
    assert (change.kind, change.basis) == (Kind.TABLE, Basis.TABLE)
    assert [(one.name, one.before, one.after) for one in change.rows] == [
        ("liten", {"Andel": "21 %"}, {"Andel": "22 %"})
    ]
    assert between(table(), table(TABLE.replace("|:-------|", "|:---|"))) is None


def test_an_exhibit_that_comes_or_goes_is_told() -> None:
    (new,) = compared({}, of(table()))
    (gone,) = compared(of(table()), {})
    assert [(one.before, one.after) for one in (*new.aspects, *gone.aspects)] == [
        (False, True),
        (True, False),
    ]


def test_what_no_reader_is_shown_is_not_compared() -> None:
    hidden = table()
    hidden["source"] = "#| include: false\n" + hidden["source"]
    assert of(hidden) == {}


def cells(before: list[Cell], after: list[Cell]) -> list[tuple[str, object, object]]:
    found = list(compared_cells({"alfa": notebook(*before)}, {"alfa": notebook(*after)}))
    return [(row.name, row.before, row.after) for change in found for row in change.rows]


def test_cells_are_compared_by_what_was_written_not_by_what_was_made() -> None:
    before = code("#| label: fig-a\n#| fig-cap: Av 276\nfigure(x)", shown(text__plain="1"))
    after = code("#| label: fig-a\n#| fig-cap: Av 277\nfigure(x)", shown(text__plain="2"))
    injected = code("# Parameters\nyear = 2020", tags=("injected-parameters",))
    assert cells([before], [injected, after]) == []


def test_a_cell_rewritten_is_told_from_cells_that_came_and_went() -> None:
    before = [text("# Alfa"), code("a = 1\nb = 2\nc = 3"), code("print('borte for alltid')")]
    after = [text("# Alfa"), text("Helt ny."), code("a = 1\nb = 2\nc = 4")]
    assert cells(before, after) == [
        ("cell 3", "a = 1\nb = 2\nc = 3", "a = 1\nb = 2\nc = 4"),
        ("cell 3", "print('borte for alltid')", None),
        ("cell 2", None, "Helt ny."),
    ]


def test_a_cell_keeps_its_label_however_much_is_rewritten() -> None:
    before, after = code("#| label: fig-a\nkort"), code("#| label: fig-a\nnoe ganske annet enn før")
    ((name, old, new),) = cells([before], [after])
    assert (name, old is None, new is None) == ("fig-a", False, False)


def test_a_chapter_that_comes_or_goes_is_told_once() -> None:
    (new,) = compared_cells({}, {"alfa": notebook(text("# Alfa"))})
    assert (new.kind, new.what, new.rows) == (Kind.CODE, "alfa", ())


def test_lines_are_counted_by_what_was_kept() -> None:
    assert lines_changed("a\nb\nc", "a\nx\nc\nd") == (2, 1)
    assert lines_changed(None, "a\nb") == (2, 0)
    assert lines_changed("a", None) == (0, 1)


def test_a_change_can_be_written_as_json() -> None:
    change = between(drawing(rows=[["liten", None]]), drawing(rows=[["liten", 1]]))
    assert change is not None
    told = json.loads(json.dumps(change.described()))
    assert told["rows"] == [{"name": "liten", "before": {"Andel": None}, "after": {"Andel": 1}}]
