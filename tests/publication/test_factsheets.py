"""The site of fact sheets: a page a unit, lists to find it by, links that lead somewhere."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from kompendium.publication import PublicationError, factsheets
from kompendium.publication import publish as publish_book
from kompendium.publication.unit_lists import Sheet, collated

from .conftest import HTML, Cell, Sample, code, figure, picture, shown, text

UNITS = {
    "1577": ("Volda", "Møre og Romsdal", "10 000–19 999"),
    "1520": ("Ørsta", "Møre og Romsdal", "10 000–19 999"),
    "1507": ("Ålesund", "Møre og Romsdal", "50 000 og over"),
    "4203": ("Arendal", "Agder", "20 000–49 999"),
    "030105": ("Frogner", "Oslo", "50 000 og over"),
    "1151": ("Utsira", "Rogaland", "under 2 000"),
}


def sheet_of(unit: str) -> list[Cell]:
    """An executed sheet, as the notebook makes it."""
    return [
        text("# Faktaark for én kommune {#sec-ark}\n\nOm arket, og @sec-ark-naboer."),
        {
            **text("Alle ligger [samlet](../outputs/factsheets/index.html)."),
            "metadata": {"tags": ["book-only"]},
        },
        code("import pandas as pd"),
        text("## Naboer {#sec-ark-naboer}\n\nSe @sec-alfa-svar og [alfa](alfa.ipynb#sec-alfa)."),
        figure("fig-ark-kart"),
        code(
            "#| label: tbl-ark-naboer\n#| tbl-cap: Naboene\ntable(df)",
            shown(
                text__markdown="| Nabo |\n|:---|\n"
                "| [Ørsta](../outputs/factsheets/1520.html) |\n"
                "| [Utsira](../outputs/factsheets/1151.html) |\n"
            ),
        ),
        text(f"Tabellen er @tbl-ark-naboer, figuren @fig-ark-kart. Enheten er {unit}."),
    ]


@pytest.fixture
def site(sample: Sample) -> Site:
    return Site(sample)


class Site:
    """The sample compendium with a sheet for every unit but one, and its site."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        for unit in UNITS:
            self.write(unit, sheet_of(unit))

    def write(self, unit: str, cells: list[Cell]) -> None:
        self.sample.notebook(f"faktaark-{unit}", cells)

    def sheets(self, *, missing: tuple[str, ...] = ("1151",)) -> list[Sheet]:
        return [
            Sheet(
                unit,
                *(name, "bydel" if len(unit) > 4 else "kommune", county, size),
                None
                if unit in missing
                else self.sample.compendium.executed / f"faktaark-{unit}.ipynb",
                "kjøringen feilet" if unit in missing else "",
            )
            for unit, (name, county, size) in UNITS.items()
        ]

    def publish(self, *, missing: tuple[str, ...] = ("1151",)) -> Path:
        sheets = self.sheets(missing=missing)
        return factsheets.publish(self.sample.compendium, sheets, 2020, 2021).parent

    def page(self, name: str) -> HtmlElement:
        path = self.sample.compendium.factsheets / name
        return html.document_fromstring(path.read_text(encoding="utf-8"))


def plain(element: HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content().replace("\u00a0", " ")).strip()


def hrefs(document: HtmlElement) -> set[str]:
    return {str(link.get("href")) for link in document.iter("a")}


def test_there_is_a_page_a_unit_and_two_lists(site: Site) -> None:
    made = {path.name for path in site.publish().glob("*.html")}
    units = {f"{unit}.html" for unit in UNITS if unit != "1151"}
    assert made == {"index.html", "storrelse.html", *units}


def test_a_sheet_has_its_own_name_and_numbers(site: Site) -> None:
    site.publish()
    for unit, heading in (
        ("1577", "Faktaark for Volda (1577)"),
        ("030105", "Faktaark for bydel Frogner (030105)"),
    ):
        page = site.page(f"{unit}.html")
        assert plain(page.find(".//h1")) == heading
        captions = [plain(one) for one in page.iter("figcaption")]
        assert captions == ["Figur 1: Dekning etter størrelse", "Tabell 1: Naboene"]
        assert f"Tabellen er Tabell 1, figuren Figur 1. Enheten er {unit}." in plain(page)
        assert page.xpath("//a[@href='#sec-ark-naboer'][@class='xref']")
        assert page.findtext(".//title") == f"{heading} – Faktaark for kommuner og bydeler"


