"""A translation keeps every number, label and reference."""

import pytest

from kompendium.translation import faults


@pytest.mark.parametrize(
    ("norwegian", "english", "computed"),
    [
        ("{number(n)} kommuner", "{numeral(n)} municipalities", True),
        ("Se @fig-x og [her](a.ipynb).", "See [here](a.ipynb) and @fig-x.", False),
        ("## Tittel {#sec-x .liten}", "## Title {#sec-x .liten}", False),
        (" med mellomrom", " with a space", False),
        ("{{< var a.b >}} funn", "{{< var a.b >}} findings", False),
        ("skriv til ola@x.no", "write to ola@x.no", False),
    ],
)
def test_a_good_translation_has_no_fault(norwegian: str, english: str, computed: bool) -> None:
    assert list(faults(norwegian, english, computed)) == []


@pytest.mark.parametrize(
    ("norwegian", "english", "computed", "told"),
    [
        ("{number(n)} av {m}", "{number(n)}", True, "«m» is missing"),
        ("{n} kommuner", "{k} municipalities", True, "«k» is not in the original"),
        ("{n} kommuner", "{n municipalities", True, "never closed"),
        ("Se @fig-x.", "See @fig-y.", False, "cross reference @fig-x is missing"),
        ("[her](a.ipynb)", "[here](b.ipynb)", False, "link target a.ipynb is missing"),
        ("# T {#sec-x}", "# T", False, "label #sec-x is missing"),
        ("{{< var a >}}", "{{< var b >}}", False, "shortcode"),
        ("[x]{.dom}", "[x]{.doom}", False, "class .dom is missing"),
        ("::: {.n}\nJa\n:::", "::: {.n}\nYes", False, "fence"),
        (" ord", "word", False, "begin with a space"),
        ("ord ", "word", False, "end with a space"),
    ],
)
def test_a_bad_translation_is_told(norwegian: str, english: str, computed: bool, told: str) -> None:
    assert any(told in fault for fault in faults(norwegian, english, computed))
