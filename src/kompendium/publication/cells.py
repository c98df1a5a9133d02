"""Notebooks as both publishers read them: cells with Quarto's options, tags and stored outputs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kompendium.notebook.marks import DRAWN

Json = dict[str, Any]

INJECTED = "injected-parameters"
"""Papermill's tag on the cell it adds; the same values stand in the ``parameters`` cell."""

HIDDEN = "remove-cell"

ADDED = "added-by-the-book"
"""The tag of a cell that no notebook has: the stage put it in."""

TAGS: dict[str, tuple[str, bool]] = {
    "remove-cell": ("include", False),
    "hide-cell": ("include", False),
    "hide-code": ("echo", False),
    "hide-output": ("output", False),
    "hide-warnings": ("warning", False),
    "show-code": ("echo", True),
    "show-output": ("output", True),
    "show-warnings": ("warning", True),
}
"""What Quarto makes of a tag; every other tag (``remove-input`` too) means nothing to it."""

SHOWN = ("text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
"""Forms of a staged output in the order Quarto prefers them; HTML is staged as Markdown."""

_OPTION = re.compile(r"^#\| ?(.*)$")
_REPR = re.compile(r"^(<.*>|\(.*\)|\[.*\]|Text\([-\d].*)$")


@dataclass(frozen=True)
class Output:
    """One stored output: a stream, an error or data in several forms."""

    raw: Json

    @property
    def kind(self) -> str:
        """``stream``, ``error``, ``display_data`` or ``execute_result``."""
        return str(self.raw["output_type"])

    @property
    def is_display(self) -> bool:
        """Say whether the output is data rather than a stream or an error."""
        return self.kind in ("display_data", "execute_result")

    @property
    def data(self) -> Json:
        """The forms, by MIME type."""
        data: Json = self.raw.get("data", {})
        return data

    @property
    def form(self) -> str | None:
        """The MIME type that is shown; nothing where no reader could make sense of any."""
        return next((form for form in SHOWN if form in self.data), None)

    def text(self, form: str | None = None) -> str:
        """The text of one form, or of the stream."""
        return joined(self.data[form] if form else self.raw.get("text", ""))


@dataclass(frozen=True)
class Cell:
    """One cell, its option lines taken off its code."""

    number: int
    raw: Json
    options: Json
    source: str

    @property
    def kind(self) -> str:
        """``markdown``, ``code`` or ``raw``."""
        return str(self.raw["cell_type"])

    @property
    def id(self) -> str:
        """The cell's id, which is an anchor on the page; may be empty."""
        return str(self.raw.get("id", ""))

    @property
    def label(self) -> str:
        """The label that cross references name; may be empty."""
        return str(self.options.get("label", "")).removeprefix("#")

    @property
    def tags(self) -> list[str]:
        """The cell's tags."""
        return list(self.raw.get("metadata", {}).get("tags", []))

    def shows(self, what: str) -> bool:
        """Say whether ``include``, ``echo``, ``output`` or ``warning`` holds for the cell."""
        return self.options.get(what, True) is not False

    @property
    def is_asis(self) -> bool:
        """Say whether printed text is to be read as Markdown."""
        return self.options.get("output") == "asis"

    @property
    def outputs(self) -> list[Output]:
        """The outputs a reader is shown, in order; a drawing's own repr is left out."""
        outputs = [Output(raw) for raw in self.raw.get("outputs", [])]
        drawn = any((output.form or "").startswith("image/") for output in outputs)
        return [
            output
            for output in outputs
            if not (_is_stderr(output) and not self.shows("warning"))
            and not _is_repr(output, drawn)
            and not (output.is_display and output.form is None)
        ]


def load(path: Path) -> Json:
    """Read a notebook file."""
    notebook: Json = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def cells(notebook: Json) -> Iterator[Cell]:
    """The notebook's cells, numbered from 1; what the stage added has the number before it."""
    number = 0
    for raw in notebook["cells"]:
        number += ADDED not in raw.get("metadata", {}).get("tags", ())
        source = joined(raw["source"])
        if raw["cell_type"] != "code":
            yield Cell(number, raw, {}, source)
            continue
        written, code = _split(source)
        implied = [TAGS[tag] for tag in raw.get("metadata", {}).get("tags", []) if tag in TAGS]
        yield Cell(number, raw, {**dict(implied), **written}, code)


def markdown(id: str, text: str) -> Json:
    """A Markdown cell, for what the stage adds."""
    source = text.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": id, "metadata": {"tags": [ADDED]}, "source": source}


def drawn(output: Json) -> Json | None:
    """Give the numbers kept with a stored output (``notebook.drawn``); None where none are."""
    text = output.get("metadata", {}).get(DRAWN)
    return json.loads(text) if text else None


def joined(text: str | list[str]) -> str:
    """Text of a notebook file, which may be stored as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


@lru_cache(maxsize=2048)
def _split(source: str) -> tuple[Json, str]:
    """Take the leading option lines off a cell's code."""
    from ruamel.yaml import YAML  # here: a build with nothing to do reads no cell
    from ruamel.yaml.error import YAMLError

    lines = source.splitlines()
    count = next((i for i, line in enumerate(lines) if not _OPTION.match(line)), len(lines))
    written = "\n".join(_OPTION.sub(r"\1", line) for line in lines[:count])
    try:
        options = YAML(typ="safe", pure=True).load(written) if written else {}
    except YAMLError:
        return {}, source
    return (options, "\n".join(lines[count:])) if isinstance(options, dict) else ({}, source)


def _is_stderr(output: Output) -> bool:
    return output.kind == "stream" and output.raw.get("name") == "stderr"


def _is_repr(output: Output, drawn: bool) -> bool:
    """Say whether an output is only what a drawing call returned, as Quarto does."""
    if output.kind != "execute_result" or list(output.data) != ["text/plain"]:
        return False
    text = output.text("text/plain").strip()
    if drawn:
        return bool(_REPR.match(text)) or "<matplotlib." in text
    return text.startswith(("[<matplotlib", "<matplotlib", "<seaborn."))
