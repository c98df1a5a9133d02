"""Chapters that the publisher writes itself, of what is known when the book is made.

They lie in ``outputs/pages`` and stand in ``_quarto.yml`` like every chapter, so that a plain
``quarto render`` finds them where executed notebooks are found.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from kompendium.facts.files import write_atomically
from kompendium.publication.accessibility import statement
from kompendium.publication.book import Book, Chapter
from kompendium.publication.changes.page import page
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.openings import REGISTER


def write(book: Book) -> None:
    """Write those of the book's chapters that the publisher makes.

    Raises:
        PublicationError: a chapter in ``outputs/pages`` is none that the publisher knows.
    """
    own = [one for one in book.chapters if one.seen_from.parent == book.compendium.pages]
    unknown = [one.source for one in own if one.seen_from.stem not in PAGES]
    if unknown:
        what = f"no page of that name is made; there are {', '.join(sorted(PAGES))}"
        raise PublicationError(Problem(one, what) for one in unknown)
    for chapter in own:
        write_atomically(chapter.path, PAGES[chapter.seen_from.stem](book, chapter))


def _changes(book: Book, chapter: Chapter) -> str:
    register = next((one for one in book.chapters if one.stem == REGISTER), None)
    place = os.path.relpath(register.seen_from, chapter.seen_from.parent) if register else ""
    language = book.configuration.lang.split("-")[0]
    return page(book.compendium, book.edition, place.replace(os.sep, "/"), language)


def _accessibility(book: Book, chapter: Chapter) -> str:
    return statement(book, book.citing.cited)


PAGES: dict[str, Callable[[Book, Chapter], str]] = {
    "endringer": _changes,
    "tilgjengelighet": _accessibility,
}
"""The pages by the name of their file."""
