"""From executed notebooks to a book: rendered apart, checked as rendered, then swapped in."""

from collections.abc import Iterable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kompendium.exports import exports
from kompendium.facts.language import Language, speaking
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
    "rendered",
]

__getattr__ = exports(__name__, {"kompendium.publication.book": ["Book"]})
"""The book's configuration is read where something is published."""


def publish(
    compendium: Compendium,
    publisher: Publisher = "auto",
    formats: Iterable[str] = (Format.HTML,),
    lang: str = Language.NORWEGIAN,
) -> Path:
    """Make the book and give the path of its front page; other formats lie beside it.

    ``auto`` takes Quarto where it is installed and the embedded publisher elsewhere. The last
    book stands until the new one has passed every check. The book in another language is made
    of notebooks run in it, and lies beside the Norwegian one.

    Raises:
        PublicationError: something must not be published; every problem is listed.
        InputError: ``_quarto.yml`` is wrong.
    """
    from kompendium.publication import swap
    from kompendium.publication.book import Book

    if lang == Language.NORWEGIAN:
        book = Book.read(compendium)
    else:
        from kompendium.publication.languages import Translated, translate_pages

        book = Translated.in_language(compendium, Language(lang))
        translate_pages(book)
    with swap.scratch(book.place) as folder:
        swap.replace(book.place, rendered(book, folder / "stage", publisher, formats))
    return book.place / "index.html"


def rendered(book: "Book", folder: Path, publisher: Publisher, formats: Iterable[str]) -> Path:
    """Render a book on a stage of its own and give the folder of its pages, all checked.

    Raises:
        PublicationError: something must not be published; every problem is listed.
    """
    from kompendium.publication import pandoc, quarto
    from kompendium.publication.checks import check
    from kompendium.publication.staging import prepare

    found = find() if publisher != "pandoc" else None
    if publisher == "quarto" and found is None:
        what = "Quarto is neither at QUARTO_PATH nor on PATH; «--publisher pandoc» needs no Quarto"
        raise PublicationError([Problem("quarto", what)])
    with speaking(book.configuration.lang):
        stage = prepare(book, folder, chosen(formats))
        complaints = quarto.render(stage, found) if found else pandoc.render(stage)
        check(stage, complaints)
    return stage.rendered


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
