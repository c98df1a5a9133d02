"""The embedded publisher gives Quarto's numbers, addresses and words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from kompendium.publication import publish

from .conftest import Sample, code, printed, shown, text


@pytest.fixture
def book(sample: Sample) -> Path:
    return publish(sample.compendium, "pandoc").parent


def page(book: Path, name: str) -> HtmlElement:
    return html.document_fromstring((book / name).read_text(encoding="utf-8"))


def plain(element: HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content().replace("\u00a0", " ")).strip()


def links(book: Path, name: str) -> list[tuple[str, str | None]]:
    found = page(book, name).xpath("//main//a[@class='xref']")
    return [(plain(link), link.get("href")) for link in found]


def test_addresses_are_the_chapters_names(book: Path) -> None:
    made = {path.name for path in book.glob("*.html")}
    assert made == {"index.html", "alfa.html", "beta.html", "references.html"}


def test_numbers_follow_the_chapter(book: Path) -> None:
    captions = [plain(caption) for caption in page(book, "alfa.html").iter("figcaption")]
    assert captions == ["Figur 1.1: Dekning etter størrelse",
                        "Tabell 1.1: Tallene"]  # fmt: skip
    captions = [plain(caption) for caption in page(book, "beta.html").iter("figcaption")]
    assert captions == [
        "Figur 2.1: Dekning etter størrelse",
        "Figur 2.2: Dekning etter størrelse",
        "Tabell 2.1: Tall i beta",
    ]


def test_an_unnumbered_chapter_counts_by_itself(book: Path) -> None:
    assert [plain(one) for one in page(book, "index.html").iter("figcaption")] == [
        "Tabell 1: Dommene"
    ]


def test_headings_are_numbered_unless_told_otherwise(book: Path) -> None:
    headings = page(book, "alfa.html").xpath("//main//h1|//main//h2|//main//h3")
    assert [plain(one) for one in headings] == [
        "1 Alfa",
        "1.1 Hvem svarte",
        "1.1.1 Dypere",
        "Uten nummer",
    ]


def test_references_name_number_and_page(book: Path) -> None:
    assert links(book, "alfa.html") == [
        ("Kapittel 2", "beta.html#sec-beta"),
        ("Figur 1.1", "#fig-alfa-dekning"),
        ("1.1", "#fig-alfa-dekning"),
        ("se 1.1", "#tbl-alfa-tall"),
        ("Tabell 2.1", "beta.html#tbl-beta-tall"),
        ("Ligning 1.1", "#eq-alfa-andel"),
        ("Avsnitt 1.1", "#sec-alfa-svar"),
        ("Figur 2.1", "beta.html#fig-beta-kart"),
    ]
    assert links(book, "index.html") == [("Figur 1.1", "alfa.html#fig-alfa-dekning")]


def test_links_between_notebooks_become_links_between_pages(book: Path) -> None:
    targets = {link.get("href") for link in page(book, "beta.html").xpath("//main//p/a")}
    assert "alfa.html#tbl-alfa-tall" in targets
    assert page(book, "index.html").xpath("//main//a[@href='alfa.html'][text()='alfa']")


def test_citations_lead_to_one_bibliography(book: Path) -> None:
    cited = page(book, "alfa.html").xpath("//span[@class='citation']/a/@href")
    assert cited == ["references.html#ref-imdi2021"]
    entries = page(book, "references.html").xpath("//div[@class='csl-entry']")
    assert [plain(entry) for entry in entries] == [
        "IMDi. 2022. Kommuneundersøkelsen. https://www.imdi.no/."
    ]


def test_variables_are_put_in(book: Path) -> None:
    assert "Her er 91 funn." in plain(page(book, "index.html"))


def test_what_no_reader_needs_is_left_out(book: Path) -> None:
    whole = "".join(path.read_text(encoding="utf-8") for path in book.glob("*.html"))
    assert "hemmelig" not in whole
    assert "#|" not in whole
    for path in book.glob("*.html"):
        assert not page(book, path.name).xpath("//main//script")
    assert "onclick" not in whole
    assert plain(page(book, "alfa.html").xpath("//td[text()='A']")[0]) == "A"


def test_code_is_folded_unless_not_shown(book: Path) -> None:
    folds = page(book, "alfa.html").xpath("//details[@class='code-fold']")
    assert {plain(fold.find("summary")) for fold in folds} == {"Vis koden"}
    assert not any("table(df)" in fold.text_content() for fold in folds)
    assert any("år = 2019" in fold.text_content() for fold in folds)


def test_figures_carry_alternative_text_and_size(book: Path) -> None:
    image = page(book, "alfa.html").xpath("//main//img")[0]
    assert image.get("alt") == "Stolper som stiger"
    assert (image.get("width"), image.get("height")) == ("4", "2")
    assert (book / image.get("src")).is_file()


def test_callouts_have_norwegian_titles(book: Path) -> None:
    titles = page(book, "alfa.html").xpath("//div[@class='callout-title']")
    assert [plain(title) for title in titles] == ["Merk", "Avrundede tall"]


def test_tables_scroll_in_a_named_box(book: Path) -> None:
    for name in ("index.html", "alfa.html", "beta.html"):
        for table in page(book, name).iter("table"):
            box = table.getparent()
            assert box.get("role") == "region"
            assert box.get("tabindex") == "0"
            named = box.get("aria-labelledby")
            assert box.get("aria-label") or page(book, name).get_element_by_id(named) is not None


def test_pages_have_title_language_landmarks_and_neighbours(book: Path) -> None:
    alfa = page(book, "alfa.html")
    assert alfa.findtext(".//title") == "Alfa – Prøveboka"
    assert page(book, "index.html").findtext(".//title") == "Prøveboka"
    assert alfa.get("lang") == "nb"
    assert alfa.xpath("//a[@class='skip-link']/@href") == ["#content"]
    assert alfa.xpath("count(//main[@id='content'])") == 1
    assert alfa.xpath("count(//h1)") == 1
    assert alfa.xpath("//nav[@class='neighbours']/a/@href") == ["index.html", "beta.html"]
    current = alfa.xpath("//nav[@class='sidebar']//a[@aria-current='page']")
    assert [plain(one) for one in current] == ["1Alfa"]


def test_two_renders_are_the_same_byte_for_byte(sample: Sample) -> None:
    def files() -> dict[str, bytes]:
        book = publish(sample.compendium, "pandoc").parent
        return {
            path.relative_to(book).as_posix(): path.read_bytes()
            for path in book.rglob("*")
            if path.is_file()
        }

    assert files() == files()


def test_cell_options_and_tags_work_as_in_quarto(sample: Sample) -> None:
    sample.add(
        code("#| include: false\nusynlig = 1", printed("borte")),
        code("skjult_celle = 1", printed("heller ikke"), tags=("remove-cell",)),
        code("#| output: false\nbare_kode = 1", printed("uten utskrift")),
        code("#| output: asis\nprint('**fet**')", printed("**asis**\n")),
        code("#| code-fold: false\nåpen_kode = 1"),
        code("#| warning: false\nadvarsel()", printed("stille advarsel", name="stderr")),
        code("ax.plot()", shown(text__plain="[<matplotlib.lines.Line2D>]")),
        text("[tall [@imdi2021]]{.margin}"),
    )
    beta = page(publish(sample.compendium, "pandoc").parent, "beta.html")
    words = beta.text_content()
    assert not re.search("usynlig|borte|skjult_celle|heller ikke|uten utskrift|stille", words)
    assert "bare_kode" in words
    assert beta.xpath("//strong[text()='asis']")
    assert not beta.xpath("//details[contains(., 'åpen_kode')]")
