"""Real answers taken in: a survey file read, mapped, checked whole, and only then put in place.

A file that breaks the contract leaves everything as it was. What is put in place holds the
codebook's variables and nothing else: names and addresses in the file go no further.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from pandera.errors import SchemaErrors

from kompendium.facts.documents import InputError, Problem
from kompendium.facts.files import write_atomically
from kompendium.facts.frames import frame
from kompendium.facts.paths import Compendium
from kompendium.surveys.codebook import Codebook, codebook
from kompendium.surveys.formats import read
from kompendium.surveys.mapping import Failure, mapped, shown
from kompendium.surveys.respondents import NAMES, NOT_ANSWERED, contract, remedy_for, unasked

PLACE = "respondents.parquet"


class IntakeError(InputError):
    """A file that breaks the contract; carries every failure with row and variable."""

    def __init__(self, path: Path, failures: tuple[Failure, ...]) -> None:
        """Keep the failures in the order of rows."""
        self.failures = failures
        super().__init__(
            Problem(path, max(one.row, 1), f"{one.variable}: {one.wrong}", one.remedy)
            for one in failures
        )


@dataclass(frozen=True)
class Intake:
    """A survey file as it would be taken in, and everything to be said about it.

    ``table`` has a row a unit and role that answered at least in part: unit, role, status and
    weight (where there are any) and a column of codes a variable. ``silent`` is the number of
    rows that did not answer, ``left_out`` the columns the codebook does not know.
    """

    book: Codebook = field(repr=False)
    file: Path
    format: str
    header: bool
    table: pd.DataFrame = field(repr=False)
    failures: tuple[Failure, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    silent: int

    @property
    def answered(self) -> dict[str, int]:
        """How many answered in each role."""
        if "role" not in self.table:
            return {}
        return {str(role): int(n) for role, n in self.table["role"].value_counts().items()}


def surveys() -> list[str]:
    """The surveys that have a codebook."""
    folder = Compendium.find().surveys
    return sorted(path.parent.name for path in folder.glob("*/codebook.yml"))


def known(survey: str) -> Codebook:
    """The codebook of a survey; raises InputError that names the surveys there are."""
    if survey not in surveys():
        folder = Compendium.find().surveys
        remedy = f"choose among {', '.join(surveys()) or 'none: write a codebook first'}"
        raise InputError([Problem(folder, 1, f"no survey «{survey}»", remedy)])
    return codebook(survey)


def examine(path: Path, survey: str) -> Intake:
    """Read a file and hold it against the survey's codebook and frame; nothing is written.

    Raises:
        InputError: there is no such survey, or the file cannot be read at all. Breaches of the
            contract are not raised but listed in ``failures``.
    """
    book = known(survey)
    export = read(path)
    units = set(frame(book.frame)["number"])
    found = mapped(book, export, units)
    silent = _silent(book, found.table)
    table = found.table.loc[~silent]
    failures = [*found.failures, *_failures(book, table, units)]
    if table.empty:
        remedy = "check that this is the right file and that its status tells who answered"
        failures.append(Failure(0, "status", "nobody has answered", remedy))
    complete = {"unit", "role", *book.questions} <= set(table)
    if complete and not failures:
        failures += _unasked(book, table)
    return Intake(
        book,
        path,
        export.format,
        export.header,
        table,
        tuple(sorted(set(failures))),
        tuple(found.notes),
        tuple(found.left_out),
        int(silent.sum()),
    )


def take_in(intake: Intake, *, replace: bool = False) -> Path:
    """Put the answers in place in one step; raises InputError with everything as it was.

    Raises:
        IntakeError: the file breaks the contract.
        InputError: answers are there already, and they are not to be replaced.
    """
    if intake.failures:
        raise IntakeError(intake.file, intake.failures)
    before = held(intake.book.id)
    if before and not replace:
        remedy = "remove them with «kompendium survey remove», or add --replace"
        raise InputError(Problem(one, 1, "answers are there already", remedy) for one in before)
    questions = intake.book.questions
    table = intake.table.sort_values(["unit", "role"], ignore_index=True)
    typed = {
        name: table[name].astype("Int64") if name in questions else table[name] for name in table
    }
    if "weight" in typed:
        typed["weight"] = table["weight"].astype("float64")
    content = io.BytesIO()
    pd.DataFrame(typed).to_parquet(content, index=False)
    place = Compendium.find().surveys / intake.book.id / PLACE
    write_atomically(place, content.getvalue())
    place.chmod(0o600)
    for other in before:
        if other != place:
            other.unlink()
    return place


def held(survey: str) -> list[Path]:
    """The files of real answers that lie in the survey's folder."""
    folder = Compendium.find().surveys / survey
    return [path for path in map(folder.joinpath, NAMES) if path.is_file()]


def remove(survey: str) -> list[Path]:
    """Remove the real answers of a survey and say which files they were."""
    known(survey)
    files = held(survey)
    for file in files:
        file.unlink()
    return files


def _silent(book: Codebook, table: pd.DataFrame) -> "pd.Series[bool]":
    """Who did not answer: by status where there is one, else who left every question blank."""
    questions = [name for name in book.questions if name in table]
    nothing = ~table[questions].notna().any(axis=1)
    if "status" not in table:
        return nothing
    status = table["status"].str.casefold()
    return status.isin(NOT_ANSWERED) | (status.isna() & nothing)


def _failures(book: Codebook, table: pd.DataFrame, units: set[str]) -> Iterator[Failure]:
    """Every cell outside the contract, every unit twice in a role, and too many answers."""
    try:
        contract(book, table, units).validate(table, lazy=True)
    except SchemaErrors as error:
        for case in error.failure_cases.to_dict("records"):
            row, name, value = int(case["index"]), str(case["column"]), str(case["failure_case"])
            if case["check"] == "not_nullable":
                yield Failure(row, name, "the cell is blank", f"give the {name} of every row")
            else:
                remedy = remedy_for(book, name, value, units)
                yield Failure(row, name, f"{shown(value)} {case['check']}", remedy)
    if not {"unit", "role"} <= set(table):
        return
    keys = table[["unit", "role"]].dropna()
    first: dict[tuple[str, str], int] = {}
    for row, unit, role in zip(keys.index, keys["unit"], keys["role"], strict=True):
        before = first.setdefault((unit, role), int(row))
        if before != row:
            wrong = f"the unit of row {before} answers again as {role}"
            yield Failure(int(row), "unit", wrong, "keep one of the two rows")
    for role, number in keys["role"].value_counts().items():
        if number > len(units):
            wrong = f"{number} answers as {role}, but the frame has {len(units)} units"
            yield Failure(0, "unit", wrong, "remove rows that are not units of the frame")


def _unasked(book: Codebook, table: pd.DataFrame) -> Iterator[Failure]:
    """Answers to questions that were not asked: of another role, or behind a filter."""
    for row, said, remedy in unasked(book, table):
        name, _, wrong = said.partition(" ")
        yield Failure(row - 2, name, wrong, remedy)
