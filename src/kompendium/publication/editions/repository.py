"""The compendium's git repository: the inputs of an edition, word for word, are a commit.

Only questions are asked of it. Nothing here changes a working tree, an index or a branch.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120
"""Seconds git may take; a status of a large tree on a cold disk takes a few."""

MISLEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")
"""Variables that a hook sets, by which git would look at another repository."""


class GitError(Exception):
    """Git could not answer; the message is its own."""


@dataclass(frozen=True)
class Repository:
    """The repository around a compendium; the compendium may be a folder in a larger one."""

    root: Path

    @classmethod
    def around(cls, root: Path) -> Repository:
        """Give the repository of a compendium; raises GitError where there is none with commits."""
        found = cls(root)
        found._ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return found

    @property
    def commit(self) -> str:
        """The commit that is checked out."""
        return self._ask("rev-parse", "HEAD").strip()

    def changes(self) -> list[str]:
        """Files of the compendium that are not as in the commit, or not in git and not ignored.

        Paths are from the compendium's folder.
        """
        prefix = self._ask("rev-parse", "--show-prefix").rstrip("\n")
        told = self._ask("status", "--porcelain=v1", "-z", "--untracked-files=all", "--", ".")
        entries = iter(told.split("\0"))
        names = []
        for entry in entries:
            if entry:
                names.append(entry[3:].removeprefix(prefix))
                if entry[0] in "RC":  # the old name follows
                    next(entries)
        return sorted(names)

    def tracked(self) -> frozenset[str]:
        """The files of the compendium in the commit, as paths from its folder."""
        return frozenset(
            filter(None, self._ask("ls-tree", "-rz", "--name-only", "HEAD").split("\0"))
        )

    def holds(self, commit: str) -> bool:
        """Tell whether a commit is there."""
        try:
            self._ask("cat-file", "-e", f"{commit}^{{commit}}")
        except GitError:
            return False
        return True

    def content(self, commit: str, name: str) -> bytes:
        """A file of a commit, by its path in the compendium; raises GitError where it is not."""
        return self._run("show", f"{commit}:./{name}")

    def export(self, commit: str, folder: Path) -> None:
        """Write the compendium's files of a commit to a folder, without touching the repository."""
        packed = self._run("archive", "--format=tar", commit)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            # Python itself learnt with 3.11.4 to write nothing outside the folder.
            if hasattr(tarfile, "data_filter"):
                archive.extraction_filter = tarfile.data_filter
            archive.extractall(folder)

    def _ask(self, *arguments: str) -> str:
        return self._run(*arguments).decode("utf-8", "surrogateescape")

    def _run(self, *arguments: str) -> bytes:
        """Run git in the compendium's folder; nothing is asked of the person at the keyboard."""
        kept = {name: one for name, one in os.environ.items() if name not in MISLEADING}
        settings = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self.root,
                env={**kept, **settings},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed") from None
        except subprocess.TimeoutExpired:
            raise GitError(f"git did not answer within {PATIENCE} s") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise GitError(said[-1] if said else f"git {arguments[0]} failed")
        return done.stdout
