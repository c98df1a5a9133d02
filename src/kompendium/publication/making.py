"""How a chapter's figures, tables and numbers were made: beside each of them, and at the end.

What is said comes from the record of the run: the notebook and cell, the parameters, the files
it read and the packages it used. The same text is staged for both publishers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

from kompendium.engine.records import Record, State
from kompendium.facts.paths import Compendium
from kompendium.publication import downloads
from kompendium.publication.cells import Cell
from kompendium.publication.editions.records import is_private, surveys_read
from kompendium.publication.markdown import html_for_pages
from kompendium.publication.words import texts

SHORT = 12
"""How much of a hash is printed: enough to tell two apart; the manifest has all of it."""

CODE = "kode-"
"""How the anchor of a cell's code begins; Quarto drops some cells' own ids."""

SURVEYS = "data/surveys/"
SOURCES = "data/"
"""Where what a run reads lies; the rest of its ingredients are code."""


@dataclass(frozen=True)
class Making:
    """A chapter's run, told to readers."""

    notebook: str
    language: str
    record: Record | None

    @classmethod
    def of(cls, compendium: Compendium, run: str, language: str) -> Making:
        """Read the record of a run; a notebook that was run by other means has none."""
        record = Record.read(compendium.runs, run)
        source = compendium.relative(compendium.notebooks / f"{run}.ipynb")
        return cls(record.notebook if record else source, language, record)

    @property
    def place(self) -> str:
        """The anchor of what is told at the chapter's end."""
        return f"laget-{self.notebook.rpartition('/')[2].removesuffix('.ipynb')}"

    def beside(self, cell: Cell, called: str, kind: str, label: str, *, has_numbers: bool) -> str:
        """What stands below a figure, a table or recorded numbers, for pages alone.

        ``called`` is what the cell is found by in the notebook: its label, or its number;
        ``kind`` is ``figure``, ``table`` or ``numbers``.
        """
        words = texts(self.language)
        places = {"cell": called, "notebook": self.notebook}
        marked = {name: f"<code>{escape(one)}</code>" for name, one in places.items()}
        code = words["cell"].format(**marked)
        if cell.shows("echo"):
            code = f'<a href="#{CODE}{escape(label)}">{code}</a>'
        rows = {words["code"]: code, **self._of_run()}
        listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items())
        parts = [
            f'<details id="slik-{escape(label)}"><summary>{words[f"made-{kind}"]}</summary>'
            f"<dl>{listed}</dl></details>"
        ]
        if has_numbers:
            file = downloads.name(label)
            parts.append(f'<a class="numbers" href="{file}" download>{words["numbers"]}</a>')
        return html_for_pages(f'<div class="made">{"".join(parts)}</div>')

    def before(self, label: str) -> str:
        """What stands in front of a cell whose code is shown, for links to the code."""
        return html_for_pages(f'<div id="{CODE}{escape(label)}"></div>')

    def _of_run(self) -> dict[str, str]:
        words, record = texts(self.language), self.record
        if record is None or record.good is None:
            return {}
        rows = {}
        if count := len(self.files):
            text = words["file"] if count == 1 else words["files"].format(count=count)
            rows[words["data"]] = f'<a href="#{self.place}">{text}</a>'
        rows[words["parameters"]] = escape(", ".join(self._parameters) or words["none"])
        key = f", {words['key'].lower()} <code>{self._key}</code>" if self._key else ""
        rows[words["run"]] = f"{self._state}{key}"
        return rows

    def at_the_end(self) -> str:
        """The chapter's last section, as Markdown; empty where nothing is known of the run."""
        words, record = texts(self.language), self.record
        if record is None or record.good is None:
            return ""
        used = [record.good.ingredients.interpreter]
        used += [f"{name} {version}" for name, version in record.packages.items()]
        rows = {
            words["notebook"]: f"`{self.notebook}`",
            words["run"]: self._state,
            # As code, so that its quotation marks stay those of the file.
            words["parameters"]: ", ".join(f"`{one}`" for one in self._parameters) or words["none"],
            words["key"]: f"`{self._key}` ({words['key-means']})" if self._key else "",
            words["packages"]: ", ".join(used),
        }
        rows = {name: one for name, one in rows.items() if one}
        parts = [
            f"## {words['made-chapter']} {{#{self.place} .unnumbered}}",
            words["lead"],
            _table((words["what"], words["which"]), rows),
        ]
        if self.files:
            hashes = {
                f"`{name}`": f"`{hashed[:SHORT]}`" if hashed else "–"
                for name, hashed in self.files.items()
            }
            parts += [
                f"**{words['files-read']}**",
                _table((words["file-name"], words["hash"]), hashes),
            ]
        return "\n\n".join(parts) + "\n"

    @property
    def files(self) -> dict[str, str]:
        """The data the run read, each with its hash; of respondents only where they lie.

        A hash would tell whoever holds all answers but one which the last is
        (``editions.manifest``).
        """
        if self.record is None or self.record.good is None:
            return {}
        read = self.record.good.ingredients.files
        public = {name: hashed for name, hashed in read.items() if not is_private(name)}
        withheld = {f"{SURVEYS}{name}/": "" for name in surveys_read(self.record.good)}
        told = {**public, **withheld}
        return {name: told[name] for name in sorted(told) if name.startswith(SOURCES)}

    @property
    def _key(self) -> str:
        """The run's key, cut short; empty where it is a hash of respondents too."""
        good = self.record.good if self.record else None
        return good.key[:SHORT] if good and not surveys_read(good) else ""

    @property
    def _parameters(self) -> list[str]:
        given = self.record.good.ingredients.parameters if self.record and self.record.good else {}
        return [f"{name} = {json.dumps(one, ensure_ascii=False)}" for name, one in given.items()]

    @property
    def _state(self) -> str:
        """How the run ended; an attempt since then that failed is told.

        When it ended is in its record alone, so that the same book is the same bytes.
        """
        words, record = texts(self.language), self.record
        done = record is not None and record.state is State.DONE
        return words["done" if done else "not-done"]


def _table(header: tuple[str, str], rows: dict[str, str]) -> str:
    lines = [f"| {name} | {value} |" for name, value in (header, *rows.items())]
    lines.insert(1, "|:----------------|:--------------------------------|")
    return "\n".join(lines)
