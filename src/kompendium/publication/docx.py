"""The book as a DOCX: a reference document made by code, and files that come out the same.

Pandoc takes styles, page size, header and footer from a reference document. Ours is Pandoc's
own with the styles of ``word.xml`` in it, so that no binary lies in the repository. What Pandoc
writes is then packed anew without times, and rows of tables are kept whole.
"""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypandoc
from lxml import etree

if TYPE_CHECKING:
    from kompendium.publication.book import Book

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = f"{{{WORD}}}"
_BEFORE_SPACING = {
    f"{_W}{name}" for name in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr")
}
"""What stands before the spacing among a paragraph's properties; Word minds the order."""

_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_TERMS = "{http://purl.org/dc/terms/}"
_ELEMENTS = "{http://purl.org/dc/elements/1.1/}"
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

REFERENCE = "reference.docx"

REGIONS = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
"""Languages as Word knows them, which checks spelling by country."""

CALLOUTS = {
    "note": "0B5563",
    "tip": "14653A",
    "warning": "8A5300",
    "important": "9C1F1F",
    "caution": "8F3D00",
}
"""The colour of each kind of callout, as in ``style.css``."""

VERDICTS = {
    "reprodusert": ("14532D", "E3F4E8"),
    "motsagt": ("8A1C1C", "FDEAEA"),
    "forenlig": ("174A7C", "E6F0FA"),
    "ikke-testbar": ("4A4F57", "EFF1F4"),
}
"""Text and ground of each verdict, as in ``verdicts.css``."""

_CALLOUT = """
<w:style w:type="paragraph" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/>
<w:basedOn w:val="BodyText"/><w:pPr>{keep}<w:pBdr>
<w:left w:val="single" w:sz="24" w:space="8" w:color="{colour}"/></w:pBdr>
<w:shd w:val="clear" w:color="auto" w:fill="F4F6F7"/><w:spacing w:before="0" w:after="0"/>
<w:ind w:left="200" w:right="200"/></w:pPr><w:rPr>{letters}</w:rPr></w:style>"""
_VERDICT = """
<w:style w:type="character" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/><w:rPr>
<w:b/><w:color w:val="{colour}"/><w:shd w:val="clear" w:color="auto" w:fill="{ground}"/></w:rPr>
</w:style>"""
_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<w:hdr xmlns:w="{ns}"><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>
<w:r><w:t xml:space="preserve">{title}</w:t></w:r></w:p></w:hdr>"""
_FOOTER = """<?xml version="1.0" encoding="UTF-8"?>
<w:ftr xmlns:w="{ns}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>
<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>"""
_SECTION = """<w:sectPr xmlns:w="{ns}" xmlns:r="{links}">
<w:headerReference w:type="default" r:id="rIdHeader"/>
<w:footerReference w:type="default" r:id="rIdFooter"/>
<w:footnotePr><w:numRestart w:val="continuous"/></w:footnotePr>
<w:pgSz w:w="11906" w:h="16838"/>
<w:pgMar w:top="1530" w:right="1418" w:bottom="1418" w:left="1418"
 w:header="794" w:footer="680" w:gutter="0"/>
<w:titlePg/></w:sectPr>"""
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first date a ZIP file can hold."""


def reference(folder: Path, title: str) -> Path:
    """Write the reference document: Pandoc's own with our styles, A4, header and footer."""
    target = folder / REFERENCE
    made = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"],
        capture_output=True,
        check=True,
    ).stdout
    target.write_bytes(made)
    parts = _parts(target)
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/header1.xml"] = _xml(_HEADER.format(ns=WORD, title=_escaped(title)))
    parts["word/footer1.xml"] = _xml(_FOOTER.format(ns=WORD))
    document: Any = etree.fromstring(parts["word/document.xml"])
    section = document.find(f".//{_W}body/{_W}sectPr")
    section.getparent().replace(section, etree.fromstring(_SECTION.format(ns=WORD, links=LINKS)))
    parts["word/document.xml"] = etree.tostring(document)
    for kind in ("header", "footer"):
        _declare(parts, kind)
    _pack(target, parts)
    return target


def settle(path: Path, book: Book) -> None:
    """Pack a DOCX anew: language and edition stated, no times, rows whole, parts in one order."""
    parts = _parts(path)
    document: Any = etree.fromstring(parts["word/document.xml"])
    for row in document.iter(f"{_W}tr"):
        properties = row.find(f"{_W}trPr")
        if properties is None:
            properties = etree.Element(f"{_W}trPr")
            row.insert(0, properties)
        if properties.find(f"{_W}cantSplit") is None:
            properties.insert(0, etree.Element(f"{_W}cantSplit"))
    for table in document.iter(f"{_W}tbl"):
        _set_apart(table)
    for picture in document.iter(f"{_PICTURE}cNvPr"):
        # The alternative text is one element up; here Pandoc names the file it read.
        picture.attrib.pop("descr", "")
    parts["word/document.xml"] = _tree(document)
    parts["docProps/core.xml"] = _properties(parts["docProps/core.xml"], book)
    _pack(path, parts)


