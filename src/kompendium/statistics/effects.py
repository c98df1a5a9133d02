"""Whether answers go together, by how much, and how sure that is: tests and effect sizes.

A notebook has a table of counts or two columns of answers, and must not print a test that they
do not bear: then the result is None. pingouin computes what it does well (``columns`` stands
between), SciPy and statsmodels the rest. All of it takes the units as independent draws of equal
weight, as the field publishes them, and the silent as missing at random.

Sources: Cochran, W. G. (1954), "Some methods for strengthening the common χ² tests", Biometrics
10; Armitage, P. (1955), "Tests for linear trends in proportions and frequencies", Biometrics 11;
Agresti, A. (2013), "Categorical Data Analysis", 3rd ed., sections 3.5 (exact), 5.3 (trend), 6.5
(separation) and 11.1 (pairs); Cohen, J. (1988), "Statistical Power Analysis", 2nd ed., ch. 6.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio as conditional_odds_ratio
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.proportion import proportion_effectsize

from kompendium.statistics import columns
from kompendium.statistics.shares import LEVEL

LEAST = 5
"""The smallest count, found or expected, that the chi-square approximation is trusted with."""

DISCORDANT = 25
"""From this number of changed answers on, McNemar's approximation is trusted."""

COLLINEAR = 1e-7
"""What a linear program may find by rounding alone, where no predictor tells answers apart."""


@dataclass(frozen=True)
class Independence:
    """How far a table is from independent rows and columns.

    ``chi2`` with ``dof`` degrees of freedom (Yates's correction where that is one), its
    ``p_value``, and ``cramer``: Cramér's V, the strength of the association from 0 to 1,
    without the correction, which belongs to the test.
    """

    chi2: float
    dof: int
    p_value: float
    cramer: float


@dataclass(frozen=True)
class OddsRatio:
    """How many times larger the odds are, with its interval and the test of no difference."""

    value: float
    interval: tuple[float, float]
    p_value: float
    level: float = LEVEL


@dataclass(frozen=True)
class Change:
    """How the same ``answers`` units changed: ``gained`` went from no to yes, ``lost`` back.

    ``exact`` tells whether ``p_value`` is the binomial one or McNemar's approximation.
    """

    answers: int
    gained: int
    lost: int
    p_value: float
    exact: bool

    @property
    def difference(self) -> float:
        """The change in the share that says yes."""
        return (self.gained - self.lost) / self.answers


@dataclass(frozen=True)
class Trend:
    """Whether a share rises (``z`` above zero) or falls through ordered classes."""

    z: float
    p_value: float


def independence(counts: pd.DataFrame) -> Independence | None:
    """Test whether the rows of a table of counts answer alike; empty rows and columns do not count.

    None where a cell holds fewer than five, or would if the rows were alike, or where fewer
    than two rows or columns are left to compare. Raises ValueError for a negative count.
    """
    values = _counts(counts)
    values = values[values.any(axis=1)][:, values.any(axis=0)]
    if min(values.shape) < 2:
        return None
    expected = np.outer(values.sum(axis=1), values.sum(axis=0)) / values.sum()
    if min(values.min(), expected.min()) < LEAST:
        return None
    test = columns.chi_square(values, correction=True)
    strength = columns.chi_square(values, correction=False)["cramer"]
    return Independence(test["chi2"], int(test["dof"]), test["pval"], strength)


def odds_ratio(square: pd.DataFrame, level: float = LEVEL) -> OddsRatio | None:
    """Compare two groups (rows) in a two by two table of counts, however small: Fisher's test.

    The odds ratio is the conditional maximum likelihood estimate with its exact interval, as
    R's ``fisher.test`` gives them; 0 or infinite where a cell is empty. None where a row or a
    column is empty. Raises ValueError for another shape or a negative count.
    """
    values = _counts(square)
    if values.shape != (2, 2):
        raise ValueError(f"a two by two table is needed, not {values.shape[0]} × {values.shape[1]}")
    if not (values.any(axis=0).all() and values.any(axis=1).all()):
        return None
    found = conditional_odds_ratio(values, kind="conditional")
    low, high = found.confidence_interval(level)
    p_value = float(fisher_exact(values).pvalue)
    return OddsRatio(float(found.statistic), (float(low), float(high)), p_value, level)


def cohen_h(first: float, second: float) -> float:
    """The difference between two shares as an effect size: 2 arcsin √a − 2 arcsin √b.

    0.2 is small, 0.5 medium and 0.8 large (Cohen 1988): unlike percentage points it has the
    same precision wherever between 0 and 1 the shares are. ValueError outside.
    """
    if not (0 <= first <= 1 and 0 <= second <= 1):
        raise ValueError(f"{first} and {second} are not both shares from 0 to 1")
    return float(proportion_effectsize(first, second))


