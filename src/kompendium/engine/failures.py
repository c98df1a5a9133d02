"""How a run failed, told from what was raised: without the machine's paths and colours."""

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from kompendium.engine.limits import MIB, Watch
from kompendium.engine.measuring import PACKAGE
from kompendium.engine.plan import Run
from kompendium.engine.records import State
from kompendium.facts.paths import Compendium
from kompendium.observation import SENT_FROM

ANSI = re.compile(r"\x1b\[[0-9;]*m")
DIED = "Kernel died"
"""How nbclient and Jupyter begin to tell of a kernel's end, also before it ever was ready."""

CELL_FILE = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py")


class Failure(NamedTuple):
    """What a record says of a run that did not end well."""

    state: State
    cell: int | None
    error: str
    traceback: str = ""


def failure(
    raised: BaseException, run: Run, notebook: Any, watch: Watch, compendium: Compendium
) -> Failure:
    """Tell how a run failed; ``notebook`` is as far as it came, None where it never began."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import PapermillExecutionError

    def cleaned(text: str) -> str:
        return clean(text, compendium)

    if isinstance(raised, KeyboardInterrupt):
        return Failure(State.INTERRUPTED, last_cell(notebook), "stopped by the user")
    if watch.broken is State.TIMED_OUT:
        told = f"not done within the time limit of {run.time_limit} s"
        return Failure(State.TIMED_OUT, last_cell(notebook), told)
    if watch.broken is State.OUT_OF_MEMORY:
        told = f"more than the memory limit of {run.memory_limit} MiB"
        return Failure(State.OUT_OF_MEMORY, last_cell(notebook), told)
    if isinstance(raised, PapermillExecutionError):
        state = State.OUT_OF_MEMORY if raised.ename.endswith("MemoryError") else State.FAILED
        told = cleaned(f"{raised.ename}: {raised.evalue}")
        return Failure(state, raised.cell_index, told, cleaned("\n".join(raised.traceback)))
    if isinstance(raised, CellTimeoutError):
        return Failure(State.TIMED_OUT, last_cell(notebook), "what a cell published never came")
    if isinstance(raised, DeadKernelError) or str(raised).startswith(DIED):
        if watch.out_of_memory:
            peak = f"; it had used {watch.peak // MIB} MiB" if watch.peak else ""
            told = f"the machine ran out of memory{peak}"
            return Failure(State.OUT_OF_MEMORY, last_cell(notebook), told)
        return Failure(State.KERNEL_DIED, last_cell(notebook), str(raised))
    return Failure(State.FAILED, None, cleaned(f"{type(raised).__name__}: {raised}"))


def last_cell(notebook: Any) -> int | None:
    """Find the cell a run had come to when it stopped, from what Papermill has noted.

    None where no cell had begun.
    """
    cells = notebook.cells if notebook is not None else []
    begun = [place for place, cell in enumerate(cells) if _begun(cell)]
    return begun[-1] if begun else None


def _begun(cell: Any) -> bool:
    """Tell whether a cell was begun, by what Papermill notes of it."""
    status = cell.metadata.get("papermill", {}).get("status")
    return cell.cell_type == "code" and status not in (None, "pending")


def clean(message: str, compendium: Compendium) -> str:
    """Rid a message of terminal colours and of the machine's paths."""
    places = {
        os.environ.get(SENT_FROM, str(compendium.root)): ".",
        str(compendium.root): ".",
        sys.prefix: "<environment>",
        sys.base_prefix: "<python>",
        tempfile.gettempdir(): "<temporary>",
        str(Path.home()): "~",
    }
    if not compendium.holds(PACKAGE):
        places[str(PACKAGE.parent)] = "<library>"
    message = CELL_FILE.sub("<cell>", ANSI.sub("", message))
    for path, name in sorted(places.items(), key=lambda one: -len(one[0])):
        message = message.replace(path, name)
    return message
