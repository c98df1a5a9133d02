"""The stage: one flat folder that holds all a publisher reads, the same for both publishers.

Chapters lie beside the front page, so that addresses are ``foreldreveiledning.html`` and not
``outputs/notebooks/…``; outputs are made harmless; links between chapters are set right.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from kompendium.publication import cells, docx, pages, siblings, typst
from kompendium.publication.apparatus import Apparatus
from kompendium.publication.book import Book, Chapter
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.formats import Format
from kompendium.publication.markdown import fenced, for_pages
from kompendium.publication.openings import REGISTER
from kompendium.publication.sanitizing import sanitized

RENDERED = "_book"
"""Where a publisher leaves its pages, inside the stage."""

ATTACHED = "_attached"
"""Where the stage keeps files that will lie beside the pages as they are."""

MEDIA = "media"
"""Where the stage keeps pictures that a text refers to."""

PICTURES = frozenset((".png", ".jpg", ".jpeg", ".svg", ".webp", ".gif"))
"""What a link may bring into the book; any other file of the compendium stays out of it."""

BOOK_ONLY = "book-only"
"""The tag of a cell that has nothing to say on a page that stands by itself."""

NOTICE = {
    "nb": "Koden bak hver figur, hver tabell og hvert tall er ikke trykt her. "
    "Den ligger i nettutgaven, under «{summary}».",
    "en": "The code behind every figure, every table and every number is not printed here. "
    "It is in the web edition, under “{summary}”.",
}

FILES = ("css", "theme", "template-partials", "filters")
"""Settings of a format that name files."""

_LABEL = re.compile(r"(fig|tbl|sec|eq|lst)-")
_LONGEST_ID = 64
_TARGET = re.compile(r"(?<=\]\()(?P<path>[^)\s#:]+)(?=[)\s#])")
_LINK = re.compile(
    r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<path>[^)\s#:]+)(?:#(?P<fragment>[^)\s]+))?\)"
)
_HEADING = re.compile(r"^# .*?(?P<id>\s*\{[^}\n]*\})?[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Stage:
    """A staged book."""

    book: Book
    folder: Path
    formats: tuple[Format, ...] = (Format.HTML,)

    @property
    def downloads(self) -> dict[Format, str]:
        """The files beside the pages, by format."""
        stem = self.book.configuration.book.stem
        return {one: f"{stem}.{one}" for one in self.formats if one is not Format.HTML}

    @property
    def rendered(self) -> Path:
        """The folder the pages go to."""
        return self.folder / RENDERED

    @property
    def notice(self) -> str:
        """What a reader of the book as one document is told, since code is for screens."""
        return NOTICE[self.book.configuration.lang.split("-")[0]].format(
            summary=self.book.words["code-summary"]
        )

    @property
    def bibliographies(self) -> list[Path]:
        """The staged bibliography files."""
        return [self.folder / path.name for path in self.book.bibliographies]

    def source(self, chapter: Chapter) -> Path:
        """A chapter's staged file."""
        return self.folder / chapter.staged

    def attach(self, name: str, content: bytes) -> None:
        """Keep a file that will lie beside the pages."""
        path = self.folder / ATTACHED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def deliver(self) -> None:
        """Lay the attached files beside the rendered pages."""
        if (self.folder / ATTACHED).is_dir():
            shutil.copytree(self.folder / ATTACHED, self.rendered, dirs_exist_ok=True)


def prepare(book: Book, folder: Path, formats: tuple[Format, ...] = (Format.HTML,)) -> Stage:
    """Lay out the stage in an empty folder; raises PublicationError for what is missing."""
    compendium = book.compendium
    pages.write(book)
    wanted = {chapter.source: chapter.path for chapter in book.chapters}
    wanted |= {compendium.relative(path): path for path in book.bibliographies}
    missing = [
        Problem(source, "the file is missing; has «kompendium build» been run?")
        for source, path in wanted.items()
        if not path.is_file()
    ]
    if missing:
        raise PublicationError(missing)
    folder.mkdir(parents=True, exist_ok=True)
    stage = Stage(book, folder, formats)
    apparatus = None if book.separate else Apparatus(book, stage.attach)
    for chapter in book.chapters:
        _stage_chapter(stage, chapter, apparatus)
        for name, content in book.attachments(chapter).items():
            stage.attach(name, content)
    for path in (*book.bibliographies, compendium.variables):
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    if not book.separate:
        _stage_configuration(stage)
    return stage


