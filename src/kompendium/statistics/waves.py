"""The waves of a series together: a share through the years, and what was said of its change.

A published development is answered by itself the day the respondents of all its waves are in
place. Until then nothing stands in for them: made-up waves would be independent of each other,
and what the waves have in common is the point. What is shown of real respondents passes the
gate of each wave (``sample``) and, as far as two waves tell more than each alone, ``shown``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from kompendium.facts.findings import finding
from kompendium.facts.quantities import Region
from kompendium.statistics.answers import narrowest
from kompendium.statistics.change import Shift, shift, shown, wave_share
from kompendium.statistics.overlap import Slope, slope, variance
from kompendium.statistics.samples import Sample, sample
from kompendium.statistics.shares import LEVEL, Share
from kompendium.surveys.codebook import Codebook, Development, Part
from kompendium.surveys.disclosure import LIMIT
from kompendium.surveys.respondents import respondents
from kompendium.surveys.series import Link, answered_waves, link


@dataclass(frozen=True)
class Course:
    """One share through the waves that asked it, and its slope from three waves on.

    ``shares`` are by survey, None where one may not be shown; then there is no slope either.
    """

    shares: Mapping[str, Share | None]
    slope: Slope | None


@dataclass(frozen=True, eq=False)
class Waves:
    """The waves of a series that have real respondents, each linked with each.

    Counts under ``limit`` are hidden in what ``change``, ``course`` and ``released`` give;
    ``shift`` and ``developments`` are for computing with, not for showing.
    """

    books: tuple[Codebook, ...]
    answers: Mapping[str, pd.DataFrame] = field(repr=False)
    links: Mapping[tuple[str, str], Link] = field(repr=False)
    limit: int = LIMIT
    level: float = LEVEL

    @classmethod
    def of(cls, series: str, limit: int = LIMIT, level: float = LEVEL) -> Waves:
        """Read and link the waves of a series; raises InputError where a file is wrong."""
        books = answered_waves(series)
        answers = {book.id: respondents(book) for book in books}
        links = {(one.id, two.id): link(one, two) for one, two in combinations(books, 2)}
        return cls(books, answers, links, limit, level)

    def shift(self, before: str, after: str, part: Part) -> Shift:
        """The change of a share between two waves; KeyError where one has no respondents."""
        pair = self._books[before], self._books[after]
        return shift(self.links[before, after], pair, part, self.level)

    def change(self, before: str, after: str, part: Part) -> Shift | None:
        """As much of a change as may be shown; None where one of the shares may not."""
        passed = [self._passes(wave, part) for wave in (before, after)]
        return shown(self.shift(before, after, part), self.limit) if all(passed) else None

    def course(self, part: Part) -> Course:
        """A share in every wave that asked it as the last one does, as far as it may be shown."""
        asked: list[Codebook] = []
        for book in reversed(self.books):
            if part.variable in book.questions:
                asked.insert(0, book)
                if book.questions[part.variable].changed is not None:
                    break
        given = {
            book.id: wave_share(book, part, self.answers[book.id], self.level)
            for book in asked
            if self._passes(book.id, part)
        }
        shares = {book.id: given.get(book.id) for book in asked}
        if len(given) < max(3, len(asked)):
            return Course(shares, None)
        matrix = np.diag([variance(one) for one in given.values()])
        for (i, one), (j, two) in combinations(enumerate(given), 2):
            change = shown(self.shift(one, two, part), self.limit)
            matrix[i, j] = matrix[j, i] = change.covariance if change is not None else 0.0
        values = [one.value for one in given.values()]
        return Course(shares, slope([book.frame for book in asked], values, matrix, self.level))

    def developments(self) -> dict[str, Shift]:
        """What answers the published developments whose waves are all here, by finding.

        Of several pairs, the one nearest to breaking the statement. A question that nobody
        answered in one of the waves leaves its finding out.

        Raises:
            TypeError: such a finding is not a number.
        """
        return {
            name: _decisive(change, [self.shift(since, book.id, part) for since, part in pairs])
            for name, (book, change, pairs) in self._answerable().items()
        }

    def released(self) -> dict[str, Shift]:
        """Those of ``developments`` that may be shown and recorded, by finding.

        Every share that one was chosen among must pass the gate of its wave.
        """
        found = {}
        answerable = self._answerable()
        for name, decisive in self.developments().items():
            book, _, pairs = answerable[name]
            seen = [(wave, part) for since, part in pairs for wave in (since, book.id)]
            if not all(self._passes(wave, part) for wave, part in seen):
                continue
            change = shown(decisive, self.limit)
            if change is not None and self._samples[book.id].may_show(
                name, finding=name, value=change.value, interval=change.interval
            ):
                found[name] = change
        return found

    @cached_property
    def _books(self) -> dict[str, Codebook]:
        return {book.id: book for book in self.books}

    @cached_property
    def _samples(self) -> dict[str, Sample]:
        return {book.id: sample(book.id, limit=self.limit) for book in self.books}

    def _passes(self, wave: str, part: Part) -> bool:
        """Tell whether a share may be shown; from then on it counts as shown."""
        base = None if part.base is None else (part.base.variable, part.base.codes)
        return self._samples[wave].share_of(part.variable, *part.codes, base=base) is not None

    def _answerable(self) -> dict[str, tuple[Codebook, Development, list[tuple[str, Part]]]]:
        """The developments that can be answered, with each pair of wave and share."""
        found = {}
        for book in self.books:
            for change in book.changes:
                pairs = [(since, part) for part in change.of for since in change.since]
                here = all(self._answered(wave, part) for wave, part in pairs)
                if here and all(self._answered(book.id, part) for part in change.of):
                    found[change.finding] = book, change, pairs
        return found

    def _answered(self, wave: str, part: Part) -> bool:
        """Tell whether a wave is here and someone in it answered the question of a share."""
        if wave not in self._books:
            return False
        codes = self.answers[wave][part.variable]
        return bool(codes.isin(self._books[wave].questions[part.variable].valid).any())


def _decisive(change: Development, pairs: list[Shift]) -> Shift:
    allowed = finding(change.finding).quantity
    if not isinstance(allowed, Region):
        raise TypeError(f"{change.finding} is «{allowed.wording}», which is no change")
    decisive = narrowest(pairs, allowed)
    assert isinstance(decisive, Shift)
    return decisive
