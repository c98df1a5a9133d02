"""Neighbours lie as far apart as spherical trigonometry says, and none is its own."""

from math import acos, asin, cos, pi, radians, sin
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompendium.facts.frames import municipalities
from kompendium.facts.paths import Compendium
from kompendium.statistics.neighbours import EARTH_KILOMETRES, joint_population, nearest

REAL = Compendium(Path(__file__).resolve().parents[2])


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    return municipalities(2020, compendium=REAL)


def place(points: list[tuple[float, float]]) -> pd.DataFrame:
    units = pd.DataFrame(points, columns=["longitude", "latitude"])
    return units.assign(number=[f"{i:04d}" for i in range(1, len(points) + 1)])


def by_cosines(a: pd.Series, b: pd.Series) -> float:
    """The spherical law of cosines, another formula than the one under test."""
    north_a, north_b = radians(a["latitude"]), radians(b["latitude"])
    east = radians(a["longitude"] - b["longitude"])
    return EARTH_KILOMETRES * acos(
        sin(north_a) * sin(north_b) + cos(north_a) * cos(north_b) * cos(east)
    )


def test_one_degree_along_the_meridian_is_111_kilometres() -> None:
    pairs = nearest(place([(10.0, 60.0), (10.0, 61.0)]), 1)
    assert pairs["kilometres"].tolist() == pytest.approx([6371.0088 * pi / 180] * 2)
    assert pairs["kilometres"].round(3).tolist() == [111.195, 111.195]


def test_one_degree_along_the_sixtieth_parallel_is_half_as_far() -> None:
    # By hand: 2 R asin(cos 60° · sin 0,5°) = 2 · 6371,0088 · asin(0,5 · 0,00872654) = 55,597 km.
    pairs = nearest(place([(10.0, 60.0), (11.0, 60.0)]), 1)
    by_hand = 2 * 6371.0088 * asin(0.5 * sin(radians(0.5)))
    assert pairs["kilometres"].tolist() == pytest.approx([by_hand] * 2)
    assert pairs["kilometres"].round(3).tolist() == [55.597, 55.597]


def test_longitude_and_latitude_are_not_swapped(real: pd.DataFrame) -> None:
    oslo_and_bergen = real.loc[real["number"].isin(["0301", "4601"])]
    kilometres = nearest(oslo_and_bergen, 1)["kilometres"]
    assert kilometres.tolist() == pytest.approx([301, 301], abs=2)


def test_municipalities_against_every_pair_by_another_formula(real: pd.DataFrame) -> None:
    places = real.set_index("number")
    found = nearest(real, 3).groupby("number")
    for number in ("0301", "1144", "1818", "5404", "5444"):
        others = places.drop(index=number)
        all_ = others.apply(by_cosines, axis=1, b=places.loc[number]).sort_values()
        rows = found.get_group(number)
        assert rows["neighbour"].tolist() == all_.index[:3].tolist()
        assert rows["kilometres"].tolist() == pytest.approx(all_.iloc[:3].tolist(), rel=1e-6)


def test_every_municipality_has_its_neighbours_in_order(real: pd.DataFrame) -> None:
    pairs = nearest(real, 5)
    assert list(pairs) == ["number", "neighbour", "rank", "kilometres"]
    assert len(pairs) == 5 * len(real)
    assert pairs["number"].tolist() == real["number"].sort_values().repeat(5).tolist()
    assert pairs["rank"].tolist() == [1, 2, 3, 4, 5] * len(real)
    assert (pairs["number"] != pairs["neighbour"]).all()
    assert not pairs.duplicated(["number", "neighbour"]).any()
    assert pairs.groupby("number")["kilometres"].is_monotonic_increasing.all()


def test_the_order_of_the_units_does_not_matter(real: pd.DataFrame) -> None:
    shuffled = real.sample(frac=1, random_state=7)
    pd.testing.assert_frame_equal(nearest(shuffled, 4), nearest(real, 4))


@given(st.integers(3, 12), st.data())
def test_units_in_the_same_spot_are_neighbours_but_never_their_own(
    size: int, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, size - 1))
    pairs = nearest(place([(10.0, 60.0)] * size), k)
    assert len(pairs) == size * k
    assert (pairs["number"] != pairs["neighbour"]).all()
    assert not pairs.duplicated(["number", "neighbour"]).any()
    assert (pairs["kilometres"] == 0).all()


@pytest.mark.parametrize(("k", "expected"), [(1, ["0001"]), (2, ["0001", "0003"])])
def test_the_number_decides_between_equal_distances(k: int, expected: list[str]) -> None:
    north_and_south = place([(10.0, 61.0), (10.0, 60.0), (10.0, 59.0)])
    for units in (north_and_south, north_and_south.assign(latitude=[59.0, 60.0, 61.0])):
        pairs = nearest(units, k)
        assert pairs.loc[pairs["number"] == "0002", "neighbour"].tolist() == expected


