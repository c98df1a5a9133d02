"""The book used with the keyboard alone, at file addresses: search, sort, filter, unfold."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from kompendium.facts import Compendium

from .browser import NARROW, WIDE, Reader, Way, needs_chromium, readers

pytestmark = needs_chromium

WORD = "sertifisert"


@pytest.fixture(scope="module")
def two(browser: Browser) -> Iterator[list[Reader]]:
    """A wide window and a narrow, dark one."""
    with readers(browser, (Way(WIDE, "light"), Way(NARROW, "dark"))) as both:
        yield both


@pytest.fixture(params=[0, 1], ids=["wide", "narrow"])
def reader(two: list[Reader], request: pytest.FixtureRequest) -> Reader:
    one: Reader = two[request.param]
    return one


def focus(page: Page, selector: str) -> None:
    """Go to the first place of a kind as the Tab key would: it must take focus by itself."""
    place = page.locator(selector).first
    place.focus()
    expect(place).to_be_focused()


def test_the_search_finds_a_word_and_goes_there(built: Compendium, reader: Reader) -> None:
    page = reader.open(built.publication / "index.html")
    page.keyboard.press("/")
    expect(page.locator("dialog.finder")).to_be_visible()
    page.keyboard.type(WORD)
    hits = page.get_by_role("option")
    expect(hits.first).to_be_visible()
    assert hits.count() > 1
    for place in range(hits.count()):
        assert WORD in hits.nth(place).inner_text().lower()
    expect(page.get_by_role("status").first).to_have_text(re.compile(r"\d+ treff"))
    expect(hits.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    reader.start_axe()
    assert reader.axe() == []
    address = str(hits.nth(1).get_attribute("href"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{address}")
    assert WORD in page.locator("main").inner_text().lower()
    assert list(reader.problems()) == []


def test_the_search_says_when_there_is_nothing_and_closes(
    built: Compendium, reader: Reader
) -> None:
    page = reader.open(built.publication / "syntese.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("xyzzy")
    expect(page.get_by_role("status").first).to_have_text("Ingen treff på «xyzzy».")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.finder")).to_be_hidden()
    assert list(reader.problems()) == []


TABLE = "#tbl-funnregister-behov"


def column(page: Page, place: int) -> list[str]:
    texts: list[str] = page.locator(f"{TABLE} tbody td:nth-child({place})").all_inner_texts()
    return [text.strip() for text in texts]


def test_a_table_sorts_by_its_numbers(built: Compendium, reader: Reader) -> None:
    page = reader.open(built.publication / "funnregister.html")
    written = column(page, 3)
    assert len(set(written)) > 2
    numbers = sorted(int(one) for one in written)
    head = page.locator(f"{TABLE} th:nth-child(3)")
    focus(page, f"{TABLE} th:nth-child(3) button")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert [int(one) for one in column(page, 3)] == numbers
    page.keyboard.press("Space")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert [int(one) for one in column(page, 3)] == numbers[::-1]
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert column(page, 3) == written
    reader.start_axe()
    assert reader.axe() == []


def test_a_table_sorts_words_as_norwegians_do(built: Compendium, reader: Reader) -> None:
    page = reader.open(built.publication / "funnregister.html")
    focus(page, f"{TABLE} th:nth-child(1) button")
    page.keyboard.press("Enter")
    names = column(page, 1)
    by_locale = page.evaluate("names => [...names].sort(new Intl.Collator('nb').compare)", names)
    assert names == by_locale


def test_a_large_table_is_searched(built: Compendium, reader: Reader) -> None:
    page = reader.open(built.publication / "funnregister.html")
    bar = page.locator(".table-filter").first
    rows = bar.locator("xpath=following::table[1]").locator("tbody tr:visible")
    every = rows.count()
    focus(page, ".table-filter input")
    page.keyboard.type("halvparten")
    assert 0 < rows.count() < every
    assert all("halvparten" in text.lower() for text in rows.all_inner_texts())
    expect(bar.locator("output")).to_have_text(f"{rows.count()} av {every} rader")
    for _ in "halvparten":
        page.keyboard.press("Backspace")
    assert rows.count() == every


def test_code_folds_open_and_shut(built: Compendium, reader: Reader) -> None:
    page = reader.open(built.publication / "foreldreveiledning.html")
    code = page.locator("details.code-fold pre").first
    expect(code).to_be_hidden()
    focus(page, "details.code-fold summary")
    page.keyboard.press("Enter")
    expect(code).to_be_visible()
    page.keyboard.press("Enter")
    expect(code).to_be_hidden()


def test_how_a_number_was_made_is_told_beside_it(built: Compendium, reader: Reader) -> None:
    page = reader.open(built.publication / "foreldreveiledning.html")
    focus(page, ".made details summary")
    page.keyboard.press("Enter")
    told = page.locator(".made details dl").first
    expect(told).to_be_visible()
    assert "notebooks/foreldreveiledning.ipynb" in told.inner_text()


def test_the_book_is_read_without_scripts(built: Compendium, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in sorted(built.publication.glob("*.html")):
        page.goto(path.as_uri())
        expect(page.locator("h1")).to_be_visible()
        assert page.get_by_role("button").count() == 0  # nothing is there that does nothing
    context.close()
