"""The table that turns each published wording into a quantity, with a reason for its width.

Each row is a rule: a pattern over the whole wording, the region it gives and why the region
is as wide as it is (in Norwegian, because the book prints the table). The first rule that
matches decides; a wording no rule knows is an error, never a guess.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from kompendium.facts.language import either
from kompendium.facts.quantities import Category, Quantity, Region, Unit
from kompendium.facts.reasons import ENGLISH

INFINITE = float("inf")

SIMPLE_FRACTIONS = sorted(
    {Fraction(a, b) for b in range(1, 7) for a in range(b + 1)} | {Fraction(1, 10), Fraction(9, 10)}
)
"""The fractions a report writer chooses among: denominators up to six, and the outer tenths."""

NUMERALS = {
    word: value
    for value, word in enumerate(
        ("en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti"), start=1
    )
} | {"syv": 7, "én": 1}


@dataclass(frozen=True)
class Rule:
    """One row of the table: an example, the pattern, how the region is made and why."""

    example: str
    pattern: str
    build: Callable[[re.Match[str]], Quantity]
    reason: str

    @property
    def why(self) -> str:
        """The reason in the language in use."""
        return either(self.reason, ENGLISH[self.example])


def _region(unit: Unit, low: float, high: float, closed: str = "[)") -> Quantity:
    return Region("", unit, low, high, closed[0] == "[", closed[1] == "]")


def _fixed(
    unit: Unit, low: float, high: float, closed: str = "[)"
) -> Callable[[re.Match[str]], Quantity]:
    return lambda _: _region(unit, low, high, closed)


def _percent(match: re.Match[str]) -> Quantity:
    decimals = len(match["decimals"] or "")
    value = Fraction(match["whole"] + (match["decimals"] or "")) / 10**decimals
    half = Fraction(1, 2 * 10**decimals)
    low, high = (value - half) / 100, (value + half) / 100
    return _region(Unit.SHARE, float(max(low, Fraction(0))), float(high))


def _about_percent(match: re.Match[str]) -> Quantity:
    value = int(match["whole"])
    return _region(Unit.SHARE, max(value - 2.5, 0) / 100, (value + 2.5) / 100)


def _tenths(match: re.Match[str]) -> Quantity:
    value = Fraction(_numeral(match["count"]), 10)
    half = Fraction(1, 20)
    return _region(Unit.SHARE, float(value - half), float(value + half))


def _neighbours(match: re.Match[str]) -> tuple[Fraction, Fraction, Fraction]:
    value = Fraction(_numeral(match["count"]), _numeral(match["of"]))
    if value not in SIMPLE_FRACTIONS[1:-1]:
        raise UnknownWordingError(match.string)
    place = SIMPLE_FRACTIONS.index(value)
    return SIMPLE_FRACTIONS[place - 1], value, SIMPLE_FRACTIONS[place + 1]


def _fraction(match: re.Match[str]) -> Quantity:
    below, value, above = _neighbours(match)
    return _region(Unit.SHARE, float((below + value) / 2), float((value + above) / 2))


def _about_fraction(match: re.Match[str]) -> Quantity:
    below, _, above = _neighbours(match)
    return _region(Unit.SHARE, float(below), float(above), "()")


def _well_over(match: re.Match[str]) -> Quantity:
    value = int(match["count"].replace(" ", ""))
    hundreds = 10 ** (len(str(value)) - 1)
    return _region(Unit.COUNT, 1.05 * value, value + hundreds)


def _money(match: re.Match[str]) -> Quantity:
    value = float(match["count"].replace(",", ".")) * 1e6
    return _region(Unit.MONEY, 0.95 * value, 1.05 * value)


def _year(match: re.Match[str]) -> Quantity:
    return _region(Unit.YEAR, float(match["year"]), float(match["year"]), "[]")


def _count(match: re.Match[str]) -> Quantity:
    value = float(_numeral(match["count"]))
    return _region(Unit.COUNT, value, value, "[]")


def _category(match: re.Match[str]) -> Quantity:
    return Category("", match["value"].strip())


def _numeral(text: str) -> int:
    word = text.casefold().replace(" ", "").replace("\u00a0", "")
    return int(word) if word.isdecimal() else NUMERALS[word]


NUMERAL = r"\d[\d \u00a0]*|" + "|".join(NUMERALS)

RULES = (
    Rule(
        "63 prosent",
        r"(?P<whole>\d+)(?:,(?P<decimals>\d+))?[ \u00a0]?(?:prosent|%)",
        _percent,
        "Et avrundet tall står for alt som rundes av til det: en halv enhet i siste siffer.",
    ),
    Rule(
        "om lag 60 prosent",
        r"(?:rundt|om lag|omtrent|cirka) (?P<whole>\d+)[ \u00a0]?(?:prosent|%)",
        _about_percent,
        "«Om lag» foran et rundt tall sier at nærmeste femtall er ment: to og et halvt "
        "prosentpoeng hver vei.",
    ),
    Rule(
        "8 av 10",
        rf"(?P<count>{NUMERAL}) av (?:10|ti)",
        _tenths,
        "Den som skriver «av ti», har rundet av til nærmeste tidel: fem prosentpoeng hver vei.",
    ),
    Rule(
        "rundt 1 av 5",
        rf"(?:rundt|om lag|omtrent) (?P<count>{NUMERAL}) av (?P<of>{NUMERAL})",
        _about_fraction,
        "«Rundt» gjør brøken løsere, men er andelen framme ved nabobrøken, ville den vært nevnt: "
        "mellom nabobrøkene, uten dem selv.",
    ),
    Rule(
        "1 av 4",
        rf"(?P<count>{NUMERAL}) av (?P<of>{NUMERAL})",
        _fraction,
        "En enkel brøk velges fordi den ligger nærmest: halvveis til nabobrøkene blant brøker "
        "med nevner til og med seks, en tidel og ni tideler.",
    ),
    Rule(
        "rett over halvparten",
        r"(?:rett|litt|så vidt) over halvparten",
        _fixed(Unit.SHARE, 0.5, 0.55, "(]"),
        "Over halvparten, men høyst fem prosentpoeng over. Lenger opp ligger «seks av ti» nærmere.",
    ),
    Rule(
        "rett under halvparten",
        r"(?:rett|litt|så vidt) under halvparten",
        _fixed(Unit.SHARE, 0.45, 0.5),
        "Under halvparten, men høyst fem prosentpoeng under. Lenger ned ligger «fire av ti» "
        "nærmere.",
    ),
    Rule(
        "majoriteten",
        r"majoriteten|flertallet|et flertall|de fleste",
        _fixed(Unit.SHARE, 0.5, 1, "(]"),
        "Et flertall er mer enn halvparten; ordet sier ikke hvor mye mer.",
    ),
    Rule(
        "mange",
        r"mange",
        _fixed(Unit.SHARE, 1 / 3, 1, "(]"),
        "Ordet er vagt, men brukt om færre enn en tredel villeder det.",
    ),
    Rule(
        "få",
        r"få",
        _fixed(Unit.SHARE, 0, 0.5),
        "Et mindretall. Kildene bruker ordet om alt fra 17 til 35\u00a0prosent. En lavere grense "
        "ville dømt ordvalget i stedet for tallet.",
    ),
    Rule(
        "svært få",
        r"svært få",
        _fixed(Unit.SHARE, 0, 0.1),
        "Færre enn én av ti. Ellers ville «få» vært nok.",
    ),
    Rule(
        "enkelte",
        r"noen|enkelte|en del",
        _fixed(Unit.SHARE, 0, 0.5, "()"),
        "Minst én, men færre enn halvparten.",
    ),
    Rule(
        "alle",
        r"alle|samtlige",
        _fixed(Unit.SHARE, 1, 1, "[]"),
        "Ett unntak er nok til at ordet ikke stemmer.",
    ),
    Rule(
        "ingen",
        r"ingen",
        _fixed(Unit.SHARE, 0, 0, "[]"),
        "Ett tilfelle er nok til at ordet ikke stemmer.",
    ),
    Rule(
        "nesten dobbelt så mange",
        r"nesten (?:dobbelt så mange|det dobbelte|dobbelt så mye)",
        _fixed(Unit.RATIO, 1.75, 2),
        "Under det dobbelte, men nærmere to enn halvannen.",
    ),
    Rule(
        "godt over 200",
        rf"godt over (?P<count>{NUMERAL})(?: \w+)*",
        _well_over,
        "Minst fem prosent over tallet, ellers ville «over» vært nok. Lavere enn neste runde tall, "
        "som ellers ville vært nevnt.",
    ),
    Rule(
        "1 mill. kroner",
        r"(?P<count>\d+(?:,\d+)?) mill(?:\.|ioner) kroner",
        _money,
        "Bevilgninger oppgis gjerne i hele millioner. Fem prosent hver vei gir rom for avrunding.",
    ),
    Rule(
        "år 2017",
        r"år (?P<year>\d{4})",
        _year,
        "Et årstall er nøyaktig.",
    ),
    Rule(
        "i større grad",
        r"i større grad|flere|noe bedre|bedre|høyere",
        _fixed(Unit.DIFFERENCE, 0, INFINITE, "()"),
        "En rangering: differansen er over null. Hvor mye over sier ordet ikke.",
    ),
    Rule(
        "i mindre grad",
        r"i mindre grad|færre|noe lavere|lavere|noe svakere|svakere",
        _fixed(Unit.DIFFERENCE, -INFINITE, 0, "()"),
        "En rangering: differansen er under null. Hvor mye under sier ordet ikke.",
    ),
    Rule(
        "høyest",
        r"høyest|mest",
        _fixed(Unit.DIFFERENCE, 0, INFINITE, "()"),
        "Øverst i rangeringen: differansen til den nærmeste under er over null.",
    ),
    Rule(
        "lavest",
        r"lavest|minst",
        _fixed(Unit.DIFFERENCE, -INFINITE, 0, "()"),
        "Nederst i rangeringen: differansen til den nærmeste over er under null.",
    ),
    Rule(
        "på linje med",
        r"på linje med|tilsvarende|omtrent som",
        _fixed(Unit.DIFFERENCE, -0.05, 0.05, "[]"),
        "Fem prosentpoeng hver vei. Så mye kan en andel i en undersøkelse av denne størrelsen "
        "flytte seg uten at noe er endret.",
    ),
    Rule(
        "status: ferdig",
        r"status: (?P<value>ferdig|i rute|forsinket|ikke påbegynt)",
        _category,
        "En status er ett av fire ord. Det stemmer eller stemmer ikke.",
    ),
    Rule(
        "kvalitativt: tett oppfølging",
        r"(?:kvalitativt|funn): (?P<value>.+)",
        _category,
        "En kvalitativ påstand holdes mot kilden den bygger på, ikke mot et tall.",
    ),
    Rule(
        "276 kommuner",
        rf"(?P<count>{NUMERAL}) (?!av\b|prosent|mill)[^\d,;:]+",
        _count,
        "Et antall av navngitte eller telte enheter er nøyaktig.",
    ),
)


class UnknownWordingError(ValueError):
    """A wording that no rule of the table knows; add a rule with its reason."""

    def __init__(self, wording: str) -> None:
        """Name the wording and where a rule belongs."""
        super().__init__(
            f"no rule for the wording «{wording}»; add one to kompendium.facts.wordings"
        )


@cache
def quantity(wording: str) -> Quantity:
    """Turn a published wording into the region or category it allows.

    Raises UnknownWordingError where no rule of the table matches the whole wording.
    """
    rule, match = _matching(wording)
    return replace(rule.build(match), wording=wording, reason=rule.reason)


def reason(wording: str) -> str:
    """Why the region of a wording is as wide as it is, in the language in use."""
    return _matching(wording)[0].why


def _matching(wording: str) -> tuple[Rule, re.Match[str]]:
    for rule in RULES:
        if match := re.fullmatch(rule.pattern, wording.strip(), re.IGNORECASE):
            return rule, match
    raise UnknownWordingError(wording)
