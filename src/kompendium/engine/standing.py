"""Where each run stands: whether what lies in ``outputs`` is what a run would make now."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from kompendium.engine.gathering import again
from kompendium.engine.ingredients import MISSING, Amount, Ingredients, unmeasured
from kompendium.engine.measuring import Present
from kompendium.engine.plan import Run
from kompendium.engine.records import Record, State
from kompendium.facts.paths import Compendium

if TYPE_CHECKING:
    from kompendium.engine.amounts import Amounts


class Standing(StrEnum):
    """What a build would make of a run; all but the first are run again."""

    FRESH = "fresh"
    STALE = "stale"
    FAILED = "failed"
    MISSING = "missing"
    # The record says that it is under way: in another build, or in one that was killed,
    RUNNING = "running"
    # which who knows of the build can tell apart.
    STOPPED = "stopped"


@dataclass(frozen=True)
class Status:
    """One run with where it stands and, in words, why."""

    run: Run
    standing: Standing
    reasons: tuple[str, ...] = ()
    record: Record | None = None
    now: Ingredients | None = None

    @property
    def fresh(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.standing is Standing.FRESH

    @property
    def why(self) -> str:
        """The reasons on one line, the first few of many."""
        shown = "; ".join(self.reasons[:SHOWN])
        more = len(self.reasons) - SHOWN
        return f"{shown}; and {more} more" if more > 0 else shown


SHOWN = 3
"""Reasons shown on a line."""

UNOBSERVED = "what it read was not observed"


def statuses(runs: Iterable[Run], compendium: Compendium) -> list[Status]:
    """Say where each run stands now, without running or importing anything."""
    present = Present(compendium)

    @cache
    def amounts() -> "Amounts":
        from kompendium.engine.amounts import Amounts  # here: not where nothing has changed

        return Amounts(compendium)

    def amount(name: str, content: str) -> str:
        return amounts().amount(name, content)

    return [status(run, present, amount) for run in runs]


def status(run: Run, present: Present, amount: Amount = unmeasured) -> Status:
    """Say where one run stands; ``amount`` is asked how much of a file has changed.

    A run that failed or was stopped stands so, except where everything has been put back to
    what the notebook in ``outputs/notebooks`` was made of: undoing an edit costs no run.
    """
    compendium = present.compendium
    record = Record.read(compendium.runs, run.id)
    place = compendium.executed / f"{run.id}.ipynb"
    name = compendium.relative(run.notebook)
    if record is None:
        if place.exists():
            return Status(run, Standing.STALE, ("there is no record of what it was made of",))
        return Status(run, Standing.MISSING, ("never run",))
    if record.state is not State.DONE and not _undone(run, record, present):
        if record.state is State.RUNNING:
            return Status(run, Standing.RUNNING, ("it was started and has not ended",), record)
        cell = f" in cell {record.cell}" if record.cell is not None else ""
        told = f"{record.state}{cell}: {record.error}"
        return Status(run, Standing.FAILED, (told,), record)
    good = record.good
    if good is None:
        if record.state is State.DONE and place.exists():
            return Status(run, Standing.STALE, (UNOBSERVED,), record)
        return Status(run, Standing.MISSING, ("there is no executed notebook",), record)
    result = present.file(compendium.relative(place))
    if result == MISSING:
        reason = f"{compendium.relative(place)} is gone"
        return Status(run, Standing.MISSING, (reason,), record)
    now = again(run, present, good.ingredients)
    reasons = [*good.ingredients.changes(now, name, amount)]
    if result != good.result:
        reasons.append(f"{compendium.relative(place)}: changed by hand")
    return Status(run, Standing.STALE if reasons else Standing.FRESH, tuple(reasons), record, now)


def _undone(run: Run, record: Record, present: Present) -> bool:
    """Tell whether what made an attempt fail is gone, and its good forerunner holds again."""
    if record.state is State.RUNNING or record.good is None or record.attempted is None:
        return False
    name = present.compendium.relative(run.notebook)
    attempted, good = record.attempted, record.good.ingredients
    return any(attempted.changes(again(run, present, attempted), name)) and not any(
        good.changes(again(run, present, good), name)
    )
