"""SurveyXact's export: a table of answers, one of the codes' texts and one of the questions.

As a workbook with the sheets Dataset, Labels and Structure, or as three CSV files. Labels have
no header. A multiple choice is a 0/1 column an option, and the status of a respondent may be
exported so, too. Wide surveys have several sheets, Dataset(1), Dataset(2) and so on.
"""

import re
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pandas as pd

from kompendium.surveys.formats import delimited
from kompendium.surveys.formats.export import (
    Export,
    UnreadableError,
    cell,
    checked_names,
    text,
    unreadable,
)
from kompendium.surveys.formats.text import ASCII, SEPARATORS, records

PARTS = ("dataset", "labels", "structure")

STRUCTURE = (
    "questionName",
    "variableName",
    "questionType",
    "subType",
    "questionText",
    "choiceValue",
    "choiceText",
)

STATUS = "statoverall"
"""The system variable that tells how far a respondent came, 1 to 5."""

Cells = list[list[Any]]


def is_of_trio(path: Path) -> bool:
    """Tell whether a CSV file is named as one of SurveyXact's three."""
    return _part(path) is not None


def read_trio(path: Path) -> Export:
    """Read the three CSV files; ``path`` is any of them, or their folder.

    Raises:
        UnreadableError: a file is missing, damaged, or not of SurveyXact's shape.
    """
    files = _trio(path)
    dataset = records(files["dataset"])
    labels = records(files["labels"], width=3)
    structure = records(files["structure"], width=len(STRUCTURE))
    cells = delimited.table(files["dataset"], dataset.rows)
    encodings = dict.fromkeys(part.encoding for part in (dataset, labels, structure))
    encoding = " and ".join(one for one in encodings if one != ASCII) or ASCII
    return _export(
        files["dataset"],
        f"SurveyXact CSV, {encoding}, {SEPARATORS[dataset.separator]}",
        cells,
        [fields for _, fields in labels.rows],
        _structure(files["structure"], [fields for _, fields in structure.rows]),
    )


def read_workbook(path: Path) -> Export:
    """Read a workbook with the sheets Dataset, Labels and Structure.

    Raises:
        UnreadableError: it is no whole workbook, or a sheet is missing or of another shape.
    """
    try:
        sheets = _sheets(path)
    except (zipfile.BadZipFile, ParseError, OSError, KeyError, ValueError, EOFError) as error:
        message = "this is no whole xlsx file, or it is protected with a password"
        raise unreadable(path, message, "save it again as xlsx, without a password") from error
    parts = {part: [name for name in sheets if _is_sheet(name, part)] for part in PARTS}
    missing = [part.capitalize() for part in PARTS if not parts[part]]
    if missing:
        there = ", ".join(sheets)
        message = f"the sheet {' and '.join(missing)} is not there, only {there}"
        remedy = "export from SurveyXact with Dataset, Labels and Structure, or save it as CSV"
        raise unreadable(path, message, remedy)
    tables = [_dataset(path, sheets[name]) for name in parts["dataset"]]
    whole = pd.concat(tables, axis=1)
    checked_names(path, list(whole.columns))
    whole = whole.loc[whole.notna().any(axis=1)]
    structure = _structure(path, sheets[parts["structure"][0]])
    return _export(path, "SurveyXact xlsx", whole, sheets[parts["labels"][0]], structure)


def _part(path: Path) -> str | None:
    stem = path.stem.casefold()
    return next((one for one in PARTS if re.search(rf"(^|[^a-zæøå]){one}$", stem)), None)


def _trio(path: Path) -> dict[str, Path]:
    """Find the three files; a common beginning of their names is kept together."""
    folder = path if path.is_dir() else path.parent
    beginning = None
    if (part := _part(path)) is not None and not path.is_dir():
        beginning = path.stem.casefold().removesuffix(part)
    found: dict[str, Path] = {}
    for file in sorted(folder.glob("*.[cC][sS][vV]")):
        part = _part(file)
        if part is None or beginning not in (None, file.stem.casefold().removesuffix(part)):
            continue
        if part in found:
            message = f"both {found[part].name} and {file.name} are there"
            raise unreadable(path, message, "name one of the files instead of the folder")
        found[part] = file
    missing = [f"{beginning or ''}{part}.csv" for part in PARTS if part not in found]
    if missing:
        message = f"{' and '.join(missing)} is not there, beside the other of SurveyXact's files"
        remedy = "export all three; if it is another kind of CSV, rename it"
        raise unreadable(path, message, remedy)
    return found


