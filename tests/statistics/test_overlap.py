"""Overlapping waves: worked by hand, over all samples there are, and by simulation."""

import math
from itertools import combinations, product

import numpy as np
import pytest

from kompendium.facts import Evidence
from kompendium.statistics.overlap import (
    Overlap,
    Slope,
    answered_twice,
    covariance,
    interval_of_change,
    slope,
    variance,
)
from kompendium.statistics.shares import Share, difference


def of(count: int, base: int, population: float | None = None) -> Share:
    return Share(count, base, Evidence.SURVEY, population)


def test_the_factor_is_worked_by_hand() -> None:
    """20 of 100 and 25 of 100 answered, 8 of them twice: 8 / 500 − 1 / 100."""
    found = Overlap.of_one_population((20, 25), 100, 8)
    assert found.factor == pytest.approx(0.016 - 0.01)
    # Of 120 and 100 units 80 are common; 16 and 20 of those answered: (8 − 16 · 20 / 80) / 500.
    reformed = Overlap((20, 25), (120, 100), 8, (16, 20), 80)
    assert reformed.factor == pytest.approx((8 - 4) / 500)


def test_an_overlap_that_chance_gives_means_nothing() -> None:
    assert Overlap.of_one_population((40, 50), 100, 20).factor == 0
    assert Overlap((40, 50), (90, 100), 6, (20, 24), 80).factor == 0
    assert Overlap((40, 50), (90, 100), 0, (0, 0), 0).factor == 0


def test_nothing_is_uncertain_where_everyone_answers_twice() -> None:
    assert Overlap.of_one_population((100, 100), 100, 100).margin(0.5, 0.7) == 0
    assert Overlap.of_one_population((100, 100), 100, 100).factor == 0


def test_the_margin_is_worked_by_hand() -> None:
    """Each variance is (1 − 50/100) · 0.25 · 100/99 / 50; factor 40/2500 − 1/100 = 0.006."""
    own = 0.5 * 0.25 * 100 / 99 / 50
    related = Overlap.of_one_population((50, 50), 100, 40)
    expected = 1.959964 * math.sqrt(2 * own - 2 * 0.006 * 0.6 * 0.25)
    assert related.margin(0.5, 0.6) == pytest.approx(expected, rel=1e-6)
    assert related.margin(0.5, 0.0) == pytest.approx(1.959964 * math.sqrt(2 * own), rel=1e-6)


def test_a_variance_is_worked_by_hand() -> None:
    assert variance(of(6, 20, 100)) == pytest.approx(0.8 * 0.3 * 0.7 / 19)
    assert variance(of(6, 20)) == pytest.approx(0.3 * 0.7 / 19)
    assert math.isnan(variance(of(1, 1)))


def test_variance_and_covariance_are_unbiased_over_every_pair_of_samples() -> None:
    """Six units, four and three answer, two of them twice: all 180 pairs of samples."""
    then, now = np.array([1, 1, 0, 1, 0, 0.0]), np.array([1, 1, 1, 0, 0, 0.0])
    shares, estimated = [], []
    for first, second in product(combinations(range(6), 4), combinations(range(6), 3)):
        both = sorted(set(first) & set(second))
        if len(both) == 2:
            related = covariance(
                then[both], now[both], Overlap.of_one_population((4, 3), 6, len(both))
            )
            old = of(int(then[[*first]].sum()), 4, 6)
            new = of(int(now[[*second]].sum()), 3, 6)
            shares.append((old.value, new.value))
            estimated.append((variance(old), variance(new), related))
    truth = np.cov(np.array(shares).T, ddof=0)
    assert len(shares) == 180
    assert np.mean(estimated, axis=0) == pytest.approx([truth[0, 0], truth[1, 1], truth[0, 1]])


def test_the_covariance_is_unbiased_where_the_populations_differ() -> None:
    """Units 0–4 are common, 5 and 6 are in the first population, 7 in the second only.

    Three of the common units answer each time, two of them twice, and one of the others.
    """
    then, now = np.array([1, 0, 1, 1, 0, 1, 0, 0.0]), np.array([1, 0, 1, 0, 0, 0, 0, 1.0])
    shares, estimated = [], []
    for first, second in product(combinations(range(5), 3), repeat=2):
        both = sorted(set(first) & set(second))
        for alone in (5, 6):
            if len(both) == 2:
                overlap = Overlap((4, 4), (7, 6), 2, (3, 3), 5)
                estimated.append(covariance(then[both], now[both], overlap))
                shares.append((then[[*first, alone]].mean(), now[[*second, 7]].mean()))
    assert np.mean(estimated) == pytest.approx(np.cov(np.array(shares).T, ddof=0)[0, 1])


REPETITIONS = 2000