def test_a_cell_for_the_book_alone_stands_on_no_sheet(site: Site) -> None:
    site.publish()
    assert "samlet" not in plain(site.page("1577.html"))


def test_neighbours_lead_to_their_sheets_and_a_missing_one_nowhere(site: Site) -> None:
    site.publish()
    page = site.page("1577.html")
    assert [plain(one) for one in page.xpath("//td//a[@href='1520.html']")] == ["Ørsta"]
    assert [plain(one) for one in page.iter("td")] == ["Ørsta", "Utsira"]
    assert "1151.html" not in hrefs(page)


def test_the_menu_holds_the_lists_and_the_units_of_the_county(site: Site) -> None:
    site.publish()
    menu = site.page("1577.html").xpath("//nav[@class='sidebar']//a")
    assert [(plain(one), one.get("href")) for one in menu] == [
        ("Etter fylke", "index.html"),
        ("Etter størrelse", "storrelse.html"),
        ("Volda", "1577.html"),
        ("Ørsta", "1520.html"),
        ("Ålesund", "1507.html"),
    ]


def test_without_a_book_no_link_leads_to_one(site: Site) -> None:
    site.publish()
    for path in site.sample.compendium.factsheets.glob("*.html"):
        assert not any("publication" in href for href in hrefs(site.page(path.name)))
    assert "Se «Hvem svarte» i boka og alfa." in plain(site.page("1577.html"))


def test_beside_a_book_the_sheets_lead_to_it(site: Site) -> None:
    publish_book(site.sample.compendium, "pandoc")
    site.publish()
    found = hrefs(site.page("1577.html"))
    assert {
        "../publication/index.html",
        "../publication/alfa.html#sec-alfa-svar",
        "../publication/alfa.html#sec-alfa",
    } <= found
    assert "../publication/index.html" in hrefs(site.page("index.html"))


def test_the_book_leads_to_sheets_that_are_there(site: Site) -> None:
    link = "Se [alle](outputs/factsheets/index.html) og [Volda](../outputs/factsheets/1577.html)"
    sample = site.sample
    sample.add(text(link.replace("(outputs", "(../outputs")))
    publish_book(sample.compendium, "pandoc")
    page = sample.compendium.publication / "beta.html"
    assert "factsheets" not in page.read_text(encoding="utf-8")
    assert "Se alle og Volda" in plain(html.document_fromstring(page.read_text(encoding="utf-8")))
    site.publish()
    publish_book(sample.compendium, "pandoc")
    found = hrefs(html.document_fromstring(page.read_text(encoding="utf-8")))
    assert {"../factsheets/index.html", "../factsheets/1577.html"} <= found


def test_units_stand_by_county_as_norwegian_sorts_them(site: Site) -> None:
    site.publish()
    front = site.page("index.html")
    headings = [plain(one) for one in front.xpath("//main//h3")]
    assert headings == ["Agder", "Møre og Romsdal", "Oslo", "Rogaland"]
    county = front.get_element_by_id("fylke-more-og-romsdal")
    assert [plain(one) for one in county.iter("li")] == [
        "Volda 1577 10 000–19 999",
        "Ørsta 1520 10 000–19 999",
        "Ålesund 1507 50 000 og over",
    ]


def test_units_stand_by_size_from_the_smallest(site: Site) -> None:
    site.publish()
    page = site.page("storrelse.html")
    assert [plain(one) for one in page.xpath("//main//h2")] == [
        "Under 2 000 innbyggere",
        "10 000–19 999 innbyggere",
        "20 000–49 999 innbyggere",
        "50 000 og over innbyggere",
    ]
    assert "Bydel Frogner 030105 Oslo" in [plain(one) for one in page.iter("li")]


def test_the_site_says_which_sheet_is_missing(site: Site) -> None:
    site.publish()
    front = site.page("index.html")
    assert plain(front.xpath("//div[@class='callout-title']")[0]) == "1 av 6 faktaark mangler"
    assert "Utsira (1151)" in plain(front.xpath("//*[contains(@class,'callout')]")[0])
    assert "Utsira 1151 under 2 000, kjøringen feilet" in [plain(one) for one in front.iter("li")]
    site.write("1151", sheet_of("1151"))
    site.publish(missing=())
    assert not site.page("index.html").xpath("//*[contains(@class,'callout')]")


