"""The picture of all findings, put where a text asks for it.

A text asks with a figure that has the class ``all-findings`` and nothing but a caption:

    ::: {#fig-alle-funn .all-findings}
    The caption.
    :::
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kompendium.publication import overview
from kompendium.publication.markdown import html_for_pages, quoted
from kompendium.publication.overview import Report
from kompendium.register import Entry

PICTURE = "all-findings.png"
SHOWN = 640
"""The width of the picture in other formats than pages, in CSS pixels."""

_PLACE = re.compile(r"^(?P<fence>:{3,}) \{(?P<label>#fig-[\w-]+) \.all-findings\}$", re.MULTILINE)


def reports(variables: Mapping[str, Any], entries: Sequence[Entry], language: str) -> list[Report]:
    """The reports in reading order, as the register names them among the book's variables."""
    known = {one["id"]: str(one[language[:2]]) for one in variables.get("rapporter", ())}
    every = dict.fromkeys([*known, *(entry.report for entry in entries)])
    return [Report(id, known.get(id, id)) for id in every]


def asks(text: str) -> bool:
    """Say whether a text asks for the picture."""
    return bool(_PLACE.search(text))


def with_picture(
    text: str,
    reports: Sequence[Report],
    entries: Sequence[Entry],
    language: str,
    media: Path | None,
) -> str:
    """Put the picture in its place; ``media`` is a folder for one that other formats show."""
    place = _PLACE.search(text)
    if place is None or not entries:
        return text
    parts = [f"{place['fence']} {{{place['label']}}}"]
    parts.append(html_for_pages(overview.html(reports, entries, language)))
    if media:
        told = overview.described(reports, entries, language)
        media.mkdir(exist_ok=True)
        drawn = overview.picture(overview.svg(reports, entries, language), told)
        (media / PICTURE).write_bytes(drawn)
        shown = f"![]({media.name}/{PICTURE}){{width={SHOWN} fig-alt={quoted(told)}}}"
        parts.append(f'::: {{.content-hidden when-format="html"}}\n{shown}\n:::')
    return text[: place.start()] + "\n\n".join(parts) + "\n" + text[place.end() :]
