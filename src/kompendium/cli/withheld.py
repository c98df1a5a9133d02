"""What was withheld of real respondents, and why; and no book of what gives it away."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from kompendium.engine import Record, Run
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
    records = _records(compendium, runs)
    if sum(bool(record.ledgers) for record in records) < 2:
        return
    from kompendium.engine.respondents import leaks
    from kompendium.publication.errors import Problem, PublicationError

    found = [Problem(", ".join(leak.runs), str(leak)) for leak in leaks(records)]
    if found:
        raise PublicationError(found)


def show_withheld(compendium: Compendium, runs: Sequence[Run], as_json: bool) -> None:
    """Print what was withheld: a table, or JSON on standard output."""
    lines = list(withheld(_records(compendium, runs)))
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


def withheld(records: Iterable[Record]) -> Iterable[Line]:
    """Everything that was withheld in some runs, in order."""
    for record in records:
        for survey, ledger in record.ledgers.items():
            for one in ledger.withheld:
                why = REASONS[one["why"]].format(limit=ledger.limit, protects=one["protects"])
                yield Line(record.run, one["where"], survey, one["what"], one["why"], why)
        for where in record.guarded:
            yield Line(record.run, where, "", "an output", "output", REASONS["output"])


def _records(compendium: Compendium, runs: Sequence[Run]) -> list[Record]:
    read = (Record.read(compendium.runs, run.id) for run in runs)
    return [record for record in read if record is not None]
