"""One file of ``params/``: read, and held against itself, the notebook, the data and the units.

Whoever writes such a file by hand wants to hear of all that is wrong with it at once. So what
one mistake makes unreadable is left out, and the rest of the file is checked all the same.
"""

import ast
import copy
import json
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from kompendium.engine.families import Family, Place, members
from kompendium.engine.parameters import Declaration, Units, Value
from kompendium.facts import documents
from kompendium.facts.documents import InputError, Problem, line_of
from kompendium.facts.findings import Strict
from kompendium.facts.paths import Compendium

RUN_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Run ids become file names and addresses, so they cannot hold a path."""

TIME_LIMIT = 600
"""Seconds one notebook may take, unless its file says otherwise."""

LEAST_MEMORY = 256
"""MiB below which no kernel with its imports can be."""

WRITTEN = re.compile(r"(?:&\S+\s+)?([^\s,\]}]+)")
"""A number as it stands in a file, after a name that YAML may give it."""

PLAIN = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
"""A number that every reader reads alike: ``007``, ``1_000`` and ``0x1F`` are not."""

BY_NAME = frozenset({"parameters", "runs", "families"})
"""Parts of a file whose entries can each be left out for itself."""


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
    runs: dict[str, dict[str, Any] | None] | None = None
    families: dict[str, Family] = Field(default_factory=dict)


@dataclass(frozen=True)
class Declared:
    """A file with its lines and what its values are held against.

    ``left_out`` are the parts that could not be read, whose mistakes have been told.
    """

    path: Path
    document: Any
    file: ParameterFile
    units: Units
    left_out: frozenset[tuple[str, ...]] = frozenset()

    @cached_property
    def _lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines()

    def runs(self, problems: list[Problem]) -> Iterator[tuple[str, str, dict[str, Any], int]]:
        """Give family, name, values and line of every run; mistakes are added to ``problems``.

        A file that lists no runs has one, named after it, with the defaults.
        """
        listed = self.file.runs if self.file.runs is not None else {self.path.stem: None}
        for name, given in listed.items():
            values = given or {}
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
        declared = self.file.parameters
        if name in declared:
            yield from self._held(name, value, where)
        elif ("parameters", name) not in self.left_out and ("parameters",) not in self.left_out:
            known = ", ".join(declared) or "none"
            line = line_of(self.document, where)
            yield Problem(self.path, line, f"unknown parameter {name!r}", f"declared are: {known}")

    def _held(
        self, name: str, value: Any, where: tuple[str | int, ...], told: str = ""
    ) -> Iterator[Problem]:
        """Hold a value against a declaration there is; ``told`` says which of its values it is."""
        line = line_of(self.document, where)
        declared = self.file.parameters[name]
        if written := self._unplain(value, where):
            message = f"{name}{told}: {written} is not written in plain digits"
            textual = declared.type.textual
            remedy = "write the value in quotation marks" if textual else "write plain digits"
            yield Problem(self.path, line, message, remedy)
            return
        for message, remedy in declared.faults(value, self.units):
            yield Problem(self.path, line, f"{name}{told}: {message}", remedy)

    def _unplain(self, value: Any, where: tuple[str | int, ...]) -> str:
        """Give a number as it is written, where that is not in plain digits.

        YAML takes ``1_000``, ``007`` and ``0x1F`` for numbers, and so changes what was written.
        """
        if isinstance(value, bool) or not isinstance(value, int | float):
            return ""
        holder = self.document
        for step in where[:-1]:
            holder = holder[step]
        line, column = holder.lc.data[where[-1]][-2:]
        found = WRITTEN.match(self._lines[line][column:])
        if found is None or found[1].startswith("*"):  # written where its name is given
            return ""
        special = found[1].lstrip("+-").lower() in (".nan", ".inf")
        return "" if special or PLAIN.fullmatch(found[1]) else found[1]

    def whole(self, values: Mapping[str, Any]) -> dict[str, Value]:
        """The values of a run with the defaults of the parameters it does not name."""
        return {
            key: one.type.plain(values.get(key, one.default))
            for key, one in self.file.parameters.items()
        }

    def mistakes(self, compendium: Compendium) -> Iterator[Problem]:
        """Hold the declarations against themselves, the data and the notebook."""
        yield from self._declarations()
        yield from self._data(compendium)
        yield from self._notebook(compendium.notebooks / self.file.notebook)

    def _declarations(self) -> Iterator[Problem]:
        for name, one in self.file.parameters.items():
            line = line_of(self.document, ("parameters", name))
            if not name.isidentifier() or keyword.iskeyword(name):
                yield Problem(self.path, line, f"{name!r} cannot be a Python name", "rename it")
            for key, message, remedy in one.contradictions():
                line = line_of(self.document, ("parameters", name, key))
                yield Problem(self.path, line, f"{name}: {message}", remedy)
            yield from self._held(name, one.default, ("parameters", name, "default"), ", default")

    def _data(self, compendium: Compendium) -> Iterator[Problem]:
        """Nothing outside ``data`` can be named, and nothing that is not there."""
        for place, name in enumerate(self.file.data):
            line = line_of(self.document, ("data", place))
            whole = (compendium.root / name).resolve()
            if not whole.is_relative_to(compendium.data.resolve()):
                message = f"{name} does not lie under data"
                yield Problem(self.path, line, message, "name a path under data/")
            elif not whole.exists():
                message = f"{name} is not there"
                yield Problem(self.path, line, message, "add it or correct the name")

    def _notebook(self, notebook: Path) -> Iterator[Problem]:
        """The notebook's cell of parameters has those that are declared, with their defaults."""
        file, line = self.file, line_of(self.document, ("notebook",))
        if not notebook.exists():
            message = f"there is no notebook {file.notebook}"
            yield Problem(self.path, line, message, "correct the name")
            return
        try:
            own = parameters_of(notebook)
        except (ValueError, SyntaxError) as error:
            message = f"the parameters cell of {file.notebook} cannot be read: {error}"
            yield Problem(self.path, line, message, "let it hold assignments of plain values only")
            return
        for name in file.parameters.keys() - own.keys():
            line = line_of(self.document, ("parameters", name))
            remedy = f"add it to the cell tagged «parameters» in {file.notebook}"
            yield Problem(self.path, line, f"the notebook has no parameter {name!r}", remedy)
        for name, default in own.items():
            if name not in file.parameters:
                if {("parameters", name), ("parameters",)} & self.left_out:
                    continue
                line = line_of(self.document, ("parameters",))
                message = f"{file.notebook} has a parameter {name!r} that is not declared"
                yield Problem(self.path, line, message, "declare its type and limits here")
            elif not file.parameters[name].means(default):
                line = line_of(self.document, ("parameters", name, "default"))
                message = f"{name}: the default here is not the notebook's ({default!r})"
                yield Problem(self.path, line, message, "make the two the same")


def declared(path: Path, units: Units, problems: list[Problem]) -> Declared | None:
    """Read a file as far as it can be read; mistakes are added to ``problems``.

    None where there is nothing to go by: it is no YAML, or names no notebook.
    """
    try:
        document = documents.read(path)
    except InputError as error:
        problems += error.problems
        return None
    try:
        return Declared(path, document, ParameterFile.model_validate(document), units)
    except ValidationError as error:
        problems += documents.problems(path, document, error)
        places = [tuple(map(str, detail["loc"])) for detail in error.errors()]
    left_out = frozenset(place[: 2 if place[:1] and place[0] in BY_NAME else 1] for place in places)
    rest = copy.deepcopy(document)
    for place in left_out:
        holder = rest
        for step in place[:-1]:
            holder = holder.get(step, {})
        if place:
            holder.pop(place[-1], None)
    try:
        return Declared(path, document, ParameterFile.model_validate(rest), units, left_out)
    except ValidationError:
        return None


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
