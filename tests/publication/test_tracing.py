"""A digit that is another than the one recorded is found, wherever a finding is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from kompendium.facts.paths import Compendium
from kompendium.publication import PublicationError, pandoc, publish
from kompendium.publication.ledger import Ledger
from kompendium.publication.tracing import finding_problems
from kompendium.register import MIME, badge
from kompendium.register.collection import Entry

from .conftest import Sample, code, entry, shown

FINDINGS = """\
report:
  id: prove
  title: {nb: Prøverapport, en: Trial report}
  short: {nb: Prøve 2020, en: Trial 2020}
  producer: Ingen
  published: "2020"
  url: https://example.org/rapport
  source: test
findings:
  - id: prove.svar
    statement: {nb: "276 enheter svarte.", en: "276 units answered."}
    quantity: 63 prosent
    base: {nb: enheter, en: units}
    expected: reproduced
  - id: prove.sertifisert
    statement: {nb: "8 av 10 har sertifiserte.", en: "8 in 10 have certified staff."}
    quantity: 8 av 10
    base: {nb: enheter, en: units}
    expected: untestable
    needs: {nb: "Svar i 2021.", en: "Answers in 2021."}
"""
ENTRIES = (
    entry(
        "prove.svar",
        statement="276 enheter svarte.",
        statement_en="276 units answered.",
        reason="437 ble spurt.",
        run="alfa",
    ),
    entry(
        "prove.sertifisert",
        statement="8 av 10 har sertifiserte.",
        statement_en="8 in 10 have certified staff.",
        published="8 av 10",
        region="[75; 85) %",
        value=None,
        computed="–",
        evidence=None,
        verdict="untestable",
        expected="untestable",
        needs="Svar i 2021.",
    ),
)
REPRODUCED, UNTESTABLE = (badge(Entry.model_validate(one).verdict) for one in ENTRIES)
HEAD = "<tr><th>Funn</th><th>Publisert</th><th>Beregnet</th><th>Dom</th></tr>"
ROW = f"<td>276 enheter svarte.</td><td>63 prosent</td><td>63,2 %</td><td>{REPRODUCED}</td>"
LISTED = (
    f'<li><span id="funn-prove-svar"></span>276 enheter svarte. {REPRODUCED} '
    "<small>437 ble spurt.</small> 63 prosent [62,5; 63,5) % 63,2 %</li>"
    '<li><span id="funn-prove-sertifisert"></span>8 av 10 har sertifiserte. Svar i 2021.</li>'
)


@pytest.fixture
def compendium(tmp_path: Path) -> Compendium:
    made = Compendium(tmp_path)
    made.findings.mkdir(parents=True)
    made.executed.mkdir(parents=True)
    (made.findings / "prove.yml").write_text(FINDINGS, encoding="utf-8")
    made.results.write_text(json.dumps(ENTRIES), encoding="utf-8")
    return made


@pytest.fixture
def problems(compendium: Compendium) -> Callable[..., list[str]]:
    """What is wrong with the numbers of a page with this content."""

    def read(content: str, stem: str = "alfa", lang: str = "nb", *results: object) -> list[str]:
        notebook = compendium.executed / "alfa.ipynb"
        outputs = [{"data": {MIME: one}} for one in results]
        notebook.write_text(json.dumps({"cells": [{"outputs": outputs}]}), encoding="utf-8")
        page = html.document_fromstring(f"<main>{content}</main>")
        body = page.xpath("//main")[0]
        return list(finding_problems(body, stem, Ledger(compendium, lang), notebook))

    return read


Problems = Callable[..., list[str]]


def table(row: str) -> str:
    return f"<table><thead>{HEAD}</thead><tbody><tr>{row}</tr></tbody></table>"


def test_what_is_recorded_may_be_shown(problems: Problems) -> None:
    assert problems(table(ROW)) == []
    assert problems(f"<ul>{LISTED}</ul>", "funnregister") == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("276", "277"),
        ("63 prosent", "64 prosent"),
        ("63,2", "63,3"),
        ("63,2", "62,5"),
        ("63,2 %", "–"),
        ("63,2 %", "63 prosent"),
        ("✓ reprodusert", "✗ motsagt"),
        ("enheter svarte.", "enheter svarte i 2020 og 1999."),
    ],
)
def test_a_row_that_says_something_else_is_found(
    problems: Problems, right: str, wrong: str
) -> None:
    assert right in ROW
    assert problems(table(ROW.replace(right, wrong)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("276", "726"),
        ("437", "473"),
        ("62,5", "62,6"),
        ("63,5", "63,4"),
        ("63,2", "63,1"),
        ("63 prosent", "6 prosent"),
        ("8 av", "9 av"),
        ("2021", "2012"),
        ("✓ reprodusert", "≈ forenlig"),
        ("funn-prove-svar", "funn-prove-annet"),
        ("funn-prove-svar", "funn-prove-sertifisert"),
    ],
)
def test_the_register_page_that_says_something_else_is_found(
    problems: Problems, right: str, wrong: str
) -> None:
    assert right in LISTED
    assert problems(f"<ul>{LISTED.replace(right, wrong)}</ul>", "funnregister")


def test_every_finding_stands_on_the_register_page(problems: Problems) -> None:
    first = LISTED.partition("<li>")[2].partition("</li>")[0]
    told = problems(f"<ul><li>{first}</li></ul>", "funnregister")
    assert told == ["the finding prove.sertifisert has no address here"]
    assert problems(f"<ul><li>{first}</li></ul>", "alfa") == []


def test_an_address_stands_once(problems: Problems) -> None:
    assert problems(f"<ul>{LISTED}{LISTED}</ul>", "funnregister") == [
        "funn-prove-svar stands there more than once",
        "funn-prove-sertifisert stands there more than once",
    ]


OPENING = (
    '<div class="chapter-findings"><p>Funn '
    '<span class="dom dom-reprodusert">✓ 1 reprodusert</span></p><ul>'
    f'<li>{REPRODUCED} <a href="#funn-prove-svar">276 enheter svarte.</a></li></ul>'
    "<details><summary>1 funn til</summary><ul><li>…</li></ul></details></div>"
)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("✓ 1 reprodusert", "✓ 1 reprodusert", None),
        ("✓ 1 reprodusert", "✓ 2 reprodusert", "numbers of no finding: Funn ✓ 2 reprodusert"),
        ("1 funn til", "3 funn til", "numbers of no finding: 3 funn til"),
        ("276", "275", "numbers of no finding"),
        ("#funn-prove-svar", "#funn-prove-sertifisert", "a link leads to another finding"),
        ("✓ reprodusert", "? ikke testbar", "recorded is 63,2 %, reprodusert; shown is ?"),
    ],
)
def test_the_list_that_opens_a_chapter(
    problems: Problems, right: str, wrong: str, told: str | None
) -> None:
    found = problems(OPENING.replace(right, wrong))
    assert found == [] if told is None else any(told in one for one in found), found


def test_a_count_beside_a_verdict_is_the_registers(problems: Problems) -> None:
    row = f"<tr><td>{UNTESTABLE}</td><td>Krever svar</td><td>1</td></tr>"
    assert problems(f"<table>{row}</table>") == []
    assert problems(f"<table>{row.replace('>1<', '>2<')}</table>")


def test_numbers_of_figures_and_chapters_are_the_publishers(problems: Problems) -> None:
    row = ROW.replace("svarte.", 'svarte. Se <a class="xref" href="#a">Figur 7.4</a>')
    assert problems(table(row.replace("svarte. Se", "svarte. <i></i>Se"))) == []


PICTURE = (
    '<div class="all-findings" role="img" aria-label="Merker for 2 funn. Prøve 2020: '
    '1 reprodusert, 1 ikke testbar."><svg><text class="f-soft">2 funn</text>'
    '<text class="f-label">1 reprodusert</text><title>276 enheter svarte.</title>'
    '<text class="f-label">1 ikke testbar</text><title>8 av 10 har sertifiserte.</title>'
    "</svg></div>"
)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("276", "277", "prove.svar: the picture does not name it once"),
        (">1 reprodusert", ">2 reprodusert", "the picture draws other numbers than the register"),
        (" 1 ikke testbar.", " 3 ikke testbar.", "the picture says other numbers"),
        (">2 funn", ">3 funn", "the picture tells another number of findings: 3 funn"),
        ("for 2 funn", "for 9 funn", "the picture says another number of findings"),
    ],
)
def test_the_picture_of_all_findings_tells_of_the_register(
    problems: Problems, right: str, wrong: str, told: str
) -> None:
    assert problems(PICTURE) == []
    assert right in PICTURE
    (found,) = problems(PICTURE.replace(right, wrong))
    assert told in found


ILLUSTRATED = {"prove.svar": {"evidence": "illustration", "value": 0.6}}


def test_an_illustration_of_the_chapter_is_shown_as_one(problems: Problems) -> None:
    drawn = ROW.replace("63,2", "60,0").replace(REPRODUCED, "illustrasjon")
    assert problems(table(drawn), "alfa", "nb", ILLUSTRATED) == []
    assert problems(table(drawn), "alfa", "nb")
    # Its value does not come with the verdict of another result.
    judged = drawn.replace("illustrasjon", REPRODUCED)
    assert problems(table(judged), "alfa", "nb", ILLUSTRATED)


def test_the_english_page_has_english_numbers(problems: Problems) -> None:
    mark = badge(Entry.model_validate(ENTRIES[0]).verdict, "en")
    row = f"<td>276 units answered.</td><td>63 prosent</td><td>63.2%</td><td>{mark}</td>"
    head = "<tr><th>Finding</th><th>Published</th><th>Computed</th><th>Verdict</th></tr>"
    page = f"<table><thead>{head}</thead><tbody><tr>{row}</tr></tbody></table>"
    assert problems(page, "alfa", "en") == []
    assert problems(page.replace("63.2", "62.3"), "alfa", "en")


def test_without_a_register_no_finding_can_be_shown(compendium: Compendium) -> None:
    compendium.results.unlink()
    page = html.document_fromstring(f"<main>{table(ROW)}</main>")
    assert list(finding_problems(page, "alfa", Ledger(compendium)))


def test_a_digit_that_changed_while_rendering_stops_the_book(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = entry("prove.a")
    text = (
        "| Funn | Publisert | Beregnet | Dom |\n|:--|:--|--:|:--|\n"
        f"| {one['statement']} | 63 prosent | 63,2\u00a0% | {REPRODUCED} |\n"
    )
    result = {"prove.a": {"evidence": "register", "value": 0.632}}
    data = {"text/markdown": text, MIME: result}
    sample.add(code("#| echo: false\nrecord(...)", {**shown(), "data": data}))
    front = publish(sample.compendium, "pandoc")
    before = front.read_bytes()
    render = pandoc.render

    def careless(*given: object) -> object:
        told = render(*given)  # type: ignore[arg-type]
        page = given[0].rendered / "beta.html"  # type: ignore[attr-defined]
        bent = page.read_text(encoding="utf-8").replace("63,2\u00a0%", "63,3\u00a0%")
        page.write_text(bent, encoding="utf-8")
        return told

    monkeypatch.setattr(pandoc, "render", careless)
    with pytest.raises(PublicationError) as caught:
        publish(sample.compendium, "pandoc")
    told = "\n".join(map(str, caught.value.problems))
    assert "beta.html: prove.a: recorded is 63,2 %, reprodusert; shown is 63,3 %" in told
    assert "the notebook made the numbers «63 63 63 2», the page shows «63 63 63 3»" in told
    assert front.read_bytes() == before
