"""Whole numbers that meet many conditions at once, and are the most even that do.

A thin layer over SciPy's HiGHS and SLSQP: conditions carry the finding they come from, so that
numbers which cannot all hold are told by name, and independent parts are solved one by one. The
most even numbers are found without regard to wholeness first; then the whole numbers that lose
the least. A slight preference among equals makes the solution the same on every machine.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp, minimize
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kompendium.statistics.entropy import Numbers, Term, loss, slope

Expression = Mapping[int, float]
"""A linear expression: the number of a variable → its coefficient."""

STRICT = 1e-4
"""How far above an open end counts as above: less than any step the printed shares can make."""

TOLERANCE = 1e-7
PREFERENCE = 1e-4
GOLDEN = (5**0.5 - 1) / 2

NEAR = 4
"""How many whole numbers to each side of an even one have their exact loss."""


class CannotHoldError(ValueError):
    """Published figures that no whole numbers satisfy together; names them."""

    def __init__(self, reasons: Iterable[str]) -> None:
        """Name the findings among which the contradiction lies."""
        self.reasons = tuple(dict.fromkeys(reason for reason in reasons if reason))
        listed = ", ".join(self.reasons) or "the numbers of answers"
        super().__init__(f"no whole numbers of answers satisfy all of: {listed}")


@dataclass(frozen=True)
class Solution:
    """Whole numbers, their entropy, and how much more any numbers could have, whole or not."""

    counts: list[int]
    entropy: float
    gap: float


@dataclass
class Program:
    """Variables from zero, conditions on sums of them, and what is wanted of them.

    ``goal`` is to be as small as it can. Then the entropy of ``terms``, with what ``lean`` adds
    for each count, is to be as large as it can.
    """

    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float, str]] = field(default_factory=list)
    goal: dict[int, float] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    lean: dict[int, float] = field(default_factory=dict)

    def count(self) -> int:
        """Add a whole number; returns its place."""
        return self._add(True)

    def require(
        self,
        expression: Expression,
        low: float = -np.inf,
        high: float = np.inf,
        reason: str = "",
    ) -> None:
        """Hold an expression between two numbers, both included."""
        self.rows.append((dict(expression), low, high, reason))

    def seek(self, expression: Expression, least: float) -> None:
        """Let an expression lack as little as it can of a number."""
        lacking = self._add(False)
        self.require({**expression, lacking: 1.0}, least)
        self.goal[lacking] = 1.0

    def solve(self) -> Solution:
        """The most even whole numbers; raises CannotHoldError where there are none."""
        counts = np.zeros(len(self.whole))
        entropy = gap = 0.0
        for inside, part in self._parts():
            counts[inside], own, lost = part.solve()
            entropy, gap = entropy + own, gap + lost
        return Solution([round(float(count)) for count in counts], entropy, gap)

    def ends(self, expression: Expression) -> tuple[float, float]:
        """What lies outside the least and the greatest an expression can be, whole or not."""
        ends = np.zeros(2)
        for inside, part in self._parts():
            cost = _dense(expression, np.flatnonzero(inside))
            if cost.any():
                ends += [cost @ part.least(side * cost, whole=False) for side in (1, -1)]
        return float(ends[0]), float(ends[1])

    def check(self) -> None:
        """Raise CannotHoldError where no whole numbers meet all conditions."""
        for _, part in self._parts():
            part.least(np.zeros(len(part.whole)))

    def allows(self, *conditions: tuple[Expression, float]) -> bool:
        """Tell whether whole numbers could meet some equations too."""
        rows = [(dict(expression), number, number, "") for expression, number in conditions]
        try:
            replace(self, rows=[*self.rows, *rows]).check()
        except CannotHoldError:
            return False
        return True

    def _parts(self) -> "Iterator[tuple[npt.NDArray[np.bool_], _Part]]":
        """Split into parts that share no condition, each with places of its own."""
        size = len(self.whole)
        entries = [
            (row, place, factor)
            for row, (expression, *_) in enumerate(self.rows)
            for place, factor in expression.items()
        ]
        row, place, factor = (np.array(part) for part in zip(*entries, strict=True))
        matrix = coo_array((factor, (row, place)), shape=(len(self.rows), size)).tocsr()
        _, parts = connected_components(abs(matrix.T) @ abs(matrix), directed=False)
        first = np.array([max(row, key=lambda place: abs(row[place])) for row, *_ in self.rows])
        low, high = (np.array([entry[side] for entry in self.rows]) for side in (1, 2))
        for number in range(parts.max() + 1):
            inside, held = parts == number, np.flatnonzero(parts[first] == number)
            places = np.flatnonzero(inside)
            where = {int(place): own for own, place in enumerate(places)}
            part = _Part(
                matrix[held][:, inside].toarray(),
                low[held] - TOLERANCE,
                high[held] + TOLERANCE,
                np.array(self.whole)[inside],
                _dense(self.goal, places),
                [term.at(where) for term in self.terms if inside[term.places[0]]],
                _dense(self.lean, places),
                [self.rows[row][3] for row in held],
            )
            yield inside, part

    def _add(self, whole: bool) -> int:
        self.whole.append(whole)
        return len(self.whole) - 1


def _dense(expression: Expression, places: npt.NDArray[np.intp]) -> Numbers:
    """What an expression gives each of some places."""
    return np.array([expression.get(int(place), 0.0) for place in places])


@dataclass
class _Part:
    """A part of a program that shares no condition with the rest: low ≤ matrix · x ≤ high."""

    matrix: Numbers
    low: Numbers
    high: Numbers
    whole: npt.NDArray[np.bool_]
    goal: Numbers
    terms: list[Term]
    lean: Numbers
    reasons: list[str]

    def solve(self) -> tuple[Numbers, float, float]:
        """The most even whole numbers, their entropy and how much more any numbers have."""
        if self.goal.any():
            reached = float(self.goal @ self.least(self.goal))
            self._hold(self.goal, reached + TOLERANCE)
        even = self._even(self.least(np.zeros(len(self.whole))))
        worth = self._worth(even)
        most = float(worth @ self.least(-worth, whole=False))
        found = self._nearest(even, worth)
        own = float(slope(self.terms, found) @ found)
        return found, own, most - own - float(self.lean @ found)

    def least(self, cost: Numbers, whole: bool = True) -> Numbers:
        """The numbers that cost the least; raises CannotHoldError where there are none."""
        result = milp(
            cost,
            integrality=(self.whole & whole).astype(int),
            bounds=Bounds(0, np.inf),
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            options={"mip_rel_gap": 0},
        )
        if result.x is None:
            raise CannotHoldError(self.reasons)
        return np.asarray(result.x)

    def _hold(self, expression: Numbers, high: float) -> None:
        self.matrix = np.vstack([self.matrix, expression])
        self.low, self.high = np.append(self.low, -np.inf), np.append(self.high, high)

    def _worth(self, counts: Numbers) -> Numbers:
        return slope(self.terms, counts) + self.lean

    def _even(self, start: Numbers) -> Numbers:
        """The numbers with the most entropy, whole or not."""
        scale = np.abs(self.matrix).max(axis=1)
        scale[scale == 0] = 1
        matrix, low, high = self.matrix / scale[:, None], self.low / scale, self.high / scale
        same = high - low < 3 * TOLERANCE
        equal, number = matrix[same], (low + high)[same] / 2
        above, below = ~same & np.isfinite(low), ~same & np.isfinite(high)
        sides = np.vstack([matrix[above], -matrix[below]])
        limits = np.concatenate([low[above], -high[below]])

        def cost(counts: Numbers) -> tuple[float, Numbers]:
            worth = self._worth(counts)
            return -float(worth @ counts), -worth

        found = minimize(
            cost,
            start,
            jac=True,
            method="SLSQP",
            bounds=[(0, None)] * len(start),
            constraints=[
                {"type": "eq", "fun": lambda x: equal @ x - number, "jac": lambda _: equal},
                {"type": "ineq", "fun": lambda x: sides @ x - limits, "jac": lambda _: sides},
            ],
            options={"ftol": 1e-12, "maxiter": 1000},
        )
        return np.asarray(np.maximum(found.x, 0.0))

    def _nearest(self, even: Numbers, worth: Numbers) -> Numbers:
        """The whole numbers that lose the least entropy against the most even numbers.

        They lose what leaving a limit costs, which ``worth`` tells, and what their distance
        costs (``loss``): exact at every whole number near by, with a variable of its own. Where
        it is open how many are asked a question, the loss is a little less than it seems.
        """
        size, cells = len(self.whole), np.flatnonzero(self.whole)
        preference = PREFERENCE * self.whole * (np.arange(1, size + 1) * GOLDEN % 1)
        matrix, high = [np.hstack([self.matrix, np.zeros((len(self.matrix), len(cells)))])], []
        for place, cell in enumerate(cells):
            middle = int(even[cell])
            counts = np.arange(max(0, middle - NEAR), middle + NEAR + 2, dtype=float)
            losses = loss(counts, even[cell])
            steps = np.diff(losses)
            rows = np.zeros((len(steps), size + len(cells)))
            rows[:, cell], rows[:, size + place] = steps, -1
            matrix.append(rows)
            high.append(steps * counts[:-1] - losses[:-1])
        limits = np.concatenate([self.high, *high])
        low = np.append(self.low, np.full(len(limits) - len(self.low), -np.inf))
        whole = np.append(self.whole, np.zeros(len(cells), dtype=bool))
        extended = replace(self, matrix=np.vstack(matrix), low=low, high=limits, whole=whole)
        cost = np.append(preference - worth, np.ones(len(cells)))
        return np.where(self.whole, np.round(extended.least(cost)[:size]), 0.0)
