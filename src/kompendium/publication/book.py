"""The book: its chapters, where its pages lie, and what each page says besides its text."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kompendium.facts import documents
from kompendium.facts.paths import Compendium
from kompendium.publication.configuration import Configuration
from kompendium.publication.editions import identity
from kompendium.publication.editions.identity import Identity
from kompendium.publication.words import LABELS, NAMES, WORDS

if TYPE_CHECKING:
    from kompendium.publication.citing import Citing


class Edition(NamedTuple):
    """A published edition, as the selector on every page names it."""

    label: str
    address: str
    current: bool = False


class Language(NamedTuple):
    """The same page in another language."""

    code: str
    name: str
    address: str


class Metadata(NamedTuple):
    """What a page's head says of it to machines."""

    terms: Sequence[tuple[str, str]] = ()
    """Term and content; a term with a colon (``og:title``) is a property, another a name."""

    linked_data: str = ""
    """JSON-LD, as text."""

    links: Sequence[tuple[str, str]] = ()
    """Relation and address of what the page names without fetching it (``license``)."""


@dataclass(frozen=True)
class Chapter:
    """One page of the book: where its source lies and which address it gets."""

    source: str
    path: Path
    named: str = ""
    """The address where it is another than the source's name."""

    title: str = ""
    """What menus call the page where that is less than its heading."""

    original: Path | None = None
    """What the chapter is a translation of: links are written as seen from there."""

    @property
    def stem(self) -> str:
        """The page's address without ``.html``, the same for both publishers."""
        return self.named or self.path.stem

    @property
    def seen_from(self) -> Path:
        """The file that links lead to, and from whose place they are written."""
        return self.original or self.path

    @property
    def staged(self) -> str:
        """The source's name on the stage, where all chapters lie in one folder."""
        return f"{self.stem}{self.path.suffix}"

    @property
    def is_notebook(self) -> bool:
        """Say whether the chapter comes from an executed notebook."""
        return self.path.suffix == ".ipynb"


