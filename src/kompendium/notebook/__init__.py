"""What a notebook calls: record a finding, show a figure, a table or a paragraph."""

from kompendium.facts.numbers import in_words, number, percent, points, span
from kompendium.notebook.figures import PALETTE, figure, number_axis, percent_axis, style
from kompendium.notebook.recording import record
from kompendium.notebook.tables import pipe_table, prose, table
from kompendium.register import badge, bounded, computed

__all__ = [
    "PALETTE",
    "badge",
    "bounded",
    "computed",
    "figure",
    "in_words",
    "number",
    "number_axis",
    "percent",
    "percent_axis",
    "pipe_table",
    "points",
    "prose",
    "record",
    "span",
    "style",
    "table",
]
