"""Pearson's chi-square test of a table of counts, where the counts are large enough for it.

pingouin wants respondents one by one, and only warns where cells are small; a notebook has a
table, and must not print a test that the table does not bear. Source: Cochran, W. G. (1954),
"Some methods for strengthening the common χ² tests", Biometrics 10.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pingouin as pg

LEAST = 5
"""The smallest count, found or expected, that the approximation is trusted with."""


@dataclass(frozen=True)
class Independence:
    """How far a table is from independent rows and columns.

    ``chi2`` with ``dof`` degrees of freedom (Yates's correction where that is one), its
    ``p_value``, and ``cramer``, the strength of the association from 0 to 1.
    """

    chi2: float
    dof: int
    p_value: float
    cramer: float


def independence(counts: pd.DataFrame) -> Independence | None:
    """Test whether the rows of a table of counts answer alike; empty rows and columns do not count.

    None where a cell holds fewer than five, or would if the rows were alike, or where fewer
    than two rows or columns are left to compare. Raises ValueError for a negative count.
    """
    values = counts.to_numpy(dtype=int)
    if (values < 0).any():
        raise ValueError("counts are whole numbers from zero")
    values = values[values.any(axis=1)][:, values.any(axis=0)]
    if min(values.shape) < 2:
        return None
    expected = np.outer(values.sum(axis=1), values.sum(axis=0)) / values.sum()
    if min(values.min(), expected.min()) < LEAST:
        return None
    row, column = (place.ravel().repeat(values.ravel()) for place in np.indices(values.shape))
    tests = pg.chi2_independence(pd.DataFrame({"row": row, "column": column}), "row", "column")[2]
    found = tests.set_index("test").loc["pearson"]
    return Independence(
        float(found["chi2"]), int(found["dof"]), float(found["pval"]), float(found["cramer"])
    )
