"""One build at a time writes into ``outputs``."""

from collections.abc import Iterator
from contextlib import contextmanager

from kompendium.facts.paths import Compendium


class Locked(Exception):  # noqa: N818 - names a state, not a mistake
    """Another build holds the lock."""


@contextmanager
def exclusive(compendium: Compendium) -> Iterator[None]:
    """Let one build at a time write into ``outputs``; raises Locked at once.

    What builds that were killed have left in the temporary folder is taken away first.
    """
    with _held(compendium):
        from kompendium.facts.temporary import sweep

        sweep()
        yield


@contextmanager
def _held(compendium: Compendium) -> Iterator[None]:
    from filelock import FileLock, Timeout

    compendium.outputs.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(compendium.lock, timeout=0):
            yield
    except Timeout:
        raise Locked("another build is under way in this compendium") from None


def under_way(compendium: Compendium) -> bool:
    """Tell whether a build holds the lock."""
    if not compendium.lock.exists():
        return False
    try:
        with _held(compendium):
            return False
    except Locked:
        return True
