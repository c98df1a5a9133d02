"""The respondents a notebook analyses: the real ones where they are, else an illustration.

The same notebook then gives the real answer the day a researcher puts the file in, and until
then shows an analysis that is marked as an illustration and counts as evidence of nothing. What
is given of real respondents has gone through the gate (``surveys.gate``); an illustration has
nobody to protect, so there everything passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from kompendium.facts.findings import findings
from kompendium.facts.frames import frame, frame_size
from kompendium.facts.language import either
from kompendium.facts.size_classes import CODED, SSB, SizeClasses
from kompendium.facts.vocabulary import Evidence
from kompendium.statistics.answers import Estimate, estimate, share
from kompendium.statistics.bounds import Bounds
from kompendium.statistics.crosstabs import Cells, crosstab
from kompendium.statistics.illustration import GRADIENT, illustrate
from kompendium.statistics.release import called, released, share_figure
from kompendium.statistics.sensitivity import Sensitivity, Weighted, sensitivity
from kompendium.statistics.shares import Share
from kompendium.surveys import gate
from kompendium.surveys.codebook import Codebook, Condition, Part, Sizes, codebook
from kompendium.surveys.disclosure import LIMIT
from kompendium.surveys.gate import DisclosureError, Figure, Ledger, Withheld
from kompendium.surveys.linkage import Space, Statement
from kompendium.surveys.respondents import has_respondents, respondents
from kompendium.surveys.rows import Rows

PRINTED = 3
"""Decimals of a share in per cent with one decimal: the finest that weighted shares are told."""


@dataclass(frozen=True)
class Sample:
    """Respondents with the codebook that explains them and the evidence they are.

    ``codes`` has one row a respondent: role, kind ("kommune" or "bydel"), size_class, and a
    column a question with the codebook's codes; blank where it was not asked. Real respondents
    do not show themselves: ``codes`` and ``table`` are for computing with. ``units`` is the
    number of units in the frame. What speaks of fewer than ``limit`` real respondents, or would
    give such a count away, is not given: it is None.
    """

    codebook: Codebook
    evidence: Evidence
    units: int
    codes: pd.DataFrame = field(repr=False)
    limit: int = LIMIT

    def __post_init__(self) -> None:
        """Keep real respondents from being shown by accident."""
        if not self.illustrated:
            object.__setattr__(self, "codes", Rows(self.codes))

    @property
    def table(self) -> pd.DataFrame:
        """The respondents with labels, made afresh so that a notebook may change its copy."""
        names = [name for name in ("role", "kind", "size_class", "weight") if name in self.codes]
        table = self.codes[names].copy()
        roles = {name: str(role.label) for name, role in self.codebook.roles.items()}
        table["role"] = table["role"].cat.rename_categories(roles)
        table["size_class"] = table["size_class"].cat.rename_categories(list(SSB.labels))
        for name, variable in self.codebook.questions.items():
            labels = self.codes[name].map(variable.codes)
            categories = list(variable.codes.values())
            table[name] = pd.Categorical(labels, categories, ordered=variable.ordered)
        return table

    @property
    def illustrated(self) -> bool:
        """Tell whether the respondents are made up."""
        return self.evidence is Evidence.ILLUSTRATION

    @property
    def mark(self) -> str:
        """What a caption ends with, or nothing."""
        return either(" (illustrasjon)", " (illustration)") if self.illustrated else ""

    @property
    def alt_mark(self) -> str:
        """What an alternative text begins with, or nothing."""
        mark = either("Illustrasjon, ikke virkelige svar. ", "Illustration, not real answers. ")
        return mark if self.illustrated else ""

    @property
    def least(self) -> int:
        """The smallest count that may be shown."""
        return 0 if self.illustrated else self.limit

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """What the notebook asked for of this survey and was not given, and why."""
        return self._ledger.withheld

    def answered(self, role: str | None = None) -> int:
        """How many rows there are, or those of one role (its name in the codebook).

        How many answer in a role is no secret in this field: the gate takes it as known.
        """
        if role is None:
            return len(self.codes)
        if role not in self.codebook.roles:
            raise KeyError(f"no role «{role}»; use {', '.join(self.codebook.roles)}")
        return int((self.codes["role"] == role).sum())

    def findings(self, report: str | None = None) -> tuple[str, ...]:
        """The published findings that the survey answers, in the codebook's order."""
        known = findings(report)
        return tuple(one.finding for one in self.codebook.answers if one.finding in known)

    def released(self, report: str | None = None) -> dict[str, Estimate | Bounds]:
        """What answers each finding, where it may be shown; Bounds where a count is hidden.

        Without ``report``, of every report. Those that are withheld are left out.
        """
        return released(self.codebook, self._estimates(report), self._ledger, self.least)

    def estimates(self, report: str | None = None) -> dict[str, Estimate]:
        """What answers each finding in an illustration, which shows everything.

        Raises DisclosureError where the respondents are real; use ``released``.
        """
        if not self.illustrated:
            raise DisclosureError("estimates on real respondents: use released()")
        return self._estimates(report)

    def share_of(
        self,
        variable: str,
        *codes: int,
        base: tuple[str, tuple[int, ...]] | None = None,
        least: int | None = None,
        below: int | None = None,
    ) -> Share | None:
        """The share who gave one of some codes, of everyone or of those who meet a base.

        ``base`` is an earlier question and its codes; ``least`` and ``below`` are limits of
        Statistics Norway's size classes, in persons. None where it may not be shown.
        """
        sizes = None if least is None and below is None else Sizes(least=least, below=below)
        condition = None if base is None else Condition(variable=base[0], codes=base[1])
        part = Part(variable=variable, codes=codes, base=condition, sizes=sizes)
        return self._shares({called(part): part})[called(part)]

    def by_size(
        self,
        variable: str,
        *codes: int,
        classes: SizeClasses = SSB,
        within: SizeClasses | None = None,
    ) -> dict[str, Share | None]:
        """The shares of ``share_of`` by size class; None where nobody answered, or it is hidden.

        ``within`` are coarser classes that are shown as well, and come first: where not all can
        be shown, it is rather the finer ones that are hidden.
        """
        if within is not None:
            self.by_size(variable, *codes, classes=within)
        limits = zip((None, *classes.cuts), (*classes.cuts, None), strict=True)
        return self._shares(
            {
                label: Part(variable=variable, codes=codes, sizes=Sizes(least=least, below=below))
                for label, (least, below) in zip(classes.labels, limits, strict=True)
            }
        )

    def crosstab(
        self,
        rows: str,
        columns: str,
        *,
        groups: Mapping[str, Mapping[str, Iterable[int | str]]] | None = None,
    ) -> pd.DataFrame:
        """Count respondents by two variables, with sums; ``<NA>`` where a count is hidden.

        A variable is a question, ``role``, ``kind`` or ``size_class``; who gave no answer to one
        does not count. ``groups`` gives it other rows or columns than one a category: labels,
        each with categories (codes of a question). Sums are ``Sum``, counts are ``Int64``.

        Raises:
            KeyError: there is no such variable.
            ValueError: a category stands in two groups, or no role is asked both questions.
        """
        cells = Cells.of(self.codebook, (rows, columns), groups or {})
        return crosstab(cells, self._ledger, self.least)

    def sensitivity(self, finding: str) -> Sensitivity | None:
        """The share that answers a finding, as published and weighted to the frame.

        None where it cannot be weighted, or may not be shown: weights known by size class narrow
        the counts of each class down. It is printed with ``PRINTED`` decimals at the most.

        Raises:
            KeyError: the survey has no answer to the finding.
            ValueError: a comparison answers it, and not one share.
        """
        part = self.codebook.answer(finding).share
        if part is None:
            raise ValueError(f"{finding} is answered by a comparison: only a share is weighted")
        units = frame(self.codebook.frame, CODED)
        found = sensitivity(self.codebook, part, self.codes, units, self.evidence)
        if found is None or self._shares({finding: part})[finding] is None:
            return None
        if self._may_show_weighted(finding, part, found.post_stratified):
            raked = found.raked and self._may_show_weighted(finding, part, found.raked)
            return found if raked else replace(found, raked=None)
        return None

    def _may_show_weighted(self, finding: str, part: Part, one: Weighted) -> bool:
        if self.illustrated:
            return True
        if one.by_place is None:
            return False
        told = one.told(self.codebook, part, self.codes, PRINTED)
        return self.may_show(f"{finding}, weighted", told)

    def may_show(
        self,
        name: str,
        *statements: Statement,
        finding: str | None = None,
        value: float | None = None,
        interval: tuple[float, float] | None = None,
    ) -> bool:
        """Put a figure that was computed elsewhere before the gate; tell whether it may be shown.

        ``statements`` are all that it tells: counts, or sums over domains between two limits,
        as ``Statement.rounded`` makes of a weighted share and the decimals it is printed with.
        With ``finding``, the ``value`` and ``interval`` may be recorded for it.
        """
        (passed,) = self._ledger.release([Figure(name, statements)], self.least)
        if passed and finding is not None and value is not None:
            self._ledger.allow(finding, value, value, interval)
        return passed

    def _estimates(self, report: str | None) -> dict[str, Estimate]:
        book = self.codebook
        return {
            name: estimate(book, book.answer(name), self.codes, self.units, self.evidence)
            for name in self.findings(report)
        }

    def _shares(self, parts: Mapping[str, Part]) -> dict[str, Share | None]:
        """Several shares at once: the fewest respondents are lost where some must be hidden."""
        found = {
            name: share(self.codebook, part, self.codes, self.units, self.evidence)
            for name, part in parts.items()
        }
        figures = [
            share_figure(called(part), self.codebook, part, self._ledger, 1 + found[name].base)
            for name, part in parts.items()
        ]
        passed = self._ledger.release(figures, self.least)
        return {
            name: one if shown and one.base else None
            for (name, one), shown in zip(found.items(), passed, strict=True)
        }

    @cached_property
    def _ledger(self) -> Ledger:
        units = frame(self.codebook.frame, CODED)
        totals = {role: self.answered(role) for role in self.codebook.roles}
        space = Space.of(self.codebook, units, totals)
        if self.illustrated:
            return Ledger(self.codebook.id, space, self.codes, secret=False)
        return gate.ledger(self.codebook.id, space, self.codes)


def sample(
    survey: str,
    *,
    seed: int = 1,
    gradient: float = GRADIENT,
    answering: Mapping[str, int] | None = None,
    limit: int = LIMIT,
) -> Sample:
    """The respondents of a survey, such as ``sample("ramboll-2020")``.

    ``seed``, ``gradient`` (log-odds a size class) and ``answering`` (number answering in each
    role) shape the illustration only; real respondents are what they are. Real counts under
    ``limit`` are hidden, and so is what would give them away.

    Raises:
        InputError: the codebook or the file of respondents is wrong, with every problem.
        CannotHoldError: the published figures cannot all hold in an illustration.
    """
    book = codebook(survey)
    units = frame_size(book.frame)
    if has_respondents(survey):
        return Sample(book, Evidence.SURVEY, units, respondents(book), limit)
    made = illustrate(book, seed=seed, gradient=gradient, answering=answering)
    return Sample(book, Evidence.ILLUSTRATION, units, made, limit)
