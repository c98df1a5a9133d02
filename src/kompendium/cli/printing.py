"""What the command prints: listings on standard output, everything else on standard error."""

import json
from collections.abc import Iterable, Sequence
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from kompendium.cli.verdicts import summary
from kompendium.engine import Record, Run, State
from kompendium.facts import Report, Verdict
from kompendium.register import Entry

output = Console()
messages = Console(stderr=True)

WIDE = 100
"""Columns of a terminal from which the kind of evidence has room beside the verdict."""

NAMED = 3
"""Runs under way that are named beside the bar."""

COLOURS = {
    Verdict.REPRODUCED: "green",
    Verdict.CONTRADICTED: "bold red",
    Verdict.COMPATIBLE: "cyan",
    Verdict.UNTESTABLE: "bright_black",
}


def print_json(entries: Iterable[Entry]) -> None:
    """Print findings as JSON, and nothing else, on standard output."""
    records = [entry.model_dump(mode="json") for entry in entries]
    print(json.dumps(records, ensure_ascii=False, indent=1))


def print_findings(entries: Sequence[Entry], reports: dict[str, Report]) -> None:
    """Print findings as one table a report, and why the contradicted ones are so."""
    for name, report in reports.items():
        own = [entry for entry in entries if entry.report == name]
        if not own:
            continue
        table = Table(title=f"{report.title} ({name})", title_justify="left")
        table.add_column("Finding", no_wrap=True)
        for header in ("Published", "Computed"):
            table.add_column(header, overflow="fold")
        if output.width >= WIDE:
            table.add_column("Evidence", no_wrap=True)
        table.add_column("Verdict", no_wrap=True)
        for entry in own:
            verdict = Text(entry.verdict, style=COLOURS[entry.verdict])
            if entry.surprising:
                verdict.append(" !", style="bold")
            evidence = [entry.evidence or "–"] if output.width >= WIDE else []
            table.add_row(entry.id, entry.published, entry.computed, *evidence, verdict)
        output.print(table)
        for entry in own:
            if entry.verdict is Verdict.CONTRADICTED and entry.reason:
                output.print(Text(f"  ✗ {entry.id}: {entry.reason}"))
    output.print(Text(summary(entries)))


class RunProgress:
    """How many runs are done, running and failed, and the time left, until it is closed.

    A terminal has a bar with all that; where there is none, each run's line has it.
    """

    def __init__(self, total: int) -> None:
        """Prepare for so many runs."""
        self.total, self.done, self.failed = total, 0, 0
        self.running: list[str] = []
        self.begun = monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self.bar = Progress(*columns, console=messages, transient=True)
        self.task = self.bar.add_task("", total=total)

    def __enter__(self) -> "RunProgress":
        """Show the bar."""
        if messages.is_terminal:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar; the lines above it stay."""
        if messages.is_terminal:
            self.bar.stop()

    def started(self, run: Run) -> None:
        """Count a run that is under way, and name it."""
        self.running.append(run.id)
        self._show()

    def ended(self, record: Record) -> None:
        """Say how a run ended."""
        good = record.state is State.DONE
        if record.run in self.running:
            self.running.remove(record.run)
        self.done, self.failed = self.done + good, self.failed + (not good)
        self._show()
        line = Text("✓ " if good else "✗ ")
        line.stylize("green" if good else "bold red")
        line.append(f"{record.run}  {record.seconds or 0:.1f} s", "default")
        if not messages.is_terminal and self.total > 1:
            line.append(f"  ({self.summary})", "default")
        if not good:
            place = f" in cell {record.cell}" if record.cell is not None else ""
            line.append(f"\n  {record.state}{place}: {record.error}", "red")
        messages.print(line, soft_wrap=True)

    @property
    def summary(self) -> str:
        """How far it has come, and how long it may still take at the pace so far."""
        ended = self.done + self.failed
        parts = [f"{self.done} of {self.total} done", f"{len(self.running)} running"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if 0 < ended < self.total:
            left = (monotonic() - self.begun) / ended * (self.total - ended)
            minutes, seconds = divmod(round(left), 60)
            parts.append(
                f"about {minutes} min {seconds} s left" if minutes else f"about {seconds} s left"
            )
        return ", ".join(parts)

    def _show(self) -> None:
        names = ", ".join(self.running[:NAMED]) + (" …" if len(self.running) > NAMED else "")
        self.bar.update(
            self.task, completed=self.done + self.failed, description=f"{names}  {self.summary}"
        )
