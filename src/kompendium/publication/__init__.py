"""From executed notebooks to a book: rendered apart, checked as rendered, then swapped in."""

from collections.abc import Iterable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kompendium.exports import exports
from kompendium.facts.paths import Compendium
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.formats import Format, chosen
from kompendium.publication.installation import find

if TYPE_CHECKING:
    from kompendium.publication.book import Book

Publisher = Literal["auto", "quarto", "pandoc"]

__all__ = [
    "Book",
    "Format",
    "Problem",
    "PublicationError",
    "Publisher",
    "chosen",
    "program",
    "publish",
]

__getattr__ = exports(__name__, {"kompendium.publication.book": ["Book"]})
"""The book's configuration is read where something is published."""


def publish(
    compendium: Compendium,
    publisher: Publisher = "auto",
    formats: Iterable[str] = (Format.HTML,),
) -> Path:
    """Make the book and give the path of its front page; other formats lie beside it.

    ``auto`` takes Quarto where it is installed and the embedded publisher elsewhere. The last
    book stands until the new one has passed every check.

    Raises:
        PublicationError: something must not be published; every problem is listed.
        InputError: ``_quarto.yml`` is wrong.
    """
    from kompendium.publication import pandoc, quarto, swap
    from kompendium.publication.book import Book
    from kompendium.publication.checks import check
    from kompendium.publication.staging import prepare

    book = Book.read(compendium)
    found = find() if publisher != "pandoc" else None
    if publisher == "quarto" and found is None:
        what = "Quarto is neither at QUARTO_PATH nor on PATH; «--publisher pandoc» needs no Quarto"
        raise PublicationError([Problem("quarto", what)])
    with swap.scratch(compendium.publication) as folder:
        stage = prepare(book, folder / "stage", chosen(formats))
        complaints = quarto.render(stage, found) if found else pandoc.render(stage)
        check(stage, complaints)
        swap.replace(compendium.publication, stage.rendered)
    return compendium.publication / "index.html"


def program(publisher: Publisher) -> str:
    """Tell programs that publish apart, by place and time of change, without starting one.

    Raises:
        PublicationError: ``QUARTO_PATH`` is set, but nothing that runs is there.
    """
    if publisher != "pandoc" and (found := find()):
        return f"quarto {_identity(found.resolve())}"
    if publisher == "quarto":
        return "no quarto"
    spec = find_spec("pypandoc")
    files = Path(spec.origin).parent / "files" if spec and spec.origin else Path()
    return f"pandoc {' '.join(_identity(one) for one in sorted(files.glob('pandoc*')))}"


def _identity(path: Path) -> str:
    stat = path.stat()
    return sha256(f"{path} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]
