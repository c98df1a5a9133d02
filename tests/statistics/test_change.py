"""Changes between waves: worked by hand on made-up answers, and what of them may be shown."""

import math
from collections.abc import Mapping

import numpy as np
import pytest

from kompendium.facts import Compendium, Evidence, Verdict, finding, frame
from kompendium.register import computed
from kompendium.register.verdicts import verdict
from kompendium.statistics.change import Shift, shift, shown
from kompendium.statistics.overlap import interval_of_change
from kompendium.statistics.shares import Share
from kompendium.statistics.waves import Waves
from kompendium.surveys.codebook import Condition, Part
from kompendium.surveys.series import link
from tests.surveys import pulse

HAS = Part(variable="har", codes=(1,))
PLAN = Part(variable="plan", codes=(1,), base=Condition(variable="har", codes=(1, 2)))

Answers = dict[tuple[str, str], dict[str, object]]


def units(year: int, start: int, stop: int) -> list[str]:
    """Numbers of some municipalities."""
    return frame(year)["number"].tolist()[start:stop]


def said(numbers: list[str], yes: int, no: int = 0, question: str = "har") -> Answers:
    """The first ``yes`` units say yes, the next ``no`` say no."""
    codes = [1] * yes + [2] * no
    return pulse.heads(dict(zip(numbers, codes, strict=False)), question)


def put(compendium: Compendium, answers: Mapping[int, Answers]) -> Waves:
    """Put waves in and link them."""
    pulse.write_waves(compendium, *answers)
    for year, given in answers.items():
        pulse.put_in(compendium, year, given)
    return Waves.of("puls")


def test_a_change_is_worked_by_hand(compendium: Compendium) -> None:
    """Of 371 units 60 and 50 answered, 40 both times; 30 and 30 said yes.

    Units 0–59 answered first, the first 30 with yes; units 20–69 next, 25–54 with yes. Both
    times: 20–59, of which 5 (25–29) twice yes, 25 came to it (30–54), 5 left it (20–24).
    """
    before = said(units(2020, 0, 60), 30, 30)
    after = said(units(2020, 25, 70), 30, 15) | said(units(2020, 20, 25), 0, 5)
    waves = put(compendium, {2020: before, 2021: after})
    found = waves.shift("puls-2020", "puls-2021", HAS)
    assert (found.to.count, found.to.base, found.of.count, found.of.base) == (30, 60, 30, 50)
    assert found.value == pytest.approx(0.6 - 0.5)
    assert found.evidence is Evidence.SURVEY
    assert found.overlap.both == 40
    assert found.overlap.shared == (60, 50)
    assert found.overlap.common == 371
    # Of the 40 pairs 10 and 30 said yes, 5 both times: Σ xy − Σx Σy / 40 = 5 − 7.5.
    related = (40 / (60 * 50) - 1 / 371) * (5 - 10 * 30 / 40) / 39
    own = (1 - 60 / 371) * 0.25 / 59 + (1 - 50 / 371) * 0.24 / 49
    assert found.covariance == pytest.approx(related)
    assert found.standard_error == pytest.approx(math.sqrt(own - 2 * related))
    independent = found.without_panel()
    assert independent.standard_error == pytest.approx(math.sqrt(own))
    width = [one.interval[1] - one.interval[0] for one in (found, independent)]
    assert width[0] > width[1]  # they moved against each other: less certain than alone


def test_those_who_answered_twice_are_a_panel(compendium: Compendium) -> None:
    before = said(units(2020, 0, 60), 30, 30)
    after = said(units(2020, 25, 70), 30, 15) | said(units(2020, 20, 25), 0, 5)
    waves = put(compendium, {2020: before, 2021: after})
    panel = waves.shift("puls-2020", "puls-2021", HAS).panel
    assert panel is not None
    assert panel.cells == (5, 25, 5, 5)
    assert (panel.test.gained, panel.test.lost, panel.test.answers) == (25, 5, 40)
    assert panel.test.difference == pytest.approx(panel.of.value - panel.to.value) == 0.5
    # (|25 − 5| − 1)² / 30 = 12.03; R: mcnemar.test(matrix(c(5, 5, 25, 5), 2)), p-value = 0.0005226
    assert panel.test.p_value == pytest.approx(0.0005226, rel=1e-3)
    phi = (5 * 5 - 25 * 5) / math.sqrt(10 * 30 * 30 * 10)
    to, of = (Share(n, 40, Evidence.SURVEY, 371) for n in (10, 30))
    assert panel.interval == pytest.approx(interval_of_change(of, to, phi))


def test_the_same_answers_twice_are_more_certain_than_two_samples(compendium: Compendium) -> None:
    answers = said(units(2020, 0, 200), 60, 140)
    waves = put(compendium, {2020: answers, 2021: answers})
    found = waves.shift("puls-2020", "puls-2021", HAS)
    assert found.value == 0
    assert found.standard_error == pytest.approx(0, abs=1e-9)
    assert found.without_panel().standard_error > 0.03


