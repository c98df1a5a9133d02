"""The fact sheets as a site of their own: a page a unit, found by county, by size or by name.

The pages are made as the book's are (stage, Pandoc, checks, swap), one at a time, so that 371 of
them need no more memory than a few. The lists are plain HTML; a script of our own narrows them
down while one types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from kompendium.facts.paths import Compendium
from kompendium.publication import cells, siblings
from kompendium.publication.book import Book, Chapter, Language
from kompendium.publication.unit_lists import Sheet, by_county, by_size, collated

FRONT, SIZES = "index", "storrelse"
"""The pages that are lists."""

TITLE = "Faktaark for kommuner og bydeler"
LABELS = {
    "skip": "Hopp til innholdet",
    "menu": "Faktaark",
    "chapters": "Faktaark i samme fylke",
    "neighbours": "Forrige og neste faktaark",
    "previous": "Forrige",
    "next": "Neste",
}
SHORT = {FRONT: "Etter fylke", SIZES: "Etter størrelse"}
"""What menus call the lists."""

_SECTION = re.compile(
    r"^#+\s+(?P<title>.+?)\s*\{[^}\n]*#(?P<id>sec-[\w.:-]+)[^}\n]*\}", re.MULTILINE
)


@dataclass(frozen=True)
class Sheets(Book):
    """The site, as the publisher sees it; the lists lie in ``written``."""

    sheets: Sequence[Sheet] = ()
    written: Path = Path()

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The lists, and then every sheet there is, county by county."""
        lists = [
            Chapter(f"{name}.md", self.written / f"{name}.md", title=SHORT[name])
            for name in (FRONT, SIZES)
        ]
        made = [
            Chapter(
                self.compendium.relative(sheet.notebook), sheet.notebook, sheet.number, sheet.name
            )
            for sheet in collated(self.sheets)
            if sheet.notebook
        ]
        return [*lists, *made]

    @property
    def place(self) -> Path:
        """The site lies beside the book."""
        return self.compendium.factsheets

    def languages(self, chapter: Chapter) -> Sequence[Language]:
        """Sheets are Norwegian."""
        return ()

    @property
    def known_as(self) -> Path:
        """Sources name it where it lies."""
        return self.place

    @property
    def called(self) -> str:
        """Editions are of the book."""
        return ""

    @property
    def shelf(self) -> str:
        """Editions are of the book."""
        return ""

    @property
    def separate(self) -> bool:
        """A sheet knows nothing of the others' numbers."""
        return True

    def menu(self, chapter: Chapter) -> list[str]:
        """The lists, and the sheets of the same county."""
        county = self._by_number[chapter.stem].county if chapter.is_notebook else None
        return [FRONT, SIZES, *self._of_county.get(county or "", ())]

    def heading(self, chapter: Chapter) -> str:
        """The unit's name and number."""
        sheet = self._by_number[chapter.stem] if chapter.is_notebook else None
        return f"Faktaark for {sheet.full_name} ({sheet.number})" if sheet else ""

    @property
    def bibliographies(self) -> list[Path]:
        """None: references stand in the book."""
        return []

    @property
    def labels(self) -> dict[str, str]:
        """The pages' own words."""
        return {**LABELS, "contents": self.words["toc-title-website"]}

    @property
    def home(self) -> dict[str, str]:
        """The book, where it is there."""
        front = siblings.address(self.compendium.publication / "index.html", "", self.place)
        title = f"Til boka {self.of.configuration.book.title}"
        return {"title": title, "href": front} if front else {}

    @property
    def scripts(self) -> Sequence[str]:
        """The lists are searched, and tables sorted."""
        return ("folding.js", "search.js", "tables.js", "places.js")

    @cached_property
    def of(self) -> Book:
        """The book that the site belongs to."""
        return Book.read(self.compendium)

    @cached_property
    def elsewhere(self) -> dict[Path, Path]:
        """The book's sources, each with its page."""
        pages = self.compendium.publication
        return {one.path: pages / f"{one.stem}.html" for one in self.of.chapters}

    @cached_property
    def sections_elsewhere(self) -> dict[str, dict[str, str]]:
        """The book's sections by label: «title» i boka, with an address where it is there."""
        found: dict[str, dict[str, str]] = {}
        for chapter in self.of.chapters:
            for match in _SECTION.finditer(_prose(chapter, self.compendium)):
                found[match["id"]] = {"title": f"«{match['title']}» i boka"}
                page = self.elsewhere[chapter.path]
                if there := siblings.address(page, match["id"], self.place):
                    found[match["id"]]["href"] = there
        return found

    @cached_property
    def _by_number(self) -> dict[str, Sheet]:
        return {sheet.number: sheet for sheet in self.sheets}

    @cached_property
    def _of_county(self) -> dict[str, list[str]]:
        there = [sheet for sheet in collated(self.sheets) if sheet.notebook]
        grouped = groupby(there, key=lambda sheet: sheet.county)
        return {county: [sheet.number for sheet in sheets] for county, sheets in grouped}


def publish(compendium: Compendium, sheets: Iterable[Sheet], frame: int, as_of: int) -> Path:
    """Make the site of these units and give the path of its front page.

    A sheet without notebook is listed as missing. ``frame`` is the year the units are of, and
    ``as_of`` the one whose population decides the size classes. The last site stands until the
    new one has passed every check.

    Raises:
        PublicationError: something must not be published; every problem is listed.
    """
    from kompendium.publication import pandoc, swap
    from kompendium.publication.checks import check
    from kompendium.publication.staging import prepare

    units = list(sheets)
    with swap.scratch(compendium.factsheets) as folder:
        written = folder / "written"
        written.mkdir()
        lists = {
            FRONT: by_county(units, frame, f"{SIZES}.html"),
            SIZES: by_size(units, as_of, f"{FRONT}.html"),
        }
        for name, text in lists.items():
            (written / f"{name}.md").write_text(text, encoding="utf-8")
        site = Sheets(compendium, _configuration(compendium), units, written)
        stage = prepare(site, folder / "stage")
        complaints = pandoc.render(stage)
        check(stage, complaints)
        swap.replace(compendium.factsheets, stage.rendered)
    return compendium.factsheets / f"{FRONT}.html"


def _configuration(compendium: Compendium) -> Any:
    """The book's configuration under the site's own title."""
    whole = Book.read(compendium).configuration
    titles = whole.book.model_copy(
        update={"title": TITLE, "subtitle": f"Fra {whole.book.title}", "description": ""}
    )
    return whole.model_copy(update={"book": titles})


def _prose(chapter: Chapter, compendium: Compendium) -> str:
    """What an author wrote of a chapter, without code, also of one that was never run."""
    written = compendium.notebooks / chapter.path.name
    path = next((one for one in (chapter.path, written) if one.is_file()), None)
    if path is None:
        return ""
    if not chapter.is_notebook:
        return path.read_text(encoding="utf-8")
    whole = cells.cells(cells.load(path))
    return "\n\n".join(cell.source for cell in whole if cell.kind == "markdown")
