"""Tests and effect sizes: full precision, and none where the answers do not bear them."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from kompendium.statistics.effects import (
    DISCORDANT,
    cohen_h,
    independence,
    logistic,
    mcnemar,
    odds_ratio,
    trend,
)

RISING = pd.DataFrame({"yes": [8, 12, 14, 20], "no": [32, 28, 21, 15]})
"""x <- c(8, 12, 14, 20); n <- c(40, 40, 35, 35)"""

PEOPLE = pd.DataFrame(
    [
        (size, offers)
        for size, counted in enumerate(RISING.to_numpy())
        for offers, number in zip((1, 0), counted, strict=True)
        for _ in range(number)
    ],
    columns=["size", "offers"],
)
"""y <- unlist(mapply(function(a, b) c(rep(1, a), rep(0, b - a)), x, n)); k <- rep(0:3, n)"""


def test_the_test_of_independence_is_pearsons_at_full_precision() -> None:
    # R: m <- matrix(c(30, 43, 43, 30, 36, 13), 3); chisq.test(m)
    counts = pd.DataFrame({"yes": [30, 43, 43], "no": [30, 36, 13]}, index=["a", "b", "c"])
    found = independence(counts)
    assert found is not None
    assert found.chi2 == pytest.approx(10.03236026873772, rel=1e-12)
    assert found.p_value == pytest.approx(0.006629803359870954, rel=1e-12)
    assert found.dof == 2
    assert found.cramer == pytest.approx(math.sqrt(10.03236026873772 / 195), rel=1e-12)


def test_a_square_table_has_yatess_correction_in_the_test_but_not_in_the_strength() -> None:
    # R: s <- matrix(c(58, 108, 166, 116), 2); chisq.test(s)
    #    sqrt(chisq.test(s, correct = FALSE)$statistic / sum(s))
    found = independence(pd.DataFrame([[58, 166], [108, 116]]))
    assert found is not None
    assert found.chi2 == pytest.approx(22.97803981885, rel=1e-12)
    assert found.p_value == pytest.approx(1.638625676067e-06, rel=1e-12)
    assert found.cramer == pytest.approx(0.2310954560369064, rel=1e-12)


@given(st.lists(st.lists(st.integers(5, 200), min_size=3, max_size=3), min_size=2, max_size=4))
def test_it_agrees_with_another_implementation_on_any_table(cells: list[list[int]]) -> None:
    found, other = independence(pd.DataFrame(cells)), chi2_contingency(cells)
    if other.expected_freq.min() < 5:
        assert found is None
        return
    assert found is not None
    assert found.chi2 == pytest.approx(other.statistic, rel=1e-9, abs=1e-9)
    assert found.p_value == pytest.approx(other.pvalue, rel=1e-9, abs=1e-12)
    assert 0 <= found.cramer <= 1


@pytest.mark.parametrize(
    "cells",
    [
        [[4, 50], [50, 50]],  # found
        [[5, 5], [5, 500]],  # expected
        [[20, 30]],  # one row
        [[20, 30], [0, 0]],  # one row with anybody
        [[0, 0], [0, 0]],
    ],
)
def test_a_table_that_does_not_bear_the_test_has_none(cells: list[list[int]]) -> None:
    assert independence(pd.DataFrame(cells)) is None


def test_empty_rows_and_columns_do_not_count() -> None:
    whole = independence(pd.DataFrame([[20, 0, 30], [0, 0, 0], [40, 0, 10]]))
    assert whole == independence(pd.DataFrame([[20, 30], [40, 10]]))


def test_a_negative_count_is_no_count() -> None:
    with pytest.raises(ValueError, match="whole numbers from zero"):
        independence(pd.DataFrame([[20, -1], [30, 40]]))


@pytest.mark.parametrize(
    ("cells", "level", "value", "interval", "p_value"),
    [
        # R: fisher.test(matrix(c(3, 1, 1, 3), 2)), its equations solved with tol = 1e-14
        (
            [[3, 1], [1, 3]],
            0.95,
            6.408319658199675,
            (0.211735595446579, 626.243530588813883),
            0.4857142857142858,
        ),
        # R: fisher.test(matrix(c(7, 2, 3, 9), 2), conf.level = .9), in the same way
        (
            [[7, 3], [2, 9]],
            0.9,
            9.140539120529564,
            (1.321122715279291, 93.057078508454595),
            0.02997312285237982,
        ),
    ],
)
def test_small_tables_have_fishers_test(
    cells: list[list[int]],
    level: float,
    value: float,
    interval: tuple[float, float],
    p_value: float,
) -> None:
    found = odds_ratio(pd.DataFrame(cells), level)
    assert found is not None
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.interval == pytest.approx(interval, rel=1e-9)
    assert found.p_value == pytest.approx(p_value, rel=1e-9)
    assert found.level == level


def test_an_empty_cell_leaves_the_odds_ratio_open_to_one_side() -> None:
    found = odds_ratio(pd.DataFrame([[4, 0], [2, 5]]))
    assert found is not None
    assert found.value == found.interval[1] == math.inf
    assert 0 < found.interval[0] < 2
    assert odds_ratio(pd.DataFrame([[4, 0], [2, 0]])) is None
    with pytest.raises(ValueError, match="not 1 × 3"):
        odds_ratio(pd.DataFrame([[4, 0, 2]]))


def test_cohens_h_is_the_difference_of_arcsines() -> None:
    # R: 2 * asin(sqrt(.48)) - 2 * asin(sqrt(.26))
    assert cohen_h(0.48, 0.26) == pytest.approx(0.4606440380505992, rel=1e-12)
    assert cohen_h(0.26, 0.48) == -cohen_h(0.48, 0.26)
    with pytest.raises(ValueError, match="not both shares"):
        cohen_h(1.2, 0.5)


def test_a_trend_is_the_linear_association_through_the_classes() -> None:
    # R: z2 <- (length(y) - 1) * cor(y, k)^2; sqrt(z2); pchisq(z2, 1, lower.tail = FALSE)
    found = trend(RISING)
    assert found is not None
    assert found.z == pytest.approx(3.433108470388298, rel=1e-12)
    assert found.p_value == pytest.approx(0.0005967033256537949, rel=1e-10)
    # R: prop.trend.test(x, n)$statistic, which divides by N where this divides by N - 1
    assert found.z**2 * 150 / 149 == pytest.approx(11.86533600951531, rel=1e-12)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=6))
def test_a_trend_turns_with_the_order_and_with_the_answer(rows: list[tuple[int, int]]) -> None:
    table = pd.DataFrame(rows)
    found, back = trend(table), trend(table.iloc[::-1])
    other = trend(table.iloc[:, ::-1])
    if found is None:
        assert back is None
        assert other is None
        return
    assert back is not None
    assert other is not None
    assert found.z == pytest.approx(-back.z, abs=1e-9)
    assert found.z == pytest.approx(-other.z, abs=1e-9)
    moved = trend(table, [10 + 5 * place for place in range(len(rows))])
    assert moved is not None
    assert moved.z == pytest.approx(found.z, abs=1e-9)


def test_a_trend_needs_two_classes_and_two_answers() -> None:
    assert trend(pd.DataFrame([[3, 4], [0, 0]])) is None
    assert trend(pd.DataFrame([[3, 0], [9, 0]])) is None
    with pytest.raises(ValueError, match="one row a class with two counts"):
        trend(pd.DataFrame([[3, 4, 5], [9, 1, 1]]))
    with pytest.raises(ValueError, match="a score a row"):
        trend(RISING, [1, 2])


def answers(both: int, lost: int, gained: int, neither: int) -> tuple[pd.Series, pd.Series]:
    """The same units twice, so many of each kind."""
    kinds = [(True, True)] * both + [(True, False)] * lost
    kinds += [(False, True)] * gained + [(False, False)] * neither
    first, second = zip(*kinds, strict=True)
    units = [f"{number:04}" for number in range(len(kinds))]
    return pd.Series(first, index=units), pd.Series(second, index=units)


def test_many_changes_are_tested_by_mcnemars_approximation() -> None:
    # R: mcnemar.test(matrix(c(40, 12, 25, 60), 2))$p.value
    found = mcnemar(*answers(40, 25, 12, 60))
    assert found is not None
    assert (found.answers, found.gained, found.lost, found.exact) == (137, 12, 25, False)
    assert found.p_value == pytest.approx(0.04851973828025054, rel=1e-12)
    assert found.difference == (12 - 25) / 137


@pytest.mark.parametrize(
    ("lost", "gained", "p_value"),
    [
        (9, 3, 0.1459960937500001),  # R: binom.test(3, 12)$p.value
        (2, 9, 0.06542968750000004),  # R: binom.test(2, 11)$p.value
        (6, 6, 1.0),
        (0, 0, 1.0),
    ],
)
def test_few_changes_are_tested_exactly(lost: int, gained: int, p_value: float) -> None:
    found = mcnemar(*answers(5, lost, gained, 7))
    assert found is not None
    assert found.exact
    assert found.p_value == pytest.approx(p_value, rel=1e-12)


def test_the_exact_test_ends_where_enough_have_changed() -> None:
    below, at = (mcnemar(*answers(1, lost, 9, 1)) for lost in (DISCORDANT - 10, DISCORDANT - 9))
    assert below is not None
    assert at is not None
    assert (below.exact, at.exact) == (True, False)


def test_units_are_paired_by_number_and_only_those_who_answered_twice_count() -> None:
    first, second = answers(4, 3, 2, 1)
    shuffled = second.iloc[::-1]
    assert mcnemar(first, shuffled) == mcnemar(first, second)
    partly = second.astype("boolean").mask(second.index == first.index[0])
    found = mcnemar(first.iloc[:-1], partly)
    assert found is not None
    assert (found.answers, found.gained, found.lost) == (8, 2, 3)
    assert mcnemar(first.iloc[:2], second.iloc[5:]) is None
    with pytest.raises(ValueError, match="answers twice"):
        mcnemar(pd.concat([first, first]), second)


@pytest.mark.parametrize(
    ("level", "interval"),
    [
        # R: g <- glm(y ~ k, family = binomial, control = glm.control(epsilon = 1e-15))
        #    exp(coef(g)); exp(confint.default(g, level = ...))
        (0.95, (1.2562833785678253, 2.3845890106059890)),
        (0.99, (1.1359505911446428, 2.6371917600052983)),
    ],
)
def test_logistic_regression_gives_odds_ratios_with_an_interval_at_any_level(
    level: float, interval: tuple[float, float]
) -> None:
    found = logistic(PEOPLE, "offers", ["size"], level)
    assert found is not None
    assert list(found) == ["size"]
    assert found["size"].value == pytest.approx(1.7308147037565285, rel=1e-9)
    assert found["size"].interval == pytest.approx(interval, rel=1e-9)
    assert found["size"].p_value == pytest.approx(7.921912780532491e-04, rel=1e-9)
    assert found["size"].level == level


def test_each_predictor_is_weighed_with_the_others_in_place() -> None:
    # R: d <- rep(c(0, 1, 0), length.out = 150); glm(y ~ k + d, family = binomial)
    turn = itertools.cycle(["kommune", "bydel", "kommune"])
    kinds = pd.Categorical([next(turn) for _ in range(len(PEOPLE))], ["kommune", "bydel"])
    sizes = pd.Categorical.from_codes(PEOPLE["size"], list("abcd"), ordered=True)
    found = logistic(PEOPLE.assign(kind=kinds, size=sizes), "offers", ["size", "kind"], 0.9)
    assert found is not None
    assert list(found) == ["size", "kind: bydel"]
    assert found["size"].value == pytest.approx(1.7308283086452989, rel=1e-9)
    assert found["size"].interval == pytest.approx(
        (1.3227090874357312, 2.2648718924398454), rel=1e-9
    )
    assert found["kind: bydel"].value == pytest.approx(0.9947507614543628, rel=1e-9)
    assert found["kind: bydel"].p_value == pytest.approx(0.9888355944965886, rel=1e-9)


def test_blanks_are_left_out_of_a_regression() -> None:
    blanks = pd.DataFrame({"size": [0, pd.NA, 3], "offers": [pd.NA, 1, pd.NA]}, dtype="Int64")
    longer = pd.concat([PEOPLE.astype("Int64"), blanks], ignore_index=True)
    assert logistic(longer, "offers", ["size"]) == logistic(PEOPLE, "offers", ["size"])


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"y": [0, 0, 0, 0], "x": [1, 2, 3, 4]}),  # nobody
        pd.DataFrame({"y": [0, 0, 1, 1], "x": [1, 2, 3, 4]}),  # told apart
        pd.DataFrame({"y": [0, 0, 1, 1], "x": [1, 2, 2, 3]}),  # told apart but for one value
        pd.DataFrame({"y": [0, 1, 0, 1], "x": [2, 2, 2, 2]}),  # says nothing
    ],
)
def test_no_finite_odds_ratio_is_none(table: pd.DataFrame) -> None:
    assert logistic(table, "y", ["x"]) is None


def test_predictors_that_repeat_each_other_have_no_odds_ratios_of_their_own() -> None:
    assert logistic(PEOPLE.assign(again=2 * PEOPLE["size"]), "offers", ["size", "again"]) is None


def test_a_predictor_with_one_category_has_no_odds_ratio() -> None:
    kinds = pd.Categorical(["kommune"] * len(PEOPLE), ["kommune", "bydel"])
    assert logistic(PEOPLE.assign(kind=kinds), "offers", ["kind"]) is None


def test_an_outcome_is_yes_or_no() -> None:
    with pytest.raises(ValueError, match="size must be 0 or 1"):
        logistic(PEOPLE, "size", ["offers"])


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=25))
def test_a_regression_is_none_exactly_where_the_odds_would_run_away(
    rows: list[tuple[bool, int]],
) -> None:
    table = pd.DataFrame(rows, columns=["y", "x"]).astype(int)
    found = logistic(table, "y", ["x"])
    yes, no = table.loc[table["y"] == 1, "x"], table.loc[table["y"] == 0, "x"]
    apart = yes.empty or no.empty or yes.min() >= no.max() or no.min() >= yes.max()
    assert (found is None) == apart
    if found is not None:
        assert 0 < found["x"].interval[0] <= found["x"].value <= found["x"].interval[1] < np.inf
