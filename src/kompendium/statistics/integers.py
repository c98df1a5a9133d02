"""Whole numbers behind printed shares: what a rounded percentage says of the count beneath it.

A share of n answers is a whole number over n, so a printed percentage rules out most counts,
and sometimes every count. Source: Brown, N. J. L. and Heathers, J. A. J. (2017), "The GRIM
test: A simple technique detects numerous anomalies in the reporting of results in
psychology", Social Psychological and Personality Science 8(4).
"""

import math
from collections.abc import Iterable, Iterator, Mapping

from kompendium.facts.quantities import Region


def counts(region: Region, base: int) -> tuple[int, ...]:
    """Every whole count of ``base`` whose share the published wording would print.

    ``region`` is a share (0 to 1); ``base`` is a number of answers, at least 1. An empty
    result means that no such share of ``base`` exists: the base must be another.
    """
    if base < 1:
        raise ValueError(f"a share needs at least one answer, not {base}")
    low = max(0, math.floor(region.low * base) - 1)
    high = min(base, math.ceil(region.high * base) + 1)
    return tuple(count for count in range(low, high + 1) if count / base in region)


def fitting_bases(region: Region, bases: Iterable[int]) -> tuple[int, ...]:
    """The numbers of answers for which some whole count prints as the published share."""
    return tuple(base for base in bases if counts(region, base))


def fitting_frames(region: Region, answered: int, frames: Iterable[int]) -> tuple[int, ...]:
    """The frame sizes of which ``answered`` units print as the published response rate."""
    return tuple(frame for frame in frames if frame >= answered and answered / frame in region)


def reconstruct(published: Mapping[str, Region], total: int) -> list[dict[str, int]]:
    """All tables of whole counts that add up to ``total`` and print as the published shares.

    ``published`` maps each class to its share of ``total``. One table in the list means that
    the counts are known; an empty list that the shares contradict the total.
    """
    options = {name: counts(region, total) for name, region in published.items()}
    names = list(options)
    least = [sum(min(options[name], default=0) for name in names[i:]) for i in range(len(names))]
    most = [sum(max(options[name], default=0) for name in names[i:]) for i in range(len(names))]

    def complete(place: int, left: int) -> Iterator[tuple[int, ...]]:
        if place == len(names):
            if left == 0:
                yield ()
            return
        if not least[place] <= left <= most[place]:
            return
        for count in options[names[place]]:
            for rest in complete(place + 1, left - count):
                yield (count, *rest)

    return [dict(zip(names, table, strict=True)) for table in complete(0, total)]


def response_rates(
    units: Mapping[str, int], answers: Mapping[str, int]
) -> dict[str, tuple[int, int, float]]:
    """Answers, units and response rate (0 to 1) by class; ValueError if more answer than are.

    Both mappings have the same classes, as ``reconstruct`` gives them for a frame and for
    those who answered.
    """
    if units.keys() != answers.keys():
        raise ValueError("the classes of units and of answers differ")
    over = [name for name in units if answers[name] > units[name]]
    if over:
        raise ValueError(f"more answers than units in: {', '.join(over)}")
    return {name: (answers[name], units[name], answers[name] / units[name]) for name in units}
