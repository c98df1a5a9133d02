"""The ingredients of a run, gathered from what is declared and what its kernel observed."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kompendium.engine.ingredients import UNSETTLED, Ingredients
from kompendium.engine.measuring import PACKAGE, Present, Snapshot, module_path, tree
from kompendium.engine.plan import Run
from kompendium.engine.records import Ledger
from kompendium.facts.paths import Compendium
from kompendium.observation import READERS

LOCK_FILE = "requirements.txt"
"""The file that pins every package, from the compendium's folder."""

SHAPING = (
    "kompendium.engine.kernels",
    "kompendium.engine.papermill",
    "kompendium.notebook.finishing",
    "kompendium.notebook.guarding",
    "kompendium.notebook.marks",
    "kompendium.observation",
)
"""Modules outside the kernel that shape an executed notebook, or what is known of it."""


def declared(run: Run, present: Present) -> Ingredients:
    """The ingredients of a run that are known before it starts."""
    return Ingredients(
        notebook=present.notebook(run.notebook),
        parameters=dict(run.values),
        files={name: present.file(name) for name in (LOCK_FILE, *_declared_files(run, present))},
        folders={name: present.folder(name) for name in _declared_folders(run, present)},
        modules={name: present.module(name) for name in SHAPING},
        interpreter=present.interpreter,
        kernel=present.kernel,
    )


def observed(run: Run, present: Present, before: Snapshot, report: Path) -> Ingredients | None:
    """The ingredients of a run that has ended; None where its kernel told nothing.

    What changed while the run was under way is marked: nobody knows which content it read.
    """
    try:
        told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    compendium = present.compendium
    known = declared(run, present)
    files = {*known.files, *told["opened"]}
    folders = {*known.folders, *told["listed"]}
    files |= {*_possibly_read(told["unseen"], compendium)}
    files = {name for name in files if not _within_package(compendium.root / name)}
    files -= {name for name in files if present.presence(name) == "folder"}
    modules = {*known.modules, *told["modules"]}
    sought = {*told["sought"]} - files - folders

    def of_file(name: str) -> str:
        settled = before.settled(compendium.root / name)
        return present.file(name) if settled else UNSETTLED

    def of_module(name: str) -> str:
        path = module_path(name)
        return present.module(name) if path and before.settled(path) else UNSETTLED

    return known.model_copy(
        update={
            "notebook": known.notebook if before.settled(run.notebook) else UNSETTLED,
            "files": {name: of_file(name) for name in sorted(files)},
            "folders": {name: present.folder(name) for name in sorted(folders)},
            "sought": {name: present.presence(name) for name in sorted(sought)},
            "modules": {name: of_module(name) for name in sorted(modules)},
            "interpreter": told["interpreter"],
            "unseen": tuple(told["unseen"]),
        }
    )


def ledgers(report: Path) -> dict[str, Ledger]:
    """What the gate noted in a kernel, by survey; nothing where it told nothing."""
    try:
        told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {survey: Ledger.model_validate(one) for survey, one in told["told"].items()}


def again(run: Run, present: Present, before: Ingredients) -> Ingredients:
    """The same ingredients as they are now, with what unseen readers would find besides."""
    files = {*before.files, *_possibly_read(before.unseen, present.compendium)}
    return before.model_copy(
        update={
            "notebook": present.notebook(run.notebook),
            "parameters": dict(run.values),
            "files": {name: present.file(name) for name in sorted(files)},
            "folders": {name: present.folder(name) for name in before.folders},
            "sought": {name: present.presence(name) for name in before.sought},
            "modules": {name: present.module(name) for name in before.modules},
            "interpreter": present.interpreter,
            "kernel": present.kernel,
        }
    )


def _declared_files(run: Run, present: Present) -> Iterable[str]:
    """Files that ``data:`` names in the run's file, and those in folders it names."""
    for name in run.data:
        if present.presence(name) != "folder":
            yield name
            continue
        for folder, names in tree(present.compendium, present.compendium.root / name):
            yield from (f"{folder}/{one}" for one in names)


def _declared_folders(run: Run, present: Present) -> Iterable[str]:
    for name in run.data:
        if present.presence(name) == "folder":
            yield from (one for one, _ in tree(present.compendium, present.compendium.root / name))


def _possibly_read(unseen: Iterable[str], compendium: Compendium) -> Iterator[str]:
    """Every data file that unseen readers may have read; a program may have read any."""
    readers = [READERS.get(reader, ("",)) for reader in unseen]
    endings = tuple(ending for one in readers for ending in one)
    if endings:
        for folder, names in tree(compendium, compendium.data):
            yield from (f"{folder}/{name}" for name in names if name.endswith(endings))


def _within_package(path: Path) -> bool:
    """Tell a module of the library, which is counted as such, from other files."""
    return path.is_relative_to(PACKAGE)
