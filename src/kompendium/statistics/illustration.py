"""Made-up respondents that satisfy every published figure of a survey at once.

They show what an analysis would look like, and are evidence of nothing. They have no names and
no unit numbers. What no figure tells is as even as it can be: ``tallies`` chooses how many gave
each answer, and who gave it is drawn so that every table with these tallies is as likely as any
other. Answers to different questions are then independent, except where a figure or a filter
says otherwise. What neither can tell is stated here as an assumption:

* Everyone who answers a survey answers in every role, and all they are asked, unless
  ``answering`` says how many do (the reports never print it).
* Those who answer are spread over size classes and kinds of unit as the frame is.
* Where a report orders municipalities by size, ``gradient`` says how steeply. Any gradient above
  zero fits the figures, so that one is a choice; an endless one, or one below zero, gives the
  ends of what they allow, which ``admissible`` tells.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from kompendium.facts.frames import frame
from kompendium.facts.size_classes import CODED
from kompendium.facts.vocabulary import Evidence
from kompendium.statistics import drawing
from kompendium.statistics.answers import estimate, region
from kompendium.statistics.bounds import Bounds
from kompendium.statistics.conditions import Cell, People, choices, stratifier
from kompendium.statistics.program import CannotHoldError
from kompendium.statistics.tallies import extremes, tallies
from kompendium.surveys.codebook import Codebook, Variable

GRADIENT = 0.5
"""Log-odds a size class: an assumption, chosen to be seen in a figure and not to fill it."""


def apportion(sizes: Sequence[int], total: int) -> list[int]:
    """Share a whole number out in proportion, by largest remainders (earlier wins a tie)."""
    whole = sum(sizes)
    if not 0 <= total <= whole:
        raise ValueError(f"{total} units cannot answer in a frame of {whole}")
    counts = [total * size // whole for size in sizes]
    rest = [(-(total * size % whole), place) for place, size in enumerate(sizes)]
    for _, place in sorted(rest)[: total - sum(counts)]:
        counts[place] += 1
    return counts


def illustrate(
    book: Codebook,
    *,
    seed: int = 1,
    gradient: float = GRADIENT,
    answering: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Make respondents, as a table of codes: role, kind, size_class and a column a variable.

    ``gradient`` is the log-odds from a size class to the next, the way a published ordering by
    size goes; ``inf`` gives the largest difference all figures allow, and below zero the
    smallest. ``answering`` gives the number answering in a role, at most the published number
    of units and in one role at least that many. The same arguments give the same table
    everywhere.

    Raises:
        CannotHoldError: the published figures cannot all hold; names them.
        ValueError: the numbers answering do not fit the published one, or the gradient is not
            a number.
    """
    if math.isnan(gradient):
        raise ValueError("the gradient must be a number")
    answers = _people(book, _answering(book, answering or {}))
    counts = tallies(book, _by_size(answers), gradient).counts
    boxes = {group[-1].name: group for group in choices(book)}
    for variable in book.variables:
        answers[variable.name] = pd.Series(pd.NA, index=answers.index, dtype="Int64")
    for variable in book.variables:
        if variable.choice is None or variable.name in boxes:
            _fill(book, boxes.get(variable.name, [variable]), answers, counts, seed)
    _verify(book, answers)
    return answers


def admissible(
    book: Codebook, finding: str, *, answering: Mapping[str, int] | None = None
) -> Bounds:
    """The smallest and the largest difference that an illustration can show for a finding.

    Illustrations with the gradients ``-inf`` and ``inf`` reach the ends of an ordering by size.
    Raises ValueError where the finding is no difference between two shares of known bases.
    """
    answers = _people(book, _answering(book, answering or {}))
    return extremes(book, finding, _by_size(answers))


def _answering(book: Codebook, given: Mapping[str, int]) -> dict[str, int]:
    unknown = sorted(set(given) - set(book.roles))
    if not book.answered:
        raise ValueError(f"no figure says how many answered {book.id}: it cannot be illustrated")
    if unknown:
        raise ValueError(f"no role {', '.join(unknown)}; use {', '.join(book.roles)}")
    numbers = {role: given.get(role, book.answered) for role in book.roles}
    wrong = [role for role, number in numbers.items() if not 1 <= number <= book.answered]
    if wrong:
        raise ValueError(f"{', '.join(wrong)}: from 1 to {book.answered} can have answered")
    if sum(numbers.values()) < book.answered:
        raise ValueError(f"fewer answers in all roles than the {book.answered} units that answered")
    return numbers


def _people(book: Codebook, numbers: Mapping[str, int]) -> pd.DataFrame:
    """Spread the respondents of each role over kind and size class as the frame is."""
    units = frame(book.frame, CODED)
    kinds = list(dict.fromkeys(units["kind"]))
    cells = [(kind, size) for kind in kinds for size in CODED.labels]
    same = [int(((units["kind"] == k) & (units["size_class"] == s)).sum()) for k, s in cells]
    answered = apportion(same, book.answered)
    rows = [
        (role, kind, size)
        for role, number in numbers.items()
        for (kind, size), count in zip(cells, apportion(answered, number), strict=True)
        for _ in range(count)
    ]
    people = pd.DataFrame(rows, columns=["role", "kind", "size_class"])
    classes = pd.Categorical(people["size_class"], list(CODED.labels), ordered=True)
    return people.assign(
        role=pd.Categorical(people["role"], list(book.roles)),
        kind=pd.Categorical(people["kind"], kinds),
        size_class=classes,
    )


def _by_size(answers: pd.DataFrame) -> People:
    """Count the respondents of each role in each size class that has any."""
    sizes = pd.crosstab(answers["role"], answers["size_class"])
    return {
        str(role): {str(size): int(number) for size, number in row.items() if number}
        for role, row in sizes.iterrows()
    }


def _fill(
    book: Codebook,
    asked: Sequence[Variable],
    answers: pd.DataFrame,
    counts: Mapping[Cell, int],
    seed: int,
) -> None:
    """Draw who gave each answer to a question, or ticked each box of a multiple choice."""
    name = stratifier(book, asked[0])
    streams = [drawing.stream(one.name, seed) for one in asked]
    columns = [answers[one.name].array.copy() for one in asked]
    strata: dict[Cell, dict[tuple[str, int], int]] = defaultdict(dict)
    for cell, number in counts.items():
        if cell.variable in {one.name for one in asked}:
            strata[replace(cell, variable="", code=0)][cell.variable, cell.code] = number
    for stratum, numbers in strata.items():
        inside = answers["role"] == stratum.role
        if stratum.size is not None:
            inside &= answers["size_class"] == stratum.size
        if name is not None:
            inside &= answers[name].isin([stratum.within])
        rows = np.flatnonzero(inside)
        if asked[0].choice is None:
            given = {code: number for (_, code), number in numbers.items()}
            columns[0][rows] = drawing.codes(given, streams[0])
            continue
        ticked = [numbers[box.name, box.valid[0]] for box in asked]
        table = drawing.ticks(ticked, len(rows), streams)
        for box, column, ticks in zip(asked, columns, table.T, strict=True):
            column[rows] = np.where(ticks, *box.valid[:2])
    for one, column in zip(asked, columns, strict=True):
        answers[one.name] = column


def _verify(book: Codebook, answers: pd.DataFrame) -> None:
    """Hold every published figure against the finished table: nothing rests on the way there."""
    units = len(frame(book.frame))
    broken = [
        answer.finding
        for answer in book.answers
        if estimate(book, answer, answers, units, Evidence.ILLUSTRATION).value not in region(answer)
    ]
    if broken:
        raise CannotHoldError(broken)
