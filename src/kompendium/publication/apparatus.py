"""What the book adds to a chapter: its findings in front, how each thing was made, the run.

It is added on the stage, as cells of the notebook, so that both publishers show the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

from kompendium.publication import downloads, fronts
from kompendium.publication.book import Book, Chapter
from kompendium.publication.cells import INJECTED, Cell, Json, cells, drawn, joined, markdown
from kompendium.publication.making import Making
from kompendium.publication.openings import REGISTER, Findings, anchored, opening
from kompendium.register.results import MIME

KINDS = {"fig": "figure", "tbl": "table"}

Attach = Callable[[str, bytes], None]


@dataclass
class Apparatus:
    """Adds to the chapters of one book; ``attach`` takes a file that lies beside the pages."""

    book: Book
    attach: Attach
    findings: Findings = field(init=False)

    def __post_init__(self) -> None:
        """Read the register once for all chapters."""
        self.findings = Findings.read(self.book.compendium)

    def add(self, notebook: Json, chapter: Chapter) -> None:
        """Add a chapter's apparatus to its staged notebook."""
        language = self.book.configuration.lang
        making = Making.of(self.book.compendium, chapter.path.stem, language)
        notebook["cells"] = [*self._with_notes(notebook, making)]
        register = next((one.staged for one in self.book.chapters if one.stem == REGISTER), "")
        if front := opening(self.findings, chapter.stem, language, register):
            _put_in_front(notebook, front)
        if end := making.at_the_end():
            notebook["cells"].append(markdown("made", end))

    def add_to_text(self, text: str, media: Path | None) -> str:
        """Put the picture of all findings where a text asks for it.

        ``media`` is a folder for the picture in formats other than pages; None for no such.
        """
        if not fronts.asks(text):
            return text
        path = self.book.compendium.variables
        known = YAML(typ="safe", pure=True).load(path) if path.is_file() else {}
        language = self.book.configuration.lang
        named = fronts.reports(known or {}, self.findings.entries, language)
        return fronts.with_picture(text, named, self.findings.entries, language, media)

    def _with_notes(self, notebook: Json, making: Making) -> Iterator[Json]:
        """The cells, each figure, table and record followed by how it was made."""
        taken: set[str] = set()
        number = 0
        for cell in cells(notebook):
            if INJECTED not in cell.tags:
                number += 1  # as the cells of the edited notebook are numbered
            recorded = _anchor_records(cell.raw, self.findings, taken)
            kind = KINDS.get(cell.label.partition("-")[0]) or ("numbers" if recorded else None)
            shown = cell.kind == "code" and cell.shows("include") and cell.shows("output")
            if kind is None or not shown or not cell.outputs:
                yield cell.raw
                continue
            label = cell.label if kind != "numbers" else cell.id or f"celle-{number}"
            if cell.shows("echo"):
                yield markdown(f"code-{number}", making.before(label))
            yield cell.raw
            numbers = _numbers(cell) if kind != "numbers" else None
            if numbers is not None:
                language = self.book.configuration.lang
                self.attach(downloads.name(label), downloads.csv_file(numbers, language))
            named = label if kind != "numbers" else str(number)
            note = making.beside(cell, named, kind, label, has_numbers=numbers is not None)
            yield markdown(f"made-{number}", note)


def _anchor_records(cell: Json, findings: Findings, taken: set[str]) -> bool:
    """Give recorded findings their anchors; say whether there were any."""
    found = False
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if data.get(MIME) and "text/markdown" in data:
            text = anchored(joined(data["text/markdown"]), findings, taken)
            data["text/markdown"] = text.splitlines(keepends=True)
            found = True
    return found


def _numbers(cell: Cell) -> Json | None:
    found = (drawn(output.raw) for output in cell.outputs)
    return next((one for one in found if one), None)


def _put_in_front(notebook: Json, text: str) -> None:
    """Put text after what the first cell says before its first section."""
    for place, cell in enumerate(notebook["cells"]):
        source = joined(cell["source"])
        if cell["cell_type"] == "markdown" and source.lstrip().startswith("# "):
            before, section, after = source.partition("\n## ")
            cell["source"] = before.splitlines(keepends=True)
            added = [markdown("findings", text)]
            if section:
                added.append(markdown("after-findings", f"## {after}"))
            notebook["cells"][place + 1 : place + 1] = added
            return
