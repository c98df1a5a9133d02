"""What an edition is called: a number that never changes meaning, and the day it was made.

A working copy has neither. It says so, and says no date: the same content gives the same book
whatever the day and the commit, and a book that is as it would be made now is not made again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kompendium.publication.editions.manifest import Notes

MANIFEST = "manifest.json"
"""What makes a folder an edition: the last file to be written in it."""

NUMBER = re.compile(r"([12]\d{3})\.([1-9]\d{0,2})", re.ASCII)
"""``2026.1``: a year and the edition's place in it, from 1."""

WORDS = {
    "nb": {"edition": "Utgave", "working": "Arbeidsutgave", "all": "Alle utgaver"},
    "en": {"edition": "Edition", "working": "Working copy", "all": "All editions"},
}
"""What readers call editions, by language."""

LOCALES = {"nb": "nb_NO", "en": "en_GB"}


@dataclass(frozen=True, order=True)
class Number:
    """An edition's number; a later one is greater, so that 2026.10 follows 2026.9."""

    year: int
    order: int

    @classmethod
    def parse(cls, text: str) -> Number | None:
        """Read ``2026.1``; None for what is no edition's number."""
        found = NUMBER.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        """The number as it is written, which is also the name of the edition's folder."""
        return f"{self.year}.{self.order}"


@dataclass(frozen=True)
class Identity:
    """A released edition's number and date, and its notes where its book is being made."""

    number: Number
    date: date
    notes: Notes | None = field(default=None, compare=False)

    def title(self, lang: str = "nb") -> str:
        """The edition as its pages name it: ``Utgave 2026.1, 22. november 2026``."""
        return f"{self.label(lang)}, {written(self.date, lang)}"

    def label(self, lang: str = "nb") -> str:
        """The edition without its date: ``Utgave 2026.1``."""
        return f"{words(lang)['edition']} {self.number}"


def released(folder: Path) -> list[Number]:
    """The numbers of the editions in a folder, the oldest first; other folders are passed over."""
    there = folder.iterdir() if folder.is_dir() else ()
    known = (Number.parse(path.name) for path in there if (path / MANIFEST).is_file())
    return sorted(number for number in known if number)


def title(identity: Identity | None, lang: str = "nb") -> str:
    """What a book calls itself, a working copy included."""
    return identity.title(lang) if identity else words(lang)["working"]


def words(lang: str) -> dict[str, str]:
    """The words of a language, bokmål's where there are none."""
    return WORDS.get(lang, WORDS["nb"])


def written(day: date, lang: str = "nb") -> str:
    """A date as readers write it: ``22. november 2026``."""
    from babel.dates import format_date  # here: nothing is written where nothing is to be done

    return format_date(day, format="long", locale=LOCALES.get(lang, LOCALES["nb"]))
