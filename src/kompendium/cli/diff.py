"""What differs between two editions, or the working copy and one, printed for a terminal."""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kompendium.cli.exits import Exit
from kompendium.cli.messages import say
from kompendium.cli.printing import output
from kompendium.engine import statuses
from kompendium.engine.memory import known_book
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.publication.changes import WORK, Changes, Kind, compare, state
from kompendium.publication.changes.telling import FINDINGS, Row, Section, counts, sections
from kompendium.publication.editions import shelf

LANG = "en"
"""The language of the command."""

STYLES = {
    Kind.VERDICT: "bold red",
    Kind.INTERVAL: "bold yellow",
    Kind.ROUNDING: "yellow",
    Kind.REMOVED: "yellow",
    Kind.ADDED: "green",
}
"""How the titles of the gravest kinds stand out."""

NAMED = 3
"""Runs named in a note."""

GAP = 2
"""Columns between columns."""

NAME = 0.45
"""Share of the width that the names of rows may take: a file's name fits on 80 columns."""


def diff(compendium: Compendium, before: str | None, after: str | None, as_json: bool) -> Exit:
    """Print what differs; exit 1 where results do, 0 where at most what they were made of does.

    Without names, the newest edition is held against the working copy.
    """
    names = (before or _newest(compendium), after or WORK)
    changes = compare(*(state(compendium, name) for name in names))
    if WORK in names:
        _tell_of_stale(compendium)
    if as_json:
        print(json.dumps(changes.described(), ensure_ascii=False, indent=1))
    else:
        show(changes, output)
    return Exit.DIFFERENT if changes.differs else Exit.DONE


def show(changes: Changes, console: Console) -> None:
    """Print a summary, and what changed by kind, the gravest first."""
    console.print(Text(f"{changes.before} → {changes.after}: {_summary(changes)}", "bold"))
    for section in sections(changes, LANG):
        console.print()
        console.print(Text(section.title, STYLES.get(section.kind, "bold")))
        _print_rows(section, changes, console)
        if section.more:
            console.print(Text(f"… and {section.more} more (--json has them all)", "dim"))
    for kind, silent in changes.unknown.items():
        told = f"{', '.join(silent)} has no record of its {kind}: not compared"
        console.print(Text(told, "dim"))


def _summary(changes: Changes) -> str:
    if not changes.found:
        return "nothing differs."
    told = ", ".join(counts(changes, LANG))
    return f"{told}." if changes.differs else f"the same results; {told}."


def _print_rows(section: Section, changes: Changes, console: Console) -> None:
    """Print rows with two sides as columns, and the others across them."""
    names = (changes.before, changes.after)
    widths = _widths(section.rows, names, console.width)
    if sum(widths[1:]):
        console.print(_grid([("", *(Text(name, "dim") for name in names))], widths))
    for row in section.rows:
        name = Text(row.name, "default" if row.change else "dim")
        if row.before or row.after:
            console.print(_grid([(name, Text(row.before), Text(row.after))], widths))
        else:
            console.print(Text.assemble(name, "  " if row.note else "", (row.note, "dim")))
        if row.change and row.change.kind in FINDINGS:
            console.print(Padding(Text(row.change.called(LANG), "dim"), (0, 0, 0, 2)))


def _grid(rows: Sequence[Sequence[str | Text]], widths: Sequence[int]) -> Table:
    grid = Table.grid(padding=(0, GAP, 0, 0))
    for width in widths:
        grid.add_column(width=width, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def _widths(rows: Sequence[Row], names: Sequence[str], whole: int) -> list[int]:
    """As wide as the columns need, or what there is, the names of rows first."""
    sided = [row for row in rows if row.before or row.after]
    if not sided:
        return [0, 0, 0]
    needed = [
        max(len(row.name) for row in sided),
        max(len(names[0]), *(len(row.before) for row in sided)),
        max(len(names[1]), *(len(row.after) for row in sided)),
    ]
    first = min(needed[0], round(whole * NAME))
    left = whole - first - GAP * len(needed)
    side = left // 2
    # What one side does not need is the other's.
    before = min(needed[1], max(side, left - needed[2]))
    return [first, before, min(needed[2], left - before)]


def _newest(compendium: Compendium) -> str:
    newest = shelf.newest(compendium)
    if newest is None:
        remedy = "make one with «kompendium release»"
        what = "there is no edition to compare with yet"
        raise InputError([Problem(compendium.editions, 1, what, remedy)])
    return str(newest.number)


def _tell_of_stale(compendium: Compendium) -> None:
    """Say where the working copy's results are not of its inputs as they are now."""
    stale = [one.run.id for one in statuses(known_book(compendium), compendium) if not one.fresh]
    if stale:
        more = f" and {len(stale) - NAMED} more" if len(stale) > NAMED else ""
        named = ", ".join(stale[:NAMED])
        say(f"Compared as last run, not fresh: {named}{more}. «kompendium build» runs them.")
