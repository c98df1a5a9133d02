"""Every finding in one picture: what was published, what can be computed, and the verdict.

A strip a report, a line a finding. Shares lie on one axis from 0 to 100 per cent: a bar for what
the published wording allows, a mark for what was computed, or a thin line between the bounds of
what can be. Findings that are no share are tiles. The verdict is told by shape, colour and text.

Pages hold the strips as SVG in their own colours, which stack on a phone; other formats get them
as one picture, drawn by the same code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from kompendium.facts.quantities import Region, Unit
from kompendium.facts.vocabulary import Verdict
from kompendium.facts.wordings import quantity
from kompendium.publication.words import texts
from kompendium.register import Entry

ORDER = (Verdict.CONTRADICTED, Verdict.REPRODUCED, Verdict.COMPATIBLE, Verdict.UNTESTABLE)
"""What does not add up comes first, what nobody can test last."""

WIDTH = 340
"""Width of a strip in its own units, which are a phone's pixels."""

LEFT, RIGHT = 108, 336
"""Where the axis begins and ends; the verdicts are named to the left of it."""

LINE, TILE, GAP, HEAD, AXIS = 6.5, 13, 7, 24, 16
"""Heights: of a share, of a row of tiles, between groups, of a strip's title and of its axis."""

FONT = "Libertinus Serif"
"""What Typst carries itself, and sets the book in."""

DPI = 192
"""Twice the 96 units to the inch of an SVG."""

BETWEEN = 24
"""The space between the columns of the one picture."""

SIGNS = {
    Verdict.REPRODUCED: '<path d="M2.6 5.8 4.7 8 8.6 3.2"/>',
    Verdict.CONTRADICTED: '<path d="M3 3 8 8M8 3 3 8"/>',
    Verdict.COMPATIBLE: '<path d="M2.4 4.4c1-1 2-1 3.1-.2s2.1.7 3.1-.2M2.4 7.2c1-1 2-1 3.1-.2'
    's2.1.7 3.1-.2"/>',
    Verdict.UNTESTABLE: '<path d="M3.7 4.1c.1-1.9 3.6-1.9 3.6.1 0 1.3-1.8 1.3-1.8 2.6M5.5 8.5v.2'
    '"/>',
}
"""Each verdict's sign in a square of eleven units: ✓ ✗ ≈ ?"""

PRINTED = """
.f-title{font-weight:700;font-size:12.5px}.f-text{font-size:11px}
.f-soft,.f-axis{fill:#51606a}.f-axis{font-size:9.5px}.f-grid{stroke:#d3dbe0;stroke-width:.8}
.f-bar{fill:currentColor;fill-opacity:.28;stroke:currentColor;stroke-width:.7}
.f-bounds{stroke:currentColor;stroke-width:1.3;fill:none}
.f-ring{fill:#fff;stroke:currentColor;stroke-width:1.6}
.f-halo{stroke:#fff;stroke-width:4;fill:none}.f-cross{stroke:currentColor;stroke-width:1.9;fill:none}
.f-box{fill:#fff;stroke:currentColor;stroke-width:1}
.f-sign{fill:none;stroke:currentColor;stroke-width:1.3;stroke-linecap:round}
.f-reproduced{color:#14653a}.f-contradicted{color:#b3261e}.f-compatible{color:#1f5f9e}
.f-untestable{color:#737d87}
"""
"""The looks on paper; pages have them in ``apparatus.css``."""


@dataclass(frozen=True)
class Report:
    """What a strip is called, by the report's id."""

    id: str
    name: str


@dataclass(frozen=True)
class Strip:
    """A report's findings as drawn: the markup inside an SVG, and its height."""

    markup: str
    height: float


def picture(source: str, title: str) -> bytes:
    """An SVG as a picture for formats that take no SVG, at twice a screen's resolution."""
    import typst  # where only pages are made, nothing is drawn

    with TemporaryDirectory() as folder:
        Path(folder, "picture.svg").write_text(source, encoding="utf-8")
        page = Path(folder, "page.typ")
        page.write_text(
            "#set page(width: auto, height: auto, margin: 0pt)\n"
            f'#image("picture.svg", alt: {json.dumps(title)})\n',
            encoding="utf-8",
        )
        made = typst.compile(page, format="png", ppi=DPI, ignore_system_fonts=True)
    return bytes(made)