SCRIPTS = ("folding.js", "search.js", "tables.js", "places.js")


def test_the_search_is_ours_and_needed_for_nothing(site: Site) -> None:
    place = site.publish()
    for name in ("index.html", "storrelse.html"):
        page = site.page(name)
        scripts = page.xpath("//script/@src")
        assert scripts == [f"site/{name}" for name in SCRIPTS]
        for name in SCRIPTS:
            own = resources.files("kompendium.publication") / "resources" / name
            assert (place / "site" / name).read_bytes() == own.read_bytes()
            assert b"http" not in own.read_bytes()
        (form,) = page.iter("form")
        assert "hidden" in form.attrib
        assert "action" not in form.attrib
        (field,) = form.iter("input")
        assert page.xpath(f"//label[@for='{field.get('id')}']")
        assert form.xpath("output[@aria-live='polite']")
        linked = {href.removesuffix(".html") for href in hrefs(page)}
        assert UNITS.keys() - {"1151"} <= linked
        assert len(page.xpath("//li//*[@class='key']")) == len(UNITS)


def test_what_a_sheet_prints_is_made_harmless(site: Site) -> None:
    site.write("1577", [*sheet_of("1577"), code("df", shown(text__html=HTML))])
    site.publish()
    page = (site.sample.compendium.factsheets / "1577.html").read_text(encoding="utf-8")
    assert "onclick" not in page
    assert "<td>A</td>" in page


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (text("Se @fig-borte."), "1577.html: unresolved reference: ?@fig-borte"),
        (text("[a](borte.md)"), "1577.html: dead link: borte.md"),
        (text("[a](#borte)"), "1577.html: dead anchor: #borte"),
        (text("Som @ukjent2020 sier."), "1577.html: unresolved citation: ukjent2020"),
        (text("[a](../../data/x.csv)"), "1577.html: dead link: ../../data/x.csv"),
        (code("senere = 1", count=None), "was not executed; the run stopped"),
        (code("#| label: fig-ark-kart\nx", picture()), "the label fig-ark-kart is used before"),
        (text('<script>1</script>\n\n<b onclick="x()">b</b>'), "<script> in the text"),
    ],
)
def test_a_sheet_is_checked_as_the_book_and_the_last_site_stands(
    site: Site, cell: Cell, told: str
) -> None:
    place = site.publish()
    before = {path: path.read_bytes() for path in place.rglob("*.html")}
    site.write("1577", [*sheet_of("1577"), cell])
    with pytest.raises(PublicationError) as caught:
        site.publish()
    assert any(told in str(one) for one in caught.value.problems), caught.value.problems
    assert {path: path.read_bytes() for path in place.rglob("*.html")} == before
    assert [path.name for path in place.parent.glob(".factsheets.*") if path.is_dir()] == []


def test_two_sites_are_the_same_byte_for_byte(site: Site) -> None:
    def files() -> dict[str, bytes]:
        place = site.publish()
        found = [path for path in place.rglob("*") if path.is_file()]
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in found}

    assert files() == files()


def test_a_name_with_signs_of_markdown_stays_a_name(site: Site) -> None:
    named = [Sheet("9999", "A*b*_c_[d] <e>", "kommune", "X|Y", "under 2 000")]
    factsheets.publish(site.sample.compendium, named, 2020, 2021)
    assert "A*b*_c_[d] <e>" in plain(site.page("index.html").xpath("//li//*[@class='key']")[0])


def test_norwegian_letters_sort_last() -> None:
    names = ["Ås", "Øyer", "Ærø", "Våler", "Ål", "Asker", "Kárášjohka", "Kautokeino"]
    sheets = [Sheet(str(nr), name, "kommune", "X", "y") for nr, name in enumerate(names)]
    assert [one.name for one in collated(sheets)] == [
        *("Asker", "Kárášjohka", "Kautokeino", "Våler", "Ærø", "Øyer", "Ål", "Ås")
    ]
