"""A build: run the notebooks, judge the findings, publish the book, in that one direction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from filelock import FileLock, Timeout

from kompendium.cli.exits import Exit
from kompendium.cli.printing import RunProgress, say, summary, warn_of
from kompendium.engine import Run, State, execute, plan
from kompendium.engine.plan import parameters_of
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.notebook.keeping import keep_outputs
from kompendium.publication import Publisher, publish
from kompendium.register import Entry, update
from kompendium.surveys import has_respondents


class Locked(Exception):  # noqa: N818 - names a state, not a mistake
    """Another build holds the lock."""


@contextmanager
def exclusive(compendium: Compendium) -> Iterator[None]:
    """Let one build at a time write into ``outputs``; raises Locked at once."""
    compendium.outputs.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(compendium.lock, timeout=0):
            yield
    except Timeout:
        raise Locked("another build is under way in this compendium") from None


def build(
    compendium: Compendium,
    names: Sequence[str],
    publisher: Publisher = "auto",
    publishing: bool = True,
    keeping: bool = False,
) -> Exit:
    """Run what was asked for and what was never run, then judge and publish.

    Runs that read the register come last and always, so that no page shows old verdicts.
    Nothing is judged or published where a run failed: the last good book stays.
    """
    runs = _chosen(compendium, plan(compendium), names)
    if keeping:
        _refuse_respondents(compendium)
    with exclusive(compendium), RunProgress(len(runs)) as progress:
        for reading in (False, True):
            some = [run for run in runs if run.reads_register is reading]
            records = execute(some, compendium, progress.started, progress.ended)
            failed = [record for record in records if record.state is not State.DONE]
            if failed:
                names = [record.run for record in failed]
                say(f"Not published: {', '.join(names)} did not finish.", "bold red")
                return Exit.RUN
            entries = judged(compendium)
        if keeping:
            _keep(compendium, runs)
        if publishing:
            place = publish(compendium, publisher)
            say(f"The book: {compendium.relative(place)}", "bold")
    say(summary(entries))
    return report(entries)


def _refuse_respondents(compendium: Compendium) -> None:
    """Stop before outputs that rest on respondents are kept where git would take them."""
    remedy = "move the respondents away before keeping outputs"
    surveys = sorted(path.parent for path in compendium.surveys.glob("*/codebook.yml"))
    problems = [
        Problem(folder, 1, f"there are respondents of {folder.name}", remedy)
        for folder in surveys
        if has_respondents(folder.name)
    ]
    if problems:
        raise InputError(problems)


def _keep(compendium: Compendium, runs: Sequence[Run]) -> None:
    """Keep the outputs of runs with default values in the notebooks they came from."""
    for run in runs:
        if dict(run.values) == parameters_of(run.notebook):
            changed = keep_outputs(run.notebook, compendium.executed / f"{run.id}.ipynb")
            say(f"{compendium.relative(run.notebook)}: {'new outputs' if changed else 'as before'}")


def judged(compendium: Compendium) -> list[Entry]:
    """Bring the register up to date with the executed notebooks of the plan."""
    paths = [compendium.executed / f"{run.id}.ipynb" for run in plan(compendium)]
    return update(compendium, [path for path in paths if path.exists()])


def report(entries: Sequence[Entry]) -> Exit:
    """Tell of verdicts that are not the ones on record."""
    surprising = [entry for entry in entries if entry.surprising]
    warn_of(surprising)
    return Exit.VERDICT if surprising else Exit.DONE


def _chosen(compendium: Compendium, runs: list[Run], names: Sequence[str]) -> list[Run]:
    """The runs asked for, those never run, and those that read the register."""
    known = [run.id for run in runs]
    unknown = [name for name in names if name not in known]
    if unknown:
        remedy = f"choose among {', '.join(known)}"
        raise InputError(
            Problem(compendium.params, 1, f"no run «{one}»", remedy) for one in unknown
        )
    return [
        run
        for run in runs
        if not names
        or run.id in names
        or run.reads_register
        or not (compendium.executed / f"{run.id}.ipynb").exists()
    ]
