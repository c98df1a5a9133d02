"""Tables as Markdown, which Jupyter, HTML, PDF and DOCX all render from one output."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd
from IPython.display import display

from kompendium.notebook.drawn import kept, written
from kompendium.notebook.marks import DRAWN, MADE, METADATA

NUMERIC = re.compile(
    r"[<>±]?\s?[-−+]?\d[\d\u00a0 .,–]*((til|to) [-−]?[\d,.]+)?"
    r"\s?(%|km|kr|NOK|år|years|prosent(poeng)?|per[ \u00a0]cent|percentage points)?"
    r"|[.:–-]{1,2}"
)
"""What counts as a number for alignment, Statistics Norway's table signs included."""


def pipe_table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int] | None = None,
) -> str:
    """Write a Markdown pipe table; columns of numbers are set to the right.

    ``widths`` are relative and decide how long text is wrapped; without them each column
    is as wide as its longest cell, 40 characters at the most.
    """
    cells = [[_cell(one) for one in row] for row in rows]
    right = [_numeric(row[i] for row in cells) for i in range(len(header))]
    if widths is None:
        columns = [[name, *(row[i] for row in cells)] for i, name in enumerate(header)]
        widths = [min(40, max(3, *(len(one) for one in column))) for column in columns]
    rule = [
        "-" * (width - 1) + (":" if to_right else "-")
        for width, to_right in zip(widths, right, strict=True)
    ]
    lines = [[_cell(name) for name in header], rule, *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _numeric(column: Iterable[str]) -> bool:
    """Tell whether a column holds numbers; one of empty boxes to fill in does not."""
    filled = [one for one in column if one]
    return bool(filled) and all(NUMERIC.fullmatch(one) for one in filled)


def _cell(value: object) -> str:
    """Write one cell so that neither a bar nor a line break can end it."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ".."
    return str(value).replace("|", "\\|").replace("\n", " ").strip()


def table(frame: pd.DataFrame, caption: str, widths: Sequence[int] | None = None) -> None:
    """Show a table of display-ready text, with a caption that may hold computed numbers.

    The cell must begin with ``#| label: tbl-…``. Columns become headers; the index is not
    shown. At most six columns fit a phone and a printed page.

    Raises:
        DisclosureError: the rows are real respondents, or were counted from them by hand.
    """
    if getattr(type(frame), "of_respondents", False):
        from kompendium.surveys.disclosure import DisclosureError  # most notebooks read no survey

        raise DisclosureError("a table of real respondents: use crosstab() or by_size()")
    header, rows = [str(name) for name in frame.columns], frame.to_numpy().tolist()
    text = pipe_table(header, rows, widths)
    display(
        {"text/markdown": text, "text/plain": text},
        raw=True,
        metadata={
            METADATA: {MADE: "table", "tbl-cap": caption},
            DRAWN: kept(written(header, rows)),
        },
    )


def prose(text: str) -> None:
    """Show a paragraph whose numbers come from code; its cell begins ``#| echo: false``."""
    display(
        {"text/markdown": text, "text/plain": text},
        raw=True,
        metadata={METADATA: {MADE: "prose"}},
    )


def skip() -> None:
    """Leave this cell out of the book: for a figure or table that some parameters have not."""
    display({"text/plain": ""}, raw=True, metadata={METADATA: {MADE: "skip", "include": False}})


def word(text: str) -> str:
    """Mark a lone word as one that readers see, so that the English edition translates it."""
    return text
