"""What several runs show together of one survey, each of which its own gate has let out."""

from collections.abc import Callable

import pandas as pd
import pytest

from kompendium.engine.ingredients import Ingredients
from kompendium.engine.leaks import leaks
from kompendium.engine.records import Good, Ledger
from kompendium.facts import frame
from kompendium.statistics import illustrate
from kompendium.surveys import Codebook
from kompendium.surveys.codebook import Part, Sizes
from kompendium.surveys.domains import base, given, rest
from kompendium.surveys.gate import Figure
from kompendium.surveys.gate import Ledger as Book
from kompendium.surveys.linkage import Space
from tests.surveys.conftest import mini

__all__ = ["mini"]

SMALL, ALL = Sizes(below=2000), None
NEXT = Sizes(least=2000, below=5000)
BOTH = Sizes(below=5000)
LARGE = Sizes(least=5000)

Run = Callable[..., Good]


@pytest.fixture
def respondents(mini: Codebook) -> pd.DataFrame:
    """FIXTURE, not real respondents: by size class 3, 9 and in all the others 8 not certified."""
    codes = illustrate(mini, seed=3)
    heads = codes["role"] == "leder"
    codes.loc[heads, "sertifisert"] = 1
    for sizes, number in ((SMALL, 3), (NEXT, 9), (LARGE, 8)):
        inside = codes.index[heads & codes["size_class"].isin(sizes.labels)]
        assert len(inside) >= number + 5
        codes.loc[inside[:number], "sertifisert"] = 2
    return codes


@pytest.fixture
def run(mini: Codebook, respondents: pd.DataFrame) -> Run:
    """What a run that puts these shares through a gate of its own leaves in its record."""

    def make(*sizes: Sizes | None, codes: pd.DataFrame = respondents) -> Good:
        totals = {role: int((codes["role"] == role).sum()) for role in mini.roles}
        book = Book(mini.id, Space.of(mini, frame(mini.frame), totals), codes, secret=False)
        for some in sizes:
            part = Part(variable="sertifisert", codes=(2,), sizes=some)
            parts = (given(mini, part), rest(mini, part), base(mini, part))
            book.release([Figure(str(some), book.stated(*parts[::2]), parts)], 5)
        told = Ledger.model_validate(book.written())
        nothing = Ingredients(
            notebook="", parameters={}, files={}, modules={}, interpreter="", kernel=""
        )
        return Good(key="", result="", ingredients=nothing, ledgers={mini.id: told})

    return make


def test_two_runs_that_together_give_something_away(run: Run) -> None:
    """By hand: 12 of both classes and 9 of one leave 3, which the first run withheld."""
    standing = {"a": run(SMALL, BOTH), "b": run(NEXT)}
    found = list(leaks(standing))
    assert found
    assert {(one.survey, one.runs) for one in found} == {("mini", ("a", "b"))}
    assert any("sertifisert 2, size_class under 2" in one.what for one in found)
    assert all("in one notebook" in str(one) for one in found)


def test_runs_that_give_nothing_away(run: Run) -> None:
    assert list(leaks({"a": run(SMALL, BOTH), "b": run(ALL)})) == []
    assert list(leaks({"a": run(SMALL, BOTH)})) == []
    assert list(leaks({})) == []


def test_what_one_gate_has_decided_is_not_worked_out_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kompendium.surveys.audit.determined", None)
    assert list(leaks({"a": run(SMALL, BOTH), "b": run(BOTH), "c": run(SMALL, BOTH)})) == []


def test_runs_of_different_respondents(run: Run, respondents: pd.DataFrame) -> None:
    others = respondents.copy()
    heads = others.index[others["role"] == "leder"]
    others.loc[heads[:40], "sertifisert"] = 2
    (one,) = leaks({"a": run(SMALL, ALL), "b": run(ALL, codes=others)})
    assert one.what == "a and b do not show figures of the same respondents"
    assert one.remedy == "run them again"