def test_across_the_reform_only_unchanged_units_are_the_same(compendium: Compendium) -> None:
    """Halden, Sarpsborg and Oslo stayed; Moss and Rygge became Moss, of which both agree."""
    before = pulse.heads({"0101": 1, "0105": 2, "0301": 1, "0104": 1, "0136": 1, "0220": 2})
    after = pulse.heads({"3001": 1, "3003": 1, "0301": 2, "3002": 2, "3025": 2, "3019": 1})
    waves = put(compendium, {2019: before, 2020: after})
    found = waves.shift("puls-2019", "puls-2020", HAS)
    assert found.overlap.units == (437, 371)
    assert found.overlap.common == 328
    assert found.overlap.shared == (3, 4)
    assert found.overlap.both == 3
    assert found.panel is not None
    assert found.panel.cells == (1, 1, 1, 0)
    expected = (3 - 3 * 4 / 328) / 36 * np.cov([1, 0, 1], [1, 1, 0])[0, 1]
    assert found.covariance == pytest.approx(expected)


def agreed(compendium: Compendium, rygge: object) -> tuple[int, int, int, int]:
    """The panel with merged units that agree; Oslo stayed, and Moss answers for two."""
    before = pulse.heads({"0301": 1, "0104": 1, "0136": rygge, "0220": 1})
    pulse.write_waves(compendium, 2019, 2020)
    pulse.put_in(compendium, 2019, before)
    pulse.put_in(compendium, 2020, pulse.heads({"0301": 1, "3002": 2, "3025": 2}))
    books = waves_of(compendium)
    panel = shift(link(*books), books, HAS, agreed=True).panel
    assert panel is not None
    return panel.cells


def waves_of(compendium: Compendium):  # type: ignore[no-untyped-def]
    return Waves.of("puls").books


@pytest.mark.parametrize(
    ("rygge", "cells"),
    [
        (1, (1, 0, 1, 0)),  # both parts of Moss said yes: one unit that left it
        (2, (1, 0, 0, 0)),  # they disagree: no answer of the unit that came
        (99, (1, 0, 0, 0)),  # one part gave no answer
    ],
)
def test_merged_units_count_where_their_parts_agree_if_one_asks_for_it(
    compendium: Compendium, rygge: object, cells: tuple[int, int, int, int]
) -> None:
    assert agreed(compendium, rygge) == cells


def test_a_share_of_some_is_a_ratio(compendium: Compendium) -> None:
    """Those who do not know whether they have it are asked, but are not in the base."""
    numbers = units(2020, 0, 60)
    codes = [1] * 24 + [2] * 24 + [88] * 12
    plans = {1: 1, 2: None, 88: None}
    before: Answers = {
        (unit, "leder"): {"har": has, "plan": plans[has] if row % 3 else (2 if has == 1 else None)}
        for row, (unit, has) in enumerate(zip(numbers, codes, strict=True))
    }
    after: Answers = {
        (unit, "leder"): {"har": has, "plan": plans[has] if row % 4 else (2 if has == 1 else None)}
        for row, (unit, has) in enumerate(zip(numbers, np.roll(codes, 5).tolist(), strict=True))
    }
    waves = put(compendium, {2020: before, 2021: after})
    found = waves.shift("puls-2020", "puls-2021", PLAN)
    sides = []
    for given, share in ((before, found.to), (after, found.of)):
        base = np.array([given[unit, "leder"]["har"] in (1, 2) for unit in numbers], dtype=float)
        yes = np.array([given[unit, "leder"]["plan"] == 1 for unit in numbers], dtype=float)
        assert (share.count, share.base) == (yes.sum(), base.sum())
        sides.append((yes - share.value * base) * 60 / 48)
    factor = 60 / 3600 - 1 / 371
    assert found.overlap.answers == (60, 60)
    assert found.covariance == pytest.approx(factor * np.cov(*sides)[0, 1])


def test_two_roles_are_two_respondents(compendium: Compendium) -> None:
    part = Part(variable="kjenner", codes=(1,))
    answers = {
        (unit, role): {"kjenner": 1 + row % 2}
        for row, unit in enumerate(units(2020, 0, 30))
        for role in ("leder", "rektor")
    }
    waves = put(compendium, {2020: answers, 2021: answers})
    found = waves.shift("puls-2020", "puls-2021", part)
    assert found.overlap.answers == (60, 60)
    assert found.overlap.common == 2 * 371


def three(compendium: Compendium) -> Waves:
    before = said(units(2019, 0, 80), 20, 60)
    then = said(units(2020, 0, 80), 24, 56)
    return put(compendium, {2019: before, 2020: then, 2021: said(units(2020, 0, 80), 32, 48)})


def test_a_share_through_three_waves_has_a_slope(compendium: Compendium) -> None:
    waves = three(compendium)
    course = waves.course(HAS)
    assert [one.value for one in course.shares.values()] == [0.25, 0.3, 0.4]
    assert course.slope is not None
    assert course.slope.value == pytest.approx((0.4 - 0.25) / 2)
    ends = waves.shift("puls-2019", "puls-2021", HAS)
    assert course.slope.standard_error == pytest.approx(ends.standard_error / 2)


