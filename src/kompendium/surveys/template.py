"""An empty table with labels, for a research team to fill in and take in again.

The workbook has SurveyXact's three sheets, so that a filled one is read as an export is. The
CSV has a header alone, with a codebook in words beside it.
"""

import io
from itertools import takewhile
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kompendium.facts.documents import InputError, Problem
from kompendium.facts.files import write_atomically
from kompendium.facts.frames import frame_size
from kompendium.facts.paths import Compendium
from kompendium.surveys.codebook import Codebook, Variable
from kompendium.surveys.formats.surveyxact import STATUS, STRUCTURE
from kompendium.surveys.intake import known

STEPS = {1: "Ny", 2: "Distribuert", 3: "Noen svar", 4: "Gjennomført", 5: "Frafalt"}

UNIT = "Kommune- eller bydelsnummer som tekst: fire sifre for kommuner, seks for bydeler"
ROLE = "Hvem som svarer"
REACHED = "Samlet status"
WEIGHT = "Hvor mye svaret teller, et tall over null (egen kolonne, bare når svarene har vekter)"


def template(survey: str, kind: str = "xlsx", output: Path | None = None) -> list[Path]:
    """Write an empty table for a survey and return the files written, the table first.

    Without ``output`` it lies in the survey's folder, where git does not look.

    Raises:
        InputError: there is no such survey, or a file would be written over.
    """
    book = known(survey)
    place = output or Compendium.find().surveys / survey / f"{survey}-template.{kind}"
    files = {place: _workbook(book) if kind == "xlsx" else _header(book)}
    if kind == "csv":
        files[place.with_name(f"{place.stem}-codebook.txt")] = _in_words(book).encode("utf-8-sig")
    there = [file for file in files if file.exists()]
    if there:
        remedy = "move it away, or give another name with --output"
        raise InputError(Problem(one, 1, "the file is there already", remedy) for one in there)
    return [write_atomically(file, content) for file, content in files.items()]


def columns(book: Codebook) -> list[str]:
    """The columns of the empty table: who answers, how far they came, and every variable."""
    return ["unit", "role", STATUS, *book.questions]


def labels(book: Codebook) -> list[tuple[str, str | int, str]]:
    """A row a code: variable, code and text, as SurveyXact's Labels."""
    rows: list[tuple[str, str | int, str]] = [
        ("role", role, one.label.nb) for role, one in book.roles.items()
    ]
    rows += [(STATUS, code, said) for code, said in STEPS.items()]
    return rows + [
        (one.name, code, said) for one in book.variables for code, said in one.codes.items()
    ]


def structure(book: Codebook) -> list[tuple[str | int, ...]]:
    """A row a variable, as SurveyXact's Structure; the boxes of a question share its text."""
    rows: list[tuple[str | int, ...]] = [
        ("unit", "unit", "Open", "String", UNIT, "", ""),
        ("role", "role", "Closed", "Single", ROLE, "", ""),
        (STATUS, STATUS, "Closed", "Single", REACHED, "", ""),
    ]
    for one in book.variables:
        if one.choice is None:
            rows.append((one.name, one.name, "Closed", "Single", one.question.nb, "", ""))
            continue
        boxes = [box for box in book.variables if box.choice == one.choice]
        shared, own = _parted(one, boxes)
        number = boxes.index(one) + 1
        rows.append((one.choice, one.name, "Closed", "Multiple", shared, number, own))
    return rows


def _parted(box: Variable, boxes: list[Variable]) -> tuple[str, str]:
    """The words all boxes of a question begin with, and the box's own."""
    texts = sorted(one.question.nb for one in boxes)
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(texts[0], texts[-1], strict=False))
    shared = "".join(letter for letter, _ in alike) if len(texts) > 1 else ""
    shared = shared[: shared.rfind(" ") + 1]
    return shared.strip() or str(box.choice), box.question.nb[len(shared) :]


