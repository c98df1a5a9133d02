"""Where each run stands, printed: one line a run, or JSON with every ingredient."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from kompendium.cli.locking import under_way
from kompendium.engine import Run, Standing, Status, statuses
from kompendium.engine.memory import known_plan
from kompendium.engine.records import Good
from kompendium.engine.selection import chosen, families, of_the_book
from kompendium.facts.paths import Compendium

COLOURS = {
    Standing.FRESH: "green",
    Standing.STALE: "yellow",
    Standing.FAILED: "bold red",
    Standing.MISSING: "cyan",
    Standing.RUNNING: "magenta",
}

WORST_FIRST = (
    Standing.FAILED,
    Standing.RUNNING,
    Standing.STALE,
    Standing.MISSING,
    Standing.FRESH,
)
"""A family stands as the worst of its runs."""

LEFT_OVER = "no build is under way, so it was stopped halfway"


def show(compendium: Compendium, names: Sequence[str], as_json: bool, explain: bool) -> None:
    """Print every run with where it stands and why; ``explain`` adds every ingredient.

    A family is one line, unless its runs are named.
    """
    runs = known_plan(compendium)
    named = chosen(runs, names, compendium) if names else of_the_book(runs)
    grouped = {} if names else families(runs)
    found = statuses(named, compendium)
    stopped = any(one.standing is Standing.RUNNING for one in found) and not under_way(compendium)
    summaries = [_summary(name, members, compendium) for name, members in grouped.items()]
    if not stopped and any("running" in one["standings"] for one in summaries):
        stopped = not under_way(compendium)
    if as_json:
        records = [_described(one, stopped, explain, compendium) for one in found]
        print(json.dumps([*records, *summaries], ensure_ascii=False, indent=1))
    else:
        _print_table(found, stopped, summaries)
        if explain:
            _print_ingredients(found, compendium)


def _summary(name: str, members: Sequence[Run], compendium: Compendium) -> dict[str, Any]:
    """A family as a JSON object: how many of its runs stand how."""
    counts = Counter(one.standing for one in statuses(members, compendium))
    standings = {standing.value: counts[standing] for standing in Standing if counts[standing]}
    worst = next(standing for standing in WORST_FIRST if counts[standing])
    return {
        "run": f"{name}/",
        "notebook": compendium.relative(members[0].notebook),
        "runs": len(members),
        "standing": worst,
        "standings": standings,
    }


def _reasons(status: Status, stopped: bool) -> list[str]:
    """The reasons of a run, with what the lock tells of one that is said to be under way."""
    told = [LEFT_OVER] if stopped and status.standing is Standing.RUNNING else []
    return [*status.reasons, *told]


def _described(
    status: Status, stopped: bool, explain: bool, compendium: Compendium
) -> dict[str, Any]:
    """One run as a JSON object."""
    record = status.record
    good = record.good if record else None
    described: dict[str, Any] = {
        "run": status.run.id,
        "notebook": compendium.relative(status.run.notebook),
        "parameters": dict(status.run.values),
        "standing": status.standing,
        "reasons": _reasons(status, stopped),
        "cell": record.cell if record and status.standing is Standing.FAILED else None,
        "started": record.started.isoformat() if record else None,
        "seconds": record.seconds if record else None,
        "key": good.key if good else None,
    }
    if explain:
        described["ingredients"] = [
            {"name": name, "recorded": recorded, "now": now}
            for name, recorded, now in _ingredients(status, good, compendium)
        ]
    return described


def _ingredients(
    status: Status, good: Good | None, compendium: Compendium
) -> Iterator[tuple[str, str, str]]:
    """Every ingredient of the notebook that lies there: its name, and its value then and now."""
    if good is None or status.now is None:
        return
    name = compendium.relative(status.run.notebook)
    now = dict(status.now.listed(name))
    before = dict(good.ingredients.listed(name))
    for one in dict.fromkeys([*before, *now]):
        yield one, before.get(one, ""), now.get(one, "")


def _print_table(found: list[Status], stopped: bool, summaries: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from kompendium.cli.printing import output

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for status in found:
        standing = Text(status.standing, style=COLOURS[status.standing])
        why = Text("\n".join(_reasons(status, stopped)))
        table.add_row(status.run.id, standing, why)
    for one in summaries:
        counts = ", ".join(f"{count} {standing}" for standing, count in one["standings"].items())
        standing = Text(one["standing"], style=COLOURS[one["standing"]])
        told = f"\n{LEFT_OVER}" if stopped and Standing.RUNNING in one["standings"] else ""
        table.add_row(one["run"], standing, Text(f"{one['runs']} runs: {counts}{told}"))
    output.print(table)


def _print_ingredients(found: list[Status], compendium: Compendium) -> None:
    from kompendium.cli.printing import output

    for status in found:
        good = status.record.good if status.record else None
        output.print(f"\n{status.run.id}", style="bold", markup=False, highlight=False)
        for name, before, now in _ingredients(status, good, compendium):
            value = _short(before) if before == now else f"{_short(before)} → {_short(now)}"
            output.print(f"  {name}  {value}", markup=False, highlight=False, soft_wrap=True)


def _short(value: str) -> str:
    """A hash as short as it can be told from others."""
    return value[:12] if len(value) == HASH else value


HASH = 64
"""Letters of a SHA-256 hash."""
