"""Published findings computed on respondents, by the answer the codebook gives.

The size ordering has one definition: the share among units of at least 20 000 persons less the
share among units under 5 000 (the codebook names the limits). Middle classes do not count, so
that "larger in greater degree" is not decided by neighbours across a class limit.
"""

import math
from collections.abc import Iterable
from itertools import product
from statistics import NormalDist

import pandas as pd

from kompendium.facts.findings import finding
from kompendium.facts.quantities import Region
from kompendium.facts.vocabulary import Evidence
from kompendium.statistics.shares import LEVEL, Comparison, Share, difference, ratio
from kompendium.surveys.codebook import Answer, Codebook, Part, Rank, Ranked
from kompendium.surveys.domains import members, wider

Estimate = Share | Comparison
"""What answers a finding: both have ``value``, ``interval`` and ``evidence``."""


def share(
    book: Codebook, part: Part, answers: pd.DataFrame, units: int, evidence: Evidence
) -> Share:
    """Compute one share; ``answers`` are codes, ``units`` the number of units in the frame."""
    base, count = members(book, part, answers)
    size = max(population(book, part, answers, units), float(base.sum()))
    return Share(int(count.sum()), int(base.sum()), evidence, size)


def population(book: Codebook, part: Part, answers: pd.DataFrame, units: int) -> float:
    """How many answers there would be if every unit had answered.

    The units times the roles asked. For a share of some respondents only (of a size, of those
    who gave an answer, or of those a question was for) it shrinks in proportion: how many of
    the silent belong to the base is not known.
    """
    whole = wider(book, part)
    if whole is None:
        return float(units * len(book.questions[part.variable].roles))
    asked = int(members(book, whole, answers)[0].sum())
    base = int(members(book, part, answers)[0].sum())
    return population(book, whole, answers, units) * (base / asked if asked else 1.0)


def estimate(
    book: Codebook, answer: Answer, answers: pd.DataFrame, units: int, evidence: Evidence
) -> Estimate:
    """Compute what answers a finding: a share, or a difference or ratio of two."""
    if answer.share is not None:
        return share(book, answer.share, answers, units, evidence)
    if answer.ranked is not None:
        return _ranked(book, answer.ranked, answers, units, evidence)
    if answer.ratio is not None:
        of = share(book, answer.ratio.of, answers, units, evidence)
        return ratio(of, share(book, answer.ratio.to, answers, units, evidence))
    assert answer.difference is not None
    pairs = [
        _difference(book, of, to, answers, units, evidence)
        for of, to in product(answer.difference.of, answer.difference.to)
    ]
    return narrowest(pairs, region(answer))


def region(answer: Answer) -> Region:
    """What the published wording allows; TypeError if the finding is not a number."""
    quantity = finding(answer.finding).quantity
    if not isinstance(quantity, Region):
        raise TypeError(f"{answer.finding} is «{quantity.wording}», which no share can answer")
    return quantity


def narrowest(pairs: Iterable[Comparison], allowed: Region) -> Comparison:
    """The comparison nearest to breaking an ordering, or farthest from an equality."""
    known = [pair for pair in pairs if not math.isnan(pair.value)] or list(pairs)
    if allowed.low >= 0:
        return min(known, key=lambda pair: pair.value)
    if allowed.high <= 0:
        return max(known, key=lambda pair: pair.value)
    return max(known, key=lambda pair: abs(pair.value))


def _ranked(
    book: Codebook, ranked: Ranked, answers: pd.DataFrame, units: int, evidence: Evidence
) -> Share:
    shares = [share(book, part, answers, units, evidence) for part in ranked.among]
    known = [one for one in shares if one.base] or shares
    ordered = sorted(known, key=lambda one: one.value, reverse=True)
    place = {Rank.HIGHEST: 0, Rank.MOST: len(ordered) // 2, Rank.LOWEST: len(ordered) - 1}
    return ordered[place[ranked.rank]]


def _difference(
    book: Codebook,
    of: Part,
    to: Part,
    answers: pd.DataFrame,
    units: int,
    evidence: Evidence,
) -> Comparison:
    """Compare independent groups, or two answers of the same respondents."""
    first, second = (share(book, part, answers, units, evidence) for part in (of, to))
    (base, count), (other, others) = (members(book, part, answers) for part in (of, to))
    both = base & other
    if not both.any():
        return difference(first, second)
    return _paired(
        first, second, (count[both].astype(int) - others[both].astype(int)), base | other
    )


def _paired(
    of: Share, to: Share, changes: "pd.Series[int]", either: "pd.Series[bool]"
) -> Comparison:
    """The difference of two shares of the same respondents, with its normal interval.

    The variance is that of the differences within respondents (Cochran 1977, section 2.9),
    on those who answered both, with the finite population correction of the larger base.
    """
    value = of.value - to.value
    larger = max(of, to, key=lambda one: one.base)
    scale = larger.base / larger.effective if larger.effective else 1.0
    n = len(changes)
    spread = changes.var(ddof=0) / n * scale
    reach = NormalDist().inv_cdf((1 + LEVEL) / 2) * math.sqrt(spread)
    return Comparison(
        of, to, value, (max(-1.0, value - reach), min(1.0, value + reach)), of.evidence
    )
