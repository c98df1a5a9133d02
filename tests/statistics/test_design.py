"""Estimates agree with R's survey package, and keep the table's own labels."""

import math
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.stats.proportion import proportion_confint

from kompendium.statistics.design import Design
from kompendium.statistics.estimates import ESTIMATES, FEW
from kompendium.statistics.shares import effective_size

R = Path(__file__).parent / "r"
SIX_DIGITS = 1e-7
VALUES = ["estimate", "se", "low", "high", "df"]


@cache
def data(name: str) -> pd.DataFrame:
    return pd.read_csv(R / f"{name}.csv")


@cache
def design(name: str) -> Design:
    """The design that ``expected.R`` gives this name."""
    types = pd.Series({"E": 4421, "M": 1018, "H": 755}).rename_axis("stype")
    wide = pd.Series({"No": 1072, "Yes": 5122}).rename_axis("sch.wide")
    if name.endswith("_post_stratified"):
        plain = design(name.removesuffix("_post_stratified"))
        return plain.post_stratified(wide if plain.stratum else types)
    if name.endswith("_raked"):
        return design(name.removesuffix("_raked")).raked(types, wide)
    return {
        "srs": Design(data("apisrs"), "pw", population="fpc"),
        "srs_infinite": Design(data("apisrs"), "pw"),
        "stratified": Design(data("apistrat"), "pw", "stype", population="fpc"),
        "stratified_infinite": Design(data("apistrat"), "pw", "stype"),
        "clustered": Design(data("apiclus1"), "pw", cluster="dnum", population="fpc"),
        "clustered_infinite": Design(data("apiclus1"), "pw", cluster="dnum"),
        "blanks": Design(data("apiclus2"), "pw", cluster="dnum", population="fpc1"),
        "both": Design(data("fpc"), "weight", "stratum", "cluster", "fpc"),
        "both_infinite": Design(data("fpc"), "weight", "stratum", "cluster"),
    }[name]


def large(d: Design) -> "pd.Series[bool]":
    return d.data["enroll"] > 500


def yes(shares: pd.DataFrame) -> pd.DataFrame:
    return shares[shares["level"] == "Yes"]


def middle(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["stype"] == "M"]


CALLS: dict[str, Callable[[Design], pd.DataFrame]] = {
    "svymean(~api00, d)": lambda d: d.mean("api00"),
    "svytotal(~enroll, d)": lambda d: d.total("enroll"),
    "svyratio(~api.stu, ~enroll, d)": lambda d: d.ratio("api.stu", "enroll"),
    'svyciprop(~I(awards == "Yes"), d)': lambda d: yes(d.share("awards")),
    "svymean(~api00, subset(d, enroll > 500))": lambda d: d.mean("api00", where=large(d)),
    "svytotal(~enroll, subset(d, enroll > 500))": lambda d: d.total("enroll", where=large(d)),
    "svyratio(~api.stu, ~enroll, subset(d, enroll > 500))": lambda d: d.ratio(
        "api.stu", "enroll", where=large(d)
    ),
    'svyciprop(~I(awards == "Yes"), subset(d, enroll > 500))': lambda d: yes(
        d.share("awards", where=large(d))
    ),
    'svymean(~api00, subset(d, stype == "M"))': lambda d: middle(d.mean("api00", by="stype")),
    'svyciprop(~I(awards == "Yes"), subset(d, stype == "M"))': lambda d: yes(
        middle(d.share("awards", by=["stype"]))
    ),
    "svymean(~enroll, d, na.rm = TRUE)": lambda d: d.mean("enroll"),
    "svytotal(~enroll, d, na.rm = TRUE)": lambda d: d.total("enroll"),
    "svyratio(~api.stu, ~enroll, d, na.rm = TRUE)": lambda d: d.ratio("api.stu", "enroll"),
    "svymean(~x, d)": lambda d: d.mean("x"),
    "svytotal(~x, d)": lambda d: d.total("x"),
}

EXPECTED = [
    pytest.param(row["design"], row["call"], [row[name] for name in VALUES], id=f"{n}")
    for n, row in enumerate(pd.read_csv(R / "estimates.csv").to_dict("records"))
]


@pytest.mark.parametrize(("name", "call", "expected"), EXPECTED)
def test_it_agrees_with_r(name: str, call: str, expected: list[float]) -> None:
    [found] = CALLS[call](design(name)).to_dict("records")
    assert [found[column] for column in VALUES] == pytest.approx(expected, rel=SIX_DIGITS)


