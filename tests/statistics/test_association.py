"""Tests that know the design agree with R, and there is none where there is nothing to test."""

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy.stats import f
from scipy.stats import t as student

from kompendium.statistics.association import gradient, rao_scott
from kompendium.statistics.design import Design

R = Path(__file__).parent / "r"
SIX_DIGITS = 1e-7
TYPES = pd.Series({"E": 4421, "M": 1018, "H": 755}).rename_axis("stype")
WIDE = pd.Series({"No": 1072, "Yes": 5122}).rename_axis("sch.wide")


@cache
def schools(name: str) -> pd.DataFrame:
    data = pd.read_csv(R / f"{name}.csv")
    size = pd.Categorical(data["stype"], ["E", "M", "H"], ordered=True)
    return data.assign(size=size, yes=data["awards"] == "Yes")


@cache
def design(name: str) -> Design:
    """The design that ``expected.R`` gives this name."""
    plain, _, adjustment = name.replace("_infinite", "").partition("_")
    population = None if "infinite" in name else "fpc"
    made = {
        "srs": Design(schools("apisrs"), "pw", population=population),
        "stratified": Design(schools("apistrat"), "pw", "stype", population=population),
        "clustered": Design(schools("apiclus1"), "pw", cluster="dnum", population=population),
    }[plain]
    if adjustment == "post_stratified":
        return made.post_stratified(WIDE if plain == "stratified" else TYPES)
    return made.raked(TYPES, WIDE) if adjustment == "raked" else made


def large(d: Design) -> "pd.Series[bool]":
    return d.data["enroll"] > 500


TESTS = {
    'svychisq(~sch.wide + stype, d, statistic = "F")': lambda d: rao_scott(d, "sch.wide", "stype"),
    'svychisq(~sch.wide + awards, d, statistic = "F")': lambda d: rao_scott(
        d, "sch.wide", "awards"
    ),
    'svychisq(~awards + stype, subset(d, enroll > 500), statistic = "F")': lambda d: rao_scott(
        d, "awards", "stype", where=large(d)
    ),
}

MODEL = "svyglm(yes ~ rank, {}, family = quasibinomial(), control = tight)"
GRADIENTS = {
    MODEL.format("d"): lambda d: gradient(d, "yes", "size"),
    MODEL.format("subset(d, enroll > 500)"): lambda d: gradient(d, "yes", "size", where=large(d)),
}


def rows(name: str) -> list[dict[str, Any]]:
    table = pd.read_csv(R / f"{name}.csv")
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def domain_df(name: str) -> int:
    """R: degf(subset(d, enroll > 500)), clusters less strata with a row in the domain."""
    calls = pd.read_csv(R / "estimates.csv").set_index(["design", "call"])["df"]
    return int(calls[name, "svymean(~api00, subset(d, enroll > 500))"])


@pytest.mark.parametrize("row", rows("rao_scott"), ids=lambda row: f"{row['design']}")
def test_rao_and_scotts_test_agrees_with_r(row: dict[str, Any]) -> None:
    found = TESTS[row["call"]](design(row["design"]))
    assert found is not None
    assert found.statistic == pytest.approx(row["statistic"], rel=SIX_DIGITS)
    assert found.dof == pytest.approx(row["dof"], rel=SIX_DIGITS)
    if "subset" in row["call"] and design(row["design"]).adjustment is not None:
        # Of a subset of an adjusted design, R counts the clusters of the whole design. Those of
        # the domain are counted here, as R too does where the design is not adjusted.
        residual = row["dof"] * domain_df(row["design"])
        assert found.dof_residual == pytest.approx(residual, rel=SIX_DIGITS)
        assert found.dof_residual < row["dof_residual"]
        expected = f.sf(row["statistic"], row["dof"], residual)
        assert found.p_value == pytest.approx(expected, rel=SIX_DIGITS)
    else:
        assert found.dof_residual == pytest.approx(row["dof_residual"], rel=SIX_DIGITS)
        assert found.p_value == pytest.approx(row["p_value"], rel=SIX_DIGITS)


