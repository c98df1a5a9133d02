"""A survey file held against its codebook: names to variables, texts of answers to codes.

Names are the codebook's own or those it lists under ``source``; upper and lower case are the
same. Where a file names its codes, the text decides and not the number: a file that counts its
answers differently would be misread.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from kompendium.surveys.codebook import Codebook, Variable
from kompendium.surveys.formats import Export
from kompendium.surveys.formats.export import text
from kompendium.surveys.respondents import decimal

STATUSES = {"ny": "1", "distribuert": "2", "noen svar": "3", "gjennomført": "4", "frafalt": "5"}
"""SurveyXact's ``statoverall``: how far the respondent came."""

DESCRIBING = {
    "unit": ("unit",),
    "role": ("role",),
    "status": ("status", "statoverall"),
    "weight": ("weight",),
}
"""Columns that describe the respondent, with names they may have in any file."""


@dataclass(frozen=True, order=True)
class Failure:
    """A breach of the contract: its row (0 is the file as a whole), variable and remedy."""

    row: int
    variable: str
    wrong: str
    remedy: str


@dataclass
class Mapped:
    """A file in the codebook's terms, and what could not be brought there.

    ``table`` has the rows and row numbers of the file, and a column of text for unit, role,
    status and weight (where there are any) and each variable found. ``changes`` say what was
    changed on the way, in which variables; ``left_out`` names the columns the codebook does not
    know.
    """

    table: pd.DataFrame
    failures: list[Failure] = field(default_factory=list)
    changes: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        """What was changed, a sentence a kind."""
        return [
            f"{', '.join(names) if len(names) < 4 else f'{len(names)} variables'}: {change}"
            for change, names in self.changes.items()
        ]

    def note(self, name: str, change: str) -> None:
        """Remember a change of a variable."""
        self.changes.setdefault(change, []).append(name)


def mapped(book: Codebook, export: Export, units: set[str]) -> Mapped:
    """Bring a file into the codebook's terms; ``units`` are the numbers of the frame."""
    found, failures = _columns(book, export)
    result = Mapped(pd.DataFrame(index=export.cells.index), failures)
    columns: dict[str, pd.Series[str]] = {}
    for name, column in found.items():
        cells, labels = export.cells[column], export.labels.get(column, {})
        if name == "unit":
            columns[name] = _units(cells, units, result)
        elif name == "weight":
            numbers = [decimal(text(value)) for value in cells]
            columns[name] = pd.Series(numbers, index=cells.index, dtype=object)
        else:
            codes = _codes(book, name)
            columns[name] = _translated(name, cells, labels, codes, result)
        if name in book.questions and column in export.declared:
            _declared(book.questions[name], export, column, result)
    if "role" not in found and len(book.roles) == 1:
        columns["role"] = pd.Series(next(iter(book.roles)), index=export.cells.index)
    used = set(found.values())
    result.left_out = [str(name) for name in export.cells if name not in used]
    result.table = pd.DataFrame(columns, index=export.cells.index).astype("str")
    _boxes(book, result)
    return result


def same(words: str) -> str:
    """A text without differences that are not seen: case, space, line breaks, soft hyphens."""
    plain = unicodedata.normalize("NFKC", words).replace("\u00ad", "")
    return " ".join(plain.casefold().split())


def shown(value: str) -> str:
    """An offending code as messages may show it: nothing that could name a person."""
    if re.fullmatch(r"[+-]?\d{7,}", value):
        return f"a number of {len(value)} digits"
    if len(value) > 40 or "@" in value:
        return f"a text of {len(value)} characters"
    return f"«{value}»"


def _columns(book: Codebook, export: Export) -> tuple[dict[str, str], list[Failure]]:
    """Which column of the file is which variable; what is missing or has two candidates."""
    accepted: dict[str, tuple[str, ...]] = {
        name: (*names, *book.source.get(name, ()))  # type: ignore[call-overload]
        for name, names in DESCRIBING.items()
    }
    accepted |= {one.name: (one.name, *one.source) for one in book.variables}
    there = defaultdict(list)
    for name in map(str, export.cells):
        there[name.casefold()].append(name)
    found: dict[str, str] = {}
    failures = []
    optional = {"status", "weight"} | ({"role"} if len(book.roles) == 1 else set())
    for name, names in accepted.items():
        candidates = [one for key in {n.casefold(): n for n in names} for one in there[key]]
        if len(candidates) == 1:
            found[name] = candidates[0]
        elif candidates:
            wrong = f"{' and '.join(candidates)} may both be {name}"
            failures.append(Failure(0, name, wrong, "remove or rename all but one"))
        elif name not in optional:
            remedy = _remedy(book, export, name)
            failures.append(Failure(0, name, f"no column of the file is {name}", remedy))
    return found, failures


def _remedy(book: Codebook, export: Export, name: str) -> str:
    """What to do about a missing column; the file's own texts may tell which it is."""
    if name in book.questions:
        asked = same(book.questions[name].question.nb)
        likely = [one for one, said in export.questions.items() if same(said) == asked]
        if likely:
            return f"{likely[0]} has its text: add source: [{likely[0]}] to it in the codebook"
        return "rename its column, name it under source: in the codebook, or add it, blank"
    return f"rename its column, or name it in the codebook: source: {{{name}: [its name]}}"


