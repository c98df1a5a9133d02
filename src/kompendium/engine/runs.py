"""A notebook executed by Papermill on a copy, finished, and put in place whole."""

from contextlib import closing
from typing import Any

from kompendium.engine.failures import clean, failure
from kompendium.engine.gathering import declared, ledgers, observed
from kompendium.engine.kernels import run_notebook
from kompendium.engine.leaks import may_have_read
from kompendium.engine.lightly import nbformat
from kompendium.engine.limits import Watch
from kompendium.engine.measuring import Present, Snapshot, content
from kompendium.engine.packages import packages
from kompendium.engine.plan import Run
from kompendium.engine.records import Good, Record, State
from kompendium.facts.files import write_atomically
from kompendium.facts.paths import Compendium
from kompendium.facts.temporary import TemporaryFolder
from kompendium.notebook.finishing import finish
from kompendium.notebook.guarding import guard


def execute(run: Run, compendium: Compendium, kernel: str) -> Record:
    """Execute one run and keep an honest record of it.

    A good run's notebook replaces the last one in ``outputs/notebooks``; a failed one is
    kept in ``outputs/failed`` beside it.
    """
    record = begin(run, compendium)
    before = Snapshot(compendium)
    watch = Watch(kernel, run.time_limit, run.memory_limit)
    with closing(TemporaryFolder(run.id)) as temporary:
        report = temporary.path / "observed.json"
        taken: list[Any] = []
        try:
            run_notebook(run, taken.append, report, compendium, watch)
            record = record.end(State.DONE)
        except (Exception, KeyboardInterrupt) as raised:  # a record tells of every failure
            record = record.end(*failure(raised, run, next(iter(taken), None), watch, compendium))
        notebook: Any = next(iter(taken), None)
        present = Present(compendium)
        ingredients = observed(run, present, before, report)
        released, guarded = ledgers(report), list[str]()
        if may_have_read(ingredients, compendium):
            record = without_values(record)
            guarded = guard(notebook) if notebook is not None else []
        record = record.model_copy(
            update={
                "kernel": watch.kernel,
                "peak_memory": watch.peak,
                "cell_seconds": cell_seconds(notebook) if notebook else (),
                "packages": packages(notebook, ingredients, compendium) if ingredients else {},
            }
        )
        try:
            text = nbformat.writes(finish(notebook)) + "\n" if notebook else None
            result = keep(run, text, compendium, good=record.state is State.DONE)
        except Exception as error:  # what cannot be kept is not done
            message = clean(f"{type(error).__name__}: {error}", compendium)
            record, result = record.end(State.FAILED, None, message), None
    if record.state is not State.DONE:
        record = record.model_copy(update={"attempted": ingredients or declared(run, present)})
    else:
        made = None
        if ingredients and result:
            made = Good(
                key=ingredients.key,
                result=result,
                ingredients=ingredients,
                ledgers=released,
                guarded=tuple(guarded),
            )
        record = record.model_copy(update={"good": made})
    record.write(compendium.runs)
    return record


def begin(run: Run, compendium: Compendium) -> Record:
    """Write that a run is under way; what is known of the last good one stays known."""
    last = Record.read(compendium.runs, run.id)
    record = Record(
        run=run.id,
        notebook=compendium.relative(run.notebook),
        parameters=dict(run.values),
        state=State.RUNNING,
        good=last.good if last else None,
    )
    record.write(compendium.runs)
    return record


def keep(run: Run, text: str | bytes | None, compendium: Compendium, good: bool) -> str | None:
    """Put a good notebook in place, or a failed one beside the last good one; give its hash."""
    failed = compendium.failed / f"{run.id}.ipynb"
    failed.unlink(missing_ok=True)
    if text is None:
        return None
    place = compendium.executed / f"{run.id}.ipynb" if good else failed
    return content(write_atomically(place, text))


def without_values(record: Record) -> Record:
    """Keep of an error only its kind: a message and a traceback can quote respondents."""
    if record.state not in (State.FAILED, State.OUT_OF_MEMORY) or not record.traceback:
        return record
    told = f"{record.error.partition(':')[0]} (withheld: the message may quote respondents)"
    return record.model_copy(update={"error": told, "traceback": ""})


SIGN = "papermill-error-cell-tag"
"""The tag of cells that Papermill puts into a failed notebook, to point at what failed."""


def cell_seconds(notebook: Any) -> tuple[float, ...]:
    """Give how long each cell took, as Papermill has timed it; 0 for one that never ran."""
    own = (one for one in notebook.cells if SIGN not in one.metadata.get("tags", ()))
    noted = (one.metadata.get("papermill", {}) for one in own)
    return tuple(round(one.get("duration") or 0.0, 3) for one in noted)
