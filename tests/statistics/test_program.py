"""Whole numbers under many conditions: the most even ones, against every other."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompendium.statistics import CannotHoldError
from kompendium.statistics.entropy import Spread, slope
from kompendium.statistics.program import PREFERENCE, Program


def spread(program: Program, people: int, answers: int) -> list[int]:
    """Some people who give one of some answers each."""
    places = [program.count() for _ in range(answers)]
    program.require(dict.fromkeys(places, 1.0), people, people)
    program.terms.append(Spread(tuple(places)))
    return places


def worth(program: Program, counts: tuple[int, ...]) -> float:
    numbers = np.array(counts, dtype=float)
    return float(slope(program.terms, numbers) @ numbers) + sum(
        by * counts[place] for place, by in program.lean.items()
    )


def holds(program: Program, counts: tuple[int, ...]) -> bool:
    return all(
        low - 1e-9 <= sum(by * counts[place] for place, by in expression.items()) <= high + 1e-9
        for expression, low, high, _ in program.rows
    )


def test_nothing_told_is_an_even_spread() -> None:
    program = Program()
    spread(program, 30, 3)
    spread(program, 11, 2)
    found = program.solve()
    assert found.counts[:3] == [10, 10, 10]
    assert sorted(found.counts[3:]) == [5, 6]
    assert 0 <= found.gap < 0.1


def test_a_limit_is_reached_and_the_rest_is_even() -> None:
    program = Program()
    places = spread(program, 100, 3)
    program.require({places[0]: 1.0}, 70, 80)
    assert program.solve().counts == [70, 15, 15]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(-3, 3)] * 4), min_size=1, max_size=3),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(*[st.floats(-0.5, 0.5)] * 4),
)
def test_no_other_whole_numbers_are_more_even(
    conditions: list[tuple[int, ...]], people: tuple[int, int], lean: tuple[float, ...]
) -> None:
    program = Program()
    places = [*spread(program, people[0], 2), *spread(program, people[1], 2)]
    for condition in conditions:
        program.require(dict(zip(places, map(float, condition), strict=True)), 0, 6, "x.funn")
    program.lean = dict(zip(places, lean, strict=True))
    every = [
        (a, people[0] - a, b, people[1] - b)
        for a, b in product(range(people[0] + 1), range(people[1] + 1))
    ]
    allowed = [counts for counts in every if holds(program, counts)]
    if not allowed:
        with pytest.raises(CannotHoldError, match=r"x\.funn"):
            program.solve()
        return
    found = program.solve()
    assert tuple(found.counts) in allowed
    best = max(worth(program, counts) for counts in allowed)
    own = worth(program, tuple(found.counts))
    assert own >= best - PREFERENCE * sum(people) - 1e-5
    assert own + found.gap >= best - 1e-6


@settings(max_examples=30, deadline=None)
@given(
    st.integers(4, 12),
    st.tuples(st.floats(0.1, 0.5), st.floats(0.5, 0.9)),
)
def test_those_asked_only_if_they_gave_an_answer_are_as_even_as_can_be(
    people: int, shares: tuple[float, float]
) -> None:
    """A filter: how many are asked is not known before, so the entropy has no separate terms."""
    program = Program()
    first = spread(program, people, 2)
    second = [program.count(), program.count()]
    program.terms.append(Spread(tuple(second)))
    program.require({**dict.fromkeys(second, 1.0), first[0]: -1.0}, 0, 0)
    program.require({second[0]: 1.0, first[0]: -shares[0]}, 0)
    program.require({second[0]: 1.0, first[0]: -shares[1]}, high=0)
    program.require({first[0]: 1.0}, 1)
    every = [(a, people - a, b, a - b) for a in range(1, people + 1) for b in range(a + 1)]
    best = max(worth(program, one) for one in every if holds(program, one))
    found = program.solve()
    assert holds(program, tuple(found.counts))
    assert worth(program, tuple(found.counts)) >= best - 0.1
    assert found.entropy + found.gap >= best - 1e-6


def test_what_is_sought_comes_before_evenness_as_far_as_it_goes() -> None:
    program = Program()
    places = spread(program, 20, 2)
    program.seek({places[0]: 1.0, places[1]: -1.0}, 6)
    assert program.solve().counts[:2] == [13, 7]
    program.require({places[0]: 1.0}, high=11)
    assert program.solve().counts[:2] == [11, 9]


def test_the_ends_of_an_expression_enclose_it() -> None:
    program = Program()
    one, two = spread(program, 9, 2), spread(program, 4, 2)
    program.require({one[0]: 1.0, two[0]: 1.0}, 3, 7)
    assert program.ends({one[0]: 1.0, two[0]: -1.0}) == pytest.approx((-4, 7), abs=1e-6)
    assert program.allows(({one[0]: 1.0}, 0), ({two[0]: 1.0}, 4))
    assert not program.allows(({one[0]: 1.0}, 0), ({two[0]: 1.0}, 2))
    assert len(program.rows) == 3


def test_parts_that_do_not_meet_leave_each_other_as_they_are() -> None:
    alone, after = Program(), Program()
    spread(after, 5, 3)
    for program in (alone, after):
        places = spread(program, 17, 4)
        program.require({places[1]: 1.0, places[2]: 1.0}, 12)
    assert after.solve().counts[3:] == alone.solve().counts


def test_a_contradiction_names_what_meets_in_it_and_nothing_else() -> None:
    program = Program()
    a, b = program.count(), program.count()
    program.require({a: 1}, 5, reason="x.minst_fem")
    program.require({a: 1}, high=4, reason="x.hoyst_fire")
    program.require({b: 1}, 1, reason="x.annet")
    with pytest.raises(CannotHoldError, match=r"x.minst_fem, x.hoyst_fire") as caught:
        program.solve()
    assert caught.value.reasons == ("x.minst_fem", "x.hoyst_fire")
