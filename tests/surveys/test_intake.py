"""Files taken in whole or not at all, each breach of the contract with row and remedy."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from kompendium.facts import Compendium, Evidence
from kompendium.facts.documents import InputError
from kompendium.statistics import sample
from kompendium.surveys import Codebook, codebook, has_respondents, respondents
from kompendium.surveys.intake import (
    Intake,
    IntakeError,
    examine,
    held,
    known,
    remove,
    surveys,
    take_in,
)
from kompendium.surveys.mapping import Failure, same, shown
from tests.surveys import exports


@pytest.fixture
def published(compendium: Compendium) -> Compendium:
    """The project's own codebooks and findings."""
    exports.publish(compendium)
    return compendium


def write(kind: str, folder: Path, book: Codebook, table: pd.DataFrame) -> Path:
    """Write made-up answers in one of the formats."""
    parts = exports.surveyxact(book, table)
    match kind:
        case "surveyxact.xlsx":
            return exports.write_workbook(folder / "eksport.xlsx", parts)
        case "semicolons" | "commas":
            separator = ";" if kind == "semicolons" else ","
            return exports.write_trio(folder / "csv", parts, separator, "cp1252")
        case "tabs":
            return exports.write_trio(folder / "csv", parts, "\t", "utf-16-le") / "dataset.csv"
        case "sav":
            return exports.write_spss(folder / "svar.sav", book, table)
        case "dta":
            return exports.write_stata(folder / "svar.dta", book, table)
        case "csv, UTF-8":
            table.to_csv(folder / "svar.csv", sep=";", index=False)
        case "csv, cp1252 and texts":
            words = table.astype(object)
            for one in book.variables:
                words[one.name] = table[one.name].map(one.codes)
            words["role"] = words["role"].map({k: one.label.nb for k, one in book.roles.items()})
            words.to_csv(folder / "svar.csv", index=False, encoding="cp1252")
        case "parquet":
            table.to_parquet(folder / "svar.parquet")
            return folder / "svar.parquet"
    return folder / "svar.csv"


KINDS = ["surveyxact.xlsx", "semicolons", "commas", "tabs", "sav", "dta", "csv, UTF-8"]
KINDS += ["csv, cp1252 and texts", "parquet"]

CASES = [("ramboll-2020", kind) for kind in KINDS]
CASES += [("imdi-2021", kind) for kind in ("surveyxact.xlsx", "commas", "sav", "dta")]


@pytest.mark.parametrize(("survey", "kind"), CASES)
def test_every_format_comes_in_as_it_went_out(
    published: Compendium, tmp_path: Path, survey: str, kind: str
) -> None:
    book = codebook(survey)
    table = exports.made_up(book)
    intake = examine(write(kind, tmp_path, book, table), survey)
    assert intake.failures == ()
    assert intake.answered == table["role"].value_counts().to_dict()
    place = take_in(intake)
    assert place == published.surveys / survey / "respondents.parquet"
    taken = pd.read_parquet(place)
    if "status" in taken:
        assert set(taken.pop("status")) == {"3", "4"}  # who did not answer is not there
        assert intake.silent == 3
        assert intake.left_out == ("email",)
    pd.testing.assert_frame_equal(
        taken, exports.expected(book, table), check_dtype=False, check_column_type=False
    )
    assert len(respondents(book)) == len(table)
    assert sample(survey).evidence is Evidence.SURVEY


@pytest.mark.parametrize("kind", ["surveyxact.xlsx", "sav", "dta", "parquet"])
def test_numbers_that_lost_their_zero_to_their_type_get_it_back(
    published: Compendium, tmp_path: Path, kind: str
) -> None:
    book = codebook("ramboll-2020")
    table = exports.made_up(book)
    lost = int(table["unit"].str.startswith("0").sum())
    intake = examine(
        write(kind, tmp_path, book, table.assign(unit=table["unit"].astype("int64"))), book.id
    )
    assert intake.failures == ()
    rows = lost + intake.silent  # the fixture's silent rows have numbers of the first counties
    assert intake.notes[0] == f"unit: stored as numbers, so {rows} rows got the leading zero back"
    assert sorted(intake.table["unit"]) == sorted(table["unit"])


def test_a_zero_lost_in_text_is_told(published: Compendium, tmp_path: Path) -> None:
    book = codebook("ramboll-2020")
    table = exports.made_up(book)
    bent = table.assign(unit=table["unit"].astype("int64").astype(str))
    intake = examine(write("csv, UTF-8", tmp_path, book, bent), book.id)
    row = int(table.index[table["unit"].str.startswith("0")][0])
    lost, whole = bent.loc[row, "unit"], table.loc[row, "unit"]
    assert Failure(
        row + 2,
        "unit",
        f"«{lost}» is no unit of the frame of 2019",
        f"write the number as text with its leading zero: {whole}",
    ) in (intake.failures)
    assert len(intake.failures) == table["unit"].str.startswith("0").sum()


