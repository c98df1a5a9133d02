"""Every population has exactly one size class, also on the edges."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompendium.facts.size_classes import SSB, SizeClasses

cuts = st.lists(st.integers(1, 2_000_000), min_size=1, max_size=12, unique=True).map(sorted)


def test_the_labels_of_statistics_norway() -> None:
    assert SSB.labels == (
        "under 2\u00a0000",
        "2\u00a0000–4\u00a0999",
        "5\u00a0000–9\u00a0999",
        "10\u00a0000–19\u00a0999",
        "20\u00a0000–49\u00a0999",
        "50\u00a0000 og over",
    )


def test_the_labels_are_in_the_language_in_use(in_english: None) -> None:
    assert SSB.labels[0] == "under 2,000"
    assert SSB.labels[-1] == "50,000 and over"


def test_a_class_of_one_size_is_no_range() -> None:
    assert SizeClasses((5, 6, 1_000_000)).labels == (
        "under 5",
        "5",
        "6–999\u00a0999",
        "1\u00a0000\u00a0000 og over",
    )


@given(cuts)
def test_edges_belong_to_the_class_they_open(some: list[int]) -> None:
    classes = SizeClasses(some)
    on_cut, below = pd.Series(some), pd.Series(some) - 1
    assert classes.of(on_cut).tolist() == list(classes.labels[1:])
    assert classes.of(below).tolist() == list(classes.labels[:-1])


@given(cuts, st.lists(st.integers(0, 5_000_000), min_size=1, max_size=30))
def test_each_size_has_the_class_that_counting_cuts_gives(
    some: list[int], sizes: list[int]
) -> None:
    classes = SizeClasses(some)
    expected = [classes.labels[sum(cut <= size for cut in some)] for size in sizes]
    assert classes.of(pd.Series(sizes)).tolist() == expected


@given(cuts)
def test_labels_are_one_more_than_the_cuts_and_all_different(some: list[int]) -> None:
    assert len(set(SizeClasses(some).labels)) == len(some) + 1


def test_classes_are_ordered_and_the_empty_ones_are_kept() -> None:
    population = pd.Series([60_000, 100], index=["0301", "1151"])
    classes = SSB.of(population)
    assert classes.cat.ordered
    assert list(classes.cat.categories) == list(SSB.labels)
    assert list(classes.index) == ["0301", "1151"]
    assert (classes.min(), classes.max()) == (SSB.labels[0], SSB.labels[-1])
    assert classes.name == "size_class"
    assert classes.value_counts(sort=False).tolist() == [1, 0, 0, 0, 0, 1]


def test_a_missing_population_has_no_class() -> None:
    classes = SSB.of(pd.Series([1_999, None], dtype="Int64"))
    assert classes.isna().tolist() == [False, True]


def test_a_negative_population_is_refused() -> None:
    with pytest.raises(ValueError, match="lowest is -1"):
        SSB.of(pd.Series([10, -1]))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ((), "at least one"),
        ((0, 10), "above zero"),
        ((-5,), "above zero"),
        ((10, 10), "must increase"),
        ((20, 10), "must increase"),
        ((10.5, 20), "whole numbers"),
        ((True, 20), "whole numbers"),
        (("2000",), "whole numbers"),
    ],
)
def test_cuts_that_make_no_classes_are_refused(wrong: tuple[int, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SizeClasses(wrong)


def test_cuts_cannot_change_afterwards() -> None:
    mine = [1_000, 2_000]
    classes = SizeClasses(mine)
    mine.append(5)
    assert classes.cuts == (1_000, 2_000)
    assert classes == SizeClasses((1_000, 2_000))
    assert len({classes, SizeClasses((1_000, 2_000)), SSB}) == 2
    assert all(low < high for low, high in pairwise(SSB.cuts))
