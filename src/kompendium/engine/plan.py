"""Which notebooks run with which values: every file of ``params/``, checked and put in order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kompendium.engine.parameter_files import RUN_ID, declared
from kompendium.engine.parameters import Value
from kompendium.facts.descriptor import MUNICIPALITIES, FrameError, unit_names, years
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium

LONGEST = 200
"""Characters of a run id: with an ending, and what is put before a file that is not whole yet,
it must be the name of a file.
"""


@dataclass(frozen=True)
class Run:
    """One notebook with one set of values; ``family`` is empty for the book's own runs."""

    id: str
    notebook: Path
    values: Mapping[str, Value]
    reads_register: bool
    time_limit: int
    data: tuple[str, ...] = ()
    memory_limit: int | None = None
    family: str = ""


def plan(compendium: Compendium) -> list[Run]:
    """Read every file of ``params/``; runs that read the register come last.

    Raises InputError with all mistakes of all files; no kernel has started by then.
    """
    problems: list[Problem] = []
    runs: dict[str, Run] = {}
    paths = sorted(compendium.params.glob("*.yml"))
    if not paths:
        raise InputError([Problem(compendium.params, 1, "no runs are declared", "add a file")])

    @cache
    def units(year: int) -> Mapping[str, str] | None:
        """The units of a year; a table that is at fault itself is told once, not at each value."""
        try:
            if year in years(MUNICIPALITIES, compendium):
                return unit_names(year, compendium)
        except FrameError as error:
            problems.extend(error.problems)
            return None
        return unit_names(year, compendium)  # raises: told where the year is written

    for path in paths:
        file = declared(path, units, problems)
        if file is None:
            continue
        problems += file.mistakes(compendium)
        for family, name, values, line in file.runs(problems):
            if not RUN_ID.fullmatch(name):
                remedy = "use lower-case letters, digits and single hyphens"
                problems.append(Problem(path, line, f"bad run id {name!r}", remedy))
            elif len(name) > LONGEST:
                message = (
                    f"the run id {name} has {len(name)} characters, and a file's name {LONGEST}"
                )
                problems.append(
                    Problem(path, line, message, "shorten it, or vary fewer parameters")
                )
            if name in runs:
                message = f"run {name} is declared twice"
                problems.append(Problem(path, line, message, "rename one"))
            runs[name] = Run(
                name,
                compendium.notebooks / file.file.notebook,
                {} if problems else file.whole(values),
                file.file.reads_register,
                file.file.time_limit,
                tuple(one.rstrip("/") for one in file.file.data),
                file.file.memory_limit,
                family,
            )
    if problems:
        raise InputError(problems)
    return in_order(runs.values())


def in_order(runs: Iterable[Run]) -> list[Run]:
    """Sort runs as they are run: those that read the register last."""
    return sorted(runs, key=lambda run: (run.reads_register, run.id))
