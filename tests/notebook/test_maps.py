"""Points of longitude and latitude, drawn as a map."""

from collections.abc import Iterator
from math import cos, radians

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes

from kompendium.notebook.maps import TICKS, map_axes


@pytest.fixture
def axes() -> Iterator[Axes]:
    fig, axes = plt.subplots(figsize=(6, 6))
    yield axes
    plt.close(fig)


@pytest.mark.parametrize(("south", "north"), [(58.0, 71.0), (67.4, 69.7), (59.0, 61.0)])
def test_a_kilometre_is_as_long_to_the_east_as_to_the_north(
    axes: Axes, south: float, north: float
) -> None:
    axes.set(xlim=(4, 31), ylim=(south, north))
    map_axes(axes)
    axes.figure.canvas.draw()  # the aspect takes effect
    middle = (south + north) / 2
    one_east = 1 / cos(radians(middle))  # as many kilometres as one degree to the north
    here, east, above = axes.transData.transform(
        [(10, middle), (10 + one_east, middle), (10, middle + 1)]
    )
    assert east[0] - here[0] == pytest.approx(above[1] - here[1])


@pytest.mark.parametrize("limits", [((4, 31), (58, 71)), ((3.6, 13.2), (57.8, 61.3))])
def test_few_marks_and_all_at_whole_degrees(
    axes: Axes, limits: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    axes.set(xlim=limits[0], ylim=limits[1])
    map_axes(axes)
    for axis, (low, high) in zip((axes.xaxis, axes.yaxis), limits, strict=True):
        inside = [place for place in axis.get_ticklocs() if low <= place <= high]
        assert 2 <= len(inside) <= TICKS + 1
        assert all(place == int(place) for place in inside)


def test_marks_say_what_they_are(axes: Axes) -> None:
    axes.set(xlim=(4, 31), ylim=(58, 71), xlabel="longitude", ylabel="latitude")
    map_axes(axes)
    assert axes.xaxis.get_major_formatter()(10.0, 0) == "10°\u00a0Ø"
    assert axes.yaxis.get_major_formatter()(60.0, 0) == "60°\u00a0N"
    assert axes.get_xlabel() == axes.get_ylabel() == ""


def test_the_limits_stay_as_they_were_set(axes: Axes) -> None:
    axes.set(xlim=(3.6, 13.2), ylim=(57.8, 61.3))
    map_axes(axes)
    axes.figure.canvas.draw()
    assert axes.get_xlim() == (3.6, 13.2)
    assert axes.get_ylim() == (57.8, 61.3)
