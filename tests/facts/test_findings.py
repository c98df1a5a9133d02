"""The files of ``data/findings``: what they hold, and what is told of a mistake in one."""

import re

import pytest

from kompendium.facts import Compendium, Verdict, findings, reports
from kompendium.facts.documents import InputError
from kompendium.facts.findings import load_reports
from tests.conftest import ROOT

PUBLISHED = load_reports(ROOT / "data" / "findings")
ALL = {one.id: one for file in PUBLISHED for one in file.findings}


def test_all_five_sources_and_the_context_series_are_there() -> None:
    sources = {file.report.source for file in PUBLISHED if not file.report.context}
    assert sources == {f"page-{number}" for number in range(1, 6)}
    assert any(file.report.context for file in PUBLISHED)


@pytest.mark.parametrize("number", range(24, 35))
def test_each_measure_has_a_status_and_a_ministry(number: int) -> None:
    own = [one for one in ALL.values() if one.measure == number]
    assert any(one.published.startswith("status:") for one in own)
    assert any(one.ministry and one.ministry in one.published for one in own)


PRINTED = {
    "ramboll-2020": "63 prosent|20 kommuner|10 kommuner|5 kommuner|8 av 10|2 av 3|mange"
    "|i større grad",
    "casestudier-2018": "5 kommuner|1 kommune",
    "foreldrestottestrategi": "10 tjenester|10 kommuner|4 klynger|1 mill. kroner|år 2017|år 2024"
    "|status: ferdig|status: i rute|status: forsinket|status: ikke påbegynt",
    "imdi-2021": "60 prosent|4 av 10|87 prosent|1 av 4|rett under halvparten|rundt 2 av 3"
    "|rett over halvparten|rundt 1 av 4|1 av 5|9 av 10|7 av 10|6 av 10|35 prosent|64 prosent"
    "|17 prosent|26 prosent|48 prosent|nesten dobbelt så mange|12 prosent|rundt 1 av 5"
    "|18 prosent|70 prosent|rundt 1 av 3|rundt 1 av 6|11 prosent|39 prosent|få|majoriteten",
    "bufdir-foreldrestotte": "godt over 200 kommuner|3 faser|3 nivåer|år 2014",
    "imdi-kommuneundersokelser": "76 prosent|84 prosent|58 prosent|8 av 10|7 av 10|5 av 10",
    "dsb-kommuneundersokelser": "95 prosent|90 prosent|22,5 prosent|29,6 prosent|20,9 prosent"
    "|13,0 prosent|10,2 prosent|3,8 prosent|98 prosent|88 prosent|79 prosent|74 prosent",
    "tolkemonitor": "48 prosent|om lag 60 prosent|66 prosent|70 prosent|12 prosent|41 prosent"
    "|47 prosent|15 prosent|52 prosent|33 prosent",
}
"""What each source prints, read off the sources independently of the findings."""


@pytest.mark.parametrize(
    ("report", "wording"),
    [(report, wording) for report, text in PRINTED.items() for wording in text.split("|")],
)
def test_every_printed_figure_is_a_finding(report: str, wording: str) -> None:
    assert wording in {one.published for one in ALL.values() if one.report == report}


def test_one_in_four_is_printed_of_four_different_things() -> None:
    own = [one for one in ALL.values() if one.report == "imdi-2021"]
    assert sum(one.published == "1 av 4" for one in own) == 3  # plans, cooperation, interpreters
    assert sum(one.published == "rundt 1 av 4" for one in own) == 1  # leave and time of day


def test_statements_do_not_repeat_each_other() -> None:
    statements = [one.statement.nb for one in ALL.values()]
    assert len(set(statements)) == len(statements)


def test_findings_that_count_others_name_ones_that_exist() -> None:
    named = [name for one in ALL.values() for name in one.given.get("findings", ())]
    assert named
    assert set(named) <= set(ALL)


def test_what_only_our_transcription_can_test_is_marked_and_explained() -> None:
    """A name or a count read off the page: reproducing it shows no more than care."""
    own = [one for one in ALL.values() if one.transcribed]
    assert all(one.reason and one.expected is Verdict.REPRODUCED for one in own)
    assert {one.report for one in own} == {
        "bufdir-foreldrestotte",
        "casestudier-2018",
        "foreldrestottestrategi",
    }


def test_anchors_are_unique_and_safe_in_addresses() -> None:
    anchors = [one.anchor for one in ALL.values()]
    assert len(set(anchors)) == len(anchors)
    assert all(re.fullmatch(r"funn-[a-z0-9-]+", anchor) for anchor in anchors)


def test_norwegian_numbers_have_hard_spaces_before_percent() -> None:
    for one in ALL.values():
        texts = [one.statement.nb, *(text.nb for text in (one.reason, one.needs) if text)]
        assert not any(re.search(r"\d (%|prosent)", text) for text in texts), one.id


def test_findings_of_a_report_in_their_order(compendium: Compendium) -> None:
    assert list(findings("prove")) == ["prove.svar", "prove.sertifisert"]
    assert list(reports()) == ["prove"]
    with pytest.raises(KeyError, match="ukjent"):
        findings("ukjent")


def test_all_mistakes_are_told_at_once_with_lines(compendium: Compendium) -> None:
    path = compendium.findings / "prove.yml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("63 prosent\n", "omtrent en del\n").replace(
        "expected: untestable", "expected: sikker"
    )
    path.write_text(text + "    frme: 2019\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_reports(compendium.findings)
    told = {(problem.line, problem.message.split(":")[0]) for problem in caught.value.problems}
    lines = text.splitlines()
    assert {
        (1 + lines.index("    quantity: omtrent en del"), "findings.0.quantity"),
        (1 + lines.index("    expected: sikker"), "findings.1.expected"),
        (1 + len(lines), "findings.1.frme"),
    } <= told


def test_an_id_used_twice_is_refused(compendium: Compendium) -> None:
    path = compendium.findings / "prove.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("prove.sertifisert", "prove.svar"), encoding="utf-8")
    with pytest.raises(InputError, match=r"prove\.svar stands in prove\.yml already"):
        load_reports(compendium.findings)


@pytest.mark.parametrize("verdict", [Verdict.CONTRADICTED, Verdict.UNTESTABLE])
def test_a_verdict_that_needs_words_is_refused_without(
    compendium: Compendium, verdict: Verdict
) -> None:
    path = compendium.findings / "prove.yml"
    text = path.read_text(encoding="utf-8").replace("expected: reproduced", f"expected: {verdict}")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="finding"):
        load_reports(compendium.findings)
