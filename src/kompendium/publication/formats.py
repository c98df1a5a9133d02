"""The formats of the book: pages to read on a screen, a PDF to print, a DOCX to work on."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Format(StrEnum):
    """A format of the book, by the name the command and the file's ending have."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"

    @property
    def quarto(self) -> str:
        """The key under ``format:`` in ``_quarto.yml``; Quarto makes PDF with Typst."""
        return "typst" if self is Format.PDF else self.value

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return self.value.upper() if self is not Format.DOCX else "Word"


def chosen(names: Iterable[str]) -> tuple[Format, ...]:
    """The formats named, in their own order; the pages are always made, to lead to the others.

    Raises:
        ValueError: a name is no format.
    """
    wanted = {Format(name) for name in names} | {Format.HTML}
    return tuple(format for format in Format if format in wanted)
