"""How many gave each answer, such that every published figure of a survey holds at once.

The figures leave many tallies open. Among those that satisfy all of them (``conditions``), the
chosen one has the most entropy: it spreads people as evenly over the answers as the figures
allow, and so adds nothing to them. Two exceptions are stated, since the rule would hide what a
report says:

* Where it orders shares, there are ten percentage points between them, if the figures leave
  room for that: evenly spread, they would differ by one respondent.
* Where it orders units by size, the odds of the answer change by the same factor from each size
  class to the next, which the figures leave open: ``gradient`` is its logarithm, and
  ``extremes`` gives the range of what it can lead to.
"""

import math
from dataclasses import dataclass
from statistics import fmean

from kompendium.facts.size_classes import CODED
from kompendium.statistics.answers import region
from kompendium.statistics.bounds import Bounds
from kompendium.statistics.conditions import Cell, Conditions, People, less, times
from kompendium.surveys.codebook import Answer, Codebook, Sizes


@dataclass(frozen=True)
class Tallies:
    """Whole numbers that satisfy every figure, with their entropy in nats.

    ``gap`` is how much more entropy any numbers could have that satisfy them, whole or not.
    """

    counts: dict[Cell, int]
    entropy: float
    gap: float


def tallies(book: Codebook, people: People, gradient: float = 0.0) -> Tallies:
    """Choose whole numbers for every question, role and answer.

    Everyone answers all they are asked. ``gradient`` is the log-odds a size class, the way a
    published ordering by size goes. An endless one gives the largest difference the figures
    allow, and one below zero the smallest.
    Raises CannotHoldError, with the findings among which the contradiction lies.
    """
    conditions = Conditions(book, people)
    for answer in book.answers:
        if answer.difference is not None and any(part.sizes for part in answer.parts):
            _order(conditions, answer, gradient)
    solution = conditions.program.solve()
    counts = {cell: solution.counts[place] for cell, place in conditions.cells.items()}
    return Tallies(counts, solution.entropy, solution.gap)


def extremes(book: Codebook, finding: str, people: People) -> Bounds:
    """The smallest and the largest difference between two shares that all figures allow together.

    Sharp: whole numbers of answers reach both ends. ValueError where the finding compares other
    than two shares, or shares whose bases are not known.
    """
    conditions, answer = Conditions(book, people), book.answer(finding)
    return Bounds(*(_extreme(conditions, answer, side)[2] for side in (1, -1)))


def _order(conditions: Conditions, answer: Answer, gradient: float) -> None:
    """Let an answer follow the size as steeply as the gradient says, or go to its end."""
    pair = _pair(conditions, answer)
    turn = -1 if region(answer).high <= 0 else 1
    if gradient < 0 or math.isinf(gradient):
        numbers = _extreme(conditions, answer, turn if gradient < 0 else -turn)
        for (count, _), number in zip(pair, numbers[:2], strict=True):
            conditions.program.require(count, number, number, answer.finding)
        return
    of, to = answer.parts
    upward = turn if _middle(of.sizes) > _middle(to.sizes) else -turn
    for cell, place in conditions.cells.items():
        codes = {code for one in (of, to) if one.variable == cell.variable for code in one.codes}
        if cell.size is not None and cell.code in codes:
            sizes = conditions.people[cell.role]
            mean = sum(CODED.labels.index(size) * number for size, number in sizes.items())
            steps = CODED.labels.index(cell.size) - mean / sum(sizes.values())
            conditions.program.lean[place] = gradient * upward * steps


def _extreme(conditions: Conditions, answer: Answer, side: int) -> tuple[int, int, float]:
    """The two counts whose shares differ the least (side 1) or the most (−1), and by how much.

    An integer program alone would take very long over it, since differences lie very close: the
    pairs of counts are tried in order instead, and the first one that can hold is the end.
    """
    (first, base), (second, other) = _pair(conditions, answer)
    conditions.program.check()
    spread = less(times(first, other), times(second, base))
    low, high = conditions.program.ends(spread)
    pairs = [
        (side * (one * other - two * base), one, two)
        for one in range(base + 1)
        for two in range(other + 1)
        if low - 1 < one * other - two * base < high + 1
    ]
    return next(
        (one, two, one / base - two / other)
        for _, one, two in sorted(pairs)
        if conditions.program.allows((first, one), (second, two))
    )


def _pair(conditions: Conditions, answer: Answer) -> list[tuple[dict[int, float], int]]:
    """The counts and the bases of the two shares of a difference."""
    if answer.difference is None or len(answer.parts) != 2:
        raise ValueError(f"{answer.finding}: only a difference between two shares has ends")
    return [conditions.known_share(part, answer.finding) for part in answer.parts]


def _middle(sizes: Sizes | None) -> float:
    """The middle of some size classes, counted from zero."""
    return fmean(CODED.labels.index(label) for label in (sizes.labels if sizes else CODED.labels))