def trend(counts: pd.DataFrame, scores: Sequence[float] | None = None) -> Trend | None:
    """Test whether a share rises or falls through ordered classes (Cochran–Armitage).

    One row a class, in order; the first column counts those who gave the answer, the second the
    others. ``scores`` places the classes (0, 1, 2, … without). None where fewer than two
    classes have answers or all answers are alike. Raises ValueError for another shape.
    """
    values = _counts(counts)
    if values.shape[1] != 2 or (scores is not None and len(scores) != len(values)):
        raise ValueError("one row a class with two counts is needed, and a score a row")
    if values.any(axis=1).sum() < 2 or not values.any(axis=0).all():
        return None
    places = np.arange(len(values)) if scores is None else np.asarray(scores)
    table = Table(values, shift_zeros=False)
    found = table.test_ordinal_association(places, np.array([1, 0]))
    return Trend(float(found.zscore), float(found.pvalue))


def mcnemar(first: "pd.Series[bool]", second: "pd.Series[bool]") -> Change | None:
    """Test whether the same units answer otherwise the second time (McNemar's test).

    Both say yes or no by unit, in their index; a unit that is missing or blank in one of them is
    left out, and None is returned where nobody is left. Exact where fewer than 25 changed.
    Raises ValueError where a unit stands twice.
    """
    if first.index.has_duplicates or second.index.has_duplicates:
        raise ValueError("a unit answers twice in the same column")
    pairs = pd.concat({"first": first, "second": second}, axis=1, join="inner").dropna()
    if pairs.empty:
        return None
    before, after = (pairs[name].to_numpy(dtype=bool) for name in pairs)
    gained, lost = int((~before & after).sum()), int((before & ~after).sum())
    exact = gained + lost < DISCORDANT
    p_value = 1.0
    if gained + lost:
        p_value = columns.mcnemar(before, after)["p_exact" if exact else "p_approx"]
    return Change(len(pairs), gained, lost, p_value, exact)


def logistic(
    codes: pd.DataFrame, outcome: str, predictors: Sequence[str], level: float = LEVEL
) -> dict[str, OddsRatio] | None:
    """How the odds of an outcome (a column of 0 and 1) change with each predictor, by its name.

    An ordered categorical predictor counts as one step from each category to the next; another
    has one entry a category after the first, named ``predictor: category``; a number counts by
    its unit. Rows with a blank are left out. The intervals are Wald's.

    None where no finite odds ratios are likeliest: all answers are alike, a predictor says
    nothing that the others do not, or the answers are told apart without error (separation).
    Raises ValueError where the outcome is something else than 0 and 1.
    """
    rows = codes[[outcome, *predictors]].dropna()
    answers = rows[outcome].to_numpy(dtype=int)
    if not np.isin(answers, (0, 1)).all():
        raise ValueError(f"{outcome} must be 0 or 1")
    if len(set(answers)) < 2:
        return None
    given = pd.concat([_numbers(name, rows[name]) for name in predictors], axis=1)
    design = np.column_stack([np.ones(len(rows)), given.to_numpy(dtype=float)])
    informed = given.shape[1] and np.linalg.matrix_rank(design) == design.shape[1]
    if not informed or _separated(design, answers):
        return None
    reach = NormalDist().inv_cdf((1 + level) / 2)
    return {
        name: OddsRatio(
            math.exp(one["coef"]),
            (math.exp(one["coef"] - reach * one["se"]), math.exp(one["coef"] + reach * one["se"])),
            one["pval"],
            level,
        )
        for name, one in columns.logistic(given, answers).items()
    }


def _counts(table: pd.DataFrame) -> npt.NDArray[np.int_]:
    values: npt.NDArray[np.int_] = table.to_numpy(dtype=int)
    if (values < 0).any():
        raise ValueError("counts are whole numbers from zero")
    return values


def _numbers(name: str, predictor: "pd.Series[float]") -> pd.DataFrame:
    """A predictor as columns of numbers."""
    if not isinstance(predictor.dtype, pd.CategoricalDtype):
        return pd.DataFrame({name: predictor.astype(float)})
    if predictor.dtype.ordered:
        return pd.DataFrame({name: predictor.cat.codes.astype(float)})
    _, *others = predictor.cat.remove_unused_categories().cat.categories
    return pd.DataFrame(
        {f"{name}: {one}": predictor.eq(one).astype(float) for one in others},
        index=predictor.index,
    )


def _separated(design: npt.NDArray[np.float64], answers: npt.NDArray[np.int_]) -> bool:
    """Tell whether some combination of the predictors never errs, so that its odds run away.

    It exists exactly where a linear program has a solution above zero (Albert, A. and Anderson,
    J. A. (1984), "On the existence of maximum likelihood estimates in logistic regression
    models", Biometrika 71). Columns are brought to a common scale first.
    """
    scaled = design / np.abs(design).max(axis=0)
    signed = np.unique(np.where(answers[:, None] == 1, scaled, -scaled), axis=0)
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1))
    return bool(-found.fun > COLLINEAR)