@pytest.fixture
def taken_from(
    mini: Codebook, fixture_respondents: pd.DataFrame, tmp_path: Path
) -> Callable[..., Intake]:
    """Examine the small survey's answers, changed by the test, as plain CSV."""

    def read(table: pd.DataFrame | None = None) -> Intake:
        given = fixture_respondents if table is None else table
        path = tmp_path / "svar.csv"
        given.to_csv(path, sep=";", index=False)
        return examine(path, "mini")

    return read


def test_every_failure_is_told_at_once_with_row_variable_and_remedy(
    taken_from: Callable[..., Intake], fixture_respondents: pd.DataFrame
) -> None:
    table = fixture_respondents.astype(object)
    table.loc[10, "unit"] = "9999"
    table.loc[11, "role"] = "rektor"
    table.loc[12, "sertifisert"] = 7
    table.loc[13, "tilbyr"] = "Kanskje"
    table.loc[14, "unit"] = pd.NA
    table.loc[16, ["unit", "role"]] = table.loc[15, ["unit", "role"]]
    table.loc[18, "tilbyr"] = "kari.nordmann@example.org"
    table.loc[19, "tilbyr"] = "01017012345"
    table["statoverall"] = "Gjennomført"
    table.loc[17, "statoverall"] = "Kanskje"
    table.loc[20, "statoverall"] = "Frafalt"
    table.loc[20, "unit"] = "0000"  # did not answer: its number does not matter
    table = table.rename(columns={"kjenner": "kjent"})
    intake = taken_from(table)
    assert intake.silent == 1
    assert intake.left_out == ("kjent",)
    found = {(one.row, one.variable, one.wrong) for one in intake.failures}
    codes = "use 1 = Ja, 2 = Planlagt, 3 = Nei, 99 = Ikke besvart, or leave it blank"
    assert {one.remedy for one in intake.failures if one.variable == "tilbyr"} == {codes}
    assert found == {
        (0, "kjenner", "no column of the file is kjenner"),
        (12, "unit", "«9999» is no unit of the frame of 2019"),
        (13, "role", "«rektor» is no role of the survey"),
        (14, "sertifisert", "«7» is no code of the question"),
        (15, "tilbyr", "«Kanskje» is no code of the question"),
        (16, "unit", "the cell is blank"),
        (18, "unit", "the unit of row 17 answers again as leder"),
        (19, "status", "«Kanskje» is no status"),
        (20, "tilbyr", "a text of 25 characters is no code of the question"),
        (21, "tilbyr", "a number of 11 digits is no code of the question"),
    }
    with pytest.raises(IntakeError) as caught:
        take_in(intake)
    assert len(caught.value.problems) == len(intake.failures)
    assert not has_respondents("mini")


def test_more_answers_than_units_are_told(
    taken_from: Callable[..., Intake], fixture_respondents: pd.DataFrame
) -> None:
    intake = taken_from(pd.concat([fixture_respondents] * 5))
    wrong = "500 answers as leder, but the frame has 437 units"
    assert any((one.row, one.wrong) == (0, wrong) for one in intake.failures)


def test_answers_to_questions_not_asked_are_told(
    taken_from: Callable[..., Intake], fixture_respondents: pd.DataFrame
) -> None:
    table = fixture_respondents
    school = table.index[table["role"] == "skolesjef"][0]
    table.loc[school, "sertifisert"] = 1
    (failure,) = taken_from(table).failures
    assert (failure.row, failure.variable) == (school + 2, "sertifisert")
    assert failure.wrong == "is answered as skolesjef"


def test_a_file_in_which_nobody_answered_is_told(
    taken_from: Callable[..., Intake], fixture_respondents: pd.DataFrame
) -> None:
    intake = taken_from(fixture_respondents.assign(status="Ny"))
    assert [one.wrong for one in intake.failures] == ["nobody has answered"]
    empty = taken_from(fixture_respondents.iloc[:0])
    assert [one.wrong for one in empty.failures] == ["nobody has answered"]


