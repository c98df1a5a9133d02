"""Made-up respondents satisfy every published figure, and nothing about them is real."""

import hashlib
import math
from collections.abc import Callable
from itertools import combinations
from statistics import fmean

import numpy as np
import pandas as pd
import pytest

from kompendium.facts import Compendium, Evidence, Region, findings, frame, quantity
from kompendium.statistics import CannotHoldError, illustrate, sample
from kompendium.statistics.answers import estimate, region
from kompendium.statistics.effects import logistic
from kompendium.statistics.illustration import admissible, apportion
from kompendium.surveys import Answer, Codebook, Part, codebook
from kompendium.surveys.codebook import Condition, Ratio

DIGEST = "638765abd0661f4b1216ff07cc3d8c0709f5ff507463700e0405b35d3a1263ae"
"""Of the small survey's table with seed 11: another machine must make the same."""


def values(book: Codebook, answers: pd.DataFrame) -> dict[str, float]:
    return {
        answer.finding: estimate(book, answer, answers, 437, Evidence.ILLUSTRATION).value
        for answer in book.answers
    }


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("gradient", [-1.0, 0.0, 0.5, 2.0])
def test_every_published_figure_holds(mini: Codebook, seed: int, gradient: float) -> None:
    answers = illustrate(mini, seed=seed, gradient=gradient)
    found = values(mini, answers)
    for answer in mini.answers:
        assert found[answer.finding] in region(answer), answer.finding
    assert (answers.groupby("role", observed=True).size() == 100).all()


@pytest.mark.parametrize("survey", ["ramboll-2020", "imdi-2021"])
@pytest.mark.parametrize("gradient", [0.0, 0.5])
def test_the_projects_surveys_can_be_illustrated(
    published: Compendium, survey: str, gradient: float
) -> None:
    answers = sample(survey, gradient=gradient)
    for name, found in answers.estimates().items():
        assert found.value in region(answers.codebook.answer(name)), name
        assert found.evidence is Evidence.ILLUSTRATION
    book = answers.codebook
    assert all(answers.answered(role) == book.answered for role in book.roles)


def test_everything_the_reports_say_in_numbers_of_one_survey_is_answered(
    published: Compendium,
) -> None:
    elsewhere = {
        # Counts of units and interviews come from the frame and the report itself.
        *("ramboll2020.svar", "ramboll2020.intervju", "ramboll2020.intervju_tilbyr"),
        *("ramboll2020.intervju_planlegger", "ramboll2020.intervju_verken", "ku2021.svar"),
        # Compared with earlier years, which one survey cannot tell.
        *("ku2021.nyhetsbrev_tidligere", "ku2021.tolk_raad", "ku2021.nora_tidligere"),
        *("ku2021.samarbeid_utvikling", "ku2021.utenlandsopphold_tidligere"),
    }
    for survey in ("ramboll-2020", "imdi-2021"):
        answered = {answer.finding for answer in codebook(survey).answers}
        numeric = {k for k, one in findings(survey).items() if isinstance(one.quantity, Region)}
        assert numeric - elsewhere == answered


def test_filters_and_multiple_choice_are_kept(mini: Codebook) -> None:
    answers = illustrate(mini)
    asked = (answers["role"] == "leder") & answers["retningslinjer"].eq(1).fillna(False)
    ticked = answers["felles"].eq(1).fillna(False) | answers["barnevern"].eq(1).fillna(False)
    assert (ticked == asked).all()
    assert (answers["felles"].notna() == asked).all()
    assert answers.loc[answers["role"] == "skolesjef", "sertifisert"].isna().all()
    # "Does not know" is used only where a figure counts it; no answer is never made up.
    assert not answers["sertifisert"].isin([88, 99]).any()
    assert answers["retningslinjer"].eq(88).any()


def test_respondents_are_spread_as_the_frame_is(mini: Codebook) -> None:
    answers = illustrate(mini)
    units = frame(2019)
    cells = units.groupby(["kind", "size_class"], observed=False).size()
    made = answers[answers["role"] == "leder"].groupby(["kind", "size_class"], observed=False)
    spread = made.size().reindex(cells.index)
    assert ((spread - cells * 100 / len(units)).abs() < 1).all()
    assert set(answers.columns) == {"role", "kind", "size_class", *mini.questions}


