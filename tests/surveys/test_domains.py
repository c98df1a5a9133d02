"""Who a published count counts, told of respondents nobody sees."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kompendium.surveys import Codebook, respondents
from kompendium.surveys.codebook import Condition, Part, Sizes
from kompendium.surveys.domains import EVERYBODY, Domain, base, given, members, rest, wider


def where(**conditions: list[str | int | None]) -> Domain:
    return Domain.where(conditions)


@pytest.fixture
def answers() -> pd.DataFrame:
    return pd.DataFrame({"a": [1, 1, 2, None], "b": ["x", "y", "y", "x"]}).astype({"a": "Int64"})


def test_a_domain_holds_those_who_meet_every_condition(answers: pd.DataFrame) -> None:
    assert where(a=[1]).holds(answers).tolist() == [True, True, False, False]
    assert where(a=[1], b=["y"]).holds(answers).tolist() == [False, True, False, False]
    assert where(a=[2, None]).holds(answers).tolist() == [False, False, True, True]
    assert EVERYBODY.holds(answers).all()
    assert not where(a=[]).holds(answers).any()


def test_boxes_are_alternatives_and_common_domains_meet_both(answers: pd.DataFrame) -> None:
    either = Domain((*where(a=[1], b=["x"]).boxes, *where(a=[2]).boxes))
    assert either.holds(answers).tolist() == [True, False, True, False]
    assert (either & where(b=["y"])).holds(answers).tolist() == [False, False, True, False]
    assert where(a=[1]) & where(a=[2]) == Domain(())
    assert where(a=[1]) & where(b=["x"]) == where(b=["x"], a=[1])


def test_a_domain_is_read_as_it_was_written() -> None:
    one = Domain((*where(a=[1, None], b=["x"]).boxes, *where(a=[2]).boxes))
    assert one.written() == [{"a": [1, None], "b": ["x"]}, {"a": [2]}]
    assert Domain.read(one.written()) == one
    assert one.variables == {"a", "b"}


def parts() -> list[Part]:
    """Every kind of share: of all, of a condition, of a filter, of some sizes."""
    certified = Condition(variable="sertifisert", codes=(1,))
    having = Condition(variable="retningslinjer", codes=(1, 2, 88))
    return [
        Part(variable="sertifisert", codes=(1,)),
        Part(variable="tilbyr", codes=(1, 2), base=certified),
        Part(variable="felles", codes=(1,)),
        Part(variable="felles", codes=(1,), base=having),
        Part(variable="felles", codes=(1,), base=having, sizes=Sizes(below=5000)),
        Part(variable="kjenner", codes=(1, 88), sizes=Sizes(least=20000)),
    ]


@pytest.mark.parametrize("part", parts(), ids=str)
def test_count_and_rest_are_the_base(
    mini: Codebook,
    part: Part,
    fixture_respondents: pd.DataFrame,
    put_in: Callable[[pd.DataFrame], Path],
) -> None:
    put_in(fixture_respondents)
    codes = respondents(mini)
    inside, counted = members(mini, part, codes)
    assert inside.any()
    assert given(mini, part).holds(codes).equals(counted)
    others = rest(mini, part).holds(codes)
    assert not (counted & others).any()
    assert (counted | others).equals(inside)
    assert base(mini, part).holds(codes).equals(inside)
    each = sum(Domain((box,)).holds(codes).astype(int) for box in base(mini, part).boxes)
    assert int(each.max()) == 1  # no respondent is in two boxes


def test_a_base_is_part_of_a_wider_one(mini: Codebook) -> None:
    everyone, conditioned, filtered, *_, sized = parts()
    assert wider(mini, everyone) is None
    assert wider(mini, conditioned) == Part(variable="sertifisert", codes=(1, 2, 88))
    assert wider(mini, filtered) == Part(variable="retningslinjer", codes=(1, 2, 88))
    assert wider(mini, sized) == Part(variable="kjenner", codes=(1, 2, 88))
