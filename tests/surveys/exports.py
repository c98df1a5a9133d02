"""FIXTURES, not real respondents: made-up answers written as the survey tools write them."""

import csv
import io
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat

from kompendium.facts import Compendium
from kompendium.surveys import Codebook
from tests.conftest import ROOT
from tests.surveys.conftest import numbered

STEPS = {1: "Ny", 2: "Distribuert", 3: "Noen svar", 4: "Gjennomført", 5: "Frafalt"}

STRUCTURE = ["questionName", "variableName", "questionType", "subType"]
STRUCTURE += ["questionText", "choiceValue", "choiceText"]


def publish(compendium: Compendium) -> None:
    """Put the project's own findings and codebooks in, without respondents that may lie there."""
    shutil.rmtree(compendium.findings)
    shutil.copytree(ROOT / "data" / "findings", compendium.findings)
    for path in (ROOT / "data" / "surveys").glob("*/codebook.yml"):
        (compendium.surveys / path.parent.name).mkdir()
        shutil.copy(path, compendium.surveys / path.parent.name)


def made_up(book: Codebook) -> pd.DataFrame:
    """An illustration with numbers of fitting units, 88, 99 and blanks among the answers."""
    if book.id not in MADE_UP:
        MADE_UP[book.id] = _made_up(book)
    return MADE_UP[book.id].copy()


MADE_UP: dict[str, pd.DataFrame] = {}
"""Made once a run of the tests; the seed and the published figures are always the same."""


def _made_up(book: Codebook) -> pd.DataFrame:
    table = numbered(book).sort_values(["unit", "role"], ignore_index=True)
    assert table["unit"].str.startswith("0").sum() > 10
    free = next(one for one in book.variables if 88 in one.codes and not _leads(book, one.name))
    asked = table.index[table["role"].isin(free.roles)]
    table.loc[asked[0], free.name] = 88
    table.loc[asked[1], free.name] = 99
    table.loc[asked[2], free.name] = pd.NA
    return table


def _leads(book: Codebook, name: str) -> bool:
    return any(one.asked_if is not None and one.asked_if.variable == name for one in book.variables)


def texts(book: Codebook) -> dict[str, str]:
    """Question texts with the line breaks survey tools leave in them."""
    return {one.name: one.question.nb.replace(" ", " \n", 1) for one in book.variables}


def codes(book: Codebook) -> dict[str, dict[int, str]]:
    """The texts of the codes, with the spaces SurveyXact leaves behind them."""
    return {
        one.name: {code: f"{said} " for code, said in one.codes.items()} for one in book.variables
    }


def surveyxact(book: Codebook, table: pd.DataFrame) -> dict[str, list[list[Any]]]:
    """SurveyXact's three tables: 0 in boxes of those never asked, and some who did not answer."""
    roles = {role: place for place, role in enumerate(book.roles, 1)}
    boxes = [one.name for one in book.variables if one.choice]
    filled = table.astype(object)
    filled[boxes] = filled[boxes].astype(object).fillna(0)
    filled["role"] = filled["role"].map(roles)
    filled["statoverall"] = [3 if row % 4 == 0 else 4 for row in range(len(filled))]
    filled["email"] = [f"post{row}@example.org" for row in range(len(filled))]
    silent = filled.iloc[:3].copy()
    silent[[one for one in book.questions if one not in boxes]] = pd.NA
    silent[boxes] = 0
    silent["statoverall"] = [1, 2, 5]
    whole = pd.concat([silent, filled], ignore_index=True)
    rows = [["" if pd.isna(value) else value for value in row] for row in whole.to_numpy().tolist()]
    labels: list[list[Any]] = [
        ["role", place, book.roles[role].label.nb] for role, place in roles.items()
    ]
    labels += [["statoverall", code, said] for code, said in STEPS.items()]
    labels += [
        [name, code, said] for name, own in codes(book).items() for code, said in own.items()
    ]
    structure: list[list[Any]] = [STRUCTURE, ["unit", "unit", "Open", "String", "Kommune", "", ""]]
    structure.append(["role", "role", "Closed", "Single", "Hvem\nsvarer?", "", ""])
    structure.append(["statoverall", "statoverall", "Closed", "Single", "Samlet status", "", ""])
    for one in book.variables:
        kind, choice = ("Multiple", one.question.nb) if one.choice else ("Single", "")
        row = [one.choice or one.name, one.name, "Closed", kind, texts(book)[one.name], "", choice]
        structure.append(row)
    return {"dataset": [list(whole), *rows], "labels": labels, "structure": structure}


