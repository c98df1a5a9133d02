"""The gate that every figure of real respondents goes through, and the ledger it keeps.

The ledger of a survey holds all that was released (domains with their values) and all that was
withheld (domains alone). A figure passes where it speaks of nobody few, and where everything
withheld, before or by it, still has two possible values at least; of several figures, those pass
whose loss is least together. What is released cannot be taken back, so a later figure gives way
to an earlier one: the result depends on the notebook and the data only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kompendium import observation
from kompendium.facts.paths import Compendium
from kompendium.surveys.disclosure import DisclosureError as DisclosureError
from kompendium.surveys.disclosure import Why
from kompendium.surveys.domains import Category, Domain
from kompendium.surveys.equations import UnsolvedError
from kompendium.surveys.linkage import ROLE, Space, Statement
from kompendium.surveys.suppression import Certificate, Round, Settlement
from kompendium.surveys.unknowns import People, TooLinkedError
from kompendium.surveys.witness import Offer, Witness

NOISE = 1e-9
"""What a result may differ from what was released: it is rounded to twelve decimals."""


REMEMBERED = 8
"""How many witnesses are tried again: each costs a little, and finding a new one much."""


@dataclass(frozen=True)
class Figure:
    """What is shown or withheld as one.

    ``name`` is what a report calls it. ``statements`` is what it tells; ``parts`` are domains
    that must not be few in it. ``loss`` is what it is worth, beside the others it is up with.
    """

    name: str
    statements: tuple[Statement, ...]
    parts: tuple[Domain, ...] = ()
    loss: float = 1.0


@dataclass(frozen=True)
class Withheld:
    """A figure that was not released: which, in which cell of the notebook, and why.

    ``protects`` is what could have been worked out from it.
    """

    what: str
    where: str
    why: Why
    protects: str = ""


class Ledger:
    """What was released and withheld of one survey, in the order of the notebook."""

    def __init__(
        self, survey: str, space: Space, answers: pd.DataFrame, *, secret: bool = True
    ) -> None:
        """Open the ledger; ``answers`` are codes, one row a respondent.

        Where they are not ``secret`` (made up), nothing is told to the record of the run.
        """
        self.survey = survey
        self._secret = secret
        self.space = space
        self.least = 0
        self._people = People(space, answers)
        self._released: dict[Statement, None] = {}
        self._protected: dict[Domain, Certificate | None] = {}
        self._known: set[Domain] = set()
        self._witnesses: list[Witness] = []
        self._withheld: dict[Withheld, None] = {}
        self._findings: dict[str, list[tuple[float, ...]]] = {}
        self._decided: dict[tuple[tuple[Figure, ...], int], list[bool]] = {}

    @property
    def released(self) -> tuple[Statement, ...]:
        """Everything that was released."""
        return tuple(self._released)

    @property
    def protected(self) -> tuple[Domain, ...]:
        """Every domain that must not follow from what is released."""
        return tuple(self._protected)

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """Every figure that was asked for and not released, in order."""
        return tuple(self._withheld)

    def count(self, domain: Domain) -> int:
        """How many respondents a domain has; for figures that are put before the gate."""
        return self._people.count(domain)

    def stated(self, *domains: Domain) -> tuple[Statement, ...]:
        """What a figure tells that gives these counts away."""
        return tuple(Statement.count(domain, self.count(domain)) for domain in domains)

    def release(self, figures: Iterable[Figure], limit: int) -> list[bool]:
        """Tell of each figure whether it may be shown; from then on it counts as shown.

        Counts under ``limit`` may not; a limit of 0 lets everything pass that gives nothing
        withheld away.
        """
        asked = tuple(figures)
        if (asked, limit) not in self._decided:
            self._decided[asked, limit] = self._decide(dict(enumerate(asked)), limit)
            self.least = max(self.least, limit)
            if self._secret:
                observation.tell(self.survey, self.written)
        return self._decided[asked, limit]

    def allow(
        self, finding: str, low: float, high: float, interval: tuple[float, float] | None = None
    ) -> None:
        """Note that a finding may be recorded with these bounds and, if any, this interval."""
        self._findings.setdefault(finding, []).append((low, high, *(interval or ())))

    def allows(
        self, finding: str, low: float, high: float, interval: tuple[float, float] | None = None
    ) -> bool:
        """Tell whether a finding was released so; an interval may be left out."""
        told = (low, high, *(interval or ()))
        return any(
            len(told) <= len(known)
            and all(math.isclose(a, b, abs_tol=NOISE) for a, b in zip(told, known, strict=False))
            for known in self._findings.get(finding, ())
        )

    def _decide(self, asked: Mapping[int, Figure], limit: int) -> list[bool]:
        shown = {
            number
            for number, figure in asked.items()
            if all(one in self._released for one in figure.statements)
        }
        few = [
            number
            for number, figure in asked.items()
            if number not in shown and any(self.count(part) < limit for part in figure.parts)
        ]
        offers = {
            number: Offer(figure.statements, figure.loss)
            for number, figure in asked.items()
            if number not in shown and number not in few
        }
        for number in few:
            self._withhold(asked[number], Why.SMALL)
        try:
            found = self._settle(asked, offers, limit)
        except (TooLinkedError, UnsolvedError):
            for number in offers:
                self._withhold(asked[number], Why.UNCHECKED)
            return [number in shown for number in asked]
        for number, domain in found.given_up.items():
            self._withhold(asked[number], Why.LINKED, named(domain))
        passed = [number for number in offers if number not in found.given_up]
        for number in passed:
            self._released |= dict.fromkeys(asked[number].statements)
        self._protected |= found.uncertain
        self._known.update(found.certain)
        far = [one for one in found.witnesses if len(one.changes) > 1]
        self._witnesses = far[-REMEMBERED:]
        return [number in shown or number in passed for number in asked]

    def _settle(
        self, asked: Mapping[int, Figure], offers: Mapping[int, Offer], limit: int
    ) -> Settlement:
        if not limit and not self._protected:
            return Settlement()
        parts = [part for one in asked.values() for part in one.parts if self.count(part) < limit]
        scopes = {told.variables for one in offers.values() for told in one.statements}
        scopes |= {part.variables for part in parts}
        this = Round(self.space, self._people, self.released, offers, self._known)
        ordered = sorted(scopes, key=sorted)
        return this.settle(self._protected, parts, ordered, limit, self._witnesses)

    def _withhold(self, figure: Figure, why: Why, protects: str = "") -> None:
        self._withheld[Withheld(figure.name, observation.place(), why, protects)] = None

    def written(self) -> dict[str, Any]:
        """The ledger as the record of a run carries it: no value of anything withheld."""
        return {
            "limit": self.least,
            "totals": dict(self.space.totals),
            "released": [_written(one) for one in self._released],
            "protected": [domain.written() for domain in self._protected],
            "withheld": [
                {"what": one.what, "where": one.where, "why": one.why, "protects": one.protects}
                for one in self._withheld
            ],
        }


_ledgers: dict[tuple[Path, str, int], Ledger] = {}


def ledger(survey: str, space: Space, answers: pd.DataFrame) -> Ledger:
    """The ledger of these respondents, the same one however often a notebook asks.

    Respondents that were replaced meanwhile are others, with a ledger of their own.
    """
    content = int(pd.util.hash_pandas_object(answers, index=False).sum())
    key = (Compendium.find().root, survey, content)
    if key not in _ledgers:
        _ledgers[key] = Ledger(survey, space, answers)
    return _ledgers[key]


def allows(
    finding: str, low: float, high: float, interval: tuple[float, float] | None = None
) -> bool:
    """Tell whether any ledger of this compendium has released a finding so."""
    root = Compendium.find().root
    return any(
        one.allows(finding, low, high, interval)
        for (place, *_), one in _ledgers.items()
        if place == root
    )


def _written(statement: Statement) -> dict[str, Any]:
    """A statement as JSON carries it; an end that is open is left out."""
    ends = {"low": statement.low, "high": statement.high}
    terms = [[coefficient, domain.written()] for coefficient, domain in statement.terms]
    return {"terms": terms} | {end: one for end, one in ends.items() if abs(one) < math.inf}


def named(domain: Domain) -> str:
    """What a report calls a domain: each variable with its categories."""
    boxes = (
        ", ".join(f"{name} {_listed(some)}" for name, some in box.items() if name != ROLE)
        for box in domain.written()
    )
    return " or ".join(boxes)


def _listed(some: Iterable[Category]) -> str:
    return "/".join("blank" if one is None else str(one) for one in some)
