"""What a survey can find: the chance, the size it takes, and the smallest difference."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompendium.facts import Evidence
from kompendium.statistics import Share
from kompendium.statistics.power import cohen_w, power, required, smallest_difference


def test_the_effect_of_two_shares_is_their_distance_from_the_mean() -> None:
    # R: sqrt(.5 * (.26 - .37)^2 / (.37 * .63) + .5 * (.48 - .37)^2 / (.37 * .63))
    assert cohen_w([0.48, 0.26], [1, 1]) == pytest.approx(0.2278355808671067, rel=1e-12)
    assert cohen_w([0.4, 0.4, 0.4], [3, 5, 9]) == 0
    assert cohen_w([0, 0], [3, 5]) == 0
    assert cohen_w([0, 1], [7, 7]) == 1


def test_the_chance_of_finding_a_difference_is_that_of_the_test() -> None:
    # R: pchisq(qchisq(.95, 1), 1, ncp = 100 * w^2, lower.tail = FALSE)
    assert power([0.48, 0.26], [50, 50]) == pytest.approx(0.6249173903138386, rel=1e-9)
    # Where nothing differs, the test is wrong as often as its level allows.
    assert power([0.3, 0.3], [50, 50], level=0.99) == pytest.approx(0.01)


def test_three_groups_have_two_degrees_of_freedom() -> None:
    # R: p <- c(.2, .3, .5); n <- c(40, 60, 50); b <- sum(n * p) / 150
    #    w2 <- sum(n * (p - b)^2) / 150 / (b * (1 - b))
    #    pchisq(qchisq(.99, 2), 2, ncp = 150 * w2, lower.tail = FALSE)
    assert power([0.2, 0.3, 0.5], [40, 60, 50], level=0.99) == pytest.approx(
        0.5923880294481861, rel=1e-9
    )


def test_the_size_it_takes_is_the_first_that_suffices() -> None:
    # R: uniroot(function(n) pchisq(qchisq(.95, 1), 1, ncp = n * w^2, lower.tail = FALSE) - .8,
    #    c(2, 1e5), tol = 1e-10)$root is 151.204: 76 in each group
    assert required([0.48, 0.26]) == 76
    assert power([0.48, 0.26], [76, 76]) >= 0.8 > power([0.48, 0.26], [75, 75])
    with pytest.raises(ValueError, match="never told apart"):
        required([0.3, 0.3])


def test_the_smallest_difference_is_where_the_chance_is_reached() -> None:
    # R: pw <- function(q, p, n, m) { b <- (n * p + m * q) / (n + m)
    #      w2 <- (n * (p - b)^2 + m * (q - b)^2) / (n + m) / (b * (1 - b))
    #      pchisq(qchisq(.95, 1), 1, ncp = (n + m) * w2, lower.tail = FALSE) }
    #    uniroot(function(q) pw(q, .3, 60, 90) - .8, c(.31, .99), tol = 1e-12)$root
    found = smallest_difference(0.3, [90, 60])
    assert found == pytest.approx(0.5317231315796006 - 0.3, rel=1e-9)


def test_a_survey_that_asked_nearly_everyone_finds_smaller_differences() -> None:
    groups = [Share(30, 60, Evidence.ARITHMETIC, population) for population in (None, 80)]
    open_ended, nearly_all = (
        smallest_difference(0.3, [one.effective, one.effective]) for one in groups
    )
    assert open_ended is not None
    assert nearly_all is not None
    assert nearly_all < open_ended / 1.5


def test_too_few_answers_find_nothing() -> None:
    assert smallest_difference(0.5, [4, 4]) is None
    assert smallest_difference(0.99, [50, 50]) is None


@given(st.floats(0.01, 0.9), st.integers(5, 400), st.integers(5, 400))
def test_more_answers_find_no_larger_differences(share: float, first: int, second: int) -> None:
    found = smallest_difference(share, [first, second])
    more = smallest_difference(share, [2 * first, 2 * second])
    if found is None:
        return
    assert more is not None
    assert 0 < more < found <= 1 - share + 1e-12
    assert power([share + found, share], [first, second]) == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize(
    ("shares", "sizes", "message"),
    [
        ([0.3], [50], "two or more groups"),
        ([0.3, 0.5], [50], "two or more groups"),
        ([0.3, 0.5], [50, 0], "two or more groups"),
        ([0.3, 1.5], [50, 50], "not all shares"),
        ([0.3, math.nan], [50, 50], "not all shares"),
    ],
)
def test_what_is_no_group_is_refused(shares: list[float], sizes: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        power(shares, sizes)


def test_a_chance_that_any_difference_has_is_refused() -> None:
    with pytest.raises(ValueError, match="chance between"):
        smallest_difference(0.3, [50, 50], chance=0.05)
    with pytest.raises(ValueError, match="two groups"):
        smallest_difference(0.3, [50, 50, 50])
