"""How time and memory grow with the number of fact sheets."""

from pathlib import Path

from costs import Cost, Memory, compendium_of, watched
from ways import DONE, engine

SIZES = (24, 96, 371)


def growth(folder: Path, units: list[str], jobs: int) -> dict[int, tuple[Cost, Memory]]:
    """Make so many sheets, from nothing each time."""
    found = {}
    for size in SIZES:
        place = folder / f"growth-{size}"
        compendium = compendium_of(place, units[:size])
        found[size] = watched(engine("warm", jobs), compendium.root, DONE)
        spent, memory = found[size]
        print(f"{size} sheets: {spent.wall:.0f} s, {spent.cpu:.0f} s of processors, {memory}")
    return found
