"""What of an executed notebook may leave where real respondents were read.

What ``table``, ``figure``, ``prose`` and ``record`` show has been written for readers, and its
figures come from the gate. A bare table at the end of a cell, a ``print`` or the message of an
error may hold anything, so it is taken out, and a notice stands in its place.
"""

import re
from typing import Any

from nbformat.v4 import new_output

from kompendium.notebook.marks import MADE, METADATA

LABEL = re.compile(r"^#\| label: (\S+)", re.MULTILINE)

NOTICE = (
    "*Holdt tilbake: Der virkelige svar er lest, vises bare det som er laget med `table`, "
    "`figure`, `prose` eller `record`.*"
)
"""What stands where an output stood."""


def guard(notebook: Any) -> list[str]:
    """Take every output out that nothing of the library made; give the cells it stood in."""
    places = []
    number = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        number += 1
        kept = [output for output in cell.outputs if _made(output)]
        if len(kept) < len(cell.outputs):
            label = LABEL.search(cell.source)
            places.append(label[1] if label else f"code cell {number}")
            notice = {"text/markdown": NOTICE, "text/plain": NOTICE}
            cell.outputs = [*kept, new_output("display_data", notice)]
    return places


def _made(output: Any) -> bool:
    return MADE in output.get("metadata", {}).get(METADATA, {})
