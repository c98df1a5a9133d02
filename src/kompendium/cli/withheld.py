"""What was withheld of real respondents, and why; and no book of what gives it away."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from kompendium.engine import Record, Run
from kompendium.engine.records import Good
from kompendium.facts.paths import Compendium

REASONS = {
    "small": "it speaks of fewer than {limit}",
    "linked": "it would give away: {protects}",
    "unchecked": "too much is crossed to tell what it gives away",
    "output": "nothing that the gate knows of made it",
}
"""How each reason reads (``surveys.disclosure.Why``)."""


@dataclass(frozen=True)
class Line:
    """One thing that was withheld: in which run and cell, of which survey, what and why."""

    run: str
    where: str
    survey: str
    what: str
    why: str
    explained: str


def refuse_leaks(compendium: Compendium, runs: Sequence[Run]) -> None:
    """Refuse to publish what gives something away that was withheld elsewhere.

    Raises:
        PublicationError: several runs together determine what one of them withheld.
    """
    standing = _standing(compendium, runs)
    if sum(bool(good.ledgers) for good in standing.values()) < 2:
        return
    from kompendium.engine.leaks import leaks
    from kompendium.publication.errors import Problem, PublicationError

    found = [Problem(", ".join(leak.runs), str(leak)) for leak in leaks(standing)]
    if found:
        raise PublicationError(found)


def show_withheld(compendium: Compendium, runs: Sequence[Run], as_json: bool) -> None:
    """Print what was withheld: a table, or JSON on standard output."""
    lines = list(withheld(_standing(compendium, runs)))
    if as_json:
        print(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1))
        return
    from rich.table import Table

    from kompendium.cli.printing import output

    if not lines:
        output.print("Nothing was withheld.")
        return
    table = Table(title="Withheld, of real respondents", title_justify="left")
    for header in ("Run", "Cell", "Survey", "What", "Why"):
        table.add_column(header, overflow="fold")
    for line in lines:
        table.add_row(line.run, line.where, line.survey, line.what, line.explained)
    output.print(table)


def withheld(standing: Mapping[str, Good]) -> Iterator[Line]:
    """Everything that was withheld from the notebooks that stand, by run and in order."""
    for run, good in standing.items():
        for survey, ledger in good.ledgers.items():
            for one in ledger.withheld:
                why = REASONS[one["why"]].format(limit=ledger.limit, protects=one["protects"])
                yield Line(run, one["where"], survey, one["what"], one["why"], why)
        for where in good.guarded:
            yield Line(run, where, "", "an output", "output", REASONS["output"])


def _standing(compendium: Compendium, runs: Sequence[Run]) -> dict[str, Good]:
    """What the notebooks of these runs that stand were made of, whatever was tried since."""
    records = {run.id: Record.read(compendium.runs, run.id) for run in runs}
    return {run: one.good for run, one in records.items() if one is not None and one.good}
