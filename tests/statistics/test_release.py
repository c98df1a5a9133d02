"""Small counts behind estimates become bounds, and take the shares that give them away."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from kompendium.facts import SSB, Evidence, SizeClasses
from kompendium.statistics import Bounds, Comparison, Sample, Share, illustrate
from kompendium.statistics.answers import estimate
from kompendium.surveys import Codebook

Answer = Callable[..., Sample]


@pytest.fixture
def real(mini: Codebook) -> Answer:
    """FIXTURE, not real respondents: a hundred of each role, with some of the counts chosen."""

    def answer(limit: int = 5, **counts: Mapping[int, int]) -> Sample:
        codes = illustrate(mini, seed=3)
        for name, chosen in counts.items():
            variable = mini.questions[name]
            rows = codes.index[codes["role"].isin(variable.roles)]
            values = [code for code, count in chosen.items() for _ in range(count)]
            codes.loc[rows, name] = pd.array(values, dtype="Int64")
        return Sample(mini, Evidence.SURVEY, 437, codes, limit)

    return answer


def raw(answers: Sample, name: str) -> Any:
    """What answers a finding, before the gate: a share or a comparison."""
    book = answers.codebook
    return estimate(book, book.answer(name), answers.codes, answers.units, answers.evidence)


def test_large_counts_are_released_as_they_are(real: Answer) -> None:
    answers = real(limit=1)
    every = {name: raw(answers, name) for name in answers.findings()}
    assert answers.released() == every
    assert answers.released("mini") == every
    assert answers.released("prove") == {}


def test_an_illustration_has_nobody_to_protect(real: Answer, mini: Codebook) -> None:
    made = Sample(mini, Evidence.ILLUSTRATION, 437, real(kjenner_intro={1: 2, 2: 98}).codes)
    assert made.released() == made.estimates()
    assert made.share_of("kjenner_intro", 1) == raw(made, "mini.kjenner_intro")


@pytest.mark.parametrize(
    ("yes", "expected"),
    [(0, (0, 0.04)), (4, (0, 0.04)), (96, (0.96, 1)), (100, (0.96, 1)), (5, 0.05), (95, 0.95)],
)
def test_a_small_count_or_rest_becomes_bounds(
    real: Answer, yes: int, expected: float | tuple[float, float]
) -> None:
    answers = real(kjenner_intro={1: yes, 2: 100 - yes})
    found = answers.released()["mini.kjenner_intro"]
    assert (answers.share_of("kjenner_intro", 1) is not None) == isinstance(found, Share)
    if isinstance(expected, tuple):
        assert isinstance(found, Bounds)
        assert tuple(found) == pytest.approx(expected)
    else:
        assert isinstance(found, Share)
        assert found.value == expected


def test_the_limit_is_the_samples_own(real: Answer) -> None:
    shown = real(kjenner_intro={1: 7, 2: 93}).released()["mini.kjenner_intro"]
    assert isinstance(shown, Share)
    found = real(limit=10, kjenner_intro={1: 8, 2: 92}).released()["mini.kjenner_intro"]
    assert found == Bounds(0, 0.09)


def test_what_has_been_shown_once_is_not_taken_back(real: Answer) -> None:
    chosen = {1: 9, 2: 91}
    assert isinstance(real(kjenner_intro=chosen).released()["mini.kjenner_intro"], Share)
    again = real(limit=10, kjenner_intro=chosen).released()["mini.kjenner_intro"]
    assert isinstance(again, Share)


def test_of_two_shares_that_give_a_small_count_away_together_one_is_left_out(
    real: Answer,
) -> None:
    """37 «none» and 40 «none or does not know» would tell that 3 do not know."""
    answers = real(retningslinjer={1: 60, 2: 37, 88: 3})
    both = {"mini.ingen", "mini.ingen_vetikke"}
    (shown,) = both & set(answers.released())
    assert [one.what for one in answers.withheld if one.what in both] == [*(both - {shown})]
    assert both <= set(real(retningslinjer={1: 60, 2: 30, 88: 10}).released())


def test_a_share_of_some_is_left_out_with_a_small_count_among_the_others(real: Answer) -> None:
    """With all who offer known, the certified who offer tell of the others who do."""
    sertifisert, rest = {1: 80, 2: 20}, {1: 50, 3: 30}
    safe = real(sertifisert=sertifisert, tilbyr={**rest, 2: 20})  # none of the others offers
    assert "mini.tilbyr_gitt_sertifisert" not in safe.released()
    codes = safe.codes.copy()
    others = codes.index[codes["sertifisert"] == 2]
    codes.loc[others[:10], "tilbyr"] = 1
    shown = Sample(safe.codebook, Evidence.SURVEY, 437, codes)
    assert shown.released()["mini.tilbyr_gitt_sertifisert"] == raw(
        shown, "mini.tilbyr_gitt_sertifisert"
    )


def test_comparisons_follow_their_shares(real: Answer) -> None:
    fine = real(kjenner_intro={1: 40, 2: 60}, kjenner_skole={1: 20, 2: 80}).released()
    assert isinstance(fine["mini.dobbelt"], Comparison)
    few = real(kjenner_intro={1: 3, 2: 97}, kjenner_skole={1: 20, 2: 80}).released()
    assert few["mini.dobbelt"] == Bounds(0, 0.04 / 0.2)
    none = real(kjenner_intro={1: 40, 2: 60}, kjenner_skole={1: 2, 2: 98}).released()
    assert "mini.dobbelt" not in none  # the ratio has no upper bound
    ordered = real(
        kjenner={1: 100, 2: 100}, kjenner_intro={1: 55, 2: 45}, sertifisert={1: 98, 2: 2}
    )  # the nearest decides, and the small count is that of the other
    assert raw(ordered, "mini.flest").to == raw(ordered, "mini.kjenner_intro")
    shown = ordered.released()["mini.flest"]  # the value; its interval would tell of both
    assert isinstance(shown, Bounds)
    assert tuple(shown) == pytest.approx((-0.05, -0.05))
    least = real(kjenner={1: 3, 2: 197}, kjenner_intro={1: 40, 2: 60}, sertifisert={1: 20, 2: 80})
    assert least.released()["mini.flest"] == Bounds(-0.2, 4 / 200 - 0.2)


def test_an_ordering_by_size_is_left_out_with_a_small_count_between(real: Answer) -> None:
    """Those of middle size are the rest: two known groups would tell of the third."""
    codes = real(tilbyr={1: 50, 3: 50}).codes.copy()
    heads = codes["role"] == "leder"
    size = codes["size_class"].cat.codes
    codes.loc[heads, "tilbyr"] = 3
    for chosen, yes in ((size < 2, 20), (size >= 4, 8), ((size >= 2) & (size < 4), 2)):
        codes.loc[codes.index[heads & chosen][:yes], "tilbyr"] = 1
    answers = Sample(real().codebook, Evidence.SURVEY, 437, codes)
    shares = raw(answers, "mini.storrelse")
    assert min(shares.of.count, shares.to.count) >= 5
    assert "mini.storrelse" not in answers.released()
    middle = heads & (size >= 2) & (size < 4)
    codes.loc[codes.index[middle][:15], "tilbyr"] = 1
    enough = Sample(answers.codebook, Evidence.SURVEY, 437, codes)
    assert "mini.storrelse" in enough.released()


def test_too_few_asked_tell_nothing(real: Answer) -> None:
    answers = real(sertifisert={1: 3, 2: 97})
    share = raw(answers, "mini.tilbyr_gitt_sertifisert")
    assert share.base == 3
    assert answers.share_of("tilbyr", 1, base=("sertifisert", (1,))) is None
    assert "mini.tilbyr_gitt_sertifisert" not in answers.released()


GROUPS = SizeClasses((5_000, 20_000))


def offering(real: Answer, *yes: int) -> Sample:
    """FIXTURE: so many offer in each of Statistics Norway's classes."""
    codes = real(tilbyr={1: 50, 3: 50}).codes.copy()
    heads = codes["role"] == "leder"
    codes.loc[heads, "tilbyr"] = 3
    for label, count in zip(SSB.labels, yes, strict=True):
        inside = codes.index[heads & (codes["size_class"] == label)]
        assert len(inside) >= count
        codes.loc[inside[:count], "tilbyr"] = 1
    return Sample(real().codebook, Evidence.SURVEY, 437, codes, limit=3)


