"""Chapters that the publisher writes itself stand in the book like every other."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from lxml import html

from kompendium.facts.language import Language
from kompendium.publication import PublicationError, publish
from kompendium.publication.accessibility import NARROW, WIDE
from kompendium.publication.book import Book
from kompendium.publication.checks import Numbers
from kompendium.publication.pages import PAGES, write
from kompendium.publication.staging import Stage

from .browser import NARROW as NARROW_TESTED
from .browser import WIDE as WIDE_TESTED
from .conftest import Sample
from .registered import configure, register


def with_pages(sample: Sample, *names: str) -> Sample:
    lines = "".join(f"    - outputs/pages/{name}.md\n" for name in names)
    configure(sample, "    - references.md\n", f"{lines}    - references.md\n")
    return sample


def page(sample: Sample, name: str) -> Any:
    path = sample.compendium.publication / f"{name}.html"
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture
def whole(sample: Sample) -> Sample:
    return with_pages(register(sample), *PAGES)


def test_pages_are_written_where_the_configuration_names_them(whole: Sample) -> None:
    publish(whole.compendium, "pandoc")
    assert {path.name for path in whole.compendium.pages.glob("*.md")} == {
        "endringer.md",
        "tilgjengelighet.md",
    }
    menu = [words(one) for one in page(whole, "endringer").xpath("//nav[@class='sidebar']//a")]
    assert menu[-3:] == ["Endringer", "Tilgjengelighet", "Referanser"]
    assert "ikke utgitt ennå" in words(page(whole, "endringer").xpath("//main")[0])


def test_a_book_that_names_no_such_page_gets_none(sample: Sample) -> None:
    write(Book.read(sample.compendium))
    assert not list(sample.compendium.pages.glob("*.md"))


def test_an_unknown_page_is_refused_with_those_there_are(sample: Sample) -> None:
    with pytest.raises(PublicationError, match="endringer, tilgjengelighet"):
        publish(with_pages(sample, "annet").compendium, "pandoc")


def test_the_accessibility_statement_counts_what_is_there(whole: Sample) -> None:
    publish(whole.compendium, "pandoc")
    text = words(page(whole, "tilgjengelighet").xpath("//main")[0])
    assert "leses alle de 7 sidene av et program" in text
    assert "Nå er det 3 figurer og 1 tabeller" in text
    assert "WCAG 2.1" in text
    links = page(whole, "tilgjengelighet").xpath("//main//a/@href")
    assert "mailto:kari@example.org" in links


def test_without_a_contact_the_statement_says_so(sample: Sample) -> None:
    publish(with_pages(sample, "tilgjengelighet").compendium, "pandoc")
    assert "ikke oppgitt en egen adresse" in words(page(sample, "tilgjengelighet"))


def test_the_statement_is_there_in_english(whole: Sample) -> None:
    configure(whole, "lang: nb", "lang: en")
    write(Book.read(whole.compendium))
    text = (whole.compendium.pages / "tilgjengelighet.md").read_text(encoding="utf-8")
    assert text.startswith("# Accessibility {#sec-tilgjengelighet")
    assert "Write to [Kari Hansen](mailto:kari@example.org)" in text


def test_the_statement_names_the_widths_that_are_tested() -> None:
    assert (WIDE, NARROW) == (WIDE_TESTED, NARROW_TESTED)


def test_such_a_page_tells_of_other_registers_in_every_language(whole: Sample) -> None:
    book = Book.read(whole.compendium)
    front, own = (one for one in book.chapters if one.stem in ("index", "endringer"))
    place = whole.compendium.translations(Language.ENGLISH) / own.path.name
    translated = replace(own, path=place, named=own.stem, original=own.path)
    body = html.fromstring("<main><p><span class='dom'>✗ contradicted</span> 999</p></main>")
    held = SimpleNamespace(compendium=whole.compendium, configuration=book.configuration)
    for page_written in (own, translated):
        held.chapters = [front, page_written]
        numbers = Numbers(cast(Stage, SimpleNamespace(book=held)))
        assert not list(numbers(body, "endringer.html"))
        assert any("numbers of no finding" in one for one in numbers(body, "index.html"))
