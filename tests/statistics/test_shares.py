"""Shares, intervals and comparisons against published worked examples and exact sums."""

import math

import pandas as pd
import pytest
from scipy.stats import hypergeom
from statsmodels.stats.proportion import confint_proportions_2indep

from kompendium.facts import Evidence, Region, quantity
from kompendium.statistics import (
    Share,
    certainty,
    counts,
    difference,
    effective_size,
    margin,
    ratio,
    smallest_certain,
)


def share(count: int, base: int, population: int | None = None) -> Share:
    return Share(count, base, Evidence.ARITHMETIC, population)


def region(wording: str) -> Region:
    found = quantity(wording)
    assert isinstance(found, Region)
    return found


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17: 857–872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_printed_examples(count: int, base: int, low: float, high: float) -> None:
    assert share(count, base).interval == pytest.approx((low, high), abs=5e-5)


def test_newcombe_gives_the_printed_example() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 873–890, table II, method 10
    found = difference(share(56, 70), share(48, 80))
    assert found.value == pytest.approx(0.2)
    assert found.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_the_ratio_turned_round_is_the_reciprocal() -> None:
    one, other = share(108, 224), share(58, 224)
    ahead, back = ratio(one, other), ratio(other, one)
    assert ahead.value == pytest.approx(108 / 58)
    assert ahead.interval[0] < ahead.value < ahead.interval[1]
    assert ahead.interval == pytest.approx((1 / back.interval[1], 1 / back.interval[0]))


@pytest.mark.parametrize(
    ("a", "n", "b", "m"), [(108, 224, 58, 224), (7, 20, 3, 40), (39, 40, 9, 30)]
)
def test_the_ratio_agrees_with_statsmodels(a: int, n: int, b: int, m: int) -> None:
    expected = confint_proportions_2indep(
        a, n, b, m, compare="ratio", method="score", correction=False
    )
    assert ratio(share(a, n), share(b, m)).interval == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("a", "b"), [(0, 5), (10, 10), (10, 3), (4, 10), (5, 0)])
def test_the_ratio_stands_at_the_ends(a: int, b: int) -> None:
    found = ratio(share(a, 10), share(b, 10))
    assert found.interval[0] <= found.value <= found.interval[1]
    assert (found.interval[0] == 0) == (a == 0)
    assert math.isinf(found.interval[1]) == (b == 0)


@pytest.mark.parametrize(
    ("answers", "population", "points"),
    [(276, 437, 3.6), (276, None, 5.9), (224, 371, 4.1), (224, None, 6.5)],
)
def test_worst_margin_with_and_without_the_finite_population(
    answers: int, population: int | None, points: float
) -> None:
    assert round(100 * margin(answers, population), 1) == points


@pytest.mark.parametrize(("answers", "population", "having"), [(276, 437, 200), (30, 40, 7)])
def test_effective_size_gives_the_exact_variance(
    answers: int, population: int, having: int
) -> None:
    p = having / population
    exact = hypergeom(population, having, answers).var() / answers**2
    assert p * (1 - p) / effective_size(answers, population) == pytest.approx(exact)


def test_interval_of_a_finite_population_covers_as_it_says() -> None:
    population, answers = 437, 276
    covered, numbers = 0.0, range(0, population + 1, 4)
    for having in numbers:
        draw = hypergeom(population, having, answers)
        inside = [
            count
            for count in range(max(0, having + answers - population), min(having, answers) + 1)
            if share(count, answers, population).interval[0]
            <= having / population
            <= share(count, answers, population).interval[1]
        ]
        covered += sum(draw.pmf(inside)) if inside else 0
    assert 0.94 < covered / len(numbers) < 0.965


def test_a_census_has_no_uncertainty_and_an_empty_base_has_nothing_else() -> None:
    assert share(3, 10, 10).interval == (0.3, 0.3)
    nobody = share(0, 0)
    assert math.isnan(nobody.value)
    assert nobody.interval == (0.0, 1.0)
    assert difference(nobody, share(1, 2)).interval == (-1.0, 1.0)
    assert ratio(share(1, 2), share(0, 5)).value == math.inf


@pytest.mark.parametrize(("count", "base", "population"), [(3, 2, None), (-1, 2, None), (1, 5, 4)])
def test_impossible_counts_are_refused(count: int, base: int, population: int | None) -> None:
    with pytest.raises(ValueError, match=str(base)):
        share(count, base, population)


def test_certainty_takes_the_smallest_difference_that_prints_so() -> None:
    low, high = region("26 prosent"), region("48 prosent")
    table = certainty(low, high, [31, 100], [31, 200]).set_index(["answers_low", "answers_high"])
    row = table.loc[(100, 200)]
    every = [(b / 200 - a / 100) for a in counts(low, 100) for b in counts(high, 200)]
    assert row["difference"] == pytest.approx(min(every))
    assert bool(row["certain"])
    assert not bool(table.loc[(31, 31), "certain"])


def test_a_number_of_answers_that_cannot_print_so_is_missing() -> None:
    table = certainty(region("26 prosent"), region("48 prosent"), [20], [100])
    assert table["certain"].isna().all()


def test_smallest_certain_is_where_uncertainty_ends() -> None:
    low, high = region("26 prosent"), region("48 prosent")
    found = smallest_certain(low, high, 224)
    assert found is not None
    rows = [certainty(low, high, [number], [number]) for number in range(1, 225)]
    equal = pd.concat(rows).dropna(subset="certain")
    uncertain = equal.loc[~equal["certain"].astype(bool), "answers_low"]
    assert found == equal.loc[equal["answers_low"] > uncertain.max(), "answers_low"].min()
    assert smallest_certain(low, region("27 prosent"), 224) is None
