"""The tables of the chapters and the numbers behind figures: ``tables/<run>/<label>.csv``.

Each says what its figure or table says, no more: what was withheld of real respondents was
withheld before the numbers were kept. These are for programs (commas between columns, points in
numbers, the same for every language); those beside the pages are for spreadsheets.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from kompendium.publication import cells

FOLDER = "tables"


def tables(notebook: Path) -> Iterator[tuple[str, str]]:
    """Give every labelled figure and table of an executed notebook: its file's name and text.

    Labels are a notebook's own, and two runs can be of one notebook.
    """
    for cell in cells.cells(cells.load(notebook)):
        drawn = [one for output in cell.raw.get("outputs", ()) if (one := cells.drawn(output))]
        if cell.label and cell.shows("include"):
            for place, one in enumerate(drawn, start=1):
                # A cell with several figures has one label and a number for each.
                label = cell.label if len(drawn) == 1 else f"{cell.label}-{place}"
                yield f"{notebook.stem}/{label}.csv", _csv(one)


def _csv(drawn: cells.Json) -> str:
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([drawn["columns"], *drawn["rows"]])
    return stream.getvalue()