def test_units_are_apportioned_by_largest_remainders() -> None:
    assert apportion([1, 1, 1], 2) == [1, 1, 0]
    assert apportion([10, 20, 70], 10) == [1, 2, 7]
    assert sum(apportion([95, 125, 89, 54, 43, 16, 15], 276)) == 276
    with pytest.raises(ValueError, match="frame of 3"):
        apportion([1, 2], 4)


def test_a_steeper_gradient_gives_a_larger_difference(mini: Codebook) -> None:
    steps = [
        values(mini, illustrate(mini, gradient=gradient))["mini.storrelse"]
        for gradient in (0.0, 0.5, 1.0, 3.0)
    ]
    assert steps == sorted(steps)
    assert steps[0] < 0.15 < steps[-1]


def test_the_ends_of_what_the_figures_allow_can_be_illustrated(mini: Codebook) -> None:
    ends = admissible(mini, "mini.storrelse")
    least, against, most = (
        values(mini, illustrate(mini, gradient=gradient))["mini.storrelse"]
        for gradient in (-math.inf, -3.0, math.inf)
    )
    assert least == against == pytest.approx(ends.low)
    assert most == pytest.approx(ends.high)
    assert ends.low == pytest.approx(1 / 51)  # of 17 large and 51 small ones
    assert ends.high == 1


def test_the_ends_depend_on_how_many_answer(mini: Codebook) -> None:
    fewer = admissible(mini, "mini.storrelse", answering={"leder": 80})
    assert fewer != admissible(mini, "mini.storrelse")
    with pytest.raises(ValueError, match="from 1 to 100"):
        admissible(mini, "mini.storrelse", answering={"leder": 0})
    with pytest.raises(CannotHoldError, match=r"mini\.ingen, mini\.ingen_vetikke"):
        admissible(mini, "mini.storrelse", answering={"leder": 60})


def test_regression_finds_the_gradient_again(published: Compendium) -> None:
    answers = sample("ramboll-2020", gradient=0.6).codes
    offers = answers.assign(tilbyr=answers["tilbyr"].eq(1).astype(int))
    found = logistic(offers, "tilbyr", ["size_class"])
    assert found is not None
    assert math.log(found["size_class"].value) == pytest.approx(0.6, abs=0.05)


def unlike(table: pd.DataFrame) -> float:
    """How unlike two questions are to be answered so together by chance: 1 on average."""
    observed = table.to_numpy()
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / observed.sum()
    freedom = (observed.shape[0] - 1) * (observed.shape[1] - 1)
    whole = observed.sum()
    return float(((observed - expected) ** 2 / expected).sum() / freedom * (whole - 1) / whole)


def test_answers_to_different_questions_are_independent(published: Compendium) -> None:
    """Of all pairs of questions without a filter or a figure between them."""
    answers = sample("imdi-2021", seed=3)
    role = answers.codes[answers.codes["role"] == "integreringsansvarlig"]
    apart = [
        one.name
        for one in answers.codebook.variables
        if "integreringsansvarlig" in one.roles and one.asked_if is None and one.choice is None
    ]
    pairs = list(combinations(apart, 2))
    assert len(pairs) > 300
    measures = [unlike(pd.crosstab(role[one], role[two])) for one, two in pairs]
    assert fmean(measures) == pytest.approx(1, abs=0.1)
    by_kind = [unlike(pd.crosstab(role[one], role["size_class"])) for one in apart]
    assert fmean(by_kind) == pytest.approx(1, abs=0.3)


def test_boxes_of_a_choice_depend_on_each_other_no_more_than_they_must(
    published: Compendium,
) -> None:
    """Who ticks none is left out; of the rest, each pair of boxes is nearly independent."""
    answers = sample("imdi-2021", seed=3).codes
    boxes = answers[["info_bakgrunn", "info_kompetanse", "info_utdanning", "info_arbeid"]].dropna()
    measures = [unlike(pd.crosstab(boxes[one], boxes[two])) for one, two in combinations(boxes, 2)]
    assert fmean(measures) < 3


