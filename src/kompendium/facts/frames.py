"""Frames: the units a survey could have asked, with their population, at a date.

Source: Statistics Norway, tables 07459 (municipalities) and 10826 (Oslo's districts), population
on 1 January. Tables are read through ``data/datapackage.json`` and checked each time they are
read: types, constraints, rows, sums, size and hash, with every failure listed at once.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.facts.size_classes import SSB, SizeClasses

MUNICIPALITIES = "municipalities"
DISTRICTS = "oslo-districts"
UNIT_COUNTS = "unit-counts"
OSLO = "0301"
DESCRIPTOR = Path("data/datapackage.json")

Failure = tuple[int, str]
"""A line of the file (the header is line 1, where the file as a whole is meant) and a message."""


class FrameError(InputError):
    """A frame that cannot be trusted or is not there, with every problem and its remedy."""


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
        remedy = f"{_restore(self.file)}, or describe a meant change in {DESCRIPTOR.as_posix()}"
        return FrameError(Problem(self.file, line, message, remedy) for line, message in failures)


def municipalities(
    year: int, size_classes: SizeClasses = SSB, *, compendium: Compendium | None = None
) -> pd.DataFrame:
    """Give the municipalities at 1 January of ``year``, Oslo among them, one row each.

    Columns: number (text, four digits), name (not unique: join on number), county_number,
    county, population and children 0–17 years (persons), size_class (ordered), and from 2020
    region, longitude and latitude (centroid in degrees, two decimals).

    Raises:
        FrameError: there is no frame for the year, or the table fails its checks.
    """
    return _units(MUNICIPALITIES, year, size_classes, compendium)


def districts(
    year: int, size_classes: SizeClasses = SSB, *, compendium: Compendium | None = None
) -> pd.DataFrame:
    """Give Oslo's 15 districts at 1 January of ``year``: number, name, population, size_class.

    Sentrum, Marka and unknown addresses are no districts, so the sum is below Oslo's population.

    Raises:
        FrameError: there is no frame for the year, or the table fails its checks.
    """
    return _units(DISTRICTS, year, size_classes, compendium)


def frame(
    year: int, size_classes: SizeClasses = SSB, *, compendium: Compendium | None = None
) -> pd.DataFrame:
    """Give IMDi's frame: every municipality, Oslo included, and then Oslo's 15 districts.

    437 rows in 2019, 371 in 2020 and 2021. Columns: kind ("kommune" or "bydel"), number, name,
    county_number, county, region (from 2020), population, size_class. Oslo's people stand in
    the frame twice, so a sum of population is taken over one kind.

    Raises:
        FrameError: there is no frame for the year, or a table fails its checks.
    """
    whole = municipalities(year, size_classes, compendium=compendium)
    parts = districts(year, size_classes, compendium=compendium)
    oslo = whole.loc[whole["number"] == OSLO].iloc[0]
    shared = [name for name in ("county_number", "county", "region") if name in whole]
    parts = parts.assign(**{name: oslo[name] for name in shared})
    columns = ["kind", "number", "name", *shared, "population", "size_class"]
    both = [whole.assign(kind="kommune")[columns], parts.assign(kind="bydel")[columns]]
    return pd.concat(both, ignore_index=True)


def units_named(name: str, year: int, *, compendium: Compendium | None = None) -> pd.DataFrame:
    """Give every unit of the frame called ``name``: names are not unique (Herøy, Våler).

    Upper and lower case are the same. No row means that no unit had the name that year.
    """
    units = frame(year, compendium=compendium)
    same = units["name"].str.casefold() == name.strip().casefold()
    return units.loc[same].reset_index(drop=True)


def unit_counts(*, compendium: Compendium | None = None) -> pd.DataFrame:
    """Give the number of municipalities and of Oslo districts, indexed by year from 2013."""
    return _load(UNIT_COUNTS, _here(compendium)).set_index("year")


def frame_size(year: int, districts: bool = True, *, compendium: Compendium | None = None) -> int:
    """Give the number of units in the frame of ``year``, also for years without a unit list.

    Raises:
        FrameError: the year is outside the table of unit counts.
    """
    counts = unit_counts(compendium=compendium)
    if year not in counts.index:
        remedy = f"use a year from {counts.index.min()} to {counts.index.max()}"
        raise FrameError([Problem(DESCRIPTOR, 1, f"no unit counts for {year}", remedy)])
    kinds = ["municipalities", "oslo_districts"] if districts else ["municipalities"]
    return int(counts.loc[[year], kinds].to_numpy().sum())


def _units(
    prefix: str, year: int, size_classes: SizeClasses, compendium: Compendium | None
) -> pd.DataFrame:
    """Pick one year's columns from the table that has them, and add the size class."""
    here = _here(compendium)
    by_year = _years(prefix, here)
    if year not in by_year:
        known = ", ".join(map(str, sorted(by_year)))
        remedy = f"use one of {known}, or add a table with the column population_{year}"
        raise FrameError([Problem(DESCRIPTOR, 1, f"no {prefix} for {year}", remedy)])
    table = _load(by_year[year], here)
    other_year = re.compile(rf"_(?!{year}$)\d{{4}}$")
    table = table[[name for name in table if not other_year.search(str(name))]]
    table = table.rename(columns=lambda name: name.removesuffix(f"_{year}"))
    order = ["number", "name", "county_number", "county", "region", "population", "children"]
    order += ["longitude", "latitude"]
    table = table[[name for name in order if name in table]]
    return table.assign(size_class=size_classes.of(table["population"]))


def _here(compendium: Compendium | None) -> Compendium:
    return compendium if compendium is not None else Compendium.find()


def _resources(compendium: Compendium) -> dict[str, dict[str, Any]]:
    """Read the descriptor; entries of other kinds stand there too and are left alone."""
    try:
        package = json.loads(compendium.descriptor.read_text(encoding="utf-8"))
        return {resource["name"]: resource for resource in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"not a readable Data Package descriptor ({type(error).__name__}: {error})"
        raise FrameError([Problem(DESCRIPTOR, 1, message, _restore(DESCRIPTOR))]) from error


def _years(prefix: str, compendium: Compendium) -> dict[int, str]:
    """Say which resource has the population of which year."""
    years = {}
    for name, resource in _resources(compendium).items():
        if name == prefix or name.startswith(f"{prefix}-"):
            for field in resource.get("schema", {}).get("fields", []):
                if found := re.fullmatch(r"population_(\d{4})", str(field.get("name"))):
                    years[int(found[1])] = name
    return years


def _load(name: str, compendium: Compendium) -> pd.DataFrame:
    """Read a table afresh, parse it when its content is new, and give a copy."""
    described = _resources(compendium).get(name)
    if described is None:
        remedy = _restore(DESCRIPTOR)
        raise FrameError([Problem(DESCRIPTOR, 1, f"no resource called {name}", remedy)])
    try:
        resource = _Resource.model_validate(described)
    except ValidationError as error:
        raise FrameError(
            Problem(
                DESCRIPTOR,
                1,
                f"{name}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}",
                _restore(DESCRIPTOR),
            )
            for detail in error.errors()
        ) from error
    try:
        content = (compendium.data / resource.path).read_bytes()
    except OSError as error:
        remedy = _restore(resource.file)
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


def _restore(file: Path) -> str:
    return f"restore it: git checkout -- {file.as_posix()}"
