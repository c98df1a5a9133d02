"""Whole numbers that meet many conditions at once, found by integer programming.

A thin layer over HiGHS (through SciPy): conditions carry the finding they come from, so that
numbers which cannot all hold are told by name; independent parts are solved one by one; and a
slight preference among equals makes the solution the same on every machine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Expression = Mapping[int, float]
"""A linear expression: the number of a variable → its coefficient."""

STRICT = 1e-4
"""How far above an open end counts as above: less than any step the printed shares can make."""

TOLERANCE = 1e-7
PREFERENCE = 1e-4
GOLDEN = (5**0.5 - 1) / 2


class CannotHoldError(ValueError):
    """Published figures that no whole numbers satisfy together; names them."""

    def __init__(self, reasons: Iterable[str]) -> None:
        """Name the findings among which the contradiction lies."""
        self.reasons = tuple(dict.fromkeys(reason for reason in reasons if reason))
        listed = ", ".join(self.reasons) or "the numbers of answers"
        super().__init__(f"no whole numbers of answers satisfy all of: {listed}")


@dataclass
class Program:
    """Variables from zero, conditions on sums of them, and a cost to be least."""

    whole: list[bool] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float, str]] = field(default_factory=list)

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

    def prefer(self, expression: Expression, target: float, weight: float) -> None:
        """Make the distance from an expression to a number cost ``weight`` a unit."""
        self.avoid(expression, target, weight)
        self.avoid({place: -size for place, size in expression.items()}, -target, weight)

    def avoid(self, expression: Expression, above: float, weight: float) -> None:
        """Make each unit by which an expression exceeds a number cost ``weight``."""
        excess = self._add(False, weight)
        self.require({**expression, excess: -1.0}, high=above)

    def solve(self) -> list[int]:
        """The least costly solution, rounded; raises CannotHoldError where there is none."""
        size = len(self.whole)
        entries = [
            (row, place, factor)
            for row, (expression, *_) in enumerate(self.rows)
            for place, factor in expression.items()
        ]
        row, place, factor = (np.array(part) for part in zip(*entries, strict=True))
        matrix = coo_array((factor, (row, place)), shape=(len(self.rows), size)).tocsr()
        _, parts = connected_components(abs(matrix.T) @ abs(matrix), directed=False)
        first = np.array([next(iter(expression)) for expression, *_ in self.rows])
        low, high = (np.array([entry[side] for entry in self.rows]) for side in (1, 2))
        solution = np.zeros(size)
        cost = np.array(self.cost) + PREFERENCE * np.array(self.whole) * (
            np.arange(1, size + 1) * GOLDEN % 1
        )
        for part in range(parts.max() + 1):
            inside, held = parts == part, parts[first] == part
            result = milp(
                cost[inside],
                integrality=np.array(self.whole)[inside].astype(int),
                bounds=Bounds(0, np.inf),
                constraints=LinearConstraint(
                    matrix[held][:, inside], low[held] - TOLERANCE, high[held] + TOLERANCE
                ),
                options={"mip_rel_gap": 0},
            )
            if result.x is None:
                raise CannotHoldError(self.rows[i][3] for i in np.flatnonzero(held))
            solution[inside] = result.x
        return [round(float(value)) for value in solution]

    def _add(self, whole: bool, cost: float = 0.0) -> int:
        self.whole.append(whole)
        self.cost.append(cost)
        return len(self.whole) - 1
