"""Every page of the book as a browser shows it: to all readers, at any width, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kompendium.facts import Compendium
from kompendium.publication import Book
from tests.conftest import ROOT

from .browser import WAYS, Reader, audit, needs_chromium, readers
from .test_factsheets import Site, site

pytestmark = needs_chromium

__all__ = ["site"]

PAGES = sorted(Book.read(Compendium(ROOT)).stems)


@pytest.fixture(scope="module")
def four(browser: Browser) -> Iterator[list[Reader]]:
    with readers(browser) as every:
        yield every


def test_the_book_has_no_other_pages(built: Compendium) -> None:
    """Or those would be read by nobody here."""
    there = {path.relative_to(built.publication) for path in built.publication.rglob("*.html")}
    assert {path.as_posix() for path in there} == {f"{stem}.html" for stem in PAGES}


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_is_for_all_readers(built: Compendium, four: list[Reader], stem: str) -> None:
    """WCAG 2.1 A and AA by axe-core, no sideways scrolling, no complaint, no outside request."""
    assert audit(four, built.publication / f"{stem}.html") == []


def test_lists_and_sheets_of_units_are_for_all_readers(site: Site, four: list[Reader]) -> None:
    place = site.publish()
    for name in ("index.html", "storrelse.html", "1577.html"):
        assert audit(four, place / name) == []


BENT = """\
<!DOCTYPE html>
<html lang="nb"><head><meta charset="utf-8"><title>Bøyd</title>
<meta name="viewport" content="width=device-width">
<style>
:root { color-scheme: light dark }
.grey { color: #999; background: #fff }
@media (prefers-color-scheme: dark) { .grey { color: #fff; background: #000 } }
.wide { width: 500px }
</style></head>
<body><main><h1>Bøyd</h1>
<p class="grey">Grå tekst</p>
<p class="wide">Bred tekst</p>
<details><summary>Mer</summary><img src="borte.png"></details>
</main>
<script>fetch("https://example.invalid/")</script>
</body></html>
"""


def test_what_is_wrong_is_found(tmp_path: Path, four: list[Reader]) -> None:
    """A page with one of each fault, so that silence about the book means something."""
    page = tmp_path / "bent.html"
    page.write_text(BENT, encoding="utf-8")
    found = audit(four, page)

    def told(words: str) -> set[str]:
        return {one.partition(": ")[0] for one in found if words in one}

    def ways(*which: int) -> set[str]:
        return {f"bent.html ({WAYS[one]})" for one in which}

    assert told("color-contrast: .grey") == ways(0, 2)
    assert told("image-alt: img") == ways(0, 1, 2, 3)
    assert told("sideways scrolling by p .wide") == ways(2, 3)
    assert told("outside request: https://example.invalid/") == ways(0, 1, 2, 3)
    assert told("not fetched:") == ways(0, 1, 2, 3)


TABBED = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const look = getComputedStyle(one);
  const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
  const box = one.getBoundingClientRect();
  const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  const name = `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`;
  return {name, seen: seen && (ring || look.boxShadow !== 'none')};
}
"""
STEPS = 25


@pytest.mark.parametrize("stem", ["index", "funnregister", "kommuneundersokelsen"])
def test_whoever_uses_the_keyboard_sees_where_they_are(
    built: Compendium, four: list[Reader], stem: str
) -> None:
    for reader in (four[0], four[-1]):
        page = reader.open(built.publication / f"{stem}.html")
        names = []
        for _ in range(STEPS):
            page.keyboard.press("Tab")
            if (place := page.evaluate(TABBED)) is None:
                break
            assert place["seen"], f"{reader.way}: {place['name']}"
            names.append(place["name"])
        assert "skip-link" in names[0]
        assert len(set(names)) > 5
