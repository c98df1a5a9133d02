"""Text files: their encoding and separator found out from the file, never guessed silently."""

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from kompendium.facts.documents import Problem
from kompendium.surveys.formats.export import UnreadableError, unreadable

SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs"}

BOMS = {
    codecs.BOM_UTF8: ("utf-8", "UTF-8"),
    codecs.BOM_UTF16_LE: ("utf-16-le", "UTF-16LE"),
    codecs.BOM_UTF16_BE: ("utf-16-be", "UTF-16BE"),
}

BROKEN = re.compile("Ã[¥¦¸©¤¶…†˜\u0085\u0086\u0098]|â€")
"""What æ, ø, å and dashes become when UTF-8 is taken for cp1252."""

ELSEWHERE = re.compile("[A-Za-z][‘›†¾¿Œ][A-Za-z]")
"""What æ, ø and å within words become when DOS or Macintosh text is taken for cp1252."""

ASCII = "ASCII"
"""No letters beyond a to z, so that UTF-8 and cp1252 are the same."""

AS_UTF8 = "save it again as UTF-8"

Row = tuple[int, list[str]]
"""A row's number, as a spreadsheet counts it, and its fields."""


@dataclass(frozen=True)
class Records:
    """The rows of a text file and how they were read."""

    rows: list[Row]
    encoding: str
    separator: str

    @property
    def how(self) -> str:
        """Encoding and separator, for the user to check."""
        return f"{self.encoding}, {SEPARATORS[self.separator]}"


def records(path: Path, width: int | None = None) -> Records:
    """Read a separated text file; every row has as many fields as the header, or ``width``.

    Wholly blank rows are left out, and so are blank fields beyond the last column: SurveyXact
    writes one too many.

    Raises:
        UnreadableError: the encoding or separator is not certain, or rows are cut or ragged.
    """
    content, encoding = _decoded(path)
    if not content.strip():
        raise unreadable(path, "the file is empty", "export it again")
    parsed = {}
    for separator in SEPARATORS:
        try:
            parsed[separator] = _fields(content, separator)
        except csv.Error:
            if separator == max(SEPARATORS, key=content.splitlines()[0].count):
                message = "a quotation mark is never closed: the file is cut short, or it is stray"
                raise unreadable(path, message, "export it again") from None
    widths = {one: width or _used(rows[0][1]) for one, rows in parsed.items() if rows}
    several = {one: wide for one, wide in widths.items() if wide > 1}
    fitting = [one for one, wide in several.items() if not _ragged(parsed[one], wide)]
    if len(fitting) > 1:
        names = " and ".join(SEPARATORS[one] for one in fitting)
        message = f"both {names} divide every row alike, so the separator is not certain"
        raise unreadable(path, message, "save it with semicolons, texts in quotation marks")
    if fitting:
        chosen = fitting[0]
        wide = several[chosen]
        rows = [(row, fields[:wide]) for row, fields in parsed[chosen]]
        return Records(rows, encoding, chosen)
    raise _not_a_table(path, parsed, several)


def _decoded(path: Path) -> tuple[str, str]:
    """The text of a file and the encoding it is certain to be in."""
    data = path.read_bytes()
    if not data:
        raise unreadable(path, "the file is empty", "export it again")
    for mark, (codec, name) in BOMS.items():
        if data.startswith(mark):
            return _strictly(path, data[len(mark) :], codec, name), name
    if b"\0" in data:
        odd, even = (data[start::2].count(0) for start in (1, 0))
        if (odd and even) or max(odd, even) < len(data) / 4:
            raise unreadable(path, "this is not a text file", "save it as CSV in UTF-8")
        codec, name = ("utf-16-le", "UTF-16LE") if odd else ("utf-16-be", "UTF-16BE")
        return _strictly(path, data, codec, name), name
    try:
        content, name = data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        content, name = _strictly(path, data, "cp1252", "UTF-8 or cp1252"), "cp1252"
    if BROKEN.search(content):
        message = "æ, ø and å are broken: parts of the text are UTF-8 and parts are not"
        raise unreadable(path, message, f"export it again, or correct the letters and {AS_UTF8}")
    if name == "cp1252" and ELSEWHERE.search(content) and not re.search("[æøåÆØÅ]", content):
        message = "the encoding is not certain: read as cp1252, words hold signs within them"
        raise unreadable(path, message, AS_UTF8)
    return content, ASCII if content.isascii() else name


def _strictly(path: Path, data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        message = f"the text is not {name} throughout (byte {error.start + 1})"
        remedy = f"the file may be cut short: export it again, or {AS_UTF8}"
        raise unreadable(path, message, remedy) from None


def _fields(content: str, separator: str) -> list[Row]:
    """Rows that hold anything, numbered; raises csv.Error where a quotation never ends."""
    try:
        rows = _parsed(content, separator, strict=True)
    except csv.Error as error:
        if "expected after" not in str(error):
            raise
        rows = _parsed(content, separator, strict=False)
    return [(number, row) for number, row in enumerate(rows, 1) if any(map(str.strip, row))]


def _parsed(content: str, separator: str, strict: bool) -> list[list[str]]:
    lines = io.StringIO(content, newline="")
    return list(csv.reader(lines, delimiter=separator, strict=strict))


def _used(fields: list[str]) -> int:
    """The number of fields up to the last that is not blank."""
    return max((place for place, one in enumerate(fields, 1) if one.strip()), default=0)


def _ragged(rows: list[Row], width: int) -> list[int]:
    """The rows that have too few fields, or something beyond the last column."""
    return [row for row, fields in rows if len(fields) < width or _used(fields) > width]


def _not_a_table(
    path: Path, parsed: dict[str, list[Row]], widths: dict[str, int]
) -> UnreadableError:
    """Why no separator fits: none at all, or rows that are cut short or too long."""
    if not widths:
        message = "no semicolons, commas or tabs divide the first row into columns"
        return unreadable(path, message, "save it as CSV with semicolons")
    likely = min(widths, key=lambda one: len(_ragged(parsed[one], widths[one])))
    problems = []
    for row, fields in parsed[likely]:
        if row in _ragged([(row, fields)], widths[likely]):
            message = f"{len(fields)} columns, where {widths[likely]} are expected"
            remedy = "put texts with separators in quotation marks, or export the file again"
            problems.append(Problem(path, row, message, remedy))
    return UnreadableError(problems)
