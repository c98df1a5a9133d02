"""What changed between two states of the compendium: results first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from kompendium.publication.changes import exhibits, findings, inputs, notebooks
from kompendium.publication.changes.model import Aspect, Basis, Change, Changes, Kind
from kompendium.publication.changes.states import WORK, State, state

__all__ = [
    "WORK",
    "Aspect",
    "Basis",
    "Change",
    "Changes",
    "Kind",
    "State",
    "compare",
    "numbers",
    "state",
]

ORDER = {kind: place for place, kind in enumerate(Kind)}

INPUTS = (Kind.DATA, Kind.CODE, Kind.PACKAGE)
"""Kinds that only the records of runs tell of; of code, the library."""


def compare(before: State, after: State) -> Changes:
    """Hold two states against each other; the gravest changes come first."""
    found = sorted(_changes(before, after), key=lambda change: ORDER[change.kind])
    silent = tuple(one.name for one in (before, after) if not one.runs)
    unknown = dict.fromkeys(INPUTS, silent) if silent else {}
    return Changes(before.name, after.name, tuple(found), unknown)


def _changes(before: State, after: State) -> Iterator[Change]:
    yield from findings.compared(before.findings, after.findings)
    yield from exhibits.compared(before.exhibits, after.exhibits)
    yield from inputs.parameters(before.parameters, after.parameters)
    yield from notebooks.compared(before.documents, after.documents)
    if before.runs and after.runs:
        yield from inputs.data(before, after)
        yield from inputs.modules(before.modules, after.modules)
        yield from inputs.packages(before.packages, after.packages)
