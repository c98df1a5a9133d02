"""Numbers and dates of editions, as people type and read them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kompendium.publication.editions.identity import Identity, Number, released, title, written


@pytest.mark.parametrize(
    "text",
    ["2026", "2026.0", "2026.01", "26.1", "2026.1.1", "v2026.1", " 2026.1", "2026.1\n", "٢٠٢٦.1"],
)
def test_what_is_no_number(text: str) -> None:
    assert Number.parse(text) is None


def test_numbers_are_ordered_as_numbers_and_not_as_text() -> None:
    order = ["2025.3", "2026.1", "2026.2", "2026.9", "2026.10", "2027.1"]
    known = [number for text in reversed(order) if (number := Number.parse(text))]
    assert [str(number) for number in sorted(known)] == order


def test_an_edition_names_itself_in_the_readers_language() -> None:
    identity = Identity(Number(2026, 1), date(2026, 11, 22))
    assert identity.title() == "Utgave 2026.1, 22. november 2026"
    assert identity.title("en") == "Edition 2026.1, 22 November 2026"
    assert title(identity, "nb") == identity.title()


def test_a_working_copy_says_so_and_no_date() -> None:
    assert title(None) == "Arbeidsutgave"
    assert not any(sign.isdigit() for sign in title(None, "en"))


def test_dates_are_written_as_readers_write_them() -> None:
    assert written(date(2026, 3, 1)) == "1. mars 2026"


def test_only_whole_editions_count(tmp_path: Path) -> None:
    for name in ("2026.10", "2026.9", ".2026.8", "latest", "2026.11"):
        (tmp_path / name).mkdir()
        if name != "2026.11":  # its manifest, which is written last, never came
            (tmp_path / name / "manifest.json").write_text("{}", encoding="utf-8")
    assert [str(one) for one in released(tmp_path)] == ["2026.9", "2026.10"]
    assert released(tmp_path / "nowhere") == []
