"""The weighted figure beside the unweighted one: does the answer depend on who answered?

Reports of this field publish unweighted shares. Small municipalities answer less often than
large ones, so a share is also given with every size class, and municipalities and Oslo's
districts, counted as often as they stand in the frame: post-stratified to size class by kind,
and raked to the two margins. That repairs what size and kind explain of the non-response, and
nothing else.

Those who answered are taken for a simple random sample of their cell (a response homogeneity
group). Each cell is therefore a stratum with a finite population correction of its own: a class
where nearly everyone answered adds nearly nothing to the uncertainty, which one correction for
the whole frame would not see.

Sources: Holt, D. and Smith, T. M. F. (1979), "Post stratification", JRSS A 142 (variance given
the numbers that answered); Särndal, C.-E., Swensson, B. and Wretman, J. (1992), "Model Assisted
Survey Sampling", Springer, section 15.6; Kalton, G. and Flores-Cervantes, I. (2003), "Weighting
methods", Journal of Official Statistics 19 (joining small cells).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from kompendium.facts.vocabulary import Evidence
from kompendium.statistics.answers import share
from kompendium.statistics.design import Design
from kompendium.statistics.estimates import Interval, Numbers
from kompendium.statistics.shares import LEVEL, Share
from kompendium.statistics.weighting import NoWeightsError, Weights
from kompendium.surveys import domains
from kompendium.surveys.codebook import Codebook, Part, Variable
from kompendium.surveys.domains import Domain, meets, members
from kompendium.surveys.linkage import Statement

LEAST = 5
"""A cell with fewer answers than this is joined with a neighbour: a variance from fewer is
itself too uncertain. Textbooks ask for 20 or 30, but there are only 15 districts."""


Cell = tuple[str, str]
"""A size class and a kind; either is blank where it is not told apart."""

Place = tuple[str, str, str]
"""A role, a kind and a size class."""


@dataclass(frozen=True)
class Weighted:
    """A weighted share, 0 to 1, with its standard error, interval and degrees of freedom.

    ``method`` is how the interval was made (``Design.share``), ``weights`` how far the weights
    reach among all who answered, ``cells`` the number of cells or classes that were told apart.
    ``by_place`` is the weight of a respondent by role, kind and size class; None where a base
    weight differs within such a place.
    """

    value: float
    se: float
    interval: tuple[float, float]
    method: Interval
    df: int
    weights: Weights
    cells: int
    by_place: Mapping[Place, float] | None

    def told(self, book: Codebook, part: Part, answers: pd.DataFrame, decimals: int) -> Statement:
        """What the value tells when it is printed as a share with so many decimals.

        A weighted share v is Σ w c / Σ w b, of the counts c and bases b of each place. What is
        known is that Σ w c − v Σ w b lies within half a last digit of Σ w b.

        Raises:
            ValueError: the weights differ within a place, so that the sum is no sum of counts.
        """
        if self.by_place is None:
            raise ValueError("a base weight differs within a size class: no sum of counts")
        value, half = round(self.value, decimals), 0.5 * 10.0**-decimals
        base, count = domains.base(book, part), domains.given(book, part)
        terms, reach = [], 0.0
        for (role, kind, size), weight in self.by_place.items():
            place = Domain.where({"role": [role], "kind": [kind], "size_class": [size]})
            terms += [(weight, count & place), (-value * weight, base & place)]
            reach += half * weight * int((base & place).holds(answers).sum())
        return Statement(tuple(term for term in terms if term[1].boxes), -reach, reach)


@dataclass(frozen=True)
class Sensitivity:
    """One share three ways: as published (unweighted), post-stratified and raked.

    ``raked`` is None where no weights meet both margins: the answers are too few and too uneven.
    """

    unweighted: Share
    post_stratified: Weighted
    raked: Weighted | None

    @property
    def shift(self) -> float:
        """What post-stratification adds to the published share, −1 to 1."""
        return self.post_stratified.value - self.unweighted.value


def sensitivity(
    book: Codebook,
    part: Part,
    answers: pd.DataFrame,
    frame: pd.DataFrame,
    evidence: Evidence,
    *,
    least: int = LEAST,
    level: float = LEVEL,
) -> Sensitivity | None:
    """The share of ``part`` unweighted, post-stratified and raked to the frame.

    ``answers`` are codes, one row a respondent: role, kind, size_class, a column a question and
    optionally ``weight`` (a base weight, else all are alike). ``frame`` has one row a unit, with
    kind and size_class (``facts.frames.frame``).

    The sample is those of whom it is known whether they are in the base of the share; the others
    are non-respondents like those who never answered. A share of some of them (a filter, a size)
    is a domain. A part asked of several roles stands for every unit once a role: each role is
    weighted to the whole frame, and respondents carry no unit number, so the roles of a unit are
    taken to answer independently; where they agree, the interval is too narrow.

    None where fewer than two answered in a role, or nobody is in the base. The figures are of
    respondents: what may be shown of real ones is for ``Sample.sensitivity`` to say.

    Raises:
        ValueError: more answered in a cell than the frame has units, or a weight is not positive.
    """
    roles = book.questions[part.variable].roles
    base, count = members(book, part, answers)
    sample = answers.assign(base=base, count=count).loc[settled(book, part, answers)]
    if sample["role"].value_counts().reindex(roles).fillna(0).min() < 2 or not base.any():
        return None
    cells = partial(_Cells.of, sample, frame, roles, least)
    both, sizes, kinds = cells(), cells("kind"), cells("size_class")

    def weighted(strata: _Cells, *margins: _Cells) -> Weighted:
        data = sample.assign(stratum=strata.place, units=strata.place.map(strata.units))
        for n, margin in enumerate(margins):
            data[f"margin {n}"] = margin.place
        totals = [margin.units.rename_axis(f"margin {n}") for n, margin in enumerate(margins)]
        weight = "weight" if "weight" in answers else None
        design = Design(data, weight, stratum="stratum", population="units", level=level)
        design = design.raked(*totals) if len(totals) > 1 else design.post_stratified(*totals)
        shares = design.share("count", where=data["base"])
        weights = design.case_weights
        [row] = shares.loc[shares["level"].astype(bool)].to_dict("records")
        return Weighted(
            value=row["estimate"],
            se=row["se"],
            interval=(row["low"], row["high"]),
            method=Interval(row["interval"]),
            df=row["df"],
            weights=Weights.of(weights),
            cells=sum(len(margin.units) for margin in margins),
            by_place=_by_place(sample, weights),
        )

    try:
        raked = weighted(sizes, sizes, kinds)
    except NoWeightsError:
        raked = None
    published = share(book, part, answers, len(frame), evidence)
    return Sensitivity(replace(published, level=level), weighted(both, both), raked)


def _by_place(sample: pd.DataFrame, weights: Numbers) -> dict[Place, float] | None:
    """The weight of each place; None where it is not one."""
    found: dict[Place, float] = {}
    places = sample[["role", "kind", "size_class"]].astype(str).itertuples(index=False)
    for (role, kind, size), weight in zip(places, weights, strict=True):
        if not math.isclose(found.setdefault((role, kind, size), float(weight)), weight):
            return None
    return found


def settled(book: Codebook, part: Part, answers: pd.DataFrame) -> pd.Series[bool]:
    """Tell of whom it is known whether they are in the base, and what they answered if they are.

    One who was not asked because of an earlier answer is known to be outside. The sizes of
    ``part`` are left out: the frame tells everyone's size.
    """
    variable = book.questions[part.variable]
    base, _ = members(book, part.model_copy(update={"sizes": None}), answers)
    outside = _unasked(book, variable, answers)
    if part.base is not None:
        decided = book.questions[part.base.variable]
        answered = answers[decided.name].isin(decided.valid) | _unasked(book, decided, answers)
        outside = answered & ~meets(part.base, answers)
    return base | (outside & answers["role"].isin(variable.roles))


def _unasked(book: Codebook, variable: Variable, answers: pd.DataFrame) -> pd.Series[bool]:
    """Tell who was not asked a question because of what they answered to one before it."""
    if variable.asked_if is None:
        return pd.Series(False, index=answers.index)
    before = book.questions[variable.asked_if.variable]
    answered = answers[before.name].isin(before.valid) & ~meets(variable.asked_if, answers)
    return answered | _unasked(book, before, answers)


@dataclass(frozen=True)
class _Cells:
    """The cell of each respondent (``place``), and the number of units in each cell."""

    place: pd.Series[str]
    units: pd.Series[int]

    @classmethod
    def of(
        cls,
        sample: pd.DataFrame,
        frame: pd.DataFrame,
        roles: Sequence[str],
        least: int,
        without: str | None = None,
    ) -> _Cells:
        """The cells of size class and kind in each role, as ``joined``, or ``without`` either."""
        blank = {without: ""} if without is not None else {}
        by = ["size_class", "kind"]
        whole = frame.assign(**blank).groupby(by, observed=True).size()
        labels: dict[tuple[str, ...], str] = {}
        units: dict[str, int] = {}
        for role in roles:
            here = sample.loc[sample["role"] == role].assign(**blank)
            answers = here.groupby(by, observed=True).size().reindex(whole.index, fill_value=0)
            counts = dict(zip(whole.index.to_list(), answers.to_list(), strict=True))
            for group in joined(counts, least):
                label = " ".join((role, *group[0]))
                labels |= {(role, *cell): label for cell in group}
                units[label] = sum(int(whole[cell]) for cell in group)
        rows = sample.assign(**blank)[["role", *by]].astype(str).itertuples(index=False, name=None)
        return cls(pd.Series([labels[row] for row in rows], sample.index), pd.Series(units))


def joined(answers: Mapping[Cell, int], least: int) -> list[list[Cell]]:
    """Join cells until each group of them has ``least`` answers, or there is one group.

    ``answers`` is by size class and kind, classes in order. A group with too few answers is
    joined with its neighbour of the same kind that has the fewer answers (the smaller class,
    where they are equal), the group with the fewest first. Kinds are told apart only where each
    has ``least`` answers in all.
    """
    total = Counter[str]()
    for (_, kind), number in answers.items():
        total[kind] += number
    apart = min(total.values()) >= least
    rows: dict[str, dict[str, list[Cell]]] = {}
    for size, kind in answers:
        rows.setdefault(kind if apart else "", {}).setdefault(size, []).append((size, kind))
    return [group for row in rows.values() for group in _runs([*row.values()], answers, least)]


def _runs(groups: list[list[Cell]], answers: Mapping[Cell, int], least: int) -> list[list[Cell]]:
    """Join neighbours in a row of groups."""
    numbers = [sum(answers[cell] for cell in group) for group in groups]
    while len(groups) > 1 and min(numbers) < least:
        at = numbers.index(min(numbers))
        sides = [place for place in (at - 1, at + 1) if 0 <= place < len(groups)]
        first = min(at, min(sides, key=numbers.__getitem__))
        pair = slice(first, first + 2)
        groups = [*groups[:first], [*groups[first], *groups[first + 1]], *groups[first + 2 :]]
        numbers = [*numbers[:first], sum(numbers[pair]), *numbers[first + 2 :]]
    return groups
