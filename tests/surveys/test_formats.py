"""Each format is read into the same form, and what is damaged is told in one sentence."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from kompendium.surveys.formats import UnreadableError, read
from kompendium.surveys.formats.export import cell, text
from tests.surveys import exports

PARTS: dict[str, list[list[Any]]] = {
    "dataset": [
        ["unit", "tilbyr", "tiltak_1", "tiltak_2", "stato_1", "stato_3", "stato_4", "fritekst"],
        ["0301", 1, 0, 1, 0, 0, 1, "Bærum; «nær»"],
        ["1103", 88, 1, 1, 0, 1, 0, "to\nlinjer"],
        ["1804", "", 0, 0, 1, 0, 0, ""],
    ],
    "labels": [
        ["tilbyr", 1, "Ja, på alle språk"],
        ["tilbyr", 2, "Nei; ikke ennå"],
        ["tilbyr", 88, "Vet ikke   "],
        ["tiltak_1", 0, "Ikke valgt"],
        ["tiltak_1", 1, "Valgt"],
        ["tiltak_2", 0, "Ikke valgt"],
        ["tiltak_2", 1, "Valgt"],
    ],
    "structure": [
        exports.STRUCTURE,
        ["tilbyr", "tilbyr", "Closed", "Single", "Får deltakerne\ntilbud om «kurs»?", "", ""],
        ["tiltak", "tiltak_1", "Closed", "Multiple", "Hvilke tiltak?", 1, "Avtale\n"],
        ["tiltak", "tiltak_2", "Closed", "Multiple", "Hvilke tiltak?", 2, "Timeplaner, felles"],
        ["statoverall", "stato_1", "Closed", "Multiple", "Samlet status", 1, "Ny"],
        ["statoverall", "stato_3", "Closed", "Multiple", "Samlet status", 3, "Noen svar"],
        ["statoverall", "stato_4", "Closed", "Multiple", "Samlet status", 4, "Gjennomført"],
    ],
}
"""SurveyXact's three tables, with the status as a 0/1 column a step."""

ENCODED = [(";", "cp1252"), (",", "cp1252"), ("\t", "utf-16-le")]


