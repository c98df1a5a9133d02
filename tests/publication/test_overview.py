"""Every finding in one picture, for pages and for print, and the same in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from kompendium.facts.vocabulary import Verdict
from kompendium.publication import fronts, overview
from kompendium.publication.overview import LEFT, RIGHT, Report

from .test_openings import entry

REPORTS = [Report("rapport", "Rapport & co"), Report("annen", "Den andre"), Report("tom", "Tom")]
ENTRIES = [
    entry(1, Verdict.REPRODUCED, published="63 prosent", value=0.631),
    entry(2, Verdict.CONTRADICTED, published="20,9 prosent", value=0.5),
    entry(3, Verdict.COMPATIBLE, published="1 av 4", low=0.0, high=0.615),
    entry(4, Verdict.UNTESTABLE, published="flertallet", run=None),
    entry(5, Verdict.UNTESTABLE, published="10 tjenester", run=None),
    entry(6, Verdict.UNTESTABLE, published="kvalitativt: ja", run=None, report="annen"),
]
TEXT = "# Om\n\nFør.\n\n::: {#fig-alle .all-findings}\nBildetekst.\n:::\n\nEtter.\n"


def drawn(markup: str) -> Any:
    """The picture of pages as a tree; the HTML is well-formed XML too."""
    return etree.fromstring(markup)


def of(tree: Any, name: str) -> list[Any]:
    return list(tree.xpath(f"//*[@class='{name}']"))


def x(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


@pytest.fixture
def tree() -> Any:
    return drawn(overview.html(REPORTS, ENTRIES, "nb"))


def test_each_finding_has_a_mark_that_says_which_it_is(tree: Any) -> None:
    titles = [one.text for one in tree.iter("{http://www.w3.org/2000/svg}title")]
    assert sorted(titles) == [f"Utsagn {number}." for number in range(1, 7)]


def test_a_strip_a_report_that_has_findings(tree: Any) -> None:
    assert [one.text for one in of(tree, "f-title")] == [
        *("Slik leses bildet", "Rapport & co", "Den andre")
    ]
    assert "5 funn" in [one.text for one in of(tree, "f-text f-soft")]


def test_a_share_is_drawn_where_it_lies(tree: Any) -> None:
    strip = tree[2]
    (ring,) = of(etree.fromstring(etree.tostring(strip)), "f-ring")
    assert float(ring.get("cx")) == pytest.approx(x(0.631), abs=0.06)
    bars = [float(one.get("x")) for one in of(etree.fromstring(etree.tostring(strip)), "f-bar")]
    assert x(0.225) == pytest.approx(min(bars[1:], key=lambda at: abs(at - x(0.225))), abs=0.1)
    (line,) = of(etree.fromstring(etree.tostring(strip)), "f-bounds")
    ends = re.findall(r"M([\d.]+) [\d.-]+v", line.get("d"))
    assert [float(one) for one in ends] == pytest.approx([x(0.0), x(0.615)], abs=0.06)
    (cross,) = of(etree.fromstring(etree.tostring(strip)), "f-cross")
    assert float(re.findall(r"M([\d.]+)", cross.get("d"))[0]) == pytest.approx(
        x(0.5) - 2.8, abs=0.1
    )


def test_the_verdict_is_told_by_sign_and_word_besides_colour(tree: Any) -> None:
    labels = [one.text for one in of(tree, "f-text f-label")]
    assert labels == [
        *("1 motsagt", "1 reprodusert", "1 forenlig", "2 ikke testbar", "1 ikke testbar")
    ]
    named = {one.get("id") for one in tree.iter("{http://www.w3.org/2000/svg}g") if one.get("id")}
    named |= {one.get("id") for one in tree.iter("g") if one.get("id")}
    used = {one.get("href") for one in tree.iter("{*}use")}
    assert used <= {f"#{name}" for name in named}


def test_the_picture_is_told_in_words() -> None:
    told = overview.described(REPORTS, ENTRIES, "nb")
    assert told == (
        "Ett merke for hvert av 6 funn, i en stripe for hver rapport. Rapport & co: 1 motsagt, "
        "1 reprodusert, 1 forenlig, 2 ikke testbar. Den andre: 1 ikke testbar."
    )
    assert "1 untestable" in overview.described(REPORTS, ENTRIES, "en")


def test_other_formats_get_one_picture_at_twice_the_size() -> None:
    source = overview.svg(REPORTS, ENTRIES, "nb")
    width = float(etree.fromstring(source).get("width"))
    png = overview.picture(source, "Bildet")
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == pytest.approx(2 * width, abs=2)
    assert overview.picture(source, "Bildet") == png


def test_a_text_gets_it_where_it_asks(tmp_path: Path) -> None:
    media = tmp_path / "media"
    text = fronts.with_picture(TEXT, REPORTS, ENTRIES, "nb", media)
    assert "::: {#fig-alle}\n" in text
    assert text.index('role="img"') < text.index("![](media/all-findings.png)")
    assert text.index("![](media") < text.index("Bildetekst.") < text.index("Etter.")
    assert (media / "all-findings.png").is_file()


def test_pages_alone_need_no_file() -> None:
    assert "![" not in fronts.with_picture(TEXT, REPORTS, ENTRIES, "nb", None)


def test_without_a_register_the_text_stands_as_it_is() -> None:
    assert fronts.with_picture(TEXT, REPORTS, [], "nb", None) == TEXT
    assert fronts.with_picture("Ingen.", REPORTS, ENTRIES, "nb", None) == "Ingen."


def test_reports_are_named_in_the_books_language_and_by_id_where_nobody_named_them() -> None:
    variables = {"rapporter": [{"id": "annen", "nb": "Annen", "en": "Other"}]}
    found = fronts.reports(variables, ENTRIES, "en-GB")
    assert found == [Report("annen", "Other"), Report("rapport", "rapport")]
