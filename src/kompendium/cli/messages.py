"""Messages for people, on standard error."""

import os
import sys
from pathlib import Path

CODES = {"bold": "1", "red": "31", "bold red": "1;31", "dim": "2"}
"""Terminal codes of the styles messages have; to import rich takes longer than to do nothing."""


def say(text: str, style: str = "") -> None:
    """Print a message for people; it is coloured only on a terminal that may have colours."""
    if style and sys.stderr.isatty() and "NO_COLOR" not in os.environ:
        text = f"\x1b[{CODES[style]}m{text}\x1b[0m"
    print(text, file=sys.stderr, flush=True)


def from_here(text: object) -> str:
    """A message with its paths as they are from the working folder, without that folder's own."""
    return str(text).replace(f"{Path.cwd()}{os.sep}", "")
