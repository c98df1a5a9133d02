"""What the book adds to a chapter, as readers of either publisher find it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from kompendium.engine.ingredients import Ingredients
from kompendium.engine.records import Good, Record, State
from kompendium.facts.vocabulary import Verdict
from kompendium.publication import publish
from kompendium.register import Entry
from kompendium.register.results import MIME

from .conftest import ALFA, INDEX, TABLE, Sample, code, shown, text
from .test_openings import entry
from .test_quarto import needs_quarto, plain

RECORDED = (
    "| Funn | Publisert | Beregnet | Dom |\n|---|---|---|---|\n"
    '| Utsagn 1. | 63 prosent | 63,2 % | <span class="dom dom-reprodusert">✓ reprodusert</span> |\n'
)
RESULTS = {"rapport.funn_1": {"evidence": "register", "value": 0.632}}
SHOWN = shown(**{MIME.replace("/", "__"): RESULTS, "text__markdown": RECORDED})
DATA = {"columns": ["År", "Andel"], "rows": [[2019, 0.632]]}
FINDINGS = [
    entry(1, Verdict.REPRODUCED, published="63 prosent", value=0.632, computed="63,2\u00a0%"),
    entry(2, Verdict.UNTESTABLE, run=None),
]


def record() -> Record:
    """What the engine would have kept of alfa's run."""
    made = Ingredients(
        notebook="n" * 64,
        parameters={"år": 2019, "navn": "a<b"},
        files={"data/frames/units.csv": "ab" * 32, "notebooks/alfa.ipynb": "cd" * 32},
        modules={},
        interpreter="CPython 3.11.7",
        kernel="python3",
    )
    return Record(
        run="alfa",
        notebook="notebooks/alfa.ipynb",
        parameters=made.parameters,
        state=State.DONE,
        started=datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
        ended=datetime(2026, 3, 1, 8, 5, tzinfo=UTC),
        packages={"pandas": "3.1.1"},
        good=Good(key=made.key, result="r" * 64, ingredients=made),
    )


def register(sample: Sample, entries: list[Entry]) -> None:
    content = [one.model_dump(mode="json") for one in entries]
    sample.compendium.results.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def equipped(sample: Sample) -> Sample:
    """A compendium with a register, a run's record, and numbers behind a figure and a table."""
    cells = [json.loads(json.dumps(cell)) for cell in ALFA if "hemmelig" not in str(cell)]
    for cell in cells:
        if "label: fig-" in cell["source"] or "label: tbl-" in cell["source"]:
            cell["outputs"][0]["metadata"] = {"drawn": json.dumps(DATA)}
    cells.append(code("record(funn)", SHOWN))
    sample.notebook("alfa", cells)
    register(sample, FINDINGS)
    front = sample.root / "index.md"
    front.write_text(INDEX.replace("| 3 |", "| 1 |"), encoding="utf-8")
    record().write(sample.compendium.runs)
    return sample


def page(folder: Path, name: str = "alfa.html") -> Any:
    return html.document_fromstring((folder / name).read_text(encoding="utf-8"))


@pytest.fixture
def book(equipped: Sample) -> Path:
    return publish(equipped.compendium, "pandoc").parent


def test_a_chapter_opens_with_its_findings_which_lead_to_where_they_are_computed(
    book: Path,
) -> None:
    main = page(book).xpath("//main")[0]
    (listed,) = main.xpath(".//div[@class='chapter-findings']")
    (link,) = listed.xpath(".//li/a")
    assert plain(link) == "Utsagn 1."
    (row,) = main.xpath(f".//tr[.//*[@id='{link.get('href')[1:]}']]")
    assert plain(row[0]) == "Utsagn 1."
    assert plain(listed.xpath("p")[0]) == "Funn i kapitlet: ✓ 1 reprodusert ? 1 ikke testbar"
    # The list stands after the introduction and before the first section.
    places = [one for one in main.iter() if one is listed or one.get("id") == "sec-alfa-svar"]
    assert places[0] is listed


def test_each_figure_table_and_record_says_how_it_was_made(book: Path) -> None:
    main = page(book).xpath("//main")[0]
    told = {one.get("id"): one for one in main.xpath(".//div[@class='made']/details")}
    assert [plain(one.find("summary")) for one in told.values()] == [
        "Slik er figuren laget",
        "Slik er tabellen laget",
        "Slik er tallene laget",
    ]
    figure = told["slik-fig-alfa-dekning"]
    names = [plain(one) for one in figure.iter("dt")]
    values = dict(zip(names, figure.iter("dd"), strict=True))
    assert plain(values["Kode"]) == "celle fig-alfa-dekning i notebooks/alfa.ipynb"
    assert plain(values["Data"]) == "1 fil, listet sist i kapitlet"
    assert plain(values["Parametere"]) == 'år = 2019, navn = "a<b"'
    key = record().good.key[:12]  # type: ignore[union-attr]
    assert plain(values["Kjøring"]) == f"fullført, nøkkel {key}"
    for value in ("Kode", "Data"):
        (target,) = values[value].xpath(".//a/@href")
        assert main.xpath(f".//*[@id='{target[1:]}']"), target
    # The table's code is not shown, so nothing leads to it.
    assert not told["slik-tbl-alfa-tall"].xpath(".//dd[1]/a")


