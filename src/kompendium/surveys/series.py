"""Waves of a repeated survey, linked by unit, and the unit numbers let go at once.

The same unit may answer in more waves than one, and then its answers belong together. Which
unit is which is told by ``facts.crosswalk`` and by the role that answered, never by a name or a
size class. A unit that was merged or divided in between is another unit. Where all parts of a
merged unit answered, they can be held against it, by one who says that this is done: they are
taken for one answer if they agree, and for none if they do not (``statistics.change``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from kompendium.facts.crosswalk import carried, crosswalk, merged
from kompendium.surveys.codebook import Codebook, waves
from kompendium.surveys.respondents import has_respondents, identifiable

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Link:
    """The answers of two waves, and which of them are the same unit's in the same role.

    ``before`` and ``after`` are codes as ``respondents`` gives them. ``pairs`` has one row a
    respondent who answered both times: the row in ``before``, the row in ``after``, and
    ``parts``, 1 for the same unit and otherwise the number of units that were merged (then
    there is a row for each of them). ``shared_before`` and ``shared_after`` tell of each
    respondent whether the unit is the same in both frames, answering both times or not.
    ``units`` are the number of units in the two frames and of those that are in both.
    """

    before: pd.DataFrame = field(repr=False)
    after: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)
    shared_before: Truths = field(repr=False)
    shared_after: Truths = field(repr=False)
    units: tuple[int, int, int]

    @property
    def both(self) -> int:
        """How many respondents of unchanged units answered both times."""
        return int((self.pairs["parts"] == 1).sum())


def answered_waves(series: str) -> tuple[Codebook, ...]:
    """The waves of a series that have real respondents, in the order of years."""
    return tuple(book for book in waves(series) if has_respondents(book.id))


def link(before: Codebook, after: Codebook) -> Link:
    """Link the real respondents of two waves, the earlier first.

    Raises:
        FileNotFoundError: a wave has no respondents.
        RespondentsError: a file breaks its contract.
        FrameError: the crosswalk between the waves' years is not known.
    """
    years = before.frame, after.frame
    walk = crosswalk(*years)
    successors = set(walk.loc[walk["same"], "after"])
    first, second = (_ordered(identifiable(book).reveal()) for book in (before, after))
    then, now = (table[["unit", "role"]].reset_index(names="row") for table in (first, second))
    now = now.rename(columns={"unit": "successor", "row": "after"})
    then["successor"] = carried(then["unit"], *years)
    same = then.dropna(subset=["successor"]).assign(parts=1)
    went = merged(*years).rename(columns={"before": "unit", "after": "successor"})
    parts = then.drop(columns="successor").merge(went, on="unit")
    pairs = pd.concat([same, parts]).rename(columns={"row": "before"})
    pairs = pairs.astype({"role": "str"}).merge(now.astype({"role": "str"}))
    whole = pairs.groupby("after")["before"].transform("size") == pairs["parts"]
    pairs = pairs.loc[whole, ["before", "after", "parts"]].sort_values(["before", "after"])
    return Link(
        first.drop(columns="unit"),
        second.drop(columns="unit"),
        pairs.reset_index(drop=True),
        then["successor"].notna().to_numpy(dtype=bool),
        now["successor"].isin(successors).to_numpy(dtype=bool),
        (walk["before"].nunique(), walk["after"].nunique(), len(successors)),
    )


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Respondents ordered by their content, so that their order does not tell the unit."""
    return table.sort_values(list(table.columns.drop("unit")), ignore_index=True)
