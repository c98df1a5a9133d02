"""The README's pictures of the book: always the same pages, size and looks (``make screenshots``).

Chromium draws them, as it is installed. Few colours make small files, which git keeps for ever.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

BOOK = ROOT / "outputs" / "publication"
IMAGES = Path(__file__).parent / "images"
WIDTH, HEIGHT = 1280, 1360
COLOURS = 96
KEEP_RARE = Image.Quantize.MAXCOVERAGE
"""The marks of verdicts are small, and their colours are what they tell."""

STILL = "nav, header, .table-box { position: static !important; overflow: visible !important }"
"""What can scroll by itself is drawn apart, and its letters then differ from time to time."""

PICTURES = {"front": "index.html", "chapter": "kommuneundersokelsen.html"}
"""The pictures and the pages they are of."""


def picture(page: Page, name: str) -> Path:
    """Draw the top of a page and keep it in few colours."""
    page.goto((BOOK / PICTURES[name]).as_uri())
    page.add_style_tag(content=STILL)
    whole = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide")))
    target = IMAGES / f"{name}.png"
    few = whole.convert("RGB").quantize(COLOURS, KEEP_RARE, dither=Image.Dither.NONE)
    few.save(target, optimize=True)
    return target


def main() -> None:
    """Draw every picture; the book must have been made."""
    from tests.publication.browser import chromium, program

    if program() is None:
        sys.exit("Chromium is not installed; on Debian and Ubuntu: apt-get install chromium")
    with chromium() as browser:
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="nb-NO"
        )
        for name in PICTURES:
            target = picture(page, name)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
