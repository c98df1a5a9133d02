"""Which variables must be looked at together, when tables that share variables are known.

Counts by two sets of variables fit together where they agree on the variables they share, if
the sets can be laid out as a tree: then whole numbers that agree can always be joined into one
table of everything. Sets that go round in a ring (a by b, b by c, c by a) cannot, until some
are joined. Source: Lauritzen, S. L. (1996), "Graphical Models", sections 2.1 and 4.4.
"""

from collections.abc import Iterable
from itertools import combinations

Names = frozenset[str]


def cliques(scopes: Iterable[Names]) -> list[Names]:
    """The smallest sets of variables that hold every scope and can be laid out as a tree.

    Variables are taken away one by one, the one whose neighbours need fewest new ties first;
    it and its neighbours are a set. The same scopes always give the same sets.
    """
    neighbours: dict[str, set[str]] = {}
    for scope in scopes:
        for name in scope:
            neighbours.setdefault(name, set()).update(scope - {name})
    found: list[Names] = []
    while neighbours:
        name = _next(neighbours)
        around = neighbours.pop(name)
        for one in around:
            neighbours[one] |= around - {one}
            neighbours[one].discard(name)
        clique = frozenset({name, *around})
        if not any(clique <= other for other in found):
            found.append(clique)
    return found or [frozenset()]


def _next(neighbours: dict[str, set[str]]) -> str:
    """The variable whose neighbours need fewest new ties among themselves."""
    least, best = -1, ""
    for name in sorted(neighbours, key=lambda one: (len(neighbours[one]), one)):
        new = sum(b not in neighbours[a] for a, b in combinations(sorted(neighbours[name]), 2))
        if new == 0:
            return name
        if least < 0 or new < least:
            least, best = new, name
    return best


def tree(cliques: list[Names]) -> list[tuple[int, int]]:
    """Edges between places of ``cliques``: a tree in which each shares most with its parent."""
    edges: list[tuple[int, int]] = []
    outside = set(range(1, len(cliques)))
    near = {place: (len(cliques[0] & cliques[place]), 0) for place in outside}
    while outside:
        place = max(outside, key=lambda one: (near[one][0], -one))
        outside.remove(place)
        edges.append((near[place][1], place))
        for other in outside:
            shared = len(cliques[place] & cliques[other])
            if shared > near[other][0]:
                near[other] = (shared, place)
    return edges
