"""Neighbours between municipalities, from the distance between their centroids.

Centroids are rounded to two decimals of a degree: at Norway's latitudes each lies up to about
0.6 km from the exact one, so distances are printed in whole kilometres. That kilometre is the
rounding alone. A centroid is the middle of an area that may include the sea: on the coast it can
lie some ten (Utsira, 1151) to over thirty kilometres (Herøy, 1818) from where people live, and a
distance can be tens of kilometres off. It is also as the crow flies: fjords and mountains do not
count. It suggests who could cooperate and no more.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

EARTH_KILOMETRES = 6371.0088
"""Mean radius of the Earth (IUGG)."""

MILLIMETRE = 6
"""Decimals of a kilometre distances are rounded to, so that equal ones are equal anywhere."""


def nearest(units: pd.DataFrame, k: int, of: Iterable[str] | None = None) -> pd.DataFrame:
    """Give each unit's ``k`` nearest others: number, neighbour, rank (1 is nearest), kilometres.

    ``units`` has number, longitude and latitude (degrees), one row a unit; the result has
    ``len(units) * k`` rows, ordered by number and rank. Equal distances are ordered by
    the neighbour's number, and the order of ``units`` does not matter. ``of`` names the units
    whose neighbours are asked for, where it is not all.

    Raises:
        ValueError: ``k`` is not between 1 and one less than the number of units, a number
            stands twice, or a coordinate is missing or no longitude or latitude.
        KeyError: a unit asked for is not there.
    """
    units = _checked(units)
    if not 1 <= k < len(units):
        raise ValueError(f"k must be from 1 to {len(units) - 1} with {len(units)} units, not {k}.")
    places = pd.Series(units.index, units["number"])
    own = places.to_numpy() if of is None else np.sort(places.loc[[*of]].to_numpy())
    kilometres = _distances(units, own)
    kilometres[np.arange(len(own)), own] = np.inf  # nobody is their own neighbour
    closest = np.argsort(kilometres, axis=1, kind="stable")[:, :k]
    numbers = units["number"].to_numpy()
    return pd.DataFrame(
        {
            "number": np.repeat(numbers[own], k),
            "neighbour": numbers[closest.ravel()],
            "rank": np.tile(np.arange(1, k + 1), len(own)),
            "kilometres": np.take_along_axis(kilometres, closest, axis=1).ravel(),
        }
    )


def _distances(units: pd.DataFrame, own: NDArray[np.int64]) -> NDArray[np.float64]:
    """Kilometres from some units, by their places, to each, by the haversine formula."""
    latitude, longitude = np.radians(units[["latitude", "longitude"]].to_numpy(dtype=float).T)
    north = np.sin(np.subtract.outer(latitude[own], latitude) / 2) ** 2
    east = np.sin(np.subtract.outer(longitude[own], longitude) / 2) ** 2
    shares = north + np.multiply.outer(np.cos(latitude[own]), np.cos(latitude)) * east
    angles = 2 * np.arcsin(np.sqrt(np.minimum(shares, 1)))
    kilometres: NDArray[np.float64] = np.round(angles * EARTH_KILOMETRES, MILLIMETRE)
    return kilometres


def joint_population(units: pd.DataFrame, *, below: int, kilometres: float) -> pd.DataFrame:
    """Say which small units have neighbours to cooperate with, and how many people they share.

    Small is a population under ``below`` persons. A unit's partners are all others, of any
    size, whose centroid lies within ``kilometres``.

    ``units`` has number, name, population, longitude and latitude. Columns of the result, one
    row a small unit, ordered by number: number, name, population, partners (count),
    nearest_kilometres (to the nearest unit, within reach or not), joint_population (the unit's
    own population and its partners').

    Raises:
        ValueError: as for :func:`nearest`, there is only one unit, or a limit is not positive.
    """
    if below <= 0 or kilometres <= 0:
        raise ValueError(f"below ({below}) and kilometres ({kilometres}) must be positive.")
    pairs = nearest(units, len(units) - 1)
    population = units.set_index("number")["population"]
    pairs["shared"] = pairs["neighbour"].map(population)
    reach = pairs.loc[pairs["kilometres"] <= kilometres].groupby("number")["shared"]
    small = units.loc[units["population"] < below, ["number", "name", "population"]]
    small = small.sort_values("number").reset_index(drop=True)
    closest = pairs.loc[pairs["rank"] == 1].set_index("number")["kilometres"]
    partners = small["number"].map(reach.size()).fillna(0).astype("int64")
    shared = small["number"].map(reach.sum()).fillna(0).astype("int64")
    return small.assign(
        partners=partners,
        nearest_kilometres=small["number"].map(closest),
        joint_population=small["population"] + shared,
    )


def _checked(units: pd.DataFrame) -> pd.DataFrame:
    """Refuse units whose distances would come out wrong."""
    missing = [name for name in ("number", "longitude", "latitude") if name not in units]
    if missing:
        raise ValueError(
            f"Neighbours need the columns number, longitude and latitude; {', '.join(missing)} "
            "is not there (the municipalities of 2019 have no centroids)."
        )
    twice = units.loc[units["number"].duplicated(), "number"]
    if not twice.empty:
        raise ValueError(f"Numbers stand more than once: {', '.join(map(str, twice))}.")
    inside = units["longitude"].between(-180, 180) & units["latitude"].between(-90, 90)
    if not inside.all():
        wrong = units.loc[~inside, "number"]
        raise ValueError(f"No proper longitude and latitude for {', '.join(map(str, wrong))}.")
    return units.sort_values("number").reset_index(drop=True)
