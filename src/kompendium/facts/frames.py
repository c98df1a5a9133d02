"""Frames: the units a survey could have asked, with their population, at a date.

Source: Statistics Norway, tables 07459 (municipalities) and 10826 (Oslo's districts), population
on 1 January. ``tables`` reads and checks them.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd

from kompendium.facts.descriptor import DESCRIPTOR, DISTRICTS, MUNICIPALITIES, FrameError, years
from kompendium.facts.documents import Problem
from kompendium.facts.paths import Compendium
from kompendium.facts.size_classes import SSB, SizeClasses
from kompendium.facts.tables import Source, load, parsed, source

UNIT_COUNTS = "unit-counts"
OSLO = "0301"


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
    here = _here(compendium)
    tables = (_source(prefix, year, here) for prefix in (MUNICIPALITIES, DISTRICTS))
    return _both(*tables, year, size_classes).copy()


def units_named(name: str, year: int, *, compendium: Compendium | None = None) -> pd.DataFrame:
    """Give every unit of the frame called ``name``: names are not unique (Herøy, Våler).

    Upper and lower case are the same. No row means that no unit had the name that year.
    """
    units = frame(year, compendium=compendium)
    same = units["name"].str.casefold() == name.strip().casefold()
    return units.loc[same].reset_index(drop=True)


def unit_counts(*, compendium: Compendium | None = None) -> pd.DataFrame:
    """Give the number of municipalities and of Oslo districts, indexed by year from 2013."""
    return load(UNIT_COUNTS, _here(compendium)).set_index("year")


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
    return _of_year(_source(prefix, year, _here(compendium)), year, size_classes).copy()


def _source(prefix: str, year: int, compendium: Compendium) -> Source:
    """Read what the table that has a year is parsed from."""
    by_year = years(prefix, compendium)
    if year not in by_year:
        known = ", ".join(map(str, sorted(by_year)))
        remedy = f"use one of {known}, or add a table with the column population_{year}"
        raise FrameError([Problem(DESCRIPTOR, 1, f"no {prefix} for {year}", remedy)])
    return source(by_year[year], compendium)


@lru_cache(maxsize=16)
def _of_year(table: Source, year: int, size_classes: SizeClasses) -> pd.DataFrame:
    """One year's columns of a table, made when the table's content is new."""
    found = parsed(*table)
    other_year = re.compile(rf"_(?!{year}$)\d{{4}}$")
    found = found[[name for name in found if not other_year.search(str(name))]]
    found = found.rename(columns=lambda name: name.removesuffix(f"_{year}"))
    order = ["number", "name", "county_number", "county", "region", "population", "children"]
    order += ["longitude", "latitude"]
    found = found[[name for name in order if name in found]]
    return found.assign(size_class=size_classes.of(found["population"]))


@lru_cache(maxsize=16)
def _both(
    municipalities: Source, districts: Source, year: int, size_classes: SizeClasses
) -> pd.DataFrame:
    """The municipalities and Oslo's districts in one frame, made when a table's content is new."""
    whole = _of_year(municipalities, year, size_classes)
    parts = _of_year(districts, year, size_classes)
    oslo = whole.loc[whole["number"] == OSLO].iloc[0]
    shared = [name for name in ("county_number", "county", "region") if name in whole]
    parts = parts.assign(**{name: oslo[name] for name in shared})
    columns = ["kind", "number", "name", *shared, "population", "size_class"]
    both = [whole.assign(kind="kommune")[columns], parts.assign(kind="bydel")[columns]]
    return pd.concat(both, ignore_index=True)


def _here(compendium: Compendium | None) -> Compendium:
    return compendium if compendium is not None else Compendium.find()
