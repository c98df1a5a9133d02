"""Checks on the book as rendered, whichever publisher rendered it: all problems at once.

Exit codes of publishers lie, so the pages themselves are read: what a reader would stumble
over, and what a browser would fetch or run, is found here or nowhere.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement

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
    pages = stage.rendered
    expected = [f"{chapter.stem}.html" for chapter in stage.book.chapters]
    problems = [*complaints, *notebook_problems(stage)]
    problems += [
        Problem(name, "the page was not made") for name in expected if not (pages / name).is_file()
    ]
    problems += page_problems(pages, stage.book.compendium.root)
    problems += format_problems(stage, _private_places(stage.book.compendium.root))
    if problems:
        raise PublicationError(problems)


def page_problems(pages: Path, root: Path) -> list[Problem]:
    """Every problem in the HTML pages and style sheets under a folder."""
    documents = {
        path: html.document_fromstring(path.read_text(encoding="utf-8"))
        for path in sorted(pages.rglob("*.html"))
    }
    anchors = {path: _anchors(document) for path, document in documents.items()}
    private = _private_places(root)
    problems = []
    labels: dict[str, str] = {}
    for path, document in documents.items():
        name = path.relative_to(pages).as_posix()
        found = [
            *_text_problems(document),
            *_figure_problems(document, path),
            *_link_problems(document, path, pages, anchors),
            *_request_problems(document),
            *_active_content(document),
            *_label_problems(document, name, labels),
        ]
        source = path.read_text(encoding="utf-8")
        found += [f"a path of this machine: {place}" for place in private if place in source]
        found += [f"a path of a machine: {place}" for place in set(_PLACES.findall(source))]
        problems += [Problem(name, what) for what in found]
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
    document: HtmlElement, path: Path, pages: Path, anchors: dict[Path, set[str]]
) -> Iterator[str]:
    for link in document.iter("a"):
        href = link.get("href")
        if href is None or href == "#":
            continue
        parts = urlsplit(href)
        if parts.scheme or parts.netloc:
            if parts.scheme in ("file", "javascript", "data", "vbscript"):
                yield f"link that must not be: {href[:60]}"
            continue
        target = path if not parts.path else Path(path.parent / unquote(parts.path)).resolve()
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file() or not target.is_relative_to(pages.resolve()):
            yield f"dead link: {href}"
        elif parts.fragment and target.suffix == ".html":
            here = anchors.get(target) or anchors.get(pages / target.relative_to(pages.resolve()))
            if unquote(parts.fragment) not in (here or set()):
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


def _anchors(document: HtmlElement) -> set[str]:
    return {str(value) for value in document.xpath("//@id | //a/@name")}


def _private_places(root: Path) -> list[str]:
    """Paths of this machine that no reader should see, the long ones first."""
    places = {str(root), str(Path.home()), sys.prefix, sys.base_prefix, tempfile.gettempdir()}
    return sorted((one for one in places if one.count("/") + one.count("\\") > 1), key=len)[::-1]
