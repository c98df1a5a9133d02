"""What figures say of a survey, and what anyone knows of it before the first is released.

A figure gives sizes of domains away, whole or within limits. Known beforehand are the questions
(one is blank where it was not asked), how many answered in each role, and the frame: no more
have answered than it has units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from kompendium.facts.size_classes import CODED
from kompendium.surveys.cliques import Names
from kompendium.surveys.codebook import Codebook
from kompendium.surveys.domains import Category, Domain, categories

Atom = frozenset[Category]
"""Categories of a variable that nothing tells apart."""

ROLE, PLACE = "role", ("kind", "size_class")
"""The variables that describe a respondent."""


@dataclass(frozen=True)
class Statement:
    """What a figure says: low ≤ Σ coefficient x size of domain ≤ high."""

    terms: tuple[tuple[float, Domain], ...]
    low: float
    high: float

    @classmethod
    def count(cls, domain: Domain, number: int) -> Statement:
        """That a domain has so many respondents."""
        return cls(((1.0, domain),), number, number)

    @classmethod
    def rounded(
        cls, terms: Iterable[tuple[float, Domain]], value: float, decimals: int
    ) -> Statement:
        """That a weighted sum prints as ``value`` with so many decimals.

        A weighted share is such a sum: of the domains of those who gave the answer in each
        class, with the class's weight over the sum of all weights. What is saved with more
        decimals than it is printed with tells those too.
        """
        half = 0.5 * 10.0**-decimals
        return cls(tuple(terms), round(value, decimals) - half, round(value, decimals) + half)

    @cached_property
    def variables(self) -> Names:
        """The variables that stand together in the figure."""
        return frozenset[str]().union(*(domain.variables for _, domain in self.terms))


@dataclass(frozen=True)
class Space:
    """The variables of a survey and what anyone knows of them beforehand.

    ``valid`` are the categories of a question that are answers; variables that are not in it
    describe the respondent. ``asked`` says of a question which categories of which other
    variables lead to it. ``totals`` is how many have answered in each role, and ``ceilings``
    how many units of each kind and size class there are (each answers once in a role).
    """

    categories: Mapping[str, tuple[Category, ...]]
    valid: Mapping[str, Atom] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, Atom]] = field(default_factory=dict)
    totals: Mapping[Category, int] = field(default_factory=dict)
    ceilings: Mapping[tuple[Category, ...], int] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Codebook, units: pd.DataFrame, totals: Mapping[str, int]) -> Space:
        """The variables of a codebook, with the units of its frame (kind and size_class)."""
        asked: dict[str, dict[str, Atom]] = {}
        for variable in book.variables:
            asked[variable.name] = {ROLE: frozenset(variable.roles)}
            if (condition := variable.asked_if) is not None:
                asked[variable.name][condition.variable] = frozenset(condition.codes)
        return cls(
            categories={ROLE: tuple(book.roles)}
            | {"kind": tuple(dict.fromkeys(units["kind"])), "size_class": CODED.labels}
            | {variable.name: categories(variable) for variable in book.variables},
            valid={variable.name: frozenset(variable.valid) for variable in book.variables},
            asked=asked,
            totals={role: totals.get(role, 0) for role in book.roles},
            ceilings={
                (str(kind), str(size)): len(group)
                for (kind, size), group in units.groupby(list(PLACE), observed=True)
            },
        )

    def closed(self, variables: Names) -> Names:
        """These variables, and those that decide whether they were asked."""
        found = set(variables) | ({ROLE} if self.totals else set())
        waiting = list(found)
        while waiting:
            for name in self.asked.get(waiting.pop(), {}):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
        return frozenset(found)

    def possible(self, cell: Mapping[str, Atom]) -> bool:
        """Tell whether anyone can be in a cell: units are there, and the question was asked."""
        return not self.unpeopled(cell) and all(
            None in atom or name not in cell or bool(cell[name] & leading)
            for question, atom in cell.items()
            for name, leading in self.asked.get(question, {}).items()
        )

    def unpeopled(self, cell: Mapping[str, Atom]) -> bool:
        """Tell whether the frame has no unit of the kinds and size classes of a cell."""
        if not self.ceilings or not {*PLACE} <= cell.keys():
            return False
        places = ((kind, size) for kind in cell["kind"] for size in cell["size_class"])
        return not any(self.ceilings.get(place) for place in places)
