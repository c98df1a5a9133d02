"""What an edition keeps of each run: its record, without what could lead to a respondent.

Three parts of a record rest on respondents and stay behind: the hash of their file, the key of the
run (a hash over that hash), and the ledgers of the gate, which are for whoever holds the answers.
Names of other files in a survey's folder go the same way. ``manifest`` says why.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from kompendium.engine.ingredients import MISSING, Ingredients
from kompendium.engine.records import Good, Record

FOLDER = "runs"
NOTEBOOKS = "notebooks"


class Run(BaseModel):
    """One run of an edition; ``files``, ``modules`` and the rest are as in the engine's record.

    ``result`` is the executed notebook, from the edition's folder. ``surveys`` are those whose
    respondents it read; of these there is no more. ``key`` is None where it read any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    notebook: str
    parameters: dict[str, Any]
    result: str
    key: str | None
    surveys: tuple[str, ...]
    started: str
    ended: str
    kernel: str
    interpreter: str
    peak_memory: int | None
    cell_seconds: tuple[float, ...]
    packages: dict[str, str]
    files: dict[str, str]
    folders: dict[str, tuple[str, ...] | None]
    sought: dict[str, str]
    modules: dict[str, str]
    unseen: tuple[str, ...]

    def written(self) -> str:
        """The record as its file holds it."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def frozen(record: Record) -> Run:
    """The record of a run that ended well, as an edition keeps it."""
    good = record.good
    assert good is not None
    assert record.ended is not None
    made = good.ingredients
    surveys = surveys_read(good)
    return Run(
        run=record.run,
        notebook=record.notebook,
        parameters=dict(made.parameters),
        result=f"{NOTEBOOKS}/{record.run}.ipynb",
        key=None if surveys else good.key,
        surveys=surveys,
        started=record.started.isoformat(timespec="seconds"),
        ended=record.ended.isoformat(timespec="seconds"),
        kernel=made.kernel,
        interpreter=made.interpreter,
        peak_memory=record.peak_memory,
        cell_seconds=record.cell_seconds,
        packages=record.packages,
        files=_public(made.files),
        folders=_public_folders(made),
        sought=_public(made.sought),
        modules=dict(made.modules),
        unseen=made.unseen,
    )


def surveys_read(good: Good) -> tuple[str, ...]:
    """The surveys whose respondents a run has read, or may have."""
    there = (name for name, held in good.ingredients.files.items() if held != MISSING)
    return tuple(sorted({name.split("/")[2] for name in there if is_private(name)}))


def is_private(name: str) -> bool:
    """Tell what in a survey's folder is not its codebook, by its path in the compendium."""
    parts = name.split("/")
    return parts[:2] == ["data", "surveys"] and len(parts) > 3 and parts[3] != "codebook.yml"


def _public(names: dict[str, str]) -> dict[str, str]:
    return {name: one for name, one in names.items() if not is_private(name)}


def _public_folders(made: Ingredients) -> dict[str, tuple[str, ...] | None]:
    """The folders that were listed, with the names git may hold."""
    return {
        folder: names and tuple(one for one in names if not is_private(f"{folder}/{one}"))
        for folder, names in made.folders.items()
        if not is_private(f"{folder}/x") or folder.count("/") == 2  # the folder of a survey itself
    }
