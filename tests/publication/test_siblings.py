"""What may be led to beside a publication: pages of another one, and nothing else."""

from pathlib import Path

import pytest

from kompendium.publication.checks import page_problems
from kompendium.publication.siblings import address, leads, pages, places


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """A book and a site beside each other, and a file that is published by neither."""
    for name, text in {
        "publication/kapittel.html": '<main><h2 id="sec-a">A</h2></main>',
        "factsheets/1577.html": "<main>Volda</main>",
        "findings.json": "[]",
        "notebooks/a.ipynb": "{}",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "fragment", "there"),
    [
        ("../publication/kapittel.html", "", True),
        ("../publication/kapittel.html", "sec-a", True),
        ("../publication/kapittel.html", "sec-b", False),
        ("../publication/borte.html", "", False),
        ("../findings.json", "", False),
        ("../notebooks/a.ipynb", "", False),
        ("../../publication/kapittel.html", "", False),
    ],
)
def test_only_pages_that_are_there_are_led_to(
    outputs: Path, path: str, fragment: str, there: bool
) -> None:
    assert leads(outputs / "factsheets", Path("1577.html"), path, fragment) is there


def test_an_address_is_given_only_where_it_leads_somewhere(outputs: Path) -> None:
    page, place = outputs / "publication" / "kapittel.html", outputs / "factsheets"
    assert address(page, "sec-a", place) == "../publication/kapittel.html#sec-a"
    assert address(page, "sec-b", place) is None
    page.unlink()
    assert address(page, "", place) is None


def test_links_out_are_checked_from_where_the_pages_will_lie(outputs: Path) -> None:
    scratch = outputs / ".factsheets.scratch-x" / "stage" / "_book"
    scratch.mkdir(parents=True)
    links = "".join(
        f'<a href="{href}">x</a>'
        for href in ("../publication/kapittel.html#sec-a", "../publication/kapittel.html#borte")
    )
    (scratch / "1577.html").write_text(f"<main>{links}</main>", encoding="utf-8")
    found = page_problems(scratch, outputs.parent, outputs / "factsheets")
    assert [one.what for one in found] == ["dead anchor: ../publication/kapittel.html#borte"]
    found = page_problems(scratch, outputs.parent)
    assert len(found) == 2


def test_what_can_be_linked_to_has_a_hash_of_its_own(outputs: Path) -> None:
    place = outputs / "publication"
    names, all_places = pages(place), places(place)
    page = place / "kapittel.html"
    page.write_text('<main><h2 id="sec-a">Annen tekst</h2></main>', encoding="utf-8")
    assert (pages(place), places(place)) == (names, all_places)
    page.write_text('<main><h2 id="sec-annet">A</h2></main>', encoding="utf-8")
    assert (pages(place), places(place) == all_places) == (names, False)
    (place / "ny.html").write_text("", encoding="utf-8")
    assert pages(place) != names
    assert pages(outputs / "borte") == pages(outputs / "notebooks")