def _codes(book: Codebook, name: str) -> Mapping[str, str]:
    """Every code of a variable, and every text that stands for it, made comparable."""
    if name == "status":
        return STATUSES | {code: code for code in STATUSES.values()}
    if name == "role":
        return {
            same(said): role
            for role, one in book.roles.items()
            for said in (role, one.label.nb, one.label.en, *one.texts)
        }
    variable = book.questions[name]
    texts = {same(label): str(code) for code, label in variable.codes.items()}
    for code, more in variable.texts.items():
        texts |= {same(label): str(code) for label in more}
    return texts | {str(code): str(code) for code in variable.codes}


def _translated(
    name: str,
    cells: "pd.Series[str]",
    labels: Mapping[str, str],
    codes: Mapping[str, str],
    result: Mapped,
) -> "pd.Series[str]":
    """Codes as the codebook counts them; what stands for none is left as it is, or told."""
    meant = {code: codes.get(same(label)) for code, label in labels.items() if label}
    moved = {code for code, to in meant.items() if to not in (None, code)}
    written = pd.Series([text(value) for value in cells], index=cells.index, dtype=object)
    decided: dict[str, str | None] = {}
    for value in written.dropna().unique():
        decided[value] = meant[value] if value in meant else codes.get(same(value), value)
        wrong = remedy = ""
        if decided[value] is None:
            wrong = f"the file calls {shown(value)} {shown(labels[value])}, the codebook does not"
            remedy = f"use one of the codebook's texts, or add it under texts: of {name}"
        elif moved and value not in meant and value in codes.values():
            wrong = f"{shown(value)} has no text, and the file counts the other codes differently"
            remedy = "name the code in the file, as the others are"
        if wrong:
            rows = written.index[written == value]
            result.failures += [Failure(int(row), name, wrong, remedy) for row in rows]
            decided[value] = None
    if name != "role" and (renumbered := sorted(moved & decided.keys())):
        steps = ", ".join(f"{code} → {decided[code]}" for code in renumbered)
        result.note(name, f"codes follow the file's texts, not its numbers ({steps})")
    return written.map(decided)


def _units(cells: "pd.Series[str]", units: set[str], result: Mapped) -> "pd.Series[str]":
    """Unit numbers as text; a number cell has lost its zero to its type, and gets it back."""
    made, restored = [], 0
    for value in cells:
        written = text(value)
        if written is not None and not isinstance(value, str):
            padded = written.zfill(4) if len(written) < 4 else written.zfill(6)
            if written not in units and padded in units and len(padded) == len(written) + 1:
                written, restored = padded, restored + 1
        made.append(written)
    if restored:
        rows = "1 row" if restored == 1 else f"{restored} rows"
        result.note("unit", f"stored as numbers, so {rows} got the leading zero back")
    return pd.Series(made, index=cells.index, dtype=object)


def _declared(variable: Variable, export: Export, column: str, result: Mapped) -> None:
    """Note where the file declares a code missing that the codebook counts as an answer."""
    codes = {same(label): code for code, label in variable.codes.items()}
    for code in sorted(export.declared[column]):
        label = export.labels.get(column, {}).get(code, "")
        known = codes.get(same(label), int(code) if code.isdigit() else None)
        if known in variable.valid:
            said = f"{known} ({variable.codes[known]}) is declared missing in the file"
            result.note(variable.name, f"{said}, and kept as the codebook's code")


def _boxes(book: Codebook, result: Mapped) -> None:
    """Read the boxes of a multiple choice together: whoever was asked ticks at least one.

    SurveyXact writes 0 in every box of those who were never asked; that is no answer.
    """
    for choice in dict.fromkeys(one.choice for one in book.variables if one.choice):
        boxes = [one for one in book.variables if one.choice == choice and one.name in result.table]
        cells = result.table[[box.name for box in boxes]]
        ticked = pd.DataFrame({box.name: cells[box.name] == str(box.valid[0]) for box in boxes})
        empty = pd.DataFrame(
            {
                box.name: cells[box.name].isna() | cells[box.name].isin([*map(str, box.valid[1:])])
                for box in boxes
            }
        )
        nothing = empty.all(axis=1)
        count = int((nothing & cells.notna().any(axis=1)).sum())
        result.table.loc[nothing, list(cells)] = None
        if count:
            rows = "1 row" if count == 1 else f"{count} rows"
            result.note(str(choice), f"{rows} with no box ticked are read as not answered")
        for box in boxes:
            blank = cells[box.name].isna() & ticked.any(axis=1)
            wrong = "the box is blank, while another box of the question is ticked"
            remedy = f"write {', '.join(map(str, box.valid[1:]))} in boxes that were not ticked"
            result.failures += [
                Failure(int(row), box.name, wrong, remedy) for row in cells.index[blank]
            ]
