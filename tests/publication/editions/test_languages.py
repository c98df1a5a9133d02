"""An edition holds the book in every language it is there in, each in a folder of its own."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from kompendium.engine import plan, statuses
from kompendium.facts import Compendium
from kompendium.publication import Book
from kompendium.publication.editions import freezing, manifest, shelf
from kompendium.publication.editions.conditions import Candidate, Wish, refuse
from kompendium.publication.editions.identity import Identity
from kompendium.publication.editions.verification import verify
from kompendium.register import current

from .conftest import Project


class English(Book):
    """The front page alone, in English."""

    @property
    def place(self) -> Path:
        return super().place / "en"


def both(compendium: Compendium, identity: Identity) -> list[Book]:
    book = Book.read(compendium, identity)
    titles = book.configuration.book.model_copy(update={"chapters": ["index.md"]})
    configuration = book.configuration.model_copy(update={"lang": "en", "book": titles})
    return [book, English(compendium, configuration, edition=identity)]


@pytest.fixture
def bilingual(project: Project, monkeypatch: pytest.MonkeyPatch) -> Compendium:
    monkeypatch.setenv("KOMPENDIUM_ROOT", str(project.root))
    monkeypatch.setattr(freezing, "books", both)
    project.write("index.md", "# Om boka {.unnumbered}\n\nEn tekst.\n")
    project.commit()
    compendium = project.compendium
    candidate = Candidate(compendium, statuses(plan(compendium), compendium), current(compendium))
    wish = Wish("2026.1", "2026-01-02", "Nytt.", "News.")
    refuse(wish, candidate, None, date(2026, 1, 2))
    freezing.freeze(candidate, wish, "pandoc")
    shelf.arrange(compendium)
    return compendium


def test_the_translation_lies_in_its_folder_and_leads_to_the_same_shelf(
    bilingual: Compendium,
) -> None:
    folder = bilingual.editions / "2026.1"
    told = manifest.read(folder)
    assert told
    assert {lang: one.folder for lang, one in told.books.items()} == {"nb": "", "en": "en"}
    assert {"en/index.html", "en/prove.pdf", "en/prove.docx"} <= set(manifest.contents(folder))
    assert verify(bilingual, "2026.1").findings == ()
    page = html.document_fromstring((folder / "en" / "index.html").read_text(encoding="utf-8"))
    (slot,) = page.xpath("//details[@data-editions]")
    assert (slot.get("data-editions"), slot.get("data-number")) == ("../../", "2026.1")
    assert slot.findtext("summary") == "Edition 2026.1, 2 January 2026"
    (link,) = slot.iter("a")
    assert (folder / "en" / str(link.get("href"))).resolve() == bilingual.editions / "index.html"


def test_a_page_leads_to_the_same_page_in_the_other_language_and_back(
    bilingual: Compendium,
) -> None:
    folder = bilingual.editions / "2026.1"
    for name, lang, address in (
        ("index.html", "en", "en/index.html"),
        ("en/index.html", "nb", "../index.html"),
    ):
        page = html.document_fromstring((folder / name).read_text(encoding="utf-8"))
        (link,) = page.xpath("//nav[@class='languages']/a")
        assert (link.get("lang"), link.get("hreflang"), link.get("href")) == (lang, lang, address)
        assert page.xpath(f"//head/link[@rel='alternate'][@hreflang='{lang}']/@href") == [address]
        there = html.document_fromstring(
            ((folder / name).parent / address).read_text(encoding="utf-8")
        )
        assert there.get("lang") == lang


def test_a_page_that_one_language_alone_has_leads_to_no_other(bilingual: Compendium) -> None:
    path = bilingual.editions / "2026.1" / "kapittel.html"
    page = html.document_fromstring(path.read_text(encoding="utf-8"))
    assert page.xpath("//nav[@class='languages'] | //link[@hreflang]") == []


def test_selector_list_and_latest_know_both_languages(bilingual: Compendium) -> None:
    script = (bilingual.editions / "editions.js").read_text(encoding="utf-8")
    assert re.search(r'"en":\{"folder":"en","pages":\["index.html"\]\}', script)
    assert '"en":"2 January 2026"' in script
    index = (bilingual.editions / "index.html").read_text(encoding="utf-8")
    assert '<a href="2026.1/en/index.html" hreflang="en" lang="en">In English</a>' in index
    assert '<div lang="en">\n<p>News.</p>' in index
    leading = bilingual.editions / "latest" / "en" / "index.html"
    assert 'href="../../2026.1/en/index.html"' in leading.read_text(encoding="utf-8")