def told(path: Path) -> str:
    """The one message about a file that cannot be read."""
    with pytest.raises(UnreadableError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert problem.remedy
    return problem.message


@pytest.fixture(params=["xlsx", *ENCODED], ids=str)
def surveyxact(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "xlsx":
        return exports.write_workbook(tmp_path / "eksport.xlsx", PARTS)
    return exports.write_trio(tmp_path / "eksport", PARTS, *request.param)


def test_surveyxacts_exports_are_the_same_in_every_form(surveyxact: Path) -> None:
    export = read(surveyxact)
    cells = pd.DataFrame(
        {name: list(map(text, export.cells[name])) for name in export.cells},
        index=export.cells.index,
        dtype=object,
    )
    assert list(cells.columns) == [*PARTS["dataset"][0][:4], "fritekst", "statoverall"]
    assert list(cells.index) == [2, 3, 4]  # the blank rows below are not there
    assert cells["unit"].tolist() == ["0301", "1103", "1804"]
    assert cells["tilbyr"].tolist() == ["1", "88", None]
    assert cells["statoverall"].tolist() == ["4", "3", "1"]
    assert cells["fritekst"].tolist() == ["Bærum; «nær»", "to\nlinjer", None]
    assert export.labels["tilbyr"] == {
        "1": "Ja, på alle språk",
        "2": "Nei; ikke ennå",
        "88": "Vet ikke",
    }
    assert export.labels["tiltak_2"] == {"0": "Ikke valgt", "1": "Valgt"}
    assert export.questions["tilbyr"] == "Får deltakerne tilbud om «kurs»?"
    assert export.questions["tiltak_1"] == "Hvilke tiltak? – Avtale"


@pytest.mark.parametrize(("separator", "encoding"), ENCODED)
def test_any_of_the_three_files_stands_for_all(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    folder = exports.write_trio(tmp_path / "csv", PARTS, separator, encoding)
    formats = {read(folder / f"{part}.csv").format for part in PARTS} | {read(folder).format}
    names = {";": "semicolons", ",": "commas", "\t": "tabs"}
    known = {"cp1252": "cp1252", "utf-16-le": "UTF-16LE"}
    assert formats == {f"SurveyXact CSV, {known[encoding]}, {names[separator]}"}


def test_utf_16_is_known_without_its_mark(tmp_path: Path) -> None:
    folder = exports.write_trio(tmp_path / "csv", PARTS, "\t", "utf-16-le")
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[2:])
    assert read(folder).format == "SurveyXact CSV, UTF-16LE, tabs"


def test_two_exports_in_a_folder_are_kept_apart(tmp_path: Path) -> None:
    for beginning in ("skole_", "nav_"):
        folder = exports.write_trio(tmp_path / beginning, PARTS, ";", "cp1252")
        for file in folder.iterdir():
            file.rename(tmp_path / f"{beginning}{file.name}")
    assert len(read(tmp_path / "nav_labels.csv").cells) == 3
    assert "both nav_dataset.csv and skole_dataset.csv are there" in told(tmp_path)


def test_wide_surveys_have_several_sheets(tmp_path: Path) -> None:
    path = exports.write_workbook(tmp_path / "bred.xlsx", PARTS)
    book = openpyxl.load_workbook(path)
    book["Dataset"].title = "Dataset(1)"
    more = book.create_sheet("Dataset(2)")
    for row in ["ekstra"], [5], [6], [7]:
        more.append(row)
    book.save(path)
    assert read(path).cells["ekstra"].tolist() == [5, 6, 7]


@pytest.mark.parametrize("sheet", ["Labels", "Dataset", "Structure"])
def test_a_missing_sheet_is_told(tmp_path: Path, sheet: str) -> None:
    some = {part: rows for part, rows in PARTS.items() if part != sheet.casefold()}
    assert f"the sheet {sheet} is not there" in told(
        exports.write_workbook(tmp_path / "eksport.xlsx", some)
    )


@pytest.mark.parametrize("part", list(PARTS))
def test_a_missing_file_of_the_three_is_told(tmp_path: Path, part: str) -> None:
    folder = exports.write_trio(tmp_path / "csv", PARTS, ";", "cp1252")
    (folder / f"{part}.csv").unlink()
    assert f"{part}.csv is not there" in told(folder)


def test_parts_of_different_surveys_are_told(tmp_path: Path) -> None:
    folder = exports.write_trio(tmp_path / "csv", PARTS, ";", "cp1252")
    (folder / "labels.csv").write_text("annet;1;Ja\nannet;2;Nei\n", encoding="cp1252")
    assert "parts are of different surveys" in told(folder)


def test_a_structure_without_its_columns_is_told(tmp_path: Path) -> None:
    path = exports.write_workbook(
        tmp_path / "x.xlsx", PARTS | {"structure": [["questionName", "variableName"]]}
    )
    assert "no column questionType, subType, questionText" in told(path)


def test_two_statuses_at_once_are_told(tmp_path: Path) -> None:
    rows = [list(row) for row in PARTS["dataset"]]
    rows[2][4] = 1
    folder = exports.write_trio(tmp_path / "csv", PARTS | {"dataset": rows}, ";", "cp1252")
    with pytest.raises(UnreadableError) as caught:
        read(folder)
    assert [problem.line for problem in caught.value.problems] == [3]


def cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


SMALL = pd.DataFrame({"unit": ["0301", "1103", "1804"], "tilbyr": [1.0, 88.0, None]})


def write_parquet(path: Path) -> None:
    SMALL.to_parquet(path)


def write_spss(path: Path) -> None:
    pyreadstat.write_sav(SMALL, path, missing_ranges={"tilbyr": [88]})


def write_stata(path: Path) -> None:
    pyreadstat.write_dta(SMALL, path)


def write_workbook(path: Path) -> None:
    exports.write_workbook(path, PARTS)


WRITERS: dict[str, Callable[[Path], None]] = {
    "xlsx": write_workbook,
    "parquet": write_parquet,
    "sav": write_spss,
    "dta": write_stata,
}


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.97])
@pytest.mark.parametrize("kind", list(WRITERS))
def test_a_truncated_file_is_told(tmp_path: Path, kind: str, share: float) -> None:
    path = tmp_path / f"eksport.{kind}"
    WRITERS[kind](path)
    read(path)
    assert "this is no whole" in told(cut(path, share))


