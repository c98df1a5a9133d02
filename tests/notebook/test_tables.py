"""Markdown tables that survive every cell."""

import pandas as pd
import pypandoc
import pytest

from kompendium.notebook import pipe_table
from kompendium.notebook.tables import NUMERIC


def test_bars_and_line_breaks_stay_inside_their_cells() -> None:
    text = pipe_table(("A", "B"), [("x | y", "to\nlinjer"), (None, float("nan"))])
    html = pypandoc.convert_text(text, "html", format="markdown")
    assert html.count("<td") == 4
    assert "x | y" in html
    assert "to linjer" in html
    assert html.count("..</td>") == 2


def test_columns_of_numbers_are_set_to_the_right() -> None:
    rows = [("Volda", "9\u00a0197", "12,5\u00a0%"), ("Ukjent", ":", "..")]
    rule = pipe_table(("Kommune", "Folk", "Andel"), rows).splitlines()[1]
    assert [cell.strip()[-1] for cell in rule.strip("|").split("|")] == ["-", ":", ":"]


@pytest.mark.parametrize(
    "text",
    [
        "63,2\u00a0%",
        "−1,5",
        "5\u00a0328\u00a0212",
        ":",
        "..",
        "62,5–63,5\u00a0%",
        "3,2\u00a0km",
        "<\u00a00,001",
        "−13,0 til −11,0\u00a0prosentpoeng",
        "−13.0 to −11.0\u00a0percentage points",
        "22.5\u00a0per\u00a0cent",
    ],
)
def test_numbers_are_known_as_such(text: str) -> None:
    assert NUMERIC.fullmatch(text)


@pytest.mark.parametrize("text", ["Volda", "8 av 10", "reprodusert"])
def test_words_are_not_numbers(text: str) -> None:
    assert not NUMERIC.fullmatch(text)


def test_a_column_to_fill_in_is_not_one_of_numbers() -> None:
    rule = pipe_table(("Steg", "Gjort"), [("1", ""), ("2", "")]).splitlines()[1]
    assert [cell.strip()[-1] for cell in rule.strip("|").split("|")] == [":", "-"]


def test_widths_decide_how_columns_share_the_line() -> None:
    rule = pipe_table(("A", "B"), [("x", "y")], widths=(30, 10)).splitlines()[1]
    assert [len(cell.strip()) for cell in rule.strip("|").split("|")] == [30, 10]


def test_pandas_missing_values_are_shown_with_the_sign_for_missing() -> None:
    frame = pd.DataFrame({"A": pd.array([1, None], dtype="Int64")})
    assert "| .. |" in pipe_table(["A"], frame.to_numpy().tolist())
