"""Temporary folders that tell whether their owner lives, so that nobody's can be taken away.

A process that is killed leaves its temporary folders behind, and what lies in them may come from
respondents. Each folder made here holds a file that its owner has locked; the system lets go of
the lock when the owner ends, however it ends. Whoever gets the lock may take the folder away.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

PREFIX = "kompendium-"
"""How the names of the folders begin."""

LOCK = ".owner"
"""The file in a folder that its owner holds locked."""


class TemporaryFolder:
    """A folder of this process alone, gone when it is closed."""

    def __init__(self, name: str = "") -> None:
        """Make the folder; what it is for may be told in its name."""
        self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{name}-" if name else PREFIX))
        self._lock = _lock(self.path)
        self._lock.acquire()  # makes anew what was swept before it was locked
        self.path.chmod(0o700)

    def close(self) -> None:
        """Take the folder away with all that is in it."""
        with suppress(OSError):
            _remove(self.path)
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)  # Windows keeps a file while it is locked


def sweep() -> list[Path]:
    """Take away the folders whose owner has ended, and give their paths.

    Folders of other users are left alone, and so is what does not tell whose it is.
    """
    swept = []
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # such as Timeout: somebody holds the lock
            if _is_own(path) and (path / LOCK).is_file():
                with _lock(path).acquire(blocking=False):
                    _remove(path)
                swept.append(path)
    return sorted(swept)


def _lock(path: Path) -> FileLock:
    return FileLock(path / LOCK, thread_local=False)


def _is_own(path: Path) -> bool:
    """Tell whether a path is a folder, no link to one, and this user's."""
    mine = not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid()
    return mine and path.is_dir() and not path.is_symlink()


def _remove(path: Path) -> None:
    """Take a folder away, what tells of its owner last, so that what fails is swept next time."""
    for one in path.iterdir():
        if one.name != LOCK:
            shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
    shutil.rmtree(path)
