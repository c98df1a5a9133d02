"""Sets of variables laid out as a tree."""

from itertools import combinations

import numpy as np
import pytest

from kompendium.surveys.cliques import cliques, tree


def sets(*texts: str) -> list[frozenset[str]]:
    return [frozenset(text) for text in texts]


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (["ab", "bc"], ["ab", "bc"]),
        (["ab", "bc", "ca"], ["abc"]),
        (["ab", "a"], ["ab"]),
        (["a", "b"], ["a", "b"]),
        (["ab", "bc", "cd", "da"], ["abd", "bcd"]),
        ([], [""]),
    ],
)
def test_rings_are_closed_and_chains_are_left(scopes: list[str], expected: list[str]) -> None:
    assert {frozenset(one) for one in expected} == set(cliques(sets(*scopes)))


def test_every_variable_stands_in_one_connected_part_of_the_tree() -> None:
    random = np.random.default_rng(2)
    for _ in range(40):
        scopes = [
            frozenset(random.choice(list("abcdefgh"), random.integers(1, 4))) for _ in range(6)
        ]
        found = cliques(scopes)
        edges = tree(found)
        assert all(any(scope <= one for one in found) for scope in scopes)
        assert len(edges) == len(found) - 1
        for name in frozenset().union(*scopes):
            having = {n for n, one in enumerate(found) if name in one}
            inside = [edge for edge in edges if having.issuperset(edge)]
            assert len(inside) == len(having) - 1
        assert not any(one < other for one, other in combinations(found, 2))


def test_the_same_scopes_give_the_same_tree() -> None:
    scopes = sets("ab", "bc", "cd", "be")
    assert cliques(scopes) == cliques(scopes)
    assert tree(cliques(scopes)) == tree(cliques(scopes))