def test_every_kind_of_design_and_estimate_is_held_against_r() -> None:
    rows = pd.read_csv(R / "estimates.csv")
    assert set(rows["call"]) == set(CALLS)
    plain = ["srs", "stratified", "clustered"]
    ends = ["", "_post_stratified", "_raked"]
    names = {f"{one}{size}{end}" for one in plain for size in ("", "_infinite") for end in ends}
    assert set(rows["design"]) == names | {"blanks", "both", "both_infinite"}


@pytest.fixture
def answers() -> pd.DataFrame:
    """Twenty respondents of a population of fifty, in classes of which one is empty."""
    classes = pd.CategoricalDtype(["small", "middle", "large"], ordered=True)
    plans = pd.Categorical(["yes"] * 9 + ["no"] * 11, ["yes", "no", "planned"])
    return pd.DataFrame(
        {
            "size": pd.Categorical(["large"] * 8 + ["small"] * 12, dtype=classes),
            "plan": plans,
            "count": pd.array([3, None, *range(18)], dtype="Int64"),
            "offers": [True] * 20,
            "all": 50,
        },
        index=range(100, 120),
    )


def test_labels_their_types_and_their_order_are_the_tables_own(answers: pd.DataFrame) -> None:
    found = Design(answers, population="all").share("plan", by="size")
    assert list(found) == ["size", "level", *ESTIMATES.columns]
    assert found["size"].dtype == answers["size"].dtype
    assert list(found["size"]) == ["small"] * 3 + ["large"] * 3  # the empty class has no row
    assert list(found["level"]) == ["yes", "no", "planned"] * 2  # the empty answer has
    large = found[found["size"] == "large"].set_index("level")["estimate"]
    assert dict(large) == pytest.approx({"yes": 1, "no": 0, "planned": 0})
    assert list(Design(answers).share("offers")["level"]) == [False, True]


def test_a_blank_is_outside_the_domain(answers: pd.DataFrame) -> None:
    [found] = Design(answers).mean("count").to_dict("records")
    assert found["n"] == 19
    assert found["estimate"] == pytest.approx((3 + sum(range(18))) / 19)
    nobody = answers["size"] == "middle"
    with pytest.raises(ValueError, match="nobody"):
        Design(answers).mean("count", where=nobody)


def test_without_weights_every_row_stands_for_equally_many(answers: pd.DataFrame) -> None:
    # Twenty rows of fifty units: each is worth 2.5; without a population each is worth 1.
    assert Design(answers, population="all").total("offers")["estimate"].item() == 50
    assert Design(answers).total("offers")["estimate"].item() == 20


def test_the_level_decides_how_wide_an_interval_is(answers: pd.DataFrame) -> None:
    [found] = Design(answers, level=0.8).mean("count").to_dict("records")
    reach = student.ppf(0.9, 18) * found["se"]
    assert found["high"] - found["estimate"] == pytest.approx(reach)
    share = Design(answers, level=0.8).share("plan").iloc[0]
    middle = math.log(share["estimate"] / (1 - share["estimate"]))
    spread = share["se"] / (share["estimate"] * (1 - share["estimate"]))
    end = 1 / (1 + math.exp(-middle - student.ppf(0.9, 19) * spread))
    assert share["high"] == pytest.approx(end)


def ones(count: int, base: int, population: int | None = None) -> dict[str, Any]:
    """The row of the share who gave an answer, of a simple sample."""
    data = pd.DataFrame({"y": [True] * count + [False] * (base - count), "all": population})
    shares = Design(data, population="all" if population else None).share("y")
    return dict(shares.set_index("level").loc[True])


def wilson(count: float, size: float, df: int) -> tuple[float, float]:
    """Statsmodels' Wilson interval, at the normal quantile that equals Student's."""
    alpha = 2 * norm.sf(student.ppf(0.975, df))
    low, high = proportion_confint(count, size, alpha, method="wilson")
    return max(0.0, low), high


@pytest.mark.parametrize(("count", "kind"), [(2, "wilson"), (5, "wilson"), (6, "logit")])
def test_a_share_of_few_has_wilsons_interval(count: int, kind: str) -> None:
    # p(1 − p)/se² is n − 1 in a simple sample: 99 · 0.05 is under FEW, 99 · 0.06 is not.
    assert (99 * count / 100 < FEW) == (kind == "wilson")
    low, high = ones(count, 100), ones(100 - count, 100)
    assert low["interval"] == high["interval"] == kind
    assert (low["low"], low["high"]) == pytest.approx((1 - high["high"], 1 - high["low"]))
    if kind == "wilson":
        expected = wilson(count / 100 * 99, 99, 99)
        assert (low["low"], low["high"]) == pytest.approx(expected)


