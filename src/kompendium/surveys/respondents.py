"""Real respondents, where a researcher has put them in, checked before anything is computed.

``data/surveys/<id>/respondents.csv`` (UTF-8, semicolons or commas) or ``.parquet``: a column a
variable with its codes, and ``unit`` (municipality or district number, as text), ``role`` and
optionally ``status`` and ``weight`` (a positive number). The file stays outside git; the unit
number goes no further than ``series``, which links waves by it and lets it go.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from kompendium.facts.documents import InputError, Problem
from kompendium.facts.frames import frame
from kompendium.facts.paths import Compendium
from kompendium.facts.size_classes import CODED
from kompendium.surveys.codebook import Codebook, Variable
from kompendium.surveys.domains import meets

ANSWERED = {"3", "4", "noen svar", "gjennomført"}
NOT_ANSWERED = {"1", "2", "5", "ny", "distribuert", "frafalt"}
"""SurveyXact's ``statoverall`` by code and by word: answered at least in part, or not at all."""

INFINITE = float("inf")


class RespondentsError(InputError):
    """A file of respondents that breaks its contract; nothing of it is taken in."""


def has_respondents(survey: str) -> bool:
    """Tell whether a researcher has put real respondents in for a survey."""
    return _file(survey) is not None


def respondents(book: Codebook) -> pd.DataFrame:
    """The real respondents as codes: role, kind, size_class and a column a variable.

    Where the file has weights, they are the column ``weight`` (float). One row a unit and role
    that answered at least in part. Unit numbers are dropped and rows are ordered by their
    content, so that their order tells nothing.

    Raises:
        FileNotFoundError: there is no file of respondents.
        RespondentsError: the file breaks the contract; every failure with row and remedy.
    """
    table = _checked(book).drop(columns="unit")
    return table.sort_values(list(table.columns), ignore_index=True)


class Identifiable:
    """Respondents with the numbers of their units, kept from being shown by accident."""

    def __init__(self, table: pd.DataFrame) -> None:
        """Keep the respondents, who have a column ``unit``."""
        self._table = table

    def __repr__(self) -> str:
        """Say how many there are, and nothing of them."""
        return f"<{len(self._table)} respondents, their units withheld>"

    def __len__(self) -> int:
        """How many respondents there are."""
        return len(self._table)

    def reveal(self) -> pd.DataFrame:
        """The respondents of ``respondents`` and their ``unit``, ordered by unit and role.

        Only for linking the answers of one unit in several waves. Never display, record or
        save the result, or anything with a row a unit.
        """
        return self._table.copy()


def identifiable(book: Codebook) -> Identifiable:
    """The real respondents with unit numbers; raises as ``respondents`` does."""
    return Identifiable(_checked(book).sort_values(["unit", "role"], ignore_index=True))


def _checked(book: Codebook) -> pd.DataFrame:
    """Everyone who answered, with the unit, once the file is known to keep its contract."""
    path = _file(book.id)
    if path is None:
        raise FileNotFoundError(f"no respondents for {book.id}")
    given = _text(path)
    units = frame(book.frame, CODED)
    problems = [*_columns(book, given), *_failures(book, given, set(units["number"]))]
    if not problems:
        problems = [*unasked(book, given)]
    if problems:
        raise RespondentsError(Problem(path, row, said, remedy) for row, said, remedy in problems)
    answered = given.loc[_answered(book, given)]
    places = units.set_index("number")[["kind", "size_class"]]
    joined = answered.join(places, on="unit")
    kinds = list(dict.fromkeys(units["kind"]))
    weights = {"weight": joined["weight"].astype("float64")} if "weight" in joined else {}
    return pd.DataFrame(
        {
            "unit": joined["unit"],
            "role": pd.Categorical(joined["role"], list(book.roles)),
            "kind": pd.Categorical(joined["kind"], kinds),
            "size_class": pd.Categorical(joined["size_class"], list(CODED.labels), ordered=True),
        }
        | weights
        | {name: joined[name].astype("Int64") for name in book.questions}
    )


Failure = tuple[int, str, str]
"""The row (as an editor counts them: 1 is the header), what is wrong and the remedy."""


def _file(survey: str) -> Path | None:
    folder = Compendium.find().surveys / survey
    found = [path for path in map(folder.joinpath, NAMES) if path.is_file()]
    if len(found) > 1:
        message = "both respondents.csv and respondents.parquet are there"
        raise RespondentsError([Problem(found[0], 1, message, "keep the one that is right")])
    return found[0] if found else None


NAMES = ("respondents.csv", "respondents.parquet")


def _text(path: Path) -> pd.DataFrame:
    """Read every cell as text, whole numbers without decimals, blank as missing."""
    try:
        if path.suffix == ".parquet":
            table = pd.read_parquet(path)
        else:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                header = stream.readline()
            separator = ";" if header.count(";") >= header.count(",") else ","
            table = pd.read_csv(
                path,
                sep=separator,
                encoding="utf-8-sig",
                dtype=str,
                keep_default_na=False,
                quoting=csv.QUOTE_MINIMAL,
                index_col=False,
            )
    except (ValueError, OSError) as error:
        message = f"cannot be read: {str(error).splitlines()[0]}"
        remedy = "save it as UTF-8 CSV with semicolons, or as Parquet"
        raise RespondentsError([Problem(path, 1, message, remedy)]) from error
    table = table.reset_index(drop=True)
    cells: pd.DataFrame = table.apply(lambda column: column.map(_cell)).astype("str")
    if "weight" in cells:
        cells["weight"] = cells["weight"].map(decimal)
    return cells


