"""Counts by two variables, with what may not be shown left blank."""

import json
from collections.abc import Callable

import pandas as pd
import pytest

from kompendium.facts import Evidence, frame
from kompendium.facts.language import Language, use
from kompendium.statistics import Sample, illustrate
from kompendium.surveys import Codebook, gate

YES_NO = {"sertifisert": {"Har": (1,), "Har ikke": (2, 88)}, "tilbyr": {"Ja": (1,), "Nei": (2, 3)}}


@pytest.fixture
def made(mini: Codebook) -> Sample:
    return Sample(mini, Evidence.ILLUSTRATION, 437, illustrate(mini, seed=3))


@pytest.fixture
def real(mini: Codebook) -> Callable[..., Sample]:
    """FIXTURE, not real respondents: heads by certified and offering, in these numbers."""

    def answer(*counts: int, limit: int = 5) -> Sample:
        codes = illustrate(mini, seed=3)
        heads = codes.index[codes["role"] == "leder"]
        pairs = [(1, 1), (1, 3), (2, 1), (2, 3)]
        said = [pair for pair, count in zip(pairs, counts, strict=True) for _ in range(count)]
        for place, name in enumerate(("sertifisert", "tilbyr")):
            codes.loc[heads, name] = pd.array([pair[place] for pair in said], dtype="Int64")
        return Sample(mini, Evidence.SURVEY, 437, codes, limit)

    return answer


def test_counts_are_what_pandas_counts(made: Sample) -> None:
    found = made.crosstab("size_class", "sertifisert")
    table = made.table.query("role == 'Leder'")
    expected = pd.crosstab(table["size_class"], table["sertifisert"], dropna=False)
    expected = expected.loc[:, ["Ja", "Nei", "Vet ikke"]]
    assert found.iloc[:-1, :-1].to_numpy().tolist() == expected.to_numpy().tolist()
    assert found["Sum"].tolist() == [*expected.sum(axis=1), expected.to_numpy().sum()]
    assert found.loc["Sum"].tolist() == [*expected.sum(), expected.to_numpy().sum()]
    assert (found.index.name, found.columns.name) == ("size_class", "sertifisert")
    assert (found.dtypes == "Int64").all()


def test_roles_and_sizes_are_labelled_in_the_language_in_use(
    in_english: None, made: Sample
) -> None:
    found = made.crosstab("size_class", "role")
    assert found.columns.tolist() == ["Head", "Head of schools", "Sum"]
    assert found.index.tolist()[-2:] == ["50,000 and over", "Sum"]
    assert made.table["size_class"].cat.categories[-1] == "50,000 and over"


def test_what_is_hidden_and_recorded_is_the_same_in_every_language(
    real: Callable[..., Sample], in_english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for lang in Language:
        use(lang)
        monkeypatch.setattr(gate, "_ledgers", {})
        answers = real(40, 3, 30, 27)
        found = answers.crosstab("size_class", "sertifisert")
        told.append((answers.codes, found.to_numpy(na_value=-1), answers._ledger.written()))
    (codes, counts, record), (others, in_other, recorded) = told
    assert codes["size_class"].equals(others["size_class"])
    assert (counts == -1).any()
    assert (counts == in_other).all()
    assert "under 2\u00a0000" in json.dumps(record["protected"], ensure_ascii=False)
    assert record["released"] == recorded["released"]
    assert record["protected"] == recorded["protected"]


def test_categories_can_be_put_together_and_left_out(made: Sample) -> None:
    found = made.crosstab("sertifisert", "tilbyr", groups=YES_NO)
    codes = made.codes[made.codes["tilbyr"].isin([1, 2, 3]) & made.codes["sertifisert"].notna()]
    codes = codes[codes["sertifisert"] != 99]
    assert found.loc["Har", "Ja"] == ((codes["sertifisert"] == 1) & (codes["tilbyr"] == 1)).sum()
    assert found.loc["Sum", "Sum"] == len(codes)
    assert list(found.index) == ["Har", "Har ikke", "Sum"]
    only = made.crosstab("sertifisert", "tilbyr", groups={"tilbyr": {"Ja": (1,)}})
    assert list(only.columns) == ["Ja", "Sum"]


def test_only_roles_that_were_asked_count(made: Sample) -> None:
    found = made.crosstab("role", "kjenner")
    assert found["Sum"].tolist() == [100, 100, 200]
    assert list(made.crosstab("role", "kjenner_skole")["Sum"]) == [0, 100, 100]
    with pytest.raises(ValueError, match="no role is asked both"):
        made.crosstab("sertifisert", "kjenner_skole")


def test_mistakes_are_named(made: Sample) -> None:
    with pytest.raises(KeyError, match="borte"):
        made.crosstab("borte", "tilbyr")
    with pytest.raises(ValueError, match="by itself"):
        made.crosstab("tilbyr", "tilbyr")
    with pytest.raises(ValueError, match="two groups"):
        made.crosstab("kind", "tilbyr", groups={"tilbyr": {"a": (1, 2), "b": (2,)}})
    with pytest.raises(ValueError, match="no category 99"):
        made.crosstab("kind", "tilbyr", groups={"tilbyr": {"a": (99,)}})


def test_a_small_cell_takes_a_rectangle_with_it(real: Callable[..., Sample]) -> None:
    """By hand: with every sum known, hiding one cell of a table of two by two hides all four."""
    found = real(40, 3, 30, 27).crosstab("sertifisert", "tilbyr", groups=YES_NO)
    assert found.iloc[:2, :2].isna().all(axis=None)
    assert found["Sum"].tolist() == [43, 57, 100]
    shown = real(40, 6, 30, 24).crosstab("sertifisert", "tilbyr", groups=YES_NO)
    assert shown.iloc[:2, :2].to_numpy().tolist() == [[40, 6], [30, 24]]


def test_the_limit_is_a_setting(real: Callable[..., Sample]) -> None:
    found = real(40, 3, 30, 27, limit=3).crosstab("sertifisert", "tilbyr", groups=YES_NO)
    assert found.notna().all(axis=None)


def test_a_row_with_nobody_is_shown(real: Callable[..., Sample]) -> None:
    found = real(60, 40, 0, 0).crosstab("sertifisert", "tilbyr", groups=YES_NO)
    assert found.loc["Har ikke"].tolist() == [0, 0, 0]
    assert found.loc["Har"].tolist() == [60, 40, 100]


def test_a_cell_in_which_the_frame_has_no_unit_is_shown(real: Callable[..., Sample]) -> None:
    """All of Oslo's districts have more than 20 000 persons."""
    found = real(40, 10, 30, 20).crosstab("size_class", "kind")
    assert found["bydel"].iloc[:4].tolist() == [0, 0, 0, 0]
    units = frame(2019).query("kind == 'bydel'")
    assert (units["population"] >= 20_000).all()


def test_a_share_shown_first_decides_what_a_table_may_show(real: Callable[..., Sample]) -> None:
    """By hand: 40 of 43 leaves 3, so the share is withheld, and the cells it rests on stay so."""
    answers = real(40, 3, 30, 27)
    assert answers.share_of("tilbyr", 1, base=("sertifisert", (1,))) is None
    assert answers.share_of("tilbyr", 1) is not None
    found = answers.crosstab("sertifisert", "tilbyr", groups=YES_NO)
    assert found.iloc[:2, :2].isna().all(axis=None)
    assert next(one.why for one in answers.withheld) == "small"