@pytest.mark.parametrize("kind", list(WRITERS))
def test_a_file_that_is_not_what_its_name_says_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"eksport.{kind}"
    path.write_text("unit;tilbyr\n0301;1\n", encoding="utf-8")
    assert "this is no whole" in told(path)


def test_declared_missing_codes_are_kept_apart_from_blank(tmp_path: Path) -> None:
    path = tmp_path / "svar.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"tilbyr": [1.0, 88.0, None, 99.0], "annet": ["0301", "", "x", "y"]}),
        path,
        column_labels={"tilbyr": "Får dere\ntilbud?"},
        variable_value_labels={"tilbyr": {1: "Ja", 88: "Vet ikke", 99: "Ikke svart"}},
        missing_ranges={"tilbyr": [88, {"lo": 98, "hi": 99}]},
    )
    export = read(path)
    assert export.cells["tilbyr"].tolist() == [1, 88, None, 99]
    assert export.cells["annet"].tolist() == ["0301", None, "x", "y"]
    assert list(export.cells.index) == [1, 2, 3, 4]
    assert not export.header
    assert export.declared["tilbyr"] == {"88", "99"}
    assert export.labels["tilbyr"]["99"] == "Ikke svart"
    assert export.questions == {"tilbyr": "Får dere\ntilbud?"}


def test_statas_extended_missing_values_are_codes_and_its_blank_is_blank(tmp_path: Path) -> None:
    path = tmp_path / "svar.dta"
    pyreadstat.write_dta(
        pd.DataFrame({"unit": list("abcd"), "tilbyr": [1, "a", None, 2]}),
        path,
        variable_value_labels={"tilbyr": {1: "Ja", 2: "Nei", "a": "Vet ikke"}},
        missing_user_values={"tilbyr": ["a"]},
    )
    export = read(path)
    assert export.cells["tilbyr"].tolist() == [1, ".a", None, 2]
    assert export.labels["tilbyr"] == {"1": "Ja", "2": "Nei", ".a": "Vet ikke"}
    assert export.declared["tilbyr"] == {".a"}


def test_statas_blank_in_the_smallest_type_is_blank(tmp_path: Path) -> None:
    """A byte column with .a and . : the case where pyreadstat gives 0 for the blank."""
    path = tmp_path / "svar.dta"
    pd.DataFrame(
        {"boks": pd.array([1, 0, 1], dtype="Int8"), "tall": pd.array([7, 8, 9], dtype="Int8")}
    ).to_stata(path, write_index=False, version=118)
    content = path.read_bytes()
    start = content.index(b"<data>") + len(b"<data>")
    cells = struct.pack("6b", 1, 7, 102, 8, 101, 9)  # a byte of 101 is . and 102 is .a
    path.write_bytes(content[:start] + cells + content[start + len(cells) :])
    assert read(path).cells["boks"].tolist() == [1, ".a", None]


