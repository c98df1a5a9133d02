"""Which notebooks run with which values: ``params/`` read, checked and put in order."""

import ast
import json
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from kompendium.engine.families import Family, Place, members
from kompendium.engine.parameters import Declaration, Units, Value
from kompendium.facts.descriptor import unit_names
from kompendium.facts.documents import InputError, Problem, line_of, read, validated
from kompendium.facts.findings import Strict
from kompendium.facts.paths import Compendium

RUN_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Run ids become file names and addresses, so they cannot hold a path."""

TIME_LIMIT = 600
"""Seconds one notebook may take, unless its file says otherwise."""

LEAST_MEMORY = 256
"""MiB below which no kernel with its imports can be."""


class ParameterFile(Strict):
    """One file of ``params/``: a notebook, its declared parameters, and the runs of it.

    ``runs`` are the book's, by name; ``families`` are run only when they are asked for.

    ``data`` names files or folders under ``data/`` that the notebook reads in a way that cannot
    be observed; those it opens in the ordinary way need not be named. ``time_limit`` is in
    seconds, ``memory_limit`` in MiB of resident memory (``kompendium.engine.limits``).
    """

    notebook: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.ipynb$")
    reads_register: bool = False
    time_limit: int = Field(default=TIME_LIMIT, ge=1)
    memory_limit: int | None = Field(default=None, ge=LEAST_MEMORY)
    data: tuple[str, ...] = ()
    parameters: dict[str, Declaration] = Field(default_factory=dict)
    runs: dict[str, dict[str, Any]] | None = None
    families: dict[str, Family] = Field(default_factory=dict)


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
    def units(year: int) -> Mapping[str, str]:
        return unit_names(year, compendium)

    for path in paths:
        try:
            document = read(path)
            file = validated(path, document, ParameterFile)
        except InputError as error:
            problems += error.problems
            continue
        declared = _Declared(path, document, file, units)
        problems += _check_data(path, document, file, compendium)
        problems += _check_notebook(declared, compendium.notebooks / file.notebook)
        for family, name, values, line in declared.runs(problems):
            if not RUN_ID.fullmatch(name):
                remedy = "use lower-case letters, digits and single hyphens"
                problems.append(Problem(path, line, f"bad run id {name!r}", remedy))
            if name in runs:
                message = f"run {name} is declared twice"
                problems.append(Problem(path, line, message, "rename one"))
            runs[name] = Run(
                name,
                compendium.notebooks / file.notebook,
                {} if problems else declared.whole(values),
                file.reads_register,
                file.time_limit,
                tuple(name.rstrip("/") for name in file.data),
                file.memory_limit,
                family,
            )
    if problems:
        raise InputError(problems)
    return in_order(runs.values())


def in_order(runs: Iterable[Run]) -> list[Run]:
    """Sort runs as they are run: those that read the register last."""
    return sorted(runs, key=lambda run: (run.reads_register, run.id))


@dataclass(frozen=True)
class _Declared:
    """One file of ``params/`` with its lines, and what its values are held against."""

    path: Path
    document: Any
    file: ParameterFile
    units: Units

    def runs(self, problems: list[Problem]) -> Iterator[tuple[str, str, dict[str, Any], int]]:
        """Give family, name, values and line of every run; mistakes are added to ``problems``.

        A file that lists no runs has one, named after it, with the defaults.
        """
        listed = self.file.runs if self.file.runs is not None else {self.path.stem: {}}
        for name, values in listed.items():
            for key, value in values.items():
                problems += self.faults(key, value, ("runs", name, key))
            yield "", name, values, line_of(self.document, ("runs", name))
        for name, family in self.file.families.items():
            line = line_of(self.document, ("families", name))
            if not RUN_ID.fullmatch(name):
                remedy = "use lower-case letters, digits and single hyphens"
                problems.append(Problem(self.path, line, f"bad family name {name!r}", remedy))
            place = Place(
                self.path, self.document, name, self.file.parameters, self.units, self.faults
            )
            made, mistakes = members(family, place)
            problems += mistakes
            for one, values in made.items():
                yield name, one, values, line

    def faults(self, name: str, value: Any, where: tuple[str | int, ...]) -> Iterator[Problem]:
        """Hold one value against its declaration."""
        line = line_of(self.document, where)
        declared = self.file.parameters
        if name not in declared:
            known = ", ".join(declared) or "none"
            message = f"unknown parameter {name!r}"
            yield Problem(self.path, line, message, f"declared are: {known}")
            return
        for message, remedy in declared[name].faults(value, self.units):
            yield Problem(self.path, line, f"{name}: {message}", remedy)

    def whole(self, values: Mapping[str, Any]) -> dict[str, Value]:
        """The values of a run with the defaults of the parameters it does not name."""
        return {
            key: one.type.plain(values.get(key, one.default))
            for key, one in self.file.parameters.items()
        }


def _check_data(
    path: Path, document: Any, file: ParameterFile, compendium: Compendium
) -> Iterator[Problem]:
    """Hold the data a file names against what is there; nothing outside ``data`` can be named."""
    for place, name in enumerate(file.data):
        line = line_of(document, ("data", place))
        whole = (compendium.root / name).resolve()
        if not whole.is_relative_to(compendium.data.resolve()):
            yield Problem(path, line, f"{name} does not lie under data", "name a path under data/")
        elif not whole.exists():
            yield Problem(path, line, f"{name} is not there", "add it or correct the name")


def _check_notebook(declared: _Declared, notebook: Path) -> Iterator[Problem]:
    """Hold the declarations against themselves and the notebook's parameters cell."""
    path, document, file = declared.path, declared.document, declared.file
    for name, one in file.parameters.items():
        line = line_of(document, ("parameters", name))
        if not name.isidentifier() or keyword.iskeyword(name):
            yield Problem(path, line, f"{name!r} cannot be a Python name", "rename it")
        for message, remedy in one.faults(one.default, declared.units):
            line = line_of(document, ("parameters", name, "default"))
            yield Problem(path, line, f"{name}, default: {message}", remedy)
    if not notebook.exists():
        line = line_of(document, ("notebook",))
        yield Problem(path, line, f"there is no notebook {file.notebook}", "correct the name")
        return
    try:
        own = parameters_of(notebook)
    except (ValueError, SyntaxError) as error:
        message = f"the parameters cell of {file.notebook} cannot be read: {error}"
        remedy = "let it hold assignments of plain values only"
        yield Problem(path, line_of(document, ("notebook",)), message, remedy)
        return
    for name in file.parameters.keys() - own.keys():
        line = line_of(document, ("parameters", name))
        remedy = f"add it to the cell tagged «parameters» in {file.notebook}"
        yield Problem(path, line, f"the notebook has no parameter {name!r}", remedy)
    for name, default in own.items():
        if name not in file.parameters:
            line = line_of(document, ("parameters",))
            message = f"{file.notebook} has a parameter {name!r} that is not declared"
            yield Problem(path, line, message, "declare its type and limits here")
        elif default != file.parameters[name].default:
            line = line_of(document, ("parameters", name, "default"))
            message = f"{name}: the default here is not the notebook's ({default!r})"
            yield Problem(path, line, message, "make the two the same")


def parameters_of(notebook: Path, tag: str = "parameters") -> dict[str, object]:
    """Read names and defaults from the cell tagged ``parameters``, without running it.

    Another ``tag`` gives another such cell: what a run injected.
    Raises ValueError or SyntaxError where the cell holds more than assignments of literals.
    """
    document = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        if tag in cell.get("metadata", {}).get("tags", ()):
            return dict(_assignments("".join(cell["source"])))
    return {}


def _assignments(source: str) -> Iterator[tuple[str, object]]:
    """Read plain assignments of literals; other statements declare nothing."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, ast.literal_eval(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, ast.literal_eval(node.value)
