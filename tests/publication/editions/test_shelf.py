"""Editions side by side: the list, the selector on every page, and ``latest/``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html

from kompendium.publication import publish
from kompendium.publication.editions import shelf

from .conftest import Project


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def told_by_script(project: Project) -> list[dict[str, object]]:
    found = re.search(r"const editions = (\[.*\]);", text_of(project.editions / "editions.js"))
    assert found
    told: list[dict[str, object]] = json.loads(found[1])
    return told


def test_the_script_knows_every_edition_and_its_pages(released: Project) -> None:
    newest, oldest = told_by_script(released)
    assert (newest["number"], oldest["number"]) == ("2026.2", "2026.1")
    assert oldest["dates"] == {"nb": "2. januar 2026"}
    assert oldest["books"] == {"nb": {"folder": "", "pages": ["index.html", "kapittel.html"]}}


@pytest.mark.parametrize("page", ["index.html", "kapittel.html"])
def test_a_page_of_an_old_edition_leads_to_all_without_knowing_them(
    released: Project, page: str
) -> None:
    folder = released.editions / "2026.1"
    document = html.document_fromstring(text_of(folder / page))
    (slot,) = document.xpath("//details[@data-editions]")
    assert (slot.get("data-editions"), slot.get("data-number")) == ("../", "2026.1")
    assert slot.findtext("summary") == "Utgave 2026.1, 2. januar 2026"
    (link,) = slot.iter("a")
    assert (link.get("href"), link.text) == ("../index.html", "Alle utgaver")
    assert (folder / "../index.html").is_file()
    (script,) = [one for one in document.iter("script") if "editions" in (one.get("src") or "")]
    assert (folder / script.get("src", "")).is_file()
    assert "2026.2" not in text_of(folder / page)


def test_no_page_of_an_edition_leads_out_of_it_but_to_the_list(released: Project) -> None:
    for number in ("2026.1", "2026.2"):
        for path in (released.editions / number).glob("*.html"):
            document = html.document_fromstring(text_of(path))
            hrefs = [str(link.get("href")) for link in document.iter("a", "link")]
            assert {one for one in hrefs if one.startswith("..")} <= {"../index.html"}


def test_the_working_copy_says_what_it_is_and_leads_to_the_editions(released: Project) -> None:
    front = publish(released.compendium, "pandoc")
    document = html.document_fromstring(text_of(front))
    (slot,) = document.xpath("//details[@data-editions]")
    assert (slot.get("data-editions"), slot.get("data-number")) == ("../editions/", None)
    assert slot.findtext("summary") == "Arbeidsutgave"
    assert "Arbeidsutgave" in document.xpath("string(//footer)")


def test_before_the_first_edition_there_is_no_selector(original: Project) -> None:
    document = html.document_fromstring(text_of(publish(original.compendium, "pandoc")))
    assert document.xpath("//details[@data-editions]") == []
    assert "Arbeidsutgave" in document.xpath("string(//footer)")


def test_the_list_has_dates_notes_and_files_of_every_edition(released: Project) -> None:
    page = released.editions / "index.html"
    document = html.document_fromstring(text_of(page))
    newest, oldest = document.xpath("//article")
    assert newest.findtext("h2") == "Utgave 2026.2"
    assert newest.xpath("string(.//time/@datetime)") == "2026-02-03"
    assert newest.findtext("p[2]") == "Én til har svart."
    items = [one.text for one in newest.xpath("./ul[not(@class)]/li")]
    assert items == ["Det <b>første</b>", "Det andre"]  # notes are text, whatever they hold
    assert oldest.findtext("p[2]") == "Den første."
    for link in document.iter("a"):
        assert (page.parent / str(link.get("href"))).is_file()
    fingerprints = [one.text for one in document.xpath("//code")]
    assert fingerprints == [one.fingerprint for one in shelf.editions(released.compendium)]


def test_latest_leads_to_the_newest_edition_page_by_page(released: Project) -> None:
    folder = released.editions / "latest"
    assert {path.name for path in folder.iterdir()} == {"index.html", "kapittel.html"}
    for path in folder.iterdir():
        assert not path.is_symlink()
        document = html.document_fromstring(text_of(path))
        address = document.xpath("string(//link[@rel='canonical']/@href)")
        assert address == f"../2026.2/{path.name}"
        assert (folder / address).is_file()
        refresh = document.xpath("string(//meta[@http-equiv='refresh']/@content)")
        assert refresh == f"0; url={address}"
        (script,) = document.xpath("//script/text()")
        assert f'location.replace("{address}" + ' in script


def test_what_is_lost_beside_the_editions_is_made_again(released: Project) -> None:
    names = ["editions.js", "index.html", "latest/index.html", "SHA256SUMS"]
    before = {name: (released.editions / name).read_bytes() for name in names}
    for name in names:
        (released.editions / name).unlink()
    assert shelf.arrange(released.compendium)
    assert {name: (released.editions / name).read_bytes() for name in names} == before
    assert not shelf.arrange(released.compendium)


def test_a_page_only_an_older_edition_has_is_found_by_latest(
    released: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, oldest = shelf.editions(released.compendium)
    book = oldest.manifest.books["nb"]
    books = {"nb": book.model_copy(update={"pages": (*book.pages, "gammelt.html")})}
    manifest = oldest.manifest.model_copy(update={"books": books})
    monkeypatch.setattr(
        shelf, "editions", lambda _: [newest, shelf.Edition(oldest.folder, manifest)]
    )
    try:
        shelf.arrange(released.compendium)
        leading = text_of(released.editions / "latest" / "gammelt.html")
        assert 'href="../2026.1/gammelt.html"' in leading
    finally:
        monkeypatch.undo()
        (released.editions / "latest" / "gammelt.html").unlink()
        shelf.arrange(released.compendium)
