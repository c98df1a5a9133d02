"""The numbers behind figures and tables as files that a reader's spreadsheet opens right.

Norwegian Excel reads a CSV file that someone double-clicks as numbers only where decimals have a
comma and columns a semicolon, and as UTF-8 only where the file begins with a byte order mark.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import NamedTuple

from kompendium.publication.cells import Json

FOLDER = "downloads"
"""The folder beside the pages that holds them."""

MARK = "\ufeff"


class Dialect(NamedTuple):
    """How a language's spreadsheets write numbers."""

    delimiter: str
    decimal: str
    thousands: str


DIALECTS = {"nb": Dialect(";", ",", "\u00a0"), "en": Dialect(",", ".", ",")}

_ELEMENT = re.compile(r"<[^>]*>")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^)]*\)|\{[^}]*\})")
_EMPHASIS = re.compile(r"(\*\*|\*|`)(?=\S)(.+?)(?<=\S)\1")


def name(label: str) -> str:
    """Where the file of a figure or table lies, from a page."""
    return f"{FOLDER}/{label}.csv"


def csv_file(drawn: Json, language: str) -> bytes:
    """Write what a figure draws or a table shows (``notebook.drawn``) as a CSV file."""
    dialect = DIALECTS.get(language.split("-")[0], DIALECTS["nb"])
    stream = StringIO()
    writer = csv.writer(stream, delimiter=dialect.delimiter, lineterminator="\r\n")
    writer.writerow([plain(column) for column in drawn["columns"]])
    writer.writerows([[_cell(value, dialect) for value in row] for row in drawn["rows"]])
    return (MARK + stream.getvalue()).encode("utf-8")


def plain(text: str) -> str:
    """Markdown as text on one line, without what only readers of pages see."""
    text = _LINK.sub(r"\1", _ELEMENT.sub("", text))
    text = _EMPHASIS.sub(r"\2", text)
    return " ".join(text.replace("\\|", "|").split())


def _cell(value: str | float | None, dialect: Dialect) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(value).replace(".", dialect.decimal)
    if isinstance(value, int):
        return str(value)
    number = value.strip().replace("\u2212", "-")
    groups = rf"[-+]?\d{{1,3}}(?:{re.escape(dialect.thousands)}\d{{3}})*"
    if re.fullmatch(rf"{groups}(?:{re.escape(dialect.decimal)}\d+)?", number):
        return number.replace(dialect.thousands, "")
    return plain(value)
