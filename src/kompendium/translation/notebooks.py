"""A notebook's texts, and the same notebook with the texts of another language."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from kompendium.translation import blocks
from kompendium.translation.literals import Literal, comments, literals, replaced

PARAMETERS = "parameters"


def messages(notebook: Any) -> Iterator[tuple[int, str, bool]]:
    """Every text with the number of its cell, from 1, and whether parts of it are computed.

    Raises SyntaxError, with the cell's number as ``filename``, where a cell is not Python.
    """
    found: list[tuple[int, str, bool]] = []
    for number, cell in enumerate(notebook["cells"], 1):

        def keep(message: str, computed: bool = False, number: int = number) -> str:
            found.append((number, message, computed))
            return message

        _walk(cell, keep, number)
    yield from found


def translated(notebook: Any, text: Callable[[str], str]) -> Any:
    """Give a copy of a notebook with every text put through ``text``, without outputs."""
    copied = copy.deepcopy(notebook)
    for number, cell in enumerate(copied["cells"], 1):
        changed = _walk(cell, lambda message, _: text(message), number)
        cell["source"] = changed.splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return copied


def _walk(cell: Any, text: Callable[[str, bool], str], number: int) -> str:
    """Put every text of a cell through ``text``; give the cell's source anew."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return blocks.translated(source, lambda block: text(block, False))
    if cell["cell_type"] != "code":
        return source
    try:
        found = literals(source)
    except SyntaxError as error:
        error.filename = f"cell {number}"
        raise
    done = replaced(source, _changed(found, text))
    if PARAMETERS in cell.get("metadata", {}).get("tags", ()):
        done = replaced(done, _changed(comments(done), text), code=False)
    return done


def _changed(found: list[Literal], text: Callable[[str, bool], str]) -> dict[Literal, str]:
    """What of the texts is another in translation: the rest keeps its form in the code."""
    told = {one: text(one.message, one.formatted) for one in found}
    return {one: new for one, new in told.items() if new != one.message}
