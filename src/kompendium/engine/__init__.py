"""Runs: which notebook with which values, executed and honestly recorded."""

from kompendium.engine.plan import Run, plan
from kompendium.engine.records import Record, State
from kompendium.engine.runs import execute

__all__ = ["Record", "Run", "State", "execute", "plan"]
