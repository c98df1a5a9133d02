"""Which notebooks run with which values: ``params/`` read, checked and put in order."""

import ast
import json
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from kompendium.engine.parameters import Declaration, Value
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


@dataclass(frozen=True)
class Run:
    """One notebook with one set of values."""

    id: str
    notebook: Path
    values: Mapping[str, Value]
    reads_register: bool
    time_limit: int
    data: tuple[str, ...] = ()
    memory_limit: int | None = None


def plan(compendium: Compendium) -> list[Run]:
    """Read every file of ``params/``; runs that read the register come last.

    Raises InputError with all mistakes of all files; no kernel has started by then.
    """
    problems: list[Problem] = []
    runs: dict[str, Run] = {}
    seen: set[str] = set()
    paths = sorted(compendium.params.glob("*.yml"))
    if not paths:
        raise InputError([Problem(compendium.params, 1, "no runs are declared", "add a file")])
    for path in paths:
        try:
            document = read(path)
            file = validated(path, document, ParameterFile)
        except InputError as error:
            problems += error.problems
            continue
        problems += _check_data(path, document, file, compendium)
        problems += _check_notebook(path, document, file, compendium.notebooks / file.notebook)
        for name, values in _runs(path, file).items():
            where = ("runs", name)
            line = line_of(document, where)
            if not RUN_ID.fullmatch(name):
                remedy = "use lower-case letters, digits and single hyphens"
                problems.append(Problem(path, line, f"bad run id {name!r}", remedy))
            if name in seen:
                message = f"run {name} is declared twice"
                problems.append(Problem(path, line, message, "rename one"))
            seen.add(name)
            problems += _check_values(path, document, where, file.parameters, values)
            if not problems:
                runs[name] = Run(
                    name,
                    compendium.notebooks / file.notebook,
                    {
                        key: declared.type.plain(values.get(key, declared.default))
                        for key, declared in file.parameters.items()
                    },
                    file.reads_register,
                    file.time_limit,
                    tuple(name.rstrip("/") for name in file.data),
                    file.memory_limit,
                )
    if problems:
        raise InputError(problems)
    return sorted(runs.values(), key=lambda run: (run.reads_register, run.id))


def _runs(path: Path, file: ParameterFile) -> dict[str, dict[str, Any]]:
    """The runs of a file: those it lists, or one named after it with the defaults."""
    return file.runs if file.runs is not None else {path.stem: {}}


def _check_values(
    path: Path,
    document: Any,
    where: tuple[str, ...],
    declared: Mapping[str, Declaration],
    values: Mapping[str, Any],
) -> Iterator[Problem]:
    """Hold the values of one run against the declarations."""
    for name, value in values.items():
        line = line_of(document, (*where, name))
        if name not in declared:
            known = ", ".join(declared) or "none"
            yield Problem(path, line, f"unknown parameter {name!r}", f"declared are: {known}")
            continue
        for message, remedy in declared[name].faults(value):
            yield Problem(path, line, f"{name}: {message}", remedy)


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


def _check_notebook(
    path: Path, document: Any, file: ParameterFile, notebook: Path
) -> Iterator[Problem]:
    """Hold the declarations against themselves and the notebook's parameters cell."""
    for name, declared in file.parameters.items():
        line = line_of(document, ("parameters", name))
        if not name.isidentifier() or keyword.iskeyword(name):
            yield Problem(path, line, f"{name!r} cannot be a Python name", "rename it")
        for message, remedy in declared.faults(declared.default):
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


def parameters_of(notebook: Path) -> dict[str, object]:
    """Read names and defaults from the cell tagged ``parameters``, without running it.

    Raises ValueError or SyntaxError where the cell holds more than assignments of literals.
    """
    document = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", ()):
            return dict(_assignments("".join(cell["source"])))
    return {}


def _assignments(source: str) -> Iterator[tuple[str, object]]:
    """Read plain assignments of literals; other statements declare nothing."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, ast.literal_eval(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, ast.literal_eval(node.value)