@pytest.mark.parametrize("population", [None, 160])
def test_where_nobody_gave_an_answer_the_interval_is_wilsons(population: int | None) -> None:
    none, everyone = ones(0, 100, population), ones(100, 100, population)
    size = 100 if population is None else 100 * 160 / 60  # n / (1 − f)
    assert (none["low"], none["high"]) == pytest.approx(wilson(0, size, 99))
    assert (everyone["low"], everyone["high"]) == pytest.approx((1 - none["high"], 1))
    assert none["interval"] == everyone["interval"] == "wilson"
    assert none["se"] == 0
    # The compendium's unweighted share has N − 1 where the design has N.
    assert size == pytest.approx(effective_size(100, population), rel=1 / 150)


def test_the_effective_number_is_kishs_where_weights_differ() -> None:
    data = pd.DataFrame({"y": "no", "group": ["a"] * 6 + ["b"] * 4, "w": [1.0] * 5 + [3.0] * 5})
    data["y"] = pd.Categorical(data["y"], ["no", "yes"])
    found = Design(data, "w").share("y", by="group").query("level == 'yes'").set_index("group")
    # a: (5 + 3)² / (5 + 9) = 64/14 answers; b: four of equal weight, so four.
    assert found.loc["a", "high"] == pytest.approx(wilson(0, 64 / 14, 5)[1])
    assert found.loc["b", "high"] == pytest.approx(wilson(0, 4, 3)[1])
    assert list(found["n"]) == [6, 4]


def test_a_domain_of_one_says_nothing_of_others(answers: pd.DataFrame) -> None:
    alone = pd.Series([True, *[False] * 19], index=answers.index)
    [found] = Design(answers).mean("count", where=alone).to_dict("records")
    assert (found["estimate"], found["n"], found["df"]) == (3, 1, 0)
    assert math.isnan(found["low"])
    shares = Design(answers).share("plan", where=alone)
    assert list(shares["estimate"]) == [1, 0, 0]
    assert (shares["low"] == 0).all()
    assert (shares["high"] == 1).all()


@pytest.mark.parametrize("count", [0, 3, 10])
def test_a_census_has_no_uncertainty(count: int) -> None:
    found = ones(count, 10, 10)
    assert (found["low"], found["high"]) == pytest.approx((count / 10, count / 10))
    assert found["se"] == 0


@pytest.mark.parametrize(
    ("changes", "arguments", "message"),
    [
        ({"w": 0}, {"weight": "w"}, "w is not a positive number"),
        ({"w": None}, {"weight": "w"}, "w is not a positive number"),
        ({"s": None}, {"stratum": "s"}, "s has blanks"),
        ({"s": [*"a" * 19, "b"]}, {"stratum": "s"}, "one unit only in b"),
        ({"c": 1}, {"cluster": "c"}, "one unit only in the data"),
        ({"N": range(20, 40)}, {"population": "N"}, "N differs within a stratum"),
        ({"N": 19}, {"population": "N"}, "N is smaller than the number sampled"),
    ],
)
def test_an_unsound_design_is_refused(
    answers: pd.DataFrame, changes: dict[str, object], arguments: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Design(answers.assign(**changes), **arguments).mean("count")  # type: ignore[arg-type]


def test_a_wrong_name_or_domain_is_refused(answers: pd.DataFrame) -> None:
    design = Design(answers)
    for estimate in (design.mean, design.share):
        with pytest.raises(KeyError, match="no column «budget»; there are size, plan"):
            estimate("budget")
    with pytest.raises(KeyError, match="no column «region»"):
        design.mean("count", by="region")
    with pytest.raises(ValueError, match="indexed as the data"):
        design.mean("count", where=pd.Series(True, index=range(20)))
    with pytest.raises(ValueError, match="columns of their own called level"):
        Design(answers.assign(level=1)).mean("count", by="level")


def test_who_never_weights_does_not_import_svy() -> None:
    imports = "import sys, kompendium.statistics.design, kompendium.statistics.sensitivity"
    command = [sys.executable, "-c", f"{imports}; print('svy' in sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
