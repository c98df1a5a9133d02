"""Figures with a caption and an alternative text that may hold computed numbers."""

from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import png
import seaborn as sns
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from kompendium.facts import numbers
from kompendium.notebook.drawn import Columns, drawn, kept
from kompendium.notebook.marks import DRAWN, MADE, METADATA

PALETTE = ("#1f5a7a", "#c8553d", "#588157", "#8a6d9f", "#b08900", "#5c677d")
"""Colours told apart by colour-blind readers and in greyscale; the first is the book's own."""

DPI = 200
"""Twice the screen's resolution at the size shown, so that figures stay sharp."""

SHOWN_DPI = 100

METRES_PER_INCH = 0.0254

COMPRESSION = 3
"""Of zlib: 6 takes twice as long for a quarter less."""

STRIP, CHUNK = 16, 1 << 16
"""Rows of a picture that are taken at a time, and bytes that are compressed at a time: what is
used again at once costs no new memory.
"""


def style() -> None:
    """Set the book's look for seaborn and matplotlib; call it once after the imports."""
    sns.set_theme(style="whitegrid", context="notebook", palette=list(PALETTE))
    mpl.rcParams.update(
        {
            "figure.figsize": (7.6, 4.2),
            "figure.constrained_layout.use": True,
            "font.family": "DejaVu Sans",
            "font.size": 10,
            "axes.titlesize": 11,
            "axes.labelsize": 10,
            "xtick.labelsize": 9.5,
            "ytick.labelsize": 9.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "grid.color": "#e3e6ea",
            "axes.edgecolor": "#9aa3ad",
            "legend.frameon": False,
            "svg.hashsalt": "kompendium",
            "text.hinting": "none",  # at twice the screen's resolution letters keep their form
        }
    )


def percent_axis(axes: Axes, which: Literal["x", "y"] = "y", decimals: int = 0) -> None:
    """Print an axis of shares as Norwegian percentages."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: numbers.percent(value, decimals)))


def number_axis(axes: Axes, which: Literal["x", "y"] = "y", decimals: int = 0) -> None:
    """Print an axis of numbers with decimal comma and hard spaces."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: numbers.number(value, decimals)))


def figure(drawing: Any, caption: str, alt: str, data: Columns | None = None) -> None:
    """Show a figure with its caption, its alternative text and the numbers it draws.

    ``drawing`` is a matplotlib figure or axes, or a seaborn grid. ``data`` is what it draws, a
    frame or columns by header (``{"År": years, "Andel": shares}``); readers get it as a file.
    The cell must begin with ``#| label: fig-…``.

    Raises:
        ValueError: caption or alternative text is empty: a figure that only some readers can
            read is not published.
        DisclosureError: the numbers are real respondents.
    """
    if not caption.strip() or not alt.strip():
        raise ValueError("a figure needs a caption and an alternative text")
    behind = {} if data is None else {DRAWN: kept(drawn(data))}
    whole: Figure = drawing if isinstance(drawing, Figure) else drawing.figure
    picture = b64encode(_picture(whole)).decode("ascii")
    plt.close(whole)  # or Jupyter would show it once more
    width, height = whole.get_size_inches()
    display(
        {"image/png": picture, "text/plain": alt},
        raw=True,
        metadata={
            "image/png": {"width": round(width * SHOWN_DPI), "height": round(height * SHOWN_DPI)},
            METADATA: {MADE: "figure", "fig-cap": caption, "fig-alt": alt},
            **behind,
        },
    )


def _picture(drawing: Figure) -> bytes:
    """Draw a figure as PNG, without transparency, as nothing shines through.

    Rows are compressed as they are: Pillow tries five filters on each, which takes as long as
    to draw, and lines on white come out no smaller.
    """
    drawing.set(dpi=DPI, facecolor="white")
    canvas: Any = FigureCanvasAgg(drawing)
    canvas.draw()
    width, height = canvas.get_width_height()
    dots = round(DPI / METRES_PER_INCH)
    writer = png.Writer(
        width,
        height,
        greyscale=False,
        compression=COMPRESSION,
        chunk_limit=CHUNK,
        x_pixels_per_unit=dots,
        y_pixels_per_unit=dots,
        unit_is_meter=True,
    )
    written = BytesIO()
    writer.write_packed(written, _rows(np.asarray(canvas.buffer_rgba())))
    return written.getvalue()


def _rows(drawn: np.ndarray) -> Iterator[np.ndarray]:
    """Give the rows of a drawing without its opacity."""
    for at in range(0, len(drawn), STRIP):
        strip = drawn[at : at + STRIP]
        colours = np.empty((*strip.shape[:2], 3), strip.dtype)
        for channel in range(3):
            colours[..., channel] = strip[..., channel]
        yield from colours.reshape(len(strip), -1)
