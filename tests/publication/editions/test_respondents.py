"""Nothing of real respondents gets into an edition, not even the hash of their file."""

from __future__ import annotations

import json

import pytest

from kompendium.engine import Record
from kompendium.engine.records import Ledger
from kompendium.publication.editions import manifest
from kompendium.publication.editions.manifest import contents, digest
from kompendium.publication.editions.records import frozen, is_private

from .conftest import NOTEBOOK, SHOWN, Project, make

SECRET = "respondent@example.org"
ANSWERS = f"unit;role;epost;svar\n0301;leder;{SECRET};1\n1103;leder;b@example.org;2\n"
READING = """\
import os
path = os.environ['KOMPENDIUM_ROOT'] + '/data/surveys/hemmelig/respondents.csv'
answers = pd.read_csv(path, sep=';')
"""


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """FIXTURE answers, not real ones: an edition of a compendium that read respondents."""
    root = tmp_path_factory.mktemp("answered") / "kompendium"
    answers = root / "data" / "surveys" / "hemmelig" / "respondents.csv"
    answers.parent.mkdir(parents=True)
    answers.write_text(ANSWERS, encoding="utf-8")
    answers.with_name("rådata fra leverandør.txt").write_text("x", encoding="utf-8")
    project = make(root, NOTEBOOK, SHOWN, READING)
    done = project.release("2026.1")
    assert done.returncode == 0, done.stderr
    return project


def test_the_manifest_names_the_survey_and_no_more(answered: Project) -> None:
    told = manifest.read(answered.editions / "2026.1")
    assert told
    assert told.surveys == ("hemmelig",)
    assert not [one.path for one in told.inputs if one.path.startswith("data/surveys")]


def test_neither_answers_nor_their_hash_are_in_any_file(answered: Project) -> None:
    source = answered.root / "data" / "surveys" / "hemmelig" / "respondents.csv"
    record = Record.read(answered.compendium.runs, "kapittel")
    assert record
    assert record.good
    name = "data/surveys/hemmelig/respondents.csv"
    assert record.good.ingredients.files[name] == digest(source)  # here it counts; there it goes
    kept = [SECRET, digest(source)[:12], record.good.key[:12], "leverandør"]
    folder = answered.editions / "2026.1"
    for path in contents(folder):
        content = (folder / path).read_bytes()
        assert [one for one in kept if one.encode() in content] == [], path


def test_the_record_of_the_run_keeps_everything_else(answered: Project) -> None:
    path = answered.editions / "2026.1" / "runs" / "kapittel.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["surveys"] == ["hemmelig"]
    assert told["key"] is None
    assert "data/findings/prove.yml" in told["files"]
    assert told["modules"]


def test_it_is_run_again_with_the_respondents_that_are_here(answered: Project) -> None:
    done = answered.run("release", "reproduce", "2026.1")
    assert done.returncode == 0, done.stderr
    assert "Respondents of hemmelig: as they lie here; nothing tells whether" in done.stderr


def test_ledgers_and_names_of_private_files_stay_behind(answered: Project) -> None:
    record = Record.read(answered.compendium.runs, "kapittel")
    assert record
    assert record.good
    folder = "data/surveys/hemmelig"
    ingredients = record.good.ingredients.model_copy(
        update={
            "folders": {folder: ("codebook.yml", "privat.txt"), f"{folder}/mer": ("a",)},
            "sought": {f"{folder}/privat.txt": "file", f"{folder}/codebook.yml": "missing"},
        }
    )
    ledger = Ledger(limit=5, totals={"leder": 187}, released=[], protected=[], withheld=[])
    good = record.good.model_copy(
        update={"ingredients": ingredients, "ledgers": {"hemmelig": ledger}}
    )
    told = frozen(record.model_copy(update={"good": good}))
    assert told.folders == {folder: ("codebook.yml",)}
    assert told.sought == {f"{folder}/codebook.yml": "missing"}
    assert "187" not in told.model_dump_json(
        exclude={"cell_seconds", "peak_memory", "modules", "files"}
    )


@pytest.mark.parametrize(
    ("name", "private"),
    [
        ("data/surveys/a/respondents.csv", True),
        ("data/surveys/a/original/svar.sav", True),
        ("data/surveys/a/codebook.yml", False),
        ("data/surveys/a/b/codebook.yml", True),
        ("data/frames/respondents.csv", False),
    ],
)
def test_what_is_private(name: str, private: bool) -> None:
    assert is_private(name) is private
