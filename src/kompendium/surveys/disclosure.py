"""The rules of small cells: which figures say something of too few to be shown.

A count under the limit says something of few units, which can be guessed. It is printed as
Statistics Norway's sign ``:``. Hiding it is not enough where it follows from other figures: that
is for the gate (``surveys.gate``). Sums of numbers have a rule of their own, as one large unit
can be most of a sum. Sources: Hundepool, A. et al. (2012), "Statistical Disclosure Control",
sections 4.2.2 (dominance) and 4.3; Statistics Norway's and IMDi's limits.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import product
from typing import overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from kompendium.facts.numbers import number

HIDDEN = ":"
"""Statistics Norway's sign for a figure that cannot be published."""

LIMIT = 5
"""IMDi's limit: counts under five are hidden (Statistics Norway uses three)."""

LARGEST = 2
"""How many of the largest contributors the dominance rule looks at together."""

DOMINANT = 0.9
"""The part of a sum that those may have at the most."""

CLOSE = 0.1
"""How near the second largest contributor may come to knowing the largest, as a part of it."""


class DisclosureError(ValueError):
    """Something of real respondents that did not go through the gate was to be shown."""


class Why(StrEnum):
    """Why something was withheld."""

    SMALL = "small"  # it speaks of fewer than the limit
    LINKED = "linked"  # what is withheld elsewhere could be worked out from it
    UNCHECKED = "unchecked"  # too much is crossed to tell what could be worked out
    OUTPUT = "output"  # nothing that the gate knows of made it


def dominated(
    values: Iterable[float],
    *,
    largest: int = LARGEST,
    dominant: float = DOMINANT,
    close: float = CLOSE,
) -> bool:
    """Tell whether a sum (or mean) of numbers gives one of its contributors away.

    The (n, k) rule: the ``largest`` contributors make up more than ``dominant`` of the sum. The
    p % rule: the second largest, who knows its own number, can tell the largest to within
    ``close`` of it, because what the others add is less. Signs do not count; a sum of nothing
    is nobody's. No survey here has numeric questions yet: this is for those that will.
    """
    sizes = np.sort(np.abs(np.asarray(list(values), dtype=float)))[::-1]
    total = sizes.sum()
    if not total:
        return False
    others = sizes[2:].sum()
    return bool(sizes[:largest].sum() > dominant * total or others < close * sizes[0])


def shown(counts: pd.DataFrame) -> pd.DataFrame:
    """Write a table of counts as text, with ``:`` where a count is missing: it is withheld."""
    return counts.astype(object).map(lambda one: HIDDEN if pd.isna(one) else number(int(one)))


Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@overload
def hidden(counts: pd.DataFrame, limit: int = LIMIT) -> pd.DataFrame: ...
@overload
def hidden(counts: "pd.Series[int]", limit: int = LIMIT) -> "pd.Series[bool]": ...
def hidden(
    counts: "pd.DataFrame | pd.Series[int]", limit: int = LIMIT
) -> "pd.DataFrame | pd.Series[bool]":
    """Tell which cells of a table of counts must be hidden, in the shape of the table.

    ``counts`` are the inner cells, without sums: in a table the sum of every row and column
    is taken as known to the reader, in a series (or a table of one row or column) the sum of
    all. Hidden cells then always have more than one possible value. Rows and columns with
    nobody in them are shown. A series whose only positive cell stands alone has no companion
    to hide behind: its sum must not be printed either. Percentages follow their counts: hide
    both with this mask.

    Raises:
        ValueError: a count is negative or no whole number, or the limit is negative (a limit
            of 0 hides nothing).
    """
    if limit < 0:
        raise ValueError(f"the limit is a number of respondents, not {limit}")
    values = counts.to_numpy(dtype=float)
    if not (np.isfinite(values).all() and (values >= 0).all() and (values % 1 == 0).all()):
        raise ValueError("counts are whole numbers from zero")
    cells = values.astype(np.int64)
    if isinstance(counts, pd.Series):
        return pd.Series(_line(cells, limit), index=counts.index, name=counts.name)
    rows, columns = cells.any(axis=1), cells.any(axis=0)
    mask = np.zeros(cells.shape, dtype=bool)
    if rows.any():
        inner = cells[np.ix_(rows, columns)]
        alone = 1 in inner.shape
        found = _line(inner.ravel(), limit).reshape(inner.shape) if alone else _grid(inner, limit)
        mask[np.ix_(rows, columns)] = found
    return pd.DataFrame(mask, index=counts.index, columns=counts.columns)


@overload
def hide_small(counts: pd.DataFrame, limit: int = LIMIT) -> pd.DataFrame: ...
@overload
def hide_small(counts: "pd.Series[int]", limit: int = LIMIT) -> "pd.Series[str]": ...
def hide_small(
    counts: "pd.DataFrame | pd.Series[int]", limit: int = LIMIT
) -> "pd.DataFrame | pd.Series[str]":
    """Write a table of counts as text, with ``:`` where ``hidden`` says so."""
    if isinstance(counts, pd.Series):
        text = counts.astype(object).map(lambda count: number(int(count)))
        return text.mask(hidden(counts, limit), HIDDEN)
    cells = counts.astype(object).map(lambda count: number(int(count)))
    return cells.mask(hidden(counts, limit), HIDDEN)


def _line(cells: Counts, limit: int) -> Mask:
    """Hide small cells of a list with a known sum, with a companion where one would stand alone.

    Two hidden cells, not both zero, can always exchange one respondent.
    """
    mask = cells < limit
    if not mask.any() or not cells.any():
        return np.zeros_like(mask)
    while (mask.sum() < 2 or not cells[mask].any()) and not mask.all():
        shown = np.flatnonzero(~mask)
        mask[shown[np.argmin(cells[shown])]] = True
    return mask


def _grid(cells: Counts, limit: int) -> Mask:
    """Hide small cells of a table, each with a rectangle of hidden cells that can move.

    In a rectangle of hidden cells, one respondent added to two opposite corners and taken
    from the two others leaves every sum as it is. So a hidden cell has another possible value
    where both neighbouring corners, or itself and its opposite, hold someone. When no row or
    column is empty, each cell has such a rectangle. The one that hides fewest more cells, and
    then fewest respondents, is chosen; cells are taken in order, so the result is the same
    each time.
    """
    small = cells < limit
    mask = small.copy()
    for i, j in zip(*np.nonzero(small), strict=True):
        best: tuple[int, int, int, int] | None = None
        for k, m in product(range(cells.shape[0]), range(cells.shape[1])):
            if k == i or m == j:
                continue
            if not ((cells[i, m] and cells[k, j]) or (cells[i, j] and cells[k, m])):
                continue
            new = [at for at in ((i, m), (k, j), (k, m)) if not mask[at]]
            cost = (len(new), int(sum(cells[at] for at in new)), k, m)
            best = cost if best is None else min(best, cost)
        assert best is not None, "every cell has a rectangle where no row or column is empty"
        k, m = best[2:]
        mask[i, m] = mask[k, j] = mask[k, m] = True
    # A companion's own second value: the same rectangle moves it as well.
    return mask
