"""Parquet: typed columns; categories are read as their labels."""

from pathlib import Path

import pandas as pd

from kompendium.surveys.formats.export import Export, plain, unreadable


def read(path: Path) -> Export:
    """Read a Parquet file; raises UnreadableError."""
    try:
        table = pd.read_parquet(path)
    except (ValueError, OSError) as error:
        message = f"this is no whole Parquet file ({type(error).__name__})"
        raise unreadable(path, message, "write it again") from error
    return Export(path, "Parquet", plain(table.reset_index(drop=True), 2))
