"""An edition run again from its own inputs, and what came out held against what it holds.

The inputs are the files of its commit, in a scratch folder, each checked against its hash in the
manifest; the library is the one of that commit, where the compendium holds it. Packages are those
installed now: what of them is another than then is told, since it may explain what differs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kompendium.engine.gathering import LOCK_FILE
from kompendium.engine.records import Record, State
from kompendium.facts.paths import ROOT_VARIABLE, Compendium
from kompendium.publication import cells, swap
from kompendium.publication.editions import records, tables
from kompendium.publication.editions.environment import differences, environment
from kompendium.publication.editions.errors import NotRunError
from kompendium.publication.editions.manifest import Kind, contents, digest
from kompendium.publication.editions.records import Run, is_private
from kompendium.publication.editions.repository import Repository
from kompendium.publication.editions.shelf import Edition
from kompendium.surveys.respondents import NAMES

COMPARED = ("verdict", "value", "low", "high", "interval", "computed", "evidence")
"""What of a finding is a result. Numbers are recorded without the noise of processors
(``register.results``), so they are the same or they are not."""

FAILED = 3
"""How a build ends where a run failed; one with a verdict off the record (1) has results."""


@dataclass(frozen=True)
class Difference:
    """One result that came out otherwise: which kind, which one, and how."""

    kind: str
    name: str
    told: str

    def __str__(self) -> str:
        """Read as a line of a listing."""
        return f"{self.name}: {self.told}"


@dataclass(frozen=True)
class Reproduced:
    """What came of running an edition again.

    ``environment`` and ``inputs`` are what was not as it was then, and so may explain what
    differs. ``respondents`` are the surveys that the edition rests on, each with whether its
    respondents are here; that they are the same, nothing can tell. ``compared`` counts the
    findings, tables and cells that were compared.
    """

    number: str
    commit: str
    same_lock: bool
    environment: tuple[str, ...]
    inputs: tuple[str, ...]
    respondents: Mapping[str, bool]
    compared: Mapping[str, int]
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Tell whether all results are the same."""
        return not self.differences


def reproduce(compendium: Compendium, edition: Edition) -> Reproduced:
    """Run an edition again in a scratch folder under ``outputs``, and compare the results.

    Raises:
        NotRunError: its commit is not here, or nothing came of the runs.
    """
    told = edition.manifest
    repository = Repository.around(compendium.root)
    if not repository.holds(told.commit):
        message = f"git does not hold the commit of {told.number}, {told.commit}: fetch it"
        raise NotRunError(message)
    with swap.scratch(compendium.outputs / "reproduction") as scratch:
        tree = Compendium(scratch / "kompendium")
        tree.root.mkdir()
        repository.export(told.commit, tree.root)
        inputs = list(_changed_inputs(edition, tree))
        respondents = {one: _bring(compendium, tree, one) for one in told.surveys}
        failed = _build(tree, _library(edition, tree))
        inputs += _other_ingredients(edition, tree)
        found = [
            *failed,
            *_findings(edition, tree),
            *_tables(edition, tree),
            *_cells(edition, tree),
        ]
        compared = {
            "findings": len(_register(edition.folder)),
            "tables": len(list((edition.folder / tables.FOLDER).rglob("*.csv"))),
            "notebooks": len(_notebooks(edition.folder / records.NOTEBOOKS)),
        }
    lock = compendium.root / LOCK_FILE
    return Reproduced(
        number=told.number,
        commit=told.commit,
        same_lock=told.of_kind(Kind.LOCK).get(LOCK_FILE)
        == (digest(lock) if lock.is_file() else None),
        environment=tuple(differences(told.environment, environment(told.environment.publisher))),
        inputs=tuple(dict.fromkeys(inputs)),
        respondents=respondents,
        compared=compared,
        differences=tuple(found),
    )


def _changed_inputs(edition: Edition, tree: Compendium) -> Iterator[str]:
    """Say which files of the commit are not what the manifest holds, such as by filters of git."""
    for one in edition.manifest.inputs:
        path = tree.root / one.path
        if path.is_file() and digest(path) != one.sha256:
            yield f"{one.path}: git gives another content than the edition was made of"
        elif not path.is_file() and one.kind is not Kind.LIBRARY:
            yield f"{one.path}: git does not give it"


def _bring(compendium: Compendium, tree: Compendium, survey: str) -> bool:
    """Copy the respondents of a survey as they lie here; the scratch folder is nobody else's."""
    there = False
    for name in NAMES:
        source = compendium.surveys / survey / name
        if source.is_file():
            target = tree.surveys / survey / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            there = True
    return there


