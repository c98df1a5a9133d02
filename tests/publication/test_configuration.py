"""What ``_quarto.yml`` says holds for the embedded publisher too."""

from __future__ import annotations

import pytest

from kompendium.facts.documents import InputError
from kompendium.facts.paths import Compendium
from kompendium.publication import Book, publish
from kompendium.publication.staging import prepare

from .conftest import CONFIGURATION, Sample, figure


def configured(sample: Sample, old: str, new: str) -> None:
    assert old in CONFIGURATION
    text = CONFIGURATION.replace(old, new)
    (sample.root / "_quarto.yml").write_text(text, encoding="utf-8")


def test_words_are_quartos_unless_overridden(sample: Sample) -> None:
    words = Book.read(sample.compendium).words
    assert words["crossref-fig-title"] == "Figur"
    assert words["callout-note-title"] == "Merk"
    assert words["callout-tip-title"] == "Tips"
    assert words["code-summary"] == "Vis koden"


def test_a_prefix_of_its_own(sample: Sample) -> None:
    configured(sample, "lang: nb\n", "lang: nb\ncrossref: {fig-prefix: figur}\n")
    page = (publish(sample.compendium, "pandoc").parent / "index.html").read_text(encoding="utf-8")
    assert ">figur\u00a01.1</a>" in page


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    - index.md\n", "", "the first chapter must be index.md"),
        ("    - references.md\n", "    - alfa.md\n", "the same address: alfa"),
        ("  title: Prøveboka\n", "", "book.title"),
        ("    - outputs/notebooks/beta.ipynb\n", "    - part: Del\n", "book.chapters.2"),
    ],
)
def test_mistakes_are_told_with_their_line(sample: Sample, old: str, new: str, told: str) -> None:
    configured(sample, old, new)
    with pytest.raises(InputError, match=told):
        Book.read(sample.compendium)


def test_the_stage_is_flat_and_leaves_the_compendium_alone(sample: Sample) -> None:
    before = {path: path.read_bytes() for path in sample.root.rglob("*") if path.is_file()}
    folder = sample.root.parent / "stage"
    prepare(Book.read(sample.compendium), folder)
    assert {path.name for path in folder.iterdir()} == {
        "_attached",
        "_quarto.yml",
        "_variables.yml",
        "alfa.ipynb",
        "beta.ipynb",
        "index.md",
        "references.bib",
        "references.md",
    }
    assert "](alfa.ipynb)" in (folder / "index.md").read_text(encoding="utf-8")
    assert "output-dir: _book" in (folder / "_quarto.yml").read_text(encoding="utf-8")
    assert before == {path: path.read_bytes() for path in before}


def test_a_cell_named_as_its_label_gets_another_name(sample: Sample) -> None:
    sample.add({**figure("fig-beta-dobbel"), "id": "fig-beta-dobbel"})
    page = (publish(sample.compendium, "pandoc").parent / "beta.html").read_text(encoding="utf-8")
    assert page.count('id="fig-beta-dobbel"') == 1
    assert 'id="cell-fig-beta-dobbel"' in page


def test_the_compendiums_own_configuration_is_readable() -> None:
    book = Book.read(Compendium.find())
    assert book.chapters[0].source == "index.md"
    assert [chapter.path.name for chapter in book.chapters if not chapter.is_notebook] == [
        "index.md",
        "endringer.md",
        "tilgjengelighet.md",
        "references.md",
    ]
