"""How answers changed from one wave of a survey to the next, with what the same units share.

A share of the newer wave less the share of the older one, unweighted, as the field publishes;
its interval knows that many units answered both times (``overlap``). Beside it the change among
those alone, where nothing but their own answers can have moved.

Sources: those of ``overlap``; Cochran, W. G. (1977), "Sampling Techniques", 3rd ed., section
6.4 (a share of a base that is itself counted is a ratio); Newcombe, R. G. (1998), "Improved
confidence intervals for the difference between binomial proportions based on paired data",
Statistics in Medicine 17.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from kompendium.facts.frames import frame_size
from kompendium.facts.vocabulary import Evidence
from kompendium.statistics.answers import share
from kompendium.statistics.effects import Change, mcnemar
from kompendium.statistics.overlap import Overlap, covariance, interval_of_change, variance
from kompendium.statistics.shares import LEVEL, Comparison, Share
from kompendium.surveys.codebook import Codebook, Part
from kompendium.surveys.domains import members
from kompendium.surveys.series import Link

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """The change among those who answered both times; ``of`` is the newer wave.

    ``test`` tells who changed, and McNemar's test that as many went each way.
    """

    of: Share
    to: Share
    interval: tuple[float, float]
    test: Change

    @property
    def cells(self) -> tuple[int, int, int, int]:
        """How many said yes both times, came to yes, left it, and said no both times."""
        gained, lost = self.test.gained, self.test.lost
        return self.to.count - lost, gained, lost, self.to.base - self.to.count - gained


@dataclass(frozen=True)
class Shift(Comparison):
    """The share in a wave (``of``) less the share in an earlier one (``to``).

    ``surveys`` are the earlier and the newer. ``covariance`` is that of the two shares,
    ``overlap`` how many answered both times. ``panel`` is None where nobody did, and where it
    may not be shown.
    """

    surveys: tuple[str, str]
    part: Part
    covariance: float
    overlap: Overlap
    panel: Panel | None

    @property
    def standard_error(self) -> float:
        """The standard error of the difference."""
        own = variance(self.of) + variance(self.to)
        return math.sqrt(max(0.0, own - 2 * self.covariance))

    def without_panel(self) -> Shift:
        """The same without what rests on who answered both times; the interval is wider."""
        interval = interval_of_change(self.of, self.to, 0.0)
        return replace(self, interval=interval, covariance=0.0, panel=None)


def shift(
    linked: Link,
    books: tuple[Codebook, Codebook],
    part: Part,
    level: float = LEVEL,
    *,
    agreed: bool = False,
) -> Shift:
    """The change of a share between two linked waves, the older codebook first.

    With ``agreed``, the panel also has units that were merged in between, where all their parts
    answered alike the first time; without, only units that are the same. The interval of the
    change among all who answered rests on the latter in either case.
    """
    tables = linked.before, linked.after
    to, of = (
        wave_share(*one, level=level) for one in zip(books, (part, part), tables, strict=True)
    )
    sides = [_side(book, part, table) for book, table in zip(books, tables, strict=True)]
    same = linked.pairs.loc[linked.pairs["parts"] == 1]
    rows = [same["before"].to_numpy(), same["after"].to_numpy()]
    asked = np.logical_and(*(side.asked[row] for side, row in zip(sides, rows, strict=True)))
    roles = len(books[1].questions[part.variable].roles)
    shared = linked.shared_before, linked.shared_after
    inside = [int((side.asked & one).sum()) for side, one in zip(sides, shared, strict=True)]
    overlap = Overlap(
        (int(sides[0].asked.sum()), int(sides[1].asked.sum())),
        (float(roles * linked.units[0]), float(roles * linked.units[1])),
        int(asked.sum()),
        (inside[0], inside[1]),
        float(roles * linked.units[2]),
    )
    residuals = [side.residuals[row[asked]] for side, row in zip(sides, rows, strict=True)]
    related = covariance(residuals[0], residuals[1], overlap)
    own = variance(of) * variance(to)
    correlation = related / math.sqrt(own) if own > 0 else 0.0
    interval = interval_of_change(of, to, max(-1.0, min(1.0, correlation)))
    panel = _panel(linked.pairs if agreed else same, sides, overlap.common, level)
    surveys = books[0].id, books[1].id
    value = of.value - to.value
    return Shift(of, to, value, interval, of.evidence, surveys, part, related, overlap, panel)


@dataclass(frozen=True, eq=False)
class _Side:
    """One wave's answers to a share: who was asked, is in the base, and gave the codes."""

    asked: npt.NDArray[np.bool_]
    base: npt.NDArray[np.bool_]
    count: npt.NDArray[np.bool_]

    @property
    def residuals(self) -> Numbers:
        """The answers of those asked as what a change in each does to the share.

        Where the base is everyone asked, the answer less the share; a share of some of them is
        a ratio, and those outside its base count with nil.
        """
        scale = self.asked.sum() / max(1, self.base.sum())
        value = self.count.sum() / max(1, self.base.sum())
        return np.asarray(scale * (self.count - value * self.base), dtype=float)


