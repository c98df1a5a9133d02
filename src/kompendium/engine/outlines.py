"""What a file holds, in outline: a short sum of each of its parts.

Of a table the parts are rows, of YAML and JSON entries, of a notebook cells, of the lock file
the version of each package, of other texts lines.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

from kompendium.engine.measuring import essence

LARGEST = 1 << 22
"""Bytes of a file of which only its size is told."""

PRIVATE = "respondents"
"""Files of this name hold respondents' answers: nothing is told of them but their length."""

Parts = tuple[tuple[str, str], ...]
"""Each part of a file with its name, where it has one, and a sum of what it holds."""


class Kind(StrEnum):
    """What the parts of a file are."""

    # With names of their own, in any order.
    ENTRIES = "entries"
    VERSIONS = "versions"

    # In order; what is the same is the same part.
    ROWS = "row"
    LINES = "line"
    CELLS = "cell"

    # One number: how many there are.
    COUNT = "rows"
    SIZE = "bytes"


def outline(path: Path) -> tuple[str, Kind, Parts]:
    """Give the hash of a file as ingredients have it, and its outline; no file is an empty one."""
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if path.suffix == ".ipynb":
        language, *cells = essence(json.loads(content or '{"cells": []}'))
        whole = json.dumps([language, *cells]).encode()
        return sha256(whole).hexdigest(), Kind.CELLS, tuple(_cells(cells))
    kind, parts = _parts(path, content)
    return sha256(content).hexdigest(), kind, tuple(parts)


def _parts(path: Path, content: bytes) -> tuple[Kind, Sequence[tuple[str, str]]]:
    size = Kind.SIZE, [("", str(len(content)))]
    if len(content) > LARGEST or b"\0" in content:
        return size
    try:
        text = content.decode("utf-8-sig")
        if path.suffix in (".csv", ".tsv"):
            rows = [*_rows(text)]
            if path.stem == PRIVATE:
                return Kind.COUNT, [("", str(len(rows) - 1))]
            return Kind.ROWS, rows
        if path.stem == PRIVATE:
            return size
        if path.suffix == ".json":
            return Kind.ENTRIES, [*_entries(json.loads(text))]
        if path.suffix in (".yml", ".yaml"):
            return Kind.ENTRIES, [*_blocks(text)]
    except (ValueError, csv.Error):
        return size
    if path.suffix == ".txt" and (versions := [*_versions(text)]):
        return Kind.VERSIONS, versions
    return Kind.LINES, [("", _sum(line)) for line in text.splitlines()]


def _sum(part: object) -> str:
    """A short sum of a part: two that differ have the same once in four thousand million."""
    return f"{crc32(repr(part).encode('utf-8', 'surrogatepass')):08x}"


def _cells(cells: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    """The cells of a notebook by their labels."""
    for cell in cells:
        label = re.match(r"(?:#\|.*\n)*?#\| label: *(\S+)", str(cell[2]))
        yield label[1] if label else "", _sum(cell)


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """The rows of a table; the first has the names of its columns."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    for place, row in enumerate(csv.reader(text.splitlines(keepends=True), delimiter=delimiter)):
        if row:
            yield "\t".join(row) if place == 0 else "", _sum(row)


def _versions(text: str) -> Iterator[tuple[str, str]]:
    """The packages of a lock file, each with the version or versions it is pinned to."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE):
        found.setdefault(name, []).append(version)
    yield from ((name, "/".join(dict.fromkeys(versions))) for name, versions in found.items())


def _entries(document: Any) -> Iterator[tuple[str, str]]:
    """The entries of a JSON document: what has an id or a name by that, the rest by its place."""
    if isinstance(document, dict):
        for key, value in document.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                yield from _entries(value)
            elif isinstance(value, dict):
                yield from ((f"{key}.{part}", _sum(one)) for part, one in value.items())
            else:
                yield str(key), _sum(value)
    elif isinstance(document, list):
        for place, one in enumerate(document):
            named = one if isinstance(one, dict) else {}
            yield str(named.get("id", named.get("name", f"entry {place + 1}"))), _sum(one)
    else:
        yield "the value", _sum(document)


KEY = re.compile(r"(?P<indent> *)(?P<key>[\w.\-]+|'[^']*'|\"[^\"]*\"):(?:\s|$)")
"""A key of YAML that begins a line."""

IDENTITY = re.compile(r"^\s*(?:- +)?(?:id|name): *(\S.*?)\s*$", re.MULTILINE)
"""What a list's entry is called."""


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """The entries of a YAML file, told by keys and indentation; comments are no part of them."""
    lines = [line for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    begins = [place for place, line in enumerate(lines) if (m := KEY.match(line)) and not m[1]]
    for begin, end in pairwise([*begins, len(lines)]):
        first, body = lines[begin], lines[begin + 1 : end]
        key = first.partition(":")[0]
        indent = min((len(line) - len(line.lstrip()) for line in body), default=0)
        listed = [line[indent:].startswith("- ") for line in body]
        keyed = [(m := KEY.match(line)) is not None and len(m[1]) == indent for line in body]
        heads = listed if any(listed) else keyed
        if not body or not heads[0]:
            yield key, _sum([first, *body])
            continue
        places = [place for place, head in enumerate(heads) if head]
        for nr, (at, until) in enumerate(pairwise([*places, len(body)])):
            block = "\n".join(body[at:until])
            name = f"{key}.{body[at].strip().partition(':')[0]}"
            if any(listed):
                named = IDENTITY.search(block)
                name = named[1].strip("'\"") if named else f"{key} {nr + 1}"
            yield name, _sum(block)
