"""Notebooks held against each other cell by cell, by what is written in them.

Outputs are results and compared as such, so what a tool like nbdime does beyond this (outputs,
metadata, merges, a browser view, with a web server and a git library to go with it) is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kompendium.publication.cells import INJECTED, Json, cells
from kompendium.publication.changes.limits import ALIKE
from kompendium.publication.changes.model import Aspect, Change, Kind

COMPUTED = frozenset({"fig-cap", "fig-alt", "tbl-cap"})
"""Options that the run wrote into the cell from what it computed."""


@dataclass(frozen=True)
class Written:
    """A cell as someone wrote it."""

    name: str
    kind: str
    source: str


def written(notebook: Json) -> list[Written]:
    """The cells of an executed notebook as they were before it ran."""
    found: list[Written] = []
    for cell in cells(notebook):
        if INJECTED in cell.tags:
            continue
        name = cell.label or f"cell {len(found) + 1}"
        options = [f"{key}: {one}" for key, one in cell.options.items() if key not in COMPUTED]
        found.append(Written(name, cell.kind, "\n".join([*options, cell.source])))
    return found


def compared(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Change]:
    """Give one change for each chapter whose cells are others, or that is new or gone."""
    for run in dict.fromkeys([*before, *after]):
        if run not in before or run not in after:
            there = Aspect("there", run in before, run in after)
            yield Change(Kind.CODE, run, "notebooks", aspects=(there,))
        elif found := tuple(_differences(written(before[run]), written(after[run]))):
            yield Change(Kind.CODE, run, "notebooks", rows=found)


def _differences(before: Sequence[Written], after: Sequence[Written]) -> Iterator[Aspect]:
    """Cells that were rewritten, are new or gone, in order."""
    was, now = ([(one.kind, one.source) for one in side] for side in (before, after))
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for what, start, end, first, last in matcher.get_opcodes():
        if what != "equal":
            yield from _paired(before[start:end], list(after[first:last]))


def _paired(before: Sequence[Written], after: list[Written]) -> Iterator[Aspect]:
    """Within a stretch that changed, tell cells that were rewritten from new ones and gone ones."""
    for old in before:
        new = max(after, key=lambda one: _likeness(old, one), default=None)
        if new and _likeness(old, new) >= ALIKE:
            after.remove(new)
            yield Aspect(new.name, old.source, new.source)
        else:
            yield Aspect(old.name, old.source, None)
    yield from (Aspect(new.name, None, new.source) for new in after)


def _likeness(one: Written, other: Written) -> float:
    """How much two cells share, from 0 to 1; what bears the same label is the same cell."""
    if one.kind != other.kind:
        return 0
    if one.name == other.name and not one.name.startswith("cell "):
        return 1
    return SequenceMatcher(None, one.source, other.source, autojunk=False).ratio()


def lines_changed(before: str | None, after: str | None) -> tuple[int, int]:
    """How many lines are new and how many are gone between two sources."""
    was, now = ((text or "").splitlines() for text in (before, after))
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
    kept = sum(block.size for block in blocks)
    return len(now) - kept, len(was) - kept
