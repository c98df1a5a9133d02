"""What a survey of a given size can find, and how large it must be to find something.

Shares that are compared by a chi-square test have an effect size, Cohen's w: how far the shares
are from their common mean, in that mean's own scale. With the number of answers it gives the
chance that the test, without correction, finds a difference that is there. Where most of a
small population has answered, put ``Share.effective`` for the number of answers: it counts the
answers an infinite population would need for the same precision.

Source: Cohen, J. (1988), "Statistical Power Analysis for the Behavioral Sciences", 2nd ed., ch. 7.
"""

import math
from collections.abc import Sequence

from scipy.optimize import brentq

from kompendium.statistics import columns
from kompendium.statistics.shares import LEVEL

POWER = 0.8
"""The chance of finding a difference that is asked of a survey by convention (Cohen 1988)."""


def cohen_w(shares: Sequence[float], sizes: Sequence[float]) -> float:
    """The effect size of a difference between the shares of groups of some sizes.

    0.1 is small, 0.3 medium and 0.5 large; 0 where all shares are alike. ValueError where the
    groups are fewer than two or empty, or a share is none.
    """
    if len(shares) != len(sizes) or len(shares) < 2 or min(sizes) <= 0:
        raise ValueError("two or more groups are needed, each with a share and a size above zero")
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError(f"{shares} are not all shares from 0 to 1")
    pairs = list(zip(shares, sizes, strict=True))
    mean = sum(share * size for share, size in pairs) / sum(sizes)
    if not 0 < mean < 1:
        return 0.0
    spread = sum(size * (share - mean) ** 2 for share, size in pairs) / sum(sizes)
    return math.sqrt(spread / (mean * (1 - mean)))


def power(shares: Sequence[float], sizes: Sequence[float], level: float = LEVEL) -> float:
    """The chance that a chi-square test finds the difference between these shares."""
    w = cohen_w(shares, sizes)
    return columns.power(len(shares) - 1, level=level, w=w, n=sum(sizes)) if w else 1 - level


def required(shares: Sequence[float], chance: float = POWER, level: float = LEVEL) -> int:
    """How many answers each of some equal groups needs, for their difference to be found.

    ValueError where the shares are alike: no number of answers finds a difference that is none.
    """
    w = cohen_w(shares, [1] * len(shares))
    if not w:
        raise ValueError("shares that are alike are never told apart")
    whole = columns.power(len(shares) - 1, level=level, w=w, power=chance)
    return math.ceil(whole / len(shares))


def smallest_difference(
    share: float, sizes: Sequence[float], chance: float = POWER, level: float = LEVEL
) -> float | None:
    """The smallest difference that a survey of two groups is likely to find.

    ``share`` is that of the second group, and the first one's is larger by the result. None
    where even a share of 1 is unlikely to be found larger.
    """
    if len(sizes) != 2:
        raise ValueError("two groups are compared")
    if not 1 - level < chance < 1:
        raise ValueError(f"a chance between {1 - level:g} and 1 is needed, not {chance:g}")

    def excess(other: float) -> float:
        return power([other, share], sizes, level) - chance

    if excess(1.0) < 0:
        return None
    return float(brentq(excess, share, 1.0, xtol=1e-12)) - share
