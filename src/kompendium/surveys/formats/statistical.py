"""SPSS and Stata files: codes with labels, and declared missing codes kept apart from blank."""

import struct
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from kompendium.surveys.formats.export import Export, cell, plain, text, unreadable

AGAIN = "open it in the program that made it and save it again"


def read_spss(path: Path) -> Export:
    """Read a .sav file: user-missing codes stay codes, system-missing is blank.

    Raises:
        UnreadableError: it is no whole SPSS file, or its texts are in no known encoding.
    """
    try:
        table, meta = pyreadstat.read_sav(path, user_missing=True, disable_datetime_conversion=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError) as error:
        raise unreadable(path, f"this is no whole SPSS file: {_first(error)}", AGAIN) from error
    cells = plain(table, 1)
    labels = _labels(meta)
    declared = {}
    for name, ranges in meta.missing_ranges.items():
        used = {text(one) for one in cells[name].dropna().unique()} | labels.get(name, {}).keys()
        declared[name] = frozenset(code for code in used if code and _within(code, ranges))
    return Export(path, "SPSS", cells, _questions(meta), labels, declared, header=False)


def read_stata(path: Path) -> Export:
    """Read a .dta file: extended missing values are the codes ``.a`` to ``.z``, ``.`` is blank.

    The cells are read by pandas: pyreadstat 1.3.7 gives numbers for ``.`` in a whole-number
    column that has extended missing values as well, which would make blanks into answers.

    Raises:
        UnreadableError: it is no whole Stata file.
    """
    problems = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, struct.error)
    try:
        _whole(path)
        _, meta = pyreadstat.read_dta(path, metadataonly=True, user_missing=True)
        table = pd.read_stata(
            path, convert_missing=True, convert_categoricals=False, convert_dates=False
        )
    except (*problems, OSError, KeyError, IndexError) as error:
        raise unreadable(path, f"this is no whole Stata file: {_first(error)}", AGAIN) from error
    cells = plain(table.astype(object).map(_stata_cell), 1)
    labels = _labels(meta)
    declared = {
        str(name): frozenset(str(one) for one in cells[name].dropna() if str(one) in EXTENDED)
        for name in cells
    }
    return Export(path, "Stata", cells, _questions(meta), labels, declared, header=False)


EXTENDED = frozenset(f".{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")


def _stata_cell(value: object) -> object:
    missing = getattr(value, "string", None)  # of pandas' StataMissingValue: . or .a to .z
    if missing is None:
        return value
    return None if missing == "." else missing


def _whole(path: Path) -> None:
    """Refuse a file of the newer formats that lacks its end: readers do not notice."""
    content = path.read_bytes()
    if content.startswith(b"<stata_dta>") and not content.rstrip().endswith(b"</stata_dta>"):
        raise ValueError("its end is missing")


def _labels(meta: Any) -> dict[str, dict[str, str]]:
    """Texts of codes a variable; Stata's extended missing values with their point."""
    labels = {}
    for name, texts in meta.variable_value_labels.items():
        codes = ((_code(code), str(label).strip()) for code, label in texts.items())
        labels[name] = {code: label for code, label in codes if code is not None and label}
    return labels


def _code(value: object) -> str | None:
    written = text(cell(value))
    return f".{written}" if f".{written}" in EXTENDED and isinstance(value, str) else written


def _questions(meta: Any) -> dict[str, str]:
    return {name: label for name, label in meta.column_names_to_labels.items() if label}


def _within(code: str, ranges: list[Any]) -> bool:
    """Tell whether a code lies in a declared range of missing codes, or is one of them."""
    for one in ranges:
        if not isinstance(one, dict):
            if text(cell(one)) == code:
                return True
            continue
        low, high = one["lo"], one["hi"]
        if isinstance(low, str) or isinstance(high, str):
            if code in (str(low).strip(), str(high).strip()):
                return True
            continue
        try:
            if low <= float(code) <= high:
                return True
        except ValueError:
            continue
    return False


def _first(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
