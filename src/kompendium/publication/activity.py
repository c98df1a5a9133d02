"""What a browser would fetch or run on a page: nothing from outside, no script but our own.

Quarto and nbconvert pass on what an output or a text brings along, so the finished page is
read. A script is known by its content, to the byte, never by its name or place: ours are those
in ``resources``, Quarto's those it was installed with. Quarto also writes some scripts into
its pages; they are the same on all pages, and are known by standing on a page that no notebook
made.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement

from kompendium.publication import installation

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
    "button": ("formaction",),
    "input": ("src", "formaction"),
    "base": ("href",),
}
"""Attributes that make a browser fetch (or send) something, or fetch it from elsewhere."""

NAMING = ("canonical", "license", "alternate", "author", "schema.DC", "schema.DCTERMS")
"""Relations of a link that only tell where something is."""

INERT = ("application/json", "application/ld+json")
"""Types of a script that browsers never run."""

LIBRARIES = "site_libs"
"""Where Quarto puts what its pages run."""

_OUTSIDE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
_STYLE_FETCH = re.compile(r"(?:@import\s*|url\(\s*)[\"']?\s*((?:https?:)?//[^\"')\s]+)", re.I)
_DATA = re.compile(r"^\s*(?:(?:var|const|let)\s+)?[\w.$]+\s*=\s*(?P<json>.*?)\s*;?\s*$", re.DOTALL)


def request_problems(document: HtmlElement) -> Iterator[str]:
    """Everything on a page that would be fetched from outside."""
    for tag, names in FETCHING.items():
        for element in document.iter(tag):
            if tag == "link" and set((element.get("rel") or "").split()) & set(NAMING):
                continue
            for name in names:
                value = element.get(name) or ""
                if any(_OUTSIDE.match(one) for one in (value, *value.split(","))):
                    yield f"outside request: <{tag} {name}={value.strip()}>"
    for style in document.iter("style"):
        for url in style_requests(style.text_content()):
            yield f"outside request: {url}"
    for element in document.xpath("//*[@style]"):
        for url in style_requests(element.get("style", "")):
            yield f"outside request: {url}"


def style_requests(text: str) -> list[str]:
    """The outside addresses that a style sheet would fetch."""
    return _STYLE_FETCH.findall(text)


def active_content(document: HtmlElement, body: HtmlElement) -> Iterator[str]:
    """What would run, or take the reader away, in the text ``body`` or anywhere on the page."""
    for tag in ("script", "iframe", "object", "embed"):
        if any(True for _ in body.iter(tag)):
            yield f"<{tag}> in the text"
    for element in body.iter():
        for name, value in element.attrib.items():
            if str(name).startswith("on"):
                yield f"attribute that runs code: <{element.tag} {name}=…>"
            elif str(value).strip().lower().startswith("javascript:"):
                yield f"address that runs code: <{element.tag} {name}=…>"
    for meta in document.xpath("//meta[@http-equiv]"):
        if meta.get("http-equiv", "").lower() == "refresh":
            yield "<meta http-equiv=refresh> takes the reader elsewhere"
    for base in document.iter("base"):
        yield f"<base href={base.get('href')}> moves every link of the page"


@dataclass(frozen=True)
class Scripts:
    """The scripts that pages in a folder may run.

    ``plain`` are the pages that no notebook made. ``beside`` are addresses of scripts that lie
    outside the folder and are checked where they are made.
    """

    pages: Path
    plain: tuple[Path, ...] = ()
    beside: tuple[str, ...] = ()
    _known: dict[Path, bool] = field(default_factory=dict)

    def problems(self, document: HtmlElement, page: Path) -> Iterator[str]:
        """Every script of a page that is not one of those it may run."""
        for script in document.iter("script"):
            if (script.get("type") or "").lower() in INERT:
                if not _is_json(script.text_content()):
                    yield "a script of data that is no JSON"
            elif source := script.get("src"):
                if not _OUTSIDE.match(source) and not self._may_run(source, page):
                    yield f"a script that is not the book's own: {source}"
            elif not self._may_run_inline(script.text_content()):
                yield f"a script that is not the book's own: {_start(script.text_content())}"

    def _may_run(self, source: str, page: Path) -> bool:
        if source in self.beside:
            return True
        path = page.parent / unquote(urlsplit(source).path)
        if path not in self._known:
            self._known[path] = path.is_file() and self._is_known(path)
        return self._known[path]

    def _is_known(self, path: Path) -> bool:
        content = path.read_bytes()
        if _hash(content) in own_scripts() or is_data(content.decode("utf-8", "replace")):
            return True
        if LIBRARIES not in path.parts:
            return False
        return any(one.read_bytes() == content for one in self._library.get(path.name, ()))

    def _may_run_inline(self, text: str) -> bool:
        digest = _hash(text.strip().encode("utf-8"))
        return digest in own_scripts() or is_data(text) or digest in self._on_plain_pages

    @cached_property
    def _on_plain_pages(self) -> frozenset[str]:
        """Scripts of Quarto's own; the embedded publisher writes none but ours."""
        if not (self.pages / LIBRARIES).is_dir():
            return frozenset()
        found = set()
        for page in self.plain:
            document: HtmlElement = html.document_fromstring(page.read_text(encoding="utf-8"))
            for script in document.iter("script"):
                if not any(one.tag == "main" for one in script.iterancestors()):
                    found.add(_hash(script.text_content().strip().encode("utf-8")))
        return frozenset(found)

    @cached_property
    def _library(self) -> dict[str, list[Path]]:
        """The scripts Quarto was installed with, by name."""
        program = installation.find()
        if program is None:
            return {}
        told = subprocess.run([program, "--paths"], capture_output=True, text=True, check=False)
        share = Path(told.stdout.strip().splitlines()[-1]) if told.stdout.strip() else Path()
        found: dict[str, list[Path]] = {}
        for path in share.rglob("*.js") if share.is_absolute() else ():
            found.setdefault(path.name, []).append(path)
        return found


def own_scripts() -> frozenset[str]:
    """The hashes of the scripts that the book brings along."""
    folder = resources.files("kompendium.publication") / "resources"
    return frozenset(
        _hash(one.read_bytes().strip()) for one in folder.iterdir() if one.name.endswith(".js")
    )


def is_data(text: str) -> bool:
    """Tell whether a script does nothing but give a name to JSON, such as the search's index."""
    found = _DATA.match(text)
    return found is not None and _is_json(found["json"])


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _hash(content: bytes) -> str:
    return sha256(content.strip()).hexdigest()


def _start(text: str) -> str:
    return " ".join(text.split())[:60]
