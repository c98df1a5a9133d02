"""Parameters declared once, with type and limits, and checked before a kernel starts.

Papermill only warns on unknown names and guesses types (``007`` becomes 7). A wrong value
that is found after ten minutes, or never, is the costliest kind, so everything is checked
first and every mistake is told at once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from math import isfinite
from typing import Any

from pydantic import Field, field_validator

from kompendium.facts.documents import InputError
from kompendium.facts.findings import Strict, Text

Value = bool | int | float | str

Units = Callable[[int], Mapping[str, str] | None]
"""What gives a frame's units of a year by number; the plan reads each year's tables once. None
where they cannot be read, which is told elsewhere.
"""


class Type(StrEnum):
    """The types a parameter may have."""

    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"

    @property
    def textual(self) -> bool:
        """Tell whether values are texts."""
        return self is Type.STRING

    @property
    def numeric(self) -> bool:
        """Tell whether values are numbers."""
        return self in (Type.INTEGER, Type.NUMBER)

    def accepts(self, value: object) -> bool:
        """Tell whether a value is of this type; a truth value is not a number."""
        if self is Type.BOOLEAN:
            return isinstance(value, bool)
        if isinstance(value, bool):
            return False
        if self is Type.INTEGER:
            return isinstance(value, int)
        if self is Type.NUMBER:
            return isinstance(value, int | float)
        return isinstance(value, str)

    def plain(self, value: Any) -> Value:
        """Rid an accepted value of the YAML reader's own types."""
        kinds = {Type.BOOLEAN: bool, Type.INTEGER: int, Type.NUMBER: float, Type.STRING: str}
        plain: Value = kinds[self](value)
        return plain


class Declaration(Strict):
    """What one parameter may be: type, default, limits and a help text."""

    type: Type
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    choices: tuple[Any, ...] | None = None
    units_of: int | None = None
    unit: str | None = None
    help: Text = Field()

    @field_validator("pattern")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from None
        return pattern

    def means(self, value: object) -> bool:
        """Tell whether a value is the default, in type as well."""
        return self.type.accepts(value) and value == self.default

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        """Say what no value could satisfy, or has no meaning, each as (key, message, remedy)."""
        limits = {"minimum": self.minimum, "maximum": self.maximum}
        for key, limit in limits.items():
            if limit is not None and not self.type.numeric:
                yield key, f"{key} has no meaning for type {self.type}", "remove it"
            elif limit is not None and not isfinite(limit):
                yield key, f"{key}: {limit} is not a finite number", "correct or remove it"
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            message = f"the least value {self.minimum:g} is above the greatest {self.maximum:g}"
            yield "minimum", message, "correct one of them"
        for key, of_text in (("pattern", self.pattern), ("units_of", self.units_of)):
            if of_text is not None and not self.type.textual:
                yield key, f"{key} has no meaning for type {self.type}", "remove it"
        if self.choices is not None and not self.choices:
            yield "choices", "there is nothing to choose", "list at least one value"
        for choice in self.choices or ():
            if not self.type.accepts(choice):
                yield "choices", f"the choice {choice!r} is not of type {self.type}", "correct it"

    def faults(self, value: object, units: Units) -> Iterator[tuple[str, str]]:
        """Say everything wrong with a value, each as (message, remedy)."""
        if not self.type.accepts(value):
            remedy = f"write a value of type {self.type}"
            if self.type.textual and value is not None:
                remedy = "write the value in quotation marks"
            told = f"{value!r} is" if value is not None else "nothing is given, which is"
            yield f"{told} not of type {self.type}", remedy
            return
        if self.type.numeric and isinstance(value, int | float):
            yield from self._beyond(value)
        if self.pattern is not None and not re.fullmatch(self.pattern, str(value)):
            yield f"{value!r} does not have the form {self.pattern}", "correct it"
        if self.choices is not None and value not in self.choices:
            allowed = ", ".join(map(str, self.choices))
            yield f"{value!r} is not among the choices", f"choose one of {allowed}"
        if self.units_of is not None:
            yield from self._no_unit(value, self.units_of, units)

    def _beyond(self, value: int | float) -> Iterator[tuple[str, str]]:
        """Say which limits a number is beyond, those of the machine's numbers included."""
        if self.type is Type.NUMBER and not _is_finite(value):
            yield f"{value} is not a finite number", "write one"
            return
        if self.minimum is not None and value < self.minimum:
            yield f"{value} is below the least value {self.minimum:g}", "raise it"
        if self.maximum is not None and value > self.maximum:
            yield f"{value} is above the greatest value {self.maximum:g}", "lower it"

    def _no_unit(self, value: object, year: int, units: Units) -> Iterator[tuple[str, str]]:
        """Say that a value is no unit's number, or that the year has no units."""
        try:
            known = units(year)
        except InputError as error:
            yield from ((f"{one.file.name}: {one.message}", one.remedy) for one in error.problems)
            return
        if known is not None and value not in known:
            remedy = f"use the number of a municipality or Oslo district of {year}"
            yield f"{value!r} is no unit of the frame of {year}", remedy


def _is_finite(value: int | float) -> bool:
    """Tell a number that can be computed with; a whole number may be too large for that."""
    try:
        return isfinite(value)
    except OverflowError:
        return False
