"""Each wording's region, tested at its edges."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompendium.facts import RULES, Category, Region, Unit, quantity
from kompendium.facts.language import use
from kompendium.facts.reasons import ENGLISH
from kompendium.facts.wordings import SIMPLE_FRACTIONS, UnknownWordingError

TINY = 1e-9

EDGES = [
    # wording, unit, inside (edges that belong), outside (edges that do not)
    ("63 prosent", Unit.SHARE, (0.625, 0.635 - TINY), (0.625 - TINY, 0.635)),
    ("60 %", Unit.SHARE, (0.595, 0.605 - TINY), (0.595 - TINY, 0.605)),
    ("22,5 prosent", Unit.SHARE, (0.2245, 0.2255 - TINY), (0.2245 - TINY, 0.2255)),
    ("0 prosent", Unit.SHARE, (0, 0.005 - TINY), (-TINY, 0.005)),
    ("om lag 60 prosent", Unit.SHARE, (0.575, 0.625 - TINY), (0.575 - TINY, 0.625)),
    ("8 av 10", Unit.SHARE, (0.75, 0.85 - TINY), (0.75 - TINY, 0.85)),
    ("åtte av ti", Unit.SHARE, (0.75, 0.85 - TINY), (0.75 - TINY, 0.85)),
    ("1 av 4", Unit.SHARE, (0.225, 7 / 24 - TINY), (0.225 - TINY, 7 / 24)),
    ("2 av 3", Unit.SHARE, (19 / 30, 17 / 24 - TINY), (19 / 30 - TINY, 17 / 24)),
    ("1 av 6", Unit.SHARE, (2 / 15, 11 / 60 - TINY), (2 / 15 - TINY, 11 / 60)),
    ("rundt 1 av 5", Unit.SHARE, (1 / 6 + TINY, 0.25 - TINY), (1 / 6, 0.25)),
    ("rett over halvparten", Unit.SHARE, (0.5 + TINY, 0.55), (0.5, 0.55 + TINY)),
    ("rett under halvparten", Unit.SHARE, (0.45, 0.5 - TINY), (0.45 - TINY, 0.5)),
    ("majoriteten", Unit.SHARE, (0.5 + TINY, 1), (0.5, 1 + TINY)),
    ("de fleste", Unit.SHARE, (0.5 + TINY, 1), (0.5, 1 + TINY)),
    ("mange", Unit.SHARE, (1 / 3 + TINY, 1), (1 / 3, 1 + TINY)),
    ("få", Unit.SHARE, (0, 0.5 - TINY), (-TINY, 0.5)),
    ("svært få", Unit.SHARE, (0, 0.1 - TINY), (-TINY, 0.1)),
    ("enkelte", Unit.SHARE, (TINY, 0.5 - TINY), (0, 0.5)),
    ("alle", Unit.SHARE, (1,), (1 - TINY,)),
    ("ingen", Unit.SHARE, (0,), (TINY,)),
    ("nesten dobbelt så mange", Unit.RATIO, (1.75, 2 - TINY), (1.75 - TINY, 2)),
    ("godt over 200", Unit.COUNT, (210, 299), (209, 300)),
    ("godt over 200 kommuner", Unit.COUNT, (210, 299), (209, 300)),
    ("276 kommuner", Unit.COUNT, (276,), (275, 277)),
    ("fem kommuner", Unit.COUNT, (5,), (4, 6)),
    ("4 klynger", Unit.COUNT, (4,), (3, 5)),
    ("1 mill. kroner", Unit.MONEY, (0.95e6, 1.05e6 - 1), (0.95e6 - 1, 1.05e6)),
    ("år 2017", Unit.YEAR, (2017,), (2016, 2018)),
    ("i større grad", Unit.DIFFERENCE, (TINY, 1), (0, -TINY)),
    ("i mindre grad", Unit.DIFFERENCE, (-TINY, -1), (0, TINY)),
    ("høyest", Unit.DIFFERENCE, (TINY,), (0,)),
    ("lavest", Unit.DIFFERENCE, (-TINY,), (0,)),
    ("på linje med", Unit.DIFFERENCE, (-0.05, 0.05), (-0.05 - TINY, 0.05 + TINY)),
]


@pytest.mark.parametrize(("wording", "unit", "inside", "outside"), EDGES)
def test_region_holds_at_its_edges(
    wording: str, unit: Unit, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    region = quantity(wording)
    assert isinstance(region, Region)
    assert region.unit is unit
    assert all(value in region for value in inside)
    assert not any(value in region for value in outside)


def test_every_rule_is_tested_at_its_edges() -> None:
    tested = {quantity(wording).reason for wording, *_ in EDGES}
    categories = {r.reason for r in RULES if isinstance(quantity(r.example), Category)}
    assert {rule.reason for rule in RULES} - categories == tested


def test_every_example_reaches_its_own_rule() -> None:
    for rule in RULES:
        assert quantity(rule.example).reason == rule.reason


@pytest.mark.parametrize(
    "wording", ["", "cirka en del", "7 av 9", "63 poser prosent, 2", "status: borte"]
)
def test_an_unknown_wording_is_refused(wording: str) -> None:
    with pytest.raises(UnknownWordingError, match="wordings"):
        quantity(wording)


def test_categories_compare_without_case() -> None:
    status = quantity("status: Ferdig")
    assert isinstance(status, Category)
    assert "ferdig" in status
    assert "forsinket" not in status


@given(st.integers(1, 2000), st.integers(0, 2000))
def test_a_printed_percentage_contains_what_prints_as_it(n: int, k: int) -> None:
    value = min(k, n) / n
    printed = math.floor(100 * value + 0.5 + 1e-9)
    assert value in quantity(f"{printed} prosent")


def test_simple_fractions_share_the_line_between_them() -> None:
    for place in range(1, len(SIMPLE_FRACTIONS) - 2):
        one, other = SIMPLE_FRACTIONS[place : place + 2]
        if 10 in (one.denominator, other.denominator):
            continue  # tenths have a rule and a width of their own
        first, second = (quantity(f"{f.numerator} av {f.denominator}") for f in (one, other))
        assert isinstance(first, Region)
        assert isinstance(second, Region)
        assert first.high == pytest.approx(second.low)


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("63 prosent", "[62,5; 63,5)\u00a0%"),
        ("276 kommuner", "276"),
        ("i større grad", "over 0\u00a0prosentpoeng"),
        ("på linje med", "[−5; 5]\u00a0prosentpoeng"),
        ("nesten dobbelt så mange", "[1,75; 2)"),
        ("1 mill. kroner", "[950\u00a0000; 1\u00a0050\u00a0000)\u00a0kr"),
    ],
)
def test_regions_are_written_in_norwegian_form(wording: str, text: str) -> None:
    assert quantity(wording).text() == text


def test_every_reason_is_told_in_english_too() -> None:
    assert set(ENGLISH) == {rule.example for rule in RULES}
    assert all(rule.why == rule.reason for rule in RULES)
    try:
        use("en")
        assert all(rule.why == ENGLISH[rule.example] for rule in RULES)
    finally:
        use("nb")
