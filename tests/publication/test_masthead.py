"""What a page says of itself: editions, languages and metadata, as HTML for both publishers."""

import json
from dataclasses import dataclass
from pathlib import Path

from lxml import html

from kompendium.facts.paths import Compendium
from kompendium.publication.book import Book, Chapter, Edition, Language, Metadata
from kompendium.publication.configuration import Configuration
from kompendium.publication.masthead import bar, foot, head

CONFIGURATION = Configuration.model_validate({"book": {"title": "Bok", "chapters": ["index.md"]}})
CHAPTER = Chapter("index.md", Path("index.md"))


@dataclass(frozen=True)
class Dressed(Book):
    """A book that has all a page can say."""

    @property
    def shelf(self) -> str:
        return "../editions/"

    @property
    def editions(self) -> tuple[Edition, ...]:
        return (Edition("Arbeidsutgave", "index.html", True), Edition("Alle & en", "../e/x.html"))

    def languages(self, chapter: Chapter) -> tuple[Language, ...]:
        return (Language("en", "English", f"en/{chapter.stem}.html"),)

    def metadata(self, chapter: Chapter) -> Metadata:
        data = json.dumps({"name": "a</script><b>"})
        return Metadata((("dc.title", 'En "tittel"'), ("og:title", "Bok")), data)


def book(root: Path) -> Dressed:
    return Dressed(Compendium(root), CONFIGURATION)


def test_the_selector_names_this_edition_and_leads_to_the_others(tmp_path: Path) -> None:
    editions, languages = html.fragments_fromstring(bar(book(tmp_path), CHAPTER))
    assert editions.get("aria-label") == "Utgaver"
    assert editions.findtext(".//summary") == "Arbeidsutgave"
    assert [(one.text, one.get("href")) for one in editions.iter("a")] == [
        ("Alle & en", "../e/x.html")
    ]
    (link,) = languages.iter("a")
    assert (link.text, link.get("href"), link.get("lang")) == ("English", "en/index.html", "en")


def test_the_head_tells_machines_and_nothing_in_it_can_run(tmp_path: Path) -> None:
    text = head(book(tmp_path), CHAPTER)
    document = html.document_fromstring(f"<html><head>{text}</head><body></body></html>")
    assert document.xpath("//link[@hreflang='en']/@href") == ["en/index.html"]
    assert document.xpath("//meta[@name='dc.title']/@content") == ['En "tittel"']
    assert document.xpath("//meta[@property='og:title']/@content") == ["Bok"]
    (data,) = document.xpath("//script")
    assert data.get("type") == "application/ld+json"
    assert json.loads(data.text) == {"name": "a</script><b>"}


def test_a_page_runs_its_own_scripts_and_the_one_beside_the_editions(tmp_path: Path) -> None:
    scripts = html.fragments_fromstring(foot(book(tmp_path), ["tables.js"]))
    assert [one.get("src") for one in scripts] == ["site/tables.js", "../editions/editions.js"]


def test_a_plain_book_says_nothing(tmp_path: Path) -> None:
    plain = Book(Compendium(tmp_path), CONFIGURATION)
    assert bar(plain, CHAPTER) == ""
    assert foot(plain, []) == ""
