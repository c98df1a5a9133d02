"""Who gave the answers: every possible table is as likely, and none is left out."""

from collections import Counter
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from kompendium.statistics.drawing import codes, stream, ticks


def tables(counts: tuple[int, ...], people: int) -> list[tuple[tuple[bool, ...], ...]]:
    """Every table with these ticks in which everyone has one."""
    rows = [row for row in product((False, True), repeat=len(counts)) if any(row)]
    return [
        table
        for table in product(rows, repeat=people)
        if tuple(map(sum, zip(*table, strict=True))) == counts
    ]


def test_every_order_of_the_answers_is_as_likely() -> None:
    source = stream("sporsmal", 1)
    drawn = Counter(tuple(codes({1: 2, 2: 1, 3: 1}, source).tolist()) for _ in range(6000))
    every = set(permutations([1, 1, 2, 3]))
    assert set(drawn) == every
    assert chisquare([drawn[one] for one in every]).pvalue > 0.001


@pytest.mark.parametrize(("counts", "people"), [((2, 2), 3), ((3, 1, 1), 4), ((1, 2, 3), 3)])
def test_every_table_of_ticks_is_as_likely(counts: tuple[int, ...], people: int) -> None:
    every = tables(counts, people)
    assert len(every) > 2
    sources = [stream(f"boks_{number}", 3) for number in range(len(counts))]
    drawn = Counter(
        tuple(map(tuple, ticks(counts, people, sources).tolist())) for _ in range(200 * len(every))
    )
    assert set(drawn) == set(every)
    assert chisquare([drawn[one] for one in every]).pvalue > 0.001


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.integers(0, 9))
def test_ticks_are_as_many_as_counted_and_nobody_is_without(counts: list[int], seed: int) -> None:
    sources = [stream(f"boks_{number}", seed) for number in range(len(counts))]
    if sum(counts) < 30:
        with pytest.raises(ValueError, match="30 people cannot tick boxes"):
            ticks(counts, 30, sources)
        return
    table = ticks(counts, 30, sources)
    assert table.sum(axis=0).tolist() == counts
    assert table.any(axis=1).all()


def test_more_ticks_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot tick boxes 5, 1"):
        ticks([5, 1], 4, [stream("a", 1), stream("b", 1)])


def test_a_seed_and_a_name_give_a_stream_of_their_own() -> None:
    draws = [stream(name, seed).integers(0, 2**52, 4) for name in "ab" for seed in (1, 2)]
    assert len(np.unique(draws)) == 16
    assert (stream("a", 1).integers(0, 2**52, 4) == draws[0]).all()