@dataclass(frozen=True)
class Book:
    """The configuration with its places resolved."""

    compendium: Compendium
    configuration: Configuration
    edition: Identity | None = field(default=None, kw_only=True)
    """The edition the book is released as; None for a working copy."""

    others: Sequence[Book] = field(default=(), kw_only=True, repr=False)
    """The book in other languages, where it comes out in all of them at once."""

    @classmethod
    def read(cls, compendium: Compendium, edition: Identity | None = None) -> Book:
        """Read ``_quarto.yml``; raises InputError with every mistake in it."""
        return cls(compendium, documents.load(compendium.book, Configuration), edition=edition)

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The chapters in reading order, the front page first."""
        root = self.compendium.root
        return [Chapter(one, root / one) for one in self.configuration.book.chapters]

    def document(self) -> Any:
        """The configuration as it was written, for Quarto."""
        return documents.read(self.compendium.book)

    @property
    def place(self) -> Path:
        """The folder that readers find the pages in."""
        if self.edition:
            return self.compendium.editions / str(self.edition.number)
        return self.compendium.publication

    @property
    def known_as(self) -> Path:
        """The folder by which sources name these pages in links, wherever they will lie."""
        return self.compendium.publication

    @cached_property
    def stems(self) -> frozenset[str]:
        """The addresses of all pages, without ``.html``."""
        return frozenset(chapter.stem for chapter in self.chapters)

    @cached_property
    def elsewhere(self) -> dict[Path, Path]:
        """Sources that are pages of another publication, each with its page there."""
        return {}

    @property
    def separate(self) -> bool:
        """Say whether each page stands by itself: numbers and labels are its own."""
        return False

    def menu(self, chapter: Chapter) -> list[str]:
        """The pages, by stem, that a page's menu leads to."""
        return [one.stem for one in self.chapters]

    def heading(self, chapter: Chapter) -> str:
        """The heading a page gets; empty for the one its source has."""
        return ""

    @property
    def home(self) -> dict[str, str]:
        """Title and address of the publication that this one belongs to; empty for none."""
        return {}

    @property
    def sections_elsewhere(self) -> dict[str, dict[str, str]]:
        """What cross references may name in another publication: title and, if there, address."""
        return {}

    @property
    def called(self) -> str:
        """The edition as its pages, its PDF and its DOCX name it; a working copy says so."""
        return identity.title(self.edition, self.configuration.lang)

    @property
    def day(self) -> str:
        """The day the edition is of, in ISO form; empty for a working copy."""
        return self.edition.date.isoformat() if self.edition else ""

    @property
    def shelf(self) -> str:
        """The address of the folder with all editions, from a page; empty where there is none.

        ``index.html`` there lists them, and ``editions.js`` fills the selector: it is written
        anew with each edition, so that the pages of old ones, which never change, lead to later
        ones too.
        """
        if not self.edition and not (self.compendium.editions / "index.html").is_file():
            return ""
        return Path(os.path.relpath(self.compendium.editions, self.place)).as_posix() + "/"

    @property
    def editions(self) -> Sequence[Edition]:
        """What the selector holds without its script: this edition, and the list of all.

        Empty for no selector.
        """
        if not self.shelf:
            return ()
        every = identity.words(self.configuration.lang)["all"]
        return (
            Edition(self.called, "index.html", current=True),
            Edition(every, f"{self.shelf}index.html"),
        )

    def languages(self, chapter: Chapter) -> Sequence[Language]:
        """The other languages a page is there in; empty for no link.

        The languages of a working copy are made one by one, each with links to those that lie
        there by then. An edition comes in all of its languages or not at all.
        """
        name, own = f"{chapter.stem}.html", self.configuration.lang
        if self.edition:
            others = [one for one in self.others if chapter.stem in one.stems]
            pages = {one.configuration.lang: one.place / name for one in others}
        else:
            places = {one: self.compendium.publication_in(one) for one in NAMES if one != own}
            pages = {one: place / name for one, place in places.items() if (place / name).is_file()}
        return tuple(
            Language(one, NAMES[one], Path(os.path.relpath(page, self.place)).as_posix())
            for one, page in pages.items()
        )

    @cached_property
    def citing(self) -> Citing:
        """The references to the book and everything in it."""
        from kompendium.publication.citing import Citing  # which is about books

        return Citing(self)

    def metadata(self, chapter: Chapter) -> Metadata:
        """What a page's head says of it to machines; nothing where pages stand by themselves."""
        if self.separate:
            return Metadata()
        from kompendium.publication.metadata import metadata

        return metadata(self, chapter)

    def citation(self, chapter: Chapter) -> str:
        """The box that says how to cite a page, as Markdown for its end; empty for none."""
        return "" if self.separate else self.citing.box(chapter)

    def attachments(self, chapter: Chapter) -> Mapping[str, bytes]:
        """Files to lie beside a page, by their place relative to it (``siter/x.bib``)."""
        if self.separate:
            return {}
        from kompendium.publication.metadata import attachments

        return attachments(self, chapter)

    @property
    def scripts(self) -> Sequence[str]:
        """The scripts its pages run, in order, from ``resources``; pages work without them."""
        return ("folding.js", "finder.js", "tables.js", "places.js")

    @property
    def labels(self) -> dict[str, str]:
        """The embedded publisher's own words, where Quarto has none."""
        labels = LABELS[self.configuration.lang.split("-")[0]]
        return {**labels, "contents": self.words["toc-title-website"]}

    @property
    def bibliographies(self) -> list[Path]:
        """The bibliography files."""
        named = self.configuration.bibliography
        names = [named] if isinstance(named, str) else named
        return [self.compendium.root / name for name in names]

    @property
    def words(self) -> dict[str, str]:
        """The book's fixed words: Quarto's own, with the configuration's on top."""
        html = self.configuration.format.html
        own = {key: str(value) for key, value in self.configuration.language.items()}
        options = {"code-summary": html.code_summary, "toc-title-website": html.toc_title}
        chosen = {key: word for key, word in options.items() if word}
        prefixes = {
            f"crossref-{key}": str(value)
            for key, value in self.configuration.crossref.items()
            if key.endswith(("-prefix", "-title"))
        }
        return {**WORDS[self.configuration.lang.split("-")[0]], **own, **chosen, **prefixes}
