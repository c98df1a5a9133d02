"""The numbers behind figures and tables as files that a spreadsheet opens right."""

import csv
from io import StringIO

import pytest

from kompendium.publication.downloads import csv_file, name, plain

DRAWN = {
    "columns": ["År", "Andel; avrundet", "Svar"],
    "rows": [[2019, 0.632, "«ja»"], [2020, None, 'sa "nei"']],
}


def rows(content: bytes, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def test_norwegian_files_have_commas_semicolons_and_a_byte_order_mark() -> None:
    content = csv_file(DRAWN, "nb")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert rows(content) == [
        ["År", "Andel; avrundet", "Svar"],
        ["2019", "0,632", "«ja»"],
        ["2020", "", 'sa "nei"'],
    ]


def test_english_files_have_points_and_commas() -> None:
    assert rows(csv_file(DRAWN, "en-GB"), ",")[1] == ["2019", "0.632", "«ja»"]


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("10\u00a0473", "10473"),
        ("\u22123,6", "-3,6"),
        ("+308", "+308"),
        ("63,2\u00a0%", "63,2 %"),
        ("47,5–78,1\u00a0%", "47,5–78,1 %"),
        ("..", ".."),
        ("[Ørsta](../outputs/factsheets/1520.html)", "Ørsta"),
        ('Svarte. <span class="dom dom-motsagt">✗ motsagt</span>', "Svarte. ✗ motsagt"),
        ("**Sikre forankring.** Ledelsen `må` *stå*", "Sikre forankring. Ledelsen må stå"),
        ("ja \\| nei", "ja | nei"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_a_tables_text_loses_its_markup_and_numbers_their_spaces(shown: str, kept: str) -> None:
    content = csv_file({"columns": ["A"], "rows": [[shown]]}, "nb")
    assert rows(content)[1] == [kept]


def test_english_thousands_are_numbers_too() -> None:
    content = csv_file({"columns": ["A"], "rows": [["10,473"], ["1.5"]]}, "en")
    assert rows(content, ",")[1:] == [["10473"], ["1.5"]]


def test_files_are_named_after_labels() -> None:
    assert name("fig-alfa-dekning") == "downloads/fig-alfa-dekning.csv"
    assert plain("<b>To</b>\nlinjer") == "To linjer"
