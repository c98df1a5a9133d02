"""The book in another language: the same chapters under the same addresses, beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kompendium.engine.languages import translated_id
from kompendium.facts import documents
from kompendium.facts.files import write_atomically
from kompendium.facts.language import Language
from kompendium.facts.paths import Compendium
from kompendium.publication.book import Book, Chapter
from kompendium.publication.configuration import Configuration
from kompendium.publication.editions.identity import Identity
from kompendium.translation import Catalogue, Source, sources


@dataclass(frozen=True)
class Translated(Book):
    """A translation of the book: ``_quarto.yml`` with the words of ``_quarto-en.yml``."""

    lang: Language = Language.ENGLISH

    @classmethod
    def in_language(
        cls, compendium: Compendium, lang: Language, edition: Identity | None = None
    ) -> Translated:
        """Read the configuration; raises InputError with every mistake in it."""
        merged = _merged(compendium, lang)
        configuration = documents.validated(overlay(compendium, lang), merged, Configuration)
        return cls(compendium, configuration, lang, edition=edition)

    def document(self) -> Any:
        """The configuration with the words of the language."""
        return _merged(self.compendium, self.lang)

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The same chapters, from translated pages and notebooks run in the language."""
        folder = self.compendium.translations(self.lang)
        found = []
        for one in Book.chapters.func(self):  # type: ignore[attr-defined]
            if one.is_notebook:
                path = one.path.with_stem(translated_id(one.path.stem, self.lang))
            else:
                path = folder / one.path.name
            source = self.compendium.relative(path)
            found.append(Chapter(source, path, one.stem, original=one.path))
        return found

    @property
    def place(self) -> Path:
        """Beside the book; of an edition, in a folder within it."""
        if self.edition:
            return super().place / self.lang.value
        return self.compendium.publication_in(self.lang)


def overlay(compendium: Compendium, lang: Language) -> Path:
    """The file with a language's words for the configuration."""
    return compendium.book.with_stem(f"{compendium.book.stem}-{lang.value}")


def together(books: Sequence[Book]) -> list[Book]:
    """The book in all its languages, each knowing the others: their pages lead to each other."""
    return [replace(one, others=[other for other in books if other is not one]) for one in books]


def translate_pages(book: Translated) -> None:
    """Write the translations of the pages that are not notebooks.

    The texts are known to be translated: the notebooks were made first, by the same catalogues.
    """
    originals = {one.path: one for one in sources(book.compendium)}
    for chapter in book.chapters:
        if chapter.is_notebook or chapter.original is None:
            continue
        if chapter.original.parent == book.compendium.pages:
            continue  # the publisher writes it in the language
        source = originals.get(chapter.original) or Source(chapter.original, chapter.source)
        text = source.translated(Catalogue.read(source.place))
        write_atomically(chapter.path, text)


def _merged(compendium: Compendium, lang: Language) -> Any:
    return _over(documents.read(compendium.book), documents.read(overlay(compendium, lang)))


def _over(below: Any, above: Any) -> Any:
    """Lay one document over another: sections are merged, all else is replaced."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    for key, value in above.items():
        below[key] = _over(below[key], value) if key in below else value
    return below
