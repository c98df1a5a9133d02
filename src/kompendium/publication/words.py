"""The fixed words of pages, by language: Quarto's, and the embedded publisher's own."""

NAMES = {"nb": "Norsk", "en": "English"}
"""The languages the book is made in, each in its own words."""

WORDS = {
    "nb": {
        "crossref-fig-title": "Figur",
        "crossref-tbl-title": "Tabell",
        "crossref-ch-prefix": "Kapitel",
        "crossref-sec-prefix": "Seksjon",
        "crossref-eq-prefix": "Ligning",
        "callout-note-title": "Note",
        "callout-tip-title": "Tips",
        "callout-warning-title": "Advarsel",
        "callout-important-title": "Viktig",
        "callout-caution-title": "Forsiktig",
        "code-summary": "Kode",
        "toc-title-document": "Innholdsfortegnelse",
        "toc-title-website": "På denne siden",
        "section-title-footnotes": "Fotnoter",
    },
    "en": {
        "crossref-fig-title": "Figure",
        "crossref-tbl-title": "Table",
        "crossref-ch-prefix": "Chapter",
        "crossref-sec-prefix": "Section",
        "crossref-eq-prefix": "Equation",
        "callout-note-title": "Note",
        "callout-tip-title": "Tip",
        "callout-warning-title": "Warning",
        "callout-important-title": "Important",
        "callout-caution-title": "Caution",
        "code-summary": "Code",
        "toc-title-document": "Table of contents",
        "toc-title-website": "On this page",
        "section-title-footnotes": "Footnotes",
    },
}
"""Quarto's words (1.10) by ``lang``; ``language:`` in ``_quarto.yml`` overrides them."""

LABELS = {
    "nb": {
        "skip": "Hopp til innholdet",
        "menu": "Innhold",
        "chapters": "Kapitler",
        "neighbours": "Forrige og neste kapittel",
        "previous": "Forrige",
        "next": "Neste",
        "downloads": "Last ned boka",
    },
    "en": {
        "skip": "Skip to the contents",
        "menu": "Contents",
        "chapters": "Chapters",
        "neighbours": "Previous and next chapter",
        "previous": "Previous",
        "next": "Next",
        "downloads": "Download the book",
    },
}
"""The embedded publisher's own words by ``lang``, where Quarto has none."""
