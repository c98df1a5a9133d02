"""The record of a run: what state it is in, written so that it can never look finished early."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kompendium.engine.ingredients import Ingredients
from kompendium.facts.files import write_atomically


class State(StrEnum):
    """What became of a run."""

    # Under way: also what is left on disk when the machine stops in the middle.
    RUNNING = "running"

    # Ended well.
    DONE = "done"

    # Ended badly, each in its own way.
    FAILED = "failed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    KERNEL_DIED = "kernel died"
    INTERRUPTED = "interrupted"


class Ledger(BaseModel):
    """What the gate let out of one survey, and what it withheld; no value of the latter.

    The form is ``surveys.gate.Ledger.written``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int
    totals: dict[str, int]
    released: list[dict[str, Any]]
    protected: list[list[dict[str, list[Any]]]]
    withheld: list[dict[str, str]]


class Good(BaseModel):
    """What the notebook in ``outputs/notebooks`` was made of, and the hash of it.

    ``ledgers`` is, by survey, what the gate released of real respondents for it and what it
    withheld; ``guarded`` are the cells whose outputs were taken out because nothing that the
    gate knows of had made them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    result: str
    ingredients: Ingredients
    ledgers: dict[str, Ledger] = {}
    guarded: tuple[str, ...] = ()


class Record(BaseModel):
    """What is known of one run; the executed notebook itself holds no times.

    ``kernel`` says how its kernel was started, and where it was not forked, why. ``peak_memory``
    is in bytes, of the kernel alone. ``cell_seconds`` has a time for each cell of the executed
    notebook. ``packages`` are those that the notebook and the modules it loaded name in their
    imports, with their versions; what these import in turn is pinned by the lock file.
    ``attempted`` is what is known of the ingredients of an attempt that ended badly. ``good``
    tells of the last one that ended well, whose notebook still stands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    notebook: str
    parameters: dict[str, Any]
    state: State
    cell: int | None = None
    error: str = ""
    traceback: str = ""
    kernel: str = ""
    started: datetime = Field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    cell_seconds: tuple[float, ...] = ()
    peak_memory: int | None = None
    packages: dict[str, str] = {}
    attempted: Ingredients | None = None
    good: Good | None = None

    @property
    def seconds(self) -> float | None:
        """How long the run took; None while it is under way."""
        return (self.ended - self.started).total_seconds() if self.ended else None

    def end(
        self, state: State, cell: int | None = None, error: str = "", traceback: str = ""
    ) -> "Record":
        """The record of the same run, ended now in this state."""
        told = {"state": state, "cell": cell, "error": error, "traceback": traceback}
        return self.model_copy(update={**told, "ended": datetime.now(UTC)})

    def write(self, folder: Path) -> None:
        """Write the record as ``<run>.json``, whole or not at all."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1)
        write_atomically(folder / f"{self.run}.json", text + "\n")

    @classmethod
    def read(cls, folder: Path, run: str) -> "Record | None":
        """Read the record of a run; None where there is none that this version understands."""
        try:
            return cls.model_validate_json((folder / f"{run}.json").read_bytes())
        except (OSError, ValidationError):
            return None