def decimal(written: object) -> object:
    """A number in text with a decimal point, where a Norwegian program wrote a comma."""
    return re.sub(r"^(\d+),(\d+)$", r"\1.\2", written) if isinstance(written, str) else written


def _cell(value: object) -> object:
    if pd.isna(value):  # type: ignore[call-overload]
        return pd.NA
    text = str(value).strip()
    return re.sub(r"^(-?\d+)\.0+$", r"\1", text) if text else pd.NA


def _columns(book: Codebook, given: pd.DataFrame) -> Iterator[Failure]:
    expected = ["unit", "role", *book.questions]
    for name in expected:
        if name not in given:
            yield 1, f"the column {name} is not there", "add it, blank where nothing was answered"
    for column in given:
        if column not in (*expected, "status", "weight"):
            yield 1, f"the codebook has no variable {column}", "remove the column or describe it"


def contract(book: Codebook, given: pd.DataFrame, units: set[str]) -> pa.DataFrameSchema:
    """The contract of the columns that are there; the messages are whole sentences."""
    columns = {
        "unit": pa.Column(
            checks=pa.Check.isin(units, error=f"is no unit of the frame of {book.frame}")
        ),
        "role": pa.Column(checks=pa.Check.isin(list(book.roles), error="is no role of the survey")),
        "status": pa.Column(
            nullable=True,
            checks=pa.Check(
                lambda cells: cells.str.casefold().isin(ANSWERED | NOT_ANSWERED),
                error="is no status",
            ),
        ),
        "weight": pa.Column(checks=pa.Check(_positive, error="is no positive number")),
    }
    for name, variable in book.questions.items():
        allowed = [str(code) for code in variable.codes]
        check = pa.Check.isin(allowed, error="is no code of the question")
        columns[name] = pa.Column(nullable=True, checks=check)
    present = {name: column for name, column in columns.items() if name in given}
    return pa.DataFrameSchema(present)


def _positive(cells: "pd.Series[str]") -> "pd.Series[bool]":
    numbers = pd.Series(pd.to_numeric(cells, errors="coerce"), index=cells.index, dtype=float)
    return (numbers > 0) & (numbers < INFINITE)


def _failures(book: Codebook, given: pd.DataFrame, units: set[str]) -> Iterator[Failure]:
    """Every cell outside the contract, every unit twice in a role, and too many answers."""
    try:
        contract(book, given, units).validate(given, lazy=True)
    except SchemaErrors as error:
        for case in error.failure_cases.to_dict("records"):
            row, name = int(case["index"]) + 2, str(case["column"])
            if case["check"] == "not_nullable":
                yield row, f"{name} is blank", f"give the {name} of every row"
            else:
                said = f"{name}: «{case['failure_case']}» {case['check']}"
                yield row, said, remedy_for(book, name, str(case["failure_case"]), units)
    if "unit" in given and "role" in given:
        keys = given[["unit", "role"]]
        twice = keys.duplicated(keep="first") & keys.notna().all(axis=1)
        for row in given.index[twice]:
            said = f"the unit answers twice as {keys.loc[row, 'role']}"
            yield row + 2, said, "keep one of the two rows"
        for role, number in given["role"].value_counts().sort_index().items():
            if number > len(units):
                said = f"{number} answers as {role}, but the frame has {len(units)} units"
                yield 1, said, "remove rows that are not units of the frame"


def remedy_for(book: Codebook, name: str, value: str, units: set[str]) -> str:
    """What to do about a cell outside the contract."""
    if name == "unit":
        padded = value.zfill(4) if len(value) < 4 else value.zfill(6)
        if padded in units and padded != value:
            return f"write the number as text with its leading zero: {padded}"
        return f"use the numbers of {book.frame}, four digits, six for a district"
    if name == "role":
        return f"use one of {', '.join(book.roles)}"
    if name == "status":
        return "use SurveyXact's codes 1 to 5"
    if name == "weight":
        return "write how much the answer counts as a number above 0, or leave the column out"
    codes = ", ".join(f"{code} = {label}" for code, label in book.questions[name].codes.items())
    return f"use {codes}, or leave it blank"


def unasked(book: Codebook, given: pd.DataFrame) -> Iterator[Failure]:
    """Answers to questions that were not asked: of another role, or behind a filter."""
    codes = given.copy()
    for name in book.questions:
        codes[name] = given[name].astype("Int64")
    for variable in book.variables:
        answered = codes[variable.name].notna()
        for row in given.index[answered & ~given["role"].isin(variable.roles)]:
            said = f"{variable.name} is answered as {given['role'].loc[row]}"
            yield row + 2, said, f"it is asked of {', '.join(variable.roles)}: blank the cell"
        yield from _unasked(variable, codes, answered)


def _unasked(
    variable: Variable, codes: pd.DataFrame, answered: "pd.Series[bool]"
) -> Iterator[Failure]:
    if variable.asked_if is None:
        return
    for row in codes.index[answered & ~meets(variable.asked_if, codes)]:
        on = variable.asked_if.variable
        said = f"{variable.name} is answered, although {on} does not lead to it"
        yield row + 2, said, f"blank {variable.name}, or correct {on}"


def _answered(book: Codebook, given: pd.DataFrame) -> "pd.Series[bool]":
    """Who answered at least in part: by status where there is one, else by any answer."""
    anything = given[list(book.questions)].notna().any(axis=1)
    if "status" not in given:
        return anything
    status = given["status"].str.casefold()
    return status.isin(ANSWERED) | (status.isna() & anything)
