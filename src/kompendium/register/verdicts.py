"""The verdict on a finding: its published quantity held against what was computed."""

from collections.abc import Iterable

from kompendium.facts.findings import Finding
from kompendium.facts.quantities import Category, Quantity, show, show_span
from kompendium.facts.vocabulary import Evidence, Verdict
from kompendium.register.results import Result

STRENGTH = {Evidence.SURVEY: 0, Evidence.REGISTER: 1, Evidence.ARITHMETIC: 2}
"""Which evidence decides where a finding has several: the respondents' own answers first.

An illustration is not in the list, because it is evidence of nothing.
"""


def verdict(quantity: Quantity, result: Result | None) -> Verdict:
    """Say whether a result reproduces, contradicts or is compatible with a quantity.

    Bounds that lie wholly inside the region reproduce it: whichever number is true, the
    wording is fair. Without a result, or with an illustration only, nothing is tested.
    """
    if result is None or result.evidence is Evidence.ILLUSTRATION:
        return Verdict.UNTESTABLE
    if isinstance(quantity, Category):
        if not isinstance(result.value, str):
            raise TypeError(f"«{quantity.wording}» is a word, but the result is a number")
        same = result.value in quantity
        return Verdict.REPRODUCED if same else Verdict.CONTRADICTED
    if result.bounds is None:
        raise TypeError(f"«{quantity.wording}» is a number, but the result is {result.value!r}")
    if quantity.covers(*result.bounds):
        return Verdict.REPRODUCED
    return Verdict.COMPATIBLE if quantity.meets(*result.bounds) else Verdict.CONTRADICTED


def strongest(results: Iterable[Result]) -> Result | None:
    """Choose the result a verdict rests on: the one on the best evidence."""
    evidence = [result for result in results if result.evidence in STRENGTH]
    return min(evidence, key=lambda result: STRENGTH[result.evidence], default=None)


def computed_text(finding: Finding, result: Result | None, lang: str | None = None) -> str:
    """Write what was computed for readers: ``63,2 %``, ``47,5–78,1 %`` or a dash."""
    quantity = finding.quantity
    if result is None:
        return "–"
    if isinstance(result.value, str):
        return result.value
    if isinstance(quantity, Category) or result.bounds is None:
        return "–"
    low, high = result.bounds
    if result.value is not None:
        return show(result.value, quantity.unit, lang)
    return show_span(low, high, quantity.unit, lang)


MARKS = {
    Verdict.REPRODUCED: "✓",
    Verdict.CONTRADICTED: "✗",
    Verdict.COMPATIBLE: "≈",
    Verdict.UNTESTABLE: "?",
}
"""A sign for each verdict, so that colour is never the only difference."""


def badge(given: Verdict, lang: str | None = None) -> str:
    """The verdict as text with a class for the style sheet; plain text outside HTML."""
    name = given.word("nb").replace(" ", "-")
    return f'<span class="dom dom-{name}">{MARKS[given]} {given.word(lang)}</span>'
