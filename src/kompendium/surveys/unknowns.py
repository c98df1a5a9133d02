"""What released figures leave unknown, and what ties the unknowns together.

Someone who has read every table of a survey knows sums: each released count is the size of a
domain. What they do not know are the cells of the tables behind: for each set of variables that
stands together in a figure, how many respondents have each combination, as finely as any figure
tells categories apart. Two tables agree on the variables they share.

The system is exact, not only necessary: whole numbers that satisfy it belong to at least one
set of respondents (``surveys.cliques``). Source: Hundepool, A. et al. (2012), "Statistical
Disclosure Control", sections 4.3 and 4.4 (audit and linked tables).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from kompendium.surveys.cliques import Names, cliques, tree
from kompendium.surveys.domains import Category, Domain, plain
from kompendium.surveys.linkage import PLACE, ROLE, Atom, Space, Statement

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Row = tuple[Counts, npt.NDArray[np.float64]]
"""Cells of a table, and the coefficient of each."""

MOST = 5_000
"""Cells of a table beyond which nobody waits for the answer."""


class TooLinkedError(Exception):
    """So many variables are crossed with each other that the unknowns cannot be worked out."""


class People:
    """The respondents, as places of their categories: what is protected, and never written."""

    def __init__(self, space: Space, answers: pd.DataFrame) -> None:
        """Read a table of codes, one row a respondent."""
        self.number = len(answers)
        self.tables: dict[tuple[tuple[str, tuple[Atom, ...]], ...], Table] = {}
        self._space = space
        self._codes: dict[str, Counts] = {}
        self._counted: dict[Domain, int] = {}
        for name, some in space.categories.items():
            place = {category: number for number, category in enumerate(some)}
            codes = [place[plain(one)] for one in answers[name].astype(object)]
            self._codes[name] = np.array(codes, dtype=np.int64)

    def count(self, domain: Domain) -> int:
        """How many belong to a domain."""
        if domain not in self._counted:
            inside = np.zeros(self.number, dtype=bool)
            for box in domain.boxes:
                here = np.ones(self.number, dtype=bool)
                for name, some in box:
                    has = np.array([one in some for one in self._space.categories[name]])
                    here &= has[self._codes[name]]
                inside |= here
            self._counted[domain] = int(inside.sum())
        return self._counted[domain]

    def table(self, atoms: Mapping[str, Sequence[Atom]]) -> Counts:
        """How many have each combination of atoms, an axis a variable; others are left out."""
        inside = np.ones(self.number, dtype=bool)
        places = []
        for name, some in atoms.items():
            of = {one: number for number, atom in enumerate(some) for one in atom}
            place = np.array([of.get(one, -1) for one in self._space.categories[name]])
            places.append(place[self._codes[name]])
            inside &= places[-1] >= 0
        shape = tuple(len(some) for some in atoms.values())
        found: Counts = np.zeros(shape, dtype=np.int64)
        np.add.at(found, tuple(place[inside] for place in places), 1)
        return found


class Table:
    """The unknown cells of one set of variables, those that nobody can be in left out."""

    def __init__(self, space: Space, atoms: Mapping[str, Sequence[Atom]], people: People | None):
        """Lay the cells out; who is somewhere against the rules makes the place possible."""
        self.atoms = atoms
        shape = tuple(len(some) for some in atoms.values())
        if np.prod(shape, dtype=float) > MOST:
            raise TooLinkedError(", ".join(atoms))
        grid = np.indices(shape).reshape(len(shape), -1)
        counts = people.table(atoms).ravel() if people is not None else np.zeros(grid.shape[1])
        names = list(atoms)
        cells = [
            {name: atoms[name][at] for name, at in zip(names, cell, strict=True)} for cell in grid.T
        ]
        kept = (counts > 0) | np.array([space.possible(cell) for cell in cells])
        self.places: dict[str, Counts] = dict(zip(names, grid[:, kept], strict=True))
        self.counts: Counts = counts[kept].astype(np.int64)
        self.size = int(kept.sum())
        self._space = space
        self._held: dict[Domain, Mask] = {}
        self._rows: dict[Statement, Row] = {}
        self._groups: dict[Names, Counts] = {}

    def holds(self, domain: Domain) -> Mask:
        """Tell of each cell whether it lies in a domain."""
        if domain not in self._held:
            inside = np.zeros(self.size, dtype=bool)
            for box in domain.boxes:
                here = np.ones(self.size, dtype=bool)
                for name, some in box:
                    has = np.array([atom <= some for atom in self.atoms[name]])
                    here &= has[self.places[name]]
                inside |= here
            self._held[domain] = inside
        return self._held[domain]

    def row(self, statement: Statement) -> Row:
        """A statement over the cells: those it is about, and the coefficient of each."""
        if statement not in self._rows:
            found = np.zeros(self.size)
            for coefficient, domain in statement.terms:
                found += coefficient * self.holds(domain)
            cells = np.flatnonzero(found)
            self._rows[statement] = cells, found[cells]
        return self._rows[statement]

    def groups(self, names: Names) -> Counts:
        """The number of each cell's group, by some of the variables in order of their names."""
        if names not in self._groups:
            found = np.zeros(self.size, dtype=np.int64)
            for name in sorted(names):
                found = found * len(self.atoms[name]) + self.places[name]
            self._groups[names] = found
        return self._groups[names]

    @cached_property
    def known(self) -> list[tuple[Counts, float, float]]:
        """Cells whose sum is known to lie between two numbers, before anything is released."""
        space = self._space
        found: list[tuple[Counts, float, float]] = []
        for number, atom in enumerate(self.atoms.get(ROLE, ())):
            role = self.places[ROLE] == number
            if space.totals:
                total = sum(space.totals[one] for one in atom)
                found.append((np.flatnonzero(role), total, total))
            for place, units in self._ceilings():
                cells = np.flatnonzero(role & place)
                most = max(units * len(atom), int(self.counts[cells].sum()))
                found.append((cells, -np.inf, most))
        return found

    def _ceilings(self) -> Iterator[tuple[Mask, int]]:
        """The cells of each kind and size class that are told apart, and its units."""
        space = self._space
        if not space.ceilings or not {*PLACE} & self.atoms.keys():
            return
        choices = [
            list(enumerate(self.atoms.get(name, [frozenset(space.categories[name])])))
            for name in PLACE
        ]
        for chosen in product(*choices):
            cells = np.ones(self.size, dtype=bool)
            for name, (number, _) in zip(PLACE, chosen, strict=True):
                if name in self.atoms:
                    cells &= self.places[name] == number
            units = sum(
                count
                for place, count in space.ceilings.items()
                if all(one in atom for one, (_, atom) in zip(place, chosen, strict=True))
            )
            yield cells, units


