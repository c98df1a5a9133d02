"""An empty table that, once filled in, is taken in as an export is."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from kompendium.facts import Compendium, Evidence
from kompendium.facts.documents import InputError
from kompendium.statistics import sample
from kompendium.surveys import codebook
from kompendium.surveys.formats import read
from kompendium.surveys.intake import examine, take_in
from kompendium.surveys.template import structure, template
from tests.surveys import exports

HEADER = ["unit", "role", "statoverall", "sertifisert", "tilbyr", "iks_veileder", "iks_tolk"]


@pytest.fixture
def published(compendium: Compendium) -> Compendium:
    """The project's own codebooks and findings."""
    exports.publish(compendium)
    return compendium


def filled(path: Path, table: pd.DataFrame) -> Path:
    """Fill in a template with made-up answers, as a person would in a spreadsheet."""
    book = openpyxl.load_workbook(path)
    sheet = book["Dataset"]
    places = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
    for row, answers in enumerate(table.to_dict("records"), 2):
        for name, value in answers.items():
            if not pd.isna(value):
                sheet.cell(row, places[str(name)], value)
    book.save(path)
    return path


@pytest.mark.parametrize("survey", ["ramboll-2020", "imdi-2021"])
def test_a_filled_template_becomes_evidence(published: Compendium, survey: str) -> None:
    book = codebook(survey)
    table = exports.made_up(book)
    (path,) = template(survey)
    assert path == published.surveys / survey / f"{survey}-template.xlsx"
    assert sample(survey).evidence is Evidence.ILLUSTRATION
    intake = examine(filled(path, table), survey)
    assert intake.failures == ()
    assert intake.notes == ()
    assert intake.left_out == ()
    taken = pd.read_parquet(take_in(intake)).drop(columns="status")
    pd.testing.assert_frame_equal(
        taken, exports.expected(book, table), check_dtype=False, check_column_type=False
    )
    assert sample(survey).evidence is Evidence.SURVEY


def test_the_workbook_has_surveyxacts_shape(published: Compendium) -> None:
    (path,) = template("ramboll-2020")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Dataset", "Labels", "Structure"]
    rows = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    assert rows["Dataset"][0] == HEADER
    assert {value for row in rows["Dataset"][1:] for value in row} == {None}
    assert rows["Labels"][0] == ["role", "kommune", "Kommune eller bydel"]
    assert ["statoverall", 3, "Noen svar"] in rows["Labels"]
    assert ["tilbyr", 88, "Vet ikke"] in rows["Labels"]
    assert rows["Structure"][0] == exports.STRUCTURE
    assert [row[1] for row in rows["Structure"][1:]] == HEADER
    sheet = book["Dataset"]
    assert {sheet.cell(row, 1).number_format for row in range(2, 439)} == {"@"}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["E2:E438"].formula1 == '"1,2,3,88,99"'
    assert rules["E2:E438"].type == "list"
    assert "2 = Nei, men planlagt" in rules["E2:E438"].prompt
    assert rules["B2:B438"].formula1 == '"kommune"'


def test_limits_of_the_spreadsheet_are_kept(published: Compendium) -> None:
    (path,) = template("imdi-2021")
    for rule in openpyxl.load_workbook(path)["Dataset"].data_validations.dataValidation:
        assert len(rule.formula1) <= 255
        assert len(rule.error) <= 255
        assert len(rule.errorTitle) <= 32
        assert rule.prompt is None or len(rule.prompt) <= 255


def test_boxes_of_a_question_share_its_text(published: Compendium) -> None:
    rows = {str(row[1]): row for row in structure(codebook("imdi-2021"))}
    first, second = rows["tolk_felles"], rows["tolk_barnevern"]
    assert first[:4] == ("tolk", "tolk_felles", "Closed", "Multiple")
    assert first[4] == second[4] == "Retningslinjer for tolk gjelder"
    assert (first[5], second[5]) == (1, 2)
    assert second[6] == "barneverntjenesten"
    (path,) = template("imdi-2021")
    asked = codebook("imdi-2021").questions["tolk_barnevern"].question.nb
    assert read(path).questions["tolk_barnevern"].replace(" –", "") == asked


def test_the_csv_has_a_header_and_a_codebook_in_words(
    published: Compendium, tmp_path: Path
) -> None:
    table, words = template("ramboll-2020", "csv", tmp_path / "skjema.csv")
    assert words == tmp_path / "skjema-codebook.txt"
    assert table.read_text(encoding="utf-8-sig").split() == [";".join(HEADER)]
    told = words.read_text(encoding="utf-8-sig")
    assert "tilbyr: Får deltakere i introduksjonsprogrammet tilbud" in told
    assert "  88 = Vet ikke" in told
    assert "Stilles når tilbyr er 1 (Ja)" in told
    assert "weight: Hvor mye svaret teller, et tall over null" in told
    answers = exports.made_up(codebook("ramboll-2020")).assign(statoverall="")
    lines = answers[HEADER].to_csv(sep=";", index=False, header=False)
    with table.open("a", encoding="utf-8") as stream:
        stream.write(lines)
    intake = examine(table, "ramboll-2020")
    assert intake.failures == ()
    assert intake.answered == {"kommune": 276}
    assert "Flervalg (tolk)" in template("imdi-2021", "csv")[1].read_text(encoding="utf-8-sig")


def test_an_empty_template_is_told_when_taken_in(published: Compendium) -> None:
    for kind in ("xlsx", "csv"):
        path = template("ramboll-2020", kind)[0]
        failures = examine(path, "ramboll-2020").failures
        assert [one.wrong for one in failures] == ["nobody has answered"]


def test_a_filled_template_is_never_written_over(published: Compendium, tmp_path: Path) -> None:
    (path,) = template("ramboll-2020")
    before = path.read_bytes()
    with pytest.raises(InputError, match="there already"):
        template("ramboll-2020")
    assert path.read_bytes() == before
    (tmp_path / "ny-codebook.txt").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"ny-codebook.txt"):
        template("ramboll-2020", "csv", tmp_path / "ny.csv")
    assert not (tmp_path / "ny.csv").exists()