def _sheets(path: Path) -> dict[str, Cells]:
    """Every sheet's cells, as values."""
    with warnings.catch_warnings():
        # Styles and extensions that openpyxl does not know concern how cells look.
        warnings.filterwarnings("ignore", module="openpyxl")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return {
                sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
                for sheet in book.worksheets
            }
        finally:
            book.close()


def _is_sheet(name: str, part: str) -> bool:
    return re.fullmatch(rf"{part}\s*(\(?\d+\)?)?", name.strip().casefold()) is not None


def _dataset(path: Path, rows: Cells) -> pd.DataFrame:
    """Cells below the header; formatted but blank columns and rows are not part of it."""
    if not rows:
        raise unreadable(path, "the sheet Dataset is empty", "export it again")
    header = [str(cell(name) or "") for name in rows[0]]
    below = [[cell(value) for value in row] for row in rows[1:]]
    table = pd.DataFrame(
        below, index=range(2, 2 + len(below)), columns=range(len(header)), dtype=object
    )
    named = [place for place, name in enumerate(header) if name or table[place].notna().any()]
    names = checked_names(path, [header[place] for place in named])
    return table[named].set_axis(names, axis=1)


def _structure(path: Path, rows: Cells) -> list[dict[str, str]]:
    """The questions, a row a variable, by the names of the header."""
    header = [str(cell(name) or "").casefold() for name in rows[0]] if rows else []
    missing = [name for name in STRUCTURE if name.casefold() not in header]
    if missing:
        message = f"the structure has no column {', '.join(missing)}"
        raise unreadable(path, message, "export it again from SurveyXact")
    places = {name: header.index(name.casefold()) for name in STRUCTURE}
    return [
        {name: _words(row[place]) if place < len(row) else "" for name, place in places.items()}
        for row in rows[1:]
    ]


def _words(value: object) -> str:
    """A text on one line: line breaks and runs of space become one space."""
    return " ".join((text(cell(value)) or "").split())


def _export(
    path: Path,
    how: str,
    cells: pd.DataFrame,
    label_rows: Iterable[list[Any]],
    structure: list[dict[str, str]],
) -> Export:
    labels: dict[str, dict[str, str]] = {}
    for row in label_rows:
        name, code, said = (*(_words(value) for value in row), "", "", "")[:3]
        if name and code and (code, said) not in HEADERS:
            labels.setdefault(name, {})[code] = said
    unknown = [name for name in labels if name not in cells]
    if unknown and len(unknown) == len(labels):
        message = "no variable of Labels is in Dataset: the parts are of different surveys"
        raise unreadable(path, message, "export Dataset, Labels and Structure together")
    questions = {row["variableName"]: _question(row) for row in structure if row["variableName"]}
    return Export(path, how, _one_status(path, cells, structure), questions, labels)


HEADERS = {("code", "text"), ("value", "label"), ("value", "valueLabel")}
"""What a header over the labels would say; SurveyXact writes none."""


def _question(row: dict[str, str]) -> str:
    if row["subType"].casefold() == "multiple" and row["choiceText"]:
        return f"{row['questionText']} – {row['choiceText']}"
    return row["questionText"]


def _one_status(path: Path, cells: pd.DataFrame, structure: list[dict[str, str]]) -> pd.DataFrame:
    """Make one column of the status where it is exported as a 0/1 column a step."""
    boxes = {
        row["variableName"]: row["choiceValue"]
        for row in structure
        if row["questionName"].casefold() == STATUS
        and row["subType"].casefold() == "multiple"
        and row["variableName"] in cells
    }
    if not boxes or STATUS in cells:
        return cells
    ticked = pd.DataFrame({name: cells[name].map(text) == "1" for name in boxes})
    several = ticked.index[ticked.sum(axis=1) > 1]
    if len(several):
        raise UnreadableError(
            unreadable(
                path, "more than one status is ticked", "export it again", int(row)
            ).problems[0]
            for row in several
        )
    status = pd.Series(None, index=cells.index, dtype=object)
    for name, code in boxes.items():
        status[ticked[name]] = code
    return pd.concat([cells.drop(columns=list(boxes)), status.rename(STATUS)], axis=1)
