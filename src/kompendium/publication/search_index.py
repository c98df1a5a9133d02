"""The index of the book's own search, made from the pages as rendered.

It is a script that gives JSON a name, because a page at a file address may run a script beside it
but read no file. Each section is an entry; on the register's page, so is each finding.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import html
from lxml.html import HtmlElement

NAME = "index.js"
VARIABLE = "window.kompendiumIndex"

HEADINGS = ("h1", "h2", "h3", "h4")
LEFT_OUT = ("nav", "pre", "script", "style", "template", "summary", "annotation")
CLASSES = frozenset(("made", "cite", "contents-menu", "author", "bar"))
"""What is no text of the book: menus, code, how things were made and are cited."""

END = "laget-"
"""How the anchor of a chapter's last section begins: what it lists is not searched for."""


@dataclass
class Section:
    """A place that a hit leads to, and its text."""

    id: str
    heading: str
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text on one line."""
        return " ".join("".join(self.parts).split())


def script(pages: list[Path], register: str = "") -> str:
    """Index pages in this order; ``register`` is the name of the page that lists findings."""
    titles: list[tuple[str, str]] = []
    sections: list[tuple[int, str, str, str]] = []
    for place, path in enumerate(pages):
        document: HtmlElement = html.document_fromstring(path.read_text(encoding="utf-8"))
        found = [*_sections(document.xpath("//main")[0], findings=path.name == register)]
        titles.append((path.name, found[0].heading))
        sections += [(place, one.id, one.heading, one.text) for one in found if one.text]
    content = {"pages": titles, "sections": sections}
    return f"{VARIABLE} = {json.dumps(content, ensure_ascii=False, separators=(',', ':'))};\n"


def _sections(main: HtmlElement, *, findings: bool) -> Iterator[Section]:
    """The page's sections in order; the first is what stands before the first heading."""
    every: list[Section] = [Section("", "")]
    current = every[0]

    def read(element: HtmlElement) -> None:
        nonlocal current
        if not isinstance(element.tag, str) or element.tag in LEFT_OUT:
            return
        if CLASSES & {*(element.get("class") or "").split()}:
            return
        if element.tag in HEADINGS:
            parent = element.getparent()
            owner = parent.get("id") if parent is not None and parent.tag == "section" else None
            heading = " ".join(element.text_content().split())
            if element.tag == "h1" or not every[0].heading:
                every[0].heading = every[0].heading or heading
                return
            current = Section(owner or element.get("id") or "", heading)
            every.append(current)
            return
        anchors = element.xpath(".//*[starts-with(@id, 'funn-')]") if element.tag == "tr" else []
        if findings and anchors:
            around, current = current, Section(anchors[0].get("id"), current.heading)
            every.append(current)
            for cell in element:
                read(cell)
            current = around
            return
        if element.text:
            current.parts.append(element.text)
        for child in element:
            read(child)
            if child.tail:
                current.parts.append(child.tail)
        if element.tag not in INLINE:
            current.parts.append(" ")

    read(main)
    return (one for one in every if not one.id.startswith(END))


INLINE = frozenset(("a", "abbr", "b", "cite", "code", "em", "i", "mark", "small", "span", "strong",
                    "sub", "sup", "q"))  # fmt: skip
"""Elements that do not part words."""
