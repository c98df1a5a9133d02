"""The simulation is right about what is known without it, and is the compendium's own methods."""

from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kompendium.facts import Compendium, Evidence, frame
from kompendium.statistics.design import Design
from kompendium.statistics.shares import Share
from kompendium.statistics.simulation import (
    Method,
    Response,
    draw_property,
    draw_response,
    exact_coverage,
    post_stratified,
    simulate,
    stratified,
)

ANSWERED = 224
"""Units that answered IMDi's survey of 2021."""

RANDOM = Response()
BY_SIZE = Response(by_size=2.0)
BY_PROPERTY = Response(by_property=2.0)
MAIN = [Method.CORRECTED, Method.STRATIFIED, Method.POST_STRATIFIED]


@cache
def units() -> pd.DataFrame:
    """The 371 municipalities and districts of 2021."""
    return frame(2021, compendium=Compendium(Path(__file__).parents[2]))


@cache
def fare(response: Response) -> pd.DataFrame:
    """How the methods fare over small, middling and large shares, averaged."""
    each = [simulate(units(), ANSWERED, response, share, seed=1) for share in (0.2, 0.5, 0.8)]
    return pd.concat(each).groupby(level=0).mean()


def test_under_random_response_the_intervals_cover_what_they_promise() -> None:
    found = fare(RANDOM)
    assert found.loc[MAIN, "coverage"].between(0.94, 0.96).all()
    assert (found["error"] <= 0.003).all()
    assert (found["bias"].abs() < 0.001).all()


def test_without_the_correction_intervals_are_wider_than_they_need_be() -> None:
    found = fare(RANDOM)
    assert found.loc[Method.UNCORRECTED, "coverage"] > 0.99
    # The correction is the root of 147/370, the share of a frame of 371 that is left.
    ratio = found.loc[Method.CORRECTED, "width"] / found.loc[Method.UNCORRECTED, "width"]
    assert ratio == pytest.approx((147 / 370) ** 0.5, abs=0.01)


def test_weights_repair_what_size_explains() -> None:
    found = fare(BY_SIZE)
    assert found.loc[Method.CORRECTED, "bias"] > 0.03
    assert found.loc[Method.CORRECTED, "coverage"] < 0.5
    weighted = found.loc[[Method.POST_STRATIFIED, Method.STRATIFIED]]
    assert (weighted["bias"].abs() < 0.001).all()
    assert 0.94 <= weighted.loc[Method.STRATIFIED, "coverage"] <= 0.96


def test_one_correction_for_all_classes_is_too_narrow_where_they_answer_unequally() -> None:
    coverage = fare(BY_SIZE)["coverage"]
    assert coverage[Method.POST_STRATIFIED] < 0.94 < coverage[Method.STRATIFIED]


def test_weights_do_not_repair_response_that_depends_on_the_answer() -> None:
    found = fare(BY_PROPERTY)
    assert (found["bias"] > 0.03).all()
    assert (found.loc[MAIN, "coverage"] < 0.5).all()


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_random_response_covers_as_often_as_can_be_worked_out_exactly(share: float) -> None:
    intervals = [
        Share(count, ANSWERED, Evidence.ARITHMETIC, len(units())).interval
        for count in range(ANSWERED + 1)
    ]
    known = exact_coverage(intervals, len(units()))
    drawn = draw_property(units(), share, 1.5, 10_000, np.random.default_rng(5)).mean(axis=1)
    found = simulate(units(), ANSWERED, RANDOM, share, seed=5).loc[Method.CORRECTED]
    assert found["coverage"] == pytest.approx(known[drawn].mean(), abs=4 * found["error"])


def test_exact_coverage_is_the_share_of_all_samples_whose_interval_holds_the_truth() -> None:
    population, answered = 7, 4
    shares = [Share(k, answered, Evidence.ARITHMETIC, population, 0.6) for k in range(answered + 1)]
    found = exact_coverage([one.interval for one in shares], population)
    assert list(found.index) == [count / population for count in range(population + 1)]
    for having in range(population + 1):
        truth = having / population
        samples = list(combinations([1] * having + [0] * (population - having), answered))
        holds = [
            low <= truth <= high for one in samples for low, high in [shares[sum(one)].interval]
        ]
        assert found[truth] == pytest.approx(sum(holds) / len(samples))