def test_boxes_are_read_together(
    taken_from: Callable[..., Intake], fixture_respondents: pd.DataFrame
) -> None:
    table = fixture_respondents.astype({"felles": "Int64", "barnevern": "Int64"})
    never = table.index[table["retningslinjer"] == 2]
    ticked = table.index[(table["felles"] == 1) & (table["barnevern"] == 0)]
    table.loc[never, ["felles", "barnevern"]] = 0  # as SurveyXact writes who was never asked
    intake = taken_from(table)
    assert intake.failures == ()
    assert intake.notes == (
        f"gjelder: {len(never)} rows with no box ticked are read as not answered",
    )
    assert intake.table.loc[never + 2, ["felles", "barnevern"]].isna().all(axis=None)
    table.loc[ticked, "barnevern"] = pd.NA  # as some write a box that was not ticked
    failures = taken_from(table).failures
    assert [one.row for one in failures] == [row + 2 for row in ticked]
    assert {one.remedy for one in failures} == {"write 0 in boxes that were not ticked"}


def spss(path: Path, table: pd.DataFrame, labels: dict[str, dict[int, str]]) -> Path:
    numbers = table.astype({name: "float64" for name in table if name not in ("unit", "role")})
    pyreadstat.write_sav(numbers, path, variable_value_labels=labels)
    return path


def test_weights_are_taken_in_under_the_name_the_file_has(
    mini: Codebook, compendium: Compendium, fixture_respondents: pd.DataFrame, tmp_path: Path
) -> None:
    weights = [0.5 + row % 4 / 4 for row in range(len(fixture_respondents))]
    path = spss(tmp_path / "svar.sav", fixture_respondents.assign(vekt=weights), {})
    assert examine(path, "mini").left_out == ("vekt",)
    book = compendium.surveys / "mini" / "codebook.yml"
    text = book.read_text(encoding="utf-8")
    named = text.replace("frame: 2019\n", "frame: 2019\nsource: {weight: [Vekt]}\n")
    book.write_text(named, encoding="utf-8")
    intake = examine(path, "mini")
    assert (intake.failures, intake.left_out) == ((), ())
    taken = pd.read_parquet(take_in(intake))
    assert taken["weight"].dtype == "float64"
    assert sorted(taken["weight"]) == sorted(weights)
    assert sorted(respondents(codebook("mini"))["weight"]) == sorted(weights)


def test_a_weight_that_cannot_be_is_told(
    taken_from: Callable[..., Intake], fixture_respondents: pd.DataFrame
) -> None:
    table = fixture_respondents.assign(weight="1,5").astype({"weight": object})
    table.loc[5, "weight"] = "0"
    failures = taken_from(table).failures
    assert [(one.row, one.variable, one.wrong) for one in failures] == [
        (7, "weight", "«0» is no positive number")
    ]


def test_codes_follow_their_texts_where_the_file_counts_differently(
    mini: Codebook, fixture_respondents: pd.DataFrame, tmp_path: Path
) -> None:
    other = {1: 10, 2: 1, 3: 2, 99: 0}
    table = fixture_respondents.assign(tilbyr=fixture_respondents["tilbyr"].map(other))
    labels = {"tilbyr": {10: "JA", 1: "Plan\u00adlagt", 2: " Nei\n", 0: "Ikke  besvart"}}
    intake = examine(spss(tmp_path / "svar.sav", table, labels), "mini")
    assert intake.failures == ()
    assert intake.notes == (
        "tilbyr: codes follow the file's texts, not its numbers (1 → 2, 10 → 1, 2 → 3)",
    )
    kept = intake.table["tilbyr"].astype("Int64").tolist()
    assert kept == fixture_respondents["tilbyr"].astype("Int64").tolist()


def test_a_text_the_codebook_lacks_is_told_and_can_be_added(
    mini: Codebook, compendium: Compendium, fixture_respondents: pd.DataFrame, tmp_path: Path
) -> None:
    labels = {"S_12": {1: "Ja, alle", 2: "Planlagt", 3: "Nei"}}
    table = fixture_respondents.rename(columns={"tilbyr": "S_12", "unit": "Knr"})
    path = spss(tmp_path / "svar.sav", table, labels)
    book = compendium.surveys / "mini" / "codebook.yml"
    text = book.read_text(encoding="utf-8")
    failures = examine(path, "mini").failures
    assert [(one.row, one.variable) for one in failures] == [(0, "tilbyr"), (0, "unit")]
    assert "source: {unit: [its name]}" in failures[1].remedy

    text = text.replace("frame: 2019\n", "frame: 2019\nsource: {unit: [knr]}\n")
    text = text.replace("- name: tilbyr\n", "- name: tilbyr\n    source: [s_12]\n")
    book.write_text(text, encoding="utf-8")
    failures = examine(path, "mini").failures
    yes = fixture_respondents.index[fixture_respondents["tilbyr"] == 1]
    assert [one.row for one in failures] == [row + 1 for row in yes]
    assert {one.wrong for one in failures} == {
        "the file calls «1» «Ja, alle», the codebook does not"
    }
    text = text.replace("source: [s_12]\n", 'source: [s_12]\n    texts: {1: ["Ja, alle"]}\n')
    book.write_text(text, encoding="utf-8")
    assert examine(path, "mini").failures == ()

    book.write_text(text.replace("texts: {1:", "texts: {7:"), encoding="utf-8")
    with pytest.raises(InputError, match="code 7 has no label"):
        examine(path, "mini")


