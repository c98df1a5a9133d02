"""Plain CSV: a header with the names of the variables, and a row a respondent."""

from pathlib import Path

import pandas as pd

from kompendium.surveys.formats.export import Export, cell, checked_names
from kompendium.surveys.formats.text import Row, records


def read(path: Path) -> Export:
    """Read a CSV file; raises UnreadableError."""
    read_as = records(path)
    return Export(path, f"CSV, {read_as.how}", table(path, read_as.rows))


def table(path: Path, rows: list[Row]) -> pd.DataFrame:
    """Cells below a header, with the rows' own numbers."""
    (_, header), *below = rows
    names = checked_names(path, [name.strip() for name in header])
    cells = [[cell(field) for field in fields] for _, fields in below]
    return pd.DataFrame(cells, index=[row for row, _ in below], columns=names, dtype=object)
