"""The small counts that a figure could give away, beside the ones it states.

A figure divides respondents into cells: size classes by answers, say. A cell under the limit
must not follow from it, whether anyone asks for that cell or not; nor must the small cells of a
line together, which are what its sum leaves when the others are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np

from kompendium.surveys.cliques import Names
from kompendium.surveys.domains import Category, Domain
from kompendium.surveys.linkage import ROLE, Atom, Space
from kompendium.surveys.unknowns import Counts, People, System


def small(system: System, people: People, scopes: Iterable[Names], limit: int) -> Iterator[Domain]:
    """The domains under the limit in the tables of these sets of variables, and their margins."""
    seen: set[Names] = set()
    for scope in scopes:
        names = sorted(scope - {ROLE})
        roles = [ROLE] if ROLE in system.space.categories else []
        for size in range(1, len(names) + 1):
            for some in combinations(names, size):
                if frozenset(some) not in seen:
                    seen.add(frozenset(some))
                    yield from _within(system, people, [*roles, *some], limit)


def _within(system: System, people: People, names: Sequence[str], limit: int) -> Iterator[Domain]:
    """Small cells of one table, and the small cells of a line where they are few together.

    A category that nobody has (in any cell) protects nobody, and is left out.
    """
    space = system.space
    atoms = {name: _answers(space, name, system.atoms.get(name, ())) for name in names}
    if not all(atoms.values()):
        return
    counts = people.table(atoms)
    for axis, name in enumerate(names):
        others = tuple(one for one in range(len(names)) if one != axis)
        kept = np.flatnonzero(counts.sum(axis=others))
        counts = np.take(counts, kept, axis=axis)
        atoms[name] = [atoms[name][at] for at in kept]
    possible = np.ones(counts.shape, dtype=bool)
    for at in np.argwhere(counts == 0):
        cell = {name: atoms[name][place] for name, place in zip(names, at, strict=True)}
        possible[tuple(at)] = space.possible(cell)
    few = (counts < limit) & possible
    for at in np.argwhere(few):
        yield Domain.where({n: atoms[n][place] for n, place in zip(names, at, strict=True)})
    for axis, name in enumerate(names):
        if name != ROLE:
            yield from _lines(names, atoms, counts, few, axis, limit)


def _lines(
    names: Sequence[str],
    atoms: dict[str, list[Atom]],
    counts: Counts,
    few: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    axis: int,
    limit: int,
) -> Iterator[Domain]:
    """The small cells of each line along an axis, where there are several and few in them."""
    together = (counts * few).sum(axis=axis)
    for at in np.argwhere((few.sum(axis=axis) > 1) & (together < limit)):
        line = [*at[:axis], slice(None), *at[axis:]]
        hidden = np.flatnonzero(few[tuple(line)])
        others = [name for name in names if name != names[axis]]
        box = {name: atoms[name][place] for name, place in zip(others, at, strict=True)}
        along = frozenset[Category]().union(*(atoms[names[axis]][one] for one in hidden))
        yield Domain.where({**box, names[axis]: along})


def _answers(space: Space, name: str, atoms: Iterable[Atom]) -> list[Atom]:
    """What of a variable's categories says something of a respondent: no blanks, no refusals."""
    if name in space.valid:
        return [atom for atom in atoms if atom <= space.valid[name]]
    return [atom for atom in atoms if None not in atom]