def test_parquet_keeps_types_and_reads_categories_as_labels(tmp_path: Path) -> None:
    path = tmp_path / "svar.parquet"
    table = pd.DataFrame(
        {
            "unit": pd.array([301, 1103], dtype="Int64"),
            "tilbyr": pd.Categorical(["Ja", None]),
            "boks": [True, False],
        }
    )
    table.to_parquet(path)
    cells = read(path).cells
    assert cells.to_numpy().tolist() == [[301, "Ja", 1], [1103, None, 0]]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encoding_and_separator_are_found(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "svar.csv"
    rows = [["unit", "tilbyr", "merknad"], ["0301", "Ja, på språk", "«Nær» – få; ød\nto"]]
    quoted = "\r\n".join(separator.join(f'"{field}"' for field in row) for row in rows)
    path.write_bytes(quoted.encode(encoding))
    export = read(path)
    shown = "cp1252" if encoding == "cp1252" else "UTF-8"
    names = {";": "semicolons", ",": "commas", "\t": "tabs"}
    assert export.format == f"CSV, {shown}, {names[separator]}"
    assert export.cells.loc[2].tolist() == ["0301", "Ja, på språk", "«Nær» – få; ød\nto"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"unit\n0301\n", "no semicolons, commas or tabs"),
        (b"unit;a,b\n0301;1,2\n", "both semicolons and commas divide every row alike"),
        (b'unit;a\n0301;"1\n', "a quotation mark is never closed"),
        (b"unit;a;b\n0301;1;2\n1103;1\n", "2 columns, where 3 are expected"),
        (b"unit;a\n0301;1;5\n", "3 columns, where 2 are expected"),
        (b"unit;;b\n0301;1;2\n", "column 2 has no name"),
        (b"unit;a;a\n0301;1;2\n", "the header has a more than once"),
        ("unit;a\n0301;Få\n".encode().replace(b"unit", b"\xe5"), "æ, ø and å are broken"),
        ("unit;a\n0301;FÃ¥\n".encode(), "æ, ø and å are broken"),
        ("unit;a\n0301;får\n".encode("mac-roman"), "the encoding is not certain"),
        ("unit;a\n0301;får\n".encode("cp865"), "the encoding is not certain"),
        ("unit;a\n0301;FÅ\n".encode("cp865"), "not UTF-8 or cp1252 throughout"),
        ("unit;a\n0301;år\n".encode("utf-16")[:-1], "not UTF-16LE throughout"),
        (bytes(range(256)), "not a text file"),
    ],
)
def test_text_that_is_damaged_or_not_certain_is_told(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "svar.csv"
    path.write_bytes(content)
    assert message in told(path)


def test_every_ragged_row_is_told(tmp_path: Path) -> None:
    path = tmp_path / "svar.csv"
    path.write_text("a;b\n1;2\n1\n1;2\n1;2;3\n", encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        read(path)
    assert [problem.line for problem in caught.value.problems] == [3, 5]


def test_rows_keep_their_numbers_and_fields_too_many_may_be_blank(tmp_path: Path) -> None:
    path = tmp_path / "svar.csv"
    path.write_text('a;b\n1;"x ""y"" z"\n\n;\n3;4;\n', encoding="utf-8")
    assert read(path).cells.to_dict("index") == {
        2: {"a": "1", "b": 'x "y" z'},
        5: {"a": "3", "b": "4"},
    }


def test_a_stray_quotation_mark_in_a_text_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "svar.csv"
    path.write_text('a;b\n1;"Ja" og nei\n2;5" rør\n', encoding="utf-8")
    assert read(path).cells["b"].tolist() == ["Ja og nei", '5" rør']


def test_what_is_not_there_and_what_is_not_read_are_told(tmp_path: Path) -> None:
    assert "does not exist" in told(tmp_path / "borte.sav")
    (tmp_path / "svar.pdf").write_bytes(b"%PDF")
    assert "«.pdf» is no format" in told(tmp_path / "svar.pdf")


@pytest.mark.parametrize(
    ("value", "plain", "written"),
    [
        (" ", None, None),
        (None, None, None),
        (pd.NA, None, None),
        (pd.NaT, None, None),
        (float("nan"), None, None),
        (True, 1, "1"),
        (88.0, 88, "88"),
        (1.5, 1.5, "1.5"),
        (" 0301 ", "0301", "0301"),
        ("88.0", "88.0", "88"),
        (pd.Timestamp("2020-01-02"), "2020-01-02 00:00:00", "2020-01-02 00:00:00"),
    ],
)
def test_cells_are_made_plain(value: object, plain: object, written: str | None) -> None:
    assert cell(value) == plain
    assert text(cell(value)) == written
