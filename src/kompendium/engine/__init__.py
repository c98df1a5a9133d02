"""Runs: which notebook with which values, executed and honestly recorded."""

from typing import TYPE_CHECKING

from kompendium.engine.plan import Run, plan
from kompendium.engine.records import Record, State
from kompendium.engine.standing import Standing, Status, statuses
from kompendium.exports import exports

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

__getattr__ = exports(__name__, {"kompendium.engine.workshop": ["Workshop", "execute"]})
"""What executes costs more to import than to see that nothing has to be executed."""
