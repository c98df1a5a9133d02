"""The rules of small cells: which figures say something of too few to be shown.

A count under the limit says something of few units, which can be guessed. It is printed as
Statistics Norway's sign ``:``. Hiding it is not enough where it follows from other figures: that
is for the gate (``surveys.gate``). Sums of numbers have a rule of their own, as one large unit
can be most of a sum. Sources: Hundepool, A. et al. (2012), "Statistical Disclosure Control",
sections 4.2.2 (dominance) and 4.3; Statistics Norway's and IMDi's limits.
"""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import pandas as pd

from kompendium.facts.numbers import number

HIDDEN = ":"
"""Statistics Norway's sign for a figure that cannot be published."""

LIMIT = 5
"""IMDi's limit: counts under five are hidden (Statistics Norway uses three)."""

LARGEST = 2
"""How many of the largest contributors the dominance rule looks at together."""

DOMINANT = 0.9
"""The part of a sum that those may have at the most."""

CLOSE = 0.1
"""How near the second largest contributor may come to knowing the largest, as a part of it."""


class DisclosureError(ValueError):
    """Something of real respondents that did not go through the gate was to be shown."""


class Why(StrEnum):
    """Why something was withheld."""

    SMALL = "small"  # it speaks of fewer than the limit
    LINKED = "linked"  # what is withheld elsewhere could be worked out from it
    UNCHECKED = "unchecked"  # too much is crossed to tell what could be worked out
    OUTPUT = "output"  # nothing that the gate knows of made it


def dominated(
    values: Iterable[float],
    *,
    largest: int = LARGEST,
    dominant: float = DOMINANT,
    close: float = CLOSE,
) -> bool:
    """Tell whether a sum (or mean) of numbers gives one of its contributors away.

    The (n, k) rule: the ``largest`` contributors make up ``dominant`` of the sum or more. The
    p % rule: the second largest, who knows its own number, can tell the largest to within
    ``close`` of it, because what the others add is less. Signs do not count; a sum of nothing
    is nobody's. No survey here has numeric questions yet: this is for those that will.
    """
    sizes = np.sort(np.abs(np.asarray(list(values), dtype=float)))[::-1]
    total = sizes.sum()
    if not total:
        return False
    others = sizes[2:].sum()
    return bool(sizes[:largest].sum() >= dominant * total or others < close * sizes[0])


def shown(counts: pd.DataFrame) -> pd.DataFrame:
    """Write a table of counts as text, with ``:`` where a count is missing: it is withheld."""
    return counts.astype(object).map(lambda one: HIDDEN if pd.isna(one) else number(int(one)))
