"""What the command prints: listings on standard output, everything else on standard error."""

import json
from collections.abc import Callable, Iterable, Sequence
from time import monotonic

from rich.console import Console
from rich.progress import Progress, ProgressColumn, Task
from rich.table import Column, Table
from rich.text import Text

from kompendium.cli.verdicts import summary
from kompendium.engine import Record, Run, State
from kompendium.facts import Report, Verdict
from kompendium.register import Entry

output = Console()
messages = Console(stderr=True)

WIDE = 100
"""Columns of a terminal from which the kind of evidence has room beside the verdict."""

BAR = 20
"""Columns of the bar; what it tells in words needs the others."""

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

    def __init__(self, total: int, now: Callable[[], float] = monotonic) -> None:
        """Prepare for so many runs; ``now`` is the clock."""
        self.total, self.done, self.failed = total, 0, 0
        self.running: dict[str, float] = {}
        self._now = now
        self._most = 1
        self._seconds = 0.0
        self.bar = Progress(Line(self), console=messages, transient=True)
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
        """Count a run that is under way."""
        self.running[run.id] = self._now()
        self._most = max(self._most, len(self.running))

    def ended(self, record: Record) -> None:
        """Say how a run ended."""
        good = record.state is State.DONE
        begun = self.running.pop(record.run, None)
        if begun is not None:
            self._seconds += self._now() - begun
        self.done, self.failed = self.done + good, self.failed + (not good)
        self.bar.update(self.task, completed=self.done + self.failed)
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
        """How far it has come, and how long it may still take."""
        parts = [f"{self.done} of {self.total} done", f"{len(self.running)} running"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.left:
            minutes, seconds = divmod(round(self.left), 60)
            parts.append(
                f"about {minutes} min {seconds} s left" if minutes else f"about {seconds} s left"
            )
        return ", ".join(parts)

    @property
    def left(self) -> float:
        """Seconds left, if the rest takes as long a run, side by side, as those that have ended.

        What is under way counts with what it lacks of that; 0 where nobody can know.
        """
        ended = self.done + self.failed
        if not ended or ended == self.total:
            return 0.0
        mean = self._seconds / ended
        waiting = mean * (self.total - ended - len(self.running))
        lacking = [max(mean - (self._now() - begun), 0.0) for begun in self.running.values()]
        return max((waiting + sum(lacking)) / self._most, *lacking, 0.0)


class Line(ProgressColumn):
    """A progress on one line, as it is when it is drawn: the time left runs down.

    Where the line is too short, the names of what is running are cut, and not what comes before.
    """

    def __init__(self, progress: RunProgress) -> None:
        """Draw this progress."""
        super().__init__(Column(no_wrap=True, overflow="ellipsis"))
        self.progress = progress

    def render(self, task: Task) -> Text:
        """Draw a bar, the summary and the names of the first that are running."""
        whole = round(BAR * task.completed / (task.total or 1))
        names = [*self.progress.running]
        more = " …" if len(names) > NAMED else ""
        return Text.assemble(
            ("━" * whole, "green"),
            ("─" * (BAR - whole), "bright_black"),
            f" {self.progress.summary}  ",
            (", ".join(names[:NAMED]) + more, "dim"),
        )
