"""The selector of editions as a browser shows it, and the pages around the editions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from ..browser import NARROW, WIDE, Reader, Way, audit, needs_chromium, readers
from .conftest import Project

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def four(browser: Browser) -> Iterator[list[Reader]]:
    with readers(browser) as every:
        yield every


@pytest.mark.parametrize("name", ["index.html", "2026.1/index.html", "2026.2/kapittel.html"])
def test_pages_of_editions_are_for_all_readers(
    released: Project, four: list[Reader], name: str
) -> None:
    assert audit(four, released.editions / name) == []


@pytest.fixture(params=[Way(WIDE, "light"), Way(NARROW, "dark")], ids=str)
def reader(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with readers(browser, [request.param]) as (one,):
        yield one


def test_the_selector_changes_edition_and_stays_on_the_page(
    released: Project, reader: Reader
) -> None:
    page = reader.open(released.editions / "2026.1" / "kapittel.html", "#funn-prove-svar")
    selector = page.locator("nav.editions")
    summary = selector.locator("summary")
    expect(summary).to_contain_text("2026.1")
    assert "63,2" in page.locator("main").inner_text()
    summary.focus()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    links = selector.locator("li a")
    expect(links).to_have_count(3)
    assert "2026.2" in links.nth(0).inner_text()
    expect(links.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Tab")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/2026.2/kapittel.html#funn-prove-svar")
    assert "63,4" in page.locator("main").inner_text()
    assert list(reader.problems()) == []


def test_an_old_edition_tells_of_the_newest(released: Project, reader: Reader) -> None:
    page = reader.open(released.editions / "2026.1" / "index.html")
    page.locator(".newer-edition a").press("Enter")
    page.wait_for_url("**/2026.2/index.html")
    expect(page.locator(".newer-edition")).to_have_count(0)


def test_latest_leads_to_the_newest(released: Project, reader: Reader) -> None:
    page = reader.open(released.editions / "latest" / "kapittel.html")
    page.wait_for_url("**/2026.2/kapittel.html")
    assert list(reader.problems()) == []
