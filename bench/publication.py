"""What the book costs by the embedded publisher and by Quarto, side by side in one run.

Both publish the same executed notebooks of a throw-away copy of the compendium. In each round
every publisher makes every set of formats in turn, in a process of its own, so that what else
the machine does falls on both. Each step is timed for itself: the stage both share, the render,
and the checks of what was rendered, which are the same work for both. Besides the time on the wall
the processor time is taken, of everything that was started: it is what a busy machine distorts
least. ``publication.md`` has medians, and says so where there is no Quarto.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from costs import Cost, book_of

from kompendium.facts import Compendium
from kompendium.publication import installation, quarto

REPORT = Path(__file__).with_suffix(".md")
SETS = {"HTML": "html", "PDF": "html,pdf", "DOCX": "html,docx"}
"""Formats to compare; pages are always made, so that PDF and DOCX cost what they add to them."""

FIFTH = 5
"""The embedded publisher shall be at least so many times as fast with the pages."""

STEPS = ("stage", "render", "check")


def now() -> Cost:
    """The clock, and the processor time of this process and of all it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Cost(time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used))


def steps(publisher: str, formats: str, root: Path) -> dict[str, Cost]:
    """Publish in this process, apart from the book that lies there, and time each step."""
    from kompendium.publication import Book, chosen, pandoc
    from kompendium.publication.checks import check
    from kompendium.publication.staging import prepare

    book = Book.read(Compendium(root))
    found = installation.find() if publisher == "quarto" else None
    with tempfile.TemporaryDirectory(dir=root / "outputs") as folder:
        times = [now()]
        stage = prepare(book, Path(folder) / "stage", chosen(formats.split(",")))
        times.append(now())
        complaints = quarto.render(stage, found) if found else pandoc.render(stage)
        times.append(now())
        check(stage, complaints)
        times.append(now())
    return {step: times[place + 1] - times[place] for place, step in enumerate(STEPS)}


def measured(publisher: str, formats: str, root: Path) -> dict[str, Cost]:
    """The same in a process of its own, which has nothing at hand from before."""
    command = [sys.executable, __file__, "--one", publisher, formats, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{publisher}, {formats}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return {step: Cost(*told[step]) for step in STEPS}


def kompendium(root: Path, *arguments: str) -> Cost:
    """Run the command as a user would."""
    environment = os.environ | {"KOMPENDIUM_ROOT": str(root)}
    before = now()
    command = [sys.executable, "-m", "kompendium", *arguments]
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"kompendium {' '.join(arguments)}\n{done.stderr[-2000:]}")
    return now() - before


def unchanged(root: Path) -> tuple[Cost, bool]:
    """What a build costs that has nothing to do, and whether it touched the book."""

    def touched() -> dict[Path, int]:
        pages = (root / "outputs" / "publication").rglob("*")
        return {path: path.stat().st_mtime_ns for path in pages}

    before = touched()
    cost = kompendium(root, "build", "--publisher", "pandoc")
    return cost, touched() != before


def middle(costs: list[Cost]) -> Cost:
    """The median of each."""
    return Cost(median(one.wall for one in costs), median(one.cpu for one in costs))


Rounds = dict[str, dict[str, list[dict[str, Cost]]]]
"""For each publisher and set of formats, the steps of each round."""


def table(found: Rounds) -> Iterator[str]:
    """The figures as Markdown, a row a thing that is compared."""
    yield "| what | embedded, s | of processors | Quarto, s | of processors | Quarto is slower |"
    yield "|---|---:|---:|---:|---:|---:|"
    rows = {
        "the pages, rendered": ("HTML", ("stage", "render")),
        "the pages, rendered and checked": ("HTML", STEPS),
        "PDF, beyond the pages": ("PDF", ("render",)),
        "DOCX, beyond the pages": ("DOCX", ("render",)),
    }
    for what, (name, parts) in rows.items():
        costs = {way: _of(found[way], name, parts) for way in found}
        cells = [f"{one.wall:.1f} | {one.cpu:.1f}" for one in costs.values()]
        if "quarto" in costs:
            slower = costs["quarto"].cpu / max(costs["pandoc"].cpu, 0.01)
            cells.append(f"{slower:.1f} times")
        else:
            cells.append("no Quarto here | | ")
        yield f"| {what} | {' | '.join(cells)} |"


def _of(sets: dict[str, list[dict[str, Cost]]], name: str, parts: tuple[str, ...]) -> Cost:
    """The median of some steps, less those of the pages where they are for another format."""

    def whole(one: dict[str, Cost]) -> Cost:
        return sum((one[part] for part in parts), Cost(0, 0))

    costs = [whole(one) for one in sets[name]]
    if name != "HTML":
        pages = [whole(one) for one in sets["HTML"]]
        costs = [one - other for one, other in zip(costs, pages, strict=True)]
    return middle(costs)


def report(found: Rounds, idle: Cost, touched: bool, pages: int) -> str:
    """Everything that was measured, and whether it is what was promised."""
    rounds = len(found["pandoc"]["HTML"])
    lines = [
        "# What the book costs",
        "",
        f"{pages} pages, medians of {rounds} rounds; {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end. "
        "Made by `make bench`. Ratios are of processor time.",
        "",
        *table(found),
        "",
        f"Nothing changed: `kompendium build` takes {idle.wall:.2f} s ({idle.cpu:.2f} of "
        f"processors) and {'RENDERS THE BOOK AGAIN' if touched else 'renders nothing'}.",
    ]
    if "quarto" not in found:
        lines += ["", "Quarto is neither at `QUARTO_PATH` nor on PATH, so nothing is compared."]
    else:
        lines += ["", *_promises(found)]
    return "\n".join(lines) + "\n"


def _promises(found: Rounds) -> Iterator[str]:
    """What was promised of each, and whether it holds."""
    for name, parts, times in (
        ("HTML", ("stage", "render"), FIFTH),
        ("PDF", ("render",), 1),
        ("DOCX", ("render",), 1),
    ):
        ours, theirs = (_of(found[way], name, parts) for way in ("pandoc", "quarto"))
        holds = ours.cpu * times <= theirs.cpu
        told = f"at most 1/{times} of Quarto's time" if times > 1 else "no longer than Quarto"
        yield f"- {name}, {told}: {'yes' if holds else 'NO'}"


def main() -> None:
    """Measure, print and write ``publication.md``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--built", type=Path, help="a compendium whose notebooks have been run")
    parser.add_argument("--one", nargs=3, metavar=("PUBLISHER", "FORMATS", "ROOT"))
    wish = parser.parse_args()
    if wish.one:
        publisher, formats, root = wish.one
        costs = steps(publisher, formats, Path(root))
        print(json.dumps({step: (one.wall, one.cpu) for step, one in costs.items()}))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = wish.built or Path(folder) / "kompendium"
        if not wish.built:
            book_of(root)
        os.environ["KOMPENDIUM_ROOT"] = str(root)
        kompendium(root, "build", "--publisher", "pandoc")
        ways = ["pandoc", *(["quarto"] if installation.find() else [])]
        found: Rounds = {way: {name: [] for name in SETS} for way in ways}
        for turn in range(wish.rounds):
            for name, formats in SETS.items():
                for way in ways:
                    one = measured(way, formats, root)
                    found[way][name].append(one)
                    told = ", ".join(f"{step} {cost.wall:.1f} s" for step, cost in one.items())
                    print(f"round {turn + 1}, {way}, {formats}: {told}", flush=True)
        idle, touched = unchanged(root)
        pages = len(list((root / "outputs" / "publication").glob("*.html")))
        REPORT.write_text(report(found, idle, touched, pages), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
