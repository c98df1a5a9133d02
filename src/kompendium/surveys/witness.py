"""Other respondents that fit what is released: what makes a withheld count uncertain.

Two sets of respondents that agree on every released figure, and differ in a withheld one, show
that it cannot be worked out. Such a witness is looked for near by first: in one table, with all
that it shares with others as it is, so that nothing else changes. Then everywhere. Figures that
are up for release may give way, at a price, and the cheapest witness decides which.
Source: Fischetti, M. and Salazar, J. J. (2000), JASA 95 (cell suppression by integer programs).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kompendium.surveys.cliques import Names
from kompendium.surveys.domains import Domain
from kompendium.surveys.equations import SLACK, Equations, UnsolvedError, Vector
from kompendium.surveys.linkage import Statement
from kompendium.surveys.unknowns import Counts, People, System, Table


@dataclass(frozen=True)
class Offer:
    """A figure up for release: what it says, and what is lost without it."""

    statements: tuple[Statement, ...]
    loss: float


Offered = list[tuple[int, Statement]]
"""What figures up for release say, each with the figure's number."""


@dataclass(frozen=True, eq=False)
class Witness:
    """How other respondents differ, cell by cell, and which offers they do not agree with."""

    changes: Mapping[Names, tuple[Table, Counts]]
    against: frozenset[int] = frozenset()
    cost: float = 0.0

    def changed(self, system: System, domain: Domain) -> int:
        """How many more or fewer a domain has among the others."""
        names = system.variables[system.place(domain.variables)]
        if names not in self.changes:
            return 0
        table, change = self.changes[names]
        return int(change @ table.holds(domain))


