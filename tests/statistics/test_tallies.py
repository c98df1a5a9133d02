"""How many gave each answer: every figure holds, and nothing is added to what they tell."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise, product

import numpy as np
import pytest

from kompendium.facts import SSB, Compendium
from kompendium.statistics.answers import region
from kompendium.statistics.bounds import Bounds
from kompendium.statistics.conditions import VISIBLE, Cell, Conditions, People
from kompendium.statistics.entropy import slope
from kompendium.statistics.program import CannotHoldError
from kompendium.statistics.tallies import extremes, tallies
from kompendium.surveys import Answer, Codebook, Part, codebook
from kompendium.surveys.codebook import Condition

ROUNDED = 0.015
"""The part of the entropy that whole numbers may lose against the most even numbers of all."""

SIZES = dict(zip(SSB.labels, (10, 40, 20, 13, 10, 7), strict=True))
"""A hundred who answer in a role."""


def everyone(book: Codebook, sizes: dict[str, int] | None = None) -> People:
    return dict.fromkeys(book.roles, sizes or SIZES)


def total(counts: dict[Cell, int], variable: str, code: int, **where: object) -> int:
    return sum(
        number
        for cell, number in counts.items()
        if (cell.variable, cell.code) == (variable, code)
        and all(getattr(cell, name) == value for name, value in where.items())
    )


@pytest.mark.parametrize(
    ("survey", "gradient"),
    [
        *(("mini", gradient) for gradient in (0.0, 0.5, 2.0)),
        *(("ramboll-2020", gradient) for gradient in (0.0, 0.5, 2.0)),
        ("imdi-2021", 0.0),
    ],
)
def test_whole_numbers_are_nearly_as_even_as_any_numbers(
    survey: str, gradient: float, published: Compendium, put_survey: Callable[..., Codebook]
) -> None:
    book = put_survey() if survey == "mini" else codebook(survey)
    found = tallies(book, everyone(book), gradient)
    assert 0 <= found.gap <= ROUNDED * found.entropy


@pytest.mark.parametrize("survey", ["mini", "ramboll-2020", "imdi-2021"])
def test_no_other_table_that_satisfies_the_figures_is_as_even(
    survey: str, published: Compendium, put_survey: Callable[..., Codebook]
) -> None:
    """Against tables from the corners of what the figures allow, drawn at random."""
    book = put_survey() if survey == "mini" else codebook(survey)
    conditions = Conditions(book, everyone(book))
    best = tallies(book, everyone(book)).entropy
    generator = np.random.default_rng(1)
    for _ in range(3):
        other = np.zeros(len(conditions.program.whole))
        for inside, part in conditions.program._parts():
            drawn = generator.normal(size=inside.sum())
            other[inside] = part.least(np.where(part.whole, drawn, 1.0))
        assert slope(conditions.program.terms, other) @ other < best


def test_answers_no_figure_mentions_are_even(mini: Codebook) -> None:
    counts = tallies(mini, everyone(mini)).counts
    planned, no = (total(counts, "tilbyr", code) for code in (2, 3))
    assert abs(planned - no) <= 6  # one for each of six size classes
    assert total(counts, "sertifisert", 88) == 0
    assert total(counts, "retningslinjer", 88) > 0


def test_roles_that_are_asked_the_same_answer_alike(mini: Codebook) -> None:
    counts = tallies(mini, everyone(mini)).counts
    ours, theirs = (total(counts, "kjenner", 1, role=role) for role in ("leder", "skolesjef"))
    assert abs(ours - theirs) <= 1


def test_a_region_is_used_to_its_end(mini: Codebook) -> None:
    """«8 av 10» allows 75 to 84 of a hundred; the most even of them is 75."""
    assert total(tallies(mini, everyone(mini)).counts, "sertifisert", 1) == 75


def test_ordered_shares_can_be_told_apart(mini: Codebook) -> None:
    """«Flest» kjenner, held against two shares: ten percentage points above both, or below."""
    counts = tallies(mini, everyone(mini)).counts
    known = total(counts, "kjenner", 1) / 200
    intro, certified = (total(counts, name, 1) / 100 for name in ("kjenner_intro", "sertifisert"))
    assert min(abs(known - intro), abs(known - certified)) >= VISIBLE - 1e-9


@pytest.mark.parametrize("gradient", [0.25, 0.5, 1.0, 1.5])
def test_the_odds_change_by_the_gradient_from_class_to_class(
    mini: Codebook, gradient: float
) -> None:
    """In numbers so large that rounding does not matter."""
    sizes = {size: 1000 * number for size, number in SIZES.items()}
    answers = tuple(one for one in mini.answers if one.finding != "mini.tilbyr_gitt_sertifisert")
    book = mini.model_copy(update={"answers": answers})
    counts = tallies(book, everyone(book, sizes), gradient).counts
    odds = []
    for size in SSB.labels:
        yes, *others = (total(counts, "tilbyr", code, size=size) for code in (1, 2, 3))
        odds.append(math.log(yes / sum(others)))
        assert others[0] == pytest.approx(others[1], abs=2)
    for low, high in pairwise(odds):
        assert high - low == pytest.approx(gradient, abs=0.01)


def small(mini: Codebook, drop: str = "") -> Codebook:
    """Who is certified and who offers: two questions, and three figures."""
    yes_no = {"codes": {1: "Ja", 2: "Nei"}, "unsure": (), "missing": ()}
    kept = ("mini.sertifisert", "mini.tilbyr_gitt_sertifisert", "mini.storrelse")
    return mini.model_copy(
        update={
            "roles": {"leder": mini.roles["leder"]},
            "variables": tuple(one.model_copy(update=yes_no) for one in mini.variables[:2]),
            "answers": tuple(a for a in mini.answers if a.finding in kept and a.finding != drop),
        }
    )


FEW = {SSB.labels[0]: 5, SSB.labels[2]: 3, SSB.labels[4]: 4}
"""Twelve who answer: five small ones, three in the middle and four large ones."""


def every_table() -> Iterator[tuple[tuple[int, int, int], ...]]:
    """Certified, offering of them, and offering of the others, in each of the three classes."""
    for certified in product(*(range(number + 1) for number in FEW.values())):
        ranges = [
            (range(with_staff + 1), range(number - with_staff + 1))
            for with_staff, number in zip(certified, FEW.values(), strict=True)
        ]
        for offering in product(*(product(*pair) for pair in ranges)):
            yield tuple((c, *o) for c, o in zip(certified, offering, strict=True))


def allowed(book: Codebook) -> list[tuple[tuple[int, int, int], ...]]:
    """Every table that satisfies the three figures."""
    figures = {answer.finding: region(answer) for answer in book.answers}
    found = []
    for table in every_table():
        certified, both = sum(one[0] for one in table), sum(one[1] for one in table)
        if certified / 12 not in figures["mini.sertifisert"]:
            continue
        if both / certified not in figures["mini.tilbyr_gitt_sertifisert"]:
            continue
        if difference(table) in figures["mini.storrelse"]:
            found.append(table)
    return found


def difference(table: tuple[tuple[int, int, int], ...]) -> float:
    return (table[2][1] + table[2][2]) / 4 - (table[0][1] + table[0][2]) / 5


def test_the_ends_of_the_difference_are_those_of_every_table(mini: Codebook) -> None:
    book = small(mini)
    differences = [difference(table) for table in allowed(book)]
    found = extremes(book, "mini.storrelse", {"leder": FEW})
    assert [*found] == pytest.approx([min(differences), max(differences)])


@pytest.mark.parametrize("gradient", [0.0, 0.7])
def test_hardly_a_table_of_all_is_more_even(mini: Codebook, gradient: float) -> None:
    """Twelve people are few enough for rounding to matter: one other table may come before."""
    book = small(mini)

    def worth(table: tuple[tuple[int, int, int], ...]) -> float:
        sizes = list(FEW.values())
        mean = sum(step * number for step, number in zip((0, 2, 4), sizes, strict=True)) / 12
        found = 0.0
        for number, step, (certified, both, only) in zip(sizes, (0, 2, 4), table, strict=True):
            cells = [(certified, number)]
            cells += [(both, certified), (only, number - certified)]
            for part, whole in cells:
                for own in (part, whole - part):
                    found += own * math.log(whole / own) if own else 0.0
            found += gradient * (step - mean) * (both + only)
        return found

    counts = tallies(book, {"leder": FEW}, gradient).counts
    chosen = tuple(
        (
            total(counts, "sertifisert", 1, size=size),
            total(counts, "tilbyr", 1, size=size, within=1),
            total(counts, "tilbyr", 1, size=size, within=2),
        )
        for size in FEW
    )
    tables = allowed(book)
    assert chosen in tables
    assert sum(worth(one) > worth(chosen) + 1e-9 for one in tables) <= 1


def test_illustrations_reach_both_ends_and_rise_between_them(mini: Codebook) -> None:
    ends = extremes(mini, "mini.storrelse", everyone(mini))
    found = []
    for gradient in (-math.inf, -0.1, 0.0, 0.5, 1.0, 2.0, 4.0, math.inf):
        counts = tallies(mini, everyone(mini), gradient).counts
        large = sum(total(counts, "tilbyr", 1, size=size) for size in SSB.labels[4:]) / 17
        lesser = sum(total(counts, "tilbyr", 1, size=size) for size in SSB.labels[:2]) / 50
        found.append(large - lesser)
    assert found == sorted(found)
    assert found[0] == found[1] == pytest.approx(ends.low)
    assert found[-1] == pytest.approx(ends.high)
    assert 0 < ends.low < 0.01
    assert isinstance(ends, Bounds)


def test_an_ordering_the_other_way_leans_the_other_way(put_survey: Callable[..., Codebook]) -> None:
    book = put_survey({"i større grad": "færre"})
    ends = extremes(book, "mini.storrelse", everyone(book))
    assert ends.low < -0.5
    assert -0.01 < ends.high < 0
    for gradient, number in ((1.0, None), (math.inf, ends.low), (-1.0, ends.high)):
        counts = tallies(book, everyone(book), gradient).counts
        large = sum(total(counts, "tilbyr", 1, size=size) for size in SSB.labels[4:]) / 17
        lesser = sum(total(counts, "tilbyr", 1, size=size) for size in SSB.labels[:2]) / 50
        assert large - lesser < 0
        assert number is None or large - lesser == pytest.approx(number)


def test_only_a_difference_between_two_shares_has_ends(mini: Codebook) -> None:
    for finding in ("mini.sertifisert", "mini.flest", "mini.dobbelt"):
        with pytest.raises(ValueError, match="only a difference between two shares"):
            extremes(mini, finding, everyone(mini))


def test_figures_that_cannot_hold_have_no_ends(put_survey: Callable[..., Codebook]) -> None:
    bent = put_survey({"8 av 10": "0 prosent"})
    with pytest.raises(CannotHoldError, match=r"mini\.sertifisert"):
        extremes(bent, "mini.storrelse", everyone(bent))


def test_a_size_class_may_have_a_published_share_of_its_own(mini: Codebook) -> None:
    answer = mini.answer("mini.storrelse")
    assert answer.difference is not None
    part = answer.difference.of[0]
    own = Answer(finding="mini.kjenner_skole", share=part)  # 26 percent of the large ones offer
    book = mini.model_copy(update={"answers": (*mini.answers[:2], own)})
    counts = tallies(book, everyone(book, dict.fromkeys(SSB.labels, 100))).counts
    assert sum(total(counts, "tilbyr", 1, size=size) for size in SSB.labels[4:]) in range(51, 54)


def test_boxes_within_different_questions_are_told(mini: Codebook) -> None:
    part = Part(variable="felles", codes=(1,), base=Condition(variable="tilbyr", codes=(1,)))
    variables = tuple(one.model_copy(update={"asked_if": None}) for one in mini.variables)
    book = mini.model_copy(
        update={"variables": variables, "answers": (Answer(finding="mini.felles", share=part),)}
    )
    with pytest.raises(ValueError, match="gjelder: boxes cannot be told apart"):
        Conditions(book, everyone(book))


def test_every_person_is_counted_in_every_question_they_are_asked(mini: Codebook) -> None:
    counts = tallies(mini, everyone(mini)).counts
    asked: dict[tuple[str, str], int] = defaultdict(int)
    for cell, number in counts.items():
        asked[cell.variable, cell.role] += number
    assert asked["kjenner", "leder"] == asked["kjenner", "skolesjef"] == 100
    assert asked["felles", "leder"] == asked["barnevern", "leder"]
    assert asked["felles", "leder"] == total(counts, "retningslinjer", 1)
