"""What pages tell machines: the terms in their heads, JSON-LD, the site map and the card."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html
from matplotlib import rc_context
from PIL import Image

from kompendium.publication import card, publish
from kompendium.publication.book import Book, Metadata
from kompendium.publication.citing import address_of
from kompendium.publication.editions.identity import Identity, Number
from kompendium.publication.metadata import attachments, licence_address, metadata, sitemap

from .conftest import Sample
from .registered import configure, register

SITE = "https://example.org/bok"
RELEASED = Identity(Number(2026, 1), date(2026, 11, 2))


@pytest.fixture
def registered(sample: Sample) -> Sample:
    return register(sample)


@pytest.fixture
def sited(registered: Sample) -> Sample:
    configure(registered, "  title: Prøveboka", f"  title: Prøveboka\n  site-url: {SITE}")
    return registered


def of(sample: Sample, stem: str, edition: Identity | None = None) -> Metadata:
    book = Book.read(sample.compendium, edition)
    return metadata(book, next(one for one in book.chapters if one.stem == stem))


def graph(told: Metadata) -> list[dict[str, Any]]:
    document = json.loads(told.linked_data)
    assert document["@context"] == "https://schema.org"
    return list(document["@graph"])


def kinds(nodes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {node["@type"]: node for node in nodes}


def test_a_chapter_is_described_in_every_vocabulary(registered: Sample) -> None:
    told = dict(of(registered, "alfa").terms)
    assert told["DC.title"] == told["citation_title"] == told["og:title"] == "Alfa"
    assert told["DC.creator"] == "Redaksjonen"
    assert told["DC.language"] == "nb"
    assert told["DCTERMS.isPartOf"] == "Prøveboka: En undertittel"
    assert told["citation_inbook_title"] == "Prøveboka: En undertittel"
    assert (told["og:type"], told["og:locale"]) == ("article", "nb_NO")
    assert told["twitter:card"] == "summary_large_image"
    assert told["description"].startswith("Innledning")


def test_what_nobody_knows_is_not_told(registered: Sample) -> None:
    told = of(registered, "alfa")
    named = dict(told.terms)
    assert {"og:url", "citation_public_url", "DC.identifier", "DC.date"}.isdisjoint(named)
    assert named["DCTERMS.hasVersion"] == "Arbeidsutgave"
    assert "canonical" not in dict(told.links)
    assert all(named.values())


def test_an_edition_tells_its_number_date_and_address(sited: Sample) -> None:
    told = of(sited, "alfa", RELEASED)
    named, page = dict(told.terms), "https://example.org/editions/2026.1/alfa.html"
    assert named["DC.date"] == "2026-11-02"
    assert named["citation_publication_date"] == "2026/11/02"
    assert named["DCTERMS.hasVersion"] == "2026.1"
    assert named["DC.identifier"] == named["og:url"] == dict(told.links)["canonical"] == page
    assert named["og:image"] == "https://example.org/editions/2026.1/social-card.png"


def test_the_front_page_stands_for_the_book(sited: Sample) -> None:
    told = of(sited, "index")
    assert dict(told.links)["canonical"] == f"{SITE}/"
    assert dict(told.terms)["og:title"] == "Prøveboka: En undertittel"
    assert dict(told.terms)["og:type"] == "book"
    assert dict(told.terms)["description"] == "En undertittel"


def test_linked_data_of_the_front_page_has_book_and_data_set(registered: Sample) -> None:
    found = kinds(graph(of(registered, "index")))
    book, data = found["Book"], found["Dataset"]
    assert [part["@id"] for part in book["hasPart"]] == [
        "alfa.html",
        "beta.html",
        "funnregister.html",
        "references.html",
    ]
    assert [part["position"] for part in book["hasPart"]] == [1, 2, 3, 4]
    assert book["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert book["author"] == [{"@type": "Organization", "name": "Redaksjonen"}]
    assert data["isPartOf"] == {"@id": book["@id"]}
    assert data["temporalCoverage"] == "2019/2021"
    assert data["spatialCoverage"]["identifier"] == "NO"
    assert {one["name"] for one in data["variableMeasured"]} >= {"value", "verdict", "published"}
    assert all(one["description"] for one in data["variableMeasured"])
    assert {one["contentUrl"] for one in data["distribution"]} == {"findings.csv", "findings.json"}
    # What a search for data sets asks for: a description of 50 to 5000 signs, a licence, a name.
    assert 50 <= len(data["description"]) <= 5000
    assert data["description"].startswith("2 publiserte utsagn fra 1 ")
    assert data["name"]
    assert data["license"]


def test_linked_data_of_a_chapter_names_its_book_and_its_reports(registered: Sample) -> None:
    (article,) = graph(of(registered, "alfa"))
    assert article["@type"] == "ScholarlyArticle"
    assert article["isPartOf"]["@id"] == kinds(graph(of(registered, "index")))["Book"]["@id"]
    assert article["isBasedOn"] == [
        {
            "@type": "Report",
            "name": "Prøverapport",
            "url": "https://example.org/rapport",
            "publisher": {"@type": "Organization", "name": "Ingen"},
            "datePublished": "2019–2021",
        }
    ]
    (listed,) = graph(of(registered, "funnregister"))
    assert listed["mainEntity"]["@id"] == kinds(graph(of(registered, "index")))["Dataset"]["@id"]
    (other,) = graph(of(registered, "references"))
    assert other["@type"] == "WebPage"


def test_every_address_of_linked_data_leads_to_a_page(sited: Sample) -> None:
    """Absolute where the site is known, and each ``@id`` that is named is told of somewhere."""
    book = Book.read(sited.compendium)
    nodes = [node for one in book.chapters for node in graph(of(sited, one.stem))]
    told = {node["@id"] for node in nodes}
    named = {one["@id"] for node in nodes for one in (node.get("isPartOf"), node.get("mainEntity"))
             if one}  # fmt: skip
    assert named <= told
    assert all(one.startswith(f"{SITE}/") for one in told)


def test_a_person_is_told_from_an_organisation(registered: Sample) -> None:
    configure(registered, "author: Redaksjonen", "author: Kari Hansen")
    (article,) = graph(of(registered, "alfa"))
    assert article["author"] == [{"@type": "Person", "familyName": "Hansen", "givenName": "Kari"}]


def test_a_site_map_lists_every_page_where_the_site_is_known(sited: Sample) -> None:
    book = Book.read(sited.compendium, RELEASED)
    root: Any = etree.fromstring(sitemap(book).encode())
    scheme = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    base = "https://example.org/editions/2026.1/"
    assert [one.text for one in root.iter(f"{scheme}loc")] == [
        base,
        *(f"{base}{name}.html" for name in ("alfa", "beta", "funnregister", "references")),
    ]
    assert {one.text for one in root.iter(f"{scheme}lastmod")} == {"2026-11-02"}


def test_without_an_address_there_is_no_site_map(registered: Sample) -> None:
    book = Book.read(registered.compendium)
    assert address_of(book) == ""
    assert "sitemap.xml" not in attachments(book, book.chapters[0])


def test_an_edition_holds_its_own_results(registered: Sample) -> None:
    for edition, there in ((None, True), (RELEASED, False)):
        book = Book.read(registered.compendium, edition)
        assert ("findings.json" in attachments(book, book.chapters[0])) is there


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC-BY-NC-SA-3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("MIT", "https://spdx.org/licenses/MIT.html"),
        ("", ""),
    ],
)
def test_a_licence_is_named_by_where_it_can_be_read(name: str, address: str) -> None:
    assert licence_address(name) == address


def test_the_card_is_the_same_whatever_other_figures_look_like(registered: Sample) -> None:
    book = Book.read(registered.compendium)
    plain = card.drawn(book)
    for kept in registered.compendium.pages.glob("card-*.png"):
        kept.unlink()
    with rc_context({"figure.constrained_layout.use": True, "savefig.bbox": "tight"}):
        assert card.drawn(book) == plain


def test_the_card_has_the_size_that_is_told_and_is_drawn_once(registered: Sample) -> None:
    folder = publish(registered.compendium, "pandoc").parent
    with Image.open(folder / "social-card.png") as picture:
        size = picture.size
    told = dict(of(registered, "index").terms)
    assert size == (int(told["og:image:width"]), int(told["og:image:height"]))
    assert told["og:image:alt"] == "Prøveboka: 2 publiserte funn, 1 reprodusert og 1 ikke testbar."
    (kept,) = registered.compendium.pages.glob("card-*.png")
    first = kept.stat().st_mtime_ns
    publish(registered.compendium, "pandoc")
    assert kept.stat().st_mtime_ns == first


def test_what_is_told_stands_in_the_head_of_the_page(sited: Sample) -> None:
    page = publish(sited.compendium, "pandoc").parent / "alfa.html"
    head: Any = html.document_fromstring(page.read_text(encoding="utf-8")).find("head")
    told = of(sited, "alfa")
    assert head.xpath("link[@rel='canonical']/@href") == [f"{SITE}/alfa.html"]
    assert head.xpath("meta[@property='og:title']/@content") == ["Alfa"]
    assert head.xpath("meta[@name='twitter:card']/@content") == ["summary_large_image"]
    assert len(head.xpath("meta[@name='description']")) == 1
    (script,) = head.xpath("script[@type='application/ld+json']/text()")
    assert json.loads(script) == json.loads(told.linked_data)
    assert (page.parent / "sitemap.xml").is_file()
    assert Path(page.parent / "findings.json").is_file()
