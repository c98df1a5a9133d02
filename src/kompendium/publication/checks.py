"""Checks on the book as rendered, whichever publisher rendered it: all problems at once.

Exit codes of publishers lie, so the pages themselves are read: what a reader would stumble
over, and what a browser would fetch or run, is found here or nowhere.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement

from kompendium.publication import siblings
from kompendium.publication.comparison import format_problems
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.notebook_checks import notebook_problems
from kompendium.publication.staging import Stage

FETCHING = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src", "srcdoc"),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href",),
    "use": ("href",),
    "form": ("action",),
}
"""Attributes that make a browser fetch (or send) something."""

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

_OUTSIDE = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
_STYLE_FETCH = re.compile(r"(?:@import\s*|url\(\s*)[\"']?\s*((?:https?:)?//[^\"')\s]+)", re.I)
_REFERENCE = re.compile(r"\?@?(?:fig|tbl|sec|eq|lst)-[\w-]+|(?<![\w.])@(?:fig|tbl|sec|eq)-[\w-]+")
_VARIABLE = re.compile(r"\?var:[\w.-]+|\?meta:[\w.-]+")
_LABEL = re.compile(r"^(fig|tbl|sec|eq)-[\w.:-]+$")
_PLACES = re.compile(r"(?:/home|/Users|/root)/[\w.-]+|[A-Z]:\\+Users\\+\w+|site-packages/")


def check(stage: Stage, complaints: list[Problem]) -> None:
    """Raise PublicationError with every problem in the stage's notebooks and the pages.

    ``complaints`` are the publisher's own; any of them is a problem.
    """
    pages, book = stage.rendered, stage.book
    expected = [f"{chapter.stem}.html" for chapter in book.chapters]
    problems = [*complaints, *notebook_problems(stage)]
    problems += [
        Problem(name, "the page was not made") for name in expected if not (pages / name).is_file()
    ]
    problems += page_problems(pages, book.compendium.root, book.place, separate=book.separate)
    problems += format_problems(stage, _private_places(book.compendium.root))
    if problems:
        raise PublicationError(problems)


def page_problems(
    pages: Path, root: Path, place: Path | None = None, *, separate: bool = False
) -> list[Problem]:
    """Every problem in the HTML pages and style sheets under a folder.

    ``place`` is where the pages will lie: links out of the folder must lead somewhere from
    there. Labels are the book's own, or each page's where pages are ``separate``. One page at a
    time is held in memory.
    """
    anchors: dict[Path, frozenset[str]] = {}
    links: list[tuple[Path, str]] = []
    private = _private_places(root)
    problems = []
    labels: dict[str, str] = {}
    for path in sorted(pages.rglob("*.html")):
        name = path.relative_to(pages).as_posix()
        source = path.read_text(encoding="utf-8")
        document = html.document_fromstring(source)
        anchors[path] = _anchors(document)
        hrefs = {str(link.get("href")): None for link in document.iter("a") if link.get("href")}
        links += [(path, href) for href in hrefs]
        found = [
            *_text_problems(document),
            *_figure_problems(document, path),
            *_request_problems(document),
            *_active_content(document),
            *_label_problems(document, name, {} if separate else labels),
        ]
        found += [f"a path of this machine: {one}" for one in private if one in source]
        found += [f"a path of a machine: {one}" for one in set(_PLACES.findall(source))]
        problems += [Problem(name, what) for what in found]
    for path, href in links:
        for what in _link_problems(href, path, pages, anchors, place):
            problems.append(Problem(path.relative_to(pages).as_posix(), what))
    for path in sorted(pages.rglob("*.css")):
        name = path.relative_to(pages).as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        problems += [Problem(name, f"outside request: {url}") for url in _STYLE_FETCH.findall(text)]
    return problems


def _body(document: HtmlElement) -> HtmlElement:
    """The page's own content, without the publisher's menus."""
    mains = document.xpath("//main")
    return mains[0] if mains else document


def _text_problems(document: HtmlElement) -> Iterator[str]:
    body = _body(document)
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


def _figure_problems(document: HtmlElement, path: Path) -> Iterator[str]:
    for image in _body(document).iter("img"):
        source = image.get("src", "")
        decorative = image.get("role") == "presentation" or image.get("aria-hidden") == "true"
        shown = source if len(source) < 80 else source[:40] + "…"
        if not image.get("alt", "").strip() and not decorative:
            yield f"figure without alternative text: {shown}"
        if source.startswith("data:") or _OUTSIDE.match(source):
            continue
        if not source or not (path.parent / unquote(urlsplit(source).path)).is_file():
            yield f"missing figure: {shown or 'no address'}"


def _link_problems(
    href: str, path: Path, pages: Path, anchors: dict[Path, frozenset[str]], place: Path | None
) -> Iterator[str]:
    """Follow a link to a page of its own publication, or of one that lies beside it."""
    if href == "#":
        return
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        if parts.scheme in ("file", "javascript", "data", "vbscript"):
            yield f"link that must not be: {href[:60]}"
        return
    target = Path(os.path.normpath(path.parent / unquote(parts.path))) if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    fragment = unquote(parts.fragment) if target.suffix == ".html" else ""
    if target.is_relative_to(pages):
        if not target.is_file():
            yield f"dead link: {href}"
        elif fragment and fragment not in anchors.get(target, ()):
            yield f"dead anchor: {href}"
    elif place is None or not siblings.leads(place, path.relative_to(pages), parts.path):
        yield f"dead link: {href}"
    elif not siblings.leads(place, path.relative_to(pages), parts.path, fragment):
        yield f"dead anchor: {href}"


def _request_problems(document: HtmlElement) -> Iterator[str]:
    for tag, names in FETCHING.items():
        for element in document.iter(tag):
            if tag == "link" and element.get("rel") in ("canonical", "license"):
                continue
            for name in names:
                value = element.get(name) or ""
                if _OUTSIDE.match(value):
                    yield f"outside request: <{tag} {name}={value.strip()}>"
    for style in document.iter("style"):
        for url in _STYLE_FETCH.findall(style.text_content()):
            yield f"outside request: {url}"
    for element in document.xpath("//*[@style]"):
        for url in _STYLE_FETCH.findall(element.get("style", "")):
            yield f"outside request: {url}"


def _active_content(document: HtmlElement) -> Iterator[str]:
    body = _body(document)
    for tag in ("script", "iframe", "object", "embed"):
        if any(True for _ in body.iter(tag)):
            yield f"<{tag}> in the text"
    for element in body.iter():
        for name, value in element.attrib.items():
            if str(name).startswith("on"):
                yield f"attribute that runs code: <{element.tag} {name}=…>"
            elif str(value).strip().lower().startswith("javascript:"):
                yield f"address that runs code: <{element.tag} {name}=…>"


def _label_problems(document: HtmlElement, name: str, labels: dict[str, str]) -> Iterator[str]:
    """Find labels that stand on two pages, or twice on one."""
    for identifier in document.xpath("//main//@id"):
        if not _LABEL.match(identifier) or identifier.endswith("-caption"):
            continue
        if identifier in labels:
            yield f"the label {identifier} is used before on {labels[identifier]}"
        labels[identifier] = name


def _anchors(document: HtmlElement) -> frozenset[str]:
    return frozenset(str(value) for value in document.xpath("//@id | //a/@name"))


def _private_places(root: Path) -> list[str]:
    """Paths of this machine that no reader should see, the long ones first."""
    places = {str(root), str(Path.home()), sys.prefix, sys.base_prefix, tempfile.gettempdir()}
    return sorted((one for one in places if one.count("/") + one.count("\\") > 1), key=len)[::-1]
