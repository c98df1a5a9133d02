"""A state of the compendium: what an edition, or the working copy, holds and was made of.

Both are read where they lie, and only as far as they are asked: an edition by its manifest, the
working copy as a manifest of it would be written now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kompendium.engine.plan import parameters_of
from kompendium.publication.cells import INJECTED, Json, load
from kompendium.publication.changes import grids
from kompendium.publication.changes.exhibits import Exhibit, exhibits
from kompendium.publication.changes.grids import Grid

WORK = "work"
"""The name of the working copy, where an edition's number could stand."""


@dataclass(frozen=True)
class State:
    """What there is to compare of one side.

    ``results`` is the register, ``notebooks`` are the executed ones by run. ``data`` and
    ``modules`` map names to hashes, ``packages`` to versions; ``tables`` are the data files whose
    rows can be read. None stands for what the state does not tell.
    """

    name: str
    results: Path
    notebooks: Mapping[str, Path]
    data: Mapping[str, str] | None = None
    modules: Mapping[str, str] | None = None
    packages: Mapping[str, str] | None = None
    tables: Mapping[str, Path] = field(default_factory=dict)

    @property
    def is_work(self) -> bool:
        """Tell the working copy from editions."""
        return self.name == WORK

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

    def grids(self, names: Mapping[str, str]) -> dict[str, Grid]:
        """The rows of those of these data files that can be read."""
        return {
            name: grids.of_csv(path.read_text(encoding="utf-8-sig"))
            for name, path in self.tables.items()
            if name in names
        }
