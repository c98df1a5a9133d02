"""What the head of a page tells machines: Dublin Core, Highwire, Open Graph, and addresses.

Nothing is told that is not known. Without ``site-url`` in ``_quarto.yml`` nobody knows where the
book lies: then pages have no canonical address, and there is no site map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

from kompendium.publication import card, linked_data
from kompendium.publication.book import Book, Chapter, Metadata
from kompendium.publication.citation import Imprint, Reference
from kompendium.publication.docx import REGIONS
from kompendium.publication.headings import beginning_of

SITEMAP = "sitemap.xml"

SCHEMES = (
    ("schema.DC", "http://purl.org/dc/elements/1.1/"),
    ("schema.DCTERMS", "http://purl.org/dc/terms/"),
)
"""What the prefixes of Dublin Core stand for; browsers fetch neither."""


def metadata(book: Book, chapter: Chapter) -> Metadata:
    """Everything a page's head tells."""
    citing = book.citing
    reference = citing.reference(chapter)
    rights = rights_of(book)
    links = [*SCHEMES]
    links += [("license", rights)] if rights else []
    links += [("canonical", reference.address)] if reference.address else []
    described = description(book, chapter)
    return Metadata(
        terms=tuple(_terms(book, citing.imprint, reference, described, rights)),
        links=tuple(links),
        linked_data=linked_data.written(book, chapter, described, rights),
    )


def attachments(book: Book, chapter: Chapter) -> Mapping[str, bytes]:
    """Files that lie beside a page; what belongs to the whole book lies beside the front page."""
    files = dict(book.citing.files(chapter))
    if chapter == book.chapters[0]:
        files[card.NAME] = card.drawn(book)
        if book.citing.imprint.address:
            files[SITEMAP] = sitemap(book).encode()
        if book.edition is None:  # an edition holds its own
            results = (book.compendium.results, book.compendium.results_csv)
            files |= {path.name: path.read_bytes() for path in results if path.is_file()}
    return files


def description(book: Book, chapter: Chapter) -> str:
    """What a page is about: the book's own description, or how the chapter begins."""
    titles = book.configuration.book
    if chapter == book.chapters[0]:
        return titles.description or titles.subtitle or beginning_of(chapter)
    return beginning_of(chapter) or titles.description or titles.subtitle


def rights_of(book: Book) -> str:
    """The address of the licence of texts and tables; empty where none is known."""
    cited = book.citing.cited
    licences = cited.licenses if cited else ()
    texts = [one for one in licences if one.startswith("CC")]
    return licence_address(next(iter([*texts, *licences]), ""))


def licence_address(name: str) -> str:
    """Where a licence can be read, by its SPDX name."""
    if found := re.fullmatch(r"CC-(BY(?:-[A-Z]+)*)-(\d\.\d)", name):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    if name == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return f"https://spdx.org/licenses/{name}.html" if name else ""


def sitemap(book: Book) -> str:
    """The site map: every page, and for an edition the day it came."""
    imprint = book.citing.imprint
    day = f"<lastmod>{imprint.day}</lastmod>" if imprint.day else ""
    pages = [page_of(book, chapter) for chapter in book.chapters]
    urls = [f"<url><loc>{escape(imprint.address + page)}</loc>{day}</url>" for page in pages]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    scheme = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return "\n".join([head, f'<urlset xmlns="{scheme}">', *urls, "</urlset>"]) + "\n"


def page_of(book: Book, chapter: Chapter) -> str:
    """A page's address from the book's; the front page has none of its own."""
    return "" if chapter == book.chapters[0] else f"{chapter.stem}.html"


def _terms(
    book: Book, imprint: Imprint, reference: Reference, described: str, rights: str
) -> Iterator[tuple[str, str]]:
    whole, front = imprint.whole_title, not reference.title
    title = reference.title or whole
    if described:
        yield "description", described
    yield "DC.title", title
    for author in imprint.authors:
        yield "DC.creator", author.full
    told = {
        "DC.description": described,
        "DC.date": imprint.day,
        "DC.language": imprint.language,
        "DC.type": "Text",
        "DC.format": "text/html",
        "DC.identifier": reference.address,
        "DC.rights": rights,
        "DCTERMS.isPartOf": "" if front else whole,
        "DCTERMS.hasVersion": imprint.edition or imprint.label,
        "citation_title": title,
        "citation_inbook_title": "" if front else whole,
        "citation_publication_date": imprint.day.replace("-", "/"),
        "citation_language": imprint.language,
        "citation_public_url": reference.address,
        "citation_doi": imprint.doi,
    }
    yield from ((term, content) for term, content in told.items() if content)
    for author in imprint.authors:
        yield "citation_author", author.full
    yield from _card(book, imprint, reference, title, described)


def _card(
    book: Book, imprint: Imprint, reference: Reference, title: str, described: str
) -> Iterator[tuple[str, str]]:
    """What a page looks like where someone shares its address."""
    told = {
        "og:title": title,
        "og:type": "article" if reference.title else "book",
        "og:site_name": imprint.title,
        "og:locale": REGIONS.get(imprint.language, imprint.language).replace("-", "_"),
        "og:description": described,
        "og:url": reference.address,
        # Relative where nobody knows the address: some services find it even so.
        "og:image": f"{imprint.address}{card.NAME}",
        "og:image:type": "image/png",
        "og:image:width": str(card.WIDTH),
        "og:image:height": str(card.HEIGHT),
        "og:image:alt": card.alternative(book),
        "twitter:card": "summary_large_image",
    }
    yield from ((term, content) for term, content in told.items() if content)
