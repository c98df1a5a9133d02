"""What counts as a change of a finding, and how grave it is."""

from __future__ import annotations

from typing import Any

import pytest

from kompendium.publication.changes.findings import compared, graded
from kompendium.publication.changes.limits import NOISE
from kompendium.publication.changes.model import Kind

from ..conftest import entry

FINDING = entry("prove.svar")
SAMPLED = {"value": 0.63, "interval": [0.60, 0.66]}
BOUNDED = {"value": None, "low": 0.4, "high": 0.5, "computed": "40–50 %"}


def changed(**fields: Any) -> dict[str, Any]:
    return {**FINDING, **fields}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({}, {}, None),
        ({}, {"verdict": "contradicted"}, Kind.VERDICT),
        # The verdict comes before all else that changed with it.
        ({}, {"verdict": "contradicted", "value": 0.5, "statement": "Annet."}, Kind.VERDICT),
        ({}, {"value": 0.634, "computed": "63,4 %"}, Kind.ROUNDING),
        ({}, {"value": 0.6321}, Kind.UNSEEN),
        ({}, {"value": 0.632 * (1 + NOISE / 2)}, None),
        # Outside the interval it had, or the interval it has.
        (SAMPLED, {"value": 0.67, "interval": [0.64, 0.70]}, Kind.INTERVAL),
        (SAMPLED, {"value": 0.64, "interval": [0.635, 0.645]}, Kind.INTERVAL),
        (SAMPLED, {"value": 0.64, "interval": [0.61, 0.67], "computed": "64 %"}, Kind.ROUNDING),
        (SAMPLED, {"value": 0.66, "interval": [0.62, 0.7], "computed": "66 %"}, Kind.ROUNDING),
        # Of results of which only bounds are known, the bounds are the interval; while they
        # meet, both may be right.
        (BOUNDED, {"low": 0.51, "high": 0.6, "value": None, "computed": "51–60 %"}, Kind.INTERVAL),
        (BOUNDED, {"low": 0.45, "high": 0.6, "value": None, "computed": "45–60 %"}, Kind.ROUNDING),
        (BOUNDED, {"low": 0.41, "high": 0.49, "value": None, "computed": "41–49 %"}, Kind.ROUNDING),
        (BOUNDED, {"value": 0.45, "low": None, "high": None, "computed": "45 %"}, Kind.ROUNDING),
        ({}, {"evidence": "survey"}, Kind.EVIDENCE),
        ({}, {"transcribed": True}, Kind.EVIDENCE),
        ({}, {"statement": "276 enheter svarte."}, Kind.REWORDED),
        ({}, {"region": "[62; 64) %"}, Kind.REWORDED),
        ({}, {"reason": "Derfor."}, Kind.EXPLAINED),
        ({}, {"expected": "untestable"}, Kind.EXPLAINED),
    ],
)
def test_the_gravest_kind_that_holds_is_told(
    before: dict[str, Any], after: dict[str, Any], kind: Kind | None
) -> None:
    assert graded(changed(**before), changed(**after)) is kind


def test_a_change_names_old_and_new_value_and_verdict() -> None:
    after = changed(value=0.5, computed="50,0 %", verdict="contradicted")
    (change,) = compared({"prove.svar": FINDING}, {"prove.svar": after})
    told = {one.name: (one.before, one.after) for one in change.aspects}
    assert change.what == "prove.svar"
    assert told == {
        "verdict": ("reproduced", "contradicted"),
        "value": (0.632, 0.5),
        "computed": ("63,2 %", "50,0 %"),
    }


def test_findings_that_come_and_go_are_told_with_what_they_say() -> None:
    old, new = changed(id="prove.gammel"), changed(id="prove.ny", published="8 av 10")
    gone, added = compared({"prove.gammel": old}, {"prove.ny": new})
    assert (gone.kind, gone.what) == (Kind.REMOVED, "prove.gammel")
    assert (added.kind, added.what) == (Kind.ADDED, "prove.ny")
    assert added.aspect("published").after == "8 av 10"  # type: ignore[union-attr]


def test_an_edition_made_before_a_field_was_added_is_no_change() -> None:
    older = {name: value for name, value in FINDING.items() if name != "transcribed"}
    assert list(compared({"prove.svar": older}, {"prove.svar": FINDING})) == []
