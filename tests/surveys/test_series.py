"""Waves of a series: the same questions, linked by unit and role, and no unit number goes out."""

from collections.abc import Callable

import pytest

from kompendium.facts import Compendium
from kompendium.facts.documents import InputError
from kompendium.surveys import codebook
from kompendium.surveys.codebook import waves
from kompendium.surveys.respondents import identifiable
from kompendium.surveys.series import Link, answered_waves, link
from tests.surveys import exports, pulse


def told(compendium: Compendium, year: int, *changes: tuple[str, str]) -> list[str]:
    """Change a wave's codebook and give the problems, each with the line it points at."""
    path = pulse.path(compendium, year)
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        codebook(f"puls-{year}")
    lines = text.splitlines()
    assert {problem.file for problem in caught.value.problems} == {path}
    return [f"{lines[one.line - 1].strip()}: {one.message}" for one in caught.value.problems]


def test_waves_come_in_the_order_of_years(compendium: Compendium) -> None:
    pulse.write_waves(compendium, 2020, 2019, 2021)
    assert [book.id for book in waves("puls")] == ["puls-2019", "puls-2020", "puls-2021"]
    assert waves("pul") == ()
    assert answered_waves("puls") == ()
    pulse.put_in(compendium, 2020, pulse.heads({"0301": 1}))
    assert [book.id for book in answered_waves("puls")] == ["puls-2020"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{nb: Har?, en: Has?}", "{nb: Finnes?, en: Is there?}", "har has other question than"),
        ("{1: Ja, 2: Nei, 88", "{1: Ja, 2: Vel, 88", "har has other codes than in puls-2019"),
        ("    missing: [99]\n", "", "har has other missing codes than in puls-2019"),
        ("roles: [leder, rektor]", "roles: [leder]", "kjenner has other roles than in puls-2019"),
        ("codes: [1]}\n", "codes: [1, 2]}\n", "plan has other condition than in puls-2019"),
    ],
)
def test_a_question_that_is_not_the_same_is_told_in_the_later_wave(
    compendium: Compendium, old: str, new: str, message: str
) -> None:
    pulse.write_waves(compendium, 2019, 2020)
    (problem,) = told(compendium, 2020, (old, new))
    assert message in problem
    assert problem.startswith(f"- name: {message.split()[0]}")


def test_a_question_may_change_where_the_codebook_says_why(compendium: Compendium) -> None:
    pulse.write_waves(compendium, 2019, 2020)
    path = pulse.path(compendium, 2020)
    text = path.read_text(encoding="utf-8").replace("{nb: Har?, en: Has?}", "{nb: Ny, en: New}")
    why = "    changed: {nb: Spurt på nytt., en: Asked anew.}\n"
    path.write_text(text.replace("- name: har\n", f"- name: har\n{why}"), encoding="utf-8")
    assert codebook("puls-2020").questions["har"].changed is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("frame: 2021", "frame: 2020", "puls-2020 is the wave of 2020 in the series puls already"),
        ("since: [puls-2019", "since: [puls-2018", "puls-2018 is no earlier wave"),
        ("since: [puls-2019", "since: [puls-2021", "puls-2021 is no earlier wave"),
        ("of: [{variable: har", "of: [{variable: ny", "no variable «ny»"),
        ("variable: kjenner, codes: [1]}]", "variable: kjenner, codes: [3]}]", "no valid code 3"),
        ("finding: puls.bedre", "finding: puls.verre", "no finding «puls.verre»"),
        ("finding: puls.bedre", "finding: puls.som_for", "puls.som_for is answered twice"),
        (
            "har, codes: [1]}]",
            "har, codes: [1], sizes: {below: 5000}}]",
            "a size class holds other",
        ),
        ("series: puls", "series: annet", "puls-2020 is no earlier wave of the series"),
        (
            "- name: har\n",
            "- name: har\n    changed: {nb: Ny, en: New}\n",
            "har is changed, and cannot be compared",
        ),
    ],
)
def test_a_development_that_cannot_be_answered_is_told(
    compendium: Compendium, old: str, new: str, message: str
) -> None:
    pulse.write_waves(compendium, 2019, 2020, 2021)
    assert any(message in line for line in told(compendium, 2021, (old, new)))


def test_a_wave_that_did_not_ask_is_told(compendium: Compendium) -> None:
    pulse.write_waves(compendium, 2019, 2020, 2021)
    earlier = pulse.path(compendium, 2020)
    text = earlier.read_text(encoding="utf-8")
    earlier.write_text(text.replace("- name: plan\n", "- name: annen\n"), encoding="utf-8")
    with pytest.raises(InputError, match="puls-2020 does not ask plan"):
        codebook("puls-2021")


