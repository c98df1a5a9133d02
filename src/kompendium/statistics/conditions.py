"""What published figures, filters and numbers of people demand of the counts of a survey.

Every count becomes a variable of a ``Program``, and every published figure a linear condition
that carries the finding's name. Two demands go further than the figures: what is said of most,
of the smallest or of the largest of several shares is held for each of them, and "does not
know" is an answer only where a figure counts it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from kompendium.facts.quantities import Region
from kompendium.facts.size_classes import CODED
from kompendium.statistics.answers import region
from kompendium.statistics.entropy import Spread, Ticks
from kompendium.statistics.program import STRICT, Expression, Program
from kompendium.surveys.codebook import Answer, Codebook, Condition, Part, Variable

VISIBLE = 0.1
"""The distance between ordered shares that an illustration aims at."""

People = Mapping[str, Mapping[str, int]]
"""How many answer in each role, by size class."""


@dataclass(frozen=True)
class Cell:
    """Those of a role who gave ``code`` to a question, within one answer to another.

    ``within`` is their code on the question that ``stratifier`` names; None without one.
    ``size`` is their size class; None where no figure tells sizes apart.
    """

    variable: str
    role: str
    size: str | None
    within: int | None
    code: int


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


def choices(book: Codebook) -> list[list[Variable]]:
    """The boxes of each multiple choice."""
    names = dict.fromkeys(one.choice for one in book.variables if one.choice is not None)
    return [[one for one in book.variables if one.choice == name] for name in names]


def _implied(book: Codebook, variable: Variable, base: Condition) -> bool:
    """Tell whether everyone who is asked a question is within a base by the filters alone."""
    filtered = variable.asked_if
    while filtered is not None:
        if filtered.variable == base.variable:
            return set(filtered.codes) <= set(base.codes)
        filtered = book.questions[filtered.variable].asked_if
    return False


class Conditions:
    """A program whose variables are the cells of a survey, with all that must hold for them."""

    def __init__(self, book: Codebook, people: People) -> None:
        """State what must hold; ValueError for a codebook that linear conditions cannot hold."""
        self.book, self.people = book, people
        self.program = Program()
        self.cells: dict[Cell, int] = {}
        parts = [part for answer in book.answers for part in answer.parts]
        self.used: dict[str, set[int]] = defaultdict(set)
        for part in parts:
            self.used[part.variable].update(part.codes)
            if part.base is not None:
                self.used[part.base.variable].update(part.base.codes)
        self.sized = {part.variable for part in parts if part.sizes is not None}
        for variable in reversed(book.variables):
            if variable.name in self.sized:
                self.sized.update(filter(None, [stratifier(book, variable)]))
        for variable in book.variables:
            for role in variable.roles:
                self._question(variable, role)
        for boxes in choices(book):
            self._ticked(boxes)
        for answer in book.answers:
            self._answer(answer)

    def known_share(self, part: Part, reason: str) -> tuple[dict[int, float], int]:
        """The count of a share, and its base; ValueError if the base is not a known number."""
        variable = self.book.questions[part.variable]
        if variable.asked_if is not None or part.base is not None:
            raise ValueError(f"{reason}: only shares of everyone asked can be compared here")
        sizes = CODED.labels if part.sizes is None else part.sizes.labels
        base = sum(self.people[role].get(size, 0) for role in variable.roles for size in sizes)
        return self._share(part)[0], base

    def _question(self, variable: Variable, role: str) -> None:
        """Let the answers of each stratum add up to those asked in it."""
        unused = set(variable.unsure) - self.used[variable.name]
        codes = [code for code in variable.valid if code not in unused]
        for size, within, asked in self._strata(variable, role):
            places = {code: self.program.count() for code in codes}
            for code, place in places.items():
                self.cells[Cell(variable.name, role, size, within, code)] = place
            total = dict.fromkeys(places.values(), 1.0)
            if isinstance(asked, int):
                self.program.require(total, asked, asked)
            else:
                self.program.require(less(total, asked), 0, 0)
            if variable.choice is None:
                self.program.terms.append(Spread(tuple(places.values())))

    def _strata(
        self, variable: Variable, role: str
    ) -> Iterator[tuple[str | None, int | None, int | Expression]]:
        """Each stratum in which a question is asked, with the number asked."""
        name = stratifier(self.book, variable)
        sizes = list(self.people[role]) if variable.name in self.sized else [None]
        for size in sizes:
            if name is None:
                own = self.people[role]
                yield size, None, sum(own.values()) if size is None else own[size]
                continue
            codes = self.book.questions[name].valid
            if variable.asked_if is not None:
                codes = tuple(code for code in codes if code in variable.asked_if.codes)
            for code in codes:
                asked = self._sum(name, [role], [code], sizes=None if size is None else [size])
                if asked:
                    yield size, code, asked

    def _ticked(self, boxes: list[Variable]) -> None:
        """Let everyone who is asked tick a box; ValueError if boxes have strata of their own."""
        strata: dict[Cell, list[tuple[int, int]]] = defaultdict(list)
        for cell, place in self.cells.items():
            for box in boxes:
                if (cell.variable, cell.code) == (box.name, box.valid[0]):
                    blank = self.cells[replace(cell, code=box.valid[1])]
                    strata[replace(cell, variable="")].append((place, blank))
        for pairs in strata.values():
            if len(pairs) < len(boxes):
                raise ValueError(f"{boxes[0].choice}: boxes cannot be told apart one by one")
            ticked, blanks = zip(*pairs, strict=True)
            self.program.terms.append(Ticks(ticked, blanks))
            asked = {ticked[0]: 1.0, blanks[0]: 1.0}
            self.program.require(less(dict.fromkeys(ticked, 1.0), asked), 0)

    def _sum(
        self,
        name: str,
        roles: Iterable[str],
        codes: Iterable[int],
        within: Iterable[int] | None = None,
        sizes: Iterable[str] | None = None,
    ) -> dict[int, float]:
        roles, codes = set(roles), set(codes)
        strata = None if within is None else set(within)
        classes = None if sizes is None else set(sizes)
        return {
            place: 1.0
            for cell, place in self.cells.items()
            if cell.variable == name
            and cell.role in roles
            and cell.code in codes
            and (strata is None or cell.within in strata)
            and (classes is None or cell.size in classes)
        }

    def _share(self, part: Part) -> tuple[dict[int, float], dict[int, float]]:
        """Count and base of a share as expressions."""
        variable = self.book.questions[part.variable]
        sizes = None if part.sizes is None else part.sizes.labels
        within = None
        if part.base is not None and not _implied(self.book, variable, part.base):
            within = part.base.codes
        count = self._sum(part.variable, variable.roles, part.codes, within, sizes)
        name, codes = part.variable, variable.valid
        if part.base is not None:
            name, codes = part.base.variable, part.base.codes
        return count, self._sum(name, variable.roles, codes, sizes=sizes)

    def _answer(self, answer: Answer) -> None:
        allowed, reason = region(answer), answer.finding
        if answer.share is not None or answer.ranked is not None:
            for part in answer.parts:
                self._within(self._share(part), allowed, reason)
        elif answer.ratio is not None:
            of, base = self.known_share(answer.ratio.of, reason)
            to, other = self.known_share(answer.ratio.to, reason)
            self._within((times(of, other), times(to, base)), allowed, reason)
        elif answer.difference is not None:
            for one, two in product(answer.difference.of, answer.difference.to):
                self._ordered(one, two, allowed, reason)

    def _within(self, share: tuple[Expression, Expression], allowed: Region, reason: str) -> None:
        """Hold count / base within a region: linear, because the base is multiplied out."""
        count, base = share
        low = 0.0 if allowed.closed_low else STRICT
        high = 0.0 if allowed.closed_high else -STRICT
        self.program.require(less(count, base, allowed.low), low, reason=reason)
        self.program.require(less(count, base, allowed.high), high=high, reason=reason)
        self.program.require(base, 1, reason=reason)

    def _ordered(self, of: Part, to: Part, allowed: Region, reason: str) -> None:
        """Hold the difference of two shares of known bases within a region."""
        (first, base), (second, other) = (self.known_share(part, reason) for part in (of, to))
        spread, both = less(times(first, other), times(second, base)), base * other
        low = allowed.low * both + (0 if allowed.closed_low else STRICT)
        high = allowed.high * both - (0 if allowed.closed_high else STRICT)
        self.program.require(spread, low, high, reason)
        if of.sizes is None and to.sizes is None and 0 in (allowed.low, allowed.high):
            side = 1 if allowed.low == 0 else -1
            self.program.seek(times(spread, side / both), VISIBLE)


def times(expression: Expression, factor: float) -> dict[int, float]:
    """An expression times a factor."""
    return {place: factor * size for place, size in expression.items()}


def less(one: Expression, other: Expression, factor: float = 1.0) -> dict[int, float]:
    """One expression less another, times a factor."""
    result = dict(one)
    for place, size in other.items():
        result[place] = result.get(place, 0.0) - factor * size
    return result
