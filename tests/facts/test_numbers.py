"""Numbers in the form Norwegian readers expect."""

import pytest

from kompendium.facts import numbers


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (numbers.number(5328212), "5\u00a0328\u00a0212"),
        (numbers.number(-1.5, 1), "−1,5"),
        (numbers.percent(0.6316), "63,2\u00a0%"),
        (numbers.percent(0.63, 0), "63\u00a0%"),
        (numbers.percent(0.6316, lang="en"), "63.2%"),
        (numbers.in_words(0.63), "63\u00a0prosent"),
        (numbers.points(0.0362), "3,6\u00a0prosentpoeng"),
        (numbers.span(0.595, 0.6667), "59,5–66,7\u00a0%"),
        (numbers.span_in_words(0.475, 0.781), "47,5–78,1\u00a0prosent"),
        (numbers.p_value(0.0243), "p\u00a0=\u00a00,024"),
        (numbers.p_value(0.0004), "p\u00a0<\u00a00,001"),
        (numbers.numeral(7), "sju"),
        (numbers.numeral(1, neuter=True), "ett"),
        (numbers.numeral(13), "13"),
        (numbers.counted(1, "kommune", "kommuner"), "1\u00a0kommune"),
        (numbers.counted(0, "kommune", "kommuner"), "0\u00a0kommuner"),
        (numbers.listing(["Volda", "Stange", "Asker"]), "Volda, Stange og Asker"),
        (numbers.listing(["Volda"]), "Volda"),
    ],
)
def test_form(written: str, expected: str) -> None:
    assert written == expected