def html(reports: Sequence[Report], entries: Sequence[Entry], language: str) -> str:
    """The picture for pages, with its text for those who do not see it."""
    parts = [_symbols()]
    for strip in _strips(reports, entries, language):
        box = f'viewBox="0 0 {WIDTH} {strip.height:g}"'
        parts.append(f'<svg {box} xmlns="http://www.w3.org/2000/svg">{strip.markup}</svg>')
    label = escape(described(reports, entries, language))
    return f'<div class="all-findings" role="img" aria-label="{label}">{"".join(parts)}</div>'


def svg(reports: Sequence[Report], entries: Sequence[Entry], language: str) -> str:
    """The picture as one SVG in two columns, in the looks of print."""
    strips = [*_strips(reports, entries, language)]
    height, split = min(
        (max(_height(strips[:place]), _height(strips[place:])), place)
        for place in range(len(strips) + 1)
    )
    parts = []
    for x, own in ((0, strips[:split]), (WIDTH + BETWEEN, strips[split:])):
        y = 0.0
        for strip in own:
            parts.append(f'<g transform="translate({x:g} {y:g})">{strip.markup}</g>')
            y += strip.height
    width = 2 * WIDTH + BETWEEN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="{FONT}" fill="#1b2429">'
        f"<style>{PRINTED}</style>{_symbols()}{''.join(parts)}</svg>"
    )


def described(reports: Sequence[Report], entries: Sequence[Entry], language: str) -> str:
    """The picture in words: how many findings of each report have which verdict."""
    words = texts(language)
    told = [words["picture"].format(count=len(entries))]
    for report in reports:
        own = [entry for entry in entries if entry.report == report.id]
        counts = [
            f"{count} {verdict.word(language)}"
            for verdict in ORDER
            if (count := sum(entry.verdict is verdict for entry in own))
        ]
        if counts:
            told.append(f"{report.name}: {', '.join(counts)}.")
    return " ".join(told)


def _height(strips: Sequence[Strip]) -> float:
    return sum(strip.height for strip in strips)


def _strips(reports: Sequence[Report], entries: Sequence[Entry], language: str) -> Iterable[Strip]:
    yield _legend(language)
    for report in reports:
        if own := [entry for entry in entries if entry.report == report.id]:
            yield _strip(report, own, language)


def _strip(report: Report, entries: Sequence[Entry], language: str) -> Strip:
    total = texts(language)["findings-of"].format(count=len(entries))
    parts = [
        f'<text class="f-title" x="0" y="13">{escape(report.name)}</text>',
        f'<text class="f-text f-soft" x="{RIGHT}" y="13" text-anchor="end">{total}</text>',
    ]
    top, places = float(HEAD), []
    for verdict in ORDER:
        own = [entry for entry in entries if entry.verdict is verdict]
        if not own:
            continue
        markup, height = _group(verdict, own, language)
        places.append(f'<g class="f-{verdict.value}" transform="translate(0 {top:g})">{markup}</g>')
        top += height + GAP
    shares = any(_share(entry) for entry in entries)
    if shares:
        parts += _axis(HEAD - 4, top)
    return Strip("".join([*parts, *places]), top + (AXIS + 6 if shares else 6))


