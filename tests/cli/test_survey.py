"""``kompendium survey``: what it prints where, writes and exits with."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from kompendium.cli import main
from kompendium.cli.intakes import ranges, shortened
from kompendium.facts import Compendium
from kompendium.surveys import Codebook, codebook
from tests.surveys import exports

Command = Callable[..., subprocess.CompletedProcess[str]]


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def told(self) -> str:
        """Messages without the lines and line breaks of a table."""
        return " ".join(re.sub(r"[┃│┏┓┗┛━┳┻┡┩╇└┘─┴┬]", " ", self.err).split())


@pytest.fixture
def book(compendium: Compendium) -> Codebook:
    """The project's own codebooks; the one of Rambøll's survey."""
    exports.publish(compendium)
    return codebook("ramboll-2020")


@pytest.fixture
def answers(book: Codebook) -> pd.DataFrame:
    return exports.made_up(book)


@pytest.fixture
def survey(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run ``kompendium survey`` in this process, on a wide terminal."""
    monkeypatch.setattr("kompendium.cli.printing.messages.width", 200)

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["kompendium", "survey", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        printed = capsys.readouterr()
        return Done(int(caught.value.code or 0), printed.out, printed.err)

    return run


def test_an_export_is_checked_taken_in_listed_and_removed(
    book: Codebook, answers: pd.DataFrame, survey: Callable[..., Done], compendium: Compendium
) -> None:
    parts = exports.surveyxact(book, answers)
    file = exports.write_trio(compendium.root / "eksport", parts, ";", "cp1252") / "dataset.csv"
    place = compendium.surveys / book.id / "respondents.parquet"

    done = survey("check", file, "--survey", book.id)
    assert (done.code, done.out) == (0, "")
    assert "read as SurveyXact CSV, cp1252, semicolons" in done.told
    assert "not in the codebook, left out: email" in done.told
    assert "did not answer, left out: 3 rows" in done.told
    assert "answered as kommune: 276 rows" in done.told
    assert "The file can be taken in." in done.told
    assert not place.exists()

    done = survey("add", file, "--survey", book.id)
    assert (done.code, done.out) == (0, "")
    assert "Taken in: data/surveys/ramboll-2020/respondents.parquet" in done.told
    assert place.exists()

    listed = {one["id"]: one for one in json.loads(survey("list", "--json").out)}
    assert listed[book.id]["answers"] == "survey"
    assert (listed[book.id]["respondents"], listed[book.id]["published"]) == (276, 276)
    assert listed["imdi-2021"]["answers"] == "illustration"
    assert listed["imdi-2021"]["respondents"] is None
    shown = survey("list")
    assert (shown.code, shown.err) == (0, "")
    assert "real: 276" in shown.out

    again = survey("add", file, "--survey", book.id)
    assert again.code == 2
    assert "answers are there already" in again.told
    assert survey("add", file, "--survey", book.id, "--replace").code == 0

    kept = survey("remove", book.id)
    assert kept.code == 2
    assert "add --yes" in kept.told
    assert place.exists()
    assert survey("remove", book.id, "--yes").code == 0
    assert not place.exists()
    nothing = survey("remove", book.id, "--yes")
    assert nothing.code == 2
    assert "no real answers" in nothing.told


def test_every_failure_stands_in_one_table_and_nothing_is_taken_in(
    book: Codebook, answers: pd.DataFrame, survey: Callable[..., Done], compendium: Compendium
) -> None:
    answers["sertifisert"] = answers["sertifisert"].astype("Int64")
    answers.loc[[4, 5, 6, 9], "sertifisert"] = 7
    answers.loc[0, "unit"] = "301"
    answers.loc[11, "unit"] = answers.loc[10, "unit"]
    file = compendium.root / "svar.csv"
    answers.to_csv(file, sep=";", index=False)
    for command in ("check", "add"):
        done = survey(command, file, "--survey", book.id)
        assert (done.code, done.out) == (2, "")
        assert "6 failures, 3 kinds (row 1 is the header)" in done.told
        assert "Row Variable What is wrong Remedy" in done.told
        assert "6–8, 11 sertifisert «7» is no code of the question" in done.told
        assert "«301» is no unit of the frame of 2019" in done.told
        assert "with its leading zero: 0301" in done.told
        assert "13 unit the unit of row 12 answers again as kommune" in done.told
        assert answers.loc[10, "unit"] not in done.err
    assert "Nothing was taken in." in done.told
    assert not list((compendium.surveys / book.id).glob("respondents.*"))
    found = json.loads(survey("check", file, "--survey", book.id, "--json").out)
    assert [one["row"] for one in found["failures"]] == [2, 6, 7, 8, 11, 13]
    assert found["failures"][0]["variable"] == "unit"


def test_rows_of_files_without_a_header_count_from_one(
    book: Codebook, answers: pd.DataFrame, survey: Callable[..., Done], compendium: Compendium
) -> None:
    answers.loc[4, "unit"] = "9999"
    file = exports.write_spss(compendium.root / "svar.sav", book, answers)
    done = survey("check", file, "--survey", book.id)
    assert "1 failure, 1 kind (row 1 is the first respondent)" in done.told
    assert "5 unit «9999» is no unit" in done.told


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("svar.xlsx", b"unit;role", "this is no whole xlsx file"),
        ("svar.sav", b"$FL2", "this is no whole SPSS file"),
        ("svar.dta", b"<stata_dta>", "this is no whole Stata file"),
        ("svar.parquet", b"PAR1", "this is no whole Parquet file"),
        ("svar.csv", "unit;a\n0301;får\n".encode("cp865"), "the encoding is not certain"),
        ("svar.csv", b'unit;a\n0301;"1', "a quotation mark is never closed"),
        ("svar.xls", b"\xd0\xcf\x11\xe0", "is no format that is read"),
        ("labels.csv", b"a;1;Ja\n", "dataset.csv and structure.csv is not there"),
    ],
)
def test_a_damaged_file_gives_one_message(
    book: Codebook,
    survey: Callable[..., Done],
    compendium: Compendium,
    name: str,
    content: bytes,
    message: str,
) -> None:
    (compendium.root / name).write_bytes(content)
    done = survey("add", name, "--survey", book.id)
    assert (done.code, done.out) == (2, "")
    assert message in done.told
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err


