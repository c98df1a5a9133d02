"""What published figures alone determine: bounds instead of guesses.

Two printed shares leave a whole range for what they imply together. Each function gives the
sharp ends of that range. Shares come as a published ``Region``, a ``Share``-like number or a
pair (low, high); an open end of a region counts as its limit, so the bounds are the smallest
closed range that holds every possible value.

Sources: Fréchet, M. (1951), "Sur les tableaux de corrélation dont les marges sont données",
Annales de l'Université de Lyon; Manski, C. F. (2003), "Partial Identification of Probability
Distributions"; Moore, R. E. (1966), "Interval Analysis".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kompendium.facts.quantities import Region
from kompendium.statistics.integers import counts

NOISE = 1e-12
"""What the processor may add to a sum of shares, and what is therefore no contradiction."""


@dataclass(frozen=True)
class Bounds:
    """The smallest and the largest value that fit; Moore's interval arithmetic (1966).

    The four operations treat their two operands as free of each other: where the same
    figure stands on both sides the result is valid, but wider than need be.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse an empty range, which means that the figures contradict each other."""
        if not self.low <= self.high + NOISE:
            raise ValueError(f"no value fits: {self.low} is above {self.high}")
        if self.low > self.high:
            object.__setattr__(self, "low", self.high)

    def __iter__(self) -> Iterator[float]:
        """Unpack as the two ends."""
        return iter((self.low, self.high))

    def __contains__(self, value: float) -> bool:
        """Tell whether a value is possible."""
        return self.low - NOISE <= value <= self.high + NOISE

    @property
    def width(self) -> float:
        """How much the published figures leave open."""
        return self.high - self.low

    def __add__(self, other: "Range") -> "Bounds":
        """The sum of any two possible values."""
        return self._each(other, lambda a, b: a + b)

    def __sub__(self, other: "Range") -> "Bounds":
        """The difference between any two possible values."""
        return self._each(other, lambda a, b: a - b)

    def __mul__(self, other: "Range") -> "Bounds":
        """The product of any two possible values."""
        return self._each(other, lambda a, b: a * b)

    def __truediv__(self, other: "Range") -> "Bounds":
        """The ratio of any two possible values; ZeroDivisionError if the other may be 0."""
        divisor = bounds(other)
        if 0 in divisor:
            raise ZeroDivisionError("the divisor may be zero, so the ratio has no bounds")
        return self._each(divisor, lambda a, b: a / b)

    def __radd__(self, other: "Range") -> "Bounds":
        """Let a number or a region stand on the left."""
        return bounds(other) + self

    def __rsub__(self, other: "Range") -> "Bounds":
        """Let a number or a region stand on the left."""
        return bounds(other) - self

    def __rmul__(self, other: "Range") -> "Bounds":
        """Let a number or a region stand on the left."""
        return bounds(other) * self

    def __rtruediv__(self, other: "Range") -> "Bounds":
        """Let a number or a region stand on the left."""
        return bounds(other) / self

    def _each(self, other: "Range", operation: Callable[[float, float], float]) -> "Bounds":
        right = bounds(other)
        ends = [operation(a, b) for a in (self.low, self.high) for b in (right.low, right.high)]
        return Bounds(min(ends), max(ends))


Range = Bounds | Region | float | tuple[float, float]
"""What the functions take for a share: a published region, a number or its two ends."""


def bounds(value: Range, base: int | None = None) -> Bounds:
    """The ends of a published region, a number or a pair.

    With ``base`` (a number of answers) a region shrinks to the whole counts of that base
    which print as published; ValueError if there is none.
    """
    if isinstance(value, Bounds):
        return value
    if isinstance(value, Region):
        if base is None:
            return Bounds(value.low, value.high)
        fitting = counts(value, base)
        if not fitting:
            raise ValueError(f"no count of {base} answers prints as «{value.wording}»")
        return Bounds(fitting[0] / base, fitting[-1] / base)
    if isinstance(value, tuple):
        return Bounds(*map(float, value))
    return Bounds(float(value), float(value))


def joint(first: Range, second: Range) -> Bounds:
    """The share that has both properties, from the share of each (Fréchet 1951).

    max(0, a + b − 1) ≤ share of both ≤ min(a, b), for shares of the same base.
    """
    a, b = _share(first), _share(second)
    return Bounds(max(0.0, a.low + b.low - 1), min(a.high, b.high))


def union(first: Range, second: Range) -> Bounds:
    """The share that has at least one of two properties (Fréchet 1951).

    max(a, b) ≤ share of either ≤ min(1, a + b), for shares of the same base.
    """
    a, b = _share(first), _share(second)
    return Bounds(max(a.low, b.low), min(1.0, a.high + b.high))


def conditional(condition: Range, outcome: Range) -> Bounds:
    """The share with the outcome among those with the condition, from both shares of all.

    The joint bounds divided by the condition's share: max(0, (a + b − 1) / a) to
    min(1, b / a). ValueError if nobody may have the condition.
    """
    a, b = _share(condition), _share(outcome)
    if a.low <= 0:
        raise ValueError("the condition's share may be zero, so nothing is known given it")
    return Bounds(max(0.0, (a.low + b.low - 1) / a.low), min(1.0, b.high / a.low))


def overall(condition: Range, given: Range) -> Bounds:
    """The outcome's share of all, from the condition's share and the outcome's share given it.

    Those without the condition may all lack the outcome or all have it (Manski 2003):
    a·c ≤ share of all ≤ a·c + 1 − a. With "8 av 10" certified, [0.75, 0.85), and "2 av 3" of
    them offering, [0.633, 0.708), between 47.5 and 78.1 percent of all offer.
    """
    a, c = _share(condition), _share(given)
    return Bounds(a.low * c.low, 1 - a.low * (1 - c.high))


def otherwise(condition: Range, given: Range, whole: Range) -> Bounds:
    """The outcome's share among those without the condition, from its share given it and of all.

    By the law of total probability, d = (b − a·c) / (1 − a), kept within 0 and 1. ValueError
    if everyone may have the condition, or if no share fits.
    """
    a, c, b = _share(condition), _share(given), _share(whole)
    if a.high >= 1:
        raise ValueError("everyone may have the condition, so nothing is known without it")
    ends = [(b.low - p * c.high) / (1 - p) for p in (a.low, a.high)]
    tops = [(b.high - p * c.low) / (1 - p) for p in (a.low, a.high)]
    return Bounds(max(0.0, min(ends)), min(1.0, max(tops)))


def nonresponse(share: Range, answered: int, frame: int) -> Bounds:
    """The share of the whole frame, when nothing is assumed of those who did not answer.

    Manski's worst case (2003): all the silent have the property, or none. ``share`` is the
    share among the ``answered`` units out of ``frame``.
    """
    if not 0 <= answered <= frame or frame < 1:
        raise ValueError(f"{answered} answers do not fit a frame of {frame} units")
    p = _share(share)
    return Bounds(p.low * answered / frame, (p.high * answered + frame - answered) / frame)


def _share(value: Range) -> Bounds:
    ends = bounds(value)
    if ends.low < -NOISE or ends.high > 1 + NOISE:
        raise ValueError(f"{ends.low} to {ends.high} is not within the shares from 0 to 1")
    return ends
