"""What a command costs, everything it starts counted, and compendia to measure it in."""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kompendium.facts import Compendium

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PR_SET_CHILD_SUBREAPER = 36
"""``prctl(2)``: who has lost its parent becomes a child of this process, and is counted."""

SERVER = "warm/server.py"
"""What the command line of the server of warm kernels, and of the kernels it forks, holds."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall, and of processors, for everything a way has started."""

    wall: float
    cpu: float

    def __add__(self, other: "Cost") -> "Cost":
        """Both together."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu)

    def __sub__(self, other: "Cost") -> "Cost":
        """What this is more; never less than nothing."""
        return Cost(max(0.0, self.wall - other.wall), max(0.0, self.cpu - other.cpu))


def adopt_orphans() -> None:
    """Count also what outlives its parent: it becomes a child of this process."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def environment(folder: Path) -> dict[str, str]:
    """The environment every command is measured in."""
    return os.environ | {"KOMPENDIUM_ROOT": str(folder), "PYTHONHASHSEED": "0"}


def cost(command: list[str], folder: Path, well: Sequence[int] = (0,), say: str = "") -> Cost:
    """Run a command to its end and take what it cost; its children are counted, and theirs.

    ``well`` are the codes it may end with, ``say`` what it is answered where it asks.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(folder),
        input=say,
        capture_output=True,
        text=True,
        check=False,
    )
    with suppress(ChildProcessError):
        while True:  # what the command has left to end by itself, and now is ours to take in
            os.wait()
    if done.returncode not in well:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def book_of(folder: Path) -> Compendium:
    """The whole compendium, without what was made of it or put in."""
    made = (
        ".git",
        ".venv",
        "outputs",
        "_variables.yml",
        "respondents.*",
        "__pycache__",
        ".*_cache",
    )
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*made))
    return Compendium(folder)


def compendium_of(folder: Path, units: list[str]) -> Compendium:
    """Make a compendium of one notebook and a run of it for each unit."""
    for name in ("data", "notebooks", "params"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(ROOT / "data", folder / "data", dirs_exist_ok=True)
    for name in ("_quarto.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    shutil.copy(ROOT / "notebooks" / "faktaark.ipynb", folder / "notebooks")
    declared = (ROOT / "params" / "faktaark.yml").read_text(encoding="utf-8")
    runs = "".join(f'  faktaark-{unit}:\n    unit: "{unit}"\n' for unit in units)
    text = declared[: declared.index("runs:")] + "runs:\n" + runs
    (folder / "params" / "faktaark.yml").write_text(text, encoding="utf-8")
    return Compendium(folder)


def idle(folder: Path, number: int) -> Compendium:
    """Make a compendium of notebooks that do nothing."""
    compendium = compendium_of(folder, [])
    for path in (*compendium.notebooks.iterdir(), *compendium.params.iterdir()):
        path.unlink()
    for place in range(number):
        notebook = new_notebook(cells=[new_markdown_cell(f"# {place}"), new_code_cell("1")])
        nbformat.write(notebook, compendium.notebooks / f"n{place}.ipynb")
        text = f"notebook: n{place}.ipynb\n"
        (compendium.params / f"n{place}.yml").write_text(text, encoding="utf-8")
    return compendium


@dataclass
class Memory:
    """The most memory that was held at once, in MiB: by the command with what it works by
    itself, and by the server of kernels. Kernels are the notebooks' own and not counted.
    """

    command: float = 0.0
    server: float = 0.0


def watched(command: list[str], folder: Path, well: Sequence[int] = (0,)) -> tuple[Cost, Memory]:
    """As ``cost``, and how much memory the engine held on the way."""
    memory, over = Memory(), Event()

    def watch() -> None:
        own = psutil.Process()
        while not over.wait(0.25):
            with suppress(psutil.Error):
                seen = list(_engine(own))
                memory.command = max(memory.command, sum(held for is_it, held in seen if not is_it))
                memory.server = max(memory.server, *(held for is_it, held in seen if is_it), 0.0)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        return cost(command, folder, well), memory
    finally:
        over.set()
        watcher.join()


def _engine(own: psutil.Process) -> Iterator[tuple[bool, float]]:
    """Whether each of the engine's processes is its server, and the MiB it holds alone."""
    for one in own.children(recursive=True):
        with suppress(psutil.Error):
            line, parent = " ".join(one.cmdline()), one.parent()
            forked = parent is not None and SERVER in " ".join(parent.cmdline())
            if not forked and "ipykernel" not in line:
                yield SERVER in line, one.memory_full_info().uss / 2**20