def write_workbook(path: Path, parts: Mapping[str, list[list[Any]]], blank: int = 4) -> Path:
    """A workbook with SurveyXact's three sheets and the blank rows it has at the end."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for part in ("labels", "dataset", "structure"):
        if part in parts:
            sheet = book.create_sheet(part.capitalize())
            for row in parts[part]:
                sheet.append([None if value == "" else value for value in row])
    if blank and "dataset" in parts:
        for row in range(blank):
            book["Dataset"].cell(len(parts["dataset"]) + 1 + row, 1, "")
    book.save(path)
    return path


def write_trio(
    folder: Path, parts: Mapping[str, list[list[Any]]], separator: str, encoding: str
) -> Path:
    """SurveyXact's three CSV files; with commas, one field too many in the structure."""
    folder.mkdir(exist_ok=True)
    for part, rows in parts.items():
        content = io.StringIO(newline="")
        quoting = csv.QUOTE_NONNUMERIC if separator == "," else csv.QUOTE_MINIMAL
        writer = csv.writer(content, delimiter=separator, quoting=quoting, lineterminator="\r\n")
        for row in rows:
            extra = (
                [""] if part == "structure" and separator == "," and row[3] == "Multiple" else []
            )
            writer.writerow([*row, *extra])
        mark = "\ufeff" if encoding.startswith("utf-16") else ""
        (folder / f"{part}.csv").write_bytes((mark + content.getvalue()).encode(encoding))
    return folder


def write_spss(path: Path, book: Codebook, table: pd.DataFrame) -> Path:
    """A .sav file with every label, and 88 and 99 declared missing."""
    numbers = table.astype(dict.fromkeys(book.questions, "float64"))
    declared = {
        name: [code for code in (88, 99) if code in one.codes]
        for name, one in book.questions.items()
    }
    pyreadstat.write_sav(
        numbers,
        path,
        column_labels={"unit": "Kommunenummer", "role": "Rolle", **texts(book)},
        variable_value_labels=codes(book),
        missing_ranges={name: some for name, some in declared.items() if some},
    )
    return path


def write_stata(path: Path, book: Codebook, table: pd.DataFrame) -> Path:
    """A .dta file where 88 and 99 are the extended missing values .a and .b, with labels."""
    extended = {88: "a", 99: "b"}
    made = table.astype(object)
    for name in book.questions:
        made[name] = [
            None if pd.isna(value) else extended.get(value, int(value)) for value in table[name]
        ]
    labels = {
        name: {extended.get(code, code): said for code, said in own.items()}
        for name, own in codes(book).items()
    }
    used = {
        name: [letter for code, letter in extended.items() if code in one.codes]
        for name, one in book.questions.items()
    }
    pyreadstat.write_dta(
        made,
        path,
        column_labels={"unit": "Kommunenummer", "role": "Rolle"}
        | {name: said[:60] for name, said in texts(book).items()},
        variable_value_labels=labels,
        missing_user_values={name: some for name, some in used.items() if some},
    )
    return path


def expected(book: Codebook, table: pd.DataFrame) -> pd.DataFrame:
    """The answers as they are taken in."""
    whole = table.astype(dict.fromkeys(book.questions, "Int64"))
    return whole.sort_values(["unit", "role"], ignore_index=True)
