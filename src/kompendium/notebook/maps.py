"""Maps drawn as points of longitude and latitude, without map files or projections."""

from math import cos, radians

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from kompendium.facts.language import either
from kompendium.facts.numbers import HARD_SPACE, number

TICKS = 8
"""Marks on an axis at the most; more would touch each other where two maps stand side by side."""


def map_axes(axes: Axes) -> None:
    """Make axes of longitude (x) and latitude (y), in degrees, into a map.

    A kilometre is as long to the east as to the north at the middle latitude, and the axes are
    marked at whole degrees (``10° Ø``, ``60° N``). Call it when everything is drawn and the
    limits are set. Over the whole of Norway distances to the east come out up to a quarter
    wrong in the far south and north: a map shows where something is, and is not measured on.
    """
    axes.set_aspect(1 / cos(radians(sum(axes.get_ylim()) / 2)))
    for axis, side in ((axes.xaxis, either("Ø", "E")), (axes.yaxis, "N")):
        axis.set_major_locator(MaxNLocator(nbins=TICKS, steps=(1, 2, 5, 10), integer=True))
        axis.set_major_formatter(_degrees(side))
    axes.set(xlabel="", ylabel="")


def _degrees(side: str) -> FuncFormatter:
    """Write degrees with the side of the globe they are on."""
    return FuncFormatter(lambda value, _: f"{number(value)}°{HARD_SPACE}{side}")