def test_the_same_arguments_give_the_same_table_everywhere(mini: Codebook) -> None:
    text = illustrate(mini, seed=11, gradient=0.5).to_csv(index=False, lineterminator="\n")
    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST
    assert illustrate(mini, seed=12).to_csv() != illustrate(mini, seed=11).to_csv()


def test_a_new_question_leaves_the_others_as_they_are(mini: Codebook) -> None:
    extra = mini.variables[0].model_copy(update={"name": "ny", "missing": ()})
    longer = mini.model_copy(update={"variables": (extra, *mini.variables)})
    pd.testing.assert_frame_equal(
        illustrate(longer).drop(columns="ny"), illustrate(mini), check_like=True
    )


def test_fewer_may_answer_in_a_role(mini: Codebook) -> None:
    answers = illustrate(mini, answering={"skolesjef": 50})
    assert (answers["role"] == "skolesjef").sum() == 50
    found = values(mini, answers)
    assert found["mini.kjenner_skole"] in quantity("26 prosent")


@pytest.mark.parametrize(
    ("answering", "message"),
    [
        ({"skolesjef": 101}, "from 1 to 100"),
        ({"skolesjef": 0}, "from 1 to 100"),
        ({"rektor": 50}, "no role rektor"),
        ({"leder": 40, "skolesjef": 40}, "fewer answers"),
    ],
)
def test_numbers_that_do_not_fit_the_published_one_are_refused(
    mini: Codebook, answering: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        illustrate(mini, answering=answering)


def test_a_survey_nobody_says_how_many_answered_is_not_illustrated(mini: Codebook) -> None:
    with pytest.raises(ValueError, match="no figure says how many answered mini"):
        illustrate(mini.model_copy(update={"answering": None}))


def test_a_number_of_answers_no_share_can_have_is_told(mini: Codebook) -> None:
    with pytest.raises(CannotHoldError, match=r"mini.kjenner_skole"):
        illustrate(mini, answering={"skolesjef": 20})


def test_figures_that_contradict_each_other_are_named(
    put_survey: Callable[..., Codebook],
) -> None:
    bent = put_survey({"39 prosent": "9 prosent"})  # fewer than the 11 percent within them
    with pytest.raises(CannotHoldError) as caught:
        illustrate(bent)
    assert {"mini.ingen", "mini.ingen_vetikke"} <= set(caught.value.reasons)
    assert "mini.kjenner_skole" not in caught.value.reasons


def test_an_ordering_nobody_is_left_to_show_is_told(mini: Codebook) -> None:
    with pytest.raises(CannotHoldError, match=r"mini.storrelse"):
        illustrate(_few(mini), gradient=0.5)


def _few(book: Codebook) -> Codebook:
    """Everyone offers, so that no size can offer more than another."""
    everyone = book.variables[1].model_copy(update={"codes": {1: "Ja"}})
    kept = [answer for answer in book.answers if answer.finding == "mini.storrelse"]
    return book.model_copy(
        update={"variables": (book.variables[0], everyone), "answers": tuple(kept)}
    )


def test_a_question_crossed_with_two_others_is_told(mini: Codebook) -> None:
    part = Part(variable="felles", codes=(1,), base=Condition(variable="tilbyr", codes=(1,)))
    crossed = Answer(finding="mini.felles", share=part)
    with pytest.raises(ValueError, match="felles cannot be illustrated within each of"):
        illustrate(mini.model_copy(update={"answers": (crossed,)}))


def test_a_comparison_of_shares_with_open_bases_is_told(mini: Codebook) -> None:
    part = Part(variable="felles", codes=(1,))
    other = Part(variable="sertifisert", codes=(1,))
    open_base = Answer(finding="mini.dobbelt", ratio=Ratio(of=part, to=other))
    with pytest.raises(ValueError, match="only shares of everyone asked"):
        illustrate(mini.model_copy(update={"answers": (open_base,)}))


def test_a_gradient_that_is_no_number_is_refused(mini: Codebook) -> None:
    with pytest.raises(ValueError, match="gradient must be a number"):
        illustrate(mini, gradient=math.nan)
