"""Checks on the notebooks before they become pages: what no renderer would complain about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from kompendium.publication.book import Chapter
from kompendium.publication.cells import Cell, Json, cells, load
from kompendium.publication.errors import Problem
from kompendium.publication.staging import Stage

_LABELLED = re.compile(r"\{[^}\n]*#((?:fig|tbl|sec|eq)-[\w.:-]+)")
_FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
_FIGURES = ("image/png", "image/jpeg", "image/svg+xml", "text/markdown")
_TABLES = ("text/markdown",)


def notebook_problems(stage: Stage) -> list[Problem]:
    """Every problem in the staged chapters' sources."""
    problems: list[Problem] = []
    places: dict[str, list[str]] = defaultdict(list)
    for chapter in stage.book.chapters:
        labels: list[str]
        if chapter.is_notebook:
            notebook = load(stage.source(chapter))
            labels = [label for cell in cells(notebook) for label in _labels(cell)]
            problems += _in_notebook(chapter, notebook)
        else:
            labels = _written_labels(stage.source(chapter).read_text(encoding="utf-8"))
        for label in labels:
            own = f"{chapter.stem} {label}" if stage.book.separate else label
            places[own].append(chapter.source)
    problems += [
        Problem(
            places_of_label[-1],
            f"the label {label.split()[-1]} is used before in {places_of_label[0]}",
        )
        for label, places_of_label in places.items()
        if len(places_of_label) > 1
    ]
    return problems


def _in_notebook(chapter: Chapter, notebook: Json) -> Iterator[Problem]:
    every = list(cells(notebook))
    code = [cell for cell in every if cell.kind == "code" and cell.source.strip()]
    counted = [cell for cell in code if cell.raw.get("execution_count") is not None]
    if code and not counted and not any(cell.raw.get("outputs") for cell in code):
        yield Problem(chapter.source, "the notebook was never executed; run «kompendium build»")
    elif counted and len(counted) < len(code):
        first = next(cell for cell in code if cell not in counted)
        yield Problem(chapter.source, f"cell {first.number} was not executed; the run stopped")
    for cell in code:
        for output in cell.raw.get("outputs", []):
            if output["output_type"] == "error":
                what = f"cell {cell.number} failed: {output.get('ename')}: {output.get('evalue')}"
                yield Problem(chapter.source, what)
        yield from _in_float(chapter, cell)


def _in_float(chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Hold a labelled cell against what it shows."""
    kind = cell.label.partition("-")[0]
    if kind not in ("fig", "tbl") or not cell.shows("include"):
        return
    shown = [output for output in cell.outputs if output.is_display]
    if len(shown) > 1:
        what = f"cell {cell.number} ({cell.label}) shows {len(shown)} outputs; one is allowed"
        yield Problem(chapter.source, what)
    fitting = _FIGURES if kind == "fig" else _TABLES
    if not any(output.form in fitting for output in shown) or not cell.shows("output"):
        word = "figure" if kind == "fig" else "table"
        yield Problem(chapter.source, f"cell {cell.number} ({cell.label}) shows no {word}")
    if not cell.options.get(f"{kind}-cap"):
        yield Problem(chapter.source, f"cell {cell.number} ({cell.label}) has no caption")


def _labels(cell: Cell) -> list[str]:
    if cell.kind == "markdown":
        return _written_labels(cell.source)
    if cell.kind != "code" or not cell.shows("include"):
        return []
    made = [output.text(output.form) for output in cell.outputs if output.form == "text/markdown"]
    own = [cell.label] if cell.label.startswith(("fig-", "tbl-")) else []
    return own + [label for text in made for label in _written_labels(text)]


def _written_labels(text: str) -> list[str]:
    return _LABELLED.findall(_FENCE.sub("", text))
