"""Findings held against each other: the verdict, then the value, then what was tested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kompendium.publication.changes.limits import same_number
from kompendium.publication.changes.model import Aspect, Change, Kind

Finding = Mapping[str, Any]
"""A line of ``findings.json``. One of an older edition may lack what was added since."""

NOW = ("verdict", "computed", "published", "interval", "value", "low", "high")
"""What is told of a finding whether it changed or not."""

VALUE = ("value", "low", "high", "interval", "computed")
GROUPS: dict[Kind, tuple[str, ...]] = {
    Kind.EVIDENCE: ("evidence", "transcribed"),
    Kind.REWORDED: ("statement", "published", "region"),
    Kind.EXPLAINED: ("statement_en", "reason", "needs", "note", "page", "expected", "run"),
}
"""What of a finding makes a change of which kind, where its verdict and value stand."""


def compared(before: Mapping[str, Finding], after: Mapping[str, Finding]) -> Iterator[Change]:
    """Give one change for each finding that is another, with all that changed of it."""
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield _change(Kind.REMOVED, before[name], _aspects(before[name], {}))
        elif name not in before:
            yield _change(Kind.ADDED, after[name], _aspects({}, after[name]))
        elif kind := graded(before[name], after[name]):
            yield _change(kind, after[name], _aspects(before[name], after[name]))


def graded(before: Finding, after: Finding) -> Kind | None:
    """Say what kind of change is the gravest between two states of one finding."""
    if before["verdict"] != after["verdict"]:
        return Kind.VERDICT
    if moved := _moved(before, after):
        return moved
    for kind, names in GROUPS.items():
        if any(not _same(before.get(name), after.get(name)) for name in names):
            return kind
    return None


def _moved(before: Finding, after: Finding) -> Kind | None:
    """Say how far a value has moved; None where it stands, or moved by less than noise."""
    if all(_same(before.get(name), after.get(name)) for name in ("value", "low", "high")):
        return None
    if _apart(before, after) or _apart(after, before):
        return Kind.INTERVAL
    seen = before.get("computed") != after.get("computed")
    return Kind.ROUNDING if seen else Kind.UNSEEN


def _apart(one: Finding, other: Finding) -> bool:
    """Tell whether a result lies outside the interval that another one has.

    The interval is the one for sampling error; for results of which only bounds are known, the
    bounds. An exact number has none, so nothing is outside it.
    """
    interval = one.get("interval") or _bounds(one)
    value = other.get("value")
    reach = [value, value] if isinstance(value, int | float) else _bounds(other)
    if not interval or not reach:
        return False
    (low, high), (least, most) = interval, reach
    below = most < low and not same_number(most, low)
    return below or (least > high and not same_number(least, high))


def _bounds(finding: Finding) -> list[float] | None:
    low, high = finding.get("low"), finding.get("high")
    return None if low is None or high is None else [float(low), float(high)]


def _aspects(before: Finding, after: Finding) -> tuple[Aspect, ...]:
    """Everything that changed; of a finding that is new or gone, what it says."""
    names = ["verdict", *VALUE, *(one for names in GROUPS.values() for one in names)]
    if not before or not after:
        names = ["verdict", "computed", "published"]
    return tuple(
        Aspect(name, before.get(name), after.get(name))
        for name in names
        if not _same(before.get(name), after.get(name))
    )


def _same(one: Any, other: Any) -> bool:
    numbers = all(isinstance(value, int | float) for value in (one, other))
    if numbers and not isinstance(one, bool):
        return same_number(one, other)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return all(map(_same, one, other))
    return (one or None) == (other or None)


def _change(kind: Kind, finding: Finding, aspects: tuple[Aspect, ...]) -> Change:
    return Change(
        kind,
        what=str(finding["id"]),
        where=str(finding["report"]),
        title=str(finding.get("statement", "")),
        title_en=str(finding.get("statement_en", "")),
        now={name: finding.get(name) for name in NOW},
        aspects=aspects,
    )
