"""What an edition was made of and what it holds, each file with its hash: ``manifest.json``.

**Respondents leave nothing here.** Of a survey whose respondents were read, the manifest has the
name, which the book tells anyway («evidence: survey»), and no more: no digest, no file name, no
number of rows. A digest, even a salted one whose salt is known, lets whoever holds all answers
but one try every value of the last and see which fits; a number of rows is a count that did not
go through the gate. What is lost is that nobody can tell from an edition whether respondents
that turn up later are the same, and ``release reproduce`` says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kompendium.publication.editions.identity import MANIFEST, NUMBER, Identity, Number

NAME = MANIFEST
FORM = 1
"""The form of the manifest; another number when what it says changes meaning."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Kind(StrEnum):
    """What an input is to the compendium."""

    DATA = "data"
    NOTEBOOK = "notebook"
    PARAMETERS = "parameters"
    LIBRARY = "library"
    LOCK = "lock"
    BOOK = "book"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sealed(_Model):
    """A file as it was: its path with forward slashes, its hash and its size in bytes."""

    path: str
    sha256: Sha256
    size: int = Field(ge=0)


class Input(Sealed):
    """Something the edition was made of.

    ``path`` is from the compendium's folder. A library that lies elsewhere is ``kompendium/…``,
    from the folder that holds the package.
    """

    kind: Kind


class Environment(_Model):
    """What ran the notebooks and made the book; nothing of this tells whose machine it was.

    ``publisher`` is the program that made the pages, with its version. ``packages`` are all that
    were installed, by name and version.
    """

    python: str
    implementation: str
    platform: str
    machine: str
    publisher: str
    packages: dict[str, str]


class Notes(_Model):
    """What is new, in the words of whoever released it; English where it was given."""

    nb: str
    en: str = ""


class Book(_Model):
    """The book in one language: the folder it lies in, and its pages in reading order."""

    folder: str
    title: str
    pages: tuple[str, ...]
    downloads: dict[str, str]


class Manifest(_Model):
    """An edition: its identity, what it was made of, by what, and every file it holds.

    ``commit`` is the git commit that holds the inputs. ``surveys`` are those whose respondents
    were read (and of these nothing else is told). ``books`` are by language.
    """

    form: int = FORM
    number: Annotated[str, Field(pattern=rf"^{NUMBER.pattern}$")]
    date: date
    notes: Notes
    commit: str
    surveys: tuple[str, ...]
    books: dict[str, Book]
    environment: Environment
    inputs: tuple[Input, ...]
    outputs: tuple[Sealed, ...]

    @property
    def identity(self) -> Identity:
        """The edition's number and date."""
        number = Number.parse(self.number)
        assert number is not None
        return Identity(number, self.date)

    def of_kind(self, kind: Kind) -> dict[str, str]:
        """The hashes of the inputs of one kind, by path."""
        return {one.path: one.sha256 for one in self.inputs if one.kind is kind}

    def written(self) -> str:
        """The manifest as its file holds it."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def read(folder: Path) -> Manifest | None:
    """Read the manifest of an edition; None where there is none that this version understands."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def digest(path: Path) -> str:
    """Hash a file without holding it in memory."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def sealed(folder: Path, names: Iterable[str]) -> tuple[Sealed, ...]:
    """Measure files of a folder, in the order of their paths."""
    return tuple(
        Sealed(path=name, sha256=digest(folder / name), size=(folder / name).stat().st_size)
        for name in sorted(names)
    )


def contents(folder: Path) -> list[str]:
    """Name every file under a folder, with forward slashes; links are named, not followed."""
    return sorted(
        (Path(place) / name).relative_to(folder).as_posix()
        for place, folders, names in os.walk(folder)
        for name in (*names, *(one for one in folders if (Path(place) / one).is_symlink()))
    )
