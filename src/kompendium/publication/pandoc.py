"""The embedded publisher: Pandoc, the engine inside Quarto, with a template and Lua of our own.

One Pandoc process reads all chapters and writes all pages. Splitting one document into pages
(``chunkedhtml``) would name pages after headings and number floats through the book, so a Lua
program drives Pandoc's reader, citation processor and writer instead.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pypandoc
from ruamel.yaml import YAML

from kompendium.publication import docx, search_index, typst
from kompendium.publication.cells import load
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.formats import Format
from kompendium.publication.markdown import chapter_markdown
from kompendium.publication.masthead import SITE, bar, foot, head
from kompendium.publication.openings import REGISTER
from kompendium.publication.staging import MEDIA, RENDERED, Stage

STYLES = ("style.css", "verdicts.css", "apparatus.css")
"""Style sheets every page refers to."""

FINDER = "finder.js"
"""The script of the book's search, which needs an index."""

PATIENCE = 300
A_PAGE = 5
"""Seconds until a render is given up, and more for each page; one takes a tenth of a second."""

_VARIABLE = re.compile(r"\{\{<\s*var\s+([\w.-]+)\s*>\}\}")


def render(stage: Stage) -> list[Problem]:
    """Render the staged book and give what Pandoc complained of.

    Raises:
        PublicationError: Pandoc made no book.
    """
    texts, pages = stage.folder / "_texts", stage.rendered
    texts.mkdir()
    pages.mkdir()
    variables = _variables(stage.folder / "_variables.yml")
    chapters = []
    for chapter in stage.book.chapters:
        source = stage.source(chapter)
        if chapter.is_notebook:
            text = chapter_markdown(load(source), chapter.stem, pages)
        else:
            text = source.read_text(encoding="utf-8")
        target = texts / f"{chapter.stem}.md"
        target.write_text(_with_variables(text, variables), encoding="utf-8")
        menu = stage.book.menu(chapter)
        described = {"stem": chapter.stem, "source": str(target), "menu": menu}
        described |= {"head": head(stage.book, chapter), "bar": bar(stage.book, chapter)}
        chapters.append(described | ({"short": chapter.title} if chapter.title else {}))
    if (stage.folder / MEDIA).is_dir():
        shutil.copytree(stage.folder / MEDIA, pages / MEDIA)
    program = resources.files("kompendium.publication") / "resources"
    with resources.as_file(program) as folder:
        manifest = texts / "manifest.json"
        manifest.write_text(json.dumps(_manifest(stage, chapters, folder)), encoding="utf-8")
        patience = PATIENCE + A_PAGE * len(chapters)
        complaints = _run(folder / "book.lua", manifest, stage.folder, patience)
        complaints += _finish(stage)
        (pages / SITE).mkdir()
        for name in (*STYLES, *stage.book.scripts):
            shutil.copyfile(folder / name, pages / SITE / name)
    stage.deliver()
    if FINDER in stage.book.scripts:
        made = [pages / f"{chapter.stem}.html" for chapter in stage.book.chapters]
        index = search_index.script(made, f"{REGISTER}.html")
        (pages / SITE / search_index.NAME).write_text(index, encoding="utf-8")
    return complaints


def _manifest(stage: Stage, chapters: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    configuration = stage.book.configuration
    html = configuration.format.html
    words = {**stage.book.words, "code-fold": str(html.code_fold).lower()}
    return {
        "title": configuration.book.title,
        "subtitle": configuration.book.subtitle,
        "authors": configuration.book.authors,
        "description": configuration.book.description,
        "lang": configuration.lang,
        "words": words,
        "labels": stage.book.labels,
        "separate": stage.book.separate,
        "home": stage.book.home,
        "elsewhere": stage.book.sections_elsewhere,
        "foot": foot(stage.book, stage.book.scripts),
        "called": stage.book.called,
        "day": stage.book.day,
        "toc_depth": html.toc_depth,
        "number_sections": html.number_sections,
        "bibliographies": [str(path) for path in stage.bibliographies],
        "chapters": chapters,
        "template": str(folder / "page.html"),
        "output": str(stage.rendered),
        "pictures": RENDERED,
        "downloads": [
            {"href": name, "label": format.label} for format, name in stage.downloads.items()
        ],
        **{format.quarto: _whole(stage, format) for format in stage.downloads},
    }


def _whole(stage: Stage, format: Format) -> dict[str, Any]:
    """What Lua needs for the book as one document."""
    words = stage.book.words
    language = stage.book.configuration.lang
    whole = getattr(stage.book.configuration.format, format.quarto)
    labels = {"contents": whole.toc_title or words["toc-title-document"]}
    labels["notice"] = stage.notice
    if format is Format.PDF:
        output = typst.folder(stage.folder) / typst.MAIN
        return {"output": str(output), "depth": whole.toc_depth, "labels": labels}
    return {
        "output": str(stage.rendered / stage.downloads[format]),
        "reference": str(stage.folder / docx.REFERENCE),
        "lang": docx.REGIONS.get(language, language),
        "depth": whole.toc_depth,
        "labels": labels,
    }


def _finish(stage: Stage) -> list[Problem]:
    """Make files of what Lua wrote."""
    complaints = []
    if name := stage.downloads.get(Format.PDF):
        complaints += typst.compile_book(stage.folder, stage.rendered / name)
    if name := stage.downloads.get(Format.DOCX):
        docx.settle(stage.rendered / name, stage.book)
    return complaints


def _run(program: Path, manifest: Path, folder: Path, patience: int) -> list[Problem]:
    """Run Pandoc; its warnings are problems, so that none is ever overlooked."""
    try:
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), "lua", str(program), str(manifest)],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PublicationError([Problem("pandoc", f"no pages after {patience} s")]) from None
    complaints = [Problem("pandoc", line) for line in done.stderr.splitlines() if line.strip()]
    if done.returncode:
        raise PublicationError(complaints or [Problem("pandoc", "failed silently")])
    return complaints


def _variables(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) or {}


def _with_variables(text: str, variables: Mapping[str, Any]) -> str:
    """Put in the values of ``{{< var a.b >}}``; an unknown one stays and fails the checks."""

    def value(match: re.Match[str]) -> str:
        found: Any = variables
        for step in match[1].split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return match[0] if found is None or isinstance(found, Mapping) else str(found)

    return _VARIABLE.sub(value, text)
