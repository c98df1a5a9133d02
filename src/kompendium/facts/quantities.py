"""What a published wording allows: a region of numbers, or a category.

A report says "63 prosent" or "nesten dobbelt så mange"; a computation gives a number. A
quantity stands between them: the set of numbers for which the wording would be a fair
rendering. The wordings and the reason for each width are in ``wordings``.
"""

from dataclasses import dataclass
from enum import StrEnum

from kompendium.facts import numbers
from kompendium.facts.language import either

PRECISION = 12
"""Decimals kept in comparisons, so that 57/200 and "28,5 prosent" meet at the same edge."""


class Unit(StrEnum):
    """What the numbers of a region count."""

    SHARE = "share"
    COUNT = "count"
    RATIO = "ratio"
    DIFFERENCE = "difference"
    MONEY = "money"
    YEAR = "year"


@dataclass(frozen=True)
class Region:
    """An interval of numbers that a wording allows; half-open where rounding makes it so."""

    wording: str
    unit: Unit
    low: float
    high: float
    closed_low: bool = True
    closed_high: bool = False
    reason: str = ""

    def __contains__(self, value: float) -> bool:
        """Tell whether a computed number would fairly be worded so."""
        return self.covers(value, value)

    def covers(self, low: float, high: float) -> bool:
        """Tell whether every number from ``low`` to ``high`` (both included) is allowed."""
        low, high = round(low, PRECISION), round(high, PRECISION)
        above = low >= self._low if self.closed_low else low > self._low
        below = high <= self._high if self.closed_high else high < self._high
        return above and below

    def meets(self, low: float, high: float) -> bool:
        """Tell whether some number from ``low`` to ``high`` (both included) is allowed."""
        low, high = round(low, PRECISION), round(high, PRECISION)
        above = high >= self._low if self.closed_low else high > self._low
        below = low <= self._high if self.closed_high else low < self._high
        return above and below

    @property
    def _low(self) -> float:
        return round(self.low, PRECISION)

    @property
    def _high(self) -> float:
        return round(self.high, PRECISION)

    @property
    def exact(self) -> bool:
        """Tell whether only one number is allowed."""
        return self._low == self._high

    def text(self, lang: str | None = None) -> str:
        """Write the region for readers: ``[62,5; 63,5) %``, ``276``, ``over 0``."""
        if self.exact:
            return show(self.low, self.unit, lang)
        percent = self.unit in (Unit.SHARE, Unit.DIFFERENCE)
        scale = 100 if percent else 1
        sign = {
            Unit.SHARE: either(numbers.HARD_SPACE + "%", "%", lang),
            Unit.MONEY: numbers.HARD_SPACE + either("kr", "NOK", lang),
        }
        unit = sign.get(self.unit, "")
        if self.unit is Unit.DIFFERENCE:
            unit = numbers.HARD_SPACE + either("prosentpoeng", "percentage points", lang)
        infinite = float("inf")
        if self.high == infinite:
            return either("over ", "above ", lang) + _short(scale * self.low, lang) + unit
        if self.low == -infinite:
            return either("under ", "below ", lang) + _short(scale * self.high, lang) + unit
        left, right = "[" if self.closed_low else "(", "]" if self.closed_high else ")"
        low, high = _short(scale * self.low, lang), _short(scale * self.high, lang)
        return f"{left}{low}; {high}{right}{unit}"


@dataclass(frozen=True)
class Category:
    """A wording that is not a number: a status, a ministry, a qualitative finding."""

    wording: str
    value: str
    reason: str = ""

    def __contains__(self, value: str) -> bool:
        """Tell whether a recorded category is the published one."""
        return value.casefold() == self.value.casefold()

    def text(self, lang: str | None = None) -> str:
        """Write the category for readers."""
        return self.value


Quantity = Region | Category


def _short(value: float, lang: str | None) -> str:
    """Write a number with as many decimals as it needs, two at the most."""
    for decimals in (0, 1):
        if round(value, 6) == round(value, decimals):
            return numbers.number(value, decimals, lang)
    return numbers.number(value, 2, lang)


def show(value: float, unit: Unit, lang: str | None = None) -> str:
    """Write one computed number in its unit: ``63,2 %``, ``1,85``, ``2,3 prosentpoeng``."""
    if unit is Unit.SHARE:
        return numbers.percent(value, 1, lang)
    if unit is Unit.DIFFERENCE:
        return numbers.points(value, 1, lang)
    if unit is Unit.YEAR:
        return str(int(value))
    if unit is Unit.MONEY:
        return numbers.number(value, 0, lang) + numbers.HARD_SPACE + either("kr", "NOK", lang)
    if unit is Unit.RATIO:
        return numbers.number(value, 2, lang)
    return _short(value, lang)


def show_span(low: float, high: float, unit: Unit, lang: str | None = None) -> str:
    """Write bounds in their unit, named once: ``47,5–78,1 %``, ``−13,0 til −11,0 prosentpoeng``."""
    if unit is Unit.SHARE:
        return numbers.span(low, high, 1, lang)
    if unit is Unit.DIFFERENCE:
        to = either("til", "to", lang)
        return f"{numbers.number(100 * low, 1, lang)} {to} {numbers.points(high, 1, lang)}"
    if unit is Unit.MONEY:
        return f"{numbers.number(low, 0, lang)}–{show(high, unit, lang)}"
    return f"{show(low, unit, lang)}–{show(high, unit, lang)}"
