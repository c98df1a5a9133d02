"""Checks on the book as rendered, whichever publisher rendered it: all problems at once.

Exit codes of publishers lie, so the pages themselves are read: what a reader would stumble
over, and what a browser would fetch or run, is found here or nowhere.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement

from kompendium.facts import documents
from kompendium.publication.activity import (
    Scripts,
    active_content,
    request_problems,
    style_requests,
)
from kompendium.publication.addresses import Links
from kompendium.publication.book import Book, Chapter
from kompendium.publication.comparison import format_problems
from kompendium.publication.computed import filled_in_problems, output_problems
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.ledger import Ledger
from kompendium.publication.notebook_checks import notebook_problems
from kompendium.publication.staging import BOOK_ONLY, Stage
from kompendium.publication.tracing import finding_problems

SELECTOR, INDEX = "editions.js", "index.html"
"""What lies on the shelf of editions, and is written when an edition is put there."""

READ = (".css", ".js", ".csv", ".json", ".xml", ".txt", ".bib", ".ris")
"""Endings of files beside the pages that are text."""

CODE = ("pre", "code", "script", "style", "math", "svg", "template")
"""Elements whose text is not the author's prose."""

LEFTOVERS = {
    r":::": "a fence «:::»",
    r"\{\{<": "a shortcode «{{<»",
    r"#\|": "a cell option «#|»",
    r"\]\(": "a Markdown link",
    r"\{[#.][\w-]+": "Markdown attributes «{#…}»",
    r"\*\*\w[^*]*\*\*": "Markdown emphasis «**»",
    r"(?m)^\s*#{1,6} \S": "a Markdown heading",
    r"\|\s*:?-{3,}": "a Markdown table",
    r"```": "a Markdown code fence",
}
"""Markup that should have become something else."""

_OUTSIDE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
_REFERENCE = re.compile(r"\?@?(?:fig|tbl|sec|eq|lst)-[\w-]+|(?<![\w.])@(?:fig|tbl|sec|eq)-[\w-]+")
_VARIABLE = re.compile(r"\?var:[\w.-]+|\?meta:[\w.-]+")
_LABEL = re.compile(r"^(fig|tbl|sec|eq)-[\w.:-]+$")
_PLACES = re.compile(r"(?:/home|/Users|/root)/[\w.-]+|[A-Z]:\\+Users\\+\w+|site-packages/")


def check(stage: Stage, complaints: list[Problem]) -> None:
    """Raise PublicationError with every problem in the stage's notebooks and the pages.

    ``complaints`` are the publisher's own; any of them is a problem.
    """
    pages, book = stage.rendered, stage.book
    expected = {f"{chapter.stem}.html": chapter for chapter in book.chapters}
    problems = [*complaints, *notebook_problems(stage)]
    problems += [
        Problem(name, "the page was not made") for name in expected if not (pages / name).is_file()
    ]
    problems += page_problems(
        pages,
        book.compendium.root,
        book.place,
        separate=book.separate,
        scripts=_scripts(stage),
        promised=_promised(book),
        numbers=Numbers(stage),
    )
    problems += format_problems(stage, _private_places(book.compendium.root))
    if problems:
        raise PublicationError(problems)


def page_problems(
    pages: Path,
    root: Path,
    place: Path | None = None,
    *,
    separate: bool = False,
    scripts: Scripts | None = None,
    promised: frozenset[str] = frozenset(),
    numbers: Callable[[HtmlElement, str], Iterator[str]] | None = None,
) -> list[Problem]:
    """Every problem in the HTML pages and style sheets under a folder.

    ``place`` is where the pages will lie: links out of the folder must lead somewhere from
    there, or be ``promised``. Labels are the book's own, or each page's where pages are
    ``separate``. ``numbers`` finds what is wrong with those on a page, by its name. One page
    at a time is held in memory.
    """
    links = Links(pages, place, promised)
    scripts = scripts or Scripts(pages)
    private = _private_places(root)
    problems = []
    labels: dict[str, str] = {}
    for path in sorted(pages.rglob("*.html")):
        name = path.relative_to(pages).as_posix()
        source = path.read_text(encoding="utf-8")
        document = html.document_fromstring(source)
        links.read(document, path)
        body = _body(document)
        found = [
            *_text_problems(body),
            *_figure_problems(body, path),
            *request_problems(document),
            *active_content(document, body),
            *scripts.problems(document, path),
            *_label_problems(document, name, {} if separate else labels),
            *(numbers(body, name) if numbers else ()),
        ]
        found += [f"a path of this machine: {one}" for one in private if one in source]
        found += [f"a path of a machine: {one}" for one in set(_PLACES.findall(source))]
        problems += [Problem(name, what) for what in found]
    problems += [
        Problem(path.relative_to(pages).as_posix(), what) for path, what in links.problems()
    ]
    return problems + _file_problems(pages, private)


def _file_problems(pages: Path, private: list[str]) -> list[Problem]:
    """What is wrong with files that pages bring along: style sheets, scripts, downloads."""
    problems = []
    for path in sorted(path for path in pages.rglob("*") if path.suffix in READ):
        name = path.relative_to(pages).as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        requests = style_requests(text) if path.suffix == ".css" else []
        found = [f"outside request: {url}" for url in requests]
        found += [f"a path of this machine: {one}" for one in private if one in text]
        problems += [Problem(name, what) for what in found]
    return problems


