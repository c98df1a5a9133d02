"""Whole numbers under many conditions."""

from itertools import product

import pytest

from kompendium.statistics import CannotHoldError
from kompendium.statistics.program import Program


def test_the_least_costly_numbers_are_found() -> None:
    program = Program()
    a, b = program.count(), program.count()
    program.require({a: 1, b: 1}, 7, 7)
    program.require({a: 3, b: -2}, low=1)
    program.prefer({a: 1}, 1.4, 1)
    best = min(
        ((x, y) for x, y in product(range(8), repeat=2) if x + y == 7 and 3 * x - 2 * y >= 1),
        key=lambda pair: abs(pair[0] - 1.4),
    )
    assert program.solve()[:2] == list(best)


def test_parts_that_do_not_meet_are_solved_apart() -> None:
    program = Program()
    places = [program.count() for _ in range(4)]
    program.require({places[0]: 1, places[3]: 1}, 5, 5)
    program.require({places[1]: 1, places[2]: -2}, 0, 0)
    program.require({places[1]: 1}, 4)
    program.prefer({places[0]: 1}, 2, 1)
    program.avoid({places[2]: 1}, 0, 1)
    assert program.solve()[:4] == [2, 4, 2, 3]


def test_a_contradiction_names_what_meets_in_it_and_nothing_else() -> None:
    program = Program()
    a, b = program.count(), program.count()
    program.require({a: 1}, 5, reason="x.minst_fem")
    program.require({a: 1}, high=4, reason="x.hoyst_fire")
    program.require({b: 1}, 1, reason="x.annet")
    with pytest.raises(CannotHoldError, match=r"x.minst_fem, x.hoyst_fire") as caught:
        program.solve()
    assert caught.value.reasons == ("x.minst_fem", "x.hoyst_fire")
