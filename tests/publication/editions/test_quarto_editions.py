"""An edition by Quarto names itself where one by the embedded publisher does."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from lxml import html

from kompendium.publication import Book, Format, rendered
from kompendium.publication.editions.identity import Identity, Number
from kompendium.publication.languages import together
from tests.publication.conftest import Sample
from tests.publication.test_quarto_formats import needs_quarto, whole

__all__ = ["whole"]

EDITION = Identity(Number(2026, 1), date(2026, 11, 22))


@dataclass(frozen=True)
class English(Book):
    """The book in English, as far as others need to know of it."""

    @property
    def place(self) -> Path:
        return super().place / "en"


@pytest.fixture
def pages(whole: Sample, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    book = Book.read(whole.compendium, request.param)
    configuration = book.configuration.model_copy(update={"lang": "en"})
    english = English(whole.compendium, configuration, edition=request.param)
    book, _ = together([book, english])
    return rendered(book, tmp_path / "stage", "quarto", Format)


@needs_quarto
@pytest.mark.parametrize("pages", [EDITION, None], indirect=True, ids=["edition", "working"])
def test_every_format_names_the_edition(pages: Path, request: pytest.FixtureRequest) -> None:
    edition = request.node.callspec.params["pages"]
    called = "Utgave 2026.1, 22. november 2026" if edition else "Arbeidsutgave"
    front = html.document_fromstring((pages / "index.html").read_text(encoding="utf-8"))
    assert front.xpath("string(//p[@class='date'])") == (called if edition else "")
    chapter = html.document_fromstring((pages / "alfa.html").read_text(encoding="utf-8"))
    assert chapter.xpath("string(//footer)").split() == called.split()
    assert len(chapter.xpath("//details[@data-editions='../'][@data-number='2026.1']")) == bool(
        edition
    )
    assert len(chapter.xpath("//script[@src='../editions.js']")) == bool(edition)
    other = ["en/alfa.html"] if edition else []
    assert chapter.xpath("//nav[@class='languages']/a[@lang='en']/@href") == other
    assert chapter.xpath("//head/link[@rel='alternate'][@hreflang='en']/@href") == other
    pdf = pypdfium2.PdfDocument(pages / "Prøveboka.pdf")
    told = pdf.get_metadata_dict()
    assert (told["Keywords"], told["CreationDate"][2:10]) == (called, "20261122" if edition else "")
    assert called in pdf[0].get_textpage().get_text_range()
    with zipfile.ZipFile(pages / "Prøveboka.docx") as archive:
        assert called in archive.read("word/document.xml").decode()
        assert called in archive.read("word/header1.xml").decode()
        core = archive.read("docProps/core.xml").decode()
        assert ("<cp:version>2026.1</cp:version>" in core) == bool(edition)