@pytest.mark.parametrize("k", [0, 3, -1])
def test_k_must_leave_others_to_choose_from(k: int) -> None:
    with pytest.raises(ValueError, match=f"from 1 to 2 with 3 units, not {k}"):
        nearest(place([(10.0, 60.0), (11.0, 60.0), (12.0, 60.0)]), k)


@pytest.mark.parametrize("wrong", [(float("nan"), 60.0), (10.0, 91.0), (181.0, 60.0)])
def test_coordinates_that_are_none_are_refused(wrong: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="No proper longitude and latitude for 0002"):
        nearest(place([(10.0, 60.0), wrong]), 1)


def test_a_number_twice_is_refused() -> None:
    units = place([(10.0, 60.0), (11.0, 60.0)]).assign(number="0301")
    with pytest.raises(ValueError, match="more than once: 0301"):
        nearest(units, 1)


def test_units_without_centroids_are_refused() -> None:
    with pytest.raises(ValueError, match="2019 have no centroids"):
        nearest(municipalities(2019, compendium=REAL), 1)


@pytest.fixture
def valley() -> pd.DataFrame:
    """Five units along a meridian, 11.1 km apart, and one 100 km further north."""
    units = place([(10.0, 60.0 + 0.1 * i) for i in range(5)] + [(10.0, 61.3)])
    people = [900, 4_000, 1_500, 30_000, 1_999, 500]
    return units.assign(population=people, name=list("abcdef"))


def test_joint_population_of_small_units(valley: pd.DataFrame) -> None:
    joint = joint_population(valley, below=2_000, kilometres=12)
    assert joint["number"].tolist() == ["0001", "0003", "0005", "0006"]
    assert joint["partners"].tolist() == [1, 2, 1, 0]
    alone = 500
    assert joint["joint_population"].tolist() == [4_900, 35_500, 31_999, alone]
    assert joint["nearest_kilometres"].round(1).tolist() == [11.1, 11.1, 11.1, 100.1]
    columns = ["number", "name", "population", "partners", "nearest_kilometres"]
    assert list(joint) == [*columns, "joint_population"]


def test_everyone_within_reach_is_a_partner_however_many(valley: pd.DataFrame) -> None:
    joint = joint_population(valley, below=2_000, kilometres=500)
    assert joint["partners"].tolist() == [5, 5, 5, 5]
    assert joint["joint_population"].tolist() == [valley["population"].sum()] * 4


def test_partners_against_every_pair_by_another_formula(real: pd.DataFrame) -> None:
    joint = joint_population(real, below=5_000, kilometres=60).set_index("number")
    places = real.set_index("number")
    for number in ("1818", "1151", "5437"):
        distances = places.drop(index=number).apply(by_cosines, axis=1, b=places.loc[number])
        near = distances.index[distances <= 60]
        assert joint.loc[number, "partners"] == len(near)
        together = places.loc[[number, *near], "population"].sum()
        assert joint.loc[number, "joint_population"] == together


def test_a_single_unit_has_no_neighbours_to_look_for(valley: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="with 1 units"):
        joint_population(valley.head(1), below=2_000, kilometres=12)


def test_the_limit_itself_is_not_small(valley: pd.DataFrame) -> None:
    joint = joint_population(valley, below=1_500, kilometres=12)
    assert joint["name"].tolist() == ["a", "f"]


def test_a_wider_reach_never_gives_fewer_people(real: pd.DataFrame) -> None:
    near = joint_population(real, below=5_000, kilometres=20)
    far = joint_population(real, below=5_000, kilometres=40)
    assert len(near) == 75 + 99
    assert (far["joint_population"] >= near["joint_population"]).all()
    assert (far["joint_population"] > near["joint_population"]).any()
    assert (near["joint_population"] >= near["population"]).all()
    unreached = near["nearest_kilometres"] > 20
    assert (unreached == (near["partners"] == 0)).all()


@pytest.mark.parametrize("limits", [{"below": 0, "kilometres": 5}, {"below": 5, "kilometres": 0}])
def test_limits_must_be_positive(valley: pd.DataFrame, limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        joint_population(valley, **limits)


def test_the_neighbours_of_some_are_the_same_as_among_those_of_all(real: pd.DataFrame) -> None:
    some = ["5001", "0301", "1577"]
    whole = nearest(real, 5)
    asked = nearest(real.sample(frac=1, random_state=1), 5, of=some)
    expected = whole.loc[whole["number"].isin(some)].reset_index(drop=True)
    pd.testing.assert_frame_equal(asked, expected)
    with pytest.raises(KeyError, match="9999"):
        nearest(real, 5, of=["9999"])
