"""What changed between two states of the compendium: results first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from kompendium.publication.changes import exhibits, findings, inputs, notebooks
from kompendium.publication.changes.model import Aspect, Basis, Change, Changes, Kind
from kompendium.publication.changes.states import WORK, State

__all__ = ["WORK", "Aspect", "Basis", "Change", "Changes", "Kind", "State", "compare"]

ORDER = {kind: place for place, kind in enumerate(Kind)}


def compare(before: State, after: State) -> Changes:
    """Hold two states against each other; the gravest changes come first."""
    found = sorted(_changes(before, after), key=lambda change: ORDER[change.kind])
    told = {Kind.DATA: "data", Kind.CODE: "modules", Kind.PACKAGE: "packages"}
    unknown = {
        kind: tuple(one.name for one in (before, after) if getattr(one, name) is None)
        for kind, name in told.items()
    }
    missing = {kind: names for kind, names in unknown.items() if names}
    return Changes(before.name, after.name, tuple(found), missing)


def _changes(before: State, after: State) -> Iterator[Change]:
    yield from findings.compared(before.findings, after.findings)
    yield from exhibits.compared(before.exhibits, after.exhibits)
    yield from inputs.parameters(before.parameters, after.parameters)
    yield from notebooks.compared(before.documents, after.documents)
    if before.data is not None and after.data is not None:
        frames = before.grids(before.data), after.grids(after.data)
        yield from inputs.data(before.data, after.data, frames)
    if before.modules is not None and after.modules is not None:
        yield from inputs.modules(before.modules, after.modules)
    if before.packages is not None and after.packages is not None:
        yield from inputs.packages(before.packages, after.packages)
