"""The findings printed: every published figure with the verdict on it."""

import typer

from kompendium.cli import printing
from kompendium.cli.exits import Exit
from kompendium.cli.locking import exclusive
from kompendium.cli.products import judged
from kompendium.cli.verdicts import report as report_of
from kompendium.engine import plan
from kompendium.engine.selection import of_the_book
from kompendium.facts import reports
from kompendium.facts.paths import Compendium, NotACompendium


def show(compendium: Compendium, report: str | None, as_json: bool) -> Exit:
    """Print the findings of one report or of all; tell of verdicts that are not on record."""
    known = reports()
    if report is not None and report not in known:
        raise typer.BadParameter(f"no report «{report}»; choose among {', '.join(known)}")
    if not any(compendium.executed.glob("*.ipynb")):
        raise NotACompendium("nothing has been run yet: «make book» or «kompendium build» first")
    with exclusive(compendium):
        entries = judged(compendium, of_the_book(plan(compendium)))
    chosen = [entry for entry in entries if report in (None, entry.report)]
    if as_json:
        printing.print_json(chosen)
    else:
        printing.print_findings(chosen, known)
    return report_of(chosen)
