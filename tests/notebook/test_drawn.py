"""The numbers behind a figure or a table: plain, rounded, and never of respondents."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kompendium.notebook.drawn import DECIMALS, drawn, written
from kompendium.surveys.gate import DisclosureError
from kompendium.surveys.rows import Rows

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def test_columns_are_taken_in_order_whatever_their_index_is() -> None:
    shares = pd.Series([0.25, 0.5], index=["b", "a"])
    data = drawn({"År": np.array([2019, 2020]), "Andel": shares, "Ramme": 437})
    assert data == {
        "columns": ["År", "Andel", "Ramme"],
        "rows": [[2019, 0.25, 437], [2020, 0.5, 437]],
    }


def test_a_frame_gives_its_columns_without_its_index() -> None:
    frame = pd.DataFrame({"A": ["x"], "B": [1.0]}, index=[7])
    assert drawn(frame) == {"columns": ["A", "B"], "rows": [["x", 1]]}


def test_numbers_say_no_more_than_the_book_prints() -> None:
    (row,) = drawn({"a": [0.6315789], "b": [1e-9], "c": [120.0], "d": [math.inf], "e": [None]})[
        "rows"
    ]
    assert row == [0.632, 0, 120, None, None]
    assert DECIMALS == 3


def test_what_is_drawn_can_be_kept_in_a_notebook() -> None:
    frame = pd.DataFrame(
        {
            "klasse": pd.Categorical(["liten"]),
            "dag": [pd.Timestamp("2021-01-01")],
            "n": np.array([3], dtype="int64"),
            "ja": [True],
            "mangler": [pd.NA],
        }
    )
    data = drawn(frame)
    assert json.loads(json.dumps(data)) == data
    assert data["rows"][0][2] == 3
    assert data["rows"][0][4] is None


def test_columns_of_different_lengths_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="«År» 2, «Andel» 1"):
        drawn({"År": [2019, 2020], "Andel": [0.5]})


def test_real_respondents_are_refused_as_a_frame_and_as_a_column() -> None:
    rows = Rows({"svar": [1, 2]})
    with pytest.raises(DisclosureError, match="respondents"):
        drawn(rows)
    with pytest.raises(DisclosureError, match="respondents"):
        drawn({"Svar": rows["svar"], "Nr.": [1, 2]})


def test_a_table_keeps_its_text() -> None:
    data = written(["Kommune", "Andel"], [["Volda", "63,2\u00a0%"], ["Asker", None]])
    assert data["rows"] == [["Volda", "63,2\u00a0%"], ["Asker", None]]


def figure_cells() -> list[tuple[str, str]]:
    """The source of every cell of the book's notebooks that shows a figure, by its place."""
    found = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and source.startswith("#| label: fig-"):
                found.append((f"{path.stem} {number}", source))
    return found


@pytest.mark.parametrize(("place", "source"), figure_cells(), ids=lambda one: one.split("\n")[0])
def test_every_figure_of_the_book_gives_its_numbers(place: str, source: str) -> None:
    assert "\n    data=" in source or "\n        data=" in source, place
