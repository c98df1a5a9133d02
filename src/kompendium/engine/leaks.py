"""What runs together let out of real respondents: which runs read them, and what that gives away.

Within one run the gate sees to it that nothing withheld follows from what is released. Two runs
do not know of each other, so what they released of the same survey is held together here, before
anything is published.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kompendium.engine.ingredients import Ingredients
from kompendium.engine.records import Ledger, Record
from kompendium.facts.paths import Compendium


@dataclass(frozen=True)
class Leak:
    """Something withheld that follows from what several runs show together."""

    survey: str
    runs: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        """Read as a line of a listing, with the remedy."""
        return (
            f"{self.survey}: {self.what} was withheld, but follows from what "
            f"{' and '.join(self.runs)} show together → show the tables in one notebook, or leave "
            "one of them out"
        )


def may_have_read(ingredients: Ingredients | None, compendium: Compendium) -> bool:
    """Tell whether a run may have read real respondents; where nothing is known, it may."""
    files = [
        compendium.relative(path)
        for path in compendium.surveys.glob("*/respondents.*")
        if path.is_file()
    ]
    return any(ingredients is None or name in ingredients.files for name in files)


def leaks(records: Iterable[Record]) -> Iterator[Leak]:
    """Find what was withheld of a survey and follows from several runs together."""
    found: dict[str, dict[str, Ledger]] = defaultdict(dict)
    for record in records:
        for survey, ledger in record.ledgers.items():
            found[survey][record.run] = ledger
    for survey, ledgers in found.items():
        if len(ledgers) > 1 and any(ledger.protected for ledger in ledgers.values()):
            yield from _leaks(survey, ledgers)


def _leaks(survey: str, ledgers: dict[str, Ledger]) -> Iterator[Leak]:
    from kompendium.facts.frames import frame
    from kompendium.surveys.audit import determined
    from kompendium.surveys.codebook import codebook
    from kompendium.surveys.domains import Domain
    from kompendium.surveys.gate import named
    from kompendium.surveys.linkage import Space, Statement

    book = codebook(survey)
    totals = next(iter(ledgers.values())).totals
    space = Space.of(book, frame(book.frame), totals)
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
    for domain in determined(space, list(released), withheld):
        yield Leak(survey, tuple(sorted(ledgers)), named(domain))
