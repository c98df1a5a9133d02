"""The rules of small cells, held against acro's."""

import numpy as np
import pandas as pd
import pytest

from kompendium.surveys.disclosure import Why, dominated, shown
from tests.surveys.tables import cell, figures, ledger

# acro 1.0.2, which cannot be installed beside pandas 3, with ``a = ACRO()``,
# ``a.config["safe_threshold"] = 5`` and the respondents of the table as a frame ``d``:
# ``a.crosstab(d["row"], d["column"])`` says MinimumThresholdCheck of exactly these cells.
ACRO = [
    ([[3, 20, 9], [30, 40, 8], [50, 60, 70]], {(0, 0)}),
    ([[4, 5, 0], [12, 7, 1]], {(0, 0), (0, 2), (1, 2)}),
    ([[10, 0], [6, 3], [25, 5]], {(0, 1), (1, 1)}),
]


@pytest.mark.parametrize(("counts", "expected"), ACRO)
def test_small_cells_are_those_acro_finds(
    counts: list[list[int]], expected: set[tuple[int, int]]
) -> None:
    cells = np.array(counts)
    book = ledger(cells)
    inner = [one for one in figures(book, cells, (0, 1)) if len(one.parts[0].variables) == 2]
    book.release(inner, 5)
    small = {one.what for one in book.withheld if one.why is Why.SMALL}
    assert small == {str(cell(v0=row, v1=column)) for row, column in expected}


# ``ACRO().crosstab(d["group"], d["all"], values=d["value"], aggfunc="sum")`` with acro's defaults
# (n = 2, k = 0.9, p = 0.1) says NKCheck or PPercentCheck of the groups that are True here.
CONTRIBUTIONS = [
    ([100, 3, 2, 1], True),
    ([40, 30, 20, 10], False),
    ([50, 48, 1], True),
    ([55, 30, 5, 5, 5], False),
    ([90, *[1] * 10], True),
    ([10] * 12, False),
    ([46, 44, 10], True),
    ([60, 20, 11, 9], False),
    ([10, 10, 1, 1, 1], False),
    ([60, 35, 6], True),
]


@pytest.mark.parametrize(("values", "expected"), CONTRIBUTIONS)
def test_dominance_is_acros(values: list[float], expected: bool) -> None:
    assert dominated(values) is expected
    assert dominated([-one for one in values]) is expected


def test_dominance_by_each_rule_alone() -> None:
    """By hand: 46 + 44 of 100 is 90 %; the others' 10 is 21.7 % of the largest, 46."""
    values = [46, 44, 10]
    assert not dominated(values, dominant=0.91)
    assert dominated(values, dominant=0.91, close=0.22)
    assert dominated(values, largest=1, dominant=0.46)
    assert not dominated([], dominant=0.0)
    assert not dominated([0, 0])


def test_what_is_withheld_is_written_with_statistics_norways_sign() -> None:
    counts = pd.DataFrame({"Ja": [5, pd.NA], "Nei": [1200, 0]}, dtype="Int64")
    assert shown(counts).to_numpy().tolist() == [["5", "1\u00a0200"], [":", "0"]]
