"""An executed notebook made clean: the same bytes each time, and ready for Quarto and Pandoc.

Captions and alternative texts hold computed numbers, so they are known only after a run;
Quarto reads them from cell options. The finishing step moves them there, hides the cell of
injected parameters, and removes what differs between two runs of the same thing.
"""

import json
from typing import Any

from nbformat import NotebookNode

from kompendium.notebook.marks import MADE, METADATA

INJECTED = "injected-parameters"
OPTION = "#| "


def finish(notebook: NotebookNode) -> NotebookNode:
    """Clean an executed notebook in place and return it."""
    metadata = notebook.metadata
    metadata.pop("papermill", None)
    metadata.pop("widgets", None)
    if "language_info" in metadata:
        metadata.language_info = {"name": metadata.language_info.get("name", "python")}
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id = INJECTED
            cell.metadata.tags = [INJECTED, "remove-cell"]
        if cell.cell_type == "code":
            _move_options(cell)
    return notebook


def _move_options(cell: NotebookNode) -> None:
    """Move captions and alternative texts from the outputs to the cell's options."""
    found: dict[str, Any] = {}
    for output in cell.outputs:
        found |= output.get("metadata", {}).pop(METADATA, {})
    found.pop(MADE, None)
    lines = cell.source.split("\n")
    options = [line for line in lines if line.startswith(OPTION)]
    given = {line.removeprefix(OPTION).split(":", 1)[0] for line in options}
    added = [
        f"{OPTION}{name}: {json.dumps(text, ensure_ascii=False)}"
        for name, text in found.items()
        if name not in given
    ]
    code = lines[len(options) :] if lines[: len(options)] == options else lines
    if added:
        cell.source = "\n".join([*options, *added, *code])
