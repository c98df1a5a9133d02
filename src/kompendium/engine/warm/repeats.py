"""What ipykernel does over again for each cell, and a kernel of this project does once.

It works out what Python a cell is, and compiles it to see whether it awaits something, before it
lets IPython do the same; it has its thread send what cells have printed, several times a cell,
also where they have printed nothing; and it makes records of messages for its log that nobody
asked to see. Together that was a tenth of a fact sheet's kernel.

Loaded by ``server`` from beside it, without its package: nothing of Kompendium is imported.
"""

import sys
from collections.abc import Callable
from typing import Any

AWAITING = ("await", "async")
"""Words without one of which a cell awaits nothing."""


def spare(app: Any) -> None:
    """Let a kernel that has been made, and has not begun, do these things once."""
    transform = Question(app.shell.transform_cell)
    app.shell.transform_cell = transform
    app.shell.events.register("post_execute", transform.forget)
    app.shell.should_run_async = awaiting(app.shell.should_run_async)
    app.log.setLevel(app.log_level)  # else only what writes them throws them away
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "_flush_pending"):  # of ipykernel
            stream.flush = flushing(stream)  # type: ignore[method-assign]


class Question:
    """Answers as a function does, and the second of two equal questions without asking it."""

    def __init__(self, function: Callable[[str], str]) -> None:
        """Know nothing yet."""
        self.function = function
        self.known: tuple[str, str] | None = None

    def __call__(self, asked: str) -> str:
        """Give the answer of before to the same question, or a new one; errors are not kept."""
        if self.known is None or self.known[0] != asked:
            self.known = (asked, self.function(asked))
        return self.known[1]

    def forget(self) -> None:
        """Ask anew from here on: what a cell is may depend on those before it."""
        self.known = None


def awaiting(asked: Callable[..., bool]) -> Callable[..., bool]:
    """Tell whether a cell is to be awaited, as is asked; no where it cannot be."""

    def may(cell: str, *, transformed_cell: str | None = None, **named: Any) -> bool:
        source = cell if transformed_cell is None else transformed_cell
        if not any(word in source for word in AWAITING):
            return False
        return asked(cell, transformed_cell=transformed_cell, **named)

    return may


def flushing(stream: Any) -> Callable[[], None]:
    """Flush one of ipykernel's streams where something has been written to it since.

    What is written marks the stream until its thread begins to send it; what the kernel
    publishes after that is sent by the same thread, later. A process that a cell has forked has
    no such thread, and writes to its parent at once.
    """
    flush: Callable[[], None] = stream.flush

    def flush_if_written() -> None:
        if stream._flush_pending or not stream._is_master_process():
            flush()

    return flush_if_written
