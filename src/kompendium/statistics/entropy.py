"""How evenly people are spread over answers, in nats: what no figure tells is spread the most.

The entropy of a table of counts is, nearly, the logarithm of the number of ways in which the
people could have given those answers. Among all tables that satisfy the published figures, the
one with the most entropy says nothing that the figures do not (Jaynes 1957), and makes answers
to different questions independent, except where a figure or a filter ties them together.

Each term is concave in the counts and grows in proportion with them, so that it equals the
counts times its slope (Euler).

Sources: Jaynes, E. T. (1957), "Information theory and statistical mechanics", Physical Review
106; Cover, T. M. and Thomas, J. A. (2006), "Elements of Information Theory", 2nd ed., ch. 2 and 12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

Numbers = npt.NDArray[np.float64]

TINY = 1e-9
"""A count that stands for none: the slope of the entropy is endless at zero."""


@dataclass(frozen=True)
class Spread:
    """People who give one of several answers each; ``places`` are those of their counts."""

    places: tuple[int, ...]

    def at(self, where: Mapping[int, int]) -> "Spread":
        """The same people, counted in other places."""
        return Spread(tuple(where[place] for place in self.places))

    def slope(self, counts: Numbers) -> Numbers:
        """What one more of each answer adds: the logarithm of how rare it is."""
        own = np.maximum(counts[list(self.places)], TINY)
        slope = np.zeros(len(counts))
        slope[list(self.places)] = np.log(own.sum() / own)
        return slope


@dataclass(frozen=True)
class Ticks:
    """People who tick at least one of several boxes each.

    ``ticked`` and ``blank`` are the places of the counts, box by box. They are the most even
    where the boxes are ticked independently, and whoever ticks none is left out.
    """

    ticked: tuple[int, ...]
    blank: tuple[int, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """The places of all their counts."""
        return self.ticked + self.blank

    def at(self, where: Mapping[int, int]) -> "Ticks":
        """The same people, counted in other places."""
        return Ticks(
            tuple(where[place] for place in self.ticked),
            tuple(where[place] for place in self.blank),
        )

    def slope(self, counts: Numbers) -> Numbers:
        """What one more tick, or one more person, adds."""
        ticked, blank = list(self.ticked), list(self.blank)
        ticks, rest = np.maximum(counts[ticked], TINY), np.maximum(counts[blank], TINY)
        shares = ticks / (ticks + rest)
        kept = remaining(shares)
        without = np.maximum(1 - shares * kept, TINY)
        each = (np.log(kept) - np.log(without).sum()) / len(shares)
        slope = np.zeros(len(counts))
        slope[ticked] = each - np.log(shares * kept / without)
        slope[blank] = each
        return slope


Term = Spread | Ticks


def remaining(shares: Numbers) -> float:
    """The part of independent tickers who tick at least one box, from the shares among that part.

    Each box is ticked by ``share · q`` of all, and q = 1 − Π (1 − share · q). Near zero where
    nobody ticks more than one box.
    """

    def excess(q: float) -> float:
        return float(1 - np.prod(1 - shares * q) - q)

    if excess(TINY) <= 0:
        return TINY
    return float(brentq(excess, TINY, 1 - TINY, xtol=1e-14)) if excess(1 - TINY) < 0 else 1 - TINY


def slope(terms: Sequence[Term], counts: Numbers) -> Numbers:
    """What one more of each count adds to the entropy."""
    return sum((term.slope(counts) for term in terms), np.zeros(len(counts)))


def loss(counts: Numbers, even: float) -> Numbers:
    """What some numbers lose in entropy against an even one (Kullback and Leibler's divergence).

    n log (n / x) − n + x: zero where they are the same, and the more the farther they are.
    """
    even = max(even, TINY)
    return np.asarray(counts * np.log(np.maximum(counts, TINY) / even) - counts + even)
