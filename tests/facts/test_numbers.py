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
    ],
)
def test_form(written: str, expected: str) -> None:
    assert written == expected