class Search:
    """The search for witnesses, with what is released and what may be."""

    def __init__(
        self,
        system: System,
        people: People,
        released: Sequence[Statement],
        offers: Mapping[int, Offer],
    ) -> None:
        """Sort what is said by the table it is about."""
        self.system = system
        self._people = people
        self._offers = offers
        self._fixed: dict[int, list[Statement]] = {}
        for statement in released:
            self._fixed.setdefault(system.place(statement.variables), []).append(statement)

    def witness(self, domain: Domain, given_up: frozenset[int]) -> Witness | None:
        """The cheapest witness found for a domain, where some offers are given up already.

        None where nothing that is offered makes a difference: what was known before decides it.
        Raises UnsolvedError where the solver gives up.
        """
        place = self.system.place(domain.variables)
        here, everywhere = [place], self.system.component(place)
        near = self._cheapest(domain, here, given_up)
        if near is not None or len(everywhere) == 1:
            return near
        far = self._cheapest(domain, everywhere, given_up, priced=False)
        return far or self._cheapest(domain, everywhere, given_up)

    def again(self, before: Witness) -> Witness | None:
        """A witness of an earlier round, where it fits what was said since, at no price.

        Tables of which nothing new is said keep its changes. The others must be able to follow
        what it changes of the variables they share with these.
        """
        anchors = (n for n, names in enumerate(self.system.variables) if names in before.changes)
        anchor = next(anchors, None)
        if anchor is None:
            return None
        changes: dict[int, Counts] = {}
        waiting = []
        for place in self.system.component(anchor):
            kept = before.changes.get(self.system.variables[place])
            if kept and kept[0] is self.system.table(place) and self._keeps(place, kept[1]):
                changes[place] = kept[1]
            else:
                waiting.append(place)
        for place in waiting:
            following = self._following(place, changes)
            if following is None:
                return None
            changes[place] = following
        return Witness(self._named(changes))

    def _cheapest(
        self,
        domain: Domain,
        places: Sequence[int],
        given_up: frozenset[int],
        *,
        priced: bool = True,
    ) -> Witness | None:
        """The cheaper of a witness with more respondents in a domain, and one with fewer.

        Without a price no offer gives way, which is quicker to find.
        """
        more = self._solve(domain, places, given_up, 1, priced)
        if more is not None and not more.cost:
            return more
        fewer = self._solve(domain, places, given_up, -1, priced)
        found = [one for one in (more, fewer) if one is not None]
        return min(found, key=lambda one: one.cost, default=None)

    def _solve(
        self,
        domain: Domain,
        places: Sequence[int],
        given_up: frozenset[int],
        sign: int,
        priced: bool,
    ) -> Witness | None:
        """The cheapest witness with at least one more (or fewer) in a domain."""
        offered = self._offered(places, given_up)
        equations = self._equations(places, len(offered) if priced else 0)
        if len(places) == 1:
            for shared in self.system.borders(places[0]):
                equations.pin(places[0], shared)
        else:
            equations.tie()
        for turn, (_, statement) in enumerate(offered):
            at = self.system.place(statement.variables)
            if priced:
                equations.state_at_a_price(turn, statement, at)
            else:
                equations.state(statement, at)
        place = self.system.place(domain.variables)
        holds = self.system.table(place).holds(domain)
        number = int(self.system.table(place).counts @ holds)
        low, high = (number + 1, np.inf) if sign > 0 else (-np.inf, number - 1)
        equations.require(place, holds, low, high)
        goal = np.zeros(equations.cells + equations.priced)
        goal[equations.cells :] = [self._offers[n].loss for n, _ in offered[: equations.priced]]
        changes = self._changes(equations, goal)
        if changes is None:
            return None
        against = {number for number, statement in offered if not self._met(statement, changes)}
        cost = sum(self._offers[number].loss for number in against)
        found = Witness(self._named(changes), frozenset(against), cost)
        if not found.changed(self.system, domain):
            raise UnsolvedError("rounding leaves the domain as it is")
        return found

    def _following(self, place: int, changes: Mapping[int, Counts]) -> Counts | None:
        """How a table follows what its neighbours change, while all that is said holds."""
        system = self.system
        equations = self._equations([place])
        for _, statement in self._offered([place]):
            equations.state(statement, place)
        for one, two in system.edges:
            other = two if one == place else one
            if place in (one, two) and other in changes:
                shared = system.variables[place] & system.variables[other]
                width = int(np.prod([len(system.atoms[name]) for name in shared]))
                groups = system.table(other).groups(shared)
                moved = np.bincount(groups, changes[other], minlength=width).round()
                equations.pin(place, shared, moved.astype(np.int64))
        found = self._changes(equations, np.zeros(equations.cells))
        return found[place] if found is not None else None

    def _equations(self, places: Sequence[int], priced: int = 0) -> Equations:
        """Everything that is released, over some tables."""
        equations = Equations(self.system, places, priced)
        for place in places:
            for statement in self._fixed.get(place, ()):
                equations.state(statement, place)
        return equations

    def _offered(self, places: Sequence[int], given_up: frozenset[int] = frozenset()) -> Offered:
        """What the figures that are still up for release say of some tables."""
        return [
            (number, statement)
            for number, offer in self._offers.items()
            if number not in given_up
            for statement in offer.statements
            if self.system.place(statement.variables) in places
        ]

    def _changes(self, equations: Equations, goal: Vector) -> dict[int, Counts] | None:
        """What the solver changes, in whole numbers, held against what is released once more."""
        found = equations.best(goal, most=self._people.number)
        if found is None:
            return None
        changes = {}
        for place, start in equations.starts.items():
            table = self.system.table(place)
            cells = found[start : start + table.size].round().astype(np.int64)
            changes[place] = cells - table.counts
            if not all(self._met(one, changes) for one in self._fixed.get(place, ())):
                raise UnsolvedError("rounding does not keep what is released")
        return changes

    def _keeps(self, place: int, change: Counts) -> bool:
        """Tell whether a change of a table agrees with all that is said of it."""
        said = [*self._fixed.get(place, ()), *(one for _, one in self._offered([place]))]
        return all(self._met(statement, {place: change}) for statement in said)

    def _met(self, statement: Statement, changes: Mapping[int, Counts]) -> bool:
        place = self.system.place(statement.variables)
        table = self.system.table(place)
        cells, values = table.row(statement)
        value = float(values @ (table.counts + changes[place])[cells])
        return statement.low - SLACK <= value <= statement.high + SLACK

    def _named(self, changes: Mapping[int, Counts]) -> dict[Names, tuple[Table, Counts]]:
        """Changes by the variables of their tables, which outlive the places."""
        system = self.system
        return {system.variables[n]: (system.table(n), one) for n, one in changes.items()}
