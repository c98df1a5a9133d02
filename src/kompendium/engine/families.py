"""Families of runs: one notebook once for each unit of a frame, or for each point of a grid.

The engine names the members, never the parameters' own texts: a name is a slug, so nothing in a
value can lead a file out of ``outputs``.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from pydantic import Field

from kompendium.engine.parameters import Declaration, Units
from kompendium.facts.documents import InputError, Problem, line_of
from kompendium.facts.findings import Strict
from kompendium.facts.slugs import slug

RUN_LIMIT = 1000
"""Runs a family may have unless its file raises the limit by hand: a grid grows unseen."""


class Family(Strict):
    """A family as its file declares it.

    ``for_each`` names a frame, and the parameter that is declared with ``units_of`` its year
    takes every unit's number in turn. ``matrix`` gives parameters lists of values and runs every
    combination. ``values`` are the same in every run.
    """

    for_each: str | None = Field(default=None, pattern=r"^frame/\d{4}$")
    matrix: dict[str, list[Any]] = Field(default_factory=dict)
    values: dict[str, Any] = Field(default_factory=dict)
    run_limit: int = Field(default=RUN_LIMIT, ge=1)

    @property
    def year(self) -> int | None:
        """The year of the frame whose units the family runs through."""
        return int(self.for_each.removeprefix("frame/")) if self.for_each else None


@dataclass(frozen=True)
class Axis:
    """A parameter that varies: its values in order, each with its part of the run's name."""

    parameter: str
    values: tuple[tuple[Any, str], ...]


@dataclass(frozen=True)
class Place:
    """Where a family is declared, and what it is held against."""

    path: Path
    document: Any
    name: str
    declared: Mapping[str, Declaration]
    units: Units
    faults: Callable[[str, Any, tuple[str | int, ...]], Iterator[Problem]]

    def check(self, parameter: str, value: Any, *where: str | int) -> Iterator[Problem]:
        """Hold one value that is written in the family against its declaration."""
        return self.faults(parameter, value, ("families", self.name, *where))

    def problem(self, message: str, remedy: str, *where: str | int) -> Problem:
        """A mistake, at the line of a key of the family."""
        line = line_of(self.document, ("families", self.name, *where))
        return Problem(self.path, line, f"{self.name}: {message}", remedy)


def members(family: Family, place: Place) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """Give the values of every run of a family by the run's name, and every mistake in it.

    Nothing is made of a family with a mistake, nor of one that is larger than its limit.
    """
    axes = [*_unit_axes(family, place), *_grid_axes(family, place)]
    problems = [one for one in axes if isinstance(one, Problem)]
    varying = [one for one in axes if isinstance(one, Axis)]
    for name, value in family.values.items():
        problems += place.check(name, value, "values", name)
    problems += _repeated(family, varying, place)
    if not family.for_each and not family.matrix:
        remedy = "add «for_each: frame/2020» or «matrix:», or write it under «runs:»"
        problems.append(place.problem("nothing varies in this family", remedy))
    count = prod(len(axis.values) for axis in varying)
    if count > family.run_limit:
        message = f"would be {count} runs, and the limit is {family.run_limit}"
        remedy = f"narrow it, or raise it by hand with «run_limit: {count}»"
        problems.append(place.problem(message, remedy))
    if problems:
        return {}, problems
    made: dict[str, dict[str, Any]] = {}
    for point in product(*(axis.values for axis in varying)):
        name = "-".join((place.name, *(part for _, part in point)))
        if name in made:
            message = f"two of its runs would be named {name}"
            return {}, [place.problem(message, "let the values differ in letters or digits")]
        varied = {axis.parameter: value for axis, (value, _) in zip(varying, point, strict=True)}
        made[name] = {**family.values, **varied}
    return made, []


def _unit_axes(family: Family, place: Place) -> Iterator[Axis | Problem]:
    """The axis of the frame's units, where the family runs through a frame."""
    if family.year is None:
        return
    year = family.year
    taking = [name for name, one in place.declared.items() if one.units_of == year]
    if len(taking) != 1:
        message = f"{len(taking)} parameters are declared with «units_of: {year}», not one"
        remedy = "declare the parameter that takes the unit's number so"
        yield place.problem(message, remedy, "for_each")
        return
    try:
        units = place.units(year)
    except InputError as error:
        for one in error.problems:
            yield place.problem(f"{one.file.name}: {one.message}", one.remedy, "for_each")
        return
    (parameter,) = taking
    if units is None:
        yield Axis(parameter, ())
        return
    wrong = [
        fault for unit in units for fault in place.declared[parameter].faults(unit, place.units)
    ]
    if wrong:
        message, remedy = wrong[0]
        more = f", and {len(wrong) - 1} more units" if len(wrong) > 1 else ""
        yield place.problem(f"{parameter}: {message}{more}", remedy, "for_each")
    named = ((number, f"{number}-{slug(name)}") for number, name in units.items())
    yield Axis(parameter, tuple(named))


def _grid_axes(family: Family, place: Place) -> Iterator[Axis | Problem]:
    """An axis for each parameter of the grid; every value is held against the declaration."""
    for name, values in family.matrix.items():
        where = ("matrix", name)
        if not values:
            yield place.problem(f"{name} has no values", "list at least one", *where)
        for nr, value in enumerate(values):
            yield from place.check(name, value, *where, nr)
        parts = [f"{slug(name)}-{slug(_written(value))}" for value in values]
        for part, count in Counter(parts).items():
            if count > 1:
                message = f"{name} has {count} values that would be named {part}"
                yield place.problem(message, "remove all but one", *where)
        yield Axis(name, tuple(zip(values, parts, strict=True)))


def _repeated(family: Family, varying: list[Axis], place: Place) -> Iterator[Problem]:
    """A parameter that is given twice: nobody could say which value a run has."""
    given = Counter([*(axis.parameter for axis in varying), *family.values])
    for name, count in given.items():
        if count > 1:
            yield place.problem(f"{name} is given in more than one place", "remove all but one")


def _written(value: object) -> str:
    """A value as it stands in a run's name: 0.5 and 3, true."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
