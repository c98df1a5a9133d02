"""How even counts are: the formulas by hand, and boxes against every pattern of ticks."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from kompendium.statistics.entropy import Spread, Ticks, loss, remaining, slope


def entropy(term: Spread | Ticks, counts: list[float]) -> float:
    numbers = np.array(counts, dtype=float)
    return float(slope([term], numbers) @ numbers)


def boxes(ticks: list[int], people: int) -> float:
    """The entropy of people who tick boxes so many times."""
    number = len(ticks)
    term = Ticks(tuple(range(number)), tuple(range(number, 2 * number)))
    return entropy(term, [*ticks, *(people - one for one in ticks)])


def by_patterns(ticks: list[int], people: int) -> float:
    """The same, as the least of a dual problem over every pattern with a tick."""
    patterns = np.array([one for one in product((0, 1), repeat=len(ticks)) if any(one)])
    shares = np.array(ticks) / people

    def cost(price: np.ndarray) -> tuple[float, np.ndarray]:
        odds = np.exp(patterns @ price)
        return math.log(odds.sum()) - price @ shares, odds @ patterns / odds.sum() - shares

    found = minimize(cost, np.zeros(len(ticks)), jac=True, method="BFGS", options={"gtol": 1e-9})
    return people * float(found.fun)


def test_an_even_spread_is_the_number_of_people_times_the_logarithm_of_the_answers() -> None:
    assert entropy(Spread((0, 1, 2)), [10, 10, 10]) == pytest.approx(30 * math.log(3))
    assert entropy(Spread((0, 1)), [3, 1]) == pytest.approx(
        3 * math.log(4 / 3) + math.log(4), rel=1e-9
    )
    assert entropy(Spread((0, 1)), [7, 0]) == pytest.approx(0, abs=1e-6)


def test_it_is_nearly_the_logarithm_of_the_number_of_ways() -> None:
    ways = math.factorial(600) // math.factorial(300) // math.factorial(200) // math.factorial(100)
    assert entropy(Spread((0, 1, 2)), [300, 200, 100]) == pytest.approx(math.log(ways), rel=0.02)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=5), st.integers(2, 9))
def test_it_grows_in_proportion_and_peaks_where_all_are_alike(counts: list[int], by: int) -> None:
    term = Spread(tuple(range(len(counts))))
    found = entropy(term, counts)
    assert entropy(term, [by * one for one in counts]) == pytest.approx(by * found, abs=1e-5)
    assert -1e-6 <= found <= sum(counts) * math.log(len(counts)) + 1e-6


def test_who_ticks_exactly_one_box_chooses_between_them() -> None:
    assert boxes([60, 40], 100) == pytest.approx(entropy(Spread((0, 1)), [60, 40]), rel=1e-6)
    assert boxes([100, 100], 100) == pytest.approx(0, abs=1e-5)
    # Two boxes, three patterns, each of them as likely: log 3 a person.
    assert boxes([20, 20], 30) == pytest.approx(30 * math.log(3))


@given(st.lists(st.integers(1, 39), min_size=2, max_size=5))
def test_boxes_are_as_even_as_any_patterns_with_the_same_ticks(ticks: list[int]) -> None:
    if sum(ticks) <= 41:  # nearly one tick each: the dual problem has no finite solution
        return
    assert boxes(ticks, 40) == pytest.approx(by_patterns(ticks, 40), rel=1e-5, abs=1e-5)


def test_those_left_out_are_the_ones_without_a_tick() -> None:
    # Of 4 who tick each of two boxes by the toss of a coin, 3 tick one: each box has 2 of 3.
    assert remaining(np.array([2 / 3, 2 / 3])) == pytest.approx(3 / 4)


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=2, max_size=4),
    st.floats(0, 1),
)
def test_a_mixture_is_at_least_as_even_as_its_parts(
    pairs: list[tuple[int, int]], part: float
) -> None:
    term = Spread(tuple(range(len(pairs))))
    one, two = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    mixed = part * one + (1 - part) * two
    apart = part * entropy(term, list(one)) + (1 - part) * entropy(term, list(two))
    assert entropy(term, list(mixed)) >= apart - 1e-9


@given(st.floats(0.01, 300), st.integers(0, 300))
def test_what_is_lost_is_nothing_where_nothing_is_moved(even: float, count: int) -> None:
    assert loss(np.array([even]), even)[0] == pytest.approx(0, abs=1e-9)
    assert loss(np.array([float(count)]), even)[0] >= -1e-9
