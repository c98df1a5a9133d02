"""Text outputs kept in the notebooks that researchers edit, so that nbval can compare.

Pictures are left out: they would drown every real change of a notebook in image bytes.
"""

from pathlib import Path
from typing import Any

import nbformat

from kompendium.facts.files import write_atomically
from kompendium.notebook.finishing import INJECTED


def keep_outputs(source: Path, executed: Path) -> bool:
    """Copy the outputs of an executed notebook into its source; tell whether it changed."""
    before = source.read_text(encoding="utf-8")
    notebook: Any = nbformat.reads(before, as_version=4)
    # By place, not by id: a notebook saved with new ids need not be run again.
    done = [
        cell
        for cell in nbformat.read(executed, as_version=4).cells
        if INJECTED not in cell.metadata.get("tags", ())
    ]
    count = 0  # nbval takes a cell without one for a cell that was never run
    for cell, ran in zip(notebook.cells, done, strict=True):
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [_textual(output) for output in ran.get("outputs", [])]
    after = str(nbformat.writes(notebook, indent=1)) + "\n"
    if after != before:
        write_atomically(source, after)
    return after != before


def _textual(output: Any) -> Any:
    """An output without pictures, metadata and counts."""
    if "data" in output:
        output.data = {kind: data for kind, data in output.data.items() if "image/" not in kind}
        output.metadata = {}
    if "execution_count" in output:
        output.execution_count = None
    return output
