"""Whole counts behind printed shares."""

import pytest

from kompendium.facts import Region, quantity
from kompendium.statistics import (
    counts,
    fitting_bases,
    fitting_frames,
    reconstruct,
    response_rates,
)

# DSB's Kommuneundersøkelsen 2019: printed shares of all municipalities and of those answering.
CLASSES = ("under 2000", "2000–4999", "5000–9999", "10000–19999", "20000–49999", "50000+")
ALL = dict(zip(CLASSES, ("22,5", "29,6", "20,9", "13,0", "10,2", "3,8"), strict=True))
ANSWERING = dict(zip(CLASSES, ("21,4", "28,9", "21,9", "13,4", "10,4", "4,0"), strict=True))


def region(wording: str) -> Region:
    found = quantity(wording)
    assert isinstance(found, Region)
    return found


def printed(shares: dict[str, str]) -> dict[str, Region]:
    return {name: region(f"{value} prosent") for name, value in shares.items()}


def test_counts_are_those_that_round_to_the_printed_share() -> None:
    for base in range(1, 130):
        for percent in (0, 1, 26, 50, 99, 100):
            expected = tuple(
                count
                for count in range(base + 1)
                if (200 * count + base) // (2 * base) == percent  # half up, in whole numbers
            )
            assert counts(region(f"{percent} prosent"), base) == expected


def test_no_share_of_twenty_prints_as_26_percent() -> None:
    assert counts(region("26 prosent"), 20) == ()
    assert 20 not in fitting_bases(region("26 prosent"), range(1, 40))
    assert 23 in fitting_bases(region("26 prosent"), range(1, 40))
    with pytest.raises(ValueError, match="at least one"):
        counts(region("26 prosent"), 0)


def test_response_rates_tell_the_frame_apart() -> None:
    assert fitting_frames(region("63 prosent"), 276, [422, 437]) == (437,)
    assert fitting_frames(region("60 prosent"), 224, [356, 370, 371]) == (371,)
    assert fitting_frames(region("84 prosent"), 302, [356, 371]) == ()


def test_the_size_table_has_one_solution() -> None:
    units = reconstruct(printed(ALL), 422)
    answers = reconstruct(printed(ANSWERING), 402)
    assert [list(table.values()) for table in units] == [[95, 125, 88, 55, 43, 16]]
    assert [list(table.values()) for table in answers] == [[86, 116, 88, 54, 42, 16]]
    rates = response_rates(units[0], answers[0])
    assert rates["under 2000"] == (86, 95, 86 / 95)
    assert round(100 * rates["2000–4999"][2], 1) == 92.8
    assert rates["50000+"][2] == 1


def test_reconstruction_finds_every_table() -> None:
    shares = {"a": region("1 av 3"), "b": region("noen"), "c": region("få")}
    total = 20
    expected = [
        (a, b, total - a - b)
        for a in range(total + 1)
        for b in range(total + 1 - a)
        if a / total in shares["a"]
        and b / total in shares["b"]
        and (total - a - b) / total in shares["c"]
    ]
    assert [tuple(table.values()) for table in reconstruct(shares, total)] == expected
    assert len(expected) > 1
    assert reconstruct({"a": region("1 av 3"), "b": region("1 av 3")}, total) == []


def test_more_answers_than_units_is_refused() -> None:
    with pytest.raises(ValueError, match="more answers than units in: a"):
        response_rates({"a": 1}, {"a": 2})
    with pytest.raises(ValueError, match="classes"):
        response_rates({"a": 1}, {"b": 1})