def test_the_numbers_lie_beside_the_page(book: Path) -> None:
    links = page(book).xpath("//div[@class='made']/a[@download]")
    assert [link.get("href") for link in links] == [
        "downloads/fig-alfa-dekning.csv",
        "downloads/tbl-alfa-tall.csv",
    ]
    for link in links:
        content = (book / link.get("href")).read_text(encoding="utf-8-sig")
        assert content.splitlines() == ["År;Andel", "2019;0,632"]
    assert not list((book / "downloads").glob("*beta*"))


def test_the_chapter_ends_with_its_run(book: Path) -> None:
    (section,) = page(book).xpath("//section[@id='laget-alfa']")
    said = plain(section)
    assert said.startswith("Slik er kapitlet laget")
    for words in ("notebooks/alfa.ipynb", "fullført", "CPython 3.11.7, pandas 3.1.1"):
        assert words in said
    assert {"år = 2019", 'navn = "a<b"'} <= {plain(one) for one in section.iter("code")}
    files = section.xpath("(.//table)[2]//tbody/tr")
    assert [[plain(cell) for cell in row] for row in files] == [
        ["data/frames/units.csv", "abababababab"]
    ]


def test_an_attempt_that_failed_since_is_told(equipped: Sample) -> None:
    record().end(State.FAILED, cell=3).write(equipped.compendium.runs)
    made = page(publish(equipped.compendium, "pandoc").parent)
    assert "siste forsøk stanset" in plain(made.xpath("//section[@id='laget-alfa']")[0])


def test_a_book_without_register_and_records_has_pages_without_them(sample: Sample) -> None:
    main = page(publish(sample.compendium, "pandoc").parent).xpath("//main")[0]
    assert not main.xpath(".//*[@class='chapter-findings']|.//section[starts-with(@id,'laget-')]")
    (made, *_) = main.xpath(".//div[@class='made']")
    assert [plain(one) for one in made.iter("dt")] == ["Kode"]
    assert not made.xpath(".//a[@download]")


def test_print_has_the_findings_and_the_run_but_not_what_only_pages_can_use(
    equipped: Sample,
) -> None:
    from kompendium.publication.accounts import of_docx, of_pdf

    place = publish(equipped.compendium, "pandoc", ("html", "pdf", "docx")).parent
    for found in (of_pdf(place / "Prøveboka.pdf"), of_docx(place / "Prøveboka.docx")):
        said = found.text.replace("\u00a0", " ")
        assert "Funn i kapitlet:" in said
        assert "Slik er kapitlet laget" in said
        assert "Slik er figuren laget" not in said
        assert "Last ned tallene" not in said
        assert not found.faults


def test_cells_are_found_by_label_or_by_their_number_in_the_notebook(equipped: Sample) -> None:
    """What the stage adds does not count: the cell is found by its number in the notebook."""
    table = code("#| label: tbl-a\n#| tbl-cap: A\ntable(x)", shown(text__markdown=TABLE))
    alone = [text("# Alfa {#sec-alfa}"), table, code("record(x)", SHOWN)]
    equipped.notebook("alfa", alone)
    equipped.notebook("beta", [text("# Beta {#sec-beta}\n\nSe.")])
    (equipped.root / "index.md").write_text("# Om {.unnumbered}\n\nTekst.\n", encoding="utf-8")
    made = page(publish(equipped.compendium, "pandoc").parent)
    codes = [plain(one) for one in made.xpath("//div[@class='made']//dd[1]")]
    assert codes == [
        "celle tbl-a i notebooks/alfa.ipynb",
        "celle 3 i notebooks/alfa.ipynb",
    ]


@needs_quarto
def test_quarto_shows_the_same(equipped: Sample, tmp_path: Path) -> None:
    embedded = shutil.copytree(publish(equipped.compendium, "pandoc").parent, tmp_path / "embedded")
    other = publish(equipped.compendium, "quarto").parent

    def facts(folder: Path) -> dict[str, Any]:
        main = page(folder).xpath("//main")[0]
        return {
            "findings": [(plain(one), one.xpath(".//a/@href"))
                         for one in main.xpath(".//div[contains(@class,'chapter-findings')]//li")],
            "anchors": sorted(one for one in main.xpath(".//@id") if one.startswith("funn-")),
            "made": [(one.get("id"), plain(one), one.xpath(".//a/@href"))
                     for one in main.xpath(".//div[@class='made']/details")],
            "downloads": main.xpath(".//div[@class='made']/a/@href"),
            "run": [plain(one) for one in main.xpath(".//*[@id='laget-alfa']//td")],
            "files": {one.name: one.read_bytes() for one in folder.glob("downloads/*.csv")},
        }  # fmt: skip

    ours, theirs = facts(embedded), facts(other)
    assert ours == theirs
    assert all(ours.values())
