"""A build: run the notebooks, judge the findings, publish the book, in that one direction."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from kompendium.cli.exits import Exit
from kompendium.cli.locking import exclusive
from kompendium.cli.messages import say
from kompendium.cli.products import (
    book_is_current,
    judged,
    published,
    register_is_current,
    tell_of_book,
)
from kompendium.cli.verdicts import report, summary
from kompendium.cli.withheld import refuse_leaks
from kompendium.engine import Record, Run, Standing, State, Status, statuses
from kompendium.engine.memory import known_book, known_plan, planned
from kompendium.engine.parameter_files import parameters_of
from kompendium.engine.selection import chosen, of_the_book
from kompendium.facts import findings
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.publication import Publisher
from kompendium.register import Entry, current

if TYPE_CHECKING:
    from kompendium.engine import Workshop
    from kompendium.engine.cluster.cluster import Cluster

Kernel = Literal["warm", "cold"]

PHASES = (False, True, True)
"""First the runs that compute, then those that read the register of what was computed; and
those once more, for the case that one of them recorded results that changed the register.
"""


@dataclass(frozen=True)
class Wish:
    """What a build was asked for."""

    names: Sequence[str] = ()
    publisher: Publisher = "auto"
    publishing: bool = True
    keeping: bool = False
    force: bool = False
    jobs: int | None = None
    kernel: Kernel = "warm"
    formats: Sequence[str] = ("html",)
    cluster: str | None = None
    cluster_respondents: bool = False
    translation: str = ""
    """A language in which the book is made, too."""

    def forces(self, run: Run) -> bool:
        """Tell whether a run is to be run however fresh it is."""
        return self.force and (not self.names or run.id in self.names)

    def covers(self, run: Run, compendium: Compendium) -> bool:
        """Tell whether a run is run when it is not fresh.

        Beside those asked for, these are runs that never gave a notebook, without which there
        is no book, and those that read the register, so that no page shows old verdicts.
        """
        never = not (compendium.executed / f"{run.id}.ipynb").exists()
        return not self.names or run.id in self.names or run.reads_register or never

    def takes(self, status: Status, compendium: Compendium) -> bool:
        """Tell whether a run that stands so is run."""
        run = status.run
        return self.forces(run) or (not status.fresh and self.covers(run, compendium))


def build(compendium: Compendium, wish: Wish) -> Exit:
    """Run what is not fresh, then judge and publish; nothing is made again for nothing.

    Nothing is judged or published where a run failed: the last good book stays. Runs of
    families are run only when they are asked for, and the book does not wait for them.
    """
    named = chosen(known_plan(compendium), wish.names, compendium) if wish.names else []
    runs = known_book(compendium)
    apart = [run for run in named if run.family]
    if named and len(apart) == len(named):
        return _build_apart(compendium, apart, wish)
    wish = replace(wish, names=[run.id for run in named])
    done = _build_book(compendium, runs, wish)
    if wish.translation and done < Exit.INPUT:
        from kompendium.cli.translating import build_translation

        done = max(done, build_translation(compendium, runs, wish))
    return max(done, _build_apart(compendium, apart, wish)) if apart else done


def _build_apart(compendium: Compendium, runs: Sequence[Run], wish: Wish) -> Exit:
    """Run what is not fresh of families; neither the register nor the book reads them."""
    with exclusive(compendium):
        planned(compendium)
        failed = run_apart(compendium, runs, wish)
    return Exit.RUN if failed else Exit.DONE


def run_apart(compendium: Compendium, runs: Sequence[Run], wish: Wish) -> list[Record]:
    """Run what is not fresh of runs outside the book, and give the records of what failed."""
    found = statuses(runs, compendium)
    todo = [one.run for one in found if wish.force or not one.fresh]
    if not todo:
        say(f"Nothing to run: {_counted(len(runs))} fresh.")
        return []
    say(f"{_counted(len(todo))} not fresh, of {len(runs)} asked for.", "dim")
    with workshop_for(compendium, todo, wish) as workshop:
        workshop.begin()
        findings()  # as for the book
        failed = [one for one in execute(workshop, todo) if one.state is not State.DONE]
    if failed:
        names = [one.run for one in failed]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        say(f"Did not finish: {', '.join(names[:SHOWN])}{more}.", "bold red")
    return failed


SHOWN = 10
"""Failed runs named in one message."""


def _counted(number: int) -> str:
    return f"{number} run is" if number == 1 else f"{number} runs are"


def _build_book(compendium: Compendium, runs: Sequence[Run], wish: Wish) -> Exit:
    """Run, judge and publish what the book rests on."""
    if wish.keeping:
        _refuse_respondents(compendium)
    found = statuses(runs, compendium)
    if _nothing_to_do(compendium, found, wish):
        say(f"Nothing to do: {_counted(len(runs))} fresh.")
        return _close(compendium, wish, current(compendium))
    with exclusive(compendium):
        with workshop_for(compendium, runs, wish) as workshop:
            if any(wish.takes(one, compendium) for one in found):
                workshop.begin()
            runs = of_the_book(planned(compendium))
            findings()  # here: what is wrong in them is told before a kernel starts
            entries = _run(compendium, runs, wish, workshop)
        if entries is None:
            return Exit.RUN
        if wish.keeping:
            _keep(compendium, [run for run in runs if wish.covers(run, compendium)])
        if wish.publishing and not book_is_current(compendium, wish.publisher, wish.formats):
            refuse_leaks(compendium, runs)
            published(compendium, wish.publisher, wish.formats)
    return _close(compendium, wish, entries)


def _nothing_to_do(compendium: Compendium, found: Sequence[Status], wish: Wish) -> bool:
    """Tell whether all that was asked for is there; nothing is written to find out."""
    return (
        not wish.force
        and not wish.keeping
        and all(status.fresh for status in found)
        and register_is_current(compendium, [status.run for status in found])
        and (not wish.publishing or book_is_current(compendium, wish.publisher, wish.formats))
    )


def workshop_for(compendium: Compendium, runs: Sequence[Run], wish: Wish) -> "Workshop | Cluster":
    """What executes runs; for a single one it does not pay to start a server of kernels."""
    from kompendium.engine.warm.link import ADDRESS
    from kompendium.engine.workshop import Workshop, cores

    paying = len(runs) > 1 or ADDRESS in os.environ
    jobs, kernel = wish.jobs or cores(), wish.kernel if paying else "cold"
    if wish.cluster is None:
        return Workshop(compendium, jobs, kernel)
    from kompendium.engine.cluster.cluster import Cluster

    return Cluster(compendium, wish.cluster, jobs, kernel, wish.cluster_respondents, say)


def _run(
    compendium: Compendium, runs: Sequence[Run], wish: Wish, workshop: "Workshop | Cluster"
) -> list[Entry] | None:
    """Run what is not fresh and keep the register up to date; None where a run failed."""
    done: set[str] = set()
    for reading in PHASES:
        phase = [run for run in runs if run.reads_register is reading]
        todo = []
        for status in statuses(phase, compendium):
            run = status.run
            if wish.forces(run) and run.id not in done:
                say(f"{run.id}: run as asked", "dim")
            elif status.fresh:
                continue
            elif not wish.covers(run, compendium):
                say(f"{run.id} is {status.standing}, but was not asked for: {status.why}")
                continue
            else:
                say(f"{run.id}: {_reason(status)}", "dim")
            todo.append(run)
        done |= {run.id for run in todo}
        failed = [one.run for one in execute(workshop, todo) if one.state is not State.DONE]
        if failed:
            say(f"Not published: {', '.join(failed)} did not finish.", "bold red")
            return None
        entries = judged(compendium, runs)
    return entries


def _reason(status: Status) -> str:
    """Why a run is run, without the full text of how it failed last."""
    if status.standing is Standing.RUNNING:
        return "it was stopped halfway"
    why = status.why.splitlines()[0]
    return why if status.standing is Standing.FAILED else f"{status.standing}, {why}"


def execute(workshop: "Workshop | Cluster", runs: Sequence[Run]) -> list[Record]:
    """Execute runs and show how they come along; what executes is imported only if needed."""
    if not runs:
        return []
    from kompendium.cli.printing import RunProgress
    from kompendium.engine.amounts import Amounts

    amounts = Amounts(workshop.compendium)
    try:
        with RunProgress(len(runs)) as progress:

            def ended(record: Record) -> None:
                progress.ended(record)
                amounts.keep(record)

            return workshop.execute(runs, progress.started, ended)
    except KeyboardInterrupt:
        say("Interrupted; what was finished is kept.", "bold")
        raise


def _close(compendium: Compendium, wish: Wish, entries: Sequence[Entry]) -> Exit:
    if wish.publishing:
        tell_of_book(compendium)
    say(summary(entries))
    return report(entries)


def _refuse_respondents(compendium: Compendium) -> None:
    """Stop before outputs that rest on respondents are kept where git would take them."""
    from kompendium.notebook.saving import surveys_with_respondents

    remedy = "move the respondents away before keeping outputs"
    problems = [
        Problem(compendium.surveys / name, 1, f"there are respondents of {name}", remedy)
        for name in surveys_with_respondents(compendium)
    ]
    if problems:
        raise InputError(problems)


def _keep(compendium: Compendium, runs: Sequence[Run]) -> None:
    """Keep the outputs of runs with default values in the notebooks they came from."""
    from kompendium.notebook.keeping import keep_outputs

    for run in runs:
        if dict(run.values) == parameters_of(run.notebook):
            changed = keep_outputs(run.notebook, compendium.executed / f"{run.id}.ipynb")
            say(f"{compendium.relative(run.notebook)}: {'new outputs' if changed else 'as before'}")
