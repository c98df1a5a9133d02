"""What differs between two states of the compendium, as facts; renderers choose the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = Any
"""A value as JSON has it."""


class Kind(StrEnum):
    """What has changed, the gravest first."""

    # Of a finding; one change each, of the gravest kind that holds.
    VERDICT = "verdict"  # another verdict
    INTERVAL = "interval"  # a value outside the interval it had, or the other way round
    ROUNDING = "rounding"  # a value that is printed as another number
    EVIDENCE = "evidence"  # the same, but resting on something else
    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"  # the statement, the published wording, or what it allows

    # What the chapters show.
    FIGURE = "figure"
    TABLE = "table"

    # Seen by no reader of the numbers.
    UNSEEN = "unseen"  # a value that moved, but is printed as before
    EXPLAINED = "explained"  # a finding's explanation, need, note or page

    # What the results were made of.
    PARAMETER = "parameter"
    DATA = "data"
    CODE = "code"
    PACKAGE = "package"

    @property
    def is_result(self) -> bool:
        """Tell whether a reader of the results is told something else than before."""
        return self in RESULTS


RESULTS = frozenset(
    (
        *(Kind.VERDICT, Kind.INTERVAL, Kind.ROUNDING, Kind.EVIDENCE),
        *(Kind.ADDED, Kind.REMOVED, Kind.REWORDED, Kind.FIGURE, Kind.TABLE),
    )
)


class Basis(StrEnum):
    """By what a figure or a table was compared, the best first."""

    DATA = "data"  # the numbers kept with it
    TABLE = "table"  # the rows as they are printed
    TEXT = "text"  # caption and alternative text, which hold computed numbers
    PICTURE = "picture"  # bytes, where nothing else is left: may be the drawing alone


@dataclass(frozen=True)
class Aspect:
    """One thing that was another before; None where there was, or is, no such thing."""

    name: str
    before: Json
    after: Json

    def described(self) -> Json:
        """The aspect as JSON has it."""
        return {"name": self.name, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class Change:
    """One thing that has changed, with its aspects.

    ``what`` names it (a finding's id, a figure's label, a file, a package) and ``where`` the
    chapter or report it belongs to. ``title`` is what readers call it (``title_en`` in English),
    and ``now`` the verdict and figures of a finding as they are, or were last, so that what is
    the same can be told beside what is not. ``rows`` are the rows of a table that changed, by
    key, with the cells that did.
    """

    kind: Kind
    what: str
    where: str = ""
    title: str = ""
    title_en: str = ""
    now: Mapping[str, Json] = field(default_factory=dict)
    aspects: tuple[Aspect, ...] = ()
    rows: tuple[Aspect, ...] = ()
    basis: Basis | None = None

    def called(self, lang: str) -> str:
        """What readers of a language call it."""
        return (self.title_en if lang == "en" else "") or self.title

    def aspect(self, name: str) -> Aspect | None:
        """One aspect by name; None where it is the same as before."""
        return next((one for one in self.aspects if one.name == name), None)

    def described(self) -> Json:
        """The change as JSON has it, without what is empty."""
        described: dict[str, Json] = {"kind": self.kind, "what": self.what}
        for name in ("where", "title", "title_en", "now", "basis"):
            described |= {name: told} if (told := getattr(self, name)) else {}
        for name, listed in (("aspects", self.aspects), ("rows", self.rows)):
            described |= {name: [one.described() for one in listed]} if listed else {}
        return described


@dataclass(frozen=True)
class Changes:
    """Everything that differs between two states, in order of gravity.

    ``unknown`` are the kinds that could not be compared, each with the states that hold nothing
    of it.
    """

    before: str
    after: str
    found: tuple[Change, ...]
    unknown: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(one for one in self.found if one.kind in kinds)

    @property
    def differs(self) -> bool:
        """Tell whether results differ, and not only what they were made of."""
        return any(one.kind.is_result for one in self.found)

    def described(self) -> Json:
        """All of it as JSON has it."""
        counts = {kind.value: len(self.of(kind)) for kind in Kind if self.of(kind)}
        return {
            "before": self.before,
            "after": self.after,
            "differs": self.differs,
            "counts": counts,
            "unknown": {kind.value: list(names) for kind, names in self.unknown.items()},
            "changes": [one.described() for one in self.found],
        }
