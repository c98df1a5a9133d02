"""Published wordings told in English for running text."""

import pytest

from kompendium.facts import RULES, finding, findings
from kompendium.facts.language import Language, use
from kompendium.facts.renderings import NoRenderingError, english, rendered

IN_WORDS = ("kvalitativt:", "funn:")
"""Wordings that are sentences of their own: their English is the finding's statement."""


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        ("63 prosent", "63\u00a0per\u00a0cent"),
        ("22,5 %", "22.5\u00a0per\u00a0cent"),
        ("om lag 60 prosent", "about 60\u00a0per\u00a0cent"),
        ("8 av 10", "8\u00a0of\u00a010"),
        ("Rundt én av fem", "about one\u00a0of\u00a0five"),
        ("rett under halvparten", "just under half"),
        ("godt over 200 kommuner", "well over 200\u00a0municipalities"),
        ("1 000 kommuner", "1,000\u00a0municipalities"),
        ("1 bydel", "1\u00a0district"),
        ("1,5 mill. kroner", "NOK\u00a01.5 million"),
        ("år 2017", "2017"),
    ],
)
def test_a_wording_is_told_as_the_statements_tell_it(wording: str, told: str) -> None:
    assert english(wording) == told


def test_every_rule_of_wordings_can_be_told() -> None:
    examples = [rule.example for rule in RULES if not rule.example.startswith(IN_WORDS)]
    assert len(examples) > 20
    assert all(english(one) for one in examples)


def test_every_published_figure_can_be_told() -> None:
    published = {one.published for one in findings().values()}
    told = {one: english(one) for one in published if not one.startswith(IN_WORDS)}
    assert len(told) > 80
    assert not [one for one in told.values() if set(one) & set("æøåÆØÅ")]


@pytest.mark.parametrize("wording", ["kvalitativt: noe annet", "3 hester", "nesten alle"])
def test_what_nobody_has_told_is_an_error(wording: str) -> None:
    with pytest.raises(NoRenderingError, match="no English for"):
        english(wording)


def test_a_finding_is_told_in_the_language_in_use(in_english: None) -> None:
    one = finding("ramboll2020.sertifisert")
    assert rendered(one) == "8\u00a0of\u00a010"
    use(Language.NORWEGIAN)
    assert rendered(one) == one.printed == "8\u00a0av\u00a010"
