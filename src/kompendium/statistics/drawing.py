"""Who gave the answers that were counted: drawn so that every possible table is as likely.

A draw that favours nobody is the one with the most entropy, given the counts. It uses whole
numbers only, so that the same seed gives the same table on every machine.
"""

import zlib
from collections.abc import Mapping, Sequence
from math import comb

import numpy as np
import numpy.typing as npt

Stream = np.random.Generator


def stream(name: str, seed: int) -> Stream:
    """A stream of random numbers for a question: a new question leaves the others as they are."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))


def codes(counts: Mapping[int, int], source: Stream) -> npt.NDArray[np.int64]:
    """A code for each person, as many of each as counted, in any order."""
    ordered = np.repeat(list(counts), list(counts.values()))
    return np.asarray(ordered[_shuffled(source, len(ordered))])


def ticks(counts: Sequence[int], people: int, sources: Sequence[Stream]) -> npt.NDArray[np.bool_]:
    """Who ticks which of several boxes, as many as counted, such that everyone ticks one.

    One row a person and one column a box. Box by box it is drawn how many of those who have no
    tick yet get one, with the odds of how many tables that leaves. ValueError where the ticks
    are too few, or more than the people.
    """
    ways = _ways(counts, people)
    if not ways[0][people]:
        raise ValueError(f"{people} people cannot tick boxes {', '.join(map(str, counts))} times")
    table = np.zeros((people, len(counts)), dtype=bool)
    for box, (count, source) in enumerate(zip(counts, sources, strict=True)):
        order = _shuffled(source, people)
        ticked = table[order].sum(axis=1) > 0
        bare, others = order[~ticked], order[ticked]
        odds = _odds(len(bare), len(others), count, ways[box + 1])
        new = _choice(odds, source)
        table[bare[:new], box] = True
        table[others[: count - new], box] = True
    return table


def _ways(counts: Sequence[int], people: int) -> list[list[int]]:
    """In how many ways the boxes from each one on can be ticked, by how many are bare before it."""
    ways = [[int(not bare) for bare in range(people + 1)]]
    for count in reversed(counts):
        ways.insert(
            0,
            [sum(_odds(bare, people - bare, count, ways[0])) for bare in range(people + 1)],
        )
    return ways


def _odds(bare: int, others: int, count: int, after: Sequence[int]) -> list[int]:
    """The number of tables for each number of bare people that get one of the ticks."""
    return [
        comb(bare, new) * comb(others, count - new) * after[bare - new] if new <= count else 0
        for new in range(bare + 1)
    ]


def _choice(odds: Sequence[int], source: Stream) -> int:
    """A place, with the chance its whole number has of the sum."""
    whole = sum(odds)
    drawn = int.from_bytes(source.bytes(whole.bit_length() // 8 + 9), "little") % whole
    place = 0
    while drawn >= odds[place]:
        drawn -= odds[place]
        place += 1
    return place


def _shuffled(source: Stream, number: int) -> npt.NDArray[np.intp]:
    """The numbers from zero, in any order."""
    return np.argsort(source.integers(0, 2**52, number), kind="stable")
