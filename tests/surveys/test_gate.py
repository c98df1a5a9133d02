"""The gate: nothing withheld follows from what passes, whichever tables it passes in."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from kompendium.surveys import equations, unknowns
from kompendium.surveys.audit import attack, determined
from kompendium.surveys.disclosure import Why
from kompendium.surveys.domains import EVERYBODY, Domain
from kompendium.surveys.gate import Figure, Ledger
from kompendium.surveys.linkage import Space, Statement
from tests.surveys.tables import Cells, cell, figures, ledger, size, space, tables

SHAPES = [(6,), (3, 4), (5, 3), (7, 2), (2, 3, 2), (2, 2, 3)]


def random_table(random: np.random.Generator, turn: int) -> Cells:
    """Tables of many shapes, from sparse to full."""
    shape = SHAPES[turn % len(SHAPES)]
    mean = random.choice([1.5, 4.0, 8.0, 20.0]) * random.gamma(1.0, 1.0, shape)
    return random.poisson(mean)


def put_through(book: Ledger, cells: Cells, limit: int = 5) -> dict[Domain, bool]:
    """Every table by one or two axes, as a notebook would show them one after another."""
    found: dict[Domain, bool] = {}
    for axes in combinations(range(cells.ndim), min(2, cells.ndim)):
        asked = figures(book, cells, axes)
        passed = book.release(asked, limit)
        found |= {one.parts[0]: shown for one, shown in zip(asked, passed, strict=True)}
    return found


def test_two_hundred_random_tables_hold_against_linear_programming() -> None:
    """Three-way tables are released as three two-way tables, which share their variables."""
    random = np.random.default_rng(21)
    more = 0
    for turn in range(200):
        cells = random_table(random, turn)
        book = ledger(cells)
        found = put_through(book, cells)
        hidden = [domain for domain, shown in found.items() if not shown]
        assert {domain for domain in found if book.count(domain) < 5} <= {*hidden}
        ends = attack(space(cells), book.released, {*hidden, *book.protected}, whole=False)
        assert min((high - low for low, high in ends.values()), default=1) > 0.5, cells
        assert {one.why for one in book.withheld} <= {Why.SMALL, Why.LINKED}
        more += sum(one.why is Why.LINKED for one in book.withheld)
    assert more > 200  # figures beyond the small ones had to go


def test_two_whole_tables_fit_where_something_is_hidden() -> None:
    """Tiny tables, with every table of their sum tried: the gate leaves two values at least."""
    random = np.random.default_rng(5)
    tried = 0
    for shape in [(2, 2), (2, 3), (2, 2, 2)]:
        for _ in range(15):
            cells = random.multinomial(6, np.full(np.prod(shape), 1 / np.prod(shape)))
            cells = cells.reshape(shape)
            book = ledger(cells)
            found = put_through(book, cells, limit=2)
            told = [one for one, shown in found.items() if shown]
            others = [
                other
                for other in tables(shape, 6)
                if all(size(other, one) == size(cells, one) for one in told)
            ]
            if EVERYBODY not in told:
                continue  # then tables of other sums fit as well
            for domain, shown in found.items():
                assert shown or len({size(other, domain) for other in others}) > 1, cells
                tried += not shown
    assert tried > 100


def test_the_same_figures_in_the_same_order_give_the_same() -> None:
    cells = random_table(np.random.default_rng(3), 1)
    first, second = ledger(cells), ledger(cells)
    assert put_through(first, cells) == put_through(second, cells)
    assert first.written() == second.written()
    before = first.written()
    assert put_through(first, cells) == put_through(second, cells)  # asked again
    assert first.written() == before


def asked(book: Ledger, *domains: Domain, limit: int = 5) -> list[bool]:
    """Counts put through the gate one at a time, each one of those that must not be few."""
    return [book.release([Figure(str(one), book.stated(one), (one,))], limit)[0] for one in domains]


def some(name: str, *categories: int) -> Domain:
    return Domain.where({name: categories})


def test_a_fine_class_does_not_follow_from_a_coarse_one() -> None:
    """By hand: 12 of the two small classes together, and 9 of one, would tell of 3."""
    book = ledger(np.array([9, 3, 30]))
    assert asked(book, some("v0", 0, 1), some("v0", 0), some("v0", 2)) == [True, False, True]
    (one,) = book.withheld
    assert (one.why, one.protects) == (Why.LINKED, "v0 1")
    assert asked(ledger(np.array([9, 8, 30])), some("v0", 0, 1), some("v0", 0)) == [True, True]


def test_what_comes_later_gives_way() -> None:
    cells = np.array([9, 3, 30])
    fine_first = ledger(cells)
    assert asked(fine_first, some("v0", 0), some("v0", 0, 1)) == [True, False]


def test_a_cell_of_one_table_does_not_follow_from_another() -> None:
    """By hand: without sums a table hides 2; the sum of its row is the other table's count."""
    cells = np.array([[20, 2], [30, 40]])
    book = ledger(cells)
    shown = book.release([one for one in figures(book, cells, (0, 1)) if one.loss < 92], 5)
    assert shown == [True, False, True, True]
    assert asked(book, some("v0", 1), some("v0", 0)) == [True, False]
    assert asked(book, some("v1", 1)) == [False]


