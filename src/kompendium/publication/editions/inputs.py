"""What an edition was made of, each file with its hash: all that a commit holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from kompendium.engine.measuring import PACKAGE
from kompendium.facts.paths import Compendium
from kompendium.publication.editions.manifest import Input, Kind, sealed

FOLDERS = {"data": Kind.DATA, "notebooks": Kind.NOTEBOOK, "params": Kind.PARAMETERS}
"""Folders of the compendium all of which is input."""

LOCKS = ("requirements*.txt", "*.lock", "conda-lock.yml")
"""Files at the top of a compendium that pin the packages it is run with."""

TOLD = ("CITATION.cff", "_quarto.yml", "pyproject.toml")
"""Files at the top that say what the compendium is."""


def inputs(
    compendium: Compendium, tracked: Iterable[str], read: Iterable[str]
) -> tuple[Input, ...]:
    """Measure every input: ``tracked`` is what git holds, ``read`` what was read for the book.

    What was read counts as far as git holds it: respondents do not, and are nowhere named.
    """
    known = {name: kind for name in tracked if (kind := _kind(name, compendium))}
    book = {*read} & {*tracked} - known.keys()
    named = known | dict.fromkeys(book, Kind.BOOK)
    measured = sealed(compendium.root, named)
    found = [Input(**one.model_dump(), kind=named[one.path]) for one in measured]
    if not PACKAGE.is_relative_to(compendium.root):
        measured = sealed(PACKAGE.parent, library())
        found += [Input(**one.model_dump(), kind=Kind.LIBRARY) for one in measured]
    return tuple(sorted(found, key=lambda one: one.path))


def library() -> Iterator[str]:
    """The files of the library that runs now, from the folder that holds it."""
    for path in PACKAGE.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(PACKAGE.parent).as_posix()


def _kind(name: str, compendium: Compendium) -> Kind | None:
    """What an input is, by its place; None for what is none, or only where it is read."""
    top, _, rest = name.partition("/")
    if rest:
        inside = (compendium.root / name).is_relative_to(PACKAGE)
        return Kind.LIBRARY if inside else FOLDERS.get(top)
    if any(fnmatchcase(name, pattern) for pattern in LOCKS):
        return Kind.LOCK
    return Kind.BOOK if name in TOLD else None
