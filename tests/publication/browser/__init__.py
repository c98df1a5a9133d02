"""Pages read by a browser: headless Chromium as the machine has it, driven by Playwright.

Each page is opened in four ways at once (wide and narrow, light and dark), each in a context
of its own, so that Chromium reads them in parallel. What it complains of, fetches and cannot
show is kept, and axe-core reads the page with everything on it folded open.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What Chromium is called where it is installed; Debian's is the first."""

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
"""The rules of axe-core that together are WCAG 2.1 A and AA."""

FREE = "--no-sandbox"
STEADY = ("--disable-lcd-text", "--force-color-profile=srgb")
"""What makes the same page the same picture every time."""

WIDE, NARROW = 1280, 360
HEIGHT = 900
LOCAL = ("file:", "data:", "blob:", "about:")
HOST = "127.0.0.1"
LEFT = "net::ERR_ABORTED"
"""What Chromium says of a fetch in advance that it gave up, since the page was left."""
PATIENCE = 60_000
"""Milliseconds until a page that does not answer is given up; the longest takes a tenth."""

FOLD_OPEN = """
() => {
  document.querySelectorAll('details').forEach((one) => { one.open = true; });
  // One piece of code of each colour is enough, and a chapter has thousands.
  const seen = new Set();
  document.querySelectorAll('pre code > span').forEach((line) => {
    const colours = [...line.querySelectorAll('span')].map((one) => one.className);
    if (colours.every((one) => seen.has(one))) line.remove();
    colours.forEach((one) => seen.add(one));
  });
}
"""
START = """
rules => {
  window.read = axe.run(document, {
    runOnly: {type: 'tag', values: rules}, resultTypes: ['violations'], preload: false,
  }).then((found) => found.violations.flatMap((one) => one.nodes.slice(0, 3).map(
    (node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\\n')[1].trim()}`
  )));
}
"""
SIDEWAYS = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const over = [...document.body.querySelectorAll('*')].filter(
    (one) => one.getBoundingClientRect().right > wide + 1);
  return over.slice(0, 3).map((one) => `${one.tagName} .${one.className}`.toLowerCase());
}
"""


def program() -> str | None:
    """Where Chromium is; None where it is not installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


needs_chromium = pytest.mark.skipif(
    program() is None, reason="Chromium is not installed (apt-get install chromium)"
)


@dataclass(frozen=True)
class Way:
    """A way of reading: how wide the window is, and whether it is dark."""

    width: int
    scheme: Literal["light", "dark"]

    def __str__(self) -> str:
        """Read as a message names it."""
        return f"{self.width} px, {self.scheme}"


WAYS = (Way(WIDE, "light"), Way(WIDE, "dark"), Way(NARROW, "light"), Way(NARROW, "dark"))


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, tells nothing, and has no icon, which browsers ask for unasked."""

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Site:
    """A folder as a web server shows it, on this machine alone."""

    folder: Path
    address: str

    def address_of(self, page: Path) -> str:
        """The address of a page in the folder."""
        return f"{self.address}/{page.relative_to(self.folder).as_posix()}"


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """Serve a folder: pages whose scripts are modules are nothing at file addresses."""
    server = ThreadingHTTPServer((HOST, 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(folder, f"http://{HOST}:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Reader:
    """A page in one context, and what its browser complained of."""

    page: Page
    way: Way
    site: Site | None = None
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, context: BrowserContext, way: Way, site: Site | None = None) -> Reader:
        """Open an empty page that keeps what goes wrong."""
        reader = cls(context.new_page(), way, site)
        reader.page.set_default_timeout(PATIENCE)
        reader.page.on("console", reader._heard)
        reader.page.on("pageerror", lambda error: reader._say(f"error: {error}"))
        reader.page.on("requestfailed", reader._missed)
        reader.page.on("request", lambda one: reader._asked(one.url))
        return reader

    def _say(self, text: str) -> None:
        self.complaints.append(text)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._say(f"console: {message.text}")

    def _missed(self, request: Request) -> None:
        if request.failure != LEFT:
            self._say(f"not fetched: {request.url}")

    def _asked(self, url: str) -> None:
        if not url.startswith((*LOCAL, self.site.address) if self.site else LOCAL):
            self._say(f"outside request: {url}")

    def open(self, page: Path, fragment: str = "") -> Page:
        """Go to a page at its file address, or at the one it is served at."""
        self.page.goto((self.site.address_of(page) if self.site else page.as_uri()) + fragment)
        return self.page

    def problems(self) -> Iterator[str]:
        """What is wrong since the last time this was asked, but for what axe-core reads."""
        yield from (f"sideways scrolling by {one}" for one in self.page.evaluate(SIDEWAYS))
        yield from self.complaints
        self.complaints.clear()

    def start_axe(self, rules: Sequence[str] = RULES) -> None:
        """Let axe-core begin to read the page, while other pages are read too."""
        self.page.evaluate(FOLD_OPEN)
        self.page.evaluate(START, list(rules))

    def axe(self) -> list[str]:
        """What axe-core has found, once it is done."""
        found: list[str] = self.page.evaluate("window.read")
        return found


def audit(readers: Sequence[Reader], page: Path) -> list[str]:
    """Everything that is wrong with a page, in each way of reading it."""
    found = []
    for reader in readers:
        reader.open(page)
        found += [(reader.way, one) for one in reader.problems()]
        reader.start_axe()
    for reader in readers:
        found += [(reader.way, one) for one in reader.axe()]
        found += [(reader.way, f"folded open, {one}") for one in reader.problems()]
    return [f"{page.name} ({way}): {what}" for way, what in found]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; root may not have its sandbox, and some containers have none."""
    with sync_playwright() as playwright:
        launch = partial(playwright.chromium.launch, executable_path=program())
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        try:
            browser = launch(args=[*STEADY, *([FREE] if root else [])])
        except Error:
            browser = launch(args=[*STEADY, FREE])  # it reads nothing but pages of our own
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def readers(
    browser: Browser, ways: Sequence[Way] = WAYS, site: Site | None = None
) -> Iterator[list[Reader]]:
    """A reader for each way, all with axe-core at hand; of a site, if one is given."""
    contexts = [
        browser.new_context(
            viewport={"width": way.width, "height": HEIGHT},
            color_scheme=way.scheme,
            reduced_motion="reduce",
            locale="nb-NO",
        )
        for way in ways
    ]
    try:
        for context in contexts:
            context.add_init_script(AXE_SCRIPT)
        yield [Reader.of(context, way, site) for context, way in zip(contexts, ways, strict=True)]
    finally:
        for context in contexts:
            context.close()
