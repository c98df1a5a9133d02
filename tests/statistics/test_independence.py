"""The chi-square test: full precision, and none where cells are small."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from kompendium.statistics import independence


def test_it_is_pearsons_test_at_full_precision() -> None:
    counts = pd.DataFrame({"yes": [30, 43, 43], "no": [30, 36, 13]}, index=["a", "b", "c"])
    found, expected = independence(counts), chi2_contingency(counts)
    assert found is not None
    assert found.chi2 == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.dof == expected.dof == 2
    assert found.cramer == pytest.approx(np.sqrt(expected.statistic / counts.to_numpy().sum()))


def test_a_square_table_has_yatess_correction() -> None:
    square = pd.DataFrame([[58, 166], [108, 116]])
    found = independence(square)
    assert found is not None
    assert found.chi2 == pytest.approx(chi2_contingency(square, correction=True).statistic)


@pytest.mark.parametrize(
    "cells",
    [
        [[4, 50], [50, 50]],  # found
        [[5, 5], [5, 500]],  # expected
        [[20, 30]],  # one row
        [[20, 30], [0, 0]],  # one row with anybody
        [[0, 0], [0, 0]],
    ],
)
def test_a_table_that_does_not_bear_the_test_has_none(cells: list[list[int]]) -> None:
    assert independence(pd.DataFrame(cells)) is None


def test_empty_rows_and_columns_do_not_count() -> None:
    whole = independence(pd.DataFrame([[20, 0, 30], [0, 0, 0], [40, 0, 10]]))
    assert whole == independence(pd.DataFrame([[20, 30], [40, 10]]))


def test_a_negative_count_is_no_count() -> None:
    with pytest.raises(ValueError, match="whole numbers from zero"):
        independence(pd.DataFrame([[20, -1], [30, 40]]))
