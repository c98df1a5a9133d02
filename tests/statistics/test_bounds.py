"""Bounds against hand-worked cases and every whole table of a small base."""

from collections.abc import Iterator
from itertools import product

import pytest

from kompendium.facts import Region, quantity
from kompendium.statistics import (
    Bounds,
    bounds,
    conditional,
    joint,
    nonresponse,
    otherwise,
    overall,
    union,
)

BASE = 12


def region(wording: str) -> Region:
    found = quantity(wording)
    assert isinstance(found, Region)
    return found


def tables() -> Iterator[tuple[int, int, int, int]]:
    """Every division of the base into both, only the first, only the second, neither."""
    for both, first, second in product(range(BASE + 1), repeat=3):
        if both + first + second <= BASE:
            yield both, first, second, BASE - both - first - second


def test_certified_and_offering_worked_by_hand() -> None:
    # 8 av 10 is [0.75, 0.85); 2 av 3 is [19/30, 17/24), half-way to 3/5 and 3/4.
    found = overall(region("8 av 10"), region("2 av 3"))
    assert found.low == pytest.approx(0.75 * 19 / 30)
    assert found.high == pytest.approx(1 - 0.75 * (1 - 17 / 24))
    assert (round(found.low, 4), round(found.high, 4)) == (0.475, 0.7812)


def test_joint_and_union_hold_every_table_and_are_reached() -> None:
    seen: dict[tuple[int, int], set[int]] = {}
    for both, first, second, _ in tables():
        seen.setdefault((both + first, both + second), set()).add(both)
    for (a, b), values in seen.items():
        found = joint(a / BASE, b / BASE)
        assert found.low == pytest.approx(min(values) / BASE)
        assert found.high == pytest.approx(max(values) / BASE)
        either = union(a / BASE, b / BASE)
        assert either.low == pytest.approx((a + b - max(values)) / BASE)
        assert either.high == pytest.approx((a + b - min(values)) / BASE)


def test_joint_of_ranges_is_reached() -> None:
    first, second = (4 / BASE, 7 / BASE), (6 / BASE, 9 / BASE)
    values = [
        both / BASE
        for both, one, two, _ in tables()
        if 4 <= both + one <= 7 and 6 <= both + two <= 9
    ]
    assert joint(first, second).low == pytest.approx(min(values), abs=1e-9)
    assert joint(first, second).high == pytest.approx(max(values))


def test_conditional_holds_every_table_and_is_reached() -> None:
    for low, high in ((3, 3), (3, 6), (8, 11)):
        for least, most in ((2, 2), (5, 9)):
            values = [
                both / (both + one)
                for both, one, two, _ in tables()
                if low <= both + one <= high and least <= both + two <= most
            ]
            found = conditional((low / BASE, high / BASE), (least / BASE, most / BASE))
            assert found.low == pytest.approx(min(values))
            assert found.high == pytest.approx(max(values))


def test_overall_and_otherwise_hold_every_table_and_are_reached() -> None:
    whole: dict[tuple[int, int], set[int]] = {}
    for both, one, two, _ in tables():
        if both + one:
            whole.setdefault((both + one, both), set()).add(both + two)
        if two + both <= BASE and 0 < both + one < BASE:
            found = otherwise((both + one) / BASE, both / (both + one), (both + two) / BASE)
            assert found.low == pytest.approx(two / (BASE - both - one), abs=1e-9)
            assert found.high == pytest.approx(two / (BASE - both - one), abs=1e-9)
    for (condition, both), values in whole.items():
        found = overall(condition / BASE, both / condition)
        assert found.low == pytest.approx(min(values) / BASE)
        assert found.high == pytest.approx(max(values) / BASE)


def test_otherwise_of_ranges_holds_every_table() -> None:
    found = otherwise((6 / BASE, 8 / BASE), (0.5, 0.7), (5 / BASE, 7 / BASE))
    values = [
        two / (two + none)
        for both, one, two, none in tables()
        if 6 <= both + one <= 8 and 0.5 <= both / (both + one) <= 0.7 and 5 <= both + two <= 7
    ]
    assert found.low <= min(values)
    assert max(values) <= found.high


def test_nonresponse_is_reached_by_the_silent_having_none_or_all() -> None:
    for answered in range(1, BASE + 1):
        for having in range(answered + 1):
            found = nonresponse(having / answered, answered, BASE)
            values = [(having + silent) / BASE for silent in range(BASE - answered + 1)]
            assert found.low == pytest.approx(min(values))
            assert found.high == pytest.approx(max(values))


def test_ratio_of_two_rounded_shares() -> None:
    found = bounds(region("48 prosent")) / region("26 prosent")
    assert (found.low, found.high) == pytest.approx((0.475 / 0.265, 0.485 / 0.255))
    assert region("nesten dobbelt så mange").covers(found.low, found.high)


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
def test_arithmetic_holds_every_pair(sign: str) -> None:
    one, other = Bounds(-2, 3), Bounds(1, 4)
    operations = {
        "+": (one + other, lambda a, b: a + b),
        "-": (one - other, lambda a, b: a - b),
        "*": (one * other, lambda a, b: a * b),
        "/": (one / other, lambda a, b: a / b),
    }
    found, operation = operations[sign]
    steps = [i / 10 for i in range(11)]
    values = [operation(-2 + 5 * i, 1 + 3 * j) for i in steps for j in steps]
    assert (found.low, found.high) == pytest.approx((min(values), max(values)))


def test_numbers_and_regions_may_stand_on_the_left() -> None:
    assert 1 - bounds((0.2, 0.4)) == Bounds(0.6, 0.8)
    assert 2 * bounds(0.5) + 1 == Bounds(2, 2)
    assert 1 / bounds((2, 4)) == Bounds(0.25, 0.5)
    assert 0.7 in 1 - bounds((0.2, 0.4))


def test_a_base_narrows_a_region_to_its_counts() -> None:
    assert bounds(region("26 prosent"), base=50) == Bounds(13 / 50, 13 / 50)
    with pytest.raises(ValueError, match="26 prosent"):
        bounds(region("26 prosent"), base=20)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no value fits"):
        Bounds(1, 0)
    with pytest.raises(ZeroDivisionError):
        bounds(1) / (-1.0, 1.0)
    with pytest.raises(ValueError, match="zero"):
        conditional((0.0, 0.5), 0.5)
    with pytest.raises(ValueError, match="everyone"):
        otherwise(1.0, 0.5, 0.5)
    with pytest.raises(ValueError, match="not within"):
        joint(1.2, 0.5)
    with pytest.raises(ValueError, match="frame"):
        nonresponse(0.5, 10, 9)
