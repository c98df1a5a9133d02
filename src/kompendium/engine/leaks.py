"""What runs together let out of real respondents: which runs read them, and what that gives away.

Within one run the gate sees to it that nothing withheld follows from what is released. Two runs
do not know of each other, so what they released of the same survey is held together here, before
anything is published.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from kompendium.engine.ingredients import Ingredients
from kompendium.engine.records import Good, Ledger
from kompendium.facts.paths import Compendium


@dataclass(frozen=True)
class Leak:
    """What several runs show together of a survey that must not be shown so, and the remedy."""

    survey: str
    runs: tuple[str, ...]
    what: str
    remedy: str

    def __str__(self) -> str:
        """Read as a line of a listing."""
        return f"{self.survey}: {self.what} → {self.remedy}"


def may_have_read(ingredients: Ingredients | None, compendium: Compendium) -> bool:
    """Tell whether a run may have read real respondents; where nothing is known, it may."""
    files = [
        compendium.relative(path)
        for path in compendium.surveys.glob("*/respondents.*")
        if path.is_file()
    ]
    return any(ingredients is None or name in ingredients.files for name in files)


def leaks(standing: Mapping[str, Good]) -> Iterator[Leak]:
    """Find what was withheld of a survey and follows from several runs together, by run."""
    found: dict[str, dict[str, Ledger]] = defaultdict(dict)
    for run, good in standing.items():
        for survey, ledger in good.ledgers.items():
            found[survey][run] = ledger
    for survey, ledgers in found.items():
        if not _within_one(ledgers.values()):
            yield from _leaks(survey, ledgers)


def _within_one(ledgers: Collection[Ledger]) -> bool:
    """Tell whether one run has seen all that the others show and withhold: its gate has decided."""
    parts = [({*map(repr, one.released)}, {*map(repr, one.protected)}) for one in ledgers]
    whole = [set[str]().union(*some) for some in zip(*parts, strict=True)]
    return any([*map(set, part)] == whole for part in parts)


def _leaks(survey: str, ledgers: dict[str, Ledger]) -> Iterator[Leak]:
    from kompendium.facts.frames import frame
    from kompendium.facts.size_classes import CODED
    from kompendium.surveys.audit import ContradictionError, determined
    from kompendium.surveys.codebook import codebook
    from kompendium.surveys.domains import Domain
    from kompendium.surveys.equations import UnsolvedError
    from kompendium.surveys.gate import named
    from kompendium.surveys.linkage import Space, Statement
    from kompendium.surveys.unknowns import TooLinkedError

    book, runs = codebook(survey), tuple(sorted(ledgers))
    together = " and ".join(runs)
    space = Space.of(book, frame(book.frame, CODED), next(iter(ledgers.values())).totals)
    released = {
        Statement(
            tuple((coefficient, Domain.read(domain)) for coefficient, domain in one["terms"]),
            one.get("low", -math.inf),
            one.get("high", math.inf),
        ): None
        for ledger in ledgers.values()
        for one in ledger.released
    }
    withheld = {Domain.read(one): None for ledger in ledgers.values() for one in ledger.protected}
    remedy = "show the tables in one notebook, or leave one of them out"
    try:
        for domain in determined(space, list(released), withheld):
            what = f"{named(domain)} was withheld, but follows from what {together} show together"
            yield Leak(survey, runs, what, remedy)
    except ContradictionError:
        what = f"{together} do not show figures of the same respondents"
        yield Leak(survey, runs, what, "run them again")
    except (TooLinkedError, UnsolvedError):
        what = f"{together} cross so much that nobody can tell what it gives away"
        yield Leak(survey, runs, what, remedy)
