"""The one form every survey file is read into, before any codebook is held against it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from kompendium.facts.documents import InputError, Problem


class UnreadableError(InputError):
    """A survey file that cannot be read as what it says it is, with the remedy."""


def unreadable(path: Path, message: str, remedy: str, row: int = 1) -> UnreadableError:
    """Say why a file cannot be read, in one sentence."""
    return UnreadableError([Problem(path, row, message, remedy)])


@dataclass(frozen=True)
class Export:
    """A survey file: its cells, and what it says of its variables and codes.

    ``cells`` has a column a variable; each cell is text, a number, or None where it is blank.
    The index counts rows as the user's program does: from 2 below a header, from 1 for cases.
    ``format`` says what was read and how. ``questions`` are the texts of the variables,
    ``labels`` the texts of the codes, ``declared`` the codes the file declares missing; codes
    are written as ``text`` writes them.
    """

    path: Path
    format: str
    cells: pd.DataFrame = field(repr=False)
    questions: Mapping[str, str] = field(default_factory=dict, repr=False)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    declared: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    header: bool = True


def cell(value: object) -> str | int | float | None:
    """Make a cell plain: text without surrounding space, a number, or None where blank."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if hasattr(value, "item"):
        value = value.item()  # numpy's own scalars
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() else value
    written = str(value).strip()
    return None if written in ("", "NaT") else written


def text(value: str | int | float | None) -> str | None:
    """Write a cell as a code is written: whole numbers without decimals."""
    if value is None or value != value:  # pandas makes None of text columns a NaN
        return None
    written = str(value).strip()
    return re.sub(r"^(-?\d+)\.0+$", r"\1", written) or None


def plain(table: pd.DataFrame, first: int) -> pd.DataFrame:
    """Make every cell plain, name rows from ``first`` and drop those that are wholly blank."""
    columns = {str(name): [cell(value) for value in table[name]] for name in table.columns}
    cells = pd.DataFrame(columns, index=range(first, first + len(table)), dtype=object)
    return cells.loc[cells.notna().any(axis=1)]


def checked_names(path: Path, names: list[str]) -> list[str]:
    """Refuse a header with a blank or repeated name."""
    blank = [str(place) for place, name in enumerate(names, 1) if not name]
    if blank:
        message = f"column {', '.join(blank)} has no name in the header"
        raise unreadable(path, message, "give every column a name, or remove it")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"the header has {', '.join(twice)} more than once"
        raise unreadable(path, message, "give every column a name of its own")
    return names
