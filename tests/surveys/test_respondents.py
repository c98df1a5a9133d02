"""Files of respondents: FIXTURES made by the tests, with every failure told at once."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kompendium.facts import Compendium, frame
from kompendium.surveys import Codebook, has_respondents, respondents
from kompendium.surveys.respondents import RespondentsError

Put = Callable[..., Path]


def told(mini: Codebook) -> list[str]:
    """The problems of the file as ``line: message → remedy``."""
    with pytest.raises(RespondentsError) as caught:
        respondents(mini)
    return [f"{one.line}: {one.message} → {one.remedy}" for one in caught.value.problems]


@pytest.mark.parametrize("separator", [";", ","])
def test_a_file_is_read_whichever_way_it_is_written(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put, separator: str
) -> None:
    assert not has_respondents("mini")
    put_in(fixture_respondents, separator)
    assert has_respondents("mini")
    table = respondents(mini)
    assert len(table) == 200
    for name in mini.questions:
        given = fixture_respondents[name].astype("Int64").value_counts().sort_index()
        assert table[name].value_counts().sort_index().equals(given)


def test_parquet_gives_the_same_as_csv(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    path = put_in(fixture_respondents)
    from_csv = respondents(mini)
    path.unlink()
    put_in(fixture_respondents.astype({"tilbyr": "float64"}), name="respondents.parquet")
    pd.testing.assert_frame_equal(respondents(mini), from_csv)


def test_two_files_are_one_too_many(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    put_in(fixture_respondents)
    put_in(fixture_respondents, name="respondents.parquet")
    assert "both" in told(mini)[0]


def test_size_comes_from_the_number_and_the_number_goes_no_further(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    put_in(fixture_respondents)
    table = respondents(mini)
    assert list(table.columns) == ["role", "kind", "size_class", *mini.questions]
    sizes = frame(2019).set_index("number")["size_class"]
    expected = fixture_respondents["unit"].map(sizes).value_counts()
    assert table["size_class"].astype(str).value_counts().to_dict() == expected.to_dict()


def test_the_order_of_the_rows_tells_nothing(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    put_in(fixture_respondents)
    table = respondents(mini)
    put_in(fixture_respondents.iloc[::-1])
    pd.testing.assert_frame_equal(respondents(mini), table)


def test_missing_codes_are_kept_apart_from_blanks(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    heads = fixture_respondents.index[fixture_respondents["role"] == "leder"]
    fixture_respondents.loc[heads[0], "sertifisert"] = 99
    fixture_respondents.loc[heads[1:3], "sertifisert"] = pd.NA
    put_in(fixture_respondents)
    found = respondents(mini).query("role == 'leder'")["sertifisert"]
    assert (found.eq(99).sum(), found.isna().sum()) == (1, 2)


def test_partial_answers_count_and_unopened_forms_do_not(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    table = fixture_respondents.astype(object)
    questions = list(mini.questions)
    table.loc[0, questions[1:]] = pd.NA  # one answer
    table.loc[1, questions] = pd.NA  # none
    put_in(table)
    assert len(respondents(mini)) == 199
    status = pd.Series("Gjennomført", index=table.index)
    status[:5] = ["Noen svar", "Frafalt", "3", "2", "Ny"]
    put_in(table.assign(status=status))
    assert len(respondents(mini)) == 197


@pytest.mark.parametrize("separator", [";", ","])
def test_weights_are_numbers_beside_the_answers(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put, separator: str
) -> None:
    """Written with a comma, a point or as a whole number; without the column there is none."""
    put_in(fixture_respondents)
    assert "weight" not in respondents(mini)
    weights = [["1,25", "0.5", "2"][row % 3] for row in range(len(fixture_respondents))]
    put_in(fixture_respondents.assign(weight=weights), separator)
    table = respondents(mini)
    assert table["weight"].dtype == "float64"
    assert table["weight"].value_counts().to_dict() == {1.25: 67, 0.5: 67, 2.0: 66}
    assert list(table.columns[:4]) == ["role", "kind", "size_class", "weight"]


@pytest.mark.parametrize("weight", ["0", "-1", "mye", "inf", "1.000,5"])
def test_a_weight_that_is_no_positive_number_is_told(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put, weight: str
) -> None:
    table = fixture_respondents.assign(weight="1").astype({"weight": object})
    table.loc[3, "weight"] = weight
    table.loc[4, "weight"] = pd.NA
    put_in(table)
    assert sorted(told(mini)) == [
        f"5: weight: «{weight}» is no positive number → write how much the answer counts as a "
        "number above 0, or leave the column out",
        "6: weight is blank → give the weight of every row",
    ]


def test_every_failure_is_told_with_row_and_remedy(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    table = fixture_respondents.astype(object)
    zero = table.index[table["unit"].str.startswith("0")][0]
    lost = table.loc[zero, "unit"].lstrip("0")
    table.loc[zero, "unit"] = lost
    table.loc[10, "unit"] = "9999"
    table.loc[11, "role"] = "rektor"
    table.loc[12, "sertifisert"] = 7
    table.loc[13, "tilbyr"] = "Ja"
    table.loc[14, "unit"] = pd.NA
    table.loc[16, ["unit", "role"]] = table.loc[15, ["unit", "role"]]
    table["status"] = "Gjennomført"
    table.loc[17, "status"] = "Kanskje"
    path = put_in(table)
    assert path.name == "respondents.csv"
    found = told(mini)
    expected = [
        f"{zero + 2}: unit: «{lost}» is no unit of the frame of 2019 "
        f"→ write the number as text with its leading zero: 0{lost}",
        "12: unit: «9999» is no unit of the frame of 2019 "
        "→ use the numbers of 2019, four digits, six for a district",
        "13: role: «rektor» is no role of the survey → use one of leder, skolesjef",
        "14: sertifisert: «7» is no code of the question "
        "→ use 1 = Ja, 2 = Nei, 88 = Vet ikke, 99 = Ikke besvart, or leave it blank",
        "15: tilbyr: «Ja» is no code of the question "
        "→ use 1 = Ja, 2 = Planlagt, 3 = Nei, 99 = Ikke besvart, or leave it blank",
        "16: unit is blank → give the unit of every row",
        "18: the unit answers twice as leder → keep one of the two rows",
        "19: status: «Kanskje» is no status → use SurveyXact's codes 1 to 5",
    ]
    assert sorted(found) == sorted(expected)


def test_columns_that_are_missing_or_unknown_are_told(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    put_in(fixture_respondents.rename(columns={"tilbyr": "tilbud"}).drop(columns="role"))
    found = " | ".join(told(mini))
    assert "the column role is not there" in found
    assert "the column tilbyr is not there" in found
    assert "no variable tilbud" in found


def test_more_answers_than_units_are_told(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    put_in(pd.concat([fixture_respondents] * 5))
    assert any("500 answers as leder, but the frame has 437 units" in line for line in told(mini))


def test_answers_to_questions_not_asked_are_told(
    mini: Codebook, fixture_respondents: pd.DataFrame, put_in: Put
) -> None:
    table = fixture_respondents
    head = table.index[(table["role"] == "leder") & table["retningslinjer"].eq(2)][0]
    school = table.index[table["role"] == "skolesjef"][0]
    table.loc[head, "felles"] = 1
    table.loc[school, "sertifisert"] = 1
    put_in(table)
    found = told(mini)
    assert found == [
        f"{head + 2}: felles is answered, although retningslinjer does not lead to it "
        "→ blank felles, or correct retningslinjer",
        f"{school + 2}: sertifisert is answered as skolesjef "
        "→ it is asked of leder: blank the cell",
    ]


def test_a_file_that_is_no_table_is_told(mini: Codebook, compendium: Compendium) -> None:
    path = compendium.surveys / "mini" / "respondents.csv"
    path.write_bytes("unit;role\nBø;leder\n".encode("cp1252"))
    assert "save it as UTF-8" in told(mini)[0]
    path.unlink()
    with pytest.raises(FileNotFoundError, match="mini"):
        respondents(mini)
