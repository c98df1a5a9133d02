"""What it costs to run again: where nothing has changed, and where one notebook was edited."""

import sys
from pathlib import Path

from costs import BIN, Cost, book_of, compendium_of, cost
from ways import CACHE, DONE, by_cache, engine

from kompendium.facts import Compendium

PAIRS = 11
"""Times the short commands are run, in turn: the median of few would be chance."""


def nothing_to_do(folder: Path, units: list[str], jobs: int) -> dict[str, list[Cost]]:
    """The commands that find nothing to do, and a bare import, in turn."""
    ours, theirs = book_of(folder / "book"), compendium_of(folder / "cache", units)
    build = engine("warm", jobs)
    cost(build, ours.root, DONE)
    by_cache(theirs, units, jobs)
    commands = {
        "import pandas": ([sys.executable, "-c", "import pandas"], ours.root),
        "jupyter-cache": ([str(BIN / "jcache"), "project", "execute", *CACHE], theirs.root),
        "this engine": (build, ours.root),
    }
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(PAIRS):
        for name, (command, place) in commands.items():
            found[name].append(cost(command, place, DONE))
    return found


def one_edited(folder: Path, jobs: int) -> tuple[Cost, list[str]]:
    """Edit a notebook of the book that was just made; give the cost and what was run again."""
    compendium = Compendium(folder / "book")
    path = compendium.notebooks / "utvikling.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# Utvikling over tid", "# Utvikling over tid nå", 1), "utf-8")
    before = {one.name: one.stat().st_mtime_ns for one in compendium.runs.glob("*.json")}
    spent = cost(engine("warm", jobs), compendium.root, DONE)
    again = [
        one for one in compendium.runs.glob("*.json") if one.stat().st_mtime_ns != before[one.name]
    ]
    return spent, sorted(one.stem for one in again)