def _group(verdict: Verdict, entries: Sequence[Entry], language: str) -> tuple[str, float]:
    """The findings of one verdict: shares as lines by size, and then the others as tiles."""
    shares = sorted(
        ((share, entry) for entry in entries if (share := _share(entry))),
        key=lambda one: (one[0][0] + one[0][1], one[1].id),
    )
    others = [entry for entry in entries if not _share(entry)]
    label = f"{len(entries)} {verdict.word(language)}"
    parts = [
        f'<use href="#f-sign-{verdict.value}" x="0" y="0"/>',
        f'<text class="f-text f-label" x="15" y="9.5">{label}</text>',
    ]
    y = 5.5 if shares else 0.0
    for (low, high), entry in shares:
        parts.append(f"<g>{_title(entry)}{_line(low, high, entry, y)}</g>")
        y += LINE
    y += 1 if shares and others else 0
    across = int((RIGHT - LEFT) // TILE)
    for place, entry in enumerate(others):
        x, row = LEFT + place % across * TILE, place // across
        parts.append(
            f'<g transform="translate({x:g} {y + row * TILE:g})">{_title(entry)}'
            f'<use href="#f-tile-{verdict.value}"/></g>'
        )
    y += -(-len(others) // across) * TILE
    return "".join(parts), max(y, 12.0)


def _line(low: float, high: float, entry: Entry, y: float) -> str:
    """A share: the bar of what the wording allows, and what was computed."""
    left, right = _x(low), _x(high)
    width = max(right - left, 2.0)
    left = min(left, RIGHT - width)
    parts = []
    if entry.low is not None and entry.high is not None:
        ends = _x(entry.low), _x(entry.high)
        caps = "".join(f"M{x:.1f} {y - 2.2:g}v4.4" for x in ends)
        parts.append(f'<path class="f-bounds" d="{caps}M{ends[0]:.1f} {y:g}H{ends[1]:.1f}"/>')
    parts.append(
        f'<rect class="f-bar" x="{left:.1f}" y="{y - 1.7:g}" width="{width:.1f}" height="3.4"/>'
    )
    parts.reverse()  # what was computed lies on what was published
    if isinstance(entry.value, float | int):
        x = _x(float(entry.value))
        if entry.verdict is Verdict.CONTRADICTED:
            cross = f"M{x - 2.8:.1f} {y - 2.8:g}l5.6 5.6m0-5.6l-5.6 5.6"
            parts.append(f'<path class="f-halo" d="{cross}"/><path class="f-cross" d="{cross}"/>')
        else:
            parts.append(f'<circle class="f-ring" cx="{x:.1f}" cy="{y:g}" r="2.6"/>')
    return "".join(parts)


def _axis(top: float, bottom: float) -> list[str]:
    parts = []
    for percent in (0, 25, 50, 75, 100):
        x = _x(percent / 100)
        parts.append(f'<path class="f-grid" d="M{x:g} {top:g}V{bottom:g}"/>')
        if percent % 50 == 0:
            anchor = {0: "start", 50: "middle", 100: "end"}[percent]
            parts.append(
                f'<text class="f-axis" x="{x:g}" y="{bottom + 10:g}" text-anchor="{anchor}">'
                f"{percent}\u00a0%</text>"
            )
    return parts


def _legend(language: str) -> Strip:
    """How the picture is read, drawn with its own marks."""
    words = texts(language)
    keys = {
        "key-bar": '<rect class="f-bar" x="10" y="-1.7" width="34" height="3.4"/>',
        "key-value": '<rect class="f-bar" x="10" y="-1.7" width="34" height="3.4"/>'
        '<circle class="f-ring" cx="31" cy="0" r="2.6"/>',
        "key-outside": '<rect class="f-bar" x="10" y="-1.7" width="22" height="3.4"/>'
        '<path class="f-cross" d="M40 -2.8l5.6 5.6m0-5.6l-5.6 5.6"/>',
        "key-bounds": '<path class="f-bounds" d="M2 -2.2v4.4M62 -2.2v4.4M2 0H62"/>'
        '<rect class="f-bar" x="24" y="-1.7" width="20" height="3.4"/>',
        "key-tile": '<use href="#f-tile-untestable" x="22" y="-6"/>',
    }
    verdicts = ("untestable", "reproduced", "contradicted", "compatible", "untestable")
    parts = [f'<text class="f-title" x="0" y="13">{words["legend"]}</text>']
    y = HEAD + 8.0
    for (name, drawing), verdict in zip(keys.items(), verdicts, strict=True):
        parts.append(f'<g class="f-{verdict}" transform="translate(0 {y:g})">{drawing}</g>')
        parts.append(f'<text class="f-text" x="76" y="{y + 3.5:g}">{words[name]}</text>')
        y += 17
    return Strip("".join(parts), y + 8)


def _symbols() -> str:
    """The signs and tiles, drawn once."""
    symbols = []
    for verdict, path in SIGNS.items():
        sign = f'<g class="f-sign">{path}</g>'
        box = '<rect class="f-box" x=".5" y=".5" width="10" height="10" rx="2"/>'
        symbols.append(f'<g id="f-sign-{verdict.value}">{sign}</g>')
        symbols.append(f'<g id="f-tile-{verdict.value}">{box}{sign}</g>')
    return f'<svg width="0" height="0" class="f-symbols"><defs>{"".join(symbols)}</defs></svg>'


def _share(entry: Entry) -> tuple[float, float] | None:
    """What a published share allows, on the axis; None for what is no share."""
    region = quantity(entry.published)
    if not isinstance(region, Region) or region.unit is not Unit.SHARE:
        return None
    return max(0.0, region.low), min(1.0, region.high)


def _title(entry: Entry) -> str:
    """What a pointer resting on a mark is told."""
    return f"<title>{escape(entry.statement)}</title>"


def _x(share: float) -> float:
    return LEFT + min(1.0, max(0.0, share)) * (RIGHT - LEFT)
