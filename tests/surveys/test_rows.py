"""Real respondents that do not show themselves."""

import pandas as pd
import pytest

from kompendium.notebook import table
from kompendium.surveys import DisclosureError
from kompendium.surveys.rows import NOTICE, Rows


@pytest.fixture
def rows() -> Rows:
    return Rows({"svar": pd.array([1, 2, 1], dtype="Int64"), "rolle": list("aab")})


def test_neither_rows_nor_what_is_taken_from_them_can_be_read(rows: Rows) -> None:
    taken = [
        rows,
        rows["svar"],
        rows.query("svar == 1"),
        rows.head(1),
        rows.iloc[0],
        rows.copy(),
        rows.assign(ny=1),
        rows.groupby("rolle")["svar"].sum(),
        pd.concat([rows, rows]),
    ]
    for one in taken:
        assert f"{one}" == repr(one) == NOTICE
    assert rows._repr_html_() == rows._repr_latex_() == NOTICE
    assert not rows._repr_data_resource_()


def test_they_are_computed_with_as_any_frame(rows: Rows) -> None:
    assert rows["svar"].eq(1).sum() == 2
    assert rows.to_numpy().shape == (3, 2)
    assert pd.crosstab(rows["svar"], rows["rolle"]).to_numpy().tolist() == [[1, 1], [1, 0]]


def test_a_table_of_them_is_refused(rows: Rows) -> None:
    with pytest.raises(DisclosureError, match="crosstab"):
        table(rows, caption="Svarene")
    by_hand = rows.groupby("rolle").size().reset_index()
    with pytest.raises(DisclosureError):
        table(by_hand, caption="Talt for hånd")
