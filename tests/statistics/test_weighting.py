"""Weights meet what is known of the population, or say why they cannot."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kompendium.statistics.design import Design
from kompendium.statistics.weighting import NoWeightsError, Raking, Weights

R = Path(__file__).parent / "r"


@pytest.fixture
def schools() -> Design:
    """R: d <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)"""
    data = pd.read_csv(R / "apiclus1.csv").assign(one=1)
    return Design(data, "pw", cluster="dnum", population="fpc")


TYPES = pd.Series({"E": 4421, "M": 1018, "H": 755}).rename_axis("stype")
WIDE = pd.Series({"No": 1072, "Yes": 5122}).rename_axis("sch.wide")


def totals(design: Design, by: str | list[str]) -> "pd.Series[float]":
    found = design.total("one", by=by)
    keys = [by] if isinstance(by, str) else by
    return found.set_index(keys)["estimate"]


def test_post_stratified_weights_sum_to_the_totals_and_leave_no_doubt(schools: Design) -> None:
    found = schools.post_stratified(TYPES).total("one", by="stype").set_index("stype")
    assert dict(found["estimate"]) == pytest.approx(dict(TYPES))
    assert list(found["se"]) == pytest.approx([0, 0, 0], abs=1e-9)


def test_raked_weights_sum_to_every_margin(schools: Design) -> None:
    raked = schools.raked(TYPES, WIDE)
    assert dict(totals(raked, "stype")) == pytest.approx(dict(TYPES), rel=1e-9)
    assert dict(totals(raked, "sch.wide")) == pytest.approx(dict(WIDE), rel=1e-9)


def test_cells_of_two_columns_agree_with_r(schools: Design) -> None:
    # R: both <- as.data.frame(table(stype = apipop$stype, awards = apipop$awards))
    #    svymean(~api00, postStratify(d, ~stype + awards, both))
    both = pd.Series(
        {
            ("E", "No"): 1111,
            ("H", "No"): 467,
            ("M", "No"): 449,
            ("E", "Yes"): 3310,
            ("H", "Yes"): 288,
            ("M", "Yes"): 569,
        }
    ).rename_axis(["stype", "awards"])
    fitted = schools.post_stratified(both)
    [found] = fitted.mean("api00").to_dict("records")
    assert found["estimate"] == pytest.approx(641.970373997, rel=1e-7)
    assert found["se"] == pytest.approx(24.0908251952, rel=1e-7)
    assert dict(totals(fitted, ["stype", "awards"])) == pytest.approx(dict(both))


def test_how_far_weights_reach_is_as_in_r(schools: Design) -> None:
    # R: types <- data.frame(stype = c("E", "M", "H"), Freq = c(4421, 1018, 755))
    #    w <- weights(postStratify(d, ~stype, types))
    #    c(range(w) / mean(w), length(w) * sum(w^2) / sum(w)^2)
    found = schools.post_stratified(TYPES).weights
    expected = (0.907063959746, 1.59330458047, 1.03935919431)
    assert (found.lowest, found.highest, found.design_effect) == pytest.approx(expected, rel=1e-7)
    # R: wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
    #    w <- weights(rake(d, list(~stype, ~sch.wide), list(types, wide),
    #                      control = list(maxit = 1000, epsilon = 1e-9)))
    found = schools.raked(TYPES, WIDE).weights
    expected = (0.882520764455, 1.98320501312, 1.05165669562)
    assert (found.lowest, found.highest, found.design_effect) == pytest.approx(expected, rel=1e-7)


def test_kishs_design_effect_is_one_and_the_squared_variation() -> None:
    weights = np.array([1.0, 1.0, 4.0])
    cv = weights.std() / weights.mean()
    found = Weights.of(weights)
    assert (found.lowest, found.highest) == (0.5, 2.0)
    assert found.design_effect == pytest.approx(1 + cv**2)
    with pytest.raises(ValueError, match="no weights"):
        Weights.of(np.array([]))


def test_a_later_adjustment_starts_from_the_design_again(schools: Design) -> None:
    twice = schools.raked(TYPES, WIDE).post_stratified(TYPES)
    assert twice.weights == schools.post_stratified(TYPES).weights


def test_weights_do_not_depend_on_the_order_or_the_type_of_the_cells(schools: Design) -> None:
    changed = schools.data.assign(stype=pd.Categorical(schools.data["stype"], ["H", "M", "E"]))
    shuffled = TYPES.sort_values().astype(float)
    index = pd.CategoricalIndex(shuffled.index, ["M", "E", "H", "none"], name="stype")
    other = Design(changed, "pw", cluster="dnum", population="fpc")
    fitted = other.post_stratified(shuffled.set_axis(index))  # type: ignore[arg-type]
    expected = schools.post_stratified(TYPES).mean("api00")
    pd.testing.assert_frame_equal(fitted.mean("api00"), expected)


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        (TYPES.rename_axis("type"), KeyError, "totals are by .'type'."),
        (TYPES.drop("H"), ValueError, "rows without a total: .'H',."),
        (pd.concat([TYPES, pd.Series({"X": 5})]).rename_axis("stype"), ValueError, "nobody .*'X'"),
        (TYPES.replace(755, 0), ValueError, "one positive total"),
        (pd.concat([TYPES, TYPES]), ValueError, "one positive total"),
    ],
)
def test_totals_that_do_not_fit_the_answers_are_refused(
    schools: Design, changed: "pd.Series[int]", error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        schools.post_stratified(changed).mean("api00")
    with pytest.raises(error, match=message):
        schools.raked(changed).mean("api00")


def test_margins_that_cannot_hold_at_once_are_refused() -> None:
    data = pd.DataFrame({"a": [0] * 6 + [1] * 4, "b": [0] * 6 + [1] * 4, "y": [1, 0] * 5})
    a = pd.Series([60, 40]).rename_axis("a")
    with pytest.raises(NoWeightsError, match="no weights meet the margins"):
        Design(data).raked(a, pd.Series([70, 30]).rename_axis("b")).mean("y")
    with pytest.raises(ValueError, match=r"sum to \[99.0, 100.0\]"):
        Raking((a, pd.Series([60, 39]).rename_axis("b")))
