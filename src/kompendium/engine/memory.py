"""The plan as it was read last, for as long as nothing it was read from has changed.

To read ``params/`` costs more than to see that every run is fresh, so a build remembers what it
read. Every file that reading the plan looks at is held against its content at that time.
"""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kompendium.engine.measuring import Present
from kompendium.engine.parameters import Value
from kompendium.engine.plan import Run, plan
from kompendium.engine.products import inputs
from kompendium.facts.descriptor import FrameError, resources
from kompendium.facts.files import write_atomically
from kompendium.facts.paths import Compendium

CODE = ("kompendium.facts", "kompendium.engine")
"""The packages that read and check the plan."""


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


class _Memory(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: dict[str, str]
    runs: list[_Run]


def known_plan(compendium: Compendium) -> list[Run]:
    """Give the plan, from memory where that holds; raises InputError as ``plan`` does."""
    try:
        memory = _Memory.model_validate_json(_place(compendium).read_bytes())
    except (OSError, ValidationError):
        return plan(compendium)
    if memory.inputs != _inputs(compendium):
        return plan(compendium)
    runs = [
        Run(
            one.id,
            compendium.root / one.notebook,
            one.values,
            one.reads_register,
            one.time_limit,
            tuple(one.data),
            one.memory_limit,
        )
        for one in memory.runs
    ]
    there = all((compendium.root / name).exists() for run in runs for name in run.data)
    return runs if there else plan(compendium)


def planned(compendium: Compendium) -> list[Run]:
    """Read the plan and remember it; raises InputError with all mistakes of all files."""
    before = _inputs(compendium)
    runs = plan(compendium)
    kept = [
        {
            "id": run.id,
            "notebook": compendium.relative(run.notebook),
            "values": dict(run.values),
            "reads_register": run.reads_register,
            "time_limit": run.time_limit,
            "data": list(run.data),
            "memory_limit": run.memory_limit,
        }
        for run in runs
    ]
    text = json.dumps({"inputs": before, "runs": kept}, ensure_ascii=False, indent=1)
    write_atomically(_place(compendium), text + "\n")
    return runs


def _place(compendium: Compendium) -> Path:
    return compendium.products / "plan.json"


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
