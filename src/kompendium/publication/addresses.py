"""Where the links of pages lead: to pages, places and files that are there, and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from kompendium.publication import siblings

FORBIDDEN = ("file", "javascript", "data", "vbscript")
"""Schemes that lead into the reader's machine, or run something."""


@dataclass
class Links:
    """The links and places of all pages in a folder, page by page as they are read.

    ``place`` is where the pages will lie: links out of the folder must lead somewhere from
    there. ``promised`` are addresses that will be there when the pages are.
    """

    pages: Path
    place: Path | None = None
    promised: frozenset[str] = frozenset()
    _anchors: dict[Path, frozenset[str]] = field(default_factory=dict)
    _hrefs: list[tuple[Path, str]] = field(default_factory=list)

    def read(self, document: HtmlElement, page: Path) -> None:
        """Take in the links and places of one page."""
        self._anchors[page] = frozenset(map(str, document.xpath("//@id | //a/@name")))
        hrefs = [str(href) for href in document.xpath("//a/@href | //area/@href") if href]
        self._hrefs += [(page, href) for href in dict.fromkeys(hrefs)]

    def problems(self) -> Iterator[tuple[Path, str]]:
        """Every link that leads nowhere, or where it must not, with its page."""
        for page, href in self._hrefs:
            for what in self._followed(href, page):
                yield page, what

    def _followed(self, href: str, page: Path) -> Iterator[str]:
        """Follow a link to a page of its own publication, or of one that lies beside it."""
        if href == "#" or href in self.promised:
            return
        parts = urlsplit(href)
        if parts.scheme or parts.netloc:
            if parts.scheme.lower() in FORBIDDEN:
                yield f"link that must not be: {href[:60]}"
            return
        path = unquote(parts.path)
        target = Path(os.path.normpath(page.parent / path)) if path else page
        target = target / "index.html" if target.is_dir() else target
        fragment = unquote(parts.fragment) if target.suffix == ".html" else ""
        if target.is_relative_to(self.pages):
            if not target.is_file():
                yield f"dead link: {href}"
            elif fragment and fragment not in self._anchors.get(target, ()):
                yield f"dead anchor: {href}"
            return
        own = page.relative_to(self.pages)
        if self.place is None or not siblings.leads(self.place, own, path):
            yield f"dead link: {href}"
        elif not siblings.leads(self.place, own, path, fragment):
            yield f"dead anchor: {href}"
