"""Codebooks: mistakes are told with their lines, all at once."""

from pathlib import Path

import pytest

from kompendium.facts import Compendium
from kompendium.facts.documents import InputError
from kompendium.surveys import Codebook, codebook
from kompendium.surveys.codebook import Sizes
from kompendium.surveys.labels import ENGLISH


def bend(compendium: Compendium, *changes: tuple[str, str]) -> list[str]:
    """Change the small codebook and return the problems as lines of text."""
    path = compendium.surveys / "mini" / "codebook.yml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        codebook("mini")
    assert all(problem.file == path for problem in caught.value.problems)
    lines = text.splitlines()
    for problem in caught.value.problems:
        assert 1 <= problem.line <= len(lines)
    return [f"{lines[one.line - 1].strip()}: {one.message}" for one in caught.value.problems]


def test_a_codebook_says_how_many_answered_and_what_answers_a_finding(mini: Codebook) -> None:
    assert mini.answered == 100
    assert mini.answer("mini.dobbelt").ratio is not None
    assert mini.questions["sertifisert"].valid == (1, 2, 88)
    with pytest.raises(KeyError, match=r"prove.svar"):
        mini.answer("prove.svar")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("roles: [leder]", "roles: [rektor]", "no role «rektor»"),
        ("name: tilbyr", "name: sertifisert", "sertifisert stands twice"),
        ("name: kjenner\n", "name: status\n", "status describes the respondent"),
        ("name: kjenner\n", "name: weight\n", "weight describes the respondent"),
        ("missing: [99]", "missing: [98]", "code 98 has no label"),
        ("asked_if: *har", "asked_if: {variable: x, codes: [1]}", "depends on «x»"),
        ("asked_if: *har", "asked_if: {variable: sertifisert, codes: [7]}", "no code 7"),
        ("asked_if: *har", "asked_if: {variable: tilbyr, codes: [1]}", "boxes of gjelder"),
        ("share: {variable: sertifisert, codes: [1]}", "share: {variable: x, codes: [1]}", "«x»"),
        (
            "variable: kjenner_skole, codes: [1]",
            "variable: kjenner_skole, codes: [99]",
            "valid code 99",
        ),
        ("finding: mini.ingen\n", "finding: mini.finnes_ikke\n", "no finding «mini.finnes_ikke»"),
        ("finding: mini.ingen\n", "finding: mini.dobbelt\n", "answered twice"),
        ("finding: mini.svar", "finding: mini.sver", "does not give the number"),
        ("id: mini\n", "id: maxi\n", "not the folder's name"),
        ("3: Nei", "3: Ja", "same label"),
        ("least: 20000", "least: 12345", "least or below"),
        ("    ratio:\n", "    share: {variable: kjenner, codes: [1]}\n    ratio:\n", "exactly one"),
        (
            "base: {variable: sertifisert, codes: [1]}",
            "base: {variable: kjenner_skole, codes: [1]}",
            "different roles",
        ),
        ("ordered: true", "orderd: true", "Extra inputs"),
    ],
)
def test_a_mistake_is_told(
    mini: Codebook, compendium: Compendium, old: str, new: str, message: str
) -> None:
    assert any(message in line for line in bend(compendium, (old, new)))


def test_all_mistakes_are_told_at_once_each_on_its_line(
    mini: Codebook, compendium: Compendium
) -> None:
    found = bend(
        compendium,
        ("finding: mini.sertifisert", "finding: mini.a"),
        ("finding: mini.felles", "finding: mini.b"),
        ("missing: [99]", "missing: [98]"),
    )
    assert any(line.startswith("- finding: mini.a: no finding") for line in found)
    assert any(line.startswith("- finding: mini.b: no finding") for line in found)
    assert any(line.startswith("- name: sertifisert: ") for line in found)
    assert len(found) == 3


def test_sizes_are_classes_within_the_limits() -> None:
    assert len(Sizes(least=20_000).labels) == 2
    assert Sizes(below=5_000).labels[0].startswith("under")
    assert len(Sizes(below=5_000).labels) == 2
    assert len(Sizes(least=2_000, below=50_000).labels) == 4


def test_the_projects_codebooks_say_which_roles_are_assumed(
    compendium: Compendium, tmp_path: Path
) -> None:
    import shutil

    root = Path(__file__).parents[2] / "data"
    shutil.rmtree(compendium.findings)
    shutil.copytree(root / "findings", compendium.findings)
    for survey in ("ramboll-2020", "imdi-2019", "imdi-2020", "imdi-2021"):
        (compendium.surveys / survey).mkdir()
        shutil.copy(root / "surveys" / survey / "codebook.yml", compendium.surveys / survey)
        book = codebook(survey)
        assert book.variables
        for variable in book.variables:
            assert variable.question.nb != variable.question.en
    stated = {one.name: one.role_stated for one in codebook("imdi-2021").variables}
    assert stated["nsk_kjenner_skole"]
    assert not stated["tolk_status"]


def test_every_answer_of_the_projects_codebooks_has_an_english_label() -> None:
    for name in ("ramboll-2020", "imdi-2019", "imdi-2020", "imdi-2021"):
        for one in codebook(name).questions.values():
            assert set(one.codes.values()) <= set(ENGLISH), (name, one.name)
            assert [one.label(code) for code in one.codes] == list(one.codes.values())
