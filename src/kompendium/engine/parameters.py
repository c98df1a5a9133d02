"""Parameters declared once, with type and limits, and checked before a kernel starts.

Papermill only warns on unknown names and guesses types (``007`` becomes 7). A wrong value
that is found after ten minutes, or never, is the costliest kind, so everything is checked
first and every mistake is told at once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from pydantic import Field, field_validator

from kompendium.facts.documents import InputError
from kompendium.facts.findings import Strict, Text

Value = bool | int | float | str

Units = Callable[[int], Mapping[str, str]]
"""What gives a frame's units of a year by number; the plan reads each year's tables once."""


class Type(StrEnum):
    """The types a parameter may have."""

    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"

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

    def faults(self, value: object, units: Units) -> Iterator[tuple[str, str]]:
        """Say everything wrong with a value, each as (message, remedy)."""
        if isinstance(value, int) and type(value) not in (int, bool):
            # The YAML reader keeps 1_000, 007 and 0x1F as numbers that remember how they look.
            remedy = "write plain digits"
            if self.type is Type.STRING:
                remedy = "write the value in quotation marks"
            yield f"{value!r} is not written in plain digits", remedy
            return
        if not self.type.accepts(value):
            remedy = f"write a value of type {self.type}"
            if self.type is Type.STRING:
                remedy = "write the value in quotation marks"
            yield f"{value!r} is not of type {self.type}", remedy
            return
        if isinstance(value, int | float):
            if self.minimum is not None and value < self.minimum:
                yield f"{value} is below the least value {self.minimum:g}", "raise it"
            if self.maximum is not None and value > self.maximum:
                yield f"{value} is above the greatest value {self.maximum:g}", "lower it"
        if self.pattern is not None and not re.fullmatch(self.pattern, str(value)):
            yield f"{value!r} does not have the form {self.pattern}", "correct it"
        if self.choices is not None and value not in self.choices:
            allowed = ", ".join(map(str, self.choices))
            yield f"{value!r} is not among the choices", f"choose one of {allowed}"
        if self.units_of is not None:
            try:
                known = units(self.units_of)
            except InputError as error:
                yield from (
                    (f"{one.file.name}: {one.message}", one.remedy) for one in error.problems
                )
                return
            if value not in known:
                remedy = f"use the number of a municipality or Oslo district of {self.units_of}"
                yield f"{value!r} is no unit of the frame of {self.units_of}", remedy
