"""Quarto as publisher, and the two publishers held against each other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from kompendium.publication import PublicationError, installation, publish

from .conftest import Sample, text

needs_quarto = pytest.mark.skipif(
    installation.find() is None, reason="Quarto is neither at QUARTO_PATH nor on PATH"
)


def plain(element: Any) -> str:
    return re.sub(r"\s+", " ", element.text_content().replace("\u00a0", " ")).strip()


def facts(path: Path) -> dict[str, Any]:
    """What both publishers must agree on, page by page."""
    main = html.document_fromstring(path.read_text(encoding="utf-8")).xpath("//main")[0]
    references = main.xpath(".//a[contains(@class,'xref')]")
    return {
        "captions": [plain(one) for one in main.iter("figcaption")],
        "headings": [plain(one) for one in main.xpath(".//h1|.//h2[not(@id='toc-title')]|.//h3")
                     if "front-heading" not in one.get("class", "")],
        "references": [plain(one) for one in references],
        # Quarto leads to a chapter's page, the embedded publisher to its heading.
        "targets": [re.sub(r"#sec-(alfa|beta)$", "", one.get("href")) for one in references],
        "alternatives": [one.get("alt") for one in main.iter("img")],
        "citations": [(plain(one), one.xpath(".//a/@href"))
                      for one in main.xpath(".//span[contains(@class,'citation')]")],
        "sources": [plain(one) for one in main.xpath(".//div[contains(@class,'csl-entry')]")],
        "tables": [[plain(cell) for cell in row] for row in main.iter("tr")],
        "code": [plain(one) for one in main.xpath(".//details[@class='code-fold']//pre")],
    }  # fmt: skip


def chapters(path: Path, menu: str) -> list[str]:
    """Numbers and titles of the chapters in the menu of a page."""
    page = html.document_fromstring(path.read_text(encoding="utf-8"))
    return [plain(one).replace(" ", "") for one in page.xpath(menu)]


OURS = "//nav[@class='sidebar']//a"
THEIRS = "//nav[@id='quarto-sidebar']//a[contains(@class,'sidebar-link')]"


def dead(book: Path) -> list[str]:
    """References of all pages that lead to no place on the page they name."""
    places = {
        path.name: set(html.document_fromstring(path.read_text(encoding="utf-8")).xpath("//@id"))
        for path in book.glob("*.html")
    }
    found = []
    for path in sorted(book.glob("*.html")):
        for target in facts(path)["targets"]:
            page, _, place = target.partition("#")
            if place and place not in places[page or path.name]:
                found.append(f"{path.name}: {target}")
    return found


@needs_quarto
def test_both_publishers_agree(sample: Sample, tmp_path: Path) -> None:
    embedded = shutil.copytree(publish(sample.compendium, "pandoc").parent, tmp_path / "embedded")
    book = publish(sample.compendium, "quarto").parent
    assert {one.name for one in book.glob("*.html")} == {
        one.name for one in embedded.glob("*.html")
    }
    for path in sorted(embedded.glob("*.html")):
        ours, theirs = facts(path), facts(book / path.name)
        if path.name == "index.html":
            # Quarto repeats the chapter's title as a second h1; here it is an h2 of its own.
            theirs["headings"].remove("Om boka")
        if path.name != "references.html":
            # Quarto keeps a hidden bibliography on every page.
            theirs["sources"] = ours["sources"]
        for what in ours:
            assert ours[what] == theirs[what], f"{path.name}: {what}"
        assert chapters(path, OURS) == chapters(book / path.name, THEIRS)
    alfa = facts(embedded / "alfa.html")
    assert all(alfa[what] for what in alfa if what != "sources"), "or there was nothing to hold"
    assert chapters(embedded / "index.html", OURS) == ["Omboka", "1Alfa", "2Beta", "Referanser"]
    assert dead(embedded) == dead(book) == []


@needs_quarto
def test_a_warning_of_quarto_is_a_failure(sample: Sample) -> None:
    sample.add(text("Se @fig-finnes-ikke."))
    with pytest.raises(PublicationError, match="fig-finnes-ikke"):
        publish(sample.compendium, "quarto")
    assert not sample.compendium.publication.exists()


def fake(folder: Path, script: str) -> Path:
    """A stand-in that behaves as Quarto does in one respect."""
    program = folder / "quarto"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo 'WARN: index.html: Unable to resolve crossref @fig-x'; exit 0", "crossref @fig-x"),
        ("echo '[WARNING] Citeproc: citation x not found'; exit 0", "citation x not found"),
        ("echo 'ERROR: broken YAML'; exit 1", "broken YAML"),
        ("exit 1", "failed silently"),
        ("exit 0", "the page was not made"),
    ],
)
def test_exit_codes_are_not_believed(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    monkeypatch.setenv(installation.VARIABLE, str(fake(tmp_path, script)))
    with pytest.raises(PublicationError, match=told):
        publish(sample.compendium)


def test_quarto_path_that_leads_nowhere(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(installation.VARIABLE, "/nowhere/quarto")
    with pytest.raises(PublicationError, match="unset or mend"):
        publish(sample.compendium)


def test_asked_for_but_not_installed(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(installation.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PublicationError, match="neither at QUARTO_PATH nor on PATH"):
        publish(sample.compendium, "quarto")
    assert publish(sample.compendium, "auto").is_file()
