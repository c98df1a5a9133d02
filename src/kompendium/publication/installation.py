"""Where Quarto is installed, found without importing what works with it."""

import os
import shutil
import sys
from pathlib import Path

from kompendium.publication.errors import Problem, PublicationError

VARIABLE = "QUARTO_PATH"


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
