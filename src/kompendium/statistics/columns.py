"""The one place that calls pingouin, with a schema between its columns and the rest.

pingouin answers in tables whose columns change name and form between versions: 0.7 writes
``p_val`` and ``CI95`` in some of them and ``pval`` in others, rounds ``CI95`` to two decimals
and gives Bayes factors as text. A column that is missing, is no number or is out of its range
must be an error that names it, never a wrong number. pingouin also rounds whatever
``pingouin.options`` tells it to, and a notebook may have told it something: here it never rounds.
The columns taken are numbers by definition; intervals are computed from them by their users.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa
import pingouin as pg
from pandera.errors import SchemaErrors

Row = dict[str, float]
"""One row of a table pingouin gives: its numbers by column."""

_PROBABILITY = pa.Column(float, pa.Check.in_range(0, 1))
_POSITIVE = pa.Column(float, pa.Check.ge(0))

CHI_SQUARE = pa.DataFrameSchema(
    {"chi2": _POSITIVE, "dof": _POSITIVE, "pval": _PROBABILITY, "cramer": _PROBABILITY}
)
"""Of ``chi2_independence``: the tests, by name."""

MCNEMAR = pa.DataFrameSchema({"chi2": _POSITIVE, "p_approx": _PROBABILITY, "p_exact": _PROBABILITY})
"""Of ``chi2_mcnemar``: one row."""

LOGISTIC = pa.DataFrameSchema({"coef": pa.Column(float), "se": _POSITIVE, "pval": _PROBABILITY})
"""Of ``logistic_regression``: a row a predictor. The names of its interval's columns depend on
the level, with one decimal, so the interval is left to those who know the level."""


CONVERGED = 1e-12
"""How flat the likelihood is where the search stops: pingouin's own 1e-8 leaves seven digits."""


class ColumnsError(RuntimeError):
    """pingouin gave something else than it is known to give; names the columns."""


def chi_square(counts: npt.NDArray[np.int_], *, correction: bool) -> Row:
    """Pearson's test of a table of counts: ``chi2``, ``dof``, ``pval`` and ``cramer``.

    pingouin wants respondents one by one. ``correction`` is Yates's, where ``dof`` is one; it
    goes into ``cramer`` too.
    """
    row, column = (place.ravel().repeat(counts.ravel()) for place in np.indices(counts.shape))
    answers = pd.DataFrame({"row": row, "column": column})
    with _unrounded():
        *_, tests = pg.chi2_independence(answers, "row", "column", correction=correction)
    return _row(tests, "test", "pearson", CHI_SQUARE, "chi2_independence")


def mcnemar(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> Row:
    """McNemar's test of pairs of answers: ``chi2`` (Edwards's correction) and two p-values."""
    with _unrounded():
        _, tests = pg.chi2_mcnemar(pd.DataFrame({"first": first, "second": second}), *NAMES)
    return _row(tests.rename_axis("test").reset_index(), "test", "mcnemar", MCNEMAR, "chi2_mcnemar")


NAMES = ("first", "second")


def logistic(predictors: pd.DataFrame, outcome: npt.NDArray[np.int_]) -> dict[str, Row]:
    """Logistic regression with an intercept: ``coef``, ``se`` and ``pval`` of each predictor."""
    with _unrounded():
        found = pg.logistic_regression(predictors, outcome, tol=CONVERGED)
    return {
        name: _row(found, "names", name, LOGISTIC, "logistic_regression")
        for name in map(str, predictors)
    }


def power(dof: int, *, level: float, **known: float) -> float:
    """What is left out of ``w`` (Cohen's), ``n`` and ``power`` of a chi-square test.

    Raises ColumnsError where pingouin finds no such number.
    """
    found = float(pg.power_chi2(dof, alpha=1 - level, **known))
    if not np.isfinite(found):
        given = ", ".join(f"{name} = {value}" for name, value in known.items())
        raise ColumnsError(f"pingouin's power_chi2 gives no number for {given}, dof = {dof}")
    return found


def _row(
    found: pd.DataFrame, key: str, name: str, schema: pa.DataFrameSchema, function: str
) -> Row:
    """The checked numbers of the row whose key is ``name``."""
    told = f"pingouin {pg.__version__}'s {function} gives {', '.join(map(str, found.columns))}"
    if key not in found:
        raise ColumnsError(f"{told}: the column {key} is not there")
    rows = found[found[key] == name].apply(_whole_as_decimal)
    if len(rows) != 1:
        raise ColumnsError(f"{told}: the column {key} has {len(rows)} rows «{name}», not one")
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as error:
        wrong = sorted({_wrong(case) for case in error.failure_cases.to_dict("records")})
        raise ColumnsError(f"{told}: {'; '.join(wrong)}") from error
    return {column: float(rows[column].iloc[0]) for column in schema.columns}


def _whole_as_decimal(column: "pd.Series[float]") -> "pd.Series[float]":
    """A p-value of 1 comes as a whole number; text stays text, which no schema takes."""
    return column.astype(float) if pd.api.types.is_integer_dtype(column) else column


def _wrong(case: dict[str, object]) -> str:
    """Say of one failure which column it is and what was found in it."""
    if case["check"] == "column_in_dataframe":
        return f"the column {case['failure_case']} is not there"
    return f"the column {case['column']} is {case['failure_case']}, against {case['check']}"


@contextmanager
def _unrounded() -> Iterator[None]:
    """Let pingouin round nothing, whatever its options say, and give the options back."""
    kept = dict(pg.options)
    pg.options.clear()
    pg.options["round"] = None
    try:
        yield
    finally:
        pg.options.clear()
        pg.options.update(kept)
