"""What a notebook calls: record a finding, show a figure, a table or a paragraph."""

from typing import TYPE_CHECKING

from kompendium.exports import exports
from kompendium.facts.language import use as language
from kompendium.facts.numbers import (
    counted,
    in_words,
    listing,
    number,
    numeral,
    p_value,
    percent,
    points,
    span,
    span_in_words,
)

if TYPE_CHECKING:
    from kompendium.notebook.figures import PALETTE, figure, number_axis, percent_axis, style
    from kompendium.notebook.maps import map_axes
    from kompendium.notebook.recording import record
    from kompendium.notebook.tables import pipe_table, prose, skip, table, word
    from kompendium.register import badge, bounded, computed

__all__ = [
    "PALETTE",
    "badge",
    "bounded",
    "computed",
    "counted",
    "figure",
    "in_words",
    "language",
    "listing",
    "map_axes",
    "number",
    "number_axis",
    "numeral",
    "p_value",
    "percent",
    "percent_axis",
    "pipe_table",
    "points",
    "prose",
    "record",
    "skip",
    "span",
    "span_in_words",
    "style",
    "table",
    "word",
]

__getattr__ = exports(
    __name__,
    {
        "kompendium.notebook.figures": [
            "PALETTE",
            "figure",
            "number_axis",
            "percent_axis",
            "style",
        ],
        "kompendium.notebook.maps": ["map_axes"],
        "kompendium.notebook.recording": ["record"],
        "kompendium.notebook.tables": ["pipe_table", "prose", "skip", "table", "word"],
        "kompendium.register": ["badge", "bounded", "computed"],
    },
)
"""A kernel needs what its notebook calls; who finishes notebooks needs neither seaborn nor
pandas."""
