"""Everything of a compendium that is translated, and everything that is amiss with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.translation import blocks, notebooks
from kompendium.translation.catalogues import Catalogue, catalogue_of
from kompendium.translation.faults import faults

SHOWN = 60
"""Characters of a text shown in a message."""


@dataclass(frozen=True)
class Source:
    """A notebook or a page with the catalogue of its texts."""

    path: Path
    name: str

    @property
    def place(self) -> Path:
        """Where the catalogue lies."""
        return catalogue_of(self.path)

    def messages(self) -> list[tuple[int, str, bool]]:
        """Every text, with the number of its cell and whether parts of it are computed.

        Raises InputError where a cell's code cannot be read.
        """
        text = self.path.read_text(encoding="utf-8")
        if self.path.suffix != ".ipynb":
            return [(1, one, False) for one in blocks.messages(text)]
        try:
            return list(notebooks.messages(json.loads(text)))
        except SyntaxError as error:
            message = f"{error.filename}, line {error.lineno}: not Python: {error.msg}"
            raise InputError([Problem(self.path, 1, message, "mend the cell")]) from None

    def translated(self, catalogue: Catalogue) -> str:
        """The file in English; raises KeyError for a text without translation."""

        def text(message: str) -> str:
            if not (found := catalogue.get(message)):
                raise KeyError(message)
            return found

        whole = self.path.read_text(encoding="utf-8")
        if self.path.suffix != ".ipynb":
            return blocks.translated(whole, text)
        made = notebooks.translated(json.loads(whole), text)
        return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def sources(compendium: Compendium) -> list[Source]:
    """The book's own pages and every notebook that ``params/`` may run, by name."""
    pages = sorted(compendium.root.glob("*.md"))
    paths = [one for one in pages if one.stem.islower()]  # README and CHANGELOG are no chapters
    paths += sorted(compendium.notebooks.glob("*.ipynb"))
    return [Source(path, compendium.relative(path)) for path in paths]


def problems(source: Source) -> Iterator[Problem]:
    """Every text that has no translation, or one that is outdated or wrong.

    Raises InputError where the notebook or the catalogue cannot be read.
    """
    catalogue = Catalogue.read(source.place)
    lines = _lines(source.place)
    seen = set()
    for number, message, computed in source.messages():
        if message in seen:
            continue
        seen.add(message)
        where = f"cell {number}: " if source.path.suffix == ".ipynb" else ""
        shown = " ".join(message.split())
        shown = f"«{shown[:SHOWN]}…»" if len(shown) > SHOWN else f"«{shown}»"
        if not (translation := catalogue.get(message)):
            if catalogue.outdated(message):
                what, remedy = "the original has changed", "translate anew, and remove «fuzzy»"
                yield Problem(source.place, _line(lines, message), f"{what}: {shown}", remedy)
            else:
                remedy = "«kompendium texts --update» adds it for you to translate"
                yield Problem(source.path, 1, f"{where}not translated: {shown}", remedy)
            continue
        for fault in faults(message, translation, computed):
            yield Problem(source.place, _line(lines, message), f"{shown}: {fault}", "mend it")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _line(lines: list[str], message: str) -> int:
    """The line of a catalogue where a text begins, found by its first words."""
    start = json.dumps(message[:20], ensure_ascii=False)[1:-1]
    return next((number for number, line in enumerate(lines, 1) if start in line), 1)
