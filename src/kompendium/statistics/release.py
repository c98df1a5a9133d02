"""What of the estimates may leave real respondents: small counts become bounds or stay back.

A share printed with its base gives its count away, and its interval the number it was drawn
from. So a finding goes through the gate (``surveys.gate``) with everything its number and its
interval tell: the counts behind, the order of shares it was chosen among, and for two answers of
the same respondents how many changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from kompendium.statistics.answers import Estimate, region
from kompendium.statistics.bounds import Bounds, bounds
from kompendium.statistics.shares import Share
from kompendium.surveys import domains
from kompendium.surveys.codebook import Answer, Codebook, Part, Rank
from kompendium.surveys.gate import Figure, Ledger
from kompendium.surveys.linkage import Statement


class Kind(StrEnum):
    """What of a finding is shown or withheld by itself."""

    VALUE = "value"
    INTERVAL = "interval"
    BOUNDS = "bounds"


def released(
    book: Codebook, estimates: Mapping[str, Estimate], ledger: Ledger, limit: int
) -> dict[str, Estimate | Bounds]:
    """Every estimate that may be shown, in its order; bounds where only those may.

    A share whose own count (or rest) is under the limit becomes the bounds that this says. A
    comparison within the same respondents of whom few differ loses its interval: both bounds
    are its value. What would give something withheld away is left out, and so is a ratio to a
    share that may be zero.
    """
    known = {
        name: Finding(book, book.answer(name), estimate, ledger, limit)
        for name, estimate in estimates.items()
    }
    asked = [(name, *one) for name, finding in known.items() for one in finding.figures()]
    passed = ledger.release([figure for *_, figure in asked], limit)
    kinds = {(name, kind) for (name, kind, _), one in zip(asked, passed, strict=True) if one}
    found: dict[str, Estimate | Bounds] = {}
    for name, finding in known.items():
        shown = finding.shown({kind for of, kind in kinds if of == name})
        if shown is not None:
            found[name] = shown
            ends = tuple(shown) if isinstance(shown, Bounds) else (shown.value, shown.value)
            interval = None if isinstance(shown, Bounds) else shown.interval
            ledger.allow(name, ends[0], ends[1], interval)
    return found


def coarsened(share: Share, limit: int) -> Bounds | None:
    """All that may be told of a share whose count or rest is under the limit, else None."""
    if share.base < limit:
        return None
    if share.count < limit:
        return Bounds(0.0, (limit - 1) / share.base)
    if share.base - share.count < limit:
        return Bounds((share.base - limit + 1) / share.base, 1.0)
    return None


def called(part: Part) -> str:
    """What a report of what was withheld calls a share."""
    some = "/".join(map(str, part.codes))
    base = f", of {part.base.variable} {'/'.join(map(str, part.base.codes))}" if part.base else ""
    sizes = f", {part.sizes.labels[0]}" if part.sizes else ""
    if part.sizes and len(part.sizes.labels) > 1:
        sizes += f" to {part.sizes.labels[-1]}"
    return f"{part.variable} {some}{base}{sizes}"


def share_figure(
    name: str, book: Codebook, part: Part, ledger: Ledger, loss: float = 1.0
) -> Figure:
    """A share as a figure: its count, its base and, for a share of some, the base of all."""
    known = _known(book, part)
    return Figure(name, ledger.stated(*known), _parts(book, part), loss)


def _known(book: Codebook, part: Part) -> tuple[domains.Domain, ...]:
    """The count, the base, and all that its interval tells of the base's part of everyone."""
    wider = domains.wider(book, part)
    more = _known(book, wider)[1:] if wider is not None else ()
    return (domains.given(book, part), domains.base(book, part), *more)


def _parts(book: Codebook, part: Part) -> tuple[domains.Domain, ...]:
    return domains.given(book, part), domains.rest(book, part), domains.base(book, part)


