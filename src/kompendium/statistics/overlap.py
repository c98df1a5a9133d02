"""Two waves of a survey that asked largely the same units, compared without pretending otherwise.

Part of the municipalities answer both times, and mostly as they did before. The two shares are
then not independent: what is unusual about those who answer is in both, and goes out in the
difference. For samples of n and n' units, of which m are in both, from one population of N,

    cov(p, p') = (m / (n n') − 1 / N) S,

where S is the covariance of the two answers over the units of the population, estimated by that
of the m. With m = n n' / N, the overlap that chance gives, the covariance is nil; where all units
answer both times nothing is uncertain. Where a reform changes the population, only the units in
both frames (N₁₂, of which a and a' answered) carry a covariance: (m − a a' / N₁₂) S / (n n').
Answers of units that were merged are related as well, but it is not known how; leaving that out
makes the interval a little too wide.

As everywhere in the compendium, who answers is taken to be random. Sources: Kish, L. (1965),
"Survey Sampling", section 12.4; Tam, S. M. (1984), "On covariances from overlapping samples",
The American Statistician 38; Wood, J. (2008), "On the covariance between related
Horvitz–Thompson estimators", Journal of Official Statistics 24; Zou, G. Y. and Donner, A.
(2008), "Construction of confidence limits about effect measures", Statistics in Medicine 27.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from kompendium.statistics.shares import LEVEL, Share

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Overlap:
    """How many answered in two waves and both times, of how many.

    ``answers`` are the numbers that answered; ``units`` the sizes of the populations; ``both``
    answered twice; ``shared`` are those who answered in each wave among the ``common`` units,
    which are in both populations. Counts are of respondents: units times the roles asked.
    """

    answers: tuple[int, int]
    units: tuple[float, float]
    both: int
    shared: tuple[int, int]
    common: float

    @classmethod
    def of_one_population(cls, answers: tuple[int, int], units: float, both: int) -> Overlap:
        """The overlap where the two waves had the same units."""
        return cls(answers, (units, units), both, answers, units)

    @property
    def factor(self) -> float:
        """What the covariance of the answers is multiplied by: that of the two shares."""
        first, second = self.answers
        expected = self.shared[0] * self.shared[1] / self.common if self.common else 0.0
        return (self.both - expected) / (first * second) if first and second else 0.0

    def margin(self, share: float, correlation: float, level: float = LEVEL) -> float:
        """Half the width of the normal interval of the change, for planning.

        ``share`` is the share in both waves, ``correlation`` that of a unit's two answers.
        """
        spread = share * (1 - share)
        pairs = zip(self.answers, self.units, strict=True)
        own = sum((1 - n / size) * spread * size / (size - 1) / n for n, size in pairs)
        variance = own - 2 * self.factor * correlation * spread
        return NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(max(0.0, variance))


def answered_twice(
    answers: tuple[int, int], units: tuple[int, int], common: int
) -> tuple[int, int]:
    """The least and the largest number of units that can have answered both times.

    ``answers`` of the ``units`` in each wave; ``common`` units were in both. As many as do not
    fit into the units of one wave alone must be among the common ones (Fréchet's bounds).
    """
    shared = [max(0, n - (size - common)) for n, size in zip(answers, units, strict=True)]
    return max(0, sum(shared) - common), min(*answers, common)


def covariance(first: Numbers, second: Numbers, overlap: Overlap) -> float:
    """The covariance of two shares, from the answers of those who answered both times.

    ``first`` and ``second`` are 1 and 0, or residuals of a ratio, by respondent; nil where
    fewer than two answered twice, because nothing is known then.
    """
    if len(first) < 2:
        return 0.0
    return overlap.factor * float(np.cov(first, second)[0, 1])


def variance(share: Share) -> float:
    """The variance of a share, without bias: (1 − n / N) p (1 − p) / (n − 1) (Cochran 1977)."""
    if share.base < 2:
        return math.nan
    left = 1.0 if share.population is None else 1 - share.base / share.population
    return left * share.value * (1 - share.value) / (share.base - 1)


def interval_of_change(of: Share, to: Share, correlation: float) -> tuple[float, float]:
    """The interval of ``of`` less ``to``, from their own intervals and their correlation.

    Zou and Donner's (2008): without correlation it is Newcombe's of two independent shares,
    with the correlation of pairs his interval for pairs (method 8). It holds where shares are
    extreme.
    """
    if not (of.base and to.base):
        return -1.0, 1.0
    value = of.value - to.value
    (low, high), (least, most) = of.interval, to.interval
    down = _distance(of.value - low, most - to.value, correlation)
    up = _distance(high - of.value, to.value - least, correlation)
    return max(-1.0, value - down), min(1.0, value + up)


def _distance(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(0.0, one**2 + other**2 - 2 * correlation * one * other))


@dataclass(frozen=True)
class Slope:
    """The change a year in a straight line through the shares of three or more waves."""

    value: float
    interval: tuple[float, float]
    standard_error: float
    level: float = LEVEL


def slope(
    years: Sequence[float], shares: Sequence[float], covariances: Numbers, level: float = LEVEL
) -> Slope:
    """The least-squares change a year, with the interval that the covariances of the shares give.

    ``covariances`` has the variances of the shares on its diagonal. The line describes these
    waves; it says nothing of the years between or after them.

    Raises:
        ValueError: there are fewer than three waves, or the years are not increasing.
    """
    if len(years) < 3 or any(b <= a for a, b in pairwise(years)):
        raise ValueError("a trend needs three waves or more, in the order of years")
    apart = np.asarray(years, dtype=float) - np.mean(years)
    weights = apart / (apart**2).sum()
    value = float(weights @ np.asarray(shares, dtype=float))
    error = math.sqrt(max(0.0, float(weights @ covariances @ weights)))
    reach = NormalDist().inv_cdf((1 + level) / 2) * error
    return Slope(value, (value - reach, value + reach), error, level)
