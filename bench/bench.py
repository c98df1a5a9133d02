"""What a fact sheet costs by this engine and by others, side by side in one run.

Every way makes the same sheets from the same notebook in a throw-away copy of the compendium,
with as many at a time, and each round has all ways in turn, so that what else the machine does
falls on all of them. Besides the time on the wall the processor time is taken, of everything
that was started: it is what a busy machine distorts least. ``results.md`` has medians.

A run's own cost beyond its cells is taken from notebooks that do nothing: the difference
between many and few of them, by their number, so that what is paid once falls out.
"""

import argparse
import ctypes
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kompendium.facts import Compendium, frame

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PR_SET_CHILD_SUBREAPER = 36
"""``prctl(2)``: who has lost its parent becomes a child of this process, and is counted."""

FEW, MANY = 2, 12
"""Notebooks that do nothing, to tell what is paid for each from what is paid once."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall, and of processors, for everything a way has started."""

    wall: float
    cpu: float


def cost(command: list[str], folder: Path) -> Cost:
    """Run a command to its end and take what it cost; its children are counted, and theirs."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = os.environ | {"KOMPENDIUM_ROOT": str(folder), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    with suppress(ChildProcessError):
        while True:  # what the command has left to end by itself, and now is ours to take in
            os.wait()
    if done.returncode not in (0, 1):  # 1: a verdict is not the one on record
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


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


def by_command(compendium: Compendium, units: list[str], jobs: int) -> Cost:
    """Papermill's command, so many at a time."""
    out = compendium.root / "out"
    out.mkdir(exist_ok=True)
    papermill = f"{BIN}/papermill --cwd notebooks -k python3 notebooks/faktaark.ipynb"
    each = f"{papermill} out/{{}}.ipynb -r unit {{}}"
    listed = "\\n".join(units)
    line = f"printf '{listed}\\n' | xargs -P {jobs} -I {{}} sh -c '{each}'"
    return cost(["sh", "-c", line], compendium.root)


LIBRARY = """
import sys
from multiprocessing import Pool
def make(unit):
    import papermill
    papermill.execute_notebook(
        "notebooks/faktaark.ipynb", f"out/{unit}.ipynb", {"unit": unit}, kernel_name="python3",
        cwd="notebooks", progress_bar=False,
    )
if __name__ == "__main__":
    with Pool(int(sys.argv[1])) as pool:
        pool.map(make, sys.argv[2:], chunksize=1)
"""


def by_library(compendium: Compendium, units: list[str], jobs: int) -> Cost:
    """Papermill as a library, in so many processes."""
    (compendium.root / "out").mkdir(exist_ok=True)
    script = compendium.root / "library.py"
    script.write_text(LIBRARY, encoding="utf-8")
    return cost([sys.executable, str(script), str(jobs), *units], compendium.root)


def by_engine(kernel: str) -> Callable[[Compendium, list[str], int], Cost]:
    """This engine's command, from nothing; the server's start is counted."""

    def make(compendium: Compendium, units: list[str], jobs: int) -> Cost:
        shutil.rmtree(compendium.outputs, ignore_errors=True)
        command = [str(BIN / "kompendium"), "build", "--no-publish", "--kernel", kernel]
        return cost([*command, "--jobs", str(jobs)], compendium.root)

    return make


WAYS = {
    "(a) papermill's command under xargs": by_command,
    "(b) papermill as a library": by_library,
    "(d) this engine, cold": by_engine("cold"),
    "(e) this engine, warm": by_engine("warm"),
}
WARM = "(e) this engine, warm"


def beyond(folder: Path, kernel: str) -> float:
    """Processor seconds a run costs beyond its cells."""
    found = {}
    for number in (FEW, MANY):
        compendium = idle(folder / f"{kernel}-{number}", number)
        found[number] = by_engine(kernel)(compendium, [], 1).cpu
    return (found[MANY] - found[FEW]) / (MANY - FEW)


def main() -> None:
    """Measure, print and write ``results.md``."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    wish = parser.parse_args()
    units = [str(one) for one in frame(2020)["number"].astype(str)]
    units = units[:: max(1, len(units) // wish.sheets)][: wish.sheets]
    found: dict[str, list[Cost]] = {way: [] for way in WAYS}
    extra: dict[str, list[float]] = {"warm": [], "cold": []}
    for turn in range(wish.rounds):
        with tempfile.TemporaryDirectory() as folder:
            for way, make in WAYS.items():
                place = Path(folder) / str(len(way) * 100 + list(WAYS).index(way))
                one = make(compendium_of(place, units), units, wish.jobs)
                found[way].append(one)
                print(f"round {turn + 1}, {way}: {one.wall:.1f} s, {one.cpu:.1f} s of processors")
            for kernel, seconds in extra.items():
                seconds.append(beyond(Path(folder), kernel))
                print(f"round {turn + 1}, a {kernel} run beyond its cells: {seconds[-1]:.2f} s")
    (Path(__file__).parent / "results.md").write_text(report(wish, found, extra), "utf-8")


def report(
    wish: argparse.Namespace, found: dict[str, list[Cost]], extra: dict[str, list[float]]
) -> str:
    """Write the figures down: medians, and each way's ratio to the warm engine's."""
    wall = {way: median(one.wall for one in costs) for way, costs in found.items()}
    cpu = {way: median(one.cpu for one in costs) for way, costs in found.items()}
    lines = [
        "# What a fact sheet costs",
        "",
        f"{wish.sheets} fact sheets, {wish.jobs} at a time, medians of {wish.rounds} rounds; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the end. Made by `make bench`.",
        "",
        "| way | seconds | of processors | a sheet, of processors | ratio, seconds "
        "| ratio, of processors |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {way} | {wall[way]:.1f} | {cpu[way]:.1f} | {cpu[way] / wish.sheets:.2f} "
            f"| {wall[way] / wall[WARM]:.1f} | {cpu[way] / cpu[WARM]:.1f} |"
            for way in WAYS
        ),
        "",
        "Processor seconds a run costs beyond its own cells (notebooks that do nothing, "
        f"{MANY} against {FEW}, one at a time): "
        + ", ".join(f"{kernel} {median(costs):.2f}" for kernel, costs in extra.items())
        + ".",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
