"""What of the estimates may leave real respondents: small counts become bounds or stay back.

A share printed with its base gives its count away, and with the totals its rest as well. So a
share is let out by the same rule as a table: its counts are laid out by the answers and bases
that the published findings tell apart, and ``surveys.disclosure.hidden`` says which cells
nobody may work out.
"""

from collections.abc import Mapping

import pandas as pd

from kompendium.statistics.answers import Estimate, share
from kompendium.statistics.bounds import Bounds, bounds
from kompendium.statistics.shares import Share
from kompendium.surveys.codebook import Answer, Codebook, Part
from kompendium.surveys.disclosure import hidden
from kompendium.surveys.domains import members

NOT_ASKED = "not asked"


def released(
    book: Codebook, answers: pd.DataFrame, estimates: Mapping[str, Estimate], limit: int
) -> dict[str, Estimate | Bounds]:
    """Every estimate that may be shown, in its order; bounds where only those may.

    ``answers`` are codes and ``estimates`` what they gave, by finding. A share whose own count
    (or rest) is under the limit becomes the bounds that this says. One that would give the
    small count of another away is left out, and so is a ratio to a share that may be zero.
    """
    found = {
        name: release(book, book.answer(name), answers, one, limit)
        for name, one in estimates.items()
    }
    return {name: one for name, one in found.items() if one is not None}


def release(
    book: Codebook, answer: Answer, answers: pd.DataFrame, estimate: Estimate, limit: int
) -> Estimate | Bounds | None:
    """One estimate if it may be shown, else the bounds that may, else None."""
    shares = [estimate] if isinstance(estimate, Share) else [estimate.of, estimate.to]
    limits: list[Bounds] = []
    for one in shares:
        part = next(part for part in answer.parts if _same(book, part, answers, one))
        coarse = coarsened(one, limit)
        if coarse is not None:
            limits.append(coarse)
        elif one.base >= limit and _shown(book, answer, part, answers, limit):
            limits.append(bounds(one.value))
        else:
            return None
    if not any(one.width for one in limits):
        return estimate
    if len(limits) == 1:
        return limits[0]
    if answer.ratio is None:
        return limits[0] - limits[1]
    return None if 0 in limits[1] else limits[0] / limits[1]


def coarsened(share: Share, limit: int) -> Bounds | None:
    """All that may be told of a share whose count or rest is under the limit, else None."""
    if share.base < limit:
        return None
    if share.count < limit:
        return Bounds(0.0, (limit - 1) / share.base)
    if share.base - share.count < limit:
        return Bounds((share.base - limit + 1) / share.base, 1.0)
    return None


def _same(book: Codebook, part: Part, answers: pd.DataFrame, one: Share) -> bool:
    found = share(book, part, answers, 0, one.evidence)
    return (found.count, found.base) == (one.count, one.base)


def _shown(book: Codebook, answer: Answer, part: Part, answers: pd.DataFrame, limit: int) -> bool:
    """Tell whether the count of a share is safe, given every total a reader may know.

    It is where, in each group of its base, the hidden cells all lie within the answers it
    counts, or all without: then only their sum is known.
    """
    cells, groups, columns = _cells(book, answer, part, answers)
    mask = hidden(cells, limit)
    for group in groups:
        inside = {bool(mask.loc[group, name]) for name in columns}
        outside = {bool(mask.loc[group, name]) for name in cells.columns if name not in columns}
        if True in inside and True in outside:
            return False
    return True


def _cells(
    book: Codebook, answer: Answer, part: Part, answers: pd.DataFrame
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Counts by base (rows) and answer (columns), with the rows and columns of one share.

    Rows are told apart by the bases that this answer compares, columns by the codes that any
    finding counts on the question.
    """
    variable = book.questions[part.variable]
    together = [one for one in answer.parts if one.variable == part.variable]
    bases = [members(book, one, answers)[0] for one in together]
    asked, _ = members(book, Part(variable=part.variable, codes=part.codes), answers)
    everyone = pd.concat([asked, *bases], axis=1).any(axis=1)
    group = pd.Series("", index=answers.index)
    for base in bases:
        group += base.map({True: "1", False: "0"})
    counted = [one.codes for a in book.answers for one in a.parts if one.variable == part.variable]
    kinds = {
        code: "".join("1" if code in codes else "0" for codes in counted) for code in variable.valid
    }
    kind = answers[part.variable].map(kinds).fillna(NOT_ASKED)
    cells = pd.crosstab(group[everyone], kind[everyone])
    place = together.index(part)
    rows = [name for name in cells.index if name[place] == "1"]
    return cells, rows, sorted({kinds[code] for code in part.codes} & set(cells.columns))
