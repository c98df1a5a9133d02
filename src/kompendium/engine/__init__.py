"""Runs: which notebook with which values, executed and honestly recorded."""

from typing import TYPE_CHECKING, Any

from kompendium.engine.plan import Run, plan
from kompendium.engine.records import Record, State
from kompendium.engine.standing import Standing, Status, statuses

if TYPE_CHECKING:
    from kompendium.engine.workshop import Workshop, execute

__all__ = [
    "Record",
    "Run",
    "Standing",
    "State",
    "Status",
    "Workshop",
    "execute",
    "plan",
    "statuses",
]


def __getattr__(name: str) -> Any:
    """Import what executes notebooks when it is asked for: it costs more than to see that
    nothing has to be executed.
    """
    if name in ("Workshop", "execute"):
        from kompendium.engine import workshop

        return getattr(workshop, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
