"""Respondents counted by two variables, with what may not be shown left blank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import pandas as pd

from kompendium.facts.size_classes import CODED, SSB
from kompendium.surveys.codebook import Codebook
from kompendium.surveys.domains import Category, Domain
from kompendium.surveys.gate import Figure, Ledger
from kompendium.surveys.linkage import ROLE

SUM = "Sum"
"""What the last row and the last column are called."""

KINDS = ("kommune", "bydel")

Groups = Mapping[str, frozenset[Category]]
"""The rows or columns of a table: labels, each with categories of the variable."""


@dataclass(frozen=True)
class Cells:
    """The rows and columns of a table, and the roles that were asked all of it."""

    variables: tuple[str, str]
    groups: tuple[Groups, Groups]
    roles: frozenset[Category]

    @classmethod
    def of(
        cls,
        book: Codebook,
        variables: tuple[str, str],
        groups: Mapping[str, Mapping[str, Iterable[int | str]]],
    ) -> Cells:
        """Lay out a table; see ``Sample.crosstab``."""
        if variables[0] == variables[1]:
            raise ValueError(f"{variables[0]} cannot be counted by itself")
        chosen = []
        roles = frozenset[Category](book.roles)
        for name in variables:
            known = _categories(book, name)
            given = {one: frozenset[Category](some) for one, some in groups.get(name, {}).items()}
            _check(name, known, given)
            chosen.append(given or known)
            if name in book.questions:
                roles &= frozenset(book.questions[name].roles)
        if not roles:
            raise ValueError(f"no role is asked both {variables[0]} and {variables[1]}")
        return cls(variables, (chosen[0], chosen[1]), roles)

    def domain(self, row: str | None, column: str | None) -> Domain:
        """The respondents of a cell; of a whole row or column where the other is None."""
        found = Domain.where({ROLE: self.roles})
        for name, groups, label in zip(self.variables, self.groups, (row, column), strict=True):
            some = groups[label] if label is not None else frozenset().union(*groups.values())
            found &= Domain.where({name: some})
        return found


def crosstab(cells: Cells, ledger: Ledger, limit: int) -> pd.DataFrame:
    """The counts and sums of a table that may be shown, others ``<NA>``.

    Rows and columns with nobody in them are shown, and so are cells where the frame has no
    unit; sums are worth more than any cell.
    """
    rows, columns = ([*groups, None] for groups in cells.groups)
    counts = {
        (row, column): ledger.count(cells.domain(row, column))
        for row, column in product(rows, columns)
    }
    total = counts[None, None]
    figures = []
    for (row, column), count in counts.items():
        domain = cells.domain(row, column)
        empty = not counts[row, None] or not counts[None, column]
        empty |= not count and all(ledger.space.unpeopled(dict(box)) for box in domain.boxes)
        sums = (row is None) + (column is None)
        figures.append(
            Figure(
                _called(cells.variables, (row, column)),
                ledger.stated(domain),
                () if empty else (domain,),
                1 + count + sums * total,
            )
        )
    passed = ledger.release(figures, limit)
    shown = [count if one else pd.NA for count, one in zip(counts.values(), passed, strict=True)]
    lines = [shown[at : at + len(columns)] for at in range(0, len(shown), len(columns))]
    labels = [[SUM if one is None else one for one in some] for some in (rows, columns)]
    table = pd.DataFrame(lines, index=labels[0], columns=labels[1], dtype="Int64")
    return table.rename_axis(index=cells.variables[0], columns=cells.variables[1])


def _categories(book: Codebook, name: str) -> Groups:
    """A row or column a category, with its label; KeyError where there is no variable."""
    if name == ROLE:
        return {str(role.label): frozenset({key}) for key, role in book.roles.items()}
    if name == "kind":
        return {kind: frozenset({kind}) for kind in KINDS}
    if name == "size_class":
        labels = zip(SSB.labels, CODED.labels, strict=True)
        return {label: frozenset({coded}) for label, coded in labels}
    if name not in book.questions:
        raise KeyError(f"{book.id} has no variable «{name}»")
    variable = book.questions[name]
    return {variable.codes[code]: frozenset({code}) for code in variable.valid}


def _check(name: str, known: Groups, given: Groups) -> None:
    """Refuse groups that overlap, or hold what is no answer."""
    members = [one for some in given.values() for one in some]
    if len(members) != len(set(members)):
        raise ValueError(f"a category of {name} stands in two groups")
    unknown = set(members) - frozenset[Category]().union(*known.values())
    if unknown:
        raise ValueError(f"{name} has no category {', '.join(map(str, sorted(unknown, key=str)))}")


def _called(variables: tuple[str, str], labels: tuple[str | None, str | None]) -> str:
    """What a report of what was withheld calls a cell or a sum."""
    named = [f"{name} {one}" for name, one in zip(variables, labels, strict=True) if one]
    return ", ".join(named) or f"{variables[0]} by {variables[1]}"
