"""Tables of the data package, checked each time they are read.

``data/datapackage.json`` says what each table holds: types, constraints, rows, sums, size and
hash. A table that fails any of it is refused, with every failure listed at once.
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kompendium.facts.descriptor import DESCRIPTOR, FrameError, resources, restore
from kompendium.facts.documents import Problem
from kompendium.facts.paths import Compendium

Failure = tuple[int, str]
"""A line of the file (the header is line 1, where the file as a whole is meant) and a message."""


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
    return _parsed(resource.model_dump_json(by_alias=True), content).copy()


@lru_cache(maxsize=16)
def _parsed(description: str, content: bytes) -> pd.DataFrame:
    """Parse and check a table; cached by content, so a changed file is never served stale."""
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
    contract = pa.DataFrameSchema(
        {field.name: _column(field) for field in schema.fields},
        unique=schema.primaryKey,
        report_duplicates="all",
        strict=True,
    )
    try:
        contract.validate(text, lazy=True)
    except SchemaErrors as error:
        words = {
            "not_nullable": "is empty",
            "field_uniqueness": "stands more than once",
            "multiple_fields_uniqueness": "stands more than once",
        }
        failures = []
        for case in error.failure_cases.to_dict("records"):
            said = words.get(case["check"], case["check"])
            value = "" if case["check"] == "not_nullable" else f" «{case['failure_case']}»"
            failures.append((int(case["index"]) + 2, f"{case['column']}{value} {said}"))
        return failures
    return []


def _column(field: _Field) -> pa.Column:
    """Turn a field into checks of the text as it stands in the file."""
    written = {"integer": r"-?\d+", "year": r"\d{4}", "number": r"-?\d+(\.\d+)?"}
    given = field.constraints
    checks = []
    if field.type in written:
        checks.append(pa.Check.str_matches(f"^{written[field.type]}$", error=f"is no {field.type}"))
    if given.pattern is not None:
        error = f"does not match {given.pattern}"
        checks.append(pa.Check.str_matches(given.pattern, error=error))
    if given.minLength is not None:
        error = f"is shorter than {given.minLength}"
        checks.append(pa.Check.str_length(min_value=given.minLength, error=error))
    if given.enum is not None:
        checks.append(pa.Check.isin(given.enum, error=f"is none of {', '.join(given.enum)}"))
    if (minimum := given.minimum) is not None:
        error = f"is below {minimum:g}"
        checks.append(pa.Check(lambda s: ~(_numbers(s) < minimum), error=error))
    if (maximum := given.maximum) is not None:
        error = f"is above {maximum:g}"
        checks.append(pa.Check(lambda s: ~(_numbers(s) > maximum), error=error))
    return pa.Column(
        str, checks, nullable=not given.required, unique=given.unique, report_duplicates="all"
    )


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
