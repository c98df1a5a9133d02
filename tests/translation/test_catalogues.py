"""Catalogues follow their chapters, and what has no good translation is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from kompendium.facts.documents import InputError
from kompendium.facts.paths import Compendium
from kompendium.translation import Catalogue, Source, problems, sources
from tests.conftest import ROOT


def notebook(*cells: tuple[str, str]) -> dict[str, Any]:
    made = []
    for kind, source in cells:
        cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": [source]}
        made.append(cell | ({"outputs": [], "execution_count": 1} if kind == "code" else {}))
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def chapter(tmp_path: Path) -> Source:
    path = tmp_path / "kapittel.ipynb"
    cells = [("markdown", "# Om kommuner"), ("code", 'n = 3\nprose(f"{n} kommuner svarte.")')]
    path.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    return Source(path, "kapittel.ipynb")


def update(source: Source, **translations: str) -> None:
    catalogue = Catalogue.read(source.place).updated(source.name, source.messages())
    for one in catalogue.catalog:
        for start, text in translations.items():
            if one.id and start in str(one.id):
                one.string = text
                one.flags.discard("fuzzy")
    catalogue.write()


def test_a_new_text_is_missing_until_it_is_translated(chapter: Source) -> None:
    assert [one.file.name for one in problems(chapter)] == ["kapittel.ipynb"] * 2
    update(chapter)
    assert len(list(problems(chapter))) == 2
    update(chapter, Om="# On municipalities", svarte="{n} municipalities answered.")
    assert list(problems(chapter)) == []
    cells = json.loads(chapter.translated(Catalogue.read(chapter.place)))["cells"]
    assert cells[0]["source"] == ["# On municipalities"]
    assert "".join(cells[1]["source"]) == 'n = 3\nprose(f"{n} municipalities answered.")'
    assert cells[1]["execution_count"] is None


def test_a_changed_text_is_outdated_until_a_translator_has_looked(chapter: Source) -> None:
    update(chapter, Om="# On municipalities", svarte="{n} municipalities answered.")
    text = chapter.path.read_text(encoding="utf-8").replace("svarte.", "svarte på alt.")
    chapter.path.write_text(text, encoding="utf-8")
    update(chapter)
    (problem,) = problems(chapter)
    assert problem.file == chapter.place
    assert "the original has changed" in problem.message
    line = chapter.place.read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert "svarte på alt" in line


def test_a_text_that_has_gone_leaves_the_catalogue(chapter: Source) -> None:
    update(chapter, Om="# On municipalities", svarte="{n} municipalities answered.")
    chapter.path.write_text(json.dumps(notebook(("markdown", "# Om kommuner"))), encoding="utf-8")
    update(chapter)
    assert "svarte" not in chapter.place.read_text(encoding="utf-8")
    assert list(problems(chapter)) == []


def test_a_catalogue_brought_up_to_date_twice_is_the_same_file(chapter: Source) -> None:
    update(chapter, Om="# On municipalities")
    before = chapter.place.read_bytes()
    update(chapter)
    assert chapter.place.read_bytes() == before


def test_a_translation_that_drops_a_number_is_told_with_its_line(chapter: Source) -> None:
    update(chapter, Om="# On municipalities", svarte="Some municipalities answered.")
    (problem,) = problems(chapter)
    assert "«n» is missing" in problem.message
    line = chapter.place.read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert "svarte" in line


def test_what_is_not_gettext_is_told_with_its_line(chapter: Source) -> None:
    chapter.place.write_text('msgid "x"\nmsgstr "y"\nhello\n', encoding="utf-8")
    with pytest.raises(InputError, match="not gettext"):
        list(problems(chapter))


def test_a_cell_that_is_not_python_is_told(chapter: Source) -> None:
    chapter.path.write_text(json.dumps(notebook(("code", "x = ="))), encoding="utf-8")
    with pytest.raises(InputError, match="cell 1, line 1"):
        chapter.messages()


def test_shipped_notebooks_keep_their_code_when_nothing_is_translated() -> None:
    from kompendium.translation import translated

    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shipped = json.loads(path.read_text(encoding="utf-8"))
        same = translated(shipped, lambda text: text)
        sources = [["".join(cell["source"]) for cell in one["cells"]] for one in (shipped, same)]
        assert sources[0] == sources[1], path.name


@pytest.mark.parametrize("source", sources(Compendium(ROOT)), ids=lambda one: one.name)
def test_every_text_of_the_book_is_translated(source: Source) -> None:
    assert [str(one) for one in problems(source)] == []
