"""«Siter denne»: the box at the end of a page and beside each finding, and the files it names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import urljoin

from kompendium.facts.findings import anchor
from kompendium.publication.book import Book, Chapter
from kompendium.publication.cells import Json, joined
from kompendium.publication.citation import Imprint, Reference, imprint
from kompendium.publication.editions import citation
from kompendium.publication.editions.citation import Citation
from kompendium.publication.headings import title_of
from kompendium.publication.markdown import fenced, inline_for_pages
from kompendium.publication.openings import REGISTER, Findings
from kompendium.register import Entry

FOLDER = "siter"
"""Where the files for reference managers lie, beside the pages."""

TEXTS = {
    "nb": {
        "book": "Siter boka",
        "chapter": "Siter kapitlet",
        "finding": "Siter",
        "finding-label": "Siter funnet {id}",
        "address": "Adressen til funnet",
        "of-finding": "Funn {id}: {statement}",
        "found": "publisert: {published}; beregnet: {computed}; dom: {verdict}",
        "tested": "publisert: {published}; dom: {verdict}",
        "files": "Til referanseverktøy:",
        "working": "Dette er arbeidsutgaven, som kan endres. Siter helst en utgave som er gitt ut.",
    },
    "en": {
        "book": "Cite the book",
        "chapter": "Cite this chapter",
        "finding": "Cite",
        "finding-label": "Cite the finding {id}",
        "address": "Address of the finding",
        "of-finding": "Finding {id}: {statement}",
        "found": "published: {published}; computed: {computed}; verdict: {verdict}",
        "tested": "published: {published}; verdict: {verdict}",
        "files": "For reference managers:",
        "working": "This is the working copy, which may change. Rather cite a released one.",
    },
}

_ROW = re.compile(r'^(?P<cell>\|\s*<span id="(?P<id>funn-[\w-]+)"></span>(?:[^|\\\n]|\\.)*)',
                  re.MULTILINE)  # fmt: skip
"""The first cell of a row that has a finding's address."""


def address_of(book: Book) -> str:
    """Where readers will find the book, with a slash at its end; empty where nobody has said.

    ``site-url`` in ``_quarto.yml`` is the address of the working copy's pages; editions lie
    beside them as they do in ``outputs``.
    """
    base = book.configuration.book.site_url
    if not base:
        return ""
    way = os.path.relpath(book.place, book.compendium.publication).replace(os.sep, "/")
    base = base if base.endswith("/") else f"{base}/"
    return base if way == "." else urljoin(base, f"{way}/")


@dataclass(frozen=True)
class Citing:
    """The references to one book and to everything in it."""

    book: Book

    @cached_property
    def cited(self) -> Citation | None:
        """``CITATION.cff``; None where the compendium has none. Raises InputError if wrong."""
        there = (self.book.compendium.root / citation.NAME).is_file()
        return citation.citation(self.book.compendium) if there else None

    @cached_property
    def imprint(self) -> Imprint:
        """What they share."""
        book = self.book
        return imprint(book.configuration, self.cited, book.edition, address_of(book))

    @cached_property
    def findings(self) -> Sequence[Entry]:
        """The register; empty where there is none."""
        return Findings.read(self.book.compendium).entries

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The findings by the address they have on the register's page, where there is one."""
        if REGISTER not in self.book.stems:
            return {}
        return {anchor(one.id): one for one in self.findings}

    def reference(self, chapter: Chapter) -> Reference:
        """The reference to a chapter; the front page stands for the book."""
        if self._is_front(chapter):
            return Reference(self.imprint, self._key)
        key = f"{self._key}-{chapter.stem}"
        return Reference(self.imprint, key, title_of(chapter), f"{chapter.stem}.html")

    def finding(self, entry: Entry) -> Reference:
        """The reference to a single finding, with its verdict."""
        texts, lang = self._texts, self.imprint.language
        statement = entry.statement_en if lang == "en" else entry.statement
        title = texts["of-finding"].format(id=entry.id, statement=statement.rstrip("."))
        form = texts["found" if entry.evidence else "tested"]
        note = form.format(
            published=entry.published, computed=entry.computed, verdict=entry.verdict.word(lang)
        )
        place = anchor(entry.id)
        return Reference(
            self.imprint, f"{self._key}-{place}", title, f"{REGISTER}.html#{place}", note
        )

    def box(self, chapter: Chapter) -> str:
        """The box for the end of a page, as Markdown; pages that are no chapters have none."""
        if not (chapter.is_notebook or self._is_front(chapter)):
            return ""
        texts = self._texts
        reference = self.reference(chapter)
        summary = texts["book" if self._is_front(chapter) else "chapter"]
        working = "" if self.imprint.edition else f"<p>{escape(texts['working'])}</p>"
        html = (
            f'<details class="cite" id="siter"><summary>{escape(summary)}</summary>'
            f"<p>{escape(reference.text())}</p>{working}"
            f"<p>{texts['files']} {self._links(chapter.stem)}</p>"
            f"<pre><code>{escape(reference.bibtex())}</code></pre></details>"
        )
        return fenced(html, "{=html}")

    def beside_findings(self, notebook: Json) -> None:
        """Add a small box to each row of a notebook that has a finding's address."""
        for cell in notebook["cells"]:
            for output in cell.get("outputs", ()):
                if markdown := output.get("data", {}).get("text/markdown"):
                    text = _ROW.sub(self._with_box, joined(markdown))
                    output["data"]["text/markdown"] = text.splitlines(keepends=True)

    def files(self, chapter: Chapter) -> Iterator[tuple[str, bytes]]:
        """The files a page's boxes lead to, by their place beside it."""
        if chapter.is_notebook or self._is_front(chapter):
            yield from _files(chapter.stem, self.reference(chapter))
        if chapter.stem == REGISTER:
            for place, entry in self.entries.items():
                yield from _files(place, self.finding(entry))

    def _with_box(self, row: re.Match[str]) -> str:
        entry = self.entries.get(row["id"])
        if entry is None:
            return row[0]
        texts = self._texts
        label = texts["finding-label"].format(id=entry.id)
        html = (
            f'<details class="cite"><summary aria-label="{escape(label)}">{texts["finding"]}'
            f"</summary><span>{escape(self.finding(entry).text())}</span> "
            f'<span><a href="#{row["id"]}">{texts["address"]}</a> '
            f"{self._links(row['id'])}</span></details>"
        )
        return f"{row['cell'].rstrip()} {inline_for_pages(html)} "

    def _links(self, name: str) -> str:
        return " ".join(
            f'<a href="{FOLDER}/{name}.{ending}" download>{called}</a>'
            for ending, called in (("bib", "BibTeX"), ("ris", "RIS"))
        )

    @property
    def _texts(self) -> Mapping[str, str]:
        return TEXTS[self.imprint.language]

    @property
    def _key(self) -> str:
        """How keys of references begin: the book's name and edition."""
        return "-".join(filter(None, [self.book.configuration.book.stem, self.imprint.edition]))

    def _is_front(self, chapter: Chapter) -> bool:
        return chapter.stem == self.book.chapters[0].stem


def _files(name: str, reference: Reference) -> Iterator[tuple[str, bytes]]:
    yield f"{FOLDER}/{name}.bib", reference.bibtex().encode()
    yield f"{FOLDER}/{name}.ris", reference.ris().encode()
