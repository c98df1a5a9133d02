"""A state of the compendium: what an edition, or the working copy, holds and was made of.

Both are read where they lie, and only as far as they are asked. Of the working copy, what counts
is what the notebooks in ``outputs`` were made of, not what has been edited since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from kompendium.engine import Record
from kompendium.engine.ingredients import MISSING
from kompendium.engine.memory import known_book
from kompendium.engine.parameter_files import parameters_of
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.publication.cells import INJECTED, Json, load
from kompendium.publication.changes import grids
from kompendium.publication.changes.exhibits import Exhibit, exhibits
from kompendium.publication.changes.grids import Grid
from kompendium.publication.editions import records, shelf
from kompendium.publication.editions.records import Run
from kompendium.publication.editions.repository import GitError, Repository

WORK = "work"
"""The name of the working copy, where an edition's number could stand."""

Reader = Callable[[str], bytes | None]
"""Gives a file the results were made of, by its path in the compendium; None where it is gone."""


@dataclass(frozen=True)
class State:
    """What there is to compare of one side.

    ``results`` is the register, ``notebooks`` are the executed ones by run, and ``runs`` tell
    what they were made of. ``read`` gives files of that time, or what lies in their place now.
    """

    name: str
    results: Path
    notebooks: Mapping[str, Path]
    runs: Sequence[Run] = ()
    read: Reader = lambda _: None

    @cached_property
    def findings(self) -> dict[str, Json]:
        """The lines of the register by finding."""
        entries = json.loads(self.results.read_text(encoding="utf-8"))
        return {entry["id"]: entry for entry in entries}

    @cached_property
    def documents(self) -> dict[str, Json]:
        """The executed notebooks by run."""
        return {run: load(path) for run, path in self.notebooks.items()}

    @cached_property
    def exhibits(self) -> dict[str, Exhibit]:
        """Every figure and table of the chapters, by label."""
        every = (one for run, document in self.documents.items() for one in exhibits(run, document))
        return {exhibit.label: exhibit for exhibit in every}

    @cached_property
    def parameters(self) -> dict[str, dict[str, object]]:
        """The values each run had: the defaults with what was injected on top."""
        return {
            run: parameters_of(path) | parameters_of(path, INJECTED)
            for run, path in self.notebooks.items()
        }

    @cached_property
    def data(self) -> dict[str, str]:
        """The data files that were read, each with its hash."""
        every = (one for run in self.runs for one in run.files.items())
        return {name: held for name, held in every if name.startswith("data/") and held != MISSING}

    @cached_property
    def modules(self) -> dict[str, str]:
        """The modules of the library that the notebooks had loaded, each with its hash."""
        return {name: held for run in self.runs for name, held in run.modules.items()}

    @cached_property
    def packages(self) -> dict[str, str]:
        """The versions of what the notebooks import, of Python and of its kernel."""
        found = {name: version for run in self.runs for name, version in run.packages.items()}
        for run in self.runs:
            for told in (run.interpreter, run.kernel.rpartition(", ")[2]):
                name, _, version = told.rpartition(" ")
                found[name] = version
        return dict(sorted(found.items()))

    def grid(self, name: str) -> Grid | None:
        """The rows of a data file as it was; None where it is no table or can be had no more."""
        content = self.read(name) if name.endswith(".csv") else None
        if content is None or sha256(content).hexdigest() != self.data[name]:
            return None
        return grids.of_csv(content.decode("utf-8-sig"))


def state(compendium: Compendium, name: str) -> State:
    """Read an edition by its number, or the working copy by the name ``work``.

    Raises:
        InputError: there is no such edition, or nothing has been built yet.
    """
    return _work(compendium) if name == WORK else _edition(compendium, name)


def _work(compendium: Compendium) -> State:
    if not compendium.results.is_file():
        remedy = "«make book» or «kompendium build» first"
        raise InputError([Problem(compendium.results, 1, "nothing has been built yet", remedy)])
    places = {run.id: compendium.executed / f"{run.id}.ipynb" for run in known_book(compendium)}
    found = {run: place for run, place in places.items() if place.is_file()}
    kept = (Record.read(compendium.runs, run) for run in found)
    made = [
        records.frozen(one.model_copy(update={"ended": one.ended or one.started}))
        for one in kept
        if one and one.good
    ]

    def read(name: str) -> bytes | None:
        path = compendium.root / name
        return path.read_bytes() if path.is_file() else None

    return State(WORK, compendium.results, found, made, read)


def _edition(compendium: Compendium, name: str) -> State:
    known = {one.manifest.number: one for one in reversed(shelf.editions(compendium))}
    if name not in known:
        remedy = f"choose among {', '.join([*known, WORK])}"
        raise InputError([Problem(compendium.editions, 1, f"no edition «{name}»", remedy)])
    folder, commit = known[name].folder, known[name].manifest.commit
    found = {path.stem: path for path in sorted((folder / records.NOTEBOOKS).glob("*.ipynb"))}
    runs = sorted((folder / records.FOLDER).glob("*.json"))
    made = [Run.model_validate_json(path.read_bytes()) for path in runs]

    def read(name: str) -> bytes | None:
        """The inputs of an edition lie in git."""
        try:
            return Repository.around(compendium.root).content(commit, name)
        except GitError:
            return None

    return State(name, folder / compendium.results.name, found, made, read)
