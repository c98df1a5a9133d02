"""Crosswalks: which unit of one year a unit of an earlier year became.

A number, a name or a size class does not tell: on 1 January 2020 109 municipalities became 43,
two of them were divided, and 202 others got a new number. Survey waves on either side
are linked through ``data/frames/changes-2020.csv`` and nothing else. Oslo's districts were left
as they were. From 2020 to 2023 nothing changed.

A municipality that was merged is not the same unit as the one it went into: another council and
another administration answer for it, and who answered before answered for a part. Where only a
boundary moved and both municipalities stayed, they are the units they were.

Source: Statistics Norway, classification 131 (municipalities) and its changes of 1 January 2020.
"""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from kompendium.facts.descriptor import DESCRIPTOR, FrameError
from kompendium.facts.documents import Problem
from kompendium.facts.frames import frame
from kompendium.facts.paths import Compendium
from kompendium.facts.tables import load

CHANGES = "changes-2020"

DIVISIONS = {2019: 2019, 2020: 2020, 2021: 2020, 2022: 2020, 2023: 2020}
"""The first year of the division that each year has; the numbers of 2018 differ from 2019's."""


class Change(StrEnum):
    """What became of a unit between two years."""

    # The same unit.
    UNCHANGED = "unchanged"
    RENUMBERED = "renumbered"

    # Another unit.
    MERGED = "merged"
    SPLIT = "split"


SAME = (Change.UNCHANGED, Change.RENUMBERED)
"""The changes that leave a unit the one it was."""


def crosswalk(before: int, after: int, *, compendium: Compendium | None = None) -> pd.DataFrame:
    """Give what each unit of ``before`` had become in ``after``, districts included.

    One row a unit and successor, in the order of the numbers. Columns: ``before`` and ``after``
    (unit numbers as text), ``change`` (one of ``Change``), ``same`` (whether it is the same
    unit) and ``share`` of the inhabitants that went along: 1, except for the parts of a
    municipality that was divided.

    Raises:
        FrameError: a year's division is not known, ``before`` is later than ``after``, or a
            table fails its checks.
    """
    for year in (before, after):
        if year not in DIVISIONS:
            remedy = f"use years from {min(DIVISIONS)} to {max(DIVISIONS)}"
            raise FrameError([Problem(DESCRIPTOR, 1, f"no crosswalk for {year}", remedy)])
    if before > after:
        remedy = "give the earlier year first"
        raise FrameError([Problem(DESCRIPTOR, 1, f"no crosswalk from {before} to {after}", remedy)])
    here = compendium if compendium is not None else Compendium.find()
    units = frame(DIVISIONS[before], compendium=here)
    divided_anew = DIVISIONS[before] != DIVISIONS[after]
    kept = units.loc[units["kind"] == "bydel", "number"] if divided_anew else units["number"]
    stays = {"before": kept, "after": kept, "change": Change.UNCHANGED.value, "share": 1.0}
    walk = pd.DataFrame(stays)
    if divided_anew:
        names = {"number_2019": "before", "number_2020": "after"}
        walk = pd.concat([load(CHANGES, here).rename(columns=names), walk])
    walk = walk.sort_values(["before", "after"], ignore_index=True)
    walk["same"] = walk["change"].isin(SAME)
    return walk[["before", "after", "change", "same", "share"]]


def carried(
    numbers: pd.Series[str], before: int, after: int, *, compendium: Compendium | None = None
) -> pd.Series[str]:
    """Give the units' numbers in ``after``, blank where a unit is no longer the same.

    For panels: only what is blank nowhere may be compared with itself. Raises FrameError as
    ``crosswalk`` does, and KeyError for a number that was no unit in ``before``.
    """
    walk = crosswalk(before, after, compendium=compendium)
    unknown = sorted(set(numbers) - set(walk["before"]))
    if unknown:
        raise KeyError(f"no unit {', '.join(unknown)} in {before}")
    successors = walk.loc[walk["same"]].set_index("before")["after"]
    return numbers.map(successors)


def merged(before: int, after: int, *, compendium: Compendium | None = None) -> pd.DataFrame:
    """Give the units of ``after`` that are whole units of ``before`` put together.

    Columns: ``before``, ``after`` and ``parts``, the number of units put together. A unit that
    also took in a part of a divided one is left out, because nobody answered for that part.
    """
    walk = crosswalk(before, after, compendium=compendium)
    with_part = walk.loc[walk["change"] == Change.SPLIT, "after"]
    whole = walk.loc[(walk["change"] == Change.MERGED) & ~walk["after"].isin(with_part)]
    parts = whole.groupby("after")["before"].transform("size").rename("parts")
    return whole[["before", "after"]].assign(parts=parts).reset_index(drop=True)