def _side(book: Codebook, part: Part, answers: pd.DataFrame) -> _Side:
    base, count = members(book, part, answers)
    everyone = base
    if part.base is not None:
        on = book.questions[part.base.variable]
        everyone = base | members(book, Part(variable=on.name, codes=on.valid), answers)[0]
    return _Side(*(one.to_numpy(dtype=bool) for one in (everyone, base, count)))


def wave_share(book: Codebook, part: Part, answers: pd.DataFrame, level: float) -> Share:
    """The share of one wave's real respondents, with an interval at ``level``."""
    units = frame_size(book.frame)
    return replace(share(book, part, answers, units, Evidence.SURVEY), level=level)


def _panel(pairs: pd.DataFrame, sides: list[_Side], common: float, level: float) -> Panel | None:
    """Those in the base of the share both times; parts of a merged unit only if they agree."""
    then, now = sides
    rows = pairs.loc[then.base[pairs["before"]] & now.base[pairs["after"]]]
    said = pd.Series(then.count[rows["before"]], index=rows["after"].to_numpy())
    by_unit = said.groupby(level=0)
    parts = rows.groupby("after")["parts"].first()
    whole = (by_unit.size() == parts) & (by_unit.nunique() == 1)
    first = by_unit.first()[whole]
    second = pd.Series(now.count[first.index], index=first.index)
    test = mcnemar(first, second)
    if test is None:
        return None
    population = max(common, float(len(first)))
    to, of = (
        Share(int(one.sum()), len(one), Evidence.SURVEY, population, level)
        for one in (first, second)
    )
    both = int((first & second).sum())
    own = math.prod(one.count * (one.base - one.count) for one in (of, to))
    phi = (both * of.base - of.count * to.count) / math.sqrt(own) if own else 0.0
    return Panel(of, to, interval_of_change(of, to, phi), test)


def shown(change: Shift, limit: int) -> Shift | None:
    """What of a change may be shown, when its two shares may: all, or all but the panel.

    None where a count or rest of a share is under ``limit``. The panel stays back where one of
    its four counts is, or what is left of a wave beside it, for that is found by subtraction;
    then the interval must not tell of it either.
    """
    sides = [(one.count, one.base - one.count) for one in (change.of, change.to)]
    if any(count < limit for side in sides for count in side):
        return None
    if change.panel is None:
        return change.without_panel()
    inner = [(one.count, one.base - one.count) for one in (change.panel.of, change.panel.to)]
    beside = [(a - c, b - d) for (a, b), (c, d) in zip(sides, inner, strict=True)]
    small = any(any(rest) and min(rest) < limit for rest in beside)
    if small or min(change.panel.cells) < limit:
        return change.without_panel()
    return change
