"""Changes in words, the same for a terminal and for a page: sections of rows with two sides.

Renderers draw the rows; which words stand in them, and how much is too much, is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kompendium.facts.quantities import Category, Unit, show, show_span
from kompendium.facts.vocabulary import Evidence, Verdict
from kompendium.facts.wordings import UnknownWordingError, quantity
from kompendium.publication.changes.model import Aspect, Basis, Change, Changes, Kind
from kompendium.publication.changes.notebooks import lines_changed
from kompendium.publication.changes.words import BASES, NAMES, TITLES, WORDS

ROWS = 5
"""Rows told of one table: enough to see what kind of change it is; ``--json`` has them all."""

CHANGES = 25
"""Changes told of one kind that is no finding; a new version of a package can touch hundreds."""

FINDINGS = frozenset(
    (
        *(Kind.VERDICT, Kind.INTERVAL, Kind.ROUNDING, Kind.EVIDENCE),
        *(Kind.ADDED, Kind.REMOVED, Kind.REWORDED, Kind.UNSEEN, Kind.EXPLAINED),
    )
)
"""Kinds of which every change is told."""

MINUS = "\u2212"
NOTHING = "–"
"""What the register prints where nothing was computed."""

_DECIMAL = re.compile(r"^(-?\d+)\.(\d+)$")


@dataclass(frozen=True)
class Row:
    """One line: what it is about and what stood and stands there.

    ``change`` is given on the first row of each change. ``note`` says something of the row as
    a whole, in place of its two sides. ``quoted`` tells that its name is the table's own words.
    """

    name: str
    before: str = ""
    after: str = ""
    note: str = ""
    change: Change | None = None
    quoted: bool = False


@dataclass(frozen=True)
class Section:
    """The changes of one kind, told."""

    kind: Kind
    title: str
    rows: tuple[Row, ...]
    more: int = 0
    """Changes that are not told."""


def sections(changes: Changes, lang: str) -> Iterator[Section]:
    """Tell of the changes, kind by kind, the gravest first."""
    for kind in Kind:
        found = changes.of(kind)
        told = found if kind in FINDINGS else found[:CHANGES]
        if told:
            rows = tuple(row for change in told for row in _rows(change, lang))
            yield Section(kind, TITLES[lang][kind], rows, len(found) - len(told))


def counts(changes: Changes, lang: str) -> list[str]:
    """How many changes there are of each kind, as text: ``2 figures``."""
    return [
        f"{len(changes.of(kind))}\u00a0{NAMES[lang][kind][len(changes.of(kind)) > 1]}"
        for kind in Kind
        if changes.of(kind)
    ]


def _rows(change: Change, lang: str) -> list[Row]:
    if change.kind in (Kind.REWORDED, Kind.EXPLAINED):
        return _aspects(change, lang)
    if change.kind in FINDINGS:
        before, after = (_finding(change, side, lang) for side in ("before", "after"))
        return [Row(change.what, before, after, change=change)]
    if change.kind in (Kind.FIGURE, Kind.TABLE, Kind.DATA):
        return _table(change, lang)
    if change.kind is Kind.CODE:
        return _code(change, lang)
    if change.kind is Kind.PARAMETER:
        return _aspects(change, lang)
    (version,) = change.aspects
    sides = (_text(version.before, lang), _text(version.after, lang))
    return [Row(change.what, *sides, change=change)]


def _aspects(change: Change, lang: str) -> list[Row]:
    """A row that names what changed, and one for each thing of it that did."""
    parts = [
        Row(
            f"  {WORDS[lang].get(one.name, one.name)}",
            _text(one.before, lang),
            _text(one.after, lang),
        )
        for one in change.aspects
        if one.name != "run" or change.kind is Kind.EXPLAINED
    ]
    return [Row(change.what, change=change), *parts]


def _finding(change: Change, side: str, lang: str) -> str:
    """A finding on one side: its verdict and value, and of the rest what changed."""
    if change.kind in (Kind.ADDED, Kind.REMOVED) and (change.kind is Kind.ADDED) != (
        side == "after"
    ):
        return ""
    parts = [Verdict(_side(change, "verdict", side)).word(lang)]
    if change.aspect("published"):
        parts.append(f"{WORDS[lang]['published']} {_side(change, 'published', side)}")
    if (computed := _computed(change, side, lang)) not in ("", NOTHING):
        parts.append(computed)
    if change.kind is Kind.UNSEEN:
        moved = [name for name in ("value", "low", "high") if change.aspect(name)]
        parts += [_text(_side(change, name, side), lang) for name in moved]
    interval = _side(change, "interval", side)
    if interval and (change.kind is Kind.INTERVAL or change.aspect("interval")):
        parts.append(f"({_interval(interval, str(change.now.get('published')), lang)})")
    if evidence := change.aspect("evidence") and _side(change, "evidence", side):
        parts.append(Evidence(evidence).word(lang))
    if change.aspect("transcribed"):
        read = _side(change, "transcribed", side)
        parts.append(WORDS[lang]["transcribed" if read else "independent"])
    return "; ".join(parts).replace("; (", " (")


def _side(change: Change, name: str, side: str) -> Any:
    """What stood or stands on one side, where it changed and where it is the same."""
    aspect = change.aspect(name)
    return getattr(aspect, side) if aspect else change.now.get(name)


def _interval(interval: Sequence[float], published: str, lang: str) -> str:
    """An interval in the unit of the published wording."""
    return show_span(interval[0], interval[1], _unit(published) or Unit.RATIO, lang)


def _computed(change: Change, side: str, lang: str) -> str:
    """What was computed, as readers of the language have it; the register has it in Norwegian."""
    recorded = str(_side(change, "computed", side) or "")
    unit = _unit(str(_side(change, "published", side)))
    value, low, high = (_side(change, name, side) for name in ("value", "low", "high"))
    if lang == "nb" or unit is None:
        return recorded
    if isinstance(value, int | float):
        return show(value, unit, lang)
    if isinstance(low, int | float) and isinstance(high, int | float):
        return show_span(low, high, unit, lang)
    return recorded


def _unit(published: str) -> Unit | None:
    """The unit of a published wording; None where it is no number."""
    try:
        meant = quantity(published)
    except UnknownWordingError:
        return None
    return None if isinstance(meant, Category) else meant.unit


def _table(change: Change, lang: str) -> list[Row]:
    """What changed of a table or of the numbers of a figure, and the first of its rows."""
    words = WORDS[lang]
    if (there := change.aspect("there")) is not None:
        return [Row(change.what, note=_there(there, lang), change=change)]
    notes = [BASES[lang][change.basis]] if change.basis in BASES[lang] else []
    if change.rows:
        gone = sum(row.after is None for row in change.rows)
        new = sum(row.before is None for row in change.rows)
        kinds = {"changed": len(change.rows) - gone - new, "new": new, "gone": gone}
        told = ", ".join(f"{count} {words[kind]}" for kind, count in kinds.items() if count)
        notes.append(f"{words['rows']}: {told}")
    rows = [Row(change.what, note="; ".join(notes), change=change)]
    if change.basis is not Basis.PICTURE:
        for one in change.aspects:
            name = f"  {words.get(one.name, one.name)}"
            rows.append(Row(name, _text(one.before, lang), _text(one.after, lang)))
    for one in change.rows[:ROWS]:
        rows += _cells(one, lang)
    if len(change.rows) > ROWS:
        rows.append(Row(f"  {words['more'].format(len(change.rows) - ROWS)}"))
    return rows


def _cells(row: Aspect, lang: str) -> Iterator[Row]:
    """A row of a table, told cell by cell; one that came or went, by all it holds."""
    name = _key(row.name, lang)
    if row.before is None or row.after is None:
        sides = (_all(row.before, lang), _all(row.after, lang))
        yield Row(f"  {name.rstrip('.')}", *sides, quoted=True)
        return
    for column, before in row.before.items():
        after = row.after[column]
        sides = (_text(before, lang), _text(after, lang))
        yield Row(f"  {name}, {column}", *sides, quoted=True)


def _all(cells: Mapping[str, Any] | None, lang: str) -> str:
    if cells is None:
        return NOTHING
    told = [_text(one, lang) for one in cells.values()]
    return "; ".join(one.rstrip(".") for one in told) or WORDS[lang]["there"]


def _key(name: str, lang: str) -> str:
    """The key of a row, with the decimals of the language."""
    point = "," if lang == "nb" else "."
    return " · ".join(_DECIMAL.sub(rf"\1{point}\2", part) for part in name.split(" · "))


def _code(change: Change, lang: str) -> list[Row]:
    """A module that is another, or the cells of a notebook that are, with the lines they took."""
    if (there := change.aspect("there")) is not None:
        return [Row(change.what, note=_there(there, lang), change=change)]
    rows = [Row(change.what, change=change)]
    for one in change.rows[:ROWS]:
        name = re.sub(r"^cell (?=\d)", f"{WORDS[lang]['cell']} ", one.name)
        new, gone = lines_changed(one.before, one.after)
        told = (_lines("+", new, lang), _lines(MINUS, gone, lang))
        rows.append(Row(f"  {name}", note=", ".join(filter(None, told))))
    if len(change.rows) > ROWS:
        rows.append(Row(f"  {WORDS[lang]['more'].format(len(change.rows) - ROWS)}"))
    return rows


def _lines(sign: str, count: int, lang: str) -> str:
    return f"{sign}{count}\u00a0{WORDS[lang]['line' if count == 1 else 'lines']}" if count else ""


def _there(there: Aspect, lang: str) -> str:
    """Whether something is new, gone or another than it was."""
    if there.before and there.after:
        return WORDS[lang]["changed"]
    return WORDS[lang]["new" if there.after else "gone"]


def _text(value: Any, lang: str) -> str:
    """A value as readers of a language have it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return WORDS[lang]["yes" if value else "no"]
    if isinstance(value, float):
        return f"{value:g}".replace(".", "," if lang == "nb" else ".").replace("-", MINUS)
    if isinstance(value, list | tuple):
        return ", ".join(_text(one, lang) for one in value)
    return str(value).replace("`", "")  # code in a table's cell
