"""What a reader finds in the book, format by format, so that formats can be held together.

Each file is read as it lies there, whichever publisher made it: pages with lxml, DOCX as the
XML it is, PDF with PDFium (outline, structure tree, text).
"""

from __future__ import annotations

import ctypes
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
from lxml import etree, html
from pypdfium2 import raw as pdfium

from kompendium.publication.quotation import typed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_CORE = {"dc": "http://purl.org/dc/elements/1.1/"}
_CAPTIONS = ("ImageCaption", "TableCaption")
_UNSEEN = re.compile("[\x02\u00ad\ufffe\u200b\u2060]")
"""Soft hyphens and joints; PDFium has U+FFFE or U+0002 for a hyphen at a line's end."""


@dataclass(frozen=True)
class Account:
    """Headings with their numbers, captions, alternative texts and sources, each in order.

    ``captions`` is None where the format does not tell captions from other text; then they
    must stand in ``text``. So too ``sources``.
    """

    title: str
    language: str
    headings: list[str]
    alternatives: list[str]
    text: str
    captions: list[str] | None = None
    sources: list[str] | None = None
    faults: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """Text as compared: one space where there is any, nothing that is not seen."""
    return " ".join(_UNSEEN.sub("", typed(text)).split())


def squeezed(text: str) -> str:
    """Text without spaces and hyphens, to be found across lines."""
    return "".join(_UNSEEN.sub("", typed(text)).replace("-", "").split())


def of_pages(pages: list[Path], title: str, language: str) -> Account:
    """Read the pages in reading order; the first is the front page."""
    headings: list[str] = []
    captions: list[str] = []
    alternatives: list[str] = []
    sources: list[str] = []
    texts: list[str] = []
    for number, path in enumerate(pages):
        document: Any = html.document_fromstring(path.read_text(encoding="utf-8"))
        main = document.xpath("//main")[0]
        found = [plain(one.text_content()) for one in main.xpath(_HEADINGS)]
        headings += found[1:] if number == 0 else found
        captions += [plain(one.text_content()) for one in main.iter("figcaption")]
        alternatives += [
            plain(one.get("alt") or one.get("aria-label") or "") for one in main.xpath(_PICTURES)
        ]
        sources += [plain(one.text_content()) for one in main.xpath(_SOURCES)]
        texts.append(main.text_content())
    return Account(title, language, headings, alternatives, "\n".join(texts), captions, sources)


_HEADINGS = (
    ".//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5][not(@id='toc-title')]"
    "[not(ancestor::nav)]"
)
_PICTURES = ".//img|.//*[@role='img']"
_SOURCES = (
    ".//div[contains(@class,'csl-entry')][not(ancestor::div[contains(@style,'display: none')])]"
)
"""Quarto keeps a hidden bibliography on every page."""


def of_docx(path: Path) -> Account:
    """Read a DOCX: paragraphs by style, descriptions of drawings, core properties."""
    with zipfile.ZipFile(path) as archive:
        document: Any = etree.fromstring(archive.read("word/document.xml"))
        core: Any = etree.fromstring(archive.read("docProps/core.xml"))
    by_style: dict[str, list[str]] = {"heading": [], "caption": [], "source": []}
    texts = []
    for paragraph in document.iter(f"{_W}p"):
        words = plain("".join(_words(paragraph)))
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = style.get(f"{_W}val", "") if style is not None else ""
        if re.fullmatch(r"Heading\d", name):
            by_style["heading"].append(words)
        elif name in _CAPTIONS and words:
            by_style["caption"].append(words)
        elif name == "Bibliography":
            by_style["source"].append(words)
        texts.append(words)
    named = [link.get(f"{_W}anchor") for link in document.iter(f"{_W}hyperlink")]
    marks = {mark.get(f"{_W}name") for mark in document.iter(f"{_W}bookmarkStart")}
    dead = sorted({name for name in named if name and name not in marks})
    return Account(
        title=core.findtext("dc:title", "", _CORE),
        language=core.findtext("dc:language", "", _CORE),
        headings=by_style["heading"],
        alternatives=[plain(one.get("descr", "")) for one in document.iter(_DRAWN)],
        text="\n".join(texts),
        captions=by_style["caption"],
        sources=by_style["source"],
        faults=[f"dead link: #{name}" for name in dead],
    )


def _words(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
        yield element.text or "" if element.tag == f"{_W}t" else " "


def of_pdf(path: Path) -> Account:
    """Read a PDF: its outline for headings, its structure tree for alternative texts."""
    document = pypdfium2.PdfDocument(path)
    try:
        texts: list[str] = []
        alternatives: list[str] = []
        for page in document:
            texts.append(page.get_textpage().get_text_bounded())
            alternatives += [plain(text) for text in _alternatives(page.raw)]
        untagged = not pdfium.FPDFCatalog_IsTagged(document.raw)
        return Account(
            title=document.get_metadata_value("Title"),
            language=_text(partial(pdfium.FPDFCatalog_GetLanguage, document.raw)),
            headings=[plain(one.get_title()) for one in document.get_toc()],
            alternatives=alternatives,
            text="\n".join(texts),
            faults=["the PDF is not tagged"] if untagged else [],
        )
    finally:
        document.close()


def _alternatives(page: Any) -> Iterator[str]:
    """The alternative texts of the figures on a page; an empty one where there is none."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    try:
        children = [
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, place)
            for place in range(pdfium.FPDF_StructTree_CountChildren(tree))
        ]
        while children:
            element = children.pop(0)
            if not element:
                continue
            if _text(partial(pdfium.FPDF_StructElement_GetType, element)) == "Figure":
                yield _text(partial(pdfium.FPDF_StructElement_GetAltText, element))
            children[:0] = [
                pdfium.FPDF_StructElement_GetChildAtIndex(element, place)
                for place in range(pdfium.FPDF_StructElement_CountChildren(element))
            ]
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _text(ask: Callable[[Any, int], int]) -> str:
    """A text of PDFium, which first says how long it is and then fills a buffer."""
    length = ask(None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: max(length, 2) - 2].decode("utf-16-le")
