"""Quarto as publisher, where it is installed; its exit code lies, so its warnings count."""

from __future__ import annotations

import json
import re
import subprocess
from importlib import resources
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pypandoc
from lxml import etree
from ruamel.yaml import YAML

from kompendium.publication import docx
from kompendium.publication.book import Chapter
from kompendium.publication.cells import load
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.formats import Format
from kompendium.publication.masthead import SITE, bar, foot, head

if TYPE_CHECKING:
    from kompendium.publication.staging import Stage

STYLE = "style.csl"

SCRIPTS = ("folding.js", "tables.js")
"""The book's scripts that Quarto's pages need; the others do what Quarto does."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_COMPLAINT = re.compile(
    r"^\s*(\[?(?:WARN|WARNING|ERROR)\b.*(?:\n(?!\s*$|\[|WARN).+)?)", re.MULTILINE
)
"""A warning or error, with the line below it, which often holds what it is about."""

_UNHEEDED = re.compile(r"PDF standard validation requested but verapdf is not installed")
"""Typst itself refuses what PDF/UA-1 does not allow, and the checks read the file."""


def render(stage: Stage, quarto: Path) -> list[Problem]:
    """Render the staged book and give what Quarto warned of (an unresolved reference only warns).

    Raises:
        PublicationError: Quarto made no book.
    """
    _choose_locale(stage)
    for name in SCRIPTS:
        content = resources.files("kompendium.publication") / "resources" / name
        stage.attach(f"{SITE}/{name}", content.read_bytes())
    for chapter in stage.book.chapters:
        _dress(stage, chapter)
    done = subprocess.run(
        [str(quarto), "render", str(stage.folder), "--no-execute"],
        cwd=stage.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    text = _COLOUR.sub("", done.stdout)
    found = [one for one in _COMPLAINT.findall(text) if not _UNHEEDED.search(one)]
    complaints = [Problem("quarto", " ".join(one.split())) for one in found]
    if done.returncode:
        raise PublicationError(complaints or [Problem("quarto", _end(text))])
    if (word := stage.rendered / stage.downloads.get(Format.DOCX, "")).is_file():
        docx.settle(word, stage.book)
    stage.deliver()
    return complaints


def _dress(stage: Stage, chapter: Chapter) -> None:
    """Give a staged chapter what its page says of itself, as front matter that Quarto reads."""
    pieces = {
        "include-in-header": head(stage.book, chapter),
        "include-before-body": bar(stage.book, chapter),
        "include-after-body": foot(stage.book, SCRIPTS),
    }
    given = {name: [{"text": text}] for name, text in pieces.items() if text}
    if not given:
        return
    from ruamel.yaml import YAML

    stream = StringIO()
    YAML(typ="safe", pure=True).dump({"format": {"html": given}}, stream)
    front = f"---\n{stream.getvalue()}---\n"
    path = stage.source(chapter)
    if chapter.is_notebook:
        notebook = load(path)
        lines = front.splitlines(keepends=True)  # Quarto runs them together in one string
        raw = {"cell_type": "raw", "id": "front-matter", "metadata": {}, "source": lines}
        notebook["cells"].insert(0, raw)
        path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    else:
        path.write_text(front + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def _choose_locale(stage: Stage) -> None:
    """Put the book's language in the citation style: Quarto's bibliography page knows no other.

    The style is Pandoc's own, which the embedded publisher uses too.
    """
    path = stage.folder / "_quarto.yml"
    yaml = YAML()
    document = yaml.load(path.read_text(encoding="utf-8"))
    if "csl" in document or not stage.bibliographies:
        return
    made = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file", "default.csl"],
        capture_output=True,
        check=True,
    ).stdout
    style = etree.fromstring(made)
    style.set("default-locale", docx.REGIONS.get(document["lang"], document["lang"]))
    (stage.folder / STYLE).write_bytes(etree.tostring(style))
    document["csl"] = STYLE
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(document, stream)


def _end(text: str) -> str:
    """The last lines of an output that explains itself badly."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-5:]) or "failed silently"
