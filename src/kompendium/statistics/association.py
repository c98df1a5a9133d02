"""Does an answer go with another, or rise with the size of the unit? Tests that know the design.

A chi-square test takes every answer for an independent draw of equal weight. Rao and Scott's
test corrects it for weights, strata, clusters and the finite population. Where the classes have
an order, a gradient asks one question instead of several, and finds a rise that the test of
independence spreads over all its degrees of freedom. ``effects`` has the tests without weights.

Sources: Rao, J. N. K. and Scott, A. J. (1984), "On chi-squared tests for multiway contingency
tables with cell proportions estimated from survey data", Annals of Statistics 12; Binder, D. A.
(1983), "On the variances of asymptotically normal estimators from complex surveys",
International Statistical Review 51; Agresti, A. (2013), "Categorical Data Analysis", 3rd ed.,
section 5.3 (trends in proportions).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from kompendium.statistics.design import Design


@dataclass(frozen=True)
class RaoScott:
    """Rao and Scott's test of independence, with the second-order correction.

    ``statistic`` is F with ``dof`` and ``dof_residual`` degrees of freedom, which need not be
    whole numbers.
    """

    statistic: float
    dof: float
    dof_residual: float
    p_value: float


@dataclass(frozen=True)
class Gradient:
    """How the odds of an answer change from one class to the next.

    ``odds_ratio`` is what a step multiplies the odds by, with its ``interval``; ``slope`` is its
    logarithm with standard error ``se``. ``statistic`` is their quotient, Student's t with ``dof``
    degrees of freedom.
    """

    odds_ratio: float
    interval: tuple[float, float]
    slope: float
    se: float
    statistic: float
    dof: int
    p_value: float


def rao_scott(
    design: Design, row: str, column: str, *, where: pd.Series[bool] | None = None
) -> RaoScott | None:
    """Test whether two categorical columns are independent (R: ``svychisq(statistic="F")``).

    Rows with a blank in either are outside the domain, with those who do not meet ``where``. The
    residual degrees of freedom count the clusters and strata of the domain. (R does so too, but
    after ``postStratify`` or ``rake`` it counts those of the whole design.) None where fewer than
    two rows or two columns have anybody in them.

    Raises:
        KeyError: a column is not in the data.
        ValueError: nobody is in the domain, or the design is not sound.
    """
    import svy

    codes = [pd.Categorical(design.column(name)).codes.astype(np.int64) for name in (row, column)]
    inside = design.inside(where, *codes)
    if any(len(np.unique(one[inside])) < 2 for one in codes):
        return None
    sample = design.bound(row=codes[0], column=codes[1], inside=inside)
    made = sample.categorical.tabulate("row", "column", where=svy.col("inside"))
    assert made.stats is not None
    assert made.stats.f is not None
    found = made.stats.f
    p_value = fdtrc(found.df_num, found.df_den, found.value)  # svy's own has no tail under 1e-16
    return RaoScott(found.value, found.df_num, found.df_den, float(p_value))


def gradient(
    design: Design, variable: str, classes: str, *, where: pd.Series[bool] | None = None
) -> Gradient | None:
    """Regress an answer (true or false, 1 or 0) on the rank of its ordered class.

    The regression is logistic, with the design's weights and variance (R: ``svyglm``): on the
    scale of odds a share may rise towards 1 and never past it, and a step is the same wherever
    one stands. Ranks count every class, empty ones too, and claim no distance between them.
    ``classes`` is an ordered categorical. None where there is no slope to find: everybody gave
    the same answer or is in one class, or all who gave it are in larger classes than those who
    did not (or all in smaller), so that no odds are steep enough.

    Raises:
        KeyError: a column is not in the data.
        TypeError: the classes have no order.
        ValueError: the answers are not true or false, nobody is in the domain, or the design is
            not sound.
    """
    import svy

    ordered = design.column(classes)
    if not (isinstance(ordered.dtype, pd.CategoricalDtype) and ordered.dtype.ordered):
        raise TypeError(f"{classes} is not an ordered categorical")
    answer = design.column(variable).to_numpy(dtype=float, na_value=np.nan)
    if not np.isin(answer[~np.isnan(answer)], (0, 1)).all():
        raise ValueError(f"{variable} has other values than true and false")
    rank = ordered.cat.codes.to_numpy(dtype=np.int64)
    inside = design.inside(where, rank, np.where(np.isnan(answer), -1, 0))
    yes, no = rank[inside & (answer == 1)], rank[inside & (answer == 0)]
    if not len(yes) or not len(no) or yes.min() >= no.max() or no.min() >= yes.max():
        return None
    sample = design.bound(y=np.nan_to_num(answer), rank=rank, inside=inside)
    alpha = 1 - design.level
    made = sample.glm.fit(
        y="y", x=["rank"], family="binomial", where=svy.col("inside"), alpha=alpha
    )
    [found] = [row for row in made.to_polars().to_dicts() if row["term"] == "rank"]
    return Gradient(
        odds_ratio=math.exp(found["estimate"]),
        interval=(math.exp(found["conf_low"]), math.exp(found["conf_high"])),
        slope=found["estimate"],
        se=found["std_err"],
        statistic=found["statistic"],
        dof=int(found["df"]),
        p_value=found["p_value"],
    )
