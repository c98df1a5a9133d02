"""A build: run the notebooks, judge the findings, publish the book, in that one direction."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from kompendium.engine import Record, Run, State, Status, statuses
from kompendium.engine.memory import known_plan, planned
from kompendium.engine.plan import parameters_of
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.publication import Publisher
from kompendium.register import Entry, current

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
    formats: Sequence[str] = ("html",)

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


def build(compendium: Compendium, wish: Wish) -> Exit:
    """Run what is not fresh, then judge and publish; nothing is made again for nothing.

    Nothing is judged or published where a run failed: the last good book stays.
    """
    runs = known_plan(compendium)
    _check_names(compendium, runs, wish.names)
    if wish.keeping:
        _refuse_respondents(compendium)
    if _nothing_to_do(compendium, runs, wish):
        say(f"Nothing to do: {len(runs)} {'run is' if len(runs) == 1 else 'runs are'} fresh.")
        return _close(compendium, wish, current(compendium))
    with exclusive(compendium):
        runs = planned(compendium)
        entries = _run(compendium, runs, wish)
        if entries is None:
            return Exit.RUN
        if wish.keeping:
            _keep(compendium, [run for run in runs if wish.covers(run, compendium)])
        if wish.publishing and not book_is_current(compendium, wish.publisher, wish.formats):
            published(compendium, wish.publisher, wish.formats)
    return _close(compendium, wish, entries)


def _nothing_to_do(compendium: Compendium, runs: Sequence[Run], wish: Wish) -> bool:
    """Tell whether all that was asked for is there; nothing is written to find out."""
    return (
        not wish.force
        and not wish.keeping
        and all(status.fresh for status in statuses(runs, compendium))
        and register_is_current(compendium, runs)
        and (not wish.publishing or book_is_current(compendium, wish.publisher, wish.formats))
    )


def _run(compendium: Compendium, runs: Sequence[Run], wish: Wish) -> list[Entry] | None:
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
                say(f"{run.id}: {status.standing}, {_reason(status)}", "dim")
            todo.append(run)
        done |= {run.id for run in todo}
        failed = [one.run for one in _execute(compendium, todo) if one.state is not State.DONE]
        if failed:
            say(f"Not published: {', '.join(failed)} did not finish.", "bold red")
            return None
        entries = judged(compendium, runs)
    return entries


def _reason(status: Status) -> str:
    """Why a run is run, without the full text of how it failed last."""
    return status.why.splitlines()[0]


def _execute(compendium: Compendium, runs: Sequence[Run]) -> list[Record]:
    """Execute runs and show how they come along; what executes is imported only if needed."""
    if not runs:
        return []
    from kompendium.cli.printing import RunProgress
    from kompendium.engine import execute

    try:
        with RunProgress(len(runs)) as progress:
            return execute(runs, compendium, progress.started, progress.ended)
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


def _check_names(compendium: Compendium, runs: Sequence[Run], names: Sequence[str]) -> None:
    """Refuse names of runs that are not declared."""
    known = [run.id for run in runs]
    unknown = [name for name in names if name not in known]
    if unknown:
        remedy = f"choose among {', '.join(known)}"
        raise InputError(
            Problem(compendium.params, 1, f"no run «{one}»", remedy) for one in unknown
        )