def _stage_chapter(stage: Stage, chapter: Chapter, apparatus: Apparatus | None) -> None:
    citation = for_pages(cited) if (cited := stage.book.citation(chapter)) else ""
    if not chapter.is_notebook:
        text = _relinked(chapter.path.read_text(encoding="utf-8"), stage, chapter)
        if apparatus:
            text = apparatus.add_to_text(text, stage.folder / MEDIA if stage.downloads else None)
        text += f"\n\n{citation}\n" if citation else ""
        stage.source(chapter).write_text(text, encoding="utf-8")
        return
    notebook = cells.load(chapter.path)
    if stage.book.separate:
        notebook["cells"] = [cell for cell in notebook["cells"] if not _is_for_the_book(cell)]
    for cell in notebook["cells"]:
        _rename(cell)
    if apparatus:
        apparatus.add(notebook, chapter)
        if chapter.stem == REGISTER:
            stage.book.citing.beside_findings(notebook)
    for cell in notebook["cells"]:
        _stage_cell(cell, stage, chapter)
    if heading := stage.book.heading(chapter):
        _entitle(notebook, heading)
    if citation:
        notebook["cells"].append(cells.markdown("citation", citation))
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    stage.source(chapter).write_text(text, encoding="utf-8")


def _is_for_the_book(cell: cells.Json) -> bool:
    return BOOK_ONLY in cell.get("metadata", {}).get("tags", ())


def _entitle(notebook: cells.Json, heading: str) -> None:
    """Give the notebook's first heading other words; its id stays."""
    for cell in notebook["cells"]:
        text = cells.joined(cell["source"])
        if cell["cell_type"] == "markdown" and _HEADING.search(text):
            named = _HEADING.sub(lambda found: f"# {heading}{found['id'] or ''}", text, count=1)
            cell["source"] = _lines(named)
            return


def _rename(cell: cells.Json) -> None:
    if _LABEL.match(str(cell.get("id", ""))):
        # The label belongs to the figure; a cell of that name would be a second one.
        cell["id"] = f"cell-{cell['id']}"[:_LONGEST_ID]


def _stage_cell(cell: cells.Json, stage: Stage, chapter: Chapter) -> None:
    if cell["cell_type"] == "markdown":
        cell["source"] = _lines(_relinked(cells.joined(cell["source"]), stage, chapter))
        return
    tags = cell.setdefault("metadata", {}).get("tags", [])
    if cells.INJECTED in tags:
        cell["metadata"]["tags"] = [*tags, cells.HIDDEN]
    outputs = cell.get("outputs", [])
    for output in outputs:
        if "data" in output:
            output["data"] = _shown(output["data"])
            if markdown := output["data"].get("text/markdown"):
                relinked = _relinked(cells.joined(markdown), stage, chapter)
                output["data"]["text/markdown"] = _lines(relinked)
    if "outputs" in cell:
        cell["outputs"] = [output for output in outputs if output.get("data") != {}]


def _shown(data: cells.Json) -> cells.Json:
    """The forms of an output a reader may get: no machine data, no scripts, no raw HTML.

    HTML without a form that is the same in every format is made harmless and put in Markdown:
    Quarto fetches scripts from outside for every notebook with an HTML output.
    """
    shown = {form: value for form, value in data.items() if form in cells.SHOWN}
    html = cells.joined(data.get("text/html", ""))
    if html.strip() and not any(form != "text/plain" for form in shown):
        safe = sanitized(html)
        if safe:
            shown["text/markdown"] = fenced(safe, "{=html}")
    return shown


def _lines(text: str) -> list[str]:
    """Text as notebook files store it; Quarto runs lines together that come as one string."""
    return text.splitlines(keepends=True)