@dataclass(frozen=True)
class Numbers:
    """The numbers on each page of a book, held against what recorded them."""

    stage: Stage

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self.stage.book.compendium, self.stage.book.configuration.lang)

    @cached_property
    def _variables(self) -> dict[str, Any]:
        path = self.stage.book.compendium.variables
        return documents.read(path) or {} if path.is_file() else {}

    @cached_property
    def _chapters(self) -> dict[str, Chapter]:
        return {f"{chapter.stem}.html": chapter for chapter in self.stage.book.chapters}

    def __call__(self, body: HtmlElement, name: str) -> Iterator[str]:
        """Every number on a page that is another than the one recorded."""
        chapter = self._chapters.get(name)
        if chapter is None or chapter.seen_from.parent == self.stage.book.compendium.pages:
            return  # what the publisher writes itself tells of editions, each with its own register
        notebook = chapter.path if chapter.is_notebook else None
        yield from finding_problems(body, chapter.stem, self._ledger, notebook)
        if notebook is None:
            source = chapter.path.read_text(encoding="utf-8")
            yield from filled_in_problems(body, source, self._variables)
        else:
            left_out = {BOOK_ONLY} if self.stage.book.separate else set()
            yield from output_problems(body, notebook, left_out)


def _promised(book: Book) -> frozenset[str]:
    """Addresses outside the book that are there once it is: the shelf, the same in other words."""
    shelf = {f"{book.shelf}{INDEX}"} if book.shelf else set()
    others = (one for chapter in book.chapters for one in book.languages(chapter))
    return frozenset(shelf | {one.address for one in others})


def _scripts(stage: Stage) -> Scripts:
    pages, book = stage.rendered, stage.book
    plain = [pages / f"{one.stem}.html" for one in book.chapters if not one.is_notebook]
    beside = (f"{book.shelf}{SELECTOR}",) if book.shelf else ()
    return Scripts(pages, tuple(page for page in plain if page.is_file()), beside)


def _body(document: HtmlElement) -> HtmlElement:
    """The page's own content, without the publisher's menus."""
    mains = document.xpath("//main")
    return mains[0] if mains else document


def _text_problems(body: HtmlElement) -> Iterator[str]:
    prose = "\n".join(str(text) for text in body.xpath(".//text()") if not _inside(text, CODE))
    for found in sorted(set(_REFERENCE.findall(prose))):
        yield f"unresolved reference: {found}"
    for found in sorted(set(_VARIABLE.findall(prose))):
        yield f"unknown variable: {found}"
    for key in body.xpath(".//*[contains(@class,'citation')]//strong"):
        if key.text_content().endswith("?"):
            yield f"unresolved citation: {key.text_content().rstrip('?')}"
    for key in body.xpath(".//span[contains(@class,'citation')][@data-cites][not(.//a)]"):
        if "@" in key.text_content():
            yield f"unresolved citation: {key.get('data-cites')}"
    for pattern, what in LEFTOVERS.items():
        if match := re.search(pattern, prose):
            around = prose[max(0, match.start() - 20) : match.end() + 30].split()
            yield f"{what} is left in the text: {' '.join(around)}"
    for code in body.xpath(".//pre"):
        text = code.text_content()
        if re.search(r"(?m)^#\| ?\w", text):
            yield "a cell option «#|» is left in the code"
        if "Traceback (most recent call last)" in text:
            yield "a traceback is shown"
    for classes, what in (("error", "an error output"), ("stderr", "a warning of a cell")):
        if body.xpath(f".//*[contains(@class,'cell-output-{classes}')]"):
            yield f"{what} is shown"


def _inside(text: Any, names: tuple[str, ...]) -> bool:
    """Say whether a text node lies in an element of these names."""
    node = text.getparent().getparent() if text.is_tail else text.getparent()
    while node is not None:
        if node.tag in names:
            return True
        node = node.getparent()
    return False


def _figure_problems(body: HtmlElement, path: Path) -> Iterator[str]:
    for image in body.iter("img"):
        source = image.get("src", "")
        decorative = image.get("role") == "presentation" or image.get("aria-hidden") == "true"
        shown = source if len(source) < 80 else source[:40] + "…"
        if not image.get("alt", "").strip() and not decorative:
            yield f"figure without alternative text: {shown}"
        if source.startswith("data:") or _OUTSIDE.match(source):
            continue
        if not source or not (path.parent / unquote(urlsplit(source).path)).is_file():
            yield f"missing figure: {shown or 'no address'}"


def _label_problems(document: HtmlElement, name: str, labels: dict[str, str]) -> Iterator[str]:
    """Find labels that stand on two pages, or twice on one."""
    for identifier in document.xpath("//main//@id"):
        if not _LABEL.match(identifier) or identifier.endswith("-caption"):
            continue
        if identifier in labels:
            yield f"the label {identifier} is used before on {labels[identifier]}"
        labels[identifier] = name


def _private_places(root: Path) -> list[str]:
    """Paths of this machine that no reader should see, the long ones first."""
    places = {str(root), str(Path.home()), sys.prefix, sys.base_prefix, tempfile.gettempdir()}
    return sorted((one for one in places if one.count("/") + one.count("\\") > 1), key=len)[::-1]
