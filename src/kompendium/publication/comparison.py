"""The book's formats held against its pages: what one reader finds, every reader finds."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kompendium.publication.accounts import Account, of_docx, of_pages, of_pdf, plain, squeezed
from kompendium.publication.errors import Problem
from kompendium.publication.formats import Format
from kompendium.publication.staging import Stage

READERS = {Format.PDF: of_pdf, Format.DOCX: of_docx}

LEFTOVERS = {
    r"\?@?(?:fig|tbl|sec|eq)-[\w-]+|(?<![\w.])@(?:fig|tbl|sec|eq)-[\w-]+": "unresolved reference",
    r"\?\?": "unresolved reference",
    r"\?(?:var|meta):[\w.-]+|\{\{<": "unknown variable",
    r"</?(?:br|small|span|div|p|b|i|em|strong|table|t[rdh])\b[^>]*>": "HTML",
    r"\\(?:begin|end|textbf|emph|ref|label|cite|caption)\{": "LaTeX",
    r"(?m)^\s*:::": "a fence «:::»",
}
"""What a text that was written for pages leaves behind in another format."""

_ACCESSIBLE = re.compile(rb"""pdfuaid:part(?:>|=["'])1\b""")
"""How a PDF says, in its metadata, that it keeps PDF/UA-1."""


def format_problems(stage: Stage, private: list[str]) -> Iterator[Problem]:
    """Hold each format beside the pages against them; ``private`` must not stand in any."""
    if not stage.downloads:
        return
    pages = [stage.rendered / f"{chapter.stem}.html" for chapter in stage.book.chapters]
    if not all(page.is_file() for page in pages):
        return
    configuration = stage.book.configuration
    told = of_pages(pages, configuration.book.title, configuration.lang)
    for format, name in stage.downloads.items():
        path = stage.rendered / name
        if not path.is_file():
            yield Problem(name, "the file was not made")
            continue
        if format is Format.PDF and not _ACCESSIBLE.search(path.read_bytes()):
            yield Problem(name, "the PDF does not say that it keeps PDF/UA-1")
        found = READERS[format](path)
        text = _text_problems(found.text)
        paths = _paths(path, found.text, private)
        for what in [*found.faults, *differences(told, found), *text, *paths]:
            yield Problem(name, what)


def differences(pages: Account, other: Account) -> Iterator[str]:
    """Say where another format differs from the pages."""
    if plain(other.title) != plain(pages.title):
        yield f"the title is «{other.title}» and not «{pages.title}»"
    if other.language.split("-")[0] != pages.language.split("-")[0]:
        yield f"the language is «{other.language}» and not «{pages.language}»"
    yield from _unequal("heading", pages.headings, other.headings)
    yield from _unequal("alternative text", pages.alternatives, other.alternatives)
    whole = squeezed(other.text)
    for what, expected, found in (
        ("caption", pages.captions or [], other.captions),
        ("source", pages.sources or [], other.sources),
    ):
        if found is not None:
            yield from _unequal(what, expected, found)
            continue
        place = 0
        for text in expected:
            next_place = whole.find(squeezed(text), place)
            if next_place < 0:
                yield f"{what} is missing or out of order: {text[:80]}"
            else:
                place = next_place + 1


def _unequal(what: str, expected: list[str], found: list[str]) -> Iterator[str]:
    """The first difference between two lists; the rest mostly follows from it."""
    wanted, given = [plain(one) for one in expected], [plain(one) for one in found]
    for place, (one, other) in enumerate(zip(wanted, given, strict=False), start=1):
        if one != other:
            yield f"{what} {place} is «{other[:80]}» and not «{one[:80]}»"
            return
    if len(wanted) != len(given):
        yield f"there are {len(given)} of {len(wanted)} {what}s"


def _text_problems(text: str) -> Iterator[str]:
    for pattern, what in LEFTOVERS.items():
        if match := re.search(pattern, text):
            around = text[max(0, match.start() - 20) : match.end() + 30].split()
            yield f"{what} is left in the text: {' '.join(around)}"


def _paths(path: Path, text: str, private: list[str]) -> Iterator[str]:
    """Find places of this machine in what is read and in what only programs read."""
    content = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content += [archive.read(name) for name in archive.namelist()]
    for place in private:
        if place in text or any(place.encode("utf-8") in one for one in content):
            yield f"a path of this machine: {place}"
