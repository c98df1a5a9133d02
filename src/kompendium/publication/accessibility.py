"""The accessibility statement: what the book promises, how it is tested, and what is missing.

The prose lies in ``resources/tilgjengelighet.*.md``; what can be counted is counted here.
"""

from __future__ import annotations

from importlib import resources
from string import Template

from kompendium.facts.numbers import number
from kompendium.publication.book import Book
from kompendium.publication.cells import cells, load
from kompendium.publication.editions.citation import Citation, Person

WIDE, NARROW = 1280, 360
"""Widths of the screens the pages are tested on, in CSS pixels: a laptop's and a small phone's."""

WORKING = {"nb": "arbeidsutgaven", "en": "the working copy"}

CONTACTS = {
    "nb": {
        "known": "Skriv til {contact}. Si gjerne hvilken side det gjelder, og hva du bruker.",
        "unknown": "Meld fra der du fikk boka. Prosjektet har ikke oppgitt en egen adresse ennå.",
    },
    "en": {
        "known": "Write to {contact}. Please say which page it is about, and what you use.",
        "unknown": "Tell whoever gave you the book. The project has not given an address yet.",
    },
}


def statement(book: Book, cited: Citation | None) -> str:
    """Write the statement of a book; who to write to is the contact in ``CITATION.cff``."""
    lang = book.configuration.lang.split("-")[0]
    labels = [
        cell.label
        for chapter in book.chapters
        if chapter.is_notebook
        for cell in cells(load(chapter.path))
        if cell.shows("include")
    ]
    place = resources.files("kompendium.publication") / "resources" / f"tilgjengelighet.{lang}.md"
    return Template(place.read_text(encoding="utf-8")).substitute(
        edition=book.called[0].lower() + book.called[1:] if book.edition else WORKING[lang],
        pages=number(len(book.chapters), lang=lang),
        figures=number(sum(label.startswith("fig-") for label in labels), lang=lang),
        tables=number(sum(label.startswith("tbl-") for label in labels), lang=lang),
        wide=number(WIDE, lang=lang),
        narrow=number(NARROW, lang=lang),
        contact=_contact(cited, lang),
    )


def _contact(cited: Citation | None, lang: str) -> str:
    """Who to write to, as Markdown: those named as contact, by e-mail or page."""
    found = []
    for one in cited.contact if cited else ():
        address = f"mailto:{one.email}" if one.email else str(one.website or "")
        name = one.cited
        if isinstance(one, Person):
            name = " ".join(filter(None, [one.given_names, one.name_particle, one.family_names]))
        if address:
            found.append(f"[{name}]({address})")
    if not found:
        return CONTACTS[lang]["unknown"]
    return CONTACTS[lang]["known"].format(contact=", ".join(found))
