"""Real respondents where they are, else an illustration that says so."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kompendium.facts import Compendium, Evidence, finding
from kompendium.statistics import Comparison, Sample, Share, sample
from kompendium.statistics.answers import estimate
from kompendium.surveys import Codebook
from kompendium.surveys.disclosure import DisclosureError
from tests.surveys.conftest import numbered


def raw(answers: Sample, name: str) -> Any:
    """What answers a finding, before the gate: a share or a comparison."""
    book = answers.codebook
    return estimate(book, book.answer(name), answers.codes, answers.units, answers.evidence)


def test_an_illustration_is_marked_and_is_no_evidence(mini: Codebook) -> None:
    answers = sample("mini")
    assert answers.illustrated
    assert answers.evidence is Evidence.ILLUSTRATION
    assert answers.mark == " (illustrasjon)"
    assert answers.alt_mark == "Illustrasjon, ikke virkelige svar. "
    assert {one.evidence for one in answers.estimates().values()} == {Evidence.ILLUSTRATION}


def test_the_mark_is_in_the_language_in_use(mini: Codebook, in_english: None) -> None:
    answers = sample("mini")
    assert answers.mark == " (illustration)"
    assert answers.alt_mark == "Illustration, not real answers. "


def test_the_table_has_norwegian_labels_and_is_a_copy(mini: Codebook) -> None:
    answers = sample("mini")
    table = answers.table
    assert list(table["role"].cat.categories) == ["Leder", "Skolesjef"]
    assert table["size_class"].cat.ordered
    assert list(table["tilbyr"].cat.categories) == ["Ja", "Planlagt", "Nei", "Ikke besvart"]
    assert table["tilbyr"].cat.ordered
    assert not table["sertifisert"].cat.ordered
    assert table.loc[table["role"] == "Skolesjef", "tilbyr"].isna().all()
    table["tilbyr"] = "Ja"
    assert (answers.table["tilbyr"] != "Ja").any()
    assert "unit" not in table


def test_shares_are_what_pandas_counts(mini: Codebook) -> None:
    answers = sample("mini")
    table = answers.table.query("role == 'Leder'")
    certified = table[table["sertifisert"] == "Ja"]
    found = raw(answers, "mini.tilbyr_gitt_sertifisert")
    assert (found.count, found.base) == ((certified["tilbyr"] == "Ja").sum(), len(certified))
    # 437 units, 100 heads answering: the certified stand for their part of the frame.
    assert found.population == pytest.approx(437 * len(certified) / 100)
    felles = raw(answers, "mini.felles")  # never asked counts as without
    assert (felles.count, felles.base) == ((table["felles"] == "Valgt").sum(), 100)
    assert felles.population == 437
    pooled = answers.share_of("kjenner", 1)
    assert (pooled.base, pooled.population) == (200, 2 * 437)
    small = answers.share_of("tilbyr", 1, below=5000)
    inside = table["size_class"].cat.codes < 2
    assert (small.count, small.base) == (
        (table.loc[inside, "tilbyr"] == "Ja").sum(),
        inside.sum(),
    )
    given = answers.share_of("tilbyr", 1, base=("sertifisert", (1,)))
    assert given == found


def test_comparisons_are_what_pandas_counts(mini: Codebook) -> None:
    answers = sample("mini")
    table = answers.table.query("role == 'Leder'")
    size = table["size_class"].cat.codes
    yes = table["tilbyr"] == "Ja"
    found = raw(answers, "mini.storrelse")
    assert found.value == pytest.approx(yes[size >= 4].mean() - yes[size < 2].mean())
    assert found.interval[0] < found.value < found.interval[1]
    times = raw(answers, "mini.dobbelt")
    assert times.value == pytest.approx(
        raw(answers, "mini.kjenner_intro").value / raw(answers, "mini.kjenner_skole").value
    )
    ordered = raw(answers, "mini.flest")  # under the nearest of the two
    others = [answers.share_of("kjenner_intro", 1), answers.share_of("sertifisert", 1)]
    expected = answers.share_of("kjenner", 1).value - min(one.value for one in others)
    assert ordered.value == pytest.approx(expected)
    top = raw(answers, "mini.begge")
    either = [answers.share_of("kjenner", 1), answers.share_of("kjenner_skole", 1)]
    assert top.value == max(one.value for one in either)


def test_the_same_respondents_are_compared_in_pairs(mini: Codebook) -> None:
    answers = sample("mini")
    kjenner = answers.codes["kjenner"].eq(1).fillna(False)
    heads = answers.codes["role"] == "leder"
    intro = answers.codes.loc[heads, "kjenner_intro"].eq(1)
    change = kjenner[heads].astype(int) - intro.astype(int)
    found = raw(answers, "mini.flest")
    larger = answers.share_of("kjenner", 1)
    spread = change.var(ddof=0) / 100 * larger.base / larger.effective
    half = 1.959964 * math.sqrt(spread)
    assert found.interval == pytest.approx((found.value - half, found.value + half), rel=1e-6)


def test_estimates_are_parted_and_asked_for_by_finding(mini: Codebook) -> None:
    answers = sample("mini")
    every = answers.estimates("mini")
    assert list(every) == [answer.finding for answer in mini.answers]
    assert every == {name: raw(answers, name) for name in answers.findings("mini")}
    assert answers.estimates("prove") == {}
    with pytest.raises(KeyError, match=r"prove.svar"):
        raw(answers, "prove.svar")
    with pytest.raises(ValueError, match="comparison"):
        answers.sensitivity("mini.dobbelt")
    with pytest.raises(KeyError, match="rektor"):
        answers.answered("rektor")
    assert (answers.answered(), answers.answered("leder")) == (200, 100)


@pytest.fixture
def respondents_file(compendium: Compendium, mini: Codebook) -> Callable[..., Path]:
    """FIXTURE, not real respondents: an illustration written as a researcher's file."""

    def write(bend: bool = False) -> Path:
        table = numbered(mini, seed=5)
        if bend:
            table.loc[table["role"] == "skolesjef", "kjenner_skole"] = 1
        path = compendium.surveys / "mini" / "respondents.csv"
        table.to_csv(path, sep=";", index=False)
        return path

    return write