@pytest.mark.parametrize("row", rows("gradients"), ids=lambda row: f"{row['design']}")
def test_a_gradient_agrees_with_r(row: dict[str, Any]) -> None:
    found = GRADIENTS[row["call"]](design(row["design"]))
    assert found is not None
    for name in ("slope", "se", "statistic", "dof", "p_value"):
        assert getattr(found, name) == pytest.approx(row[name], rel=SIX_DIGITS), name
    ends = [math.exp(row[end]) for end in ("low", "high")]
    assert found.odds_ratio == pytest.approx(math.exp(row["slope"]), rel=SIX_DIGITS)
    assert found.interval == pytest.approx(ends, rel=SIX_DIGITS)


def test_every_kind_of_design_is_held_against_r() -> None:
    plain = ["srs", "stratified", "clustered"]
    ends = ["", "_post_stratified", "_raked"]
    names = {f"{one}{size}{end}" for one in plain for size in ("", "_infinite") for end in ends}
    for table, calls in (("rao_scott", TESTS), ("gradients", GRADIENTS)):
        found = rows(table)
        assert {(row["design"], row["call"]) for row in found} == {
            (name, call) for name in names for call in calls
        }


def test_the_level_decides_how_wide_the_interval_of_a_gradient_is() -> None:
    found = gradient(replace(design("srs"), level=0.8), "yes", "size")
    assert found is not None
    reach = student.ppf(0.9, found.dof) * found.se
    assert found.interval == pytest.approx(
        (math.exp(found.slope - reach), math.exp(found.slope + reach))
    )


def people(*sizes: str) -> Design:
    """Respondents in small, middling and large units (s, m, l); capitals say yes."""
    letters = pd.Series(list("".join(sizes)))
    classes = pd.Categorical(letters.str.lower(), ["s", "m", "l"], ordered=True)
    return Design(pd.DataFrame({"size": classes, "yes": letters.str.isupper()}))


@pytest.mark.parametrize("given", ["sSmMlL", "sssSmmL", "SsMmlll"])
def test_there_is_a_gradient_where_answers_overlap(given: str) -> None:
    assert gradient(people(given), "yes", "size") is not None


@pytest.mark.parametrize(
    "given",
    [
        "SSMMLL",  # everybody
        "ssmmll",  # nobody
        "sSsS",  # one class
        "ssmMLL",  # all yes above a class, all no below it
        "SSMmll",
        "ssLL",
    ],
)
def test_there_is_none_where_no_odds_are_steep_enough(given: str) -> None:
    assert gradient(people(given), "yes", "size") is None


def test_ranks_count_empty_classes() -> None:
    far = gradient(people("sssSllLL"), "yes", "size")
    near = gradient(people("sssSmmMM"), "yes", "size")
    assert far is not None
    assert near is not None
    assert far.slope == pytest.approx(near.slope / 2)


def test_blank_answers_and_blank_classes_are_outside() -> None:
    whole = people("sssSmmML")
    data = pd.concat([whole.data.astype({"yes": "boolean"})] * 2, ignore_index=True)
    data.loc[8:11, "yes"] = pd.NA
    data.loc[12:, "size"] = pd.NA
    found = gradient(Design(data), "yes", "size")
    expected = gradient(whole, "yes", "size")
    assert found is not None
    assert expected is not None
    assert found.slope == pytest.approx(expected.slope)
    assert found.dof == expected.dof == 6
    with pytest.raises(ValueError, match="nobody"):
        gradient(Design(data), "yes", "size", where=data["size"] == "x")


def test_a_table_with_one_row_or_column_has_no_test() -> None:
    data = people("sSmM").data.assign(group=pd.Series(["a", "a", "b"]))
    assert rao_scott(Design(data), "size", "yes") is not None
    assert rao_scott(Design(data), "size", "yes", where=data["size"] == "s") is None
    assert rao_scott(Design(data), "yes", "group", where=data["group"] == "b") is None


def test_a_gradient_needs_an_order_and_a_yes_or_no() -> None:
    data = people("sSmMlL").data.assign(kind="a", count=[0, 1, 2, 0, 1, 2])
    with pytest.raises(TypeError, match="kind is not an ordered categorical"):
        gradient(Design(data), "yes", "kind")
    with pytest.raises(ValueError, match="count has other values"):
        gradient(Design(data), "count", "size")
