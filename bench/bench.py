"""What a fact sheet costs by this engine and by others, side by side in one run.

Every way makes the same sheets from the same notebook in a throw-away copy of the compendium,
with as many at a time, and each round has all ways in turn, so that what else the machine does
falls on all of them. This engine's warm way takes a tenth of the time of the others, so that such
a moment would hit or miss it whole: it comes after each of the others, as many times a round.
Besides the time on the wall the processor time is taken, of everything that was started: it is
what a busy machine distorts least. ``results.md`` has medians.

A run's own cost beyond its cells is taken from notebooks that do nothing: the difference
between many and few of them, by their number, so that what is paid once falls out.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from again import PAIRS, nothing_to_do, one_edited
from costs import Cost, Memory, adopt_orphans, compendium_of, idle
from growth import SIZES, growth
from ways import BARE, WARM, WAYS

from kompendium.facts import frame

FEW, MANY = 2, 12
"""Notebooks that do nothing, to tell what is paid for each from what is paid once."""


def beyond(folder: Path, way: str) -> Cost:
    """What a run costs beyond its cells."""
    few, many = (BARE[way](idle(folder / f"{way}-{number}", number)) for number in (FEW, MANY))
    number = MANY - FEW
    return Cost((many.wall - few.wall) / number, (many.cpu - few.cpu) / number)


def main() -> None:
    """Measure, print and write ``results.md``."""
    adopt_orphans()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-growth", action="store_true", help="leave out 96 and 371 sheets")
    wish = parser.parse_args()
    every = [str(one) for one in frame(2020)["number"].astype(str)]
    units = every[:: max(1, len(every) // wish.sheets)][: wish.sheets]
    lines = [
        "# What a fact sheet costs",
        "",
        f"{wish.sheets} fact sheets, {wish.jobs} at a time; medians over {wish.rounds} of each, "
        f"of (e) one after each other; {os.cpu_count()} cores, Python {platform.python_version()}. "
        "Made by `make bench`.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder:
        lines += rounds(Path(folder), units, wish.rounds, wish.jobs)
        lines += again(Path(folder), units, wish.jobs)
        if not wish.no_growth:
            lines += grown(growth(Path(folder), every, wish.jobs))
    lines += ["", f"Load at the end: {os.getloadavg()[0]:.1f}."]
    (Path(__file__).parent / "results.md").write_text("\n".join(lines) + "\n", "utf-8")


def rounds(folder: Path, units: list[str], number: int, jobs: int) -> Iterator[str]:
    """Make the sheets in every way, some times over, and tell what that cost."""
    found: dict[str, list[Cost]] = {way: [] for way in WAYS}
    bare: dict[str, list[Cost]] = {way: [] for way in BARE}
    for turn in range(1, number + 1):
        in_turn = [way for other in WAYS if other != WARM for way in (other, WARM)]
        for place, way in enumerate(in_turn):
            compendium = compendium_of(folder / f"{turn}-{place}", units)
            found[way].append(one := WAYS[way](compendium, units, jobs))
            print(f"round {turn}, {way}: {one.wall:.1f} s, {one.cpu:.1f} s of processors")
        for way, costs in bare.items():
            costs.append(one := beyond(folder / f"idle-{turn}", way))
            print(f"round {turn}, {way}, beyond the cells: {one.wall:.2f} s, {one.cpu:.2f} s")
    wall = {way: median(one.wall for one in costs) for way, costs in found.items()}
    cpu = {way: median(one.cpu for one in costs) for way, costs in found.items()}
    yield (
        "| way | seconds | of processors | a sheet, of processors "
        "| ratio, seconds | ratio, of processors |"
    )
    yield "|---|---:|---:|---:|---:|---:|"
    for way in WAYS:
        yield (
            f"| {way} | {wall[way]:.1f} | {cpu[way]:.1f} | {cpu[way] / len(units):.2f} "
            f"| {wall[way] / wall[WARM]:.1f} | {cpu[way] / cpu[WARM]:.1f} |"
        )
    yield ""
    yield "## What a run costs beyond its own cells"
    yield ""
    yield f"Of notebooks that do nothing, one at a time: {MANY} against {FEW}, so that what is paid"
    yield "once falls out."
    yield ""
    yield "| way | seconds | of processors | ratio, seconds | ratio, of processors |"
    yield "|---|---:|---:|---:|---:|"
    wall = {way: median(one.wall for one in costs) for way, costs in bare.items()}
    cpu = {way: median(one.cpu for one in costs) for way, costs in bare.items()}
    for way in BARE:
        yield (
            f"| {way} | {wall[way]:.2f} | {cpu[way]:.2f} "
            f"| {wall[way] / wall['warm']:.1f} | {cpu[way] / cpu['warm']:.1f} |"
        )


def again(folder: Path, units: list[str], jobs: int) -> Iterator[str]:
    """Tell what it costs to run again."""
    found = nothing_to_do(folder, units[:6], jobs)
    wall = {name: median(one.wall for one in costs) for name, costs in found.items()}
    cpu = {name: median(one.cpu for one in costs) for name, costs in found.items()}
    yield ""
    yield "## Nothing to do, and one edit"
    yield ""
    yield f"Medians of {PAIRS} turns; the book's ten notebooks here, six sheets in jupyter-cache."
    yield ""
    yield "| command | seconds | of processors | of `import pandas` |"
    yield "|---|---:|---:|---:|"
    for name in found:
        share = wall[name] / wall["import pandas"]
        yield f"| {name} | {wall[name]:.2f} | {cpu[name]:.2f} | {share:.2f} |"
    spent, runs = one_edited(folder, jobs)
    yield ""
    yield f"One notebook of the book edited: {spent.wall:.1f} s, {spent.cpu:.1f} s of processors; "
    yield f"run again: {', '.join(runs)}."


def grown(found: dict[int, tuple[Cost, Memory]]) -> Iterator[str]:
    """Tell how time and memory grow."""
    yield ""
    yield "## Growth, warm"
    yield ""
    yield "Memory is what the command and its server hold for themselves, at the most, in MiB."
    yield ""
    yield "| sheets | seconds | of processors | a sheet, of processors | command | server |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for size in SIZES:
        spent, memory = found[size]
        yield (
            f"| {size} | {spent.wall:.0f} | {spent.cpu:.0f} | {spent.cpu / size:.2f} "
            f"| {memory.command:.0f} | {memory.server:.0f} |"
        )
    least, most = found[SIZES[0]], found[SIZES[-1]]
    whole = [one.command + one.server for _, one in (least, most)]
    yield ""
    yield f"From {SIZES[0]} to {SIZES[-1]} sheets memory grows {whole[1] / whole[0]:.2f} times."


if __name__ == "__main__":
    main()
