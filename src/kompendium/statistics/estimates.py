"""The shape of design-based estimates, and the intervals of shares at the ends of their scale.

Sources: Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical
inference", JASA 22; Kish, L. (1992), "Weighting for unequal Pi", Journal of Official Statistics
8; Franco, C., Little, R. J. A., Louis, T. A. and Slud, E. V. (2019), "Comparative study of
confidence intervals for proportions in complex sample surveys", Journal of Survey Statistics and
Methodology 7.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa
from scipy.special import stdtrit

from kompendium.statistics.shares import LEVEL

if TYPE_CHECKING:
    from svy import Estimate

Numbers = npt.NDArray[np.floating[Any]]
Codes = npt.NDArray[np.integer[Any]]
Truths = npt.NDArray[np.bool_]

EDGE = 1e-9
"""A share nearer 0 or 1 than this is there; the distance is rounding in the sum of weights."""

FEW = 5
"""A share has a logit interval where so many effective answers stand on either side of it."""


class Interval(StrEnum):
    """How the interval of an estimate was made."""

    T = "t"
    LOGIT = "logit"
    WILSON = "wilson"


ESTIMATES = pa.DataFrameSchema(
    {
        "estimate": pa.Column(float, nullable=True),
        "se": pa.Column(float, pa.Check.ge(0), nullable=True),
        "low": pa.Column(float, nullable=True),
        "high": pa.Column(float, nullable=True),
        "df": pa.Column("int64", pa.Check.ge(0)),
        "n": pa.Column("int64", pa.Check.ge(0)),
        "interval": pa.Column(str, pa.Check.isin([str(one) for one in Interval])),
    }
)
"""What every estimate looks like; the columns of ``by``, and ``level``, stand before these."""

NAMES = {"est": "estimate", "se": "se", "lci": "low", "uci": "high", "df": "df", "n": "n"}
"""svy's columns and ours."""


def numbers(made: Estimate, interval: Interval, keys: list[str]) -> pd.DataFrame:
    """svy's estimates under our names, indexed by the codes of ``keys``."""
    columns = made.to_polars().to_dict(as_series=False)
    index = pd.MultiIndex.from_arrays([columns[key] for key in keys], names=keys)
    rows = pd.DataFrame({ours: columns[theirs] for theirs, ours in NAMES.items()}, index)
    return rows.assign(interval=str(interval))


def few(shares: pd.DataFrame) -> pd.Series[bool]:
    """Tell where fewer than ``FEW`` effective answers, of p(1 − p)/se², stand on one side."""
    value, se = shares["estimate"], shares["se"]
    effective = value * (1 - value) / se.where(se > 0) ** 2
    return effective * np.minimum(value, 1 - value) < FEW


def every_level(shares: pd.DataFrame, levels: int) -> pd.DataFrame:
    """The shares with a row of zeros for each level that nobody in the domain chose."""
    domains = shares.groupby(level="by")[["df", "n"]].first()
    if len(shares) == len(domains) * levels:
        return shares
    index = pd.MultiIndex.from_product([domains.index, range(levels)], names=["by", "y"])
    whole = shares.reindex(index).fillna({"estimate": 0.0, "se": 0.0, "interval": ""})
    whole[["df", "n"]] = domains.loc[index.get_level_values("by")].to_numpy()
    return whole.astype({"df": "int64", "n": "int64"})


def at_an_end(shares: pd.DataFrame) -> pd.Series[bool]:
    """Tell where all or none gave the answer."""
    return (shares["estimate"] < EDGE) | (shares["estimate"] > 1 - EDGE)


def effective_sizes(weights: Numbers, left: Numbers, groups: Codes) -> pd.Series[float]:
    """The number of answers each group is worth: (Σw)² / Σw²(1 − f), infinite in a census.

    It is what p(1 − p)/se² would be if answers depended on neither weight nor stratum: Kish's
    number of answers, with the finite population correction of each row (``left``, 1 − f).
    """
    sums = pd.DataFrame({"weight": weights, "spread": weights**2 * left}).groupby(groups).sum()
    return sums["weight"] ** 2 / sums["spread"]


def wilson(shares: pd.DataFrame, sizes: pd.Series[float], level: float = LEVEL) -> pd.DataFrame:
    """Shares of all or none with Wilson's interval; ``sizes`` are what their domains are worth.

    From 0 to 1 where one unit is all there is in the domain, unless it is a census.
    """
    t = stdtrit(shares["df"].where(shares["df"] > 0), (1 + level) / 2).fillna(np.inf)
    size = sizes.loc[shares.index.get_level_values("by")].to_numpy()
    reach = np.where(np.isinf(size), 0.0, 1 / (1 + np.where(np.isinf(size), 0.0, size) / t**2))
    none = shares["estimate"] < EDGE
    return shares.assign(
        low=np.where(none, 0.0, 1 - reach),
        high=np.where(none, reach, 1.0),
        interval=str(Interval.WILSON),
    )


def table(rows: pd.DataFrame, labels: pd.DataFrame, **levels: pd.Index[Any]) -> pd.DataFrame:
    """The estimates with their domains and levels by name, checked against ``ESTIMATES``.

    ``rows`` is indexed by codes: the place in ``labels`` and, if there is one, in the level.
    """
    domains, *others = (
        np.asarray(rows.index.get_level_values(place)) for place in range(rows.index.nlevels)
    )
    named = labels.take(domains).reset_index(drop=True)
    for (name, values), codes in zip(levels.items(), others, strict=True):
        named[name] = values.take(codes)
    told = pd.concat([named, rows[list(ESTIMATES.columns)].reset_index(drop=True)], axis=1)
    return ESTIMATES.validate(told)