def _relinked(text: str, stage: Stage, chapter: Chapter) -> str:
    """Point links to chapters, other publications and pictures at where they lie."""
    book, root = stage.book, stage.book.compendium.root
    staged = {one.seen_from: one.staged for one in book.chapters}
    publications = (book.compendium.publication, book.compendium.factsheets)

    def to_publication(match: re.Match[str]) -> str:
        """A link to a page of a publication: right, or where there is no such page, its text."""
        for folder in (chapter.seen_from.parent, book.compendium.notebooks):
            # As seen from the executed notebook, or from the one that is edited.
            target = Path(os.path.normpath(folder / match["path"]))
            target = book.elsewhere.get(target, target)
            place = siblings.publication_of(target, publications)
            if place is not None:
                break
        else:
            return match[0]
        fragment = match["fragment"] or ""
        if place == book.known_as:
            own = target.suffix == ".html" and target.stem in book.stems
            found = target.name + (f"#{fragment}" if fragment else "") if own else None
        else:
            # An edition never changes, so it leads to nothing that may come and go.
            found = None if book.edition else siblings.address(target, fragment, book.place)
        return f"[{match['text']}]({found})" if found else match["text"]

    def relink(match: re.Match[str]) -> str:
        target = Path(os.path.normpath(chapter.seen_from.parent / match["path"]))
        if target in staged:
            return staged[target]
        if target.suffix in PICTURES and target.is_file() and target.is_relative_to(root):
            name = "-".join(target.relative_to(root).parts)
            (stage.folder / MEDIA).mkdir(exist_ok=True)
            shutil.copyfile(target, stage.folder / MEDIA / name)
            return f"{MEDIA}/{name}"
        return match["path"]

    return _TARGET.sub(relink, _LINK.sub(to_publication, text))


def _stage_configuration(stage: Stage) -> None:
    """Write ``_quarto.yml`` for the stage: the same book, its files beside it."""
    compendium = stage.book.compendium
    document = stage.book.document()
    document["project"] = {**document.get("project", {}), "output-dir": RENDERED}
    document["book"]["chapters"] = [chapter.staged for chapter in stage.book.chapters]
    if stage.book.bibliographies:
        document["bibliography"] = [path.name for path in stage.book.bibliographies]
    if stage.book.edition:
        document["book"]["date"] = stage.book.day
        document["date-format"] = f"[{stage.book.called}]"  # text, for which brackets stand
    # On the front page Quarto would take what a working copy is called for a date.
    document["book"].setdefault("page-footer", {"left": stage.book.called})
    _choose_formats(document, stage.formats)
    for format in stage.downloads:
        options = document["format"][format.quarto]
        options["notice"] = stage.notice
        options |= {"edition": stage.book.called, "edition-day": stage.book.day}
        if format is Format.PDF:
            # Not in the compendium's own file: a plain render warns where no validator is.
            options["pdf-standard"] = typst.STANDARD
        else:
            running = f"{document['book']['title']} · {stage.book.called}"
            options["reference-doc"] = docx.reference(stage.folder, running).name
    for options in document["format"].values():
        for key in FILES:
            if key in options:
                options[key] = _with_files(options[key], compendium.root, stage.folder)
    with (stage.folder / "_quarto.yml").open("w", encoding="utf-8") as stream:
        YAML().dump(document, stream)


def _choose_formats(document: Any, formats: tuple[Format, ...]) -> None:
    """Leave the formats that are asked for: one plain render makes them all and keeps them."""
    configured = document.get("format") or {}
    document["format"] = {one.quarto: configured.get(one.quarto, {}) for one in formats}
    document["book"].pop("downloads", None)
    if others := [one.value for one in formats if one is not Format.HTML]:
        document["book"]["downloads"] = others


def _with_files(value: Any, root: Path, folder: Path) -> Any:
    """Bring the files that a setting names to the stage and name them as they are there."""
    if isinstance(value, dict):
        return {key: _with_files(one, root, folder) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_files(one, root, folder) for one in value]
    if isinstance(value, str) and (root / value).is_file():
        source = root / value
        # A filter finds its modules beside it.
        for one in source.parent.glob("*.lua") if source.suffix == ".lua" else (source,):
            shutil.copyfile(one, folder / one.name)
        return Path(value).name
    return value
