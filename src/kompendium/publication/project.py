"""The stage as a project of Quarto's: ``_quarto.yml`` of the same book, its files beside it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from kompendium.publication import docx, typst
from kompendium.publication.formats import Format

if TYPE_CHECKING:
    from kompendium.publication.staging import Stage

FILES = ("css", "theme", "template-partials", "filters")
"""Settings of a format that name files."""


def write(stage: Stage) -> None:
    """Write ``_quarto.yml`` for the stage: the same book, its files beside it."""
    compendium = stage.book.compendium
    document = stage.book.document()
    document["project"] = {**document.get("project", {}), "output-dir": stage.rendered.name}
    document["book"]["chapters"] = [chapter.staged for chapter in stage.book.chapters]
    if stage.book.bibliographies:
        document["bibliography"] = [path.name for path in stage.book.bibliographies]
    if stage.book.edition:
        document["book"]["date"] = stage.book.day
        document["date-format"] = f"[{stage.book.called}]"  # text, for which brackets stand
    # On the front page Quarto would take what a working copy is called for a date.
    document["book"].setdefault("page-footer", {"left": stage.book.called})
    _choose_formats(document, stage.formats)
    for format in stage.downloads:
        options = document["format"][format.quarto]
        options["notice"] = stage.notice
        options |= {"edition": stage.book.called, "edition-day": stage.book.day}
        if format is Format.PDF:
            # Not in the compendium's own file: a plain render warns where no validator is.
            options["pdf-standard"] = typst.STANDARD
        else:
            running = f"{document['book']['title']} · {stage.book.called}"
            options["reference-doc"] = docx.reference(stage.folder, running).name
    for options in document["format"].values():
        for key in FILES:
            if key in options:
                options[key] = _with_files(options[key], compendium.root, stage.folder)
    with (stage.folder / "_quarto.yml").open("w", encoding="utf-8") as stream:
        YAML().dump(document, stream)


def _choose_formats(document: Any, formats: tuple[Format, ...]) -> None:
    """Leave the formats that are asked for: one plain render makes them all and keeps them."""
    configured = document.get("format") or {}
    document["format"] = {one.quarto: configured.get(one.quarto, {}) for one in formats}
    document["book"].pop("downloads", None)
    if others := [one.value for one in formats if one is not Format.HTML]:
        document["book"]["downloads"] = others


def _with_files(value: Any, root: Path, folder: Path) -> Any:
    """Bring the files that a setting names to the stage and name them as they are there."""
    if isinstance(value, dict):
        return {key: _with_files(one, root, folder) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_files(one, root, folder) for one in value]
    if isinstance(value, str) and (root / value).is_file():
        source = root / value
        # A filter finds its modules beside it.
        for one in source.parent.glob("*.lua") if source.suffix == ".lua" else (source,):
            shutil.copyfile(one, folder / one.name)
        return Path(value).name
    return value
