"""How many gave each answer, such that every published figure of a survey holds at once.

The figures leave many tallies open. Among those that satisfy all of them, the chosen one is
the plainest: shares near the middle of what their wording allows (a narrow wording before a
vague one), the rest spread evenly over the answers no figure mentions, "does not know" only
where a figure counts it, and orderings with ten percentage points between, where the figures
leave room for that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from kompendium.facts.quantities import Region
from kompendium.statistics.answers import region
from kompendium.statistics.program import STRICT, Expression, Program
from kompendium.surveys.codebook import Answer, Codebook, Condition, Part, Variable

VISIBLE = 0.1
"""The distance between ordered shares that an illustration aims at."""

NARROW = 0.1
"""A region of this width or less pulls its share to its middle with full weight."""

ORDER = 0.2
"""How much the visible distance of an ordering weighs against the middle of a narrow region."""

EVEN = 0.01
"""How little an even spread weighs against the middle of a published region."""


@dataclass(frozen=True)
class Cell:
    """Those of a role who gave ``code`` to a question, within one answer to another.

    ``within`` is their code on the question that ``stratifier`` names; None without one.
    """

    variable: str
    role: str
    within: int | None
    code: int


def tallies(book: Codebook, answering: Mapping[str, int]) -> dict[Cell, int]:
    """Choose whole numbers for every question, role and answer.

    ``answering`` is how many answer in each role; everyone answers all they are asked.
    Raises CannotHoldError, with the findings among which the contradiction lies.
    """
    return _Tally(book, answering).solve()


def stratifier(book: Codebook, variable: Variable) -> str | None:
    """The earlier question a variable must be crossed with: its filter, or a published base.

    ValueError if the published figures need more than one.
    """
    needed = {variable.asked_if.variable} if variable.asked_if is not None else set()
    for answer in book.answers:
        for part in answer.parts:
            if part.variable != variable.name or part.base is None:
                continue
            if not _implied(book, variable, part.base):
                needed.add(part.base.variable)
    if len(needed) > 1:
        listed = ", ".join(sorted(needed))
        raise ValueError(f"{variable.name} cannot be illustrated within each of {listed} at once")
    return next(iter(needed), None)


def _implied(book: Codebook, variable: Variable, base: Condition) -> bool:
    """Tell whether everyone who is asked a question is within a base by the filters alone."""
    filtered = variable.asked_if
    while filtered is not None:
        if filtered.variable == base.variable:
            return set(filtered.codes) <= set(base.codes)
        filtered = book.questions[filtered.variable].asked_if
    return False


class _Tally:
    """The integer program behind ``tallies``."""

    def __init__(self, book: Codebook, answering: Mapping[str, int]) -> None:
        self.book, self.answering = book, answering
        self.program = Program()
        self.cells: dict[Cell, int] = {}
        self.used: dict[str, set[int]] = defaultdict(set)
        self.figures: dict[tuple[str, int], set[str]] = defaultdict(set)
        for answer in book.answers:
            for part in answer.parts:
                self.used[part.variable].update(part.codes)
                for code in part.codes:
                    self.figures[part.variable, code].add(answer.finding)
                if part.base is not None:
                    self.used[part.base.variable].update(part.base.codes)

    def solve(self) -> dict[Cell, int]:
        for variable in self.book.variables:
            for role in variable.roles:
                self._question(variable, role)
        for boxes in self._choices():
            self._ticked(boxes)
        for answer in self.book.answers:
            self._answer(answer)
        solution = self.program.solve()
        return {cell: solution[place] for cell, place in self.cells.items()}

    def _question(self, variable: Variable, role: str) -> None:
        """Let the answers of each stratum add up to those asked in it."""
        unused = set(variable.unsure) - self.used[variable.name]
        codes = [code for code in variable.valid if code not in unused]
        for within, asked in self._strata(variable, role):
            places = {code: self.program.count() for code in codes}
            self.cells |= {Cell(variable.name, role, within, c): p for c, p in places.items()}
            total = dict.fromkeys(places.values(), 1.0)
            if isinstance(asked, int):
                self.program.require(total, asked, asked)
            else:
                self.program.require(_less(total, asked), 0, 0)
            for code, place in places.items():
                share = {p: -1 / len(codes) for p in places.values()}
                self.program.prefer({**share, place: share[place] + 1}, 0, EVEN)
                alike = [c for c in codes if self._same_figures(variable, code, c)]
                for one, other in pairwise(alike):
                    self.program.prefer({places[one]: 1.0, places[other]: -1.0}, 0, EVEN)

    def _same_figures(self, variable: Variable, code: int, other: int) -> bool:
        return self.figures[variable.name, code] == self.figures[variable.name, other]

    def _strata(
        self, variable: Variable, role: str
    ) -> Iterator[tuple[int | None, int | Expression]]:
        """Each stratum in which a question is asked, with the number asked."""
        name = stratifier(self.book, variable)
        if name is None:
            yield None, self.answering[role]
            return
        codes = self.book.questions[name].valid
        if variable.asked_if is not None:
            codes = tuple(code for code in codes if code in variable.asked_if.codes)
        for code in codes:
            asked = self._sum(name, [role], [code])
            if asked:
                yield code, asked

    def _choices(self) -> Iterator[list[Variable]]:
        names = dict.fromkeys(v.choice for v in self.book.variables if v.choice is not None)
        for name in names:
            yield [variable for variable in self.book.variables if variable.choice == name]

    def _ticked(self, boxes: list[Variable]) -> None:
        """Let there be enough ticks for everyone who was asked to have one."""
        for role in boxes[0].roles:
            ticks: Expression = {}
            for box in boxes:
                ticks = {**ticks, **self._sum(box.name, [role], [box.valid[0]])}
            asked = self._sum(boxes[0].name, [role], boxes[0].valid)
            self.program.require(_less(ticks, asked), 0)

    def _sum(
        self,
        name: str,
        roles: Iterable[str],
        codes: Iterable[int],
        within: Iterable[int] | None = None,
    ) -> dict[int, float]:
        roles, codes = set(roles), set(codes)
        strata = None if within is None else set(within)
        return {
            place: 1.0
            for cell, place in self.cells.items()
            if cell.variable == name
            and cell.role in roles
            and cell.code in codes
            and (strata is None or cell.within in strata)
        }

    def _share(self, part: Part) -> tuple[dict[int, float], dict[int, float]]:
        """Count and base of a share as expressions."""
        variable = self.book.questions[part.variable]
        within = None
        if part.base is not None and not _implied(self.book, variable, part.base):
            within = part.base.codes
        count = self._sum(part.variable, variable.roles, part.codes, within)
        if part.base is None:
            return count, self._sum(part.variable, variable.roles, variable.valid)
        return count, self._sum(part.base.variable, variable.roles, part.base.codes)

    def _known_share(self, part: Part, reason: str) -> tuple[dict[int, float], int]:
        """A share whose base is a known number; ValueError if it is not."""
        variable = self.book.questions[part.variable]
        if variable.asked_if is not None or part.base is not None:
            raise ValueError(f"{reason}: only shares of everyone asked can be compared here")
        base = sum(self.answering[role] for role in variable.roles)
        return self._share(part)[0], base

    def _answer(self, answer: Answer) -> None:
        allowed, reason = region(answer), answer.finding
        if answer.share is not None or answer.ranked is not None:
            for part in answer.parts:
                self._within(self._share(part), allowed, reason)
        elif answer.ratio is not None:
            of, base = self._known_share(answer.ratio.of, reason)
            to, other = self._known_share(answer.ratio.to, reason)
            first = {place: size * other for place, size in of.items()}
            second = {place: size * base for place, size in to.items()}
            self._within((first, second), allowed, reason, middle=False)
        elif answer.difference is not None:
            for one, two in product(answer.difference.of, answer.difference.to):
                if one.sizes is None and two.sizes is None:
                    self._ordered(one, two, allowed, reason)

    def _within(
        self,
        share: tuple[Expression, Expression],
        allowed: Region,
        reason: str,
        middle: bool = True,
    ) -> None:
        """Hold count / base within a region: linear, because the base is multiplied out."""
        count, base = share
        low = 0.0 if allowed.closed_low else STRICT
        high = 0.0 if allowed.closed_high else -STRICT
        self.program.require(_less(count, base, allowed.low), low, reason=reason)
        self.program.require(_less(count, base, allowed.high), high=high, reason=reason)
        self.program.require(base, 1, reason=reason)
        if middle:
            weight = min(1.0, NARROW / (allowed.high - allowed.low))
            self.program.prefer(_less(count, base, (allowed.low + allowed.high) / 2), 0, weight)

    def _ordered(self, of: Part, to: Part, allowed: Region, reason: str) -> None:
        """Hold the difference of two shares of known bases within a region."""
        (first, base), (second, other) = (self._known_share(part, reason) for part in (of, to))
        both = base * other
        spread = _less(
            {place: size * other for place, size in first.items()},
            {place: size * base for place, size in second.items()},
        )
        low = allowed.low * both + (0 if allowed.closed_low else STRICT)
        high = allowed.high * both - (0 if allowed.closed_high else STRICT)
        self.program.require(spread, low, high, reason)
        goal = VISIBLE if allowed.low >= 0 else -VISIBLE if allowed.high <= 0 else 0.0
        scale = max(base, other)
        fair = {place: size / scale for place, size in spread.items()}
        self.program.prefer(fair, goal * both / scale, ORDER)


def _less(one: Expression, other: Expression, factor: float = 1.0) -> dict[int, float]:
    """One expression less another, times a factor."""
    result = dict(one)
    for place, size in other.items():
        result[place] = result.get(place, 0.0) - factor * size
    return result
