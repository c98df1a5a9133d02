"""Tables of made-up respondents without a codebook, and what is released of them."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pandas as pd

from kompendium.surveys.domains import Domain
from kompendium.surveys.gate import Figure, Ledger
from kompendium.surveys.linkage import Space

Cells = npt.NDArray[np.int64]
Whole = tuple[int, ...]


def names(cells: Cells) -> list[str]:
    """A variable an axis."""
    return [f"v{axis}" for axis in range(cells.ndim)]


def space(cells: Cells) -> Space:
    """The variables of a table, with nothing known of them beforehand."""
    return Space(
        {name: tuple(range(size)) for name, size in zip(names(cells), cells.shape, strict=True)}
    )


def people(cells: Cells) -> pd.DataFrame:
    """One row a respondent."""
    rows = [at for at in np.argwhere(cells >= 0) for _ in range(cells[tuple(at)])]
    return pd.DataFrame(rows, columns=names(cells))


def ledger(cells: Cells) -> Ledger:
    """A ledger of these respondents, of which nothing is released yet."""
    return Ledger("prove", space(cells), people(cells), secret=False)


def cell(**at: int) -> Domain:
    """Those who have one category of each of some variables."""
    return Domain.where({name: [category] for name, category in at.items()})


def domains(cells: Cells, axes: Sequence[int]) -> Iterator[tuple[Domain, int]]:
    """The cells and sums of the table by some axes, each with the number of axes summed over."""
    for size in range(len(axes) + 1):
        for some in combinations(axes, size):
            for at in product(*(range(cells.shape[axis]) for axis in some)):
                where = {f"v{axis}": place for axis, place in zip(some, at, strict=True)}
                yield cell(**where), len(axes) - size


def figures(book: Ledger, cells: Cells, axes: Sequence[int]) -> list[Figure]:
    """A table by some axes with its sums, which are worth more than any cell."""
    total = int(cells.sum())
    return [
        Figure(str(domain), book.stated(domain), (domain,), 1 + book.count(domain) + summed * total)
        for domain, summed in domains(cells, axes)
    ]


def tables(shape: Whole, total: int) -> Iterator[np.ndarray]:
    """Every table of whole numbers with a sum."""

    def fill(places: int, left: int) -> Iterator[Whole]:
        if places == 1:
            yield (left,)
            return
        for first in range(left + 1):
            yield from ((first, *rest) for rest in fill(places - 1, left - first))

    for one in fill(int(np.prod(shape)), total):
        yield np.array(one).reshape(shape)


def size(cells: np.ndarray, domain: Domain) -> int:
    """How many are in a domain that is one box."""
    (box,) = domain.boxes
    at: list[object] = [slice(None)] * cells.ndim
    for name, some in box:
        at[int(name[1:])] = sorted(some)[0] if len(some) == 1 else slice(None)
    return int(cells[tuple(at)].sum())
