"""Which figures give way so that nothing withheld can be worked out: secondary suppression.

Every domain that must not be known needs a witness: other respondents that agree with all that
is shown and differ in the domain. Domains are taken in order; one that an earlier witness
changes needs no other. What a witness disagrees with is not shown.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kompendium.surveys.cliques import Names
from kompendium.surveys.domains import Domain
from kompendium.surveys.equations import UnsolvedError
from kompendium.surveys.linkage import PLACE, Space, Statement
from kompendium.surveys.smallness import small
from kompendium.surveys.unknowns import People, System
from kompendium.surveys.witness import Offer, Search, Witness


@dataclass(frozen=True)
class Certificate:
    """Among what a domain was found uncertain: it stays so until any of this changes.

    ``tables`` are sets of variables, of one table or of all that hang together with it;
    ``borders`` what the one table shares with others, which its witness leaves as it is.
    """

    tables: frozenset[Names]
    borders: frozenset[Names]
    statements: frozenset[Statement]


@dataclass
class Settlement:
    """What a round comes to.

    ``given_up`` are the figures that give way, each with the domain it would give away;
    ``uncertain`` the domains that nobody can work out, ``certain`` those that follow from what
    was released before. ``witnesses`` are for the next round.
    """

    given_up: dict[int, Domain] = field(default_factory=dict)
    uncertain: dict[Domain, Certificate] = field(default_factory=dict)
    certain: list[Domain] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)


class Round:
    """Several figures up for release at once, beside all that was released before."""

    def __init__(
        self,
        space: Space,
        people: People,
        released: Sequence[Statement],
        offers: Mapping[int, Offer],
        known: Container[Domain] = (),
    ) -> None:
        """Take the figures by number; ``known`` domains follow from what was released before."""
        self._space = space
        self._people = people
        self._released = released
        self._offers = offers
        self._known = known
        told = [statement for offer in offers.values() for statement in offer.statements]
        self._everything = list(dict.fromkeys([*released, *told]))

    def settle(
        self,
        protected: Mapping[Domain, Certificate | None],
        parts: Iterable[Domain],
        scopes: Iterable[Names],
        limit: int,
        remembered: Iterable[Witness] = (),
    ) -> Settlement:
        """Decide, so that what is protected stays uncertain, and so do small counts.

        ``parts`` are domains of this round that are withheld, ``scopes`` the variables that
        stand together in its figures, ``remembered`` witnesses of earlier rounds. Raises
        TooLinkedError and UnsolvedError where it cannot be told.
        """
        found = Settlement()
        parts = list(parts)
        system = System(self._space, self._everything, [*protected, *parts], self._people)
        parts += small(system, self._people, scopes, limit)
        near = {system.place(one) for one in [*scopes, *(part.variables for part in parts)]}
        touched = {place for one in near for place in system.component(one)}
        search = Search(system, self._people, self._released, self._offers)
        before = Certificates(system, self._everything)
        shown_by: dict[Domain, Witness] = {}
        found.witnesses = [again for one in remembered if (again := search.again(one)) is not None]
        for domain in dict.fromkeys([*protected, *parts]):
            certificate = protected.get(domain)
            if system.place(domain.variables) not in touched or domain in self._known:
                continue
            if certificate is not None and before.still(certificate, domain):
                found.uncertain[domain] = certificate
                continue
            witness = next((one for one in found.witnesses if one.changed(system, domain)), None)
            if witness is None:
                witness = self._search(search, domain, found)
                if witness is None and domain in protected:
                    raise UnsolvedError("what was uncertain cannot become certain by itself")
                if witness is None:
                    found.certain.append(domain)
                    continue
                found.witnesses.append(witness)
                gone = witness.against - found.given_up.keys()
                found.given_up |= dict.fromkeys(sorted(gone), domain)
            shown_by[domain] = witness
        for domain in self._withheld(found.given_up):
            for witness in found.witnesses:
                if witness.changed(system, domain):
                    shown_by.setdefault(domain, witness)
        shown = [n for n in self._offers if n not in found.given_up]
        kept = {*self._released, *(one for n in shown for one in self._offers[n].statements)}
        after = Certificates(system, [one for one in self._everything if one in kept])
        for domain, witness in shown_by.items():
            found.uncertain[domain] = after.of(sorted(map(system.place, witness.changes)))
        return found

    def _search(self, search: Search, domain: Domain, found: Settlement) -> Witness | None:
        """A witness for a domain; none for a part of what nobody is known to have answered."""
        wider = domain.without(PLACE) if len(domain.boxes) == 1 else domain
        if wider != domain and not self._people.count(wider):
            if wider not in found.certain and wider not in self._known:
                if search.witness(wider, frozenset(found.given_up)) is not None:
                    return search.witness(domain, frozenset(found.given_up))
                found.certain.append(wider)
            return None
        return search.witness(domain, frozenset(found.given_up))

    def _withheld(self, given_up: Iterable[int]) -> Iterator[Domain]:
        """The domains whose counts are not told because their figure gave way."""
        for number in given_up:
            for statement in self._offers[number].statements:
                if statement.low == statement.high and len(statement.terms) == 1:
                    yield statement.terms[0][1]


class Certificates:
    """What domains are uncertain among, with what is said sorted by the table it is about."""

    def __init__(self, system: System, statements: Iterable[Statement]) -> None:
        """Sort what is said."""
        self._system = system
        self._said: dict[int, set[Statement]] = {}
        for statement in statements:
            self._said.setdefault(system.place(statement.variables), set()).add(statement)
        self._made: dict[tuple[int, ...], Certificate] = {}
        self._same: dict[tuple[int, tuple[int, ...]], bool] = {}

    def of(self, places: Sequence[int]) -> Certificate:
        """The certificate of a witness that changes these tables and no other."""
        key = tuple(places)
        if key not in self._made:
            alone = self._system.borders(key[0]) if len(key) == 1 else []
            said = (one for place in key for one in self._said.get(place, ()))
            tables = (self._system.variables[place] for place in key)
            self._made[key] = Certificate(frozenset(tables), frozenset(alone), frozenset(said))
        return self._made[key]

    def still(self, certificate: Certificate, domain: Domain) -> bool:
        """Tell whether nothing has changed of what a domain was found uncertain among."""
        place = self._system.place(domain.variables)
        places = [place] if len(certificate.tables) == 1 else self._system.component(place)
        key = (id(certificate), tuple(places))
        if key not in self._same:
            self._same[key] = self.of(places) == certificate
        return self._same[key]
