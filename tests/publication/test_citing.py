"""«Siter denne»: at the end of each chapter and beside each finding, in every format's own way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from kompendium.publication import installation, publish
from kompendium.publication.accounts import of_docx

from .conftest import Sample
from .registered import register

needs_quarto = pytest.mark.skipif(
    installation.find() is None, reason="Quarto is neither at QUARTO_PATH nor on PATH"
)


@pytest.fixture(params=["pandoc", pytest.param("quarto", marks=needs_quarto)])
def book(sample: Sample, request: pytest.FixtureRequest) -> Path:
    return publish(register(sample).compendium, request.param).parent


def page(book: Path, name: str) -> Any:
    return html.document_fromstring((book / f"{name}.html").read_text(encoding="utf-8"))


def test_each_chapter_ends_with_how_to_cite_it(book: Path) -> None:
    (box,) = page(book, "alfa").xpath("//main//details[@id='siter']")
    assert box.find("summary").text == "Siter kapitlet"
    assert "Redaksjonen. (u.å.). Alfa. I Prøveboka: En undertittel (arbeidsutgave)." in (
        box.text_content()
    )
    files = box.xpath(".//a[@download]/@href")
    assert files == ["siter/alfa.bib", "siter/alfa.ris"]
    assert (book / files[0]).read_text(encoding="utf-8") == box.xpath(".//pre")[0].text_content()
    assert (book / files[1]).read_bytes().endswith(b"ER  - \r\n")
    assert page(book, "index").xpath("//details[@id='siter']/summary")[0].text == "Siter boka"
    assert not page(book, "references").xpath("//details[@id='siter']")


def test_each_finding_is_cited_beside_it(book: Path) -> None:
    rows = page(book, "funnregister").xpath("//tr[.//span[starts-with(@id,'funn-')]]")
    assert len(rows) == 2
    for row, name in zip(rows, ("prove.svar", "prove.sertifisert"), strict=True):
        (box,) = row.xpath("./td[1]//details[@class='cite']")
        assert box.find("summary").get("aria-label") == f"Siter funnet {name}"
        assert f"Funn {name}: " in box.text_content()
        place = row.xpath(".//span[starts-with(@id,'funn-')]/@id")[0]
        links = box.xpath(".//a/@href")
        assert links == [f"#{place}", f"siter/{place}.bib", f"siter/{place}.ris"]
        assert all((book / link).is_file() for link in links[1:])
    tested, untested = (row.text_content() for row in rows)
    assert "[publisert: 63 prosent; beregnet: 63,2\u00a0%; dom: reprodusert]" in tested
    assert "[publisert: 8 av 10; dom: ikke testbar]" in untested
    assert "Åtte av ti | har «det» [" in untested


def test_other_formats_have_the_findings_without_the_boxes(sample: Sample) -> None:
    book = publish(register(sample).compendium, "pandoc", ["html", "docx"]).parent
    (document,) = book.glob("*.docx")
    told = of_docx(document)
    assert "276 svarte, 63 prosent." in told.text
    assert "Siter" not in told.text
    assert "BibTeX" not in told.text


def test_a_book_without_a_citation_file_is_cited_by_its_title_page(sample: Sample) -> None:
    made = publish(sample.compendium, "pandoc").parent
    text = (made / "siter" / "index.bib").read_text(encoding="utf-8")
    assert "author = {{Redaksjonen}}" in text
