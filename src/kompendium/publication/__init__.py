"""From executed notebooks to a book: rendered apart, checked as rendered, then swapped in."""

from pathlib import Path
from typing import Literal

from kompendium.facts.paths import Compendium
from kompendium.publication import pandoc, quarto, swap
from kompendium.publication.book import Book
from kompendium.publication.checks import check
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.staging import prepare

Publisher = Literal["auto", "quarto", "pandoc"]

__all__ = ["Book", "Problem", "PublicationError", "Publisher", "publish"]


def publish(compendium: Compendium, publisher: Publisher = "auto") -> Path:
    """Make the book and give the path of its front page.

    ``auto`` takes Quarto where it is installed and the embedded publisher elsewhere. The last
    book stands until the new one has passed every check.

    Raises:
        PublicationError: something must not be published; every problem is listed.
        InputError: ``_quarto.yml`` is wrong.
    """
    book = Book.read(compendium)
    found = quarto.find() if publisher != "pandoc" else None
    if publisher == "quarto" and found is None:
        what = "Quarto is neither at QUARTO_PATH nor on PATH; «--publisher pandoc» needs no Quarto"
        raise PublicationError([Problem("quarto", what)])
    with swap.scratch(compendium.publication) as folder:
        stage = prepare(book, folder / "stage")
        complaints = quarto.render(stage, found) if found else pandoc.render(stage)
        check(stage, complaints)
        swap.replace(compendium.publication, stage.rendered)
    return compendium.publication / "index.html"
