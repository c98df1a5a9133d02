"""The plan as it was read last, for as long as nothing it was read from has changed.

To read ``params/`` costs more than to see that every run is fresh, so a build remembers what it
read. Every file that reading the plan looks at is held against its content at that time.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from kompendium.engine.measuring import Present
from kompendium.engine.parameters import Value
from kompendium.engine.plan import Run, in_order, plan
from kompendium.engine.products import inputs
from kompendium.engine.selection import of_the_book
from kompendium.facts.descriptor import FrameError, resources
from kompendium.facts.files import write_atomically
from kompendium.facts.paths import Compendium

CODE = ("kompendium.facts", "kompendium.engine")
"""The packages that read and check the plan."""

BOOK, FAMILIES = "plan.json", "plan-families.json"
"""The book's runs and those of families, in a file each."""


class _Run(BaseModel):
    """A run as it is kept; a truth value stays one, a whole number a whole number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    notebook: str
    values: dict[str, Value]
    reads_register: bool
    time_limit: int
    data: list[str]
    memory_limit: int | None
    family: str


class _Memory(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: dict[str, str]
    runs: list[_Run]


def known_plan(compendium: Compendium) -> list[Run]:
    """Give the plan, from memory where that holds; raises InputError as ``plan`` does."""
    now = _inputs(compendium)
    book, apart = (_remembered(compendium, file, now) for file in (BOOK, FAMILIES))
    if book is None or apart is None:
        return plan(compendium)
    return in_order([*book, *apart])


def known_book(compendium: Compendium) -> list[Run]:
    """Give the book's runs alone: large families do not cost a build of the book anything."""
    book = _remembered(compendium, BOOK, _inputs(compendium))
    return of_the_book(plan(compendium)) if book is None else book


def last_plan(compendium: Compendium) -> list[Run]:
    """Give the plan as it was read last, whatever has changed since; empty where it never was."""
    kept = (_remembered(compendium, file, None) for file in (BOOK, FAMILIES))
    return in_order(run for runs in kept if runs for run in runs)


def planned(compendium: Compendium) -> list[Run]:
    """Read the plan and remember it; raises InputError with all mistakes of all files."""
    before = _inputs(compendium)
    runs = plan(compendium)
    book = of_the_book(runs)
    apart = [run for run in runs if run.family]
    for file, kept in ((FAMILIES, apart), (BOOK, book)):
        described = [_described(run, compendium) for run in kept]
        text = json.dumps({"inputs": before, "runs": described}, ensure_ascii=False, indent=1)
        write_atomically(compendium.products / file, text + "\n")
    return runs


def _remembered(
    compendium: Compendium, file: str, now: Mapping[str, str] | None
) -> list[Run] | None:
    """What a file keeps, or None where it does not hold any more; without ``now``, what it held."""
    try:
        memory = _Memory.model_validate_json((compendium.products / file).read_bytes())
    except (OSError, ValidationError):
        return None
    if now is not None and memory.inputs != now:
        return None
    notebooks = {name: compendium.root / name for name in {one.notebook for one in memory.runs}}
    runs = [
        Run(
            one.id,
            notebooks[one.notebook],
            one.values,
            one.reads_register,
            one.time_limit,
            tuple(one.data),
            one.memory_limit,
            one.family,
        )
        for one in memory.runs
    ]
    there = all((compendium.root / name).exists() for run in runs for name in run.data)
    return runs if there or now is None else None


def _described(run: Run, compendium: Compendium) -> dict[str, Any]:
    return {
        "id": run.id,
        "notebook": compendium.relative(run.notebook),
        "values": dict(run.values),
        "reads_register": run.reads_register,
        "time_limit": run.time_limit,
        "data": list(run.data),
        "memory_limit": run.memory_limit,
        "family": run.family,
    }


def _inputs(compendium: Compendium) -> dict[str, str]:
    """Everything the plan is read from and checked against."""
    try:
        tables = [compendium.data / str(one.get("path")) for one in resources(compendium).values()]
    except FrameError:
        tables = []
    paths = [
        *sorted(compendium.params.glob("*.yml")),
        *sorted(compendium.notebooks.glob("*.ipynb")),
        compendium.descriptor,
        *tables,
    ]
    return inputs([*map(compendium.relative, paths), *CODE], Present(compendium), {})
