"""The stage: one flat folder that holds all a publisher reads, the same for both publishers.

Chapters lie beside the front page, so that addresses are ``foreldreveiledning.html`` and not
``outputs/notebooks/…``; outputs are made harmless; links between chapters are set right.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from kompendium.publication import cells, pages, project
from kompendium.publication.apparatus import Apparatus
from kompendium.publication.book import Book, Chapter
from kompendium.publication.errors import Problem, PublicationError
from kompendium.publication.formats import Format
from kompendium.publication.markdown import fenced, for_pages
from kompendium.publication.openings import REGISTER
from kompendium.publication.relinking import relinked
from kompendium.publication.sanitizing import sanitized

RENDERED = "_book"
"""Where a publisher leaves its pages, inside the stage."""

ATTACHED = "_attached"
"""Where the stage keeps files that will lie beside the pages as they are."""

MEDIA = "media"
"""Where the stage keeps pictures that a text refers to."""

BOOK_ONLY = "book-only"
"""The tag of a cell that has nothing to say on a page that stands by itself."""

NOTICE = {
    "nb": "Koden bak hver figur, hver tabell og hvert tall er ikke trykt her. "
    "Den ligger i nettutgaven, under «{summary}».",
    "en": "The code behind every figure, every table and every number is not printed here. "
    "It is in the web edition, under “{summary}”.",
}

_LABEL = re.compile(r"(fig|tbl|sec|eq|lst)-")
_LONGEST_ID = 64
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
    def media(self) -> Path:
        """The folder of pictures that a text refers to."""
        return self.folder / MEDIA

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
        project.write(stage)
    return stage


def _stage_chapter(stage: Stage, chapter: Chapter, apparatus: Apparatus | None) -> None:
    citation = for_pages(cited) if (cited := stage.book.citation(chapter)) else ""
    if not chapter.is_notebook:
        text = relinked(chapter.path.read_text(encoding="utf-8"), stage.book, chapter, stage.media)
        if apparatus:
            text = apparatus.add_to_text(text, stage.media if stage.downloads else None)
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
        text = relinked(cells.joined(cell["source"]), stage.book, chapter, stage.media)
        cell["source"] = _lines(text)
        return
    tags = cell.setdefault("metadata", {}).get("tags", [])
    if cells.INJECTED in tags:
        cell["metadata"]["tags"] = [*tags, cells.HIDDEN]
    outputs = cell.get("outputs", [])
    for output in outputs:
        if "data" in output:
            output["data"] = _shown(output["data"])
            if markdown := output["data"].get("text/markdown"):
                text = relinked(cells.joined(markdown), stage.book, chapter, stage.media)
                output["data"]["text/markdown"] = _lines(text)
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