def test_the_template_is_written_and_never_written_over(
    book: Codebook, survey: Callable[..., Done], compendium: Compendium
) -> None:
    done = survey("template", book.id)
    assert (done.code, done.out) == (0, "")
    assert "Written: data/surveys/ramboll-2020/ramboll-2020-template.xlsx" in done.told
    assert survey("template", book.id).code == 2
    done = survey("template", book.id, "--format", "csv", "--output", compendium.root / "ny.csv")
    assert done.code == 0
    assert (compendium.root / "ny-codebook.txt").exists()


def test_a_broken_file_in_place_is_listed_as_such(
    book: Codebook, survey: Callable[..., Done], compendium: Compendium
) -> None:
    (compendium.surveys / book.id / "respondents.csv").write_text("a;b\n", encoding="utf-8")
    listed = {one["id"]: one for one in json.loads(survey("list", "--json").out)}
    assert listed[book.id]["answers"] == "invalid"


def test_the_command_as_users_run_it(book: Codebook, kompendium: Command) -> None:
    done = kompendium("survey", "check", "borte.csv", "--survey", "borte")
    assert done.returncode == 2
    choices = "imdi-2019, imdi-2020, imdi-2021, ramboll-2020"
    assert f"no survey «borte» → choose among {choices}" in done.stderr
    done = kompendium("survey", "check", "borte.csv", "--survey", book.id)
    assert done.returncode == 2
    assert "borte.csv:1: the file does not exist" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("rows", "said"),
    [([0], "all"), ([2], "2"), ([2, 3], "2–3"), ([2, 4, 5, 6, 9], "2, 4–6, 9")],
)
def test_rows_that_follow_each_other_are_drawn_together(rows: list[int], said: str) -> None:
    assert ranges(rows) == said


def test_of_many_rows_with_the_same_failure_the_first_are_told_and_their_number() -> None:
    told = shortened(range(2, 902, 3))
    assert told == "2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 32 … (300 rows)"
    assert shortened(range(2, 37, 3)) == ranges(range(2, 37, 3))
    assert shortened(range(2, 902)) == "2–901"
