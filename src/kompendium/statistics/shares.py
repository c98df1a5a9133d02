"""Shares of answers with their uncertainty, alone and compared.

Reports of this field print shares of the units that answered, without intervals. An interval
here is Wilson's, with a correction because most of a small population has answered. It
treats those who did not answer as missing at random, which ``bounds.nonresponse`` does not.

Sources: Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical
inference", JASA 22; Cochran, W. G. (1977), "Sampling Techniques", 3rd ed., sections 2.6 and
3.2 (finite population); Newcombe, R. G. (1998), "Interval estimation for the difference
between independent proportions", Statistics in Medicine 17; Koopman, P. A. R. (1984),
"Confidence intervals for the ratio of two binomial proportions", Biometrics 40.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

import pandas as pd
from scipy.optimize import brentq
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from kompendium.facts.quantities import Region
from kompendium.facts.vocabulary import Evidence
from kompendium.statistics.integers import counts

LEVEL = 0.95

CENSUS = 1e9
"""The effective number of answers where everyone has answered."""


@dataclass(frozen=True)
class Share:
    """How many of a base gave an answer, and what that says of the population.

    ``population`` is the number of units the base was drawn from (None: no correction).
    """

    count: int
    base: int
    evidence: Evidence
    population: float | None = None
    level: float = LEVEL

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        if not 0 <= self.count <= self.base:
            raise ValueError(f"{self.count} of {self.base} is not a share")
        if self.population is not None and self.population < self.base:
            raise ValueError(f"{self.base} answers from a population of {self.population}")

    @property
    def value(self) -> float:
        """The share, 0 to 1; not a number where nobody was asked."""
        return self.count / self.base if self.base else math.nan

    @property
    def effective(self) -> float:
        """The number of answers an infinite population would need for the same precision."""
        return effective_size(self.base, self.population)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval at ``level``, with the effective number of answers."""
        if not self.base:
            return 0.0, 1.0
        if math.isinf(self.effective):
            return self.value, self.value
        size = self.effective
        low, high = proportion_confint(self.value * size, size, 1 - self.level, method="wilson")
        return max(0.0, float(low)), min(1.0, float(high))


@dataclass(frozen=True)
class Comparison:
    """A difference or a ratio of two shares, with its interval."""

    of: Share
    to: Share
    value: float
    interval: tuple[float, float]
    evidence: Evidence


def effective_size(answers: int, population: float | None) -> float:
    """Answers divided by the finite population correction: n (N − 1) / (N − n).

    The variance of a share is multiplied by (N − n) / (N − 1) when n of N units answered
    (Cochran 1977); using this number in place of n does the same. Infinite when all answered.
    """
    if population is None:
        return float(answers)
    if population <= answers:
        return math.inf
    return max(float(answers), answers * (population - 1) / (population - answers))


def margin(
    answers: int, population: float | None = None, share: float = 0.5, level: float = LEVEL
) -> float:
    """Half the width of the normal interval, at its widest when ``share`` is a half.

    276 answers of 437 give 0.036 (0.059 without the correction), 224 of 371 give 0.041 (0.065).
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    return float(z * math.sqrt(share * (1 - share) / effective_size(answers, population)))


def difference(of: Share, to: Share) -> Comparison:
    """The difference between two independent shares, with Newcombe's interval (1998)."""
    value, interval = of.value - to.value, (-1.0, 1.0)
    if of.base and to.base:
        sizes = [min(one.effective, CENSUS) for one in (of, to)]
        low, high = confint_proportions_2indep(
            of.value * sizes[0],
            sizes[0],
            to.value * sizes[1],
            sizes[1],
            method="newcomb",
            compare="diff",
            alpha=1 - of.level,
        )
        interval = float(low), float(high)
    return Comparison(of, to, value, interval, of.evidence)


def ratio(of: Share, to: Share) -> Comparison:
    """How many times larger one share is than another, independent one (Koopman 1984).

    The interval holds every ratio that a score test would not reject; it also stands where a
    share is 0 or 1. The ratio is infinite where the other share is zero.
    """
    value = of.value / to.value if to.count else math.inf if of.count else math.nan
    low = _ratio_end(of, to, -1) if of.count and to.base else 0.0
    high = _ratio_end(of, to, 1) if to.count and of.base else math.inf
    return Comparison(of, to, value, (low, high), of.evidence)


def _ratio_end(of: Share, to: Share, side: int) -> float:
    """Where the score statistic of a ratio reaches its critical value, to either side."""
    n, m = (min(one.effective, CENSUS) for one in (of, to))
    critical = NormalDist().inv_cdf((1 + of.level) / 2) ** 2

    def excess(log: float) -> float:
        times = math.exp(log)
        a, c = (n + m) * times, n * of.value + m * to.value
        b = times * (n + m * to.value) + n * of.value + m
        second = (b - math.sqrt(max(0.0, b * b - 4 * a * c))) / (2 * a)
        first = min(1.0, times * second)
        spread = first * (1 - first) / n + times**2 * second * (1 - second) / m
        distance = (of.value - times * to.value) ** 2
        return distance / spread - critical if spread > 0 else -critical if not distance else 1.0

    middle = math.log(of.value / to.value) if of.count and to.count else 0.0
    near, far = middle, middle + side
    while excess(near) > 0:
        near -= side
    while excess(far) <= 0:
        far += side
    return math.exp(float(brentq(excess, near, far, xtol=1e-12)))


def certainty(
    low: Region,
    high: Region,
    answers_low: Iterable[int],
    answers_high: Iterable[int],
    level: float = LEVEL,
    population: int | None = None,
) -> pd.DataFrame:
    """For each pair of numbers of answers: would the printed difference have been certain?

    Reports print two shares (``low`` and ``high``) but not the numbers of answers. One row a
    pair: ``answers_low``, ``answers_high``; ``difference``, ``lower`` and ``upper``: the
    smallest difference that prints so, with its interval; ``certain``: whether the interval
    leaves out zero; missing where no count of answers prints as published.
    """
    second = list(answers_high)
    rows = []
    for first in answers_low:
        for other in second:
            row: dict[str, object] = {"answers_low": first, "answers_high": other}
            most, least = counts(low, first)[-1:], counts(high, other)[:1]
            if most and least:
                found = difference(
                    Share(least[0], other, Evidence.ARITHMETIC, population, level),
                    Share(most[0], first, Evidence.ARITHMETIC, population, level),
                )
                row |= {"difference": found.value, "lower": found.interval[0]}
                row |= {"upper": found.interval[1], "certain": found.interval[0] > 0}
            rows.append(row)
    columns = ["answers_low", "answers_high", "difference", "lower", "upper", "certain"]
    return pd.DataFrame(rows, columns=columns).astype({"certain": "boolean"})


def smallest_certain(
    low: Region,
    high: Region,
    most: int,
    level: float = LEVEL,
    population: int | None = None,
) -> int | None:
    """The number of answers in each group from which on the printed difference is certain.

    With that many answers in both groups, and with any equal number up to ``most``, the
    interval leaves out zero; None if it never does. Numbers that cannot print as published
    are passed over.
    """
    smallest = None
    for answers in range(most, 0, -1):
        certain = certainty(low, high, [answers], [answers], level, population)["certain"].iloc[0]
        if pd.isna(certain):
            continue
        if not certain:
            break
        smallest = answers
    return smallest
