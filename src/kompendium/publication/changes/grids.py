"""Tables held against each other row by row: printed ones, CSV files, numbers behind figures."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from kompendium.publication.changes.limits import same_number
from kompendium.publication.changes.model import Aspect

Cell = str | int | float | None
Row = tuple[Cell, ...]

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")


@dataclass(frozen=True)
class Grid:
    """Columns by name and rows of as many cells."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def of_json(drawn: Any) -> Grid | None:
    """Read the numbers kept with a figure or table; None where there are none."""
    if not isinstance(drawn, dict) or not {"columns", "rows"} <= drawn.keys():
        return None
    return Grid(tuple(drawn["columns"]), tuple(tuple(row) for row in drawn["rows"]))


def of_csv(text: str) -> Grid:
    """Read a CSV file with a header."""
    header, *rows = [tuple(row) for row in csv.reader(StringIO(text))] or [()]
    return Grid(header, tuple(rows))


def of_markdown(text: str) -> Grid | None:
    """Read the first pipe table of a Markdown text; None where there is none."""
    lines = [line.strip() for line in text.splitlines()]
    for place, line in enumerate(lines[1:], start=1):
        if "|" in line and _RULE.fullmatch(line):
            rows = []
            for one in lines[place + 1 :]:
                if "|" not in one:
                    break
                rows.append(_cells(one))
            return Grid(_cells(lines[place - 1]), tuple(rows))
    return None


def _cells(line: str) -> tuple[str, ...]:
    inner = line.removeprefix("|")
    inner = inner.removesuffix("|") if not inner.endswith("\\|") else inner
    return tuple(one.strip().replace("\\|", "|") for one in _BAR.split(inner))


def compared(before: Grid, after: Grid) -> tuple[tuple[Aspect, ...], tuple[Aspect, ...]]:
    """Give what changed of the columns, and the rows that did, each with the cells that did.

    Rows are known by the fewest leading columns that tell them apart in both tables. Where no
    columns do, rows are only new or gone.
    """
    columns: tuple[Aspect, ...] = ()
    if before.columns != after.columns:
        columns = (Aspect("columns", list(before.columns), list(after.columns)),)
    length = _key_length(before, after)
    rows = _keyed(before, after, length) if length else _counted(before, after)
    return columns, tuple(rows)


def _key_length(before: Grid, after: Grid) -> int:
    """How many leading columns make a key; 0 where none do."""
    for length, (one, other) in enumerate(zip(before.columns, after.columns, strict=False), 1):
        if one != other:
            return 0
        if all(
            len({row[:length] for row in grid.rows}) == len(grid.rows) for grid in (before, after)
        ):
            return length
    return 0


def _keyed(before: Grid, after: Grid, length: int) -> Iterator[Aspect]:
    was = {row[:length]: _by_column(before, row, length) for row in before.rows}
    now = {row[:length]: _by_column(after, row, length) for row in after.rows}
    for key in dict.fromkeys([*was, *now]):
        name = _name(key)
        if key not in now or key not in was:
            yield Aspect(name, was.get(key), now.get(key))
            continue
        old, new = was[key], now[key]
        moved = [one for one in old if one in new and not _same(old[one], new[one])]
        if moved:
            old, new = {one: old[one] for one in moved}, {one: new[one] for one in moved}
            yield Aspect(name, old, new)


def _counted(before: Grid, after: Grid) -> Iterator[Aspect]:
    was, now = Counter(before.rows), Counter(after.rows)
    for row in (was - now).elements():
        yield Aspect(_name(row[:1]), _by_column(before, row, 0), None)
    for row in (now - was).elements():
        yield Aspect(_name(row[:1]), None, _by_column(after, row, 0))


def _by_column(grid: Grid, row: Row, start: int) -> dict[str, Cell]:
    return dict(zip(grid.columns[start:], row[start:], strict=False))


def _name(cells: Sequence[Cell]) -> str:
    return " · ".join("–" if one is None else str(one) for one in cells)


def _same(one: Cell, other: Cell) -> bool:
    """Tell whether two cells say the same; numbers may differ by noise."""
    if one == other:
        return True
    first, second = _number(one), _number(other)
    return first is not None and second is not None and same_number(first, second)


def _number(cell: Cell) -> float | None:
    """The number a cell is, as programs write numbers; printed ones are compared as text."""
    try:
        return None if cell is None else float(cell)
    except ValueError:
        return None
