"""The numbers behind a figure or a table, kept with it so that a reader can have them as a file.

They travel in the metadata of the output, not as a form of it: a form would be shown by some
readers of notebooks and compared by others. There they are one text: between kernel, Papermill and
file, every reader of a notebook copies, checks and indents each value of a list, and a figure of
all municipalities has a thousand.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

DECIMALS = 3
"""Shares to a tenth of a percentage point, as the book prints them: a figure of real
respondents says no more in its numbers than in its text, and an eye sees no more in it."""

Columns = pd.DataFrame | Mapping[str, object]
"""A frame, or columns by header: sequences of one length, taken in order, or single values."""


def drawn(data: Columns, decimals: int = DECIMALS) -> dict[str, Any]:
    """Give what was drawn as plain columns and rows; ``decimals`` is how exact numbers are.

    Raises:
        DisclosureError: a column is of real respondents.
        ValueError: columns are of different lengths.
    """
    columns = {str(name): column for name, column in data.items()}
    if any(getattr(type(one), "of_respondents", False) for one in (data, *columns.values())):
        from kompendium.surveys.disclosure import DisclosureError  # most notebooks read no survey

        raise DisclosureError(
            "numbers of real respondents: use share_of(), crosstab() or by_size()"
        )
    many = {
        name: list(one)
        for name, one in columns.items()
        if isinstance(one, Iterable) and not isinstance(one, str)
    }
    lengths = {len(one) for one in many.values()} or {1}
    if len(lengths) > 1:
        found = ", ".join(f"«{name}» {len(one)}" for name, one in many.items())
        raise ValueError(f"the columns of a figure's data are of different lengths: {found}")
    (length,) = lengths
    whole = [many.get(name, [one] * length) for name, one in columns.items()]
    rows = [[_plain(one, decimals) for one in row] for row in zip(*whole, strict=True)]
    return {"columns": list(columns), "rows": rows}


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> dict[str, Any]:
    """Give a table of display-ready text as plain columns and rows."""
    return {
        "columns": list(header),
        "rows": [[_plain(one, DECIMALS) for one in row] for row in rows],
    }


def kept(numbers: Mapping[str, Any]) -> str:
    """Write plain columns and rows as the JSON they are kept as."""
    return json.dumps(numbers, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any, decimals: int) -> str | int | float | None:
    """A value as JSON has it: whole numbers without decimals, nothing for what is missing."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not np.isfinite(value):
            return None
        rounded = round(value, decimals)
        return int(rounded) if rounded.is_integer() else rounded
    return str(value)