def test_shares_by_size_are_those_of_each_class(real: Answer) -> None:
    answers = offering(real, 10, 14, 10, 6, 6, 3)
    assert answers.by_size("tilbyr", 1, classes=GROUPS) == {
        "under 5\u00a0000": answers.share_of("tilbyr", 1, below=5_000),
        "5\u00a0000–19\u00a0999": answers.share_of("tilbyr", 1, least=5_000, below=20_000),
        "20\u00a0000 og over": answers.share_of("tilbyr", 1, least=20_000),
    }


def test_a_class_is_hidden_with_another_of_the_group_whose_sum_is_shown(real: Answer) -> None:
    answers = offering(real, 1, 14, 10, 6, 6, 3)
    within = answers.by_size("tilbyr", 1, within=GROUPS)
    assert None not in answers.by_size("tilbyr", 1, classes=GROUPS).values()
    assert within[SSB.labels[0]] is None
    assert within[SSB.labels[1]] is None  # the sum less this one would be the first


def test_what_is_hidden_stays_hidden_when_sums_are_asked_for_later(real: Answer) -> None:
    answers = offering(real, 1, 14, 10, 7, 7, 4)
    alone = answers.by_size("tilbyr", 1)
    hidden = [label for label, one in alone.items() if one is None]
    assert SSB.labels[0] in hidden
    later = answers.by_size("tilbyr", 1, classes=GROUPS)
    # Were both shown, the sum of the two less the second would be the first.
    assert SSB.labels[1] in hidden or later["under 5\u00a0000"] is None


def test_a_class_nobody_answered_in_has_no_share(real: Answer) -> None:
    answers = offering(real, 10, 14, 10, 6, 6, 3)
    left = answers.codes[answers.codes["size_class"] != SSB.labels[-1]]
    fewer = Sample(answers.codebook, Evidence.SURVEY, 437, left.copy(), limit=1)
    assert fewer.by_size("tilbyr", 1)[SSB.labels[-1]] is None
