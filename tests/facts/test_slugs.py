"""A slug may become a file name whatever the text was."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompendium.facts.slugs import slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Volda", "volda"),
        ("St. Hanshaugen", "st-hanshaugen"),
        ("Bærum", "baerum"),
        ("Østre Toten", "ostre-toten"),
        ("Ålesund", "alesund"),
        ("Kárášjohka", "karasjohka"),
        ("0.5", "0-5"),
        ("-2", "minus-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows", "c-windows"),
    ],
)
def test_what_stands_in_file_names(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text())
def test_no_text_leads_out_of_a_folder(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))
    assert len(slug(text)) <= 50


def test_texts_without_letters_and_long_ones_stay_apart() -> None:
    assert slug("北京") != slug("東京")
    assert slug("a" * 60) != slug("a" * 61)
