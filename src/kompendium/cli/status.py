"""Where each run stands, printed: one line a run, or JSON with every ingredient."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from kompendium.cli.locking import under_way
from kompendium.cli.messages import say
from kompendium.engine import Run, Standing, Status, statuses
from kompendium.engine.memory import known_plan, last_plan
from kompendium.engine.records import Good
from kompendium.engine.selection import chosen, families, of_the_book
from kompendium.facts.documents import InputError
from kompendium.facts.paths import Compendium

COLOURS = {
    Standing.FRESH: "green",
    Standing.STALE: "yellow",
    Standing.FAILED: "bold red",
    Standing.MISSING: "cyan",
    Standing.RUNNING: "magenta",
    Standing.STOPPED: "bold red",
}

WORST_FIRST = (
    Standing.FAILED,
    Standing.STOPPED,
    Standing.RUNNING,
    Standing.STALE,
    Standing.MISSING,
    Standing.FRESH,
)
"""A family stands as the worst of its runs."""

HALFWAY = "the build it was started in ended before it did"

AS_LAST_READ = "What stands here is by the plan as it was read last; it cannot be read now:"


def show(compendium: Compendium, names: Sequence[str], as_json: bool, explain: bool) -> None:
    """Print every run with where it stands and why; ``explain`` adds every ingredient.

    A family is one line, unless its runs are named. Where the input is wrong, the runs are
    told as the plan was last; then InputError is raised all the same.
    """
    try:
        runs, wrong = known_plan(compendium), None
    except InputError as error:
        runs, wrong = last_plan(compendium), error
    if runs:
        _show(compendium, runs, names, as_json, explain)
    if wrong is not None:
        if runs:
            say(AS_LAST_READ, "bold")
        raise wrong


def _show(
    compendium: Compendium, runs: Sequence[Run], names: Sequence[str], as_json: bool, explain: bool
) -> None:
    named = chosen(runs, names, compendium) if names else of_the_book(runs)
    lookout = Lookout(compendium)
    found = lookout.statuses(named)
    grouped = {} if names else families(runs)
    summaries = [_summary(name, members, lookout) for name, members in grouped.items()]
    if as_json:
        records = [_described(one, explain, compendium) for one in found]
        print(json.dumps([*records, *summaries], ensure_ascii=False, indent=1))
    else:
        _print_table(found, summaries)
        if explain:
            _print_ingredients(found, compendium)


class Lookout:
    """Looks where runs stand, and tells those under way from those a build left behind."""

    def __init__(self, compendium: Compendium) -> None:
        """Look at nothing yet."""
        self.compendium = compendium

    @cached_property
    def _building(self) -> bool:
        return under_way(self.compendium)

    def statuses(self, runs: Sequence[Run]) -> list[Status]:
        """Say where each run stands."""
        return [self._told_apart(one) for one in statuses(runs, self.compendium)]

    def _told_apart(self, status: Status) -> Status:
        if status.standing is not Standing.RUNNING or self._building:
            return status
        return replace(status, standing=Standing.STOPPED, reasons=(HALFWAY,))


def _summary(name: str, members: Sequence[Run], lookout: Lookout) -> dict[str, Any]:
    """A family as a JSON object: how many of its runs stand how."""
    counts = Counter(one.standing for one in lookout.statuses(members))
    standings = {standing.value: counts[standing] for standing in Standing if counts[standing]}
    worst = next(standing for standing in WORST_FIRST if counts[standing])
    return {
        "run": f"{name}/",
        "notebook": lookout.compendium.relative(members[0].notebook),
        "runs": len(members),
        "standing": worst,
        "standings": standings,
    }


def _described(status: Status, explain: bool, compendium: Compendium) -> dict[str, Any]:
    """One run as a JSON object."""
    record = status.record
    good = record.good if record else None
    described: dict[str, Any] = {
        "run": status.run.id,
        "notebook": compendium.relative(status.run.notebook),
        "parameters": dict(status.run.values),
        "standing": status.standing,
        "reasons": list(status.reasons),
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


def _print_table(found: list[Status], summaries: list[dict[str, Any]]) -> None:
    """Print the runs, then the families; nothing is broken into lines where there is no screen."""
    from rich.table import Table
    from rich.text import Text

    from kompendium.cli.printing import output

    rows: list[tuple[str, Standing, Sequence[str]]] = [
        (one.run.id, one.standing, one.reasons) for one in found
    ]
    for one in summaries:
        counts = ", ".join(f"{count} {standing}" for standing, count in one["standings"].items())
        rows.append((one["run"], one["standing"], [f"{one['runs']} runs: {counts}"]))
    if not output.is_terminal:
        wide = max(len(name) for name, *_ in rows), max(len(standing) for _, standing, _ in rows)
        for name, standing, reasons in rows:
            head = f"{name:<{wide[0]}}  {standing:<{wide[1]}}"
            for nr, reason in enumerate(reasons or ("",)):
                print(f"{head if nr == 0 else ' ' * len(head)}  {reason}".rstrip())
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, standing, reasons in rows:
        table.add_row(name, Text(standing, style=COLOURS[standing]), Text("\n".join(reasons)))
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
