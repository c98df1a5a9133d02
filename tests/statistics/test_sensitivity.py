"""Weighted figures beside the published ones: hand-worked, and honest about who is in them."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompendium.facts import Evidence, frame
from kompendium.facts.size_classes import SSB
from kompendium.statistics.sensitivity import Cell, Sensitivity, joined, sensitivity, settled
from kompendium.surveys import Codebook
from kompendium.surveys.codebook import Condition, Part, Sizes

S, M, L = (SSB.labels[place] for place in (0, 1, 4))
CERTIFIED = Part(variable="sertifisert", codes=(1,))
Given = Mapping[tuple[str, str], tuple[int, int]]
"""Answers by kind and size class: how many said yes, of how many."""


@pytest.fixture
def units() -> pd.DataFrame:
    """A frame of 100 units: 40 small, 30 middling and 20 large municipalities, 10 districts."""
    cells = [("kommune", S)] * 40 + [("kommune", M)] * 30 + [("kommune", L)] * 20
    table = pd.DataFrame([*cells, *[("bydel", L)] * 10], columns=["kind", "size_class"])
    table["size_class"] = pd.Categorical(table["size_class"], SSB.labels, ordered=True)
    return table


def respondents(book: Codebook, given: Given, role: str = "leder", **more: int) -> pd.DataFrame:
    """Heads who answered whether they have certified staff, and anything ``more`` alike."""
    rows = [
        {"role": role, "kind": kind, "size_class": size, "sertifisert": 1 if n < yes else 2}
        for (kind, size), (yes, base) in given.items()
        for n in range(base)
    ]
    table = pd.DataFrame(rows).assign(**more)
    table["role"] = pd.Categorical(table["role"], list(book.roles))
    table["size_class"] = pd.Categorical(table["size_class"], SSB.labels, ordered=True)
    for name in book.questions:
        table[name] = table[name].astype("Int64") if name in table else pd.NA
    return table.astype(dict.fromkeys(book.questions, "Int64"))


UNEVEN = {
    ("kommune", S): (2, 10),
    ("kommune", M): (9, 15),
    ("kommune", L): (14, 16),
    ("bydel", L): (6, 8),
}


def run(book: Codebook, answers: pd.DataFrame, units: pd.DataFrame, **more: Any) -> Sensitivity:
    part = more.pop("part", CERTIFIED)
    found = sensitivity(book, part, answers, units, Evidence.SURVEY, **more)
    assert found is not None
    return found


def test_post_stratification_counts_every_cell_as_in_the_frame(
    mini: Codebook, units: pd.DataFrame
) -> None:
    found = run(mini, respondents(mini, UNEVEN), units)
    assert (found.unweighted.count, found.unweighted.base) == (31, 49)
    assert found.unweighted.evidence is Evidence.SURVEY
    # W · p over the cells, and the variance W² (1 − f) p (1 − p) / (n − 1), each by itself.
    cells = [(40, 2, 10), (30, 9, 15), (20, 14, 16), (10, 6, 8)]
    value = sum(n / 100 * yes / base for n, yes, base in cells)
    variance = sum(
        (n / 100) ** 2 * (1 - base / n) * (yes / base) * (1 - yes / base) / (base - 1)
        for n, yes, base in cells
    )
    weighted = found.post_stratified
    assert weighted.value == pytest.approx(value)
    assert weighted.se == pytest.approx(math.sqrt(variance))
    assert (weighted.df, weighted.cells) == (49 - 4, 4)
    assert weighted.interval[0] < value < weighted.interval[1]
    assert found.shift == pytest.approx(value - 31 / 49)
    relative = [n / base / (100 / 49) for n, _, base in cells]
    assert weighted.weights.lowest == pytest.approx(min(relative))
    assert weighted.weights.highest == pytest.approx(max(relative))
    spread = sum(base * one**2 for one, (_, _, base) in zip(relative, cells, strict=True)) / 49
    assert weighted.weights.design_effect == pytest.approx(spread)


def test_raking_meets_both_margins(mini: Codebook, units: pd.DataFrame) -> None:
    # With districts among the middling too, no cell follows from the margins.
    extra = pd.DataFrame({"kind": ["bydel"] * 10, "size_class": M})
    whole = pd.concat([units, extra.astype({"size_class": units["size_class"].dtype})])
    given = UNEVEN | {("bydel", M): (1, 5)}
    found = run(mini, respondents(mini, given), whole).raked
    assert found is not None
    weights = dict.fromkeys(given, 1.0)
    margins = [{S: 40, M: 40, L: 30}, {"kommune": 90, "bydel": 20}]
    for _ in range(200):
        for place, margin in zip((1, 0), margins, strict=True):
            for name, total in margin.items():
                inside = [cell for cell in given if cell[place] == name]
                now = sum(weights[cell] * given[cell][1] for cell in inside)
                weights |= {cell: weights[cell] * total / now for cell in inside}
    expected = sum(weights[cell] * yes for cell, (yes, _) in given.items()) / 110
    assert found.value == pytest.approx(expected)
    assert found.cells == 3 + 2
    assert found.df == 54 - 3  # the size classes are the strata
    mean = 110 / 54
    assert found.weights.highest == pytest.approx(max(weights.values()) / mean)


def test_where_everyone_answered_there_is_nothing_to_repair(
    mini: Codebook, units: pd.DataFrame
) -> None:
    every = {("kommune", S): (9, 40), ("kommune", M): (9, 30), ("kommune", L): (9, 20)}
    found = run(mini, respondents(mini, every | {("bydel", L): (9, 10)}), units)
    for weighted in (found.post_stratified, found.raked):
        assert weighted is not None
        assert weighted.value == pytest.approx(0.36)
        assert weighted.interval == pytest.approx((0.36, 0.36))
        assert weighted.weights.design_effect == pytest.approx(1)
    assert found.shift == pytest.approx(0)


def test_a_class_where_all_answered_adds_no_doubt(mini: Codebook, units: pd.DataFrame) -> None:
    given = UNEVEN | {("kommune", L): (10, 20)}
    split = run(mini, respondents(mini, given), units).post_stratified
    agreed = run(mini, respondents(mini, given | {("kommune", L): (0, 20)}), units).post_stratified
    assert split.se == pytest.approx(agreed.se)


def test_who_did_not_answer_the_question_is_not_in_the_sample(
    mini: Codebook, units: pd.DataFrame
) -> None:
    answers = respondents(mini, UNEVEN)
    expected = run(mini, answers, units)
    silent = respondents(mini, {("kommune", S): (0, 20)}).assign(sertifisert=None)
    unsure = respondents(mini, {("kommune", S): (0, 5)}).assign(sertifisert=99)
    other = respondents(mini, {("kommune", M): (0, 5)}, role="skolesjef").assign(sertifisert=None)
    both = pd.concat([answers, silent, unsure, other], ignore_index=True).astype(answers.dtypes)
    assert run(mini, both, units) == expected


def test_a_base_is_a_domain_of_those_it_is_known_of(mini: Codebook, units: pd.DataFrame) -> None:
    answers = respondents(mini, UNEVEN)
    certified = answers["sertifisert"] == 1
    answers["tilbyr"] = pd.Series([1, 3] * 25, dtype="Int64").iloc[:49].where(certified)
    answers.loc[0, "tilbyr"] = pd.NA  # certified, and silent on what is asked
    part = Part(variable="tilbyr", codes=(1,), base=Condition(variable="sertifisert", codes=(1,)))
    known = settled(mini, part, answers)
    assert list(known[~known].index) == [0]
    found = run(mini, answers, units, part=part)
    kept = answers[known].assign(yes=lambda table: table["tilbyr"] == 1)
    size = units.groupby(["kind", "size_class"], observed=True).size()
    grown = kept.groupby(["kind", "size_class"], observed=True)
    weight = size / grown.size()
    base = (weight * grown["sertifisert"].apply(lambda column: (column == 1).sum())).sum()
    assert found.post_stratified.value == pytest.approx((weight * grown["yes"].sum()).sum() / base)
    assert found.unweighted.base == 30


def test_one_who_was_not_asked_is_known_to_be_outside(mini: Codebook) -> None:
    answers = respondents(mini, {("kommune", S): (0, 6)})
    answers["retningslinjer"] = pd.Series([1, 1, 2, 88, 99, None], dtype="Int64")
    answers["felles"] = pd.Series([1, None, None, None, None, None], dtype="Int64")
    asked = Part(variable="felles", codes=(1,))
    assert list(settled(mini, asked, answers)) == [True, False, True, True, False, False]
    wide = asked.model_copy(update={"base": Condition(variable="retningslinjer", codes=(1, 2, 88))})
    assert list(settled(mini, wide, answers)) == [True, False, True, True, False, False]
    answers["role"] = "skolesjef"
    assert not settled(mini, asked, answers).any()


def test_a_size_is_a_domain_of_the_whole(mini: Codebook, units: pd.DataFrame) -> None:
    part = CERTIFIED.model_copy(update={"sizes": Sizes(least=20_000)})
    found = run(mini, respondents(mini, UNEVEN), units, part=part)
    assert found.post_stratified.value == pytest.approx((20 * 14 / 16 + 10 * 6 / 8) / 30)
    assert found.unweighted.base == 24
    assert found.post_stratified.weights.lowest < 1  # of everyone who answered, not of the large


def test_each_role_is_weighted_to_the_whole_frame(mini: Codebook, units: pd.DataFrame) -> None:
    heads = respondents(mini, UNEVEN)
    schools = respondents(mini, UNEVEN | {("kommune", S): (5, 5)}, role="skolesjef")
    for table in (heads, schools):
        table["kjenner"] = table["sertifisert"]
    both = pd.concat([heads, schools], ignore_index=True)
    part = Part(variable="kjenner", codes=(1,))
    found = run(mini, both, units, part=part).post_stratified
    one = run(mini, heads, units).post_stratified
    other = run(mini, schools.assign(role="leder"), units).post_stratified
    assert found.value == pytest.approx((one.value + other.value) / 2)
    assert found.se == pytest.approx(math.hypot(one.se, other.se) / 2)
    assert found.cells == one.cells + other.cells


def test_base_weights_are_where_the_weighting_starts(mini: Codebook, units: pd.DataFrame) -> None:
    answers = respondents(mini, UNEVEN)
    plain = run(mini, answers, units)
    assert run(mini, answers.assign(weight=2.5), units) == plain
    uneven = answers.assign(weight=(answers["sertifisert"] == 1).map({True: 3.0, False: 1.0}))
    found = run(mini, uneven, units).post_stratified
    cells = [(40, 2, 10), (30, 9, 15), (20, 14, 16), (10, 6, 8)]
    expected = sum(n / 100 * 3 * yes / (3 * yes + base - yes) for n, yes, base in cells)
    assert found.value == pytest.approx(expected)
    with pytest.raises(ValueError, match="weight is not a positive number"):
        run(mini, answers.assign(weight=0.0), units)


def test_small_cells_are_joined(mini: Codebook, units: pd.DataFrame) -> None:
    given = UNEVEN | {("kommune", L): (1, 4)}
    found = run(mini, respondents(mini, given), units).post_stratified
    joint = (30 + 20) / 100 * (9 + 1) / (15 + 4)
    assert found.value == pytest.approx(40 / 100 * 2 / 10 + joint + 10 / 100 * 6 / 8)
    assert found.cells == 3
    apart = run(mini, respondents(mini, given), units, least=4).post_stratified
    assert apart.cells == 4


def test_there_is_no_raked_figure_where_no_weights_meet_the_margins(
    mini: Codebook, units: pd.DataFrame
) -> None:
    # Only districts answered among the large: they cannot be 30 large units and 10 districts.
    given = {cell: counts for cell, counts in UNEVEN.items() if cell != ("kommune", L)}
    found = run(mini, respondents(mini, given), units)
    assert found.raked is None
    assert found.post_stratified.value == pytest.approx(0.4 * 0.2 + 0.5 * 0.6 + 0.1 * 0.75)


def test_there_is_none_of_too_few_or_of_nobody(mini: Codebook, units: pd.DataFrame) -> None:
    one = respondents(mini, {("kommune", S): (1, 1)})
    assert sensitivity(mini, CERTIFIED, one, units, Evidence.SURVEY) is None
    two = respondents(mini, {("kommune", S): (1, 2)})
    assert sensitivity(mini, CERTIFIED, two, units, Evidence.SURVEY) is not None
    nobody = CERTIFIED.model_copy(update={"sizes": Sizes(least=20_000)})
    assert sensitivity(mini, nobody, two, units, Evidence.SURVEY) is None
    stacked = two.assign(kjenner=two["sertifisert"])
    pooled = Part(variable="kjenner", codes=(1,))  # no head of schools answered
    assert sensitivity(mini, pooled, stacked, units, Evidence.SURVEY) is None


def test_more_answers_than_units_are_refused(mini: Codebook, units: pd.DataFrame) -> None:
    crowd = respondents(mini, UNEVEN | {("bydel", L): (3, 11)})
    with pytest.raises(ValueError, match="units is smaller than the number sampled"):
        run(mini, crowd, units)


def test_the_real_frame_has_the_cells_the_answers_have(mini: Codebook) -> None:
    units = frame(2019)
    every = units.groupby(["kind", "size_class"], observed=True).size()
    half = {cell: (int(n) // 4, int(n) // 2) for cell, n in every.items()}
    found = run(mini, respondents(mini, half), units)  # type: ignore[arg-type]
    assert found.post_stratified.cells == 7  # four and three districts are one cell
    assert abs(found.shift) < 0.01


def test_joining_takes_the_neighbour_with_the_fewer_answers() -> None:
    def labels(*numbers: int) -> list[str]:
        cells = {(letter, "kommune"): n for letter, n in zip("abcdef", numbers, strict=False)}
        return ["".join(size for size, _ in group) for group in joined(cells, 5)]

    assert labels(5, 6, 7) == ["a", "b", "c"]
    assert labels(9, 4, 6, 5) == ["a", "bc", "d"]
    assert labels(9, 4, 9, 9) == ["ab", "c", "d"]  # the smaller class, where they are equal
    assert labels(2, 9, 9, 0) == ["ab", "cd"]
    assert labels(1, 1, 1, 1, 9) == ["abcde"]
    assert labels(1, 1, 3, 9, 9) == ["abc", "d", "e"]
    assert labels(1, 2) == ["ab"]


def test_kinds_are_told_apart_only_where_each_has_enough() -> None:
    cells = {("a", "kommune"): 9, ("b", "bydel"): 4, ("b", "kommune"): 8, ("c", "kommune"): 6}
    assert joined(cells, 5) == [
        [("a", "kommune")],
        [("b", "bydel"), ("b", "kommune")],
        [("c", "kommune")],
    ]
    assert [("b", "bydel")] in joined(cells, 4)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from(["kommune", "bydel"])),
        st.integers(0, 20),
        min_size=1,
    ),
    st.integers(1, 12),
)
def test_joined_cells_have_enough_and_are_neighbours(answers: dict[Cell, int], least: int) -> None:
    ordered = dict(sorted(answers.items()))
    groups = joined(ordered, least)
    assert sorted(cell for group in groups for cell in group) == list(ordered)
    numbers = [sum(answers[cell] for cell in group) for group in groups]
    assert len(groups) == 1 or min(numbers) >= least
    for group in groups:
        kinds = {kind for _, kind in group}
        told = list(dict.fromkeys(size for size, kind in ordered if kind in kinds))
        places = sorted({told.index(size) for size, _ in group})
        assert all(after == before + 1 for before, after in pairwise(places))


def test_what_a_printed_weighted_share_tells_is_true_and_about_counts(
    mini: Codebook, units: pd.DataFrame
) -> None:
    """The gate must know it: with the weights, a printed figure narrows the counts down."""
    answers = respondents(mini, UNEVEN)
    one = run(mini, answers, units).post_stratified
    told = one.told(mini, CERTIFIED, answers, decimals=1)
    value = sum(weight * domain.holds(answers).sum() for weight, domain in told.terms)
    assert told.low <= value <= told.high
    assert value == pytest.approx(51 - 0.5 * 100)  # 8 + 18 + 17.5 + 7.5 of 100 units
    assert told.high == pytest.approx(0.05 * 100)
    assert told.variables == {"role", "kind", "size_class", "sertifisert"}


def test_weights_that_differ_within_a_place_tell_no_sum_of_counts(
    mini: Codebook, units: pd.DataFrame
) -> None:
    answers = respondents(mini, UNEVEN)
    answers["weight"] = [1.0 + n % 2 for n in range(len(answers))]
    one = run(mini, answers, units).post_stratified
    assert one.by_place is None
    with pytest.raises(ValueError, match="differs within a size class"):
        one.told(mini, CERTIFIED, answers, decimals=3)
