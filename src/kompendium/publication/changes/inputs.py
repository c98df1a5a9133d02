"""What results were made of, held against each other: parameters, data, modules, packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kompendium.publication.changes import grids
from kompendium.publication.changes.model import Aspect, Change, Kind
from kompendium.publication.changes.states import State


def parameters(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    """Give one change for each run that has other values; runs that came or went are code."""
    for run in before.keys() & after.keys():
        if aspects := tuple(_values(before[run], after[run])):
            yield Change(Kind.PARAMETER, run, "params", aspects=aspects)


def data(before: State, after: State) -> Iterator[Change]:
    """Give one change for each data file with another content: rows where both can be read."""
    for aspect in _values(before.data, after.data):
        name = aspect.name
        both = name in before.data and name in after.data
        was, now = (before.grid(name), after.grid(name)) if both else (None, None)
        if was and now:
            columns, rows = grids.compared(was, now)
            if columns or rows:  # or line ends alone are others
                yield Change(Kind.DATA, name, "data", aspects=columns, rows=rows)
        else:
            there = Aspect("there", name in before.data, name in after.data)
            yield Change(Kind.DATA, name, "data", aspects=(there,))


def modules(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Give one change for each module of the library that was loaded and is another."""
    for aspect in _values(before, after):
        there = Aspect("there", aspect.before is not None, aspect.after is not None)
        yield Change(Kind.CODE, aspect.name, "library", aspects=(there,))


def packages(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Give one change for each package that has another version, is new or gone."""
    for aspect in _values(before, after):
        version = Aspect("version", aspect.before, aspect.after)
        yield Change(Kind.PACKAGE, aspect.name, "packages", aspects=(version,))


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Aspect]:
    """The names with another value; None stands for what is not there."""
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if (type(one), one) != (type(other), other):
            yield Aspect(name, one, other)
