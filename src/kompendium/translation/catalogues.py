"""Gettext catalogues, read and brought up to date with Babel: Norwegian and English together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from kompendium.facts.documents import InputError, Problem
from kompendium.facts.files import write_atomically

SUFFIX = ".en.po"

COMPUTED = "python-brace-format"
"""Gettext's flag for a text with computed parts in braces."""


@dataclass(frozen=True)
class Catalogue:
    """The translations of one chapter."""

    path: Path
    catalog: Catalog

    @classmethod
    def read(cls, path: Path) -> Catalogue:
        """Read a catalogue; one that is not there is empty. Raises InputError."""
        if not path.exists():
            return cls(path, Catalog(locale="en"))
        try:
            with path.open("rb") as stream:
                return cls(path, read_po(stream, locale="en", abort_invalid=True))
        except PoFileError as error:
            line = (getattr(error, "lineno", 0) or 0) + 1
            remedy = "mend it in a translation editor"
            raise InputError([Problem(path, line, f"not gettext: {error}", remedy)]) from None

    def get(self, message: str) -> str:
        """The translation of a text; empty where there is none, or none that still holds."""
        found = self.catalog.get(message)
        return "" if found is None or found.fuzzy else str(found.string)

    def outdated(self, message: str) -> bool:
        """Tell whether a translation is there, but of an earlier text."""
        found = self.catalog.get(message)
        return bool(found and found.fuzzy and found.string)

    def updated(self, name: str, messages: Iterable[tuple[int, str, bool]]) -> Catalogue:
        """The catalogue with exactly these texts, in their order.

        A text that resembles one that has gone takes its translation, marked as outdated
        (gettext's ``fuzzy``) until a translator has looked at it.
        """
        fresh = Catalog(locale="en", fuzzy=False, header_comment=f"# English texts of {name}.")
        computed = set()
        for number, message, is_computed in messages:
            fresh.add(message, locations=[(name, number)])
            if is_computed:
                computed.add(message)
        kept = Catalog(locale="en", fuzzy=False)
        for one in self.catalog:
            if one.id:
                kept.add(one.id, one.string, flags=[*one.flags & {"fuzzy"}])
        kept.update(fresh, update_header_comment=True, update_creation_date=False)
        kept.obsolete.clear()
        for one in kept:
            # Babel guesses from braces and percent signs; here the code tells.
            one.flags -= {"python-format", COMPUTED}
            if one.id in computed:
                one.flags.add(COMPUTED)
        return Catalogue(self.path, kept)

    def text(self) -> str:
        """The catalogue as a file, without dates, so that it changes only with its texts."""
        buffer = BytesIO()
        write_po(buffer, self.catalog, width=96, omit_header=True, ignore_obsolete=True)
        return f"{self.catalog.header_comment}\n{_HEADER}\n{buffer.getvalue().decode()}"

    def write(self) -> bool:
        """Write the catalogue where it differs; tell whether it did."""
        text = self.text()
        if self.path.exists() and self.path.read_text(encoding="utf-8") == text:
            return False
        write_atomically(self.path, text)
        return True


_HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def catalogue_of(source: Path) -> Path:
    """Where the translations of a notebook or a page lie: beside it."""
    return source.with_name(source.stem + SUFFIX)
