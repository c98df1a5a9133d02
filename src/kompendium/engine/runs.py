"""Notebooks executed by Papermill on a copy, finished, and put in place whole."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat

from kompendium.engine.gathering import declared, observed
from kompendium.engine.kernels import ENVIRONMENT, run_notebook
from kompendium.engine.measuring import Present, Snapshot, content
from kompendium.engine.plan import Run
from kompendium.engine.records import Good, Record, State
from kompendium.facts.files import write_atomically
from kompendium.facts.paths import Compendium
from kompendium.notebook.finishing import finish

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def execute(
    runs: Iterable[Run],
    compendium: Compendium,
    started: Callable[[Run], None] = lambda run: None,
    ended: Callable[[Record], None] = lambda record: None,
) -> list[Record]:
    """Execute runs one after another; a run that fails does not stop the others.

    A good run's notebook replaces the last one in ``outputs/notebooks``; a failed one is
    kept in ``outputs/failed`` beside it. An interruption is recorded and raised again.
    """
    records = []
    with _environment(ENVIRONMENT | {"KOMPENDIUM_ROOT": str(compendium.root)}):
        for run in runs:
            started(run)
            record = _execute(run, compendium)
            records.append(record)
            ended(record)
            if record.state is State.INTERRUPTED:
                raise KeyboardInterrupt
    return records


def _execute(run: Run, compendium: Compendium) -> Record:
    """Execute one run and keep an honest record of it."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import PapermillExecutionError

    last = Record.read(compendium.runs, run.id)
    record = Record(
        run=run.id,
        notebook=compendium.relative(run.notebook),
        parameters=dict(run.values),
        state=State.RUNNING,
        good=last.good if last else None,
    )
    record.write(compendium.runs)
    before = Snapshot(compendium)
    with TemporaryDirectory(prefix=f"kompendium-{run.id}-") as folder:
        output, report = Path(folder) / f"{run.id}.ipynb", Path(folder) / "observed.json"
        try:
            run_notebook(run, output, report, compendium)
            record = record.end(State.DONE)
        except PapermillExecutionError as error:
            message = f"{error.ename}: {error.evalue}"
            record = record.end(State.FAILED, error.cell_index, _clean(message, compendium))
        except CellTimeoutError:
            message = f"no answer within the time limit of {run.time_limit} s"
            record = record.end(State.TIMED_OUT, _last_cell(output), message)
        except DeadKernelError as error:
            record = record.end(State.KERNEL_DIED, _last_cell(output), str(error))
        except KeyboardInterrupt:
            record = record.end(State.INTERRUPTED, _last_cell(output), "stopped by the user")
        except Exception as error:  # a record must tell of every failure, known or not
            message = f"{type(error).__name__}: {error}"
            record = record.end(State.FAILED, None, _clean(message, compendium))
        present = Present(compendium)
        ingredients = observed(run, present, before, report)
        try:
            result = _keep(run, output, compendium, good=record.state is State.DONE)
        except Exception as error:  # what cannot be kept is not done
            message = f"{type(error).__name__}: {error}"
            record, result = record.end(State.FAILED, None, _clean(message, compendium)), None
    if record.state is not State.DONE:
        record = record.model_copy(update={"attempted": ingredients or declared(run, present)})
    else:
        made = (
            Good(key=ingredients.key, result=result, ingredients=ingredients)
            if (ingredients and result)
            else None
        )
        record = record.model_copy(update={"good": made})
    record.write(compendium.runs)
    return record


def _keep(run: Run, output: Path, compendium: Compendium, good: bool) -> str | None:
    """Put a good notebook in place, or a failed one beside the last good one; give its hash."""
    failed = compendium.failed / f"{run.id}.ipynb"
    failed.unlink(missing_ok=True)
    if not output.exists():
        return None
    notebook: Any = nbformat.read(output, as_version=4)
    text = nbformat.writes(finish(notebook)) + "\n"
    place = compendium.executed / f"{run.id}.ipynb" if good else failed
    return content(write_atomically(place, text))


def _last_cell(output: Path) -> int | None:
    """Find the cell a run had come to when it stopped, from what Papermill saved."""
    if not output.exists():
        return None
    cells = nbformat.read(output, as_version=4).cells
    begun = [place for place, cell in enumerate(cells) if cell.get("execution_count")]
    return begun[-1] + 1 if begun else 0


def _clean(message: str, compendium: Compendium) -> str:
    """Rid a message of terminal colours and of the machine's paths."""
    return ANSI.sub("", message).replace(str(compendium.root), ".")


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for the kernels, and put back what stood there."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