def test_real_respondents_are_evidence(respondents_file: Callable[..., Path]) -> None:
    made = sample("mini", seed=5)
    respondents_file()
    real = sample("mini", seed=5)
    assert real.evidence is Evidence.SURVEY
    assert not real.illustrated
    assert (real.mark, real.alt_mark) == ("", "")
    with pytest.raises(DisclosureError, match="use released"):
        real.estimates()
    for name in real.findings():
        found, expected = raw(real, name), raw(made, name)
        assert found.evidence is Evidence.SURVEY
        assert found.value == expected.value
        assert found.interval == pytest.approx(expected.interval)
        if isinstance(found, Share) and isinstance(expected, Share):
            assert (found.count, found.base) == (expected.count, expected.base)
    same = ["role", "kind", "size_class"]
    assert (
        real.codes.groupby(same, observed=False)
        .size()
        .equals(made.codes.groupby(same, observed=False).size())
    )
    assert "unit" not in real.codes


def test_small_counts_are_hidden_only_where_they_are_real(
    respondents_file: Callable[..., Path],
) -> None:
    counts = (
        sample("mini", seed=5).crosstab("size_class", "tilbyr").drop(index="Sum", columns="Sum")
    )
    assert not counts.isna().to_numpy().any()
    small = ((counts > 0) & (counts < 5)).to_numpy(dtype=bool)
    assert small.any()
    respondents_file()
    real = sample("mini").crosstab("size_class", "tilbyr").drop(index="Sum", columns="Sum")
    assert real.isna().to_numpy()[small].all()
    assert not real.isna().to_numpy().all()


def test_real_respondents_do_not_show_themselves(respondents_file: Callable[..., Path]) -> None:
    respondents_file()
    answers = sample("mini")
    for rows in (answers.codes, answers.table, answers.codes.head(), answers.codes["tilbyr"]):
        assert "ikke" in repr(rows)
        assert "Ja" not in repr(rows)


def test_a_weighted_share_of_real_respondents_goes_through_the_gate(
    respondents_file: Callable[..., Path],
) -> None:
    made = sample("mini", seed=5).sensitivity("mini.sertifisert")
    assert made is not None
    assert made.post_stratified.value == pytest.approx(made.unweighted.value, abs=0.02)
    respondents_file()
    shown = sample("mini", limit=1).sensitivity("mini.sertifisert")
    assert shown is not None
    assert shown.unweighted.evidence is Evidence.SURVEY


def test_a_weighted_share_is_withheld_with_the_share_itself(
    respondents_file: Callable[..., Path],
) -> None:
    respondents_file(bend=True)
    assert sample("mini", limit=60).sensitivity("mini.sertifisert") is None  # 20 have not


def test_bent_respondents_leave_the_published_region(
    respondents_file: Callable[..., Path],
) -> None:
    respondents_file(bend=True)
    found = raw(sample("mini"), "mini.kjenner_skole")
    assert found.value == 1
    assert found.value not in finding("mini.kjenner_skole").quantity
    assert isinstance(raw(sample("mini"), "mini.dobbelt"), Comparison)


def test_the_illustrations_arguments_do_not_touch_real_respondents(
    respondents_file: Callable[..., Path],
) -> None:
    respondents_file()
    one, other = sample("mini", seed=1), sample("mini", seed=2, gradient=3)
    pd.testing.assert_frame_equal(one.codes, other.codes)
