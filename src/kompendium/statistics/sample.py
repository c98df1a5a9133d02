"""The respondents a notebook analyses: the real ones where they are, else an illustration.

The same notebook then gives the real answer the day a researcher puts the file in, and until
then shows an analysis that is marked as an illustration and counts as evidence of nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import overload

import pandas as pd

from kompendium.facts.findings import findings
from kompendium.facts.frames import frame_size
from kompendium.facts.size_classes import SSB, SizeClasses
from kompendium.facts.vocabulary import Evidence
from kompendium.statistics.answers import Estimate, estimate, share
from kompendium.statistics.bounds import Bounds
from kompendium.statistics.illustration import GRADIENT, illustrate
from kompendium.statistics.release import coarsened, released
from kompendium.statistics.shares import Comparison, Share
from kompendium.surveys.codebook import Codebook, Condition, Part, Sizes, codebook
from kompendium.surveys.disclosure import LIMIT, hidden, hide_small
from kompendium.surveys.respondents import has_respondents, respondents


@dataclass(frozen=True)
class Sample:
    """Respondents with the codebook that explains them and the evidence they are.

    ``table`` has one row a respondent: role, kind ("kommune" or "bydel"), size_class, and a
    categorical column a question with Norwegian labels; blank where it was not asked. ``codes``
    is the same with the codebook's codes. ``units`` is the number of units in the frame. Counts
    under ``limit`` are hidden where they are real; an illustration has nobody to protect.
    """

    codebook: Codebook
    evidence: Evidence
    units: int
    codes: pd.DataFrame = field(repr=False)
    limit: int = LIMIT

    @property
    def table(self) -> pd.DataFrame:
        """The respondents with labels, made afresh so that a notebook may change its copy."""
        table = self.codes[["role", "kind", "size_class"]].copy()
        roles = {name: role.label.nb for name, role in self.codebook.roles.items()}
        table["role"] = table["role"].cat.rename_categories(roles)
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
        """What a caption ends with: `` (illustrasjon)`` or nothing."""
        return " (illustrasjon)" if self.illustrated else ""

    @property
    def alt_mark(self) -> str:
        """What an alternative text begins with, or nothing."""
        return "Illustrasjon, ikke virkelige svar. " if self.illustrated else ""

    @property
    def least(self) -> int:
        """The smallest count that may be shown."""
        return 0 if self.illustrated else self.limit

    @overload
    def hidden(self, counts: pd.DataFrame) -> pd.DataFrame: ...
    @overload
    def hidden(self, counts: "pd.Series[int]") -> "pd.Series[bool]": ...
    def hidden(self, counts: "pd.DataFrame | pd.Series[int]") -> "pd.DataFrame | pd.Series[bool]":
        """Tell which inner counts may not be shown: see ``surveys.disclosure.hidden``."""
        return hidden(counts, self.least)

    @overload
    def shown(self, counts: pd.DataFrame) -> pd.DataFrame: ...
    @overload
    def shown(self, counts: "pd.Series[int]") -> "pd.Series[str]": ...
    def shown(self, counts: "pd.DataFrame | pd.Series[int]") -> "pd.DataFrame | pd.Series[str]":
        """Write inner counts as text, with ``:`` for those that may not be shown."""
        return hide_small(counts, self.least)

    def shows(self, share: Share) -> bool:
        """Tell whether a share of these respondents, seen by itself, may be shown."""
        return share.base >= self.least and coarsened(share, self.least) is None

    def answered(self, role: str | None = None) -> int:
        """How many rows there are, or those of one role (its name in the codebook)."""
        if role is None:
            return len(self.codes)
        if role not in self.codebook.roles:
            raise KeyError(f"no role «{role}»; use {', '.join(self.codebook.roles)}")
        return int((self.codes["role"] == role).sum())

    def estimate(self, finding: str) -> Estimate:
        """What answers a finding: a Share, or a Comparison of two; KeyError if nothing does."""
        answer = self.codebook.answer(finding)
        return estimate(self.codebook, answer, self.codes, self.units, self.evidence)

    def share(self, finding: str) -> Share:
        """The share that answers a finding; TypeError if a comparison answers it."""
        found = self.estimate(finding)
        if not isinstance(found, Share):
            raise TypeError(f"{finding} is answered by a comparison: use comparison()")
        return found

    def comparison(self, finding: str) -> Comparison:
        """The difference or ratio that answers a finding; TypeError if a share answers it."""
        found = self.estimate(finding)
        if not isinstance(found, Comparison):
            raise TypeError(f"{finding} is answered by a share: use share()")
        return found

    def share_of(
        self,
        variable: str,
        *codes: int,
        base: tuple[str, tuple[int, ...]] | None = None,
        least: int | None = None,
        below: int | None = None,
    ) -> Share:
        """The share who gave one of some codes, of everyone or of those who meet a base.

        ``base`` is an earlier question and its codes; ``least`` and ``below`` limit the number
        of persons in the unit (limits of Statistics Norway's size classes).
        """
        sizes = None if least is None and below is None else Sizes(least=least, below=below)
        condition = None if base is None else Condition(variable=base[0], codes=base[1])
        part = Part(variable=variable, codes=codes, base=condition, sizes=sizes)
        return share(self.codebook, part, self.codes, self.units, self.evidence)

    def by_size(
        self,
        variable: str,
        *codes: int,
        classes: SizeClasses = SSB,
        within: SizeClasses | None = None,
    ) -> dict[str, Share | None]:
        """The shares of ``share_of`` by size class; None where nobody answered, or it is hidden.

        ``within`` are coarser classes that are shown as well: then each class is hidden so
        that it cannot be worked out from the sum of its group.
        """
        limits = zip((None, *classes.cuts), (*classes.cuts, None), strict=True)
        shares = {
            label: self.share_of(variable, *codes, least=least, below=below)
            for label, (least, below) in zip(classes.labels, limits, strict=True)
        }
        cells = pd.DataFrame({k: (one.count, one.base - one.count) for k, one in shares.items()}).T
        secret = self.hidden(cells).any(axis=1)
        if within is not None:
            outer = self.by_size(variable, *codes, classes=within)
            group = within.of(pd.Series([0, *classes.cuts], index=cells.index))
            for name, part in cells.groupby(group, observed=True):
                secret[part.index] = self.hidden(part).any(axis=1) | (outer[str(name)] is None)
        return {
            label: one if one.base and not secret[label] else None for label, one in shares.items()
        }

    def estimates(self, report: str | None = None) -> dict[str, Estimate]:
        """Everything the survey answers, by finding, in the codebook's order."""
        known = findings(report)
        return {
            answer.finding: self.estimate(answer.finding)
            for answer in self.codebook.answers
            if answer.finding in known
        }

    def released(self, report: str | None = None) -> dict[str, Estimate | Bounds]:
        """Those of ``estimates`` that may be shown; Bounds where a small count is hidden."""
        every = self.estimates(report)
        if self.illustrated:
            return dict(every)
        return released(self.codebook, self.codes, every, self.limit)

    def shares(self, report: str | None = None) -> dict[str, Share]:
        """The shares among ``estimates``: findings answered by one share."""
        every = self.estimates(report)
        return {name: one for name, one in every.items() if isinstance(one, Share)}

    def comparisons(self, report: str | None = None) -> dict[str, Comparison]:
        """The comparisons among ``estimates``: findings answered by a difference or a ratio."""
        every = self.estimates(report)
        return {name: one for name, one in every.items() if isinstance(one, Comparison)}


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
    ``limit`` are hidden.

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