def test_the_projects_series_agrees_with_itself(compendium: Compendium) -> None:
    exports.publish(compendium)
    found = waves("imdi-kommuneundersokelsen")
    assert [book.frame for book in found] == [2019, 2020, 2021]
    assert [len(book.changes) for book in found] == [0, 0, 4]
    assert [book.answered for book in found] == [0, 302, 224]  # 0: not published


Triples = list[tuple[int, int, int]]

Pair = Callable[..., tuple[Triples, Link]]


@pytest.fixture
def linked(compendium: Compendium) -> Pair:
    """Put two waves in by unit and role, and give who is paired with whom, by their answers."""
    books = pulse.write_waves(compendium, 2019, 2020)

    def pair(
        before: dict[tuple[str, str], dict[str, object]],
        after: dict[tuple[str, str], dict[str, object]],
    ) -> tuple[Triples, Link]:
        pulse.put_in(compendium, 2019, before)
        pulse.put_in(compendium, 2020, after)
        found = link(*books)
        then = found.before.loc[found.pairs["before"], "har"]
        now = found.after.loc[found.pairs["after"], "har"]
        parts = found.pairs["parts"]
        return sorted(zip(map(int, then), map(int, now), map(int, parts), strict=True)), found

    return pair


def test_the_same_unit_is_found_under_its_new_number(
    linked: Pair,
) -> None:
    """Våler in Østfold and in Hedmark, Oslo, a district, and one that answers once each time."""
    before = pulse.heads({"0137": 1, "0426": 2, "0301": 88, "030101": 1, "0101": 2})
    after = pulse.heads({"3419": 88, "3018": 99, "0301": 1, "030101": 2, "3003": 1})
    pairs, found = linked(before, after)
    assert pairs == [(1, 2, 1), (1, 99, 1), (2, 88, 1), (88, 1, 1)]
    assert found.both == 4
    assert found.units == (437, 371, 328)


def test_another_role_of_the_same_unit_is_someone_else(
    linked: Pair,
) -> None:
    before = {("0101", "rektor"): {"kjenner": 1}, ("0104", "leder"): {"har": 1}}
    pairs, _ = linked(before, pulse.heads({"3001": 1}))
    assert pairs == []


def test_merged_units_are_paired_only_when_every_part_answered(
    linked: Pair,
) -> None:
    """Moss and Rygge to Moss; of Asker's three one is silent; Tysfjord was divided."""
    before = pulse.heads({"0104": 1, "0136": 2, "0220": 1, "0627": 1, "1850": 1, "1849": 1})
    pairs, found = linked(before, pulse.heads({"3002": 88, "3025": 1, "1875": 1}))
    assert pairs == [(1, 88, 2), (2, 88, 2)]
    assert found.both == 0
    assert not found.shared_before.any()
    assert not found.shared_after.any()


def test_who_is_of_a_unit_in_both_frames_is_told(
    linked: Pair,
) -> None:
    _, found = linked(pulse.heads({"0101": 1, "0104": 2}), pulse.heads({"3002": 1, "3003": 2}))
    assert found.shared_before.tolist() == [True, False]
    assert found.shared_after.tolist() == [False, True]


def test_unit_numbers_go_no_further(
    linked: Pair,
) -> None:
    _, found = linked(pulse.heads({"0105": 2, "0301": 1}), pulse.heads({"3003": 1, "0301": 2}))
    assert repr(found) == "Link(units=(437, 371, 328))"
    assert "unit" not in found.before
    assert "unit" not in found.after
    assert found.before["har"].tolist() == [1, 2]
    assert found.after["har"].tolist() == [1, 2]


def test_respondents_with_numbers_are_not_shown_by_accident(compendium: Compendium) -> None:
    (book,) = pulse.write_waves(compendium, 2019)
    pulse.put_in(compendium, 2019, pulse.heads({"0301": 1, "0101": 2}))
    found = identifiable(book)
    assert repr(found) == str(found) == "<2 respondents, their units withheld>"
    assert len(found) == 2
    assert not hasattr(found, "_repr_html_")
    table = found.reveal()
    assert table["unit"].tolist() == ["0101", "0301"]
    table["unit"] = ""
    assert found.reveal()["unit"].tolist() == ["0101", "0301"]
