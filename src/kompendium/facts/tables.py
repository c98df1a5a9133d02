"""Tables of the data package, checked each time they are read.

``data/datapackage.json`` says what each table holds: types, constraints, rows, sums, size and
hash. A table that fails any of it is refused, with every failure listed at once.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kompendium.facts.descriptor import DESCRIPTOR, FrameError, resources, restore
from kompendium.facts.documents import Problem
from kompendium.facts.paths import Compendium

Failure = tuple[int, str]
"""A line of the file (the header is line 1, where the file as a whole is meant) and a message."""

Source = tuple[str, bytes]
"""What a table is parsed from: its description as JSON, and its content."""


class _Constraints(BaseModel):
    """The Table Schema constraints the loader enforces; any other is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    required: bool = False
    unique: bool = False
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    minLength: int | None = None  # noqa: N815 - Table Schema's own name
    enum: list[str] | None = None


class _Field(BaseModel):
    name: str
    type: Literal["string", "integer", "number", "year"]
    constraints: _Constraints = _Constraints()


class _Schema(BaseModel):
    fields: list[_Field]
    primaryKey: list[str]  # noqa: N815 - Table Schema's own name


class _Checks(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    rows: int
    sums: dict[str, int]


class _Resource(BaseModel):
    """One table of the descriptor, as far as loading needs it."""

    name: str
    path: str
    bytes: int
    hash: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    table: _Schema = Field(alias="schema")
    checks: _Checks

    @property
    def file(self) -> Path:
        """The table's path from the compendium's folder, as messages show it."""
        return Path("data") / self.path

    def refused(self, failures: list[Failure]) -> FrameError:
        """Tell every failure with the way back and, for a meant change, the way on."""
        remedy = f"{restore(self.file)}, or describe a meant change in {DESCRIPTOR.as_posix()}"
        return FrameError(Problem(self.file, line, message, remedy) for line, message in failures)


def load(name: str, compendium: Compendium) -> pd.DataFrame:
    """Read a table afresh, parse it when its content is new, and give a copy."""
    return parsed(*source(name, compendium)).copy()


def source(name: str, compendium: Compendium) -> Source:
    """Read what a table is parsed from, afresh."""
    described = resources(compendium).get(name)
    if described is None:
        remedy = restore(DESCRIPTOR)
        raise FrameError([Problem(DESCRIPTOR, 1, f"no resource called {name}", remedy)])
    try:
        resource = _Resource.model_validate(described)
    except ValidationError as error:
        raise FrameError(
            Problem(
                DESCRIPTOR,
                1,
                f"{name}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}",
                restore(DESCRIPTOR),
            )
            for detail in error.errors()
        ) from error
    try:
        content = (compendium.data / resource.path).read_bytes()
    except OSError as error:
        remedy = restore(resource.file)
        raise FrameError([Problem(resource.file, 1, str(error.strerror), remedy)]) from error
    return resource.model_dump_json(by_alias=True), content


@lru_cache(maxsize=16)
def parsed(description: str, content: bytes) -> pd.DataFrame:
    """Parse and check a table; cached by content, so a changed file is never served stale.

    What is given is shared: whoever changes it, or lets others, makes a copy.
    """
    resource = _Resource.model_validate_json(description)
    failures = _identity(resource, content)
    try:
        text = pd.read_csv(io.BytesIO(content), dtype=str, na_values=[""], keep_default_na=False)
    except ValueError as error:  # also ragged rows and bytes that are not UTF-8
        raise resource.refused([*failures, (1, f"not a readable UTF-8 CSV: {error}")]) from error
    expected, given = [field.name for field in resource.table.fields], [str(c) for c in text]
    if given != expected:
        line = f"columns are {', '.join(given)}, not {', '.join(expected)}"
        raise resource.refused([*failures, (1, line)])
    if not isinstance(text.index, pd.RangeIndex):  # pandas takes a surplus value for a row label
        raise resource.refused([*failures, (2, "rows have more values than there are columns")])
    failures += _cells(resource.table, text) + _totals(resource.checks, text)
    if failures:
        raise resource.refused(failures)
    types = {"integer": "int64", "year": "int64", "number": "float64", "string": "str"}
    return text.astype({field.name: types[field.type] for field in resource.table.fields})


def _identity(resource: _Resource, content: bytes) -> list[Failure]:
    """Hold the file against the size and hash the descriptor gives."""
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    failures = []
    if len(content) != resource.bytes:
        failures.append((1, f"has {len(content)} bytes, expected {resource.bytes}"))
    if digest != resource.hash:
        failures.append((1, f"has hash {digest}, expected {resource.hash}"))
    return failures


def _cells(schema: _Schema, text: pd.DataFrame) -> list[Failure]:
    """Check every cell against its field's type and constraints, and keys for duplicates."""
    failures: list[Failure] = []
    columns = {name: text[name].fillna("").tolist() for name in text}
    for field in schema.fields:
        column, written = columns[field.name], [one for one in columns[field.name] if one]
        if field.constraints.required and len(written) < len(column):
            empty = [line for line, one in enumerate(column, start=2) if not one]
            failures += [(line, f"{field.name} is empty") for line in empty]
        for wrong, said in _faults(field):
            if any(map(wrong, written)):
                found = ((at, one) for at, one in enumerate(column, start=2) if one and wrong(one))
                failures += [(line, f"{field.name} «{one}» {said}") for line, one in found]
    unique = [[field.name] for field in schema.fields if field.constraints.unique]
    for names in (schema.primaryKey, *unique):
        keys = [*zip(*(columns[name] for name in names), strict=True)]
        often = Counter(keys)
        failures += [
            (line, f"{', '.join(names)} «{', '.join(key)}» stands more than once")
            for line, key in enumerate(keys, start=2)
            if often[key] > 1
        ]
    return failures


FORMS = {"integer": r"-?\d+", "year": r"\d{4}", "number": r"-?\d+(\.\d+)?", "string": r"(?s:.*)"}
"""How values of each type are written."""


def _faults(field: _Field) -> Iterator[tuple[Callable[[str], bool], str]]:
    """Give what may be wrong with the text of a cell that is not empty, and how that is said."""
    given, formed = field.constraints, re.compile(FORMS[field.type]).fullmatch
    yield lambda text: not formed(text), f"is no {field.type}"
    if given.pattern is not None:
        matches = re.compile(given.pattern).fullmatch
        yield lambda text: not matches(text), f"does not match {given.pattern}"
    if (least := given.minLength) is not None:
        yield lambda text: len(text) < least, f"is shorter than {least}"
    if (enum := given.enum) is not None:
        yield lambda text: text not in enum, f"is none of {', '.join(enum)}"
    if (minimum := given.minimum) is not None:
        yield lambda text: bool(formed(text)) and float(text) < minimum, f"is below {minimum:g}"
    if (maximum := given.maximum) is not None:
        yield lambda text: bool(formed(text)) and float(text) > maximum, f"is above {maximum:g}"


def _totals(checks: _Checks, text: pd.DataFrame) -> list[Failure]:
    """Hold the number of rows and the column sums against what the producer published."""
    failures = []
    if len(text) != checks.rows:
        failures.append((1, f"has {len(text)} rows, expected {checks.rows}"))
    for name, expected in checks.sums.items():
        total = _numbers(text[name]).sum()
        if total != expected:
            failures.append((1, f"{name} sums to {total:.0f}, expected {expected}"))
    return failures


def _numbers(text: pd.Series[str]) -> pd.Series[float]:
    return pd.to_numeric(text, errors="coerce")