def _properties(core: bytes, book: Book) -> bytes:
    """What a DOCX says of itself: the language, and of an edition its number and its day."""
    root = etree.fromstring(core)
    told = {f"{_ELEMENTS}language": book.configuration.lang}
    if book.edition:
        told |= {f"{_CORE}version": str(book.edition.number)}
        told |= dict.fromkeys((f"{_TERMS}created", f"{_TERMS}modified"), f"{book.day}T00:00:00Z")
    for tag in (f"{_TERMS}created", f"{_TERMS}modified", *told):
        for element in root.findall(tag):
            root.remove(element)
    for tag, text in told.items():
        stated = etree.SubElement(root, tag)
        stated.text = text
        if tag.startswith(_TERMS):
            stated.set(_TYPE, "dcterms:W3CDTF")
    return _tree(root)


def _set_apart(table: Any) -> None:
    """Give air to the paragraph after a table, which has no space of its own in Word."""
    after = next((one for one in table.itersiblings() if one.tag in (f"{_W}p", f"{_W}tbl")), None)
    if after is None or after.tag == f"{_W}tbl":
        return
    properties = after.find(f"{_W}pPr")
    if properties is None:
        properties = etree.Element(f"{_W}pPr")
        after.insert(0, properties)
    if properties.find(f"{_W}spacing") is None and "Heading" not in _style(properties):
        before = sum(one.tag in _BEFORE_SPACING for one in properties)
        properties.insert(before, etree.Element(f"{_W}spacing", {f"{_W}before": "220"}))


def _style(properties: Any) -> str:
    style = properties.find(f"{_W}pStyle")
    return "" if style is None else str(style.get(f"{_W}val"))


def _styles(own: bytes) -> bytes:
    """Pandoc's styles with those of ``word.xml`` in their place, or added."""
    source = resources.files("kompendium.publication") / "resources" / "word.xml"
    ours: Any = etree.fromstring(source.read_bytes())
    for kind, colour in CALLOUTS.items():
        title, text = f"Callout Title {kind}", f"Callout {kind}"
        letters = f'<w:b/><w:color w:val="{colour}"/>'
        for name, keep, form in ((title, "<w:keepNext/>", letters), (text, "", "")):
            _add(ours, _CALLOUT, name, keep=keep, colour=colour, letters=form)
    for verdict, (colour, ground) in VERDICTS.items():
        _add(ours, _VERDICT, f"Verdict {verdict}", colour=colour, ground=ground)
    styles: Any = etree.fromstring(own)
    defaults = ours.find(f"{_W}docDefaults")
    styles.replace(styles.find(f"{_W}docDefaults"), defaults)
    known = {style.get(f"{_W}styleId"): style for style in styles.findall(f"{_W}style")}
    for style in ours.findall(f"{_W}style"):
        old = known.get(style.get(f"{_W}styleId"))
        if old is None:
            styles.append(style)
        else:
            styles.replace(old, style)
    return _tree(styles)


def _add(styles: etree._Element, form: str, name: str, **values: str) -> None:
    identifier = name.replace(" ", "").replace("-", "")
    text = form.format(id=identifier, name=name, **values).strip()
    wrapped = etree.fromstring(f'<w:styles xmlns:w="{WORD}">{text}</w:styles>')
    styles.append(wrapped[0])


def _declare(parts: dict[str, bytes], kind: str) -> None:
    """Make a header or footer a part of the document."""
    types = etree.fromstring(parts["[Content_Types].xml"])
    override = etree.SubElement(types, types[-1].tag)
    override.set("PartName", f"/word/{kind}1.xml")
    override.set("ContentType", f"{_PART}.{kind}+xml")
    parts["[Content_Types].xml"] = _tree(types)
    name = "word/_rels/document.xml.rels"
    relations = etree.fromstring(parts[name])
    relation = etree.SubElement(relations, relations[0].tag)
    relation.set("Id", f"rId{kind.capitalize()}")
    relation.set("Type", f"{LINKS}/{kind}")
    relation.set("Target", f"{kind}1.xml")
    parts[name] = _tree(relations)


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack(path: Path, parts: Mapping[str, bytes]) -> None:
    """Write a ZIP file that depends on nothing but its parts; the types come first."""
    first = "[Content_Types].xml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, parts[name])


def _tree(root: etree._Element) -> bytes:
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return text


def _xml(text: str) -> bytes:
    return text.encode("utf-8")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