@pytest.mark.parametrize(("loyal", "alike"), [(0.0, 0.8), (0.8, 0.8), (0.8, 0.0)])
def test_the_standard_error_and_the_interval_are_right_in_simulation(
    loyal: float, alike: float
) -> None:
    """437 units before and 371 after, 328 common; 250 and 224 answer, the loyal mostly twice.

    Mean estimated variance against the variance found over 2 000 repetitions, which is itself
    uncertain by √(2 / 2 000) = 3.2 per cent; and the interval's coverage of the true change.
    """
    stream = np.random.default_rng(20)
    then = np.zeros(480, dtype=int)
    then[:437] = stream.random(437) < 0.3
    again = stream.random(480) < alike
    now = np.where(again, then, stream.random(480) < 0.35).astype(int)
    frames = np.arange(437), np.arange(437 - 328, 480)  # 109 … 436 are common
    true = now[frames[1]].mean() - then[frames[0]].mean()
    found, squared, covered = [], [], 0
    for _ in range(REPETITIONS):
        first = stream.permutation(437)[:250]
        common = np.intersect1d(first, frames[1])
        wanted = min(int(stream.binomial(len(common), 0.6 + 0.4 * loyal)), 190)
        common_after = np.setdiff1d(frames[1][:328], common)
        if loyal:
            number = int(stream.hypergeometric(328, 43, 224))
            kept = stream.permutation(common)[: min(wanted, number)]
            filled = stream.permutation(common_after)[: number - len(kept)]
            rest = 437 + stream.permutation(43)[: 224 - number]
            second = np.concatenate([kept, filled, rest])
        else:
            second = stream.permutation(frames[1])[:224]
        both = np.intersect1d(first, second)
        old, new = of(int(then[first].sum()), 250, 437), of(int(now[second].sum()), 224, 371)
        overlap = Overlap(
            (250, 224), (437, 371), len(both), (len(common), int((second < 437).sum())), 328
        )
        related = covariance(then[both].astype(float), now[both].astype(float), overlap)
        own = variance(old), variance(new)
        found.append(new.value - old.value)
        squared.append(sum(own) - 2 * related)
        correlation = related / math.sqrt(own[0] * own[1])
        low, high = interval_of_change(new, old, correlation)
        covered += low <= true <= high
    assert np.mean(found) == pytest.approx(true, abs=4 * np.std(found) / math.sqrt(REPETITIONS))
    assert np.mean(squared) == pytest.approx(np.var(found), rel=0.1)
    assert 0.94 <= covered / REPETITIONS <= 0.96
    if loyal and alike:  # what independent samples would claim is another matter
        alone = np.mean([variance(of(75, 250, 437)) + variance(of(75, 224, 371))])
        assert alone > 1.15 * np.var(found)


def test_without_correlation_the_interval_is_newcombes() -> None:
    new, old = of(60, 224, 371), of(45, 250, 437)
    assert interval_of_change(new, old, 0.0) == pytest.approx(difference(new, old).interval)


def test_pairs_have_newcombes_interval_for_pairs() -> None:
    """R: e <- 20; f <- 12; g <- 2; h <- 16, with Wilson limits of 32/50 and 22/50 and
    φ = (e h − f g) / √(32 · 18 · 22 · 28), prop.test(·, 50, correct = FALSE)$conf.int:
    [0.06180476, 0.32416229] (Newcombe's method 8).
    """
    phi = (20 * 16 - 12 * 2) / math.sqrt(32 * 18 * 22 * 28)
    found = interval_of_change(of(32, 50), of(22, 50), phi)
    assert found == pytest.approx((0.06180476, 0.32416229), abs=1e-8)


def test_an_interval_of_nobody_says_nothing() -> None:
    assert interval_of_change(of(0, 0), of(3, 9), 0.0) == (-1.0, 1.0)


def test_one_pair_tells_no_covariance() -> None:
    overlap = Overlap.of_one_population((3, 3), 10, 1)
    assert covariance(np.array([1.0]), np.array([1.0]), overlap) == 0


def test_a_slope_is_worked_by_hand() -> None:
    """Through 0.20, 0.26 and 0.30 a year apart: (0.30 − 0.20) / 2, and its variance
    (0.0009 + 0.0016 − 2 · 0.0005) / 4."""
    matrix = np.array([[9, 4, 5], [4, 10, 6], [5, 6, 16]]) * 1e-4
    found = slope([2019, 2020, 2021], [0.20, 0.26, 0.30], matrix)
    assert isinstance(found, Slope)
    assert found.value == pytest.approx(0.05)
    assert found.standard_error == pytest.approx(math.sqrt(15e-4 / 4))
    half = 1.959964 * found.standard_error
    assert found.interval == pytest.approx((0.05 - half, 0.05 + half), rel=1e-6)
    # With a gap: weights (−5, −2, 7) / 26 of the years' distances from their mean.
    found = slope([2019, 2020, 2023], [0.2, 0.3, 0.3], np.eye(3) * 1e-4)
    assert found.value == pytest.approx((-5 * 0.2 - 2 * 0.3 + 7 * 0.3) / 26)
    assert found.standard_error == pytest.approx(math.sqrt((25 + 4 + 49) * 1e-4) / 26)


@pytest.mark.parametrize("years", [[2019, 2020], [2019, 2019, 2020], [2021, 2020, 2019]])
def test_no_slope_through_fewer_than_three_waves_in_order(years: list[int]) -> None:
    with pytest.raises(ValueError, match="three waves or more"):
        slope(years, [0.5] * len(years), np.eye(len(years)))


def test_how_many_answered_twice_is_bounded_as_all_pairs_of_samples_are() -> None:
    for n, m in product(range(5), range(4)):
        overlaps = [
            len({*first} & {*second})
            for first in combinations("abcd", n)
            for second in combinations("bcX", m)  # b and c are in both
        ]
        assert answered_twice((n, m), (4, 3), 2) == (min(overlaps), max(overlaps))
