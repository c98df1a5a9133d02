"""PDF and DOCX say what the pages say, and can be read by those who do not see them."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from kompendium.publication import Problem, PublicationError, docx, publish, typst
from kompendium.publication.accounts import Account, of_docx, of_pages, of_pdf, plain, squeezed
from kompendium.publication.comparison import differences
from kompendium.publication.formats import Format, chosen

from .conftest import Sample, code, png, printed, shown, text

ALL = ("html", "pdf", "docx")
NAMES = ("index", "alfa", "beta", "references")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def made(sample: Sample) -> Path:
    return publish(sample.compendium, "pandoc", ALL).parent


@pytest.fixture
def book(sample: Sample) -> Path:
    return made(sample)


def pages(book: Path) -> Account:
    return of_pages([book / f"{name}.html" for name in NAMES], "Prøveboka", "nb")


def document(book: Path) -> etree._Element:
    with zipfile.ZipFile(book / "Prøveboka.docx") as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def test_the_pages_are_always_made() -> None:
    assert chosen(["docx", "pdf"]) == (Format.HTML, Format.PDF, Format.DOCX)
    assert chosen(["html"]) == (Format.HTML,)
    with pytest.raises(ValueError, match="epub"):
        chosen(["epub"])


def test_files_are_named_as_quarto_names_them(sample: Sample, book: Path) -> None:
    assert {path.name for path in book.glob("*.*")} >= {"Prøveboka.pdf", "Prøveboka.docx"}
    path = sample.root / "_quarto.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "  subtitle:", "  output-file: bok 1\n  subtitle:"
        ),
        encoding="utf-8",
    )
    assert (made(sample) / "bok-1.pdf").is_file()


@pytest.mark.parametrize(("name", "read"), [("Prøveboka.pdf", of_pdf), ("Prøveboka.docx", of_docx)])
def test_each_format_holds_what_the_pages_hold(
    book: Path, name: str, read: Callable[[Path], Account]
) -> None:
    told, found = pages(book), read(book / name)
    assert found.title == "Prøveboka"
    assert found.language == "nb"
    assert found.headings == [
        "Om boka",
        "1 Alfa",
        "1.1 Hvem svarte",
        "1.1.1 Dypere",
        "Uten nummer",
        "2 Beta",
        "2.1 Kart",
        "Referanser",
    ]
    assert found.headings == told.headings
    assert found.alternatives == told.alternatives == ["Stolper som stiger"] * 3
    assert told.captions == [
        "Tabell 1: Dommene",
        "Figur 1.1: Dekning etter størrelse",
        "Tabell 1.1: Tallene",
        "Figur 2.1: Dekning etter størrelse",
        "Figur 2.2: Dekning etter størrelse",
        "Tabell 2.1: Tall i beta",
    ]
    assert told.sources == ["IMDi. 2022. Kommuneundersøkelsen. https://www.imdi.no/."]
    assert found.captions in (None, told.captions)
    assert found.sources in (None, told.sources)
    assert all(squeezed(one) in squeezed(found.text) for one in [*told.captions, *told.sources])
    assert not list(differences(told, found))
    assert not found.faults


@pytest.mark.parametrize(("name", "read"), [("Prøveboka.pdf", of_pdf), ("Prøveboka.docx", of_docx)])
def test_references_carry_the_pages_numbers(
    book: Path, name: str, read: Callable[[Path], Account]
) -> None:
    words = plain(read(book / name).text)
    assert "Les alfa eller Figur 1.1. Kilden er IMDi (2022)." in words
    assert "Figur 1.1, 1.1 og se 1.1, Tabell 2.1, Ligning 1.1." in words
    assert "Se beta og Kapittel 2." in words
    assert "En merknad med Avsnitt 1.1." in words
    assert "Her er 91 funn." in words
    assert squeezed("Funnet er motsagt, se Figur 2.1.") in squeezed(words)
    assert "Avrundede tall" in words


@pytest.mark.parametrize(("name", "read"), [("Prøveboka.pdf", of_pdf), ("Prøveboka.docx", of_docx)])
def test_code_stays_in_the_pages(book: Path, name: str, read: Callable[[Path], Account]) -> None:
    words = plain(read(book / name).text)
    assert "import pandas" not in words
    assert "hemmelig" not in words
    assert "Den ligger i nettutgaven, under «Vis koden»." in words
    assert "utskrift" in words


def test_the_pdf_is_made_for_all_readers(book: Path) -> None:
    content = (book / "Prøveboka.pdf").read_bytes()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    pdf = pypdfium2.PdfDocument(content)
    assert pdf.get_metadata_value("Author") == "Redaksjonen"
    assert pdf.get_metadata_value("CreationDate") == ""
    pdf.close()


def test_links_in_word_lead_somewhere_and_tables_have_header_rows(book: Path) -> None:
    body = document(book)
    marks = {one.get(f"{WORD}name") for one in body.iter(f"{WORD}bookmarkStart")}
    targets = [one.get(f"{WORD}anchor") for one in body.iter(f"{WORD}hyperlink")]
    assert {"fig-alfa-dekning", "tbl-beta-tall", "sec-beta", "ref-imdi2021"} <= {*targets}
    assert {one for one in targets if one} <= marks
    rows = [
        one for one in body.iter(f"{WORD}tr") if one.find(f"{WORD}trPr/{WORD}tblHeader") is not None
    ]
    assert ["".join(row.itertext()).strip() for row in rows] == [
        "DomAntall",
        "KlasseAndel",
        "KlasseAndel",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (b"<pdfuaid:part>1<", b"<pdfuaid:part>2<", "does not say that it keeps PDF/UA-1"),
        (b"/Marked true", b"/Marked null", "the PDF is not tagged"),
        (b"/Lang(nb)/Str", b"/Lang(en)/Str", "the language is «en» and not «nb»"),
        (b"/Title<", b"/Titel<", "the title is «» and not «Prøveboka»"),
    ],
)
def test_a_pdf_that_is_not_for_all_readers_is_told(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, right: bytes, wrong: bytes, told: str
) -> None:
    compile_book = typst.compile_book

    def careless(stage: Path, target: Path) -> list[Problem]:
        problems = compile_book(stage, target)
        content = target.read_bytes()
        assert right in content
        target.write_bytes(content.replace(right, wrong))
        return problems

    monkeypatch.setattr(typst, "compile_book", careless)
    with pytest.raises(PublicationError) as caught:
        publish(sample.compendium, "pandoc", ("html", "pdf"))
    assert {one.where for one in caught.value.problems} == {"Prøveboka.pdf"}
    assert any(told in one.what for one in caught.value.problems)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_word_file_opens_in_libreoffice(book: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    done = subprocess.run(
        [*command, str(book / "Prøveboka.docx")], capture_output=True, timeout=300, check=False
    )
    opened = tmp_path / "Prøveboka.pdf"
    assert opened.is_file(), done.stderr
    words = squeezed(of_pdf(opened).text)
    told = pages(book)
    assert all(squeezed(one) in words for one in [*told.headings, *(told.captions or [])])
    assert squeezed("Les alfa eller Figur 1.1. Kilden er IMDi (2022).") in words


def test_word_uses_only_styles_it_is_given(book: Path) -> None:
    with zipfile.ZipFile(book / "Prøveboka.docx") as archive:
        styles = etree.fromstring(archive.read("word/styles.xml"))
    known = {one.get(f"{WORD}styleId") for one in styles.iter(f"{WORD}style")}
    used = {one.get(f"{WORD}val") for one in document(book).iter(f"{WORD}pStyle", f"{WORD}rStyle")}
    assert {"Heading1", "TableCaption", "Calloutnote", "Verdictmotsagt", "TOC1"} <= used
    assert used <= known


def test_the_same_book_gives_the_same_bytes(sample: Sample) -> None:
    def files() -> dict[str, bytes]:
        book = made(sample)
        return {path.name: path.read_bytes() for path in book.iterdir() if path.is_file()}

    assert files() == files()


def test_pages_lead_to_the_files_that_were_made(sample: Sample, book: Path) -> None:
    front = (book / "index.html").read_text(encoding="utf-8")
    assert '<a href="Prøveboka.pdf">PDF</a>, <a href="Prøveboka.docx">Word</a>' in front
    front = publish(sample.compendium, "pandoc").read_text(encoding="utf-8")
    assert "Prøveboka.pdf" not in front


def test_html_in_markdown_has_its_equal(sample: Sample) -> None:
    row = '| <span id="sted-a"></span>Utsagnet <br><small>[1; 2) %</small> | 3 |'
    sample.add(
        text(f"| Funn | Tall |\n|:--|--:|\n{row}\n\nSe [stedet](#sted-a) og [det](#sted-a).")
    )
    book = made(sample)
    for words in (of_pdf(book / "Prøveboka.pdf").text, of_docx(book / "Prøveboka.docx").text):
        assert "Utsagnet [1; 2) %" in plain(words)
        assert "small" not in words
    with zipfile.ZipFile(book / "Prøveboka.docx") as archive:
        assert b'w:name="sted-a"' in archive.read("word/document.xml")


def test_html_without_an_equal_is_told(sample: Sample) -> None:
    sample.add(text("Et <kbd>tastetrykk</kbd>."))
    with pytest.raises(PublicationError, match="HTML without an equal in print: <kbd>"):
        made(sample)


def test_headings_of_the_same_name_in_two_chapters_are_told_apart(sample: Sample) -> None:
    sample.add(text("## Hvem svarte\n\n[her](#hvem-svarte) og [der](alfa.ipynb#sec-alfa-svar)"))
    assert not of_docx(made(sample) / "Prøveboka.docx").faults


def test_a_wide_table_stays_on_the_page(sample: Sample) -> None:
    words = "Et langt utsagn om foreldreveiledning i introduksjonsprogrammet. " * 4
    header = " | ".join(f"Kolonne {n}" for n in range(6))
    row = " | ".join([words, *["12 345,6"] * 4, "kommuneundersøkelsesspørsmål"])
    sample.add(text(f"| {header} |\n|{'---|' * 6}\n| {row} |"))
    pdf = pypdfium2.PdfDocument(made(sample) / "Prøveboka.pdf")
    for page in pdf:
        width = page.get_width()
        for place in page.get_objects():
            left, _, right, _ = place.get_bounds()
            assert left >= -1
            assert right <= width + 1
    pdf.close()


def test_a_long_caption_with_markup_is_found_again(sample: Sample) -> None:
    caption = (
        "Andelen [-@fig-beta-kart] av *alle* kommuner i [1; 2) prosent: «mange» # $5 @ < > " * 3
    )
    alternative = "a [b] # <d> $e$"
    options = ["label: fig-beta-lang", f'fig-cap: "{caption}"', f'fig-alt: "{alternative}"']
    source = "\n".join(f"#| {option}" for option in options)
    sample.add(code(f"{source}\nx", shown(image__png=png(1600, 40))))
    made(sample)


def test_a_format_that_says_something_else_is_told(sample: Sample, book: Path) -> None:
    told = pages(book)
    other = of_docx(book / "Prøveboka.docx")
    changed = Account(
        title="En annen",
        language="en-GB",
        headings=[*other.headings[:-1], "3 Referanser"],
        alternatives=other.alternatives[:-1],
        text=re.sub("Figur 2.2", "Figur 2.3", other.text),
        sources=[],
    )
    assert list(differences(told, changed)) == [
        "the title is «En annen» and not «Prøveboka»",
        "the language is «en-GB» and not «nb»",
        "heading 8 is «3 Referanser» and not «Referanser»",
        "there are 2 of 3 alternative texts",
        "caption is missing or out of order: Figur 2.2: Dekning etter størrelse",
        "there are 0 of 1 sources",
    ]


def test_a_path_of_this_machine_is_found_in_every_format(sample: Sample) -> None:
    sample.add(code("sti", printed(f"{sample.root}\n")))
    with pytest.raises(PublicationError) as caught:
        made(sample)
    places = {one.where for one in caught.value.problems if "this machine" in one.what}
    assert places == {"beta.html", "Prøveboka.pdf", "Prøveboka.docx"}


def test_a_path_that_only_programs_read_is_found_too(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = docx.settle

    def careless(path: Path, language: str) -> None:
        settle(path, language)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("word/comment.xml", f"<a place='{sample.root}'/>")

    monkeypatch.setattr(docx, "settle", careless)
    with pytest.raises(PublicationError, match="docx: a path of this machine"):
        made(sample)


def test_a_format_that_fails_its_checks_leaves_the_last_book(sample: Sample, book: Path) -> None:
    before = {path.name: path.read_bytes() for path in book.iterdir() if path.is_file()}
    sample.add(text("Et <kbd>tastetrykk</kbd>."))
    with pytest.raises(PublicationError):
        made(sample)
    assert before == {path.name: path.read_bytes() for path in book.iterdir() if path.is_file()}
