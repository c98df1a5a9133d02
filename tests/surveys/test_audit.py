"""The attack finds what can be worked out, no less and no more: every table that fits is tried."""

from itertools import combinations, product

import numpy as np
import pytest

from kompendium.surveys.audit import ContradictionError, attack, determined
from kompendium.surveys.domains import EVERYBODY, Domain
from kompendium.surveys.linkage import Space, Statement
from tests.surveys.tables import Whole, cell, domains, size, space, tables


@pytest.mark.parametrize(
    ("shape", "total", "axes"),
    [((2, 2), 6, [(0, 1)]), ((2, 3), 5, [(0, 1)]), ((2, 2, 2), 5, [(0, 1), (1, 2), (0, 2)])],
)
def test_the_ends_are_those_of_every_table_that_fits(
    shape: Whole, total: int, axes: list[Whole]
) -> None:
    random = np.random.default_rng(8)
    everything = list(tables(shape, total))
    for _ in range(12):
        cells = everything[random.integers(len(everything))]
        known = {one for some in axes for one, _ in domains(cells, some)}
        released = [one for one in sorted(known, key=repr) if random.random() < 0.5]
        said = [Statement.count(EVERYBODY, total)]
        said += [Statement.count(one, size(cells, one)) for one in released]
        fitting = [
            other
            for other in everything
            if all(size(other, one) == size(cells, one) for one in released)
        ]
        inner = [cell(**{f"v{n}": place for n, place in enumerate(at)}) for at in np.ndindex(shape)]
        found = attack(space(cells), said, inner)
        for domain in inner:
            values = [size(other, domain) for other in fitting]
            assert found[domain] == (min(values), max(values)), (cells, released, domain)
        assert determined(space(cells), said, inner) == [
            one for one in inner if found[one][0] == found[one][1]
        ]


def test_a_ring_of_tables_tells_more_than_its_pairs_do() -> None:
    """By hand: the only other tables have one more or fewer in each cell, and two are empty."""
    cells = np.ones((2, 2, 2), dtype=int)
    cells[0, 0, 0] = cells[1, 1, 1] = 0
    corner = cell(v0=0, v1=0, v2=0)

    def said(*pairs: Whole) -> list[Statement]:
        known = dict.fromkeys(one for some in pairs for one, _ in domains(cells, some))
        return [Statement.count(one, size(cells, one)) for one in known]

    for pairs in combinations(((0, 1), (1, 2), (0, 2)), 2):
        assert attack(space(cells), said(*pairs), [corner]) == {corner: (0, 1)}
    assert attack(space(cells), said((0, 1), (1, 2), (0, 2)), [corner]) == {corner: (0, 0)}


def test_linear_programming_sees_less_than_whole_numbers_do() -> None:
    """By hand: 2a + b = 3 with b even has no whole b, so a is no other than with b = 1."""
    given = Space({"v0": (0, 1)})
    a, b = cell(v0=0), cell(v0=1)
    said = [Statement(((2.0, a), (1.0, b)), 3, 3), Statement(((1.0, b),), 0.5, 2.5)]
    assert attack(given, said, [a]) == {a: (1, 1)}
    assert attack(given, said, [a], whole=False) == {a: (0.25, 1.25)}


def test_what_is_open_upwards_has_no_end() -> None:
    given = Space({"v0": (0, 1)})
    assert attack(given, [], [cell(v0=0)]) == {cell(v0=0): (0, float("inf"))}
    assert determined(given, [], [cell(v0=0)]) == []


def test_a_question_is_blank_where_it_was_not_asked() -> None:
    given = Space(
        {"v0": (1, 2), "v1": (1, 2, None)},
        valid={"v1": frozenset({1, 2})},
        asked={"v1": {"v0": frozenset({1})}},
    )
    said = [Statement.count(cell(v0=1), 10), Statement.count(cell(v0=2), 7)]
    answered = Domain.where({"v1": [1, 2]})
    assert attack(given, said, [answered, cell(v1=1)]) == {answered: (0, 10), cell(v1=1): (0, 10)}


def test_no_more_answer_than_there_are_units() -> None:
    """All 3 units of a class have answered if 9 of the 10 in the frame have, and 1 is elsewhere."""
    given = Space(
        {"role": ("leder",), "kind": ("kommune",), "size_class": ("liten", "stor")},
        totals={"leder": 9},
        ceilings={("kommune", "liten"): 7, ("kommune", "stor"): 3},
    )
    small, large = (Domain.where({"size_class": [one]}) for one in ("liten", "stor"))
    assert attack(given, [], [small, large]) == {small: (6, 7), large: (2, 3)}


def test_roles_that_answered_are_known_from_the_start() -> None:
    given = Space({"role": ("a", "b"), "v0": (0, 1)}, totals={"a": 4, "b": 6})
    said = [Statement.count(Domain.where({"role": ["a"], "v0": [0]}), 3)]
    other = Domain.where({"role": ["a"], "v0": [1]})
    assert attack(given, said, [other]) == {other: (1, 1)}


def test_figures_of_different_respondents_contradict_each_other() -> None:
    said = [Statement.count(cell(v0=0), 3), Statement.count(EVERYBODY, 2)]
    with pytest.raises(ContradictionError):
        attack(Space({"v0": (0, 1)}), said, [cell(v0=1)])
    with pytest.raises(ContradictionError):
        determined(Space({"v0": (0, 1)}), said, [cell(v0=1)])


def test_parts_of_a_survey_that_nothing_ties_are_looked_at_alone() -> None:
    given = Space({"v0": (0, 1), "v1": (0, 1)})
    said = [Statement.count(one, 5) for one in (cell(v0=0), cell(v0=1), cell(v1=0))]
    assert attack(given, said, [cell(v1=1)]) == {cell(v1=1): (5, 5)}  # both add up to all


def test_boxes_of_a_domain_add_up() -> None:
    given = Space({"v0": (0, 1), "v1": (0, 1)})
    either = Domain((*cell(v0=0, v1=0).boxes, *cell(v0=1, v1=1).boxes))
    said = [
        Statement.count(cell(**{"v0": a, "v1": b}), a + 2 * b) for a, b in product((0, 1), repeat=2)
    ]
    assert attack(given, said, [either]) == {either: (3, 3)}
