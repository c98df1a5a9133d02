"""Quarto as publisher, where it is installed; its exit code lies, so its warnings count."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kompendium.publication.errors import Problem, PublicationError

if TYPE_CHECKING:
    from kompendium.publication.staging import Stage

VARIABLE = "QUARTO_PATH"

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_COMPLAINT = re.compile(
    r"^\s*(\[?(?:WARN|WARNING|ERROR)\b.*(?:\n(?!\s*$|\[|WARN).+)?)", re.MULTILINE
)
"""A warning or error, with the line below it, which often holds what it is about."""


def find() -> Path | None:
    """Find Quarto: ``QUARTO_PATH`` first, then PATH, then where ``make quarto`` puts it.

    Raises:
        PublicationError: ``QUARTO_PATH`` is set, but nothing that runs is there.
    """
    if named := os.environ.get(VARIABLE):
        path = Path(named).expanduser()
        path = path / "quarto" if path.is_dir() else path
        if not os.access(path, os.X_OK):
            raise PublicationError([Problem(VARIABLE, f"{named} is no program; unset or mend it")])
        return path
    found = shutil.which("quarto") or shutil.which("quarto", path=str(Path(sys.executable).parent))
    return Path(found) if found else None


def render(stage: Stage, quarto: Path) -> list[Problem]:
    """Render the staged book and give what Quarto warned of (an unresolved reference only warns).

    Raises:
        PublicationError: Quarto made no book.
    """
    done = subprocess.run(
        [str(quarto), "render", str(stage.folder), "--to", "html", "--no-execute"],
        cwd=stage.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    text = _COLOUR.sub("", done.stdout)
    complaints = [Problem("quarto", " ".join(one.split())) for one in _COMPLAINT.findall(text)]
    if done.returncode:
        raise PublicationError(complaints or [Problem("quarto", _end(text))])
    return complaints


def _end(text: str) -> str:
    """The last lines of an output that explains itself badly."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-5:]) or "failed silently"
