"""A new book put in the place of the last one, so that the last good one is never lost.

A render goes to a scratch folder beside the target, on the same disk. Only a book that passed
its checks is renamed into place. Killed between the two renames, the next call puts the last
book back; scratch folders of dead renders are removed under the same lock.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """Lend an empty folder beside ``target``; it is gone afterwards, whatever happens.

    Others who want to publish to the same target wait.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / f".{target.name}.lock"):
        recover(target)
        folder = Path(tempfile.mkdtemp(prefix=_prefix(target), dir=target.parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def replace(target: Path, fresh: Path) -> None:
    """Put ``fresh`` in the place of ``target`` by renaming."""
    last = _last(target)
    if target.exists():
        target.rename(last)
    try:
        fresh.rename(target)
    except BaseException:
        recover(target)
        raise
    shutil.rmtree(last, ignore_errors=True)


def recover(target: Path) -> None:
    """Tidy up after a render that was killed: keep the last good book, drop the rest."""
    last = _last(target)
    if last.exists() and not target.exists():
        last.rename(target)
    shutil.rmtree(last, ignore_errors=True)
    for stale in target.parent.glob(f"{_prefix(target)}*"):
        shutil.rmtree(stale, ignore_errors=True)


def _last(target: Path) -> Path:
    return target.parent / f".{target.name}.last"


def _prefix(target: Path) -> str:
    return f".{target.name}.scratch-"
