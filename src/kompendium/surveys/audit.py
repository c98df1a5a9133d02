"""What someone can work out who has read everything that was released of a survey.

An attack takes every released figure and finds the smallest and the largest number of
respondents that a domain can hold. Where they are the same, the domain is as good as printed.
Source: Fischetti, M. and Salazar, J. J. (2000), "Models and algorithms for optimizing cell
suppression in tabular data with linear constraints", JASA 95 (the auditing problem).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from kompendium.surveys.domains import Domain
from kompendium.surveys.equations import Equations, Vector
from kompendium.surveys.linkage import Space, Statement
from kompendium.surveys.unknowns import System


class ContradictionError(ValueError):
    """No respondents fit the figures: they are not of the same survey."""


def attack(
    space: Space,
    statements: Sequence[Statement],
    domains: Iterable[Domain],
    *,
    whole: bool = True,
) -> dict[Domain, tuple[float, float]]:
    """The least and the most respondents each domain can have, given what was released.

    With ``whole`` every count is a whole number, which is all there is to know; without it the
    ends are those of linear programming, which are farther apart.

    Raises:
        ContradictionError: nobody could have given such figures.
        TooLinkedError: too many variables are crossed with each other.
    """
    domains = list(domains)
    system = System(space, statements, domains)
    built: dict[int, Equations] = {}
    found = {}
    for domain in domains:
        place = system.place(domain.variables)
        equations = _component(system, statements, place, built)
        goal = equations.goal(domain, place)
        found[domain] = (_least(equations, goal, whole), -_least(equations, -goal, whole))
    return found


def determined(
    space: Space, statements: Sequence[Statement], domains: Iterable[Domain]
) -> list[Domain]:
    """The domains whose number of respondents follows from what was released, in their order.

    Raises as ``attack``. Every set of respondents that is found on the way is kept: a domain of
    which two of them differ need not be looked at.
    """
    domains = list(domains)
    system = System(space, statements, domains)
    built: dict[int, Equations] = {}
    solutions: dict[int, list[Vector]] = {}
    found = []
    for domain in domains:
        place = system.place(domain.variables)
        equations = _component(system, statements, place, built)
        known = solutions.setdefault(equations.places[0], [])
        if not _open(equations, equations.goal(domain, place), known):
            found.append(domain)
    return found


def _open(equations: Equations, goal: Vector, solutions: list[Vector]) -> bool:
    """Tell whether two sets of respondents differ in a domain; new ones are kept."""
    for sign in (0, 1, -1):
        if sign or not solutions:
            try:
                solution = equations.best(sign * goal)
            except OverflowError:
                return True
            if solution is None:
                raise ContradictionError("no respondents fit the released figures")
            solutions.append(solution.round())
        if len({float(goal @ one) for one in solutions}) > 1:
            return True
    return False


def _component(
    system: System, statements: Sequence[Statement], place: int, built: dict[int, Equations]
) -> Equations:
    """The equations of everything that hangs together with a table, made once."""
    places = system.component(place)
    if places[0] not in built:
        equations = Equations(system, places)
        equations.tie()
        for statement in statements:
            at = system.place(statement.variables)
            if at in equations.starts:
                equations.state(statement, at)
        built[places[0]] = equations
    return built[places[0]]


def _least(equations: Equations, goal: Vector, whole: bool) -> float:
    try:
        solution = equations.best(goal, whole=whole)
    except OverflowError:
        return -math.inf
    if solution is None:
        raise ContradictionError("no respondents fit the released figures")
    return round(float(goal @ solution), 6)