def test_a_question_that_was_changed_has_no_course_before(compendium: Compendium) -> None:
    waves = three(compendium)
    path = pulse.path(compendium, 2020)
    text = path.read_text(encoding="utf-8")
    changed = "- name: har\n    changed: {nb: Ny, en: New}\n"
    path.write_text(text.replace("- name: har\n", changed), encoding="utf-8")
    course = Waves.of("puls").course(HAS)
    assert list(course.shares) == ["puls-2020", "puls-2021"]
    assert course.slope is None
    assert list(waves.course(HAS).shares) == ["puls-2019", "puls-2020", "puls-2021"]


def judged(waves: Waves) -> dict[str, Verdict]:
    """The verdicts that the developments of a series bring."""
    return {
        name: verdict(finding(name).quantity, computed(one.value, one.evidence, one.interval))
        for name, one in waves.developments().items()
    }


def test_a_development_is_answered_when_all_its_waves_are_in(compendium: Compendium) -> None:
    """«På linje med» both 2019 and 2020: four points from the one, two from the other."""
    pulse.write_waves(compendium, 2019, 2020, 2021)
    pulse.put_in(compendium, 2021, said(units(2020, 0, 100), 30, 70))
    assert judged(Waves.of("puls")) == {}
    pulse.put_in(compendium, 2020, said(units(2020, 0, 100), 28, 72))
    assert judged(Waves.of("puls")) == {}  # and nobody answered the other two questions
    pulse.put_in(compendium, 2019, said(units(2019, 0, 100), 26, 74))
    waves = Waves.of("puls")
    assert judged(waves) == {"puls.som_for": Verdict.REPRODUCED}
    found = waves.developments()["puls.som_for"]
    assert found.value == pytest.approx(0.04)  # the wave that is farther away decides
    pulse.put_in(compendium, 2019, said(units(2019, 0, 100), 20, 80))
    assert judged(Waves.of("puls")) == {"puls.som_for": Verdict.CONTRADICTED}


def test_an_ordering_moves_with_the_answers(compendium: Compendium) -> None:
    pulse.write_waves(compendium, 2019, 2020, 2021)
    numbers = units(2020, 0, 60)
    pulse.put_in(compendium, 2020, said(numbers, 20, 40, "kjenner"))
    pulse.put_in(compendium, 2021, said(numbers, 25, 35, "kjenner"))
    assert judged(Waves.of("puls")) == {"puls.bedre": Verdict.REPRODUCED}
    pulse.put_in(compendium, 2021, said(numbers, 20, 40, "kjenner"))
    assert judged(Waves.of("puls")) == {"puls.bedre": Verdict.CONTRADICTED}


def panel_of(compendium: Compendium, before: Answers, after: Answers) -> Shift:
    return put(compendium, {2020: before, 2021: after}).shift("puls-2020", "puls-2021", HAS)


def test_a_change_of_large_counts_is_shown_whole(compendium: Compendium) -> None:
    before = said(units(2020, 0, 60), 30, 30) | said(units(2020, 100, 110), 0, 10)
    after = said(units(2020, 25, 60), 30, 5) | said(units(2020, 20, 25), 0, 5)
    found = panel_of(compendium, before, after | said(units(2020, 60, 90), 15, 15))
    assert found.panel is not None
    assert found.panel.cells == (5, 25, 5, 5)
    assert shown(found, 5) is found
    assert shown(found, 6) == found.without_panel()
    assert shown(found, 31) is None


def test_a_panel_with_a_small_count_stays_back_and_its_interval_with_it(
    compendium: Compendium,
) -> None:
    """Three left it: their number can be worked out from an interval that rests on it."""
    found = panel_of(
        compendium,
        said(units(2020, 0, 60), 30, 30),
        said(units(2020, 3, 60), 40, 17) | said(units(2020, 0, 3), 0, 3),
    )
    assert found.panel is not None
    assert found.panel.cells[2] == 3
    released = shown(found, 5)
    assert released is not None
    assert released.panel is None
    assert released.interval != found.interval
    assert released.interval == interval_of_change(found.of, found.to, 0.0)
    assert released.value == found.value


def test_a_panel_is_not_shown_where_the_rest_of_a_wave_is_small(compendium: Compendium) -> None:
    """All four counts are large, but two of those who said yes first did not answer again."""
    before = said(units(2020, 0, 40), 20, 20) | said(units(2020, 100, 102), 2)
    after = said(units(2020, 10, 40), 20, 10) | said(units(2020, 0, 10), 0, 10)
    found = panel_of(compendium, before, after)
    assert found.panel is not None
    assert min(found.panel.cells) >= 5
    released = shown(found, 5)
    assert released is not None
    assert released.panel is None


def test_nobody_answered_twice(compendium: Compendium) -> None:
    found = panel_of(compendium, said(units(2020, 0, 20), 10, 10), said(units(2020, 20, 40), 8, 12))
    assert found.panel is None
    assert found.covariance == 0
    assert shown(found, 5) == found
