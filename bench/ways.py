"""Ways to make the same fact sheets: papermill, jupyter-cache, and this engine."""

import json
import shutil
import sys
from collections.abc import Callable

from costs import BIN, Cost, cost
from jupyter_cache import get_cache

from kompendium.facts import Compendium

Work = tuple[str, str, dict[str, str]]
"""A notebook, what its executed copy is called, and its parameters."""


def sheets(units: list[str]) -> list[Work]:
    """A fact sheet for each unit."""
    return [("faktaark", unit, {"unit": unit}) for unit in units]


def command(compendium: Compendium, work: list[Work], jobs: int) -> Cost:
    """Papermill's command, so many at a time."""
    (compendium.root / "out").mkdir(exist_ok=True)
    lines = "\n".join(
        " ".join(
            [f"notebooks/{name}.ipynb out/{made}.ipynb"]
            + [f"-r {key} {value}" for key, value in given.items()]
        )
        for name, made, given in work
    )
    each = f"{BIN}/papermill --cwd notebooks -k python3"
    return cost(["xargs", "-P", str(jobs), "-L", "1", *each.split()], compendium.root, say=lines)


LIBRARY = """
import json, sys
from multiprocessing import Pool
def make(work):
    import papermill
    name, made, given = work
    papermill.execute_notebook(
        f"notebooks/{name}.ipynb", f"out/{made}.ipynb", given, kernel_name="python3",
        cwd="notebooks", progress_bar=False,
    )
if __name__ == "__main__":
    with Pool(int(sys.argv[1])) as pool:
        pool.map(make, json.loads(sys.argv[2]), chunksize=1)
"""


def library(compendium: Compendium, work: list[Work], jobs: int) -> Cost:
    """Papermill as a library, in so many processes."""
    (compendium.root / "out").mkdir(exist_ok=True)
    script = compendium.root / "library.py"
    script.write_text(LIBRARY, encoding="utf-8")
    return cost([sys.executable, str(script), str(jobs), json.dumps(work)], compendium.root)


def by_command(compendium: Compendium, units: list[str], jobs: int) -> Cost:
    """Papermill's command for each sheet."""
    return command(compendium, sheets(units), jobs)


def by_library(compendium: Compendium, units: list[str], jobs: int) -> Cost:
    """Papermill as a library for each sheet."""
    return library(compendium, sheets(units), jobs)


def by_cache(compendium: Compendium, units: list[str], jobs: int) -> Cost:
    """jupyter-cache's command, in as many processes as there are cores: it takes no number.

    It knows no parameters, so each sheet is a notebook of its own with its unit written in.
    """
    made = _written(compendium, units)
    total = Cost(0.0, 0.0)
    for command in (["notebook", "add", *made], ["project", "execute", *CACHE]):
        total += cost([str(BIN / "jcache"), *command], compendium.root, say="y\n")
    cache = get_cache(compendium.root / ".jupyter_cache")
    for record in cache.list_project_records():
        if record.traceback or cache.get_cached_project_nb(record.uri) is None:
            raise SystemExit(f"jupyter-cache made no {record.uri}: {record.traceback}")
    return total


CACHE = ("--executor", "local-parallel", "--timeout", "600")
"""How jupyter-cache executes."""


def _written(compendium: Compendium, units: list[str]) -> list[str]:
    """Write a notebook for each unit, beside the one they are made from."""
    source = json.loads((compendium.notebooks / "faktaark.ipynb").read_text(encoding="utf-8"))
    names = []
    for unit in units:
        for cell in source["cells"]:
            if "parameters" in cell["metadata"].get("tags", ()):
                cell["source"] = [f'unit = "{unit}"\n', 'lang = "nb"']
        names.append(f"notebooks/sheet-{unit}.ipynb")
        text = json.dumps(source, ensure_ascii=False, indent=1)
        (compendium.root / names[-1]).write_text(text, encoding="utf-8")
    return names


DONE = (0, 1)
"""How this engine's command ends: 1 where a verdict is not the one on record, as it is when the
book's other notebooks are not there."""


def engine(kernel: str, jobs: int) -> list[str]:
    """This engine's command."""
    command = [str(BIN / "kompendium"), "build", "--no-publish", "--kernel", kernel]
    return [*command, "--jobs", str(jobs)]


def by_engine(kernel: str) -> Callable[[Compendium, list[str], int], Cost]:
    """This engine's command, from nothing; the server's start is counted."""

    def make(compendium: Compendium, units: list[str], jobs: int) -> Cost:
        shutil.rmtree(compendium.outputs, ignore_errors=True)
        return cost(engine(kernel, jobs), compendium.root, DONE)

    return make


WAYS = {
    "(a) papermill's command under xargs": by_command,
    "(b) papermill as a library": by_library,
    "(c) jupyter-cache": by_cache,
    "(d) this engine, cold": by_engine("cold"),
    "(e) this engine, warm": by_engine("warm"),
}
WARM = "(e) this engine, warm"


def idle_by(way: Callable[[Compendium, list[Work], int], Cost]) -> Callable[[Compendium], Cost]:
    """Papermill's way with every notebook of a compendium, without parameters, one at a time."""

    def make(compendium: Compendium) -> Cost:
        names = sorted(path.stem for path in compendium.notebooks.glob("*.ipynb"))
        return way(compendium, [(name, name, {}) for name in names], 1)

    return make


BARE: dict[str, Callable[[Compendium], Cost]] = {
    "papermill's command": idle_by(command),
    "papermill as a library": idle_by(library),
    "cold": lambda compendium: by_engine("cold")(compendium, [], 1),
    "warm": lambda compendium: by_engine("warm")(compendium, [], 1),
}
"""Ways to run notebooks that do nothing, one at a time."""