class System:
    """The tables of everything that was said, and how they hang together."""

    def __init__(
        self,
        space: Space,
        statements: Iterable[Statement],
        domains: Iterable[Domain] = (),
        people: People | None = None,
    ) -> None:
        """Find the tables; their cells are laid out when they are asked for."""
        self.space = space
        self._people = people
        boxes = [box for one in statements for _, domain in one.terms for box in domain.boxes]
        boxes += [box for domain in domains for box in domain.boxes]
        scopes = {frozenset(name for name, _ in box) for box in boxes}
        scopes |= {one.variables for one in statements} | {one.variables for one in domains}
        closed = {space.closed(scope) for scope in scopes}
        if space.ceilings and {*PLACE} <= frozenset[str]().union(*closed):
            closed.add(frozenset({ROLE, *PLACE}))
        self.variables = cliques(sorted(closed, key=sorted))
        self.edges = [
            (one, other)
            for one, other in tree(self.variables)
            if not self._known(self.variables[one] & self.variables[other])
        ]
        self.atoms = self._partitions(boxes)
        self._tables: dict[int, Table] = {}
        self._made = people.tables if people is not None else {}  # they stay the same for long
        self._places: dict[Names, int] = {}

    def place(self, variables: Names) -> int:
        """The place of the smallest table that holds these variables."""
        if variables not in self._places:
            closed = self.space.closed(variables)
            fitting = [n for n, names in enumerate(self.variables) if closed <= names]
            self._places[variables] = min(fitting, key=lambda n: (len(self.variables[n]), n))
        return self._places[variables]

    def table(self, place: int) -> Table:
        """The cells of one table."""
        if place not in self._tables:
            names = sorted(self.variables[place])
            key = tuple((name, tuple(self.atoms[name])) for name in names)
            if key not in self._made:
                self._made[key] = Table(self.space, dict(key), self._people)
            self._tables[place] = self._made[key]
        return self._tables[place]

    def component(self, place: int) -> list[int]:
        """The places of the tables that hang together with one."""
        found, waiting = {place}, [place]
        while waiting:
            here = waiting.pop()
            for edge in self.edges:
                if here in edge:
                    new = set(edge) - found
                    found |= new
                    waiting += new
        return sorted(found)

    def borders(self, place: int) -> list[Names]:
        """The sets of variables that one table shares with its neighbours."""
        return [self.variables[a] & self.variables[b] for a, b in self.edges if place in (a, b)]

    def _known(self, shared: Names) -> bool:
        """Tell whether what two tables share is known beforehand, so that nothing ties them."""
        return bool(self.space.totals) and shared <= {ROLE}

    def _partitions(self, boxes: Iterable[tuple[tuple[str, Atom], ...]]) -> dict[str, list[Atom]]:
        """The categories of each variable, together where nothing tells them apart."""
        named: dict[str, set[Atom]] = {name: set() for one in self.variables for name in one}
        for box in boxes:
            for name, some in box:
                named[name].add(some)
        for question in list(named):
            for name, leading in self.space.asked.get(question, {}).items():
                named[question].add(frozenset({None}))
                named[name].add(leading)
        found = {}
        for name, sets in named.items():
            ordered = sorted(sets, key=lambda one: sorted(map(repr, one)))
            atoms: dict[tuple[bool, ...], list[Category]] = {}
            for category in self.space.categories[name]:
                atoms.setdefault(tuple(category in one for one in ordered), []).append(category)
            found[name] = [frozenset(atom) for atom in atoms.values()]
        return found