@pytest.mark.parametrize("response", [RANDOM, BY_SIZE])
def test_weighted_estimates_are_those_of_the_design(response: Response) -> None:
    stream = np.random.default_rng(3)
    totals = units().groupby("size_class", observed=True).size()
    size = units()["size_class"].cat.codes.to_numpy()
    classes = np.eye(len(totals))[size]
    for having in draw_property(units(), 0.35, 1.5, 4, stream):
        readiness = np.log(response.by_size) * size[None, :]
        drawn = draw_response(readiness, ANSWERED, stream)
        rows = units()[drawn[0] == 1]
        data = rows[["size_class"]].assign(
            has=having[drawn[0] == 1] == 1,
            all=len(units()),
            alike=rows["size_class"].map(totals).astype(int),
        )
        one = Design(data, population="all").post_stratified(totals)
        other = Design(data, stratum="size_class", population="alike")
        for design, estimate in ((one, post_stratified), (other, stratified)):
            known = design.share("has").set_index("level").loc[True]
            assert known["interval"] == "logit"
            found = estimate(drawn @ classes, (drawn * having) @ classes, totals.to_numpy(float))
            assert [float(end[0]) for end in found] == pytest.approx(
                known[["estimate", "low", "high"]].tolist(), abs=1e-9
            )


def test_as_many_answer_as_stated_and_odds_differ_as_stated() -> None:
    size = units()["size_class"].cat.codes.to_numpy()
    readiness = np.tile(np.log(2.0) * size, (4000, 1))
    drawn = draw_response(readiness, ANSWERED, np.random.default_rng(1))
    assert (drawn.sum(axis=1) == ANSWERED).all()
    rate = pd.Series(drawn.mean(axis=0)).groupby(size).mean()
    odds = rate / (1 - rate)
    assert (odds / odds.shift()).dropna().to_numpy() == pytest.approx(2.0, rel=0.05)


def test_the_property_has_the_share_and_the_odds_that_were_asked_for() -> None:
    drawn = draw_property(units(), 0.2, 1.5, 20_000, np.random.default_rng(1))
    chance = drawn.mean(axis=0)
    assert chance.mean() == pytest.approx(0.2, abs=0.001)
    doublings = np.log2(units()["population"])
    slope = np.polyfit(doublings, np.log(chance / (1 - chance)), 1)[0]
    assert np.exp(slope) == pytest.approx(1.5, rel=0.01)


def test_the_same_seed_gives_the_same_table() -> None:
    first, again, other = (
        simulate(units(), ANSWERED, RANDOM, 0.5, repetitions=500, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_more_repetitions_than_fit_at_once_are_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kompendium.statistics.simulation.BLOCK", 7)
    found = simulate(units(), ANSWERED, RANDOM, 0.5, repetitions=50)
    assert (found["coverage"] * 50 % 1).to_numpy() == pytest.approx(0, abs=1e-9)
    assert found.loc[Method.CORRECTED, "error"] == pytest.approx(
        (
            found.loc[Method.CORRECTED, "coverage"]
            * (1 - found.loc[Method.CORRECTED, "coverage"])
            / 50
        )
        ** 0.5
    )


def test_a_wider_level_gives_wider_intervals() -> None:
    narrow, wide = (
        simulate(units(), ANSWERED, RANDOM, 0.5, repetitions=200, level=level)
        for level in (0.8, 0.99)
    )
    assert (wide["width"] > narrow["width"]).all()
    assert (wide["coverage"] > narrow["coverage"]).all()


@pytest.mark.parametrize(
    ("answered", "share", "repetitions", "problem"),
    [
        (371, 0.5, 100, "371 of 371 units"),
        (1, 0.5, 100, "1 of 371 units"),
        (224, 0.05, 100, "not 0.05"),
        (224, 0.5, 0, "at least one repetition"),
        (30, 0.5, 100, "too few answers"),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    answered: int, share: float, repetitions: int, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        simulate(units(), answered, BY_SIZE, share, repetitions=repetitions)


def test_exact_coverage_is_refused_for_more_answers_than_units() -> None:
    with pytest.raises(ValueError, match="3 of 2 units"):
        exact_coverage([(0.0, 1.0)] * 4, 2)
