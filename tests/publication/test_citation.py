"""References to the book, a chapter and a finding, read back by a program that knows the forms."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from typing import Any

import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompendium.publication.citation import Author, Imprint, Reference, imprint
from kompendium.publication.configuration import Configuration
from kompendium.publication.editions.citation import Citation
from kompendium.publication.editions.identity import Identity, Number

CITED = Citation.model_validate(
    {
        "cff-version": "1.2.0",
        "message": "Cite it.",
        "title": "A compendium",
        "license": "MIT",
        "authors": [
            {"family-names": "Hansen", "name-particle": "von", "given-names": "Kari-Anne M."},
            {"name": "The project"},
        ],
    }
)
RELEASED = Identity(Number(2026, 1), date(2026, 11, 2))


def configuration(*authors: str, **more: Any) -> Configuration:
    titles = {"title": "Boka", "subtitle": "Fem rapporter", "chapters": ["index.md"]}
    return Configuration.model_validate({"book": {**titles, "author": list(authors)}, **more})


def read_back(text: str, form: str) -> dict[str, Any]:
    """What Pandoc makes of a bibliography of one entry."""
    command = [pypandoc.get_pandoc_path(), "-f", form, "-t", "csljson"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert not done.stderr
    (entry,) = json.loads(done.stdout)
    return dict(entry)


@pytest.fixture
def released() -> Imprint:
    return imprint(
        configuration("Prosjektet", "Kari-Anne M. von Hansen"),
        CITED,
        RELEASED,
        "https://example.org/bok/",
    )


@pytest.fixture
def finding(released: Imprint) -> Reference:
    return Reference(
        released,
        "boka-funn",
        "Funn ku_2021: 100\u00a0% & {én} av $5",
        "register.html#funn-ku-2021",
        "publisert: 60 prosent; dom: motsagt",
    )


def test_a_book_is_cited_with_edition_date_and_address(released: Imprint) -> None:
    assert Reference(released, "boka").text() == (
        "Prosjektet & von Hansen, K.-A. M. (2026). Boka: Fem rapporter (utg. 2026.1). "
        "https://example.org/bok/"
    )


def test_a_part_is_cited_in_its_book(finding: Reference) -> None:
    assert finding.text() == (
        "Prosjektet & von Hansen, K.-A. M. (2026). Funn ku_2021: 100\u00a0% & {én} av $5 "
        "[publisert: 60 prosent; dom: motsagt]. I Boka: Fem rapporter (utg. 2026.1). "
        "https://example.org/bok/register.html#funn-ku-2021"
    )


def test_a_working_copy_has_no_date_and_no_address() -> None:
    book = Reference(imprint(configuration("Prosjektet"), None, None), "boka")
    assert book.text() == "Prosjektet. (u.å.). Boka: Fem rapporter (arbeidsutgave)."
    assert "year" not in book.bibtex()
    assert "PY" not in book.ris()
    assert "url" not in book.bibtex()
    assert read_back(book.bibtex(), "bibtex")["note"] == "Arbeidsutgave"


def test_english_references_use_english_words() -> None:
    made = imprint(configuration("The project", lang="en"), None, None)
    assert "(n.d.)" in Reference(made, "book").text()
    assert "In Boka" in Reference(made, "book", "Chapter").text()


def test_the_title_page_decides_who_wrote_and_the_citation_file_who_is_a_person() -> None:
    person = Author("von Hansen", "Kari-Anne M.")
    assert imprint(configuration("Ukjent"), CITED, None).authors == (Author("Ukjent"),)
    assert imprint(configuration("Kari-Anne M. von Hansen"), CITED, None).authors == (person,)
    assert imprint(configuration(), CITED, None).authors == (person, Author("The project"))
    assert imprint(configuration(), None, None).authors == ()


@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
def test_bibtex_is_read_back_as_it_was_meant(finding: Reference, form: str) -> None:
    entry = read_back(finding.bibtex(), form)
    assert entry["id"] == "boka-funn"
    assert entry["type"] == "chapter"
    assert entry["author"] == [
        {"literal": "Prosjektet"},
        {"family": "Hansen", "given": "Kari-Anne M.", "dropping-particle": "von"},
    ]
    assert entry["title"] == finding.title
    assert entry["container-title"] == "Boka: Fem rapporter"
    assert entry["edition"] == "2026.1"
    assert entry["issued"]["date-parts"] == [[2026, 11, 2]]
    assert entry["URL"] == finding.address
    assert entry["note"] == finding.note


def test_ris_is_read_back_as_it_was_meant(finding: Reference) -> None:
    entry = read_back(finding.ris(), "ris")
    assert entry["type"] == "chapter"
    assert entry["author"][0]["family"] == "Prosjektet"
    assert entry["title"] == finding.title
    assert entry["container-title"] == "Boka: Fem rapporter"
    assert entry["URL"] == finding.address


def test_ris_has_the_form_its_specification_asks_for(finding: Reference) -> None:
    lines = finding.ris().split("\r\n")
    assert lines[0] == "TY  - CHAP"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(line[2:6] == "  - " and line[:2].isupper() for line in lines[:-1])
    assert "\n" not in "".join(lines)
    assert "DA  - 2026/11/02/" in lines


def test_a_name_with_an_asterisk_loses_it_in_ris() -> None:
    made = Imprint("Boka", "", (Author("Pro*sjektet"),), "nb")
    assert "AU  - Prosjektet\r\n" in Reference(made, "boka").ris()


def test_a_name_with_a_suffix_keeps_it_last() -> None:
    made = Imprint("Boka", "", (Author("King", "Martin Luther", "Jr."),), "nb")
    assert Reference(made, "boka").text().startswith("King, M. L., Jr. (u.å.).")
    assert "author = {King, Jr., Martin Luther}" in Reference(made, "boka").bibtex()
    assert "AU  - King, Martin Luther, Jr.\r\n" in Reference(made, "boka").ris()


def test_a_doi_leads_to_the_book_and_an_address_to_its_parts(released: Imprint) -> None:
    told = CITED.model_copy(update={"doi": "10.5281/zenodo.1"})
    made = imprint(configuration("Prosjektet"), told, RELEASED, "https://example.org/bok/")
    assert Reference(made, "boka").text().endswith(" https://doi.org/10.5281/zenodo.1")
    part = Reference(made, "alfa", "Alfa", "alfa.html")
    assert part.text().endswith(" https://example.org/bok/alfa.html")
    assert read_back(part.bibtex(), "bibtex")["DOI"] == "10.5281/zenodo.1"


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1))
def test_whatever_a_title_holds_it_stays_one_field(title: str) -> None:
    """Braces balance as TeX counts them, and no line of RIS is another field."""
    reference = Reference(Imprint("Boka", "", (), "nb"), "boka", title)
    unescaped = reference.bibtex().replace(r"\{", "").replace(r"\}", "")
    assert unescaped.count("{") == unescaped.count("}")
    assert len(reference.ris().splitlines()) == len(reference.ris().split("\r\n")) - 1
