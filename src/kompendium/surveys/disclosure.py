"""Small counts hidden before a table of real respondents is shown to anyone.

A count under the limit says something of few units, which can be guessed. It is printed as
Statistics Norway's sign ``:``. Because rows and columns have known sums, hiding one cell alone
hides nothing: other cells go with it, until no hidden cell can be worked out again.
Source: Hundepool, A. et al. (2012), "Statistical Disclosure Control", chapter 4.
"""

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