@pytest.mark.parametrize(("counts", "least"), [([10, 12, 2, 1], 3), ([10, 12, 3, 4], 2)])
def test_the_small_cells_of_a_line_are_not_left_over_together(
    counts: list[int], least: int
) -> None:
    """By hand: with 22 of 25 shown, the two others would be 3 together; 7 may be told."""
    cells = np.array(counts)
    book = ledger(cells)
    found = put_through(book, cells)
    hidden = [domain for domain, shown in found.items() if not shown]
    assert len(hidden) == least
    assert sum(map(book.count, hidden)) >= 5


def test_of_several_figures_the_least_loss_gives_way() -> None:
    cells = np.array([[3, 20, 9], [30, 40, 8], [50, 60, 70]])
    book = ledger(cells)
    passed = book.release(figures(book, cells, (0, 1)), 5)
    inner = np.array(passed[7:]).reshape(3, 3)
    assert all(passed[:7])
    assert inner.tolist() == [[False, True, False], [False, True, False], [True, True, True]]


def weighted(book: Ledger, decimals: int) -> Figure:
    """A weighted share of the categories 0 and 1 of ``v0`` that have 1 in ``v1``."""
    terms = [(0.3 / 10, cell(v0=0, v1=1)), (0.7 / 12, cell(v0=1, v1=1))]
    value = sum(weight * book.count(one) for weight, one in terms)
    return Figure("weighted", (Statement.rounded(terms, value, decimals),))


def test_a_weighted_figure_does_not_tell_what_an_unweighted_one_withholds() -> None:
    """By hand: 3 of 10 and 6 of 12 give 9; of the pairs that do, 0,44 is 3 and 6 alone."""
    cells = np.array([[7, 3], [6, 6]])
    for decimals, expected in ((0, True), (2, False)):
        book = ledger(cells)
        assert asked(book, some("v0", 0), some("v0", 1), some("v1", 1)) == [True] * 3
        assert asked(book, cell(v0=0, v1=1)) == [False]
        assert book.release([weighted(book, decimals)], 5) == [expected]


def test_a_limit_of_nought_lets_everything_pass_that_tells_nothing_withheld() -> None:
    cells = np.array([[1, 0], [2, 9]])
    book = ledger(cells)
    assert all(put_through(book, cells, limit=0).values())
    assert book.withheld == ()
    kept = ledger(cells)
    put_through(kept, cells)
    before = {*kept.protected}
    kept.release(figures(kept, cells, (0, 1)), 0)
    assert not before & {*determined(space(cells), kept.released, kept.protected)}


def test_what_is_shown_already_is_shown_again() -> None:
    book = ledger(np.array([9, 3, 30]))
    assert asked(book, some("v0", 0), some("v0", 0), limit=5) == [True, True]
    assert asked(book, some("v0", 0), limit=20) == [True]


def test_where_nothing_is_small_nothing_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equations, "milp", None)
    cells = np.full((6, 4), 9)
    book = ledger(cells)
    assert all(put_through(book, cells).values())


def test_what_cannot_be_worked_out_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four questions of three answers crossed with each other make a table of 81 cells."""
    monkeypatch.setattr(unknowns, "MOST", 80)
    random = np.random.default_rng(1)
    answers = pd.DataFrame({f"v{n}": random.integers(0, 3, 60) for n in range(4)})
    book = Ledger("prove", Space(dict.fromkeys(answers, (0, 1, 2))), answers, secret=False)
    shown = []
    for one, two in combinations(answers, 2):
        at = [cell(**{one: a, two: b}) for a in range(3) for b in range(3)]
        shown.append(any(book.release([Figure(str(d), book.stated(d), (d,)) for d in at], 5)))
    assert shown[0]
    assert not shown[-1]
    assert Why.UNCHECKED in {one.why for one in book.withheld}
    assert determined(book.space, book.released, book.protected) == []


def test_a_blank_tells_nothing_of_anybody() -> None:
    """How few have left a question blank is no secret: it is what the base does not hold."""
    given = Space(
        {"role": ("leder",), "v0": (1, 2, None)},
        valid={"v0": frozenset({1, 2})},
        asked={"v0": {"role": frozenset({"leder"})}},
        totals={"leder": 22},
    )
    answers = pd.DataFrame({"role": ["leder"] * 22, "v0": [1] * 8 + [2] * 12 + [None] * 2})
    book = Ledger("prove", given, answers, secret=False)
    assert asked(book, some("v0", 1, 2), some("v0", 1)) == [True, True]


def test_the_record_has_no_value_of_what_is_withheld() -> None:
    book = ledger(np.array([11, 13, 3]))
    asked(book, some("v0", 0), some("v0", 2))
    written = book.written()
    assert written["limit"] == 5
    assert written["released"] == [{"terms": [[1.0, [{"v0": [0]}]]], "low": 11, "high": 11}]
    assert [{"v0": [2]}] in written["protected"]
    assert [(one["what"], one["why"]) for one in written["withheld"]] == [
        (str(some("v0", 2)), "small")
    ]
    read = [Domain.read(one) for one in written["protected"]]
    assert read == list(book.protected)


def test_a_finding_is_allowed_as_it_was_released_and_no_other_way() -> None:
    book = ledger(np.array([9, 9]))
    book.allow("a.b", 0.5, 0.5, (0.4, 0.6))
    assert book.allows("a.b", 0.5, 0.5)
    assert book.allows("a.b", 0.5, 0.5, (0.4, 0.6))
    assert book.allows("a.b", 0.5 + 1e-12, 0.5)
    assert not book.allows("a.b", 0.51, 0.51)
    assert not book.allows("a.b", 0.5, 0.5, (0.4, 0.61))
    assert not book.allows("a.c", 0.5, 0.5)
