"""The data package's descriptor: which tables there are, read without reading the tables.

Nothing here needs pandas, so that parameters that name a unit can be checked in no time.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium

DESCRIPTOR = Path("data/datapackage.json")

MUNICIPALITIES = "municipalities"
DISTRICTS = "oslo-districts"


class FrameError(InputError):
    """A frame that cannot be trusted or is not there, with every problem and its remedy."""


def resources(compendium: Compendium) -> dict[str, dict[str, Any]]:
    """Read the descriptor; entries of other kinds stand there too and are left alone."""
    try:
        return _resources(compendium.descriptor.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"not a readable Data Package descriptor ({type(error).__name__}: {error})"
        raise FrameError([Problem(DESCRIPTOR, 1, message, restore(DESCRIPTOR))]) from error


@lru_cache(maxsize=4)
def _resources(text: str) -> dict[str, dict[str, Any]]:
    """Parse a descriptor when it is new; whoever reads it leaves it as it is."""
    return {resource["name"]: resource for resource in json.loads(text)["resources"]}


def years(prefix: str, compendium: Compendium) -> dict[int, str]:
    """Say which resource has the population of which year."""
    years = {}
    for name, resource in resources(compendium).items():
        if name == prefix or name.startswith(f"{prefix}-"):
            for field in resource.get("schema", {}).get("fields", []):
                if found := re.fullmatch(r"population_(\d{4})", str(field.get("name"))):
                    years[int(found[1])] = name
    return years


def unit_names(year: int, compendium: Compendium) -> dict[str, str]:
    """Give a frame's units by number, each with its name, from tables that are the ones described.

    Municipalities come first and then Oslo's districts, in the order of the tables.

    Raises:
        FrameError: there is no frame for the year, or a table is another than described.
    """
    names: dict[str, str] = {}
    for prefix in (MUNICIPALITIES, DISTRICTS):
        name = years(prefix, compendium).get(year)
        if name is None:
            remedy = f"use another year, or add a table with the column population_{year}"
            raise FrameError([Problem(DESCRIPTOR, 1, f"no {prefix} for {year}", remedy)])
        described = resources(compendium)[name]
        file = Path("data") / str(described.get("path"))
        remedy = f"{restore(file)}, or describe a meant change in {DESCRIPTOR.as_posix()}"
        try:
            content = (compendium.root / file).read_bytes()
        except OSError as error:
            raise FrameError([Problem(file, 1, str(error.strerror), restore(file))]) from error
        if described.get("hash") != f"sha256:{hashlib.sha256(content).hexdigest()}":
            raise FrameError([Problem(file, 1, "is not the table that is described", remedy)])
        rows = csv.DictReader(io.StringIO(content.decode()))
        names |= {row["number"]: row["name"] for row in rows}
    return names


def restore(file: Path) -> str:
    """The way back to a file as it was committed."""
    return f"restore it: git checkout -- {file.as_posix()}"
