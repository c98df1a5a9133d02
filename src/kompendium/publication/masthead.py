"""What a page says of itself besides its text: editions, languages, and metadata for machines.

The same HTML stands in the embedded publisher's template and in what Quarto is given to include.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from kompendium.publication.book import Book, Chapter

SITE = "site"
"""The folder beside the pages with what they share: styles, scripts, the search's index."""

OPEN_GRAPH = "og:"
"""How terms begin that RDFa calls properties."""


def bar(book: Book, chapter: Chapter) -> str:
    """The selector of editions and the links to other languages; empty where there is neither."""
    parts = []
    labels = book.labels
    if editions := book.editions:
        entries = "".join(
            f'<li><a href="{escape(one.address)}">{escape(one.label)}</a></li>'
            for one in editions
            if not one.current
        )
        current = next((one.label for one in editions if one.current), labels["editions"])
        number = f' data-number="{book.edition.number}"' if book.edition else ""
        parts.append(
            f'<nav class="editions" aria-label="{escape(labels["editions"])}">'
            f'<details data-editions="{escape(book.shelf)}"{number}>'
            f"<summary>{escape(current)}</summary><ul>{entries}</ul></details></nav>"
        )
    if languages := book.languages(chapter):
        links = " ".join(
            f'<a href="{escape(one.address)}" lang="{one.code}" hreflang="{one.code}">'
            f"{escape(one.name)}</a>"
            for one in languages
        )
        label = escape(labels["languages"])
        parts.append(f'<nav class="languages" aria-label="{label}">{links}</nav>')
    return "".join(parts)


def head(book: Book, chapter: Chapter) -> str:
    """What a page's head tells machines, as HTML; empty where there is nothing to tell."""
    lines = [
        f'<link rel="alternate" hreflang="{one.code}" href="{escape(one.address)}">'
        for one in book.languages(chapter)
    ]
    metadata = book.metadata(chapter)
    lines += [f'<link rel="{rel}" href="{escape(href)}">' for rel, href in metadata.links]
    for term, content in metadata.terms:
        kind = "property" if term.startswith(OPEN_GRAPH) else "name"
        lines.append(f'<meta {kind}="{escape(term)}" content="{escape(content)}">')
    if metadata.linked_data:
        lines.append(f'<script type="application/ld+json">{_inert(metadata.linked_data)}</script>')
    return "\n".join(lines)


def foot(book: Book, scripts: Sequence[str]) -> str:
    """The scripts a page runs: its own, and the one beside all editions that fills the selector."""
    shelf = book.shelf if book.editions else ""
    sources = [f"{SITE}/{name}" for name in scripts] + ([f"{shelf}editions.js"] if shelf else [])
    return "\n".join(f'<script src="{escape(one)}" defer></script>' for one in sources)


def _inert(text: str) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(json.loads(text), ensure_ascii=False).replace("</", "<\\/")