def _workbook(book: Codebook) -> bytes:
    made = Workbook()
    dataset = made.active
    dataset.title = "Dataset"
    dataset.append(columns(book))
    _dress(dataset, frozen="D2")
    last = 1 + frame_size(book.frame) * len(book.roles)
    for place, name in enumerate(columns(book), 1):
        letter = get_column_letter(place)
        dataset.column_dimensions[letter].width = max(10, len(name) + 2)
        rule = _rule(book, name)
        rule.add(f"{letter}2:{letter}{last}")
        dataset.add_data_validation(rule)
    for row in range(2, last + 1):
        dataset.cell(row, 1).number_format = "@"  # text, so that 0301 keeps its zero
    for title, rows in (("Labels", labels(book)), ("Structure", [STRUCTURE, *structure(book)])):
        sheet = made.create_sheet(title)
        for one in rows:
            sheet.append(list(one))
        for letter, width in zip("ABCDEFG", (28, 28, 50, 12, 70, 12, 40), strict=True):
            sheet.column_dimensions[letter].width = width
    _dress(made["Structure"], frozen="A2")
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _dress(sheet: Any, frozen: str) -> None:
    sheet.freeze_panes = frozen
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")


def _rule(book: Codebook, name: str) -> Any:
    """What a cell of a column may hold, told by the program while it is filled in."""
    if name == "unit":
        rule = DataValidation(type="textLength", operator="between", formula1="4", formula2="6")
        rule.error = UNIT
    else:
        if name == "role":
            allowed: dict[str, str] = {role: one.label.nb for role, one in book.roles.items()}
        elif name == STATUS:
            allowed = {str(code): said for code, said in STEPS.items()}
        else:
            allowed = {str(code): said for code, said in book.questions[name].codes.items()}
        rule = DataValidation(type="list", formula1=f'"{",".join(allowed)}"')
        said = "; ".join(f"{code} = {label}" for code, label in allowed.items())
        rule.error = said[:250]
        rule.promptTitle, rule.prompt = name[:32], said[:250]
    rule.errorTitle = name[:32]
    rule.allow_blank = True
    rule.showErrorMessage = rule.showInputMessage = True
    return rule


def _header(book: Codebook) -> bytes:
    return (";".join(columns(book)) + "\r\n").encode("utf-8-sig")


def _in_words(book: Codebook) -> str:
    """The codebook to read while filling in the CSV."""
    lines = [
        f"{book.title.nb} ({book.id})",
        "",
        f"Én rad per enhet og rolle. Enhetene er kommunene i {book.frame} og bydelene i Oslo.",
        "Feltene er skilt med semikolon, teksten er UTF-8. Bare en blank celle betyr at",
        "spørsmålet ikke ble stilt eller ikke ble besvart.",
        "",
        f"unit: {UNIT}",
        "",
        f"weight: {WEIGHT}",
    ]
    told = dict.fromkeys(row[0] for row in labels(book))
    texts = {"role": ROLE, STATUS: f"{REACHED} (kan stå blank)"}
    for name in told:
        variable = book.questions.get(name)
        lines += ["", f"{name}: {variable.question.nb if variable else texts[name]}"]
        lines += [f"  {code} = {said}" for one, code, said in labels(book) if one == name]
        if variable is not None:
            lines += [f"  {note}" for note in _notes(book, variable)]
    return "\r\n".join([*lines, ""])


def _notes(book: Codebook, variable: Variable) -> list[str]:
    """Who is asked, under what condition, and what belongs together."""
    asked = ", ".join(book.roles[role].label.nb for role in variable.roles)
    notes = [f"Stilles til: {asked}"]
    if variable.asked_if is not None:
        on = book.questions[variable.asked_if.variable]
        codes = " eller ".join(f"{code} ({on.codes[code]})" for code in variable.asked_if.codes)
        notes.append(f"Stilles når {on.name} er {codes}")
    if variable.choice is not None:
        notes.append(f"Flervalg ({variable.choice}): minst én av boksene er valgt")
    return notes
