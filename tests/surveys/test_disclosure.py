"""Hidden cells cannot be worked out again: every table that fits is tried."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from kompendium.surveys import HIDDEN, hidden, hide_small


def completions(cells: np.ndarray, mask: np.ndarray) -> Iterator[tuple[int, ...]]:
    """Every way to fill the hidden cells that leaves the sums of rows and columns."""
    places = list(zip(*np.nonzero(mask), strict=True))
    rows = (cells * mask).sum(axis=1)
    columns = (cells * mask).sum(axis=0)

    def fill(turn: int) -> Iterator[tuple[int, ...]]:
        if turn == len(places):
            if not rows.any() and not columns.any():
                yield ()
            return
        i, j = places[turn]
        for value in range(min(rows[i], columns[j]) + 1):
            rows[i] -= value
            columns[j] -= value
            for rest in fill(turn + 1):
                yield (value, *rest)
            rows[i] += value
            columns[j] += value

    yield from fill(0)


def assert_ambiguous(cells: np.ndarray, mask: np.ndarray) -> None:
    """Each hidden cell has at least two values among the tables that fit."""
    seen: list[set[int]] = [set() for _ in range(int(mask.sum()))]
    for found in completions(cells.copy(), mask):
        for values, value in zip(seen, found, strict=True):
            values.add(value)
        if all(len(values) > 1 for values in seen):
            return
    assert not seen, (cells, mask)


def assert_wide(cells: np.ndarray, mask: np.ndarray) -> None:
    """Each hidden cell has two values, by linear programming (its corners are whole here)."""
    places = np.argwhere(mask)
    sums = [places[:, 0] == row for row in range(cells.shape[0])]
    sums += [places[:, 1] == column for column in range(cells.shape[1])]
    matrix = np.array(sums, dtype=float)
    total = matrix @ cells[mask]
    for cell in range(len(places)):
        goal = np.zeros(len(places))
        goal[cell] = 1
        least, most = (linprog(sign * goal, A_eq=matrix, b_eq=total).fun for sign in (1, -1))
        assert -most - least > 0.5, (cells, mask, places[cell])


@pytest.mark.parametrize(
    ("shape", "mean", "limit", "check"),
    [
        ((2, 3), 3.0, 5, assert_ambiguous),
        ((3, 3), 1.5, 3, assert_ambiguous),
        ((4, 3), 6.0, 5, assert_wide),
        ((6, 4), 7.0, 5, assert_wide),
        ((5, 3), 9.0, 5, assert_wide),
    ],
)
def test_no_hidden_cell_of_a_table_is_determined(
    shape: tuple[int, int],
    mean: float,
    limit: int,
    check: Callable[[np.ndarray, np.ndarray], None],
) -> None:
    random = np.random.default_rng(4)
    more = 0
    for _ in range(60):
        cells = random.poisson(mean, shape)
        mask = hidden(pd.DataFrame(cells), limit).to_numpy()
        rows, columns = cells.any(axis=1), cells.any(axis=0)
        small = (cells < limit) & rows[:, None] & columns
        assert mask[small].all()
        if rows.sum() > 1 and columns.sum() > 1:
            check(cells, mask)
            more += int(mask.sum() > small.sum())
    assert more > 0  # cells beyond the small ones had to go


def test_every_table_of_two_by_two_up_to_seven() -> None:
    for cells in np.ndindex(8, 8, 8, 8):
        table = np.array(cells).reshape(2, 2)
        if not (table.any(axis=0).all() and table.any(axis=1).all()):
            continue
        assert_ambiguous(table, hidden(pd.DataFrame(table)).to_numpy())


def test_no_hidden_count_of_a_list_is_determined_by_the_sum() -> None:
    for cells in np.ndindex(8, 8, 8):
        counts = pd.Series(cells)
        mask = hidden(counts).to_numpy()
        if not counts.any():
            assert not mask.any()
            continue
        assert mask[counts < 5].all()
        total = counts[mask].sum()
        assert mask.sum() != 1
        assert not mask.any() or total > 0  # so two hidden counts can share it in two ways


def test_a_table_without_small_counts_is_shown_whole() -> None:
    table = pd.DataFrame({"Ja": [5, 1200], "Nei": [7, 9]}, index=["små", "store"])
    assert not hidden(table).to_numpy().any()
    assert hide_small(table).to_numpy().tolist() == [["5", "7"], ["1\u00a0200", "9"]]


def test_one_small_count_takes_the_cheapest_rectangle_with_it() -> None:
    table = pd.DataFrame([[3, 20, 9], [30, 40, 8], [50, 60, 70]])
    shown = hide_small(table)
    assert shown.to_numpy().tolist() == [[":", "20", ":"], [":", "40", ":"], ["50", "60", "70"]]


def test_the_limit_is_a_setting() -> None:
    table = pd.Series([3, 10, 20], index=["a", "b", "c"], name="antall")
    assert hide_small(table).tolist() == [HIDDEN, HIDDEN, "20"]
    assert hide_small(table, limit=3).tolist() == ["3", "10", "20"]
    assert hidden(table).name == "antall"
    assert hide_small(table, limit=0).tolist() == ["3", "10", "20"]
    with pytest.raises(ValueError, match="number of respondents"):
        hidden(table, limit=-1)


def test_rows_and_columns_with_nobody_are_shown() -> None:
    table = pd.DataFrame([[0, 0, 0], [3, 8, 0], [9, 9, 0]])
    assert hide_small(table).to_numpy().tolist() == [
        ["0", "0", "0"],
        [":", ":", "0"],
        [":", ":", "0"],
    ]
    assert not hidden(pd.DataFrame([[0, 0]])).to_numpy().any()


def test_a_table_of_one_row_is_a_list() -> None:
    assert hide_small(pd.DataFrame([[2, 9, 30]])).to_numpy().tolist() == [[":", ":", "30"]]
    assert hide_small(pd.DataFrame({"n": [2, 9, 30]}))["n"].tolist() == [":", ":", "30"]


@pytest.mark.parametrize("cells", [[1.5, 2], [-1, 2], [float("nan"), 2]])
def test_what_is_no_count_is_refused(cells: list[float]) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        hidden(pd.Series(cells))
