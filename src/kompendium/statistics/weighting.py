"""Weights that make the answers sum to what is known of the population.

Post-stratification needs the number of units in every cell. Raking needs the margins only, and
makes do where cells are tiny. ``Design.post_stratified`` and ``Design.raked`` use these. Known
totals take doubt away: the variance is that of what cells or margins leave unexplained, as with
R's ``postStratify`` and ``rake``.

Sources: Holt, D. and Smith, T. M. F. (1979), "Post stratification", JRSS A 142; Deville, J.-C.,
Särndal, C.-E. and Sautory, O. (1993), "Generalized raking procedures in survey sampling", JASA
88; Kish, L. (1992), "Weighting for unequal Pi", Journal of Official Statistics 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kompendium.statistics.estimates import Codes, Numbers

if TYPE_CHECKING:
    import svy

TOLERANCE = 1e-10
"""The largest relative distance between a raked margin and its total."""

SWEEPS = 1000
"""Raking that has not met its margins after so many rounds never will."""


class NoWeightsError(ValueError):
    """The answers cannot be weighted to every margin at once."""


@dataclass(frozen=True, eq=False)
class PostStratification:
    """Totals by cell: a Series of units indexed by the values of one or more columns."""

    totals: pd.Series[int]

    def cells(self, data: pd.DataFrame) -> dict[str, Codes]:
        """The cell of each row, by its place in ``totals``."""
        return {"cell": cell_codes(self.totals, data)}

    def fit(self, sample: svy.Sample) -> svy.Sample:
        """The sample with weights that meet the totals."""
        fitted: svy.Sample = sample.weighting.poststratify(_controls(self.totals), cells="cell")
        return fitted


@dataclass(frozen=True, eq=False)
class Raking:
    """Several sets of totals, each a Series of units indexed by the values of its columns."""

    margins: tuple[pd.Series[int], ...]

    def __post_init__(self) -> None:
        """Refuse margins of different populations."""
        sums = {float(margin.sum()) for margin in self.margins}
        if len(sums) != 1:
            raise ValueError(f"the margins are of one population, but sum to {sorted(sums)}")

    def cells(self, data: pd.DataFrame) -> dict[str, Codes]:
        """The class of each row in each margin, by its place in the margin."""
        return {f"margin_{n}": cell_codes(one, data) for n, one in enumerate(self.margins)}

    def fit(self, sample: svy.Sample) -> svy.Sample:
        """The sample with weights that meet every margin; NoWeightsError if none do."""
        from svy.errors import WeightingError

        controls = {f"margin_{n}": _controls(one) for n, one in enumerate(self.margins)}
        try:
            return sample.weighting.rake(controls=controls, tol=TOLERANCE, max_iter=SWEEPS)
        except WeightingError as error:
            raise NoWeightsError(f"no weights meet the margins: {error.title}") from error


Adjustment = PostStratification | Raking
"""What is known of the population, and how the weights are made to agree with it."""


@dataclass(frozen=True)
class Weights:
    """How far weights reach: the smallest and the largest, relative to their mean.

    ``design_effect`` is Kish's 1 + cv²: what uneven weights alone multiply a variance by.
    """

    lowest: float
    highest: float
    design_effect: float

    @classmethod
    def of(cls, weights: Numbers) -> Weights:
        """Describe weights; ValueError if there are none."""
        if not len(weights):
            raise ValueError("there are no weights to describe")
        relative = weights / weights.mean()
        return cls(float(relative.min()), float(relative.max()), float((relative**2).mean()))


def cell_codes(totals: pd.Series[int], data: pd.DataFrame) -> Codes:
    """The place in ``totals`` of each row's cell.

    Raises:
        KeyError: a column that ``totals`` is indexed by is not in the data.
        ValueError: a total is not positive or stands twice, a row is in no cell of ``totals``,
            or a cell has no row; the message names the cells.
    """
    names = list(totals.index.names)
    if any(name not in data for name in names):
        raise KeyError(f"the totals are by {names}, but the data have {list(data.columns)}")
    if not totals.index.is_unique or not (totals > 0).all():
        raise ValueError(f"every cell of {names} needs one positive total:\n{totals}")
    place = {cell: n for n, cell in enumerate(_rows(totals.index.to_frame()))}
    cells = _rows(data[names])
    strangers = sorted({str(cell) for cell in cells if cell not in place})
    if strangers:
        raise ValueError(f"rows without a total: {', '.join(strangers)}")
    empty = [str(cell) for cell in place.keys() - set(cells)]
    if empty:
        raise ValueError(f"nobody stands for {', '.join(sorted(empty))}: join it with another cell")
    return np.array([place[cell] for cell in cells], dtype=np.int64)


def _rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    """The rows as tuples."""
    return list(zip(*(table[name].tolist() for name in table), strict=True))


def _controls(totals: pd.Series[int]) -> dict[Any, Any]:
    return dict(enumerate(totals.to_numpy(dtype=float).tolist()))