def _library(edition: Edition, tree: Compendium) -> Path | None:
    """The folder that holds the library of that commit; None for the installed one."""
    names = edition.manifest.of_kind(Kind.LIBRARY)
    marks = [name for name in names if name.endswith("kompendium/__init__.py")]
    mark = tree.root / min(marks, key=len, default="missing")
    return mark.parents[1] if mark.is_file() else None


def _build(tree: Compendium, library: Path | None) -> list[Difference]:
    """Run everything; give the runs that failed."""
    environment = {**os.environ, ROOT_VARIABLE: str(tree.root)}
    if library:
        environment["PYTHONPATH"] = str(library)
    command = [sys.executable, "-m", "kompendium", "build", "--no-publish"]
    done = subprocess.run(
        command, cwd=tree.root, env=environment, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode in (0, 1):
        return []
    failed = [one for one in _records(tree) if one.state is not State.DONE]
    if done.returncode != FAILED or not failed:
        raise NotRunError(f"the build of the edition's inputs ended with code {done.returncode}")
    return [Difference("run", one.run, f"{one.state}: {one.error}") for one in failed]


def _records(tree: Compendium) -> list[Record]:
    names = sorted(path.stem for path in tree.runs.glob("*.json"))
    return [one for name in names if (one := Record.read(tree.runs, name))]


def _other_ingredients(edition: Edition, tree: Compendium) -> Iterator[str]:
    """Say what the runs read now that is not what they read then, the library included."""
    for path in sorted((edition.folder / records.FOLDER).glob("*.json")):
        then = Run.model_validate_json(path.read_bytes())
        record = Record.read(tree.runs, then.run)
        now = record.good.ingredients if record and record.good else None
        if now is None:
            continue
        pairs = ((then.files, now.files), (then.modules, now.modules))
        for before, after in pairs:
            for name in sorted(before.keys() | after.keys()):
                if before.get(name) != after.get(name) and _counts(name):
                    yield f"{name}: not what {then.run} was run with"


def _counts(name: str) -> bool:
    """Tell inputs from respondents, of which nothing is known, and from results."""
    return not is_private(name) and not name.startswith("outputs/")


def _register(folder: Path) -> dict[str, dict[str, Any]]:
    """The findings of an edition or of a compendium's outputs, by id; none where nothing came."""
    try:
        entries = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    except OSError:
        return {}
    return {entry["id"]: entry for entry in entries}


def _findings(edition: Edition, tree: Compendium) -> Iterator[Difference]:
    then, now = _register(edition.folder), _register(tree.outputs)
    for name, before in then.items():
        after = now.get(name)
        if after is None:
            yield Difference("finding", name, "not there")
            continue
        changed = [
            f"{one} {_shown(before.get(one))} → {_shown(after.get(one))}"
            for one in COMPARED
            if before.get(one) != after.get(one)
        ]
        if changed:
            yield Difference("finding", name, ", ".join(changed))
    yield from (Difference("finding", name, "new") for name in now.keys() - then.keys())


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)


def _notebooks(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.ipynb"))}


def _tables(edition: Edition, tree: Compendium) -> Iterator[Difference]:
    """Hold the tables against each other, byte for byte."""
    folder = edition.folder / tables.FOLDER
    then = {name: (folder / name).read_bytes() for name in contents(folder)}
    made = (tables.tables(path) for path in _notebooks(tree.executed).values())
    now = {name: text.encode("utf-8") for some in made for name, text in some}
    for name in dict.fromkeys([*then, *now]):
        if then.get(name) != now.get(name):
            gone = "not there" if name not in now else "new" if name not in then else ""
            yield Difference("table", name.removesuffix(".csv"), gone or "other content")


def _cells(edition: Edition, tree: Compendium) -> Iterator[Difference]:
    """Hold the executed notebooks against each other, cell by cell: sources and outputs."""
    then, now = _notebooks(edition.folder / records.NOTEBOOKS), _notebooks(tree.executed)
    for run, path in then.items():
        if run not in now:
            yield Difference("notebook", run, "not there")
            continue
        before, after = (list(cells.cells(cells.load(one))) for one in (path, now[run]))
        if len(before) != len(after):
            yield Difference("notebook", run, f"{len(before)} → {len(after)} cells")
            continue
        for one, other in zip(before, after, strict=True):
            what = [key for key in ("source", "outputs") if one.raw.get(key) != other.raw.get(key)]
            if what:
                place = one.label or f"cell {one.number}"
                yield Difference("notebook", f"{run}, {place}", f"other {' and '.join(what)}")
