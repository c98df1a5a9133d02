"""Who a published count counts: a set of respondents told by what they are and answered.

Answers come as a table of codes, one row a respondent: ``role``, ``kind``, ``size_class`` (in
Statistics Norway's classes) and a column a variable; blank where nothing was answered. A
``Domain`` says the same of respondents nobody can see, so that what two counts tell of a third
can be worked out without them (``surveys.linkage``).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from kompendium.surveys.codebook import Codebook, Condition, Part, Variable

Category = str | int | None
"""One value of a variable; None is a blank."""

Box = tuple[tuple[str, frozenset[Category]], ...]
"""Those who have one of some categories in each of some variables, which are in order."""


@dataclass(frozen=True)
class Domain:
    """Respondents in one of some boxes; no two boxes hold the same respondent.

    No box is nobody; a box without variables is everybody.
    """

    boxes: tuple[Box, ...]

    @classmethod
    def where(cls, conditions: Mapping[str, Iterable[Category]]) -> Domain:
        """Those who have one of some categories in each of these variables."""
        box = tuple((name, frozenset(conditions[name])) for name in sorted(conditions))
        return cls((box,) if all(some for _, some in box) else ())

    @cached_property
    def variables(self) -> frozenset[str]:
        """The variables that tell who belongs."""
        return frozenset(name for box in self.boxes for name, _ in box)

    def __and__(self, other: Domain) -> Domain:
        """Those who belong to both."""
        boxes = (_common(box, another) for box in self.boxes for another in other.boxes)
        return Domain(tuple(sorted((box for box in boxes if box is not None), key=_order)))

    def without(self, variables: Container[str]) -> Domain:
        """Those who belong whatever they are in some variables; of a domain that is one box."""
        (box,) = self.boxes
        return Domain((tuple((name, some) for name, some in box if name not in variables),))

    def holds(self, answers: pd.DataFrame) -> pd.Series[bool]:
        """Tell of each respondent whether they belong."""
        inside = pd.Series(False, index=answers.index)
        for box in self.boxes:
            here = pd.Series(True, index=answers.index)
            for name, some in box:
                given = answers[name].isin([one for one in some if one is not None])
                here &= given | answers[name].isna() if None in some else given
            inside |= here
        return inside

    def written(self) -> list[dict[str, list[Category]]]:
        """The domain as JSON carries it."""
        return [{name: sorted(some, key=_place) for name, some in box} for box in self.boxes]

    @classmethod
    def read(cls, written: Iterable[Mapping[str, Iterable[Category]]]) -> Domain:
        """The domain that ``written`` wrote."""
        boxes = [box for one in written for box in cls.where(one).boxes]
        return cls(tuple(boxes))


EVERYBODY = Domain(((),))


def meets(condition: Condition, answers: pd.DataFrame) -> pd.Series[bool]:
    """Tell of each respondent whether a condition holds; a blank does not meet it."""
    return answers[condition.variable].isin(condition.codes)


def base(book: Codebook, part: Part) -> Domain:
    """The base of a share.

    Without a condition, everyone who gave a valid answer. With one, everyone who meets it and
    answered, or was for that reason never asked.
    """
    variable = book.questions[part.variable]
    conditions: dict[str, Iterable[Category]] = {"role": variable.roles}
    if part.sizes is not None:
        conditions["size_class"] = part.sizes.labels
    if part.base is not None:
        conditions[part.base.variable] = part.base.codes
    asked = Domain.where(conditions)
    answered = asked & Domain.where({variable.name: variable.valid})
    if part.base is None or variable.asked_if is None:
        return answered
    before = book.questions[variable.asked_if.variable]
    others = [one for one in categories(before) if one not in variable.asked_if.codes]
    unasked: dict[str, Iterable[Category]] = {
        before.name: others,
        variable.name: [*variable.missing, None],
    }
    return Domain((*answered.boxes, *(asked & Domain.where(unasked)).boxes))


def given(book: Codebook, part: Part) -> Domain:
    """Those of the base of a share who gave one of its codes."""
    return base(book, part) & Domain.where({part.variable: part.codes})


def rest(book: Codebook, part: Part) -> Domain:
    """Those of the base of a share who did not give any of its codes."""
    variable = book.questions[part.variable]
    others = [one for one in categories(variable) if one not in part.codes]
    return base(book, part) & Domain.where({part.variable: others})


def whole(book: Codebook, part: Part) -> Domain:
    """Everyone a base is some of: those who answered the question it is told by."""
    variable = book.questions[part.base.variable if part.base is not None else part.variable]
    return base(book, Part(variable=variable.name, codes=variable.valid))


def members(
    book: Codebook, part: Part, answers: pd.DataFrame
) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Tell of each respondent whether they are in the base of a share, and in its count."""
    inside = base(book, part).holds(answers)
    return inside, inside & answers[part.variable].isin(part.codes)


def categories(variable: Variable) -> tuple[Category, ...]:
    """What can stand in a question's column: its codes, or nothing."""
    return (*variable.codes, None)


def _common(box: Box, other: Box) -> Box | None:
    """Those in both boxes; None if nobody can be."""
    both = dict(box)
    for name, some in other:
        both[name] = both[name] & some if name in both else some
    return tuple(sorted(both.items())) if all(both.values()) else None


def _order(box: Box) -> Any:
    return [(name, [_place(one) for one in sorted(some, key=_place)]) for name, some in box]


def _place(category: Category) -> tuple[int, int, str]:
    """A place among categories of any kind: numbers, then words, then the blank."""
    if category is None:
        return 2, 0, ""
    return (1, 0, category) if isinstance(category, str) else (0, int(category), "")


def plain(value: Any) -> Category:
    """A cell of a table as a category; a number is a whole one."""
    if value is None or value is pd.NA or value != value:
        return None
    return value if isinstance(value, str) else int(value)
