"""The picture that stands for the book where its address is shared: title and verdicts.

Drawn by matplotlib, which takes longer to import than the book takes to render, so a picture is
kept and used again as long as it would be the same.
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

from kompendium.facts.files import write_atomically
from kompendium.facts.numbers import listing, number
from kompendium.facts.vocabulary import Verdict
from kompendium.publication.book import Book

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "social-card.png"
WIDTH, HEIGHT = 1200, 630
"""In pixels, as the services that show such pictures ask for."""

FORM = 1
"""The drawing's own version; another number when it is drawn differently."""

DPI, MARGIN, GAP, FONT = 100, 72, 3, "DejaVu Sans"

INK, SOFT, PAPER = "#1d2a31", "#51606a", "#ffffff"
COLOURS = {
    Verdict.REPRODUCED: "#1f5a7a",
    Verdict.CONTRADICTED: "#c8553d",
    Verdict.COMPATIBLE: "#588157",
    Verdict.UNTESTABLE: "#b8bec6",
}
"""As in the book's own figures; each part is named, so that colour is not all there is."""

WORDS = {
    "nb": {"alt": "{title}: {count} publiserte funn, {parts}.", "none": "{title}.",
           "count": "{count} publiserte funn, holdt opp mot det som kan regnes ut"},
    "en": {"alt": "{title}: {count} published findings, {parts}.", "none": "{title}.",
           "count": "{count} published findings, held against what can be computed"},
}  # fmt: skip


def counts(book: Book) -> Counter[Verdict]:
    """How many findings have each verdict."""
    return Counter(one.verdict for one in book.citing.findings)


def alternative(book: Book) -> str:
    """The picture in words."""
    lang, found = book.configuration.lang.split("-")[0], counts(book)
    parts = [f"{number(found[one], lang=lang)} {one.word(lang)}" for one in Verdict if found[one]]
    return WORDS[lang]["alt" if parts else "none"].format(
        title=book.configuration.book.title,
        count=number(sum(found.values()), lang=lang),
        parts=listing(parts, lang) if parts else "",
    )


def drawn(book: Book) -> bytes:
    """The picture as PNG; the same content gives the same bytes."""
    titles, found = book.configuration.book, counts(book)
    told = [FORM, titles.title, titles.subtitle, book.called, book.configuration.lang]
    told += [found[one] for one in Verdict]
    key = sha256(json.dumps(told).encode()).hexdigest()[:12]
    kept = book.compendium.pages / f"card-{key}.png"
    if not kept.is_file():
        from matplotlib import style

        # By its own defaults, whatever style whoever calls has set for other figures.
        with style.context("default", after_reset=True):
            write_atomically(kept, _draw(book, found))
    return kept.read_bytes()


def _draw(book: Book, found: Counter[Verdict]) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)  # not pyplot's, which would take part in what a notebook draws
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.axis("off")
    titles, lang = book.configuration.book, book.configuration.lang.split("-")[0]
    axes.text(MARGIN, 140, titles.title, size=50, weight="bold", color=INK, family=FONT)
    for place, line in enumerate(wrap(titles.subtitle, 52)[:3], start=1):
        axes.text(MARGIN, 140 + 54 * place, line, size=25, color=SOFT, family=FONT)
    if whole := sum(found.values()):
        said = WORDS[lang]["count"].format(count=number(whole, lang=lang))
        axes.text(MARGIN, 390, said, size=22, color=INK, family=FONT)
        _draw_bar(axes, found, lang)
    axes.text(MARGIN, HEIGHT - 40, book.called, size=17, color=SOFT, family=FONT)
    buffer = BytesIO()
    figure.savefig(buffer, dpi=DPI, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _draw_bar(axes: Axes, found: Counter[Verdict], lang: str) -> None:
    """All findings as one bar, and under it what its parts stand for."""
    from matplotlib.patches import Rectangle

    room, left = WIDTH - 2 * MARGIN, float(MARGIN)
    shown = [one for one in Verdict if found[one]]
    for place, one in enumerate(shown):
        width = room * found[one] / sum(found.values())
        axes.add_patch(Rectangle((left, 415), width - GAP, 46, color=COLOURS[one], linewidth=0))
        left += width
        column = MARGIN + place * room / len(shown)
        axes.add_patch(Rectangle((column, 489), 22, 22, color=COLOURS[one], linewidth=0))
        said = f"{number(found[one], lang=lang)} {one.word(lang)}"
        axes.text(column + 32, 508, said, size=19, color=INK, family=FONT)
