"""Size classes of municipalities: cuts in population, and the labels tables print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd

from kompendium.facts.language import Language, either
from kompendium.facts.numbers import number

EN_DASH = "\u2013"


@dataclass(frozen=True)
class SizeClasses:
    """Half-open classes of population, ``[cut, next cut)``, so that every size has one class.

    ``cuts`` are the lowest populations of the second class and upwards, in persons. The default
    is Statistics Norway's six classes. Labels are in ``lang``, or else in the language in use.
    The same label holds different municipalities before and after the 2020 reform: never chain
    years by class.

    Raises:
        ValueError: the cuts are not whole, positive and increasing.
    """

    cuts: Sequence[int] = (2_000, 5_000, 10_000, 20_000, 50_000)
    lang: str | None = None

    def __post_init__(self) -> None:
        """Refuse cuts that would leave a class empty by construction."""
        cuts = tuple(self.cuts)
        object.__setattr__(self, "cuts", cuts)
        if not cuts:
            raise ValueError("Size classes need at least one cut, such as (5000,).")
        if not all(isinstance(cut, int) and not isinstance(cut, bool) for cut in cuts):
            raise ValueError(f"Cuts between size classes are whole numbers of persons, not {cuts}.")
        if cuts[0] <= 0:
            raise ValueError(f"The lowest cut must be above zero, not {cuts[0]}.")
        if any(low >= high for low, high in pairwise(cuts)):
            raise ValueError(f"Cuts between size classes must increase: {cuts}.")

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels from the smallest class to the largest, one more than there are cuts."""
        written = partial(number, lang=self.lang)
        between = (
            written(low) if low == high - 1 else f"{written(low)}{EN_DASH}{written(high - 1)}"
            for low, high in pairwise(self.cuts)
        )
        return (
            f"under {written(self.cuts[0])}",
            *between,
            f"{written(self.cuts[-1])} {either('og over', 'and over', self.lang)}",
        )

    def of(self, population: pd.Series[int]) -> pd.Series[str]:
        """Give each unit its class, as an ordered categorical with the index of ``population``.

        All classes are categories, also the empty ones. A missing population has no class.

        Raises:
            ValueError: a population is negative.
        """
        if (population < 0).any():
            lowest = population.min()
            raise ValueError(f"A population cannot be negative: the lowest is {lowest}.")
        codes = np.searchsorted(self.cuts, population.fillna(0).to_numpy(), side="right")
        kind = pd.CategoricalDtype(list(self.labels), ordered=True)
        classes = pd.Categorical.from_codes(np.where(population.isna(), -1, codes), dtype=kind)
        return pd.Series(classes, index=population.index, name="size_class")


SSB = SizeClasses()
"""Statistics Norway's six size classes."""

CODED = SizeClasses(lang=Language.NORWEGIAN)
"""The same classes as respondents are coded with: one name in every language, so that what may be
shown of them, and the record of it, is the same in each edition of the book."""
