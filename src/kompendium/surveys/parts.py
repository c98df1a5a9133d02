"""What of a survey answers a published finding: a share, or shares held against each other.

These are the ``answers`` and ``changes`` of a codebook. A share finding is answered by the share
of a base that gave one of some codes; an ordering or a ratio by two or more such shares; a
development by the same share in two or more waves of a series.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from kompendium.facts.findings import Strict
from kompendium.facts.size_classes import CODED


class Condition(Strict):
    """Those who gave one of some codes to an earlier question."""

    variable: str
    codes: tuple[int, ...] = Field(min_length=1)


class Sizes(Strict):
    """Units of some sizes: at least ``least`` persons, under ``below``; limits of a class."""

    least: int | None = None
    below: int | None = None

    @model_validator(mode="after")
    def _limits(self) -> Self:
        limits = [limit for limit in (self.least, self.below) if limit is not None]
        if not limits or any(limit not in CODED.cuts for limit in limits):
            cuts = ", ".join(map(str, CODED.cuts))
            raise ValueError(f"sizes need least or below, each one of {cuts}")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """The size classes that lie within."""
        low = CODED.cuts.index(self.least) + 1 if self.least is not None else 0
        high = CODED.cuts.index(self.below) + 1 if self.below is not None else len(CODED.labels)
        return CODED.labels[low:high]


class Part(Strict):
    """A share: those of a base who gave one of some codes.

    Without ``base``, the base is everyone who gave a valid answer. With it, everyone who meets
    it; one who for that reason was never asked the question counts as not giving the codes.
    """

    variable: str
    codes: tuple[int, ...] = Field(min_length=1)
    base: Condition | None = None
    sizes: Sizes | None = None


class Rank(StrEnum):
    """Which of several shares a statement about all, most or any of them rests on."""

    LOWEST = "lowest"
    HIGHEST = "highest"
    MOST = "most"


class Ranked(Strict):
    """A statement about several shares at once.

    ``lowest`` and ``highest`` are the smallest and the largest share: what holds for them holds
    for each. ``most`` is the largest share that more than half of them reach.
    """

    rank: Rank
    among: tuple[Part, ...] = Field(min_length=2)


class Difference(Strict):
    """Every share of ``of`` held against every share of ``to``; the narrowest pair decides."""

    of: tuple[Part, ...] = Field(min_length=1)
    to: tuple[Part, ...] = Field(min_length=1)


class Ratio(Strict):
    """How many times larger one share is than another."""

    of: Part
    to: Part


class Answer(Strict):
    """Which computation on the respondents answers a finding: exactly one of the four."""

    finding: str
    share: Part | None = None
    ranked: Ranked | None = None
    difference: Difference | None = None
    ratio: Ratio | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = (self.share, self.ranked, self.difference, self.ratio)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("an answer is exactly one of share, ranked, difference and ratio")
        return self

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every share the answer is made of."""
        if self.share is not None:
            return (self.share,)
        if self.ranked is not None:
            return self.ranked.among
        if self.ratio is not None:
            return (self.ratio.of, self.ratio.to)
        assert self.difference is not None
        return (*self.difference.of, *self.difference.to)


class Development(Strict):
    """A finding on what has changed, answered by more waves of a series than one.

    Every share of ``of`` is held against the same share in every wave of ``since``; the pair
    that is nearest to breaking the statement decides. It stands apart from the answers, because
    one wave alone, real or made up, cannot give it.
    """

    finding: str
    of: tuple[Part, ...] = Field(min_length=1)
    since: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _the_same_units(self) -> Self:
        if any(part.sizes is not None for part in self.of):
            raise ValueError(
                "a size class holds other units in another year: give the share without sizes"
            )
        return self
