"""Survey files as they come, each format read into the same form: an ``Export``."""

from collections.abc import Callable
from pathlib import Path

from kompendium.surveys.formats import columnar, delimited, statistical, surveyxact
from kompendium.surveys.formats.export import Export, UnreadableError, unreadable

__all__ = ["Export", "UnreadableError", "read"]

READERS: dict[str, Callable[[Path], Export]] = {
    ".xlsx": surveyxact.read_workbook,
    ".xlsm": surveyxact.read_workbook,
    ".csv": delimited.read,
    ".txt": delimited.read,
    ".tsv": delimited.read,
    ".sav": statistical.read_spss,
    ".zsav": statistical.read_spss,
    ".dta": statistical.read_stata,
    ".parquet": columnar.read,
}


def read(path: Path) -> Export:
    """Read a survey file by its kind; a folder is read as SurveyXact's three CSV files.

    Raises:
        UnreadableError: the file is not there, is damaged, or cannot be read without guessing.
    """
    if path.is_dir():
        return surveyxact.read_trio(path)
    if not path.is_file():
        raise unreadable(path, "the file does not exist", "check the name and the folder")
    reader = READERS.get(path.suffix.casefold())
    if reader is None:
        known = ", ".join(READERS)
        raise unreadable(path, f"«{path.suffix}» is no format that is read", f"use one of {known}")
    if reader is delimited.read and surveyxact.is_of_trio(path):
        return surveyxact.read_trio(path)
    return reader(path)