@dataclass(frozen=True)
class Finding:
    """A finding with its estimate, and what of it tells what of respondents."""

    book: Codebook
    answer: Answer
    estimate: Estimate
    ledger: Ledger
    limit: int

    @property
    def shares(self) -> tuple[Share, ...]:
        """The shares the estimate is made of."""
        one = self.estimate
        return (one,) if isinstance(one, Share) else (one.of, one.to)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the answer that these are shares of."""
        answer, shares = self.answer, self.shares
        if answer.difference is not None:
            pairs = product(answer.difference.of, answer.difference.to)
            return next(pair for pair in pairs if all(map(self._is, pair, shares)))
        if answer.ratio is not None:
            return answer.ratio.of, answer.ratio.to
        return (next(part for part in answer.parts if self._is(part, shares[0])),)

    @property
    def coarse(self) -> bool:
        """Tell whether a count or a rest is so small that only bounds may be told."""
        return any(coarsened(one, self.limit) is not None for one in self.shares)

    @property
    def paired(self) -> bool:
        """Tell whether two shares of the same respondents are compared."""
        return len(self.parts) > 1 and self.ledger.count(self._both()) > 0

    def figures(self) -> Iterator[tuple[Kind, Figure]]:
        """What is put before the gate: the value, its interval where that tells more, bounds."""
        name, parts = self.answer.finding, self.parts
        worth = 1 + sum(one.base for one in self.shares) / 1e6
        value = [share_figure(name, self.book, part, self.ledger) for part in parts]
        told = tuple(one for figure in value for one in figure.statements)
        few = tuple(one for figure in value for one in figure.parts)
        yield Kind.VALUE, Figure(name, (*told, *self._order()), few, worth)
        if self.coarse and min(one.base for one in self.shares) >= self.limit:
            yield Kind.BOUNDS, self._bounds(f"{name} ({Kind.BOUNDS})")
        elif self.paired:
            of, to = parts
            changes = (
                domains.given(self.book, of) & domains.rest(self.book, to),
                domains.rest(self.book, of) & domains.given(self.book, to),
            )
            stated = self.ledger.stated(*changes, self._both())
            yield Kind.INTERVAL, Figure(f"{name} ({Kind.INTERVAL})", (*told, *stated), changes, 0.1)

    def shown(self, passed: set[Kind]) -> Estimate | Bounds | None:
        """What may be shown where these figures passed."""
        if Kind.VALUE in passed:
            whole = not self.paired or Kind.INTERVAL in passed
            return self.estimate if whole else bounds(self.estimate.value)
        if Kind.BOUNDS not in passed:
            return None
        limits = [coarsened(one, self.limit) or bounds(one.value) for one in self.shares]
        if len(limits) == 1:
            return limits[0]
        if self.answer.ratio is None:
            return limits[0] - limits[1]
        return None if 0 in limits[1] else limits[0] / limits[1]

    def _bounds(self, name: str) -> Figure:
        """What bounds tell: the bases, that a count is under the limit, the counts that are not."""
        told: list[Statement] = []
        few: list[domains.Domain] = []
        for part, one in zip(self.parts, self.shares, strict=True):
            given, base, *whole = _known(self.book, part)
            told += self.ledger.stated(base, *whole)
            few.append(base)
            if coarsened(one, self.limit) is None:
                told += self.ledger.stated(given)
                few += _parts(self.book, part)
            else:
                small = given if one.count < self.limit else domains.rest(self.book, part)
                told.append(Statement(((1.0, small),), 0, self.limit - 1))
        return Figure(name, tuple(told), tuple(few), 0.9)

    def _order(self) -> Iterator[Statement]:
        """What is told of the other shares by the choice of one, or of a pair, among them."""
        if self.answer.ranked is not None:
            for part in self.answer.ranked.among:
                terms = self._terms((part,))
                if terms and part not in self.parts:
                    other = sum(weight * self.ledger.count(one) for weight, one in terms)
                    yield self._held(terms, other, self.answer.ranked.rank)
        elif self.answer.difference is not None:
            allowed = region(self.answer)
            for pair in product(self.answer.difference.of, self.answer.difference.to):
                terms = self._terms(pair)
                if not terms or pair == self.parts:
                    continue
                value = self.estimate.value
                if allowed.low >= 0:
                    yield Statement(terms, value, math.inf)
                elif allowed.high <= 0:
                    yield Statement(terms, -math.inf, value)
                else:
                    yield Statement(terms, -abs(value), abs(value))

    def _held(
        self, terms: tuple[tuple[float, domains.Domain], ...], other: float, rank: Rank
    ) -> Statement:
        """That another share is not on the wrong side of the one that was chosen."""
        value = self.estimate.value
        above = rank is Rank.LOWEST or (rank is Rank.MOST and other >= value)
        return Statement(terms, value, math.inf) if above else Statement(terms, -math.inf, value)

    def _terms(self, parts: tuple[Part, ...]) -> tuple[tuple[float, domains.Domain], ...]:
        """A share, or the difference of two, as a sum over domains; nothing without a base."""
        bases = [self.ledger.count(domains.base(self.book, part)) for part in parts]
        if not all(bases):
            return ()
        return tuple(
            (sign / base, domains.given(self.book, part))
            for sign, base, part in zip((1, -1), bases, parts, strict=False)
        )

    def _both(self) -> domains.Domain:
        of, to = self.parts
        return domains.base(self.book, of) & domains.base(self.book, to)

    def _is(self, part: Part, share: Share) -> bool:
        counts = (self.ledger.count(one) for one in _known(self.book, part)[:2])
        return tuple(counts) == (share.count, share.base)
