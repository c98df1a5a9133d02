"""The system of a survey's unknowns as rows and columns, for a solver of whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from kompendium.surveys.cliques import Names
from kompendium.surveys.domains import Domain
from kompendium.surveys.linkage import Statement
from kompendium.surveys.unknowns import Counts, Mask, System

Vector = npt.NDArray[np.float64]

SLACK = 1e-6
"""What the solver may leave of a row that is met."""

SOLVED, IMPOSSIBLE, ENDLESS = 0, 2, 3
"""What scipy's ``milp`` says of a problem: has a best solution, has none, has none best."""


EITHER = "HiGHS Status 9"
"""How it says that a problem has no solution or none best, and that it does not know which."""


class UnsolvedError(Exception):
    """The solver gave up; nothing is known."""


class Equations:
    """Rows over the cells of some tables (first) and over what figures are off by (last)."""

    def __init__(self, system: System, places: Sequence[int], priced: int = 0) -> None:
        """Take the cells of these tables as unknowns, with what anyone knows of them."""
        self.system = system
        self.places = list(places)
        self.starts: dict[int, int] = {}
        self.cells = 0
        for place in places:
            self.starts[place] = self.cells
            self.cells += system.table(place).size
        self.priced = priced
        self._columns: list[Counts] = []
        self._values: list[Vector] = []
        self._low: list[float] = []
        self._high: list[float] = []
        for place in places:
            for cells, low, high in system.table(place).known:
                self._add(cells + self.starts[place], np.ones(len(cells)), low, high)

    def require(self, place: int, cells: Mask, low: float, high: float) -> None:
        """Require low ≤ sum ≤ high of some cells of a table."""
        found = np.flatnonzero(cells) + self.starts[place]
        self._add(found, np.ones(len(found)), low, high)

    def state(self, statement: Statement, place: int) -> None:
        """Require what a released figure says."""
        cells, values = self.system.table(place).row(statement)
        self._add(cells + self.starts[place], values, statement.low, statement.high)

    def state_at_a_price(self, number: int, statement: Statement, place: int) -> None:
        """Require what a figure says but for what it is off by, in units of a respondent."""
        cells, values = self.system.table(place).row(statement)
        unit = np.abs(values).min(initial=1.0)
        columns = np.append(cells + self.starts[place], self.cells + number)
        if statement.low > -np.inf:
            self._add(columns, np.append(values, unit), statement.low, np.inf)
        if statement.high < np.inf:
            self._add(columns, np.append(values, -unit), -np.inf, statement.high)

    def tie(self) -> None:
        """Require that tables agree on the variables they share."""
        for one, two in self.system.edges:
            if one in self.starts and two in self.starts:
                shared = self.system.variables[one] & self.system.variables[two]
                first, second = (self.system.table(place).groups(shared) for place in (one, two))
                for group in np.union1d(first, second):
                    plus = np.flatnonzero(first == group) + self.starts[one]
                    minus = np.flatnonzero(second == group) + self.starts[two]
                    signs = np.repeat([1.0, -1.0], [len(plus), len(minus)])
                    self._add(np.concatenate([plus, minus]), signs, 0, 0)

    def pin(self, place: int, shared: Names, change: Counts | None = None) -> None:
        """Require that what a table shares with a neighbour is as it is among the people.

        With ``change``, by group of ``Table.groups``, it differs by so much.
        """
        table = self.system.table(place)
        groups = table.groups(shared)
        for group in np.unique(groups):
            number = int(table.counts[groups == group].sum())
            number += 0 if change is None else int(change[group])
            self.require(place, groups == group, number, number)

    def goal(self, domain: Domain, place: int) -> Vector:
        """The size of a domain as a row over everything."""
        row = np.zeros(self.cells + self.priced)
        holds = self.system.table(place).holds(domain)
        row[self.starts[place] : self.starts[place] + len(holds)] = holds
        return row

    def best(self, goal: Vector, *, whole: bool = True, most: float = np.inf) -> Vector | None:
        """The cells (and what figures are off by) of the least goal, or None if nothing fits.

        ``most`` is the largest number a cell can hold. Raises UnsolvedError where the solver
        gives up, and OverflowError where the goal has no least value.
        """
        width = self.cells + self.priced
        high = np.full(width, float(most))
        high[self.cells :] = np.inf
        constraints = []
        if self._columns:
            ends = np.cumsum([0, *map(len, self._columns)])
            cells = np.concatenate(self._values), np.concatenate(self._columns), ends
            matrix = csr_array(cells, shape=(len(self._columns), width))
            constraints = [LinearConstraint(matrix, self._low, self._high)]
        found = milp(
            goal,
            constraints=constraints,
            integrality=np.repeat([int(whole), 0], [self.cells, self.priced]),
            bounds=Bounds(0, high),
        )
        if found.status == IMPOSSIBLE:
            return None
        if found.status == ENDLESS:
            raise OverflowError
        if EITHER in found.message and goal.any():
            if self.best(0 * goal, whole=whole, most=most) is None:
                return None
            raise OverflowError
        if found.status != SOLVED or found.x is None:
            raise UnsolvedError(found.message)
        return np.asarray(found.x, dtype=np.float64)

    def _add(self, columns: Counts, values: Vector, low: float, high: float) -> None:
        self._columns.append(columns)
        self._values.append(values)
        self._low.append(low)
        self._high.append(high)
