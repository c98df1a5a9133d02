"""Made-up respondents that satisfy every published figure of a survey at once.

They show what an analysis would look like, and are evidence of nothing. They have no names and
no unit numbers. What no figure tells is stated here as an assumption:

* Everyone who answers a survey answers in every role, and all they are asked, unless
  ``answering`` says how many do (the reports never print it).
* Those who answer are spread over size classes and kinds of unit as the frame is.
* Where a report orders municipalities by size, the odds of the first answer grow by the same
  factor from each size class to the next: ``gradient`` is its logarithm. Nothing else depends
  on size, and answers depend on each other only where a figure or a filter says so.
"""

import math
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from kompendium.facts.frames import frame
from kompendium.facts.size_classes import SSB
from kompendium.facts.vocabulary import Evidence
from kompendium.statistics.answers import estimate, region
from kompendium.statistics.program import CannotHoldError
from kompendium.statistics.tallies import Cell, stratifier, tallies
from kompendium.surveys.codebook import Answer, Codebook, Variable
from kompendium.surveys.domains import meets, members

GRADIENT = 0.5
"""Log-odds a size class: an assumption, chosen to be seen in a figure and not to fill it."""

Keys = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


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

    ``answering`` gives the number answering in a role, at most the published number of units
    and in one role at least that many. The same arguments give the same table everywhere.

    Raises:
        CannotHoldError: the published figures cannot all hold; names them.
        ValueError: the numbers answering do not fit the published one, or the gradient is not
            a finite number.
    """
    if not math.isfinite(gradient):
        raise ValueError(f"the gradient must be a finite number, not {gradient}")
    numbers = _answering(book, answering or {})
    answers = _people(book, numbers)
    for variable in book.variables:
        answers[variable.name] = pd.Series(pd.NA, index=answers.index, dtype="Int64")
    counts = tallies(book, numbers)
    for variable in book.variables:
        ordered = [answer for answer in book.answers if _by_size(answer, variable)]
        keys = _keys(variable, answers, seed, gradient if ordered else 0.0)
        _fill(book, variable, answers, counts, keys)
        if variable.choice is not None:
            _tick(book, variable, answers, keys)
        for answer in ordered:
            _order(book, variable, answer, answers, keys)
    _verify(book, answers)
    return answers


def _answering(book: Codebook, given: Mapping[str, int]) -> dict[str, int]:
    unknown = sorted(set(given) - set(book.roles))
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
    units = frame(book.frame)
    kinds = list(dict.fromkeys(units["kind"]))
    cells = [(kind, size) for kind in kinds for size in SSB.labels]
    same = [int(((units["kind"] == k) & (units["size_class"] == s)).sum()) for k, s in cells]
    answered = apportion(same, book.answered)
    rows = [
        (role, kind, size)
        for role, number in numbers.items()
        for (kind, size), count in zip(cells, apportion(answered, number), strict=True)
        for _ in range(count)
    ]
    people = pd.DataFrame(rows, columns=["role", "kind", "size_class"])
    classes = pd.Categorical(people["size_class"], list(SSB.labels), ordered=True)
    return people.assign(
        role=pd.Categorical(people["role"], list(book.roles)),
        kind=pd.Categorical(people["kind"], kinds),
        size_class=classes,
    )


def _keys(variable: Variable, answers: pd.DataFrame, seed: int, gradient: float) -> Keys:
    """Draw how readily each respondent gives the first answer: logistic, shifted by size.

    Each question has a stream of its own, so that a new question leaves the others as they are.
    """
    stream = np.random.Generator(np.random.PCG64([seed, zlib.crc32(variable.name.encode())]))
    uniform = (stream.integers(0, 2**52, len(answers)) + 0.5) / 2**52
    size = answers["size_class"].cat.codes.to_numpy(dtype=float)
    return np.asarray(np.log(uniform / (1 - uniform)) + gradient * size)


def _strata(
    book: Codebook, variable: Variable, answers: pd.DataFrame
) -> list[tuple[str, int | None, Rows]]:
    """Who is asked, by role and by the answer to the question it is crossed with."""
    name = stratifier(book, variable)
    strata: list[tuple[str, int | None, Rows]] = []
    for role in variable.roles:
        same = answers["role"] == role
        if name is None:
            strata.append((role, None, np.flatnonzero(same)))
            continue
        for code in book.questions[name].valid:
            inside = same & answers[name].eq(code).fillna(False)
            strata.append((role, code, np.flatnonzero(inside)))
    return strata


def _fill(
    book: Codebook,
    variable: Variable,
    answers: pd.DataFrame,
    counts: Mapping[Cell, int],
    keys: Keys,
) -> None:
    """Give the first answer to the readiest, the next to those after, as many as counted."""
    column = answers[variable.name].array.copy()
    for role, within, rows in _strata(book, variable, answers):
        ready = rows[np.argsort(-keys[rows], kind="stable")]
        start = 0
        for code in variable.valid:
            number = counts.get(Cell(variable.name, role, within, code), 0)
            column[ready[start : start + number]] = code
            start += number
    answers[variable.name] = column


def _exchange(answers: pd.DataFrame, name: str, row: int, other: int) -> None:
    """Let two respondents exchange their answers to a question."""
    column = answers[name].array.copy()
    column[[row, other]] = column[[other, row]]
    answers[name] = column


def _tick(book: Codebook, variable: Variable, answers: pd.DataFrame, keys: Keys) -> None:
    """Move ticks of a multiple choice, once its last box is filled, until all asked have one."""
    boxes = [one for one in book.variables if one.choice == variable.choice]
    if variable.name != boxes[-1].name:
        return
    asked = answers["role"].isin(variable.roles)
    if variable.asked_if is not None:
        asked &= meets(variable.asked_if, answers)
    ticked = pd.DataFrame({box.name: answers[box.name].eq(box.valid[0]) for box in boxes})
    ticked = ticked.fillna(False).astype(bool)
    for row in np.flatnonzero(asked & ~ticked.any(axis=1)):
        several = asked & (ticked.sum(axis=1) > 1)
        several &= answers["role"] == answers["role"].iloc[row]
        donors = np.flatnonzero(several)
        giver = donors[np.argmin(keys[donors])]
        box = next(box for box in boxes if ticked[box.name].iloc[giver])
        _exchange(answers, box.name, int(row), int(giver))
        ticked.loc[[row, giver], box.name] = [True, False]


def _by_size(answer: Answer, variable: Variable) -> bool:
    """Tell whether an answer orders a question by size."""
    sized = [part for part in answer.parts if part.sizes is not None]
    return bool(sized) and all(part.variable == variable.name for part in answer.parts)


def _order(
    book: Codebook, variable: Variable, answer: Answer, answers: pd.DataFrame, keys: Keys
) -> None:
    """Exchange answers between large and small units, until the published ordering holds.

    Respondents exchange only within a stratum, so no tally changes. Those nearest to giving
    the other answer go first. CannotHoldError where no exchange is left.
    """
    assert answer.difference is not None
    allowed = region(answer)
    raised, lowered = answer.difference.of, answer.difference.to
    if allowed.high <= 0:
        raised, lowered = lowered, raised
    while True:
        value = estimate(book, answer, answers, len(answers), Evidence.ILLUSTRATION).value
        if value in allowed:
            return
        for _, _, rows in _strata(book, variable, answers):
            takers, givers = [], []
            for part in raised:
                base, count = members(book, part, answers)
                takers += [row for row in rows if base.iloc[row] and not count.iloc[row]]
            for part in lowered:
                givers += [row for row in rows if members(book, part, answers)[1].iloc[row]]
            if takers and givers:
                taker = max(takers, key=lambda row: (keys[row], -row))
                giver = min(givers, key=lambda row: (keys[row], row))
                _exchange(answers, variable.name, int(taker), int(giver))
                break
        else:
            raise CannotHoldError([answer.finding, "the number answering in each size class"])


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