def test_a_code_without_text_among_codes_that_are_moved_is_told(
    mini: Codebook, fixture_respondents: pd.DataFrame, tmp_path: Path
) -> None:
    labels = {"tilbyr": {1: "Nei", 3: "Ja"}}
    path = spss(tmp_path / "svar.sav", fixture_respondents, labels)
    failures = examine(path, "mini").failures
    planned = fixture_respondents.index[fixture_respondents["tilbyr"] == 2]
    assert [one.row for one in failures] == [row + 1 for row in planned]
    assert "«2» has no text" in failures[0].wrong


def test_two_columns_for_one_variable_are_told(
    taken_from: Callable[..., Intake], fixture_respondents: pd.DataFrame
) -> None:
    table = fixture_respondents.assign(UNIT=fixture_respondents["unit"])
    (failure,) = taken_from(table).failures
    assert (failure.row, failure.wrong) == (0, "unit and UNIT may both be unit")


def test_a_question_under_another_name_is_pointed_out(
    published: Compendium, tmp_path: Path
) -> None:
    book = codebook("ramboll-2020")
    table = exports.made_up(book)
    parts = exports.surveyxact(book, table)
    for rows, place in ((parts["dataset"][:1], None), (parts["structure"], 1)):
        for row in rows:
            where = row.index("tilbyr") if place is None else place
            row[where] = "s_12" if row[where] == "tilbyr" else row[where]
    (failure,) = examine(exports.write_workbook(tmp_path / "x.xlsx", parts), book.id).failures
    assert failure.variable == "tilbyr"
    assert failure.remedy.startswith("s_12 has its text: add source: [s_12]")


def test_answers_in_place_are_not_written_over_unasked(
    taken_from: Callable[..., Intake], compendium: Compendium, fixture_respondents: pd.DataFrame
) -> None:
    old = compendium.surveys / "mini" / "respondents.csv"
    old.write_text("unit;role\n", encoding="utf-8")
    intake = taken_from()
    with pytest.raises(InputError, match="answers are there already"):
        take_in(intake)
    assert held("mini") == [old]
    bent = fixture_respondents.assign(sertifisert=7)
    with pytest.raises(IntakeError):
        take_in(taken_from(bent), replace=True)
    assert held("mini") == [old]
    place = take_in(intake, replace=True)
    assert held("mini") == [place]
    assert place.stat().st_mode & 0o077 == 0
    assert not list(place.parent.glob(".*"))


def test_what_is_taken_in_is_the_codebooks_and_nothing_else(
    taken_from: Callable[..., Intake], mini: Codebook, fixture_respondents: pd.DataFrame
) -> None:
    named = fixture_respondents.iloc[::-1].assign(navn="Kari", epost="kari@example.org")
    place = take_in(taken_from(named))
    assert list(pd.read_parquet(place)) == ["unit", "role", *mini.questions]
    assert b"kari" not in place.read_bytes().lower()
    again = examine(place, "mini")  # what was taken in can be taken in
    assert again.failures == ()
    assert again.table["unit"].tolist() == sorted(fixture_respondents["unit"])


def test_answers_are_taken_out_again(taken_from: Callable[..., Intake]) -> None:
    place = take_in(taken_from())
    assert sample("mini").evidence is Evidence.SURVEY
    assert remove("mini") == [place]
    assert sample("mini").evidence is Evidence.ILLUSTRATION
    assert remove("mini") == []


def test_an_unknown_survey_is_told(mini: Codebook) -> None:
    assert surveys() == ["mini"]
    assert known("mini") == mini
    with pytest.raises(InputError, match=r"no survey «borte» → choose among mini"):
        known("borte")


def test_texts_are_the_same_where_no_reader_sees_a_difference() -> None:
    assert same("Vet\u00a0ikke ") == same("VET  IKKE\n")
    assert same("Få\u00adr") == same("Fa\u030ar")
    assert same("Ja") != same("Ja.")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("301", "«301»"),
        ("Nei, men planlagt", "«Nei, men planlagt»"),
        ("01017012345", "a number of 11 digits"),
        ("x" * 41, "a text of 41 characters"),
        ("a@b.no", "a text of 6 characters"),
    ],
)
def test_nothing_that_names_a_person_is_shown(value: str, said: str) -> None:
    assert shown(value) == said
