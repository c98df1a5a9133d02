"""Which verdict follows from which result."""

import pytest

from kompendium.facts import Verdict, quantity
from kompendium.register import Result, bounded, computed, strongest, verdict

REPRODUCED, CONTRADICTED = Verdict.REPRODUCED, Verdict.CONTRADICTED
COMPATIBLE, UNTESTABLE = Verdict.COMPATIBLE, Verdict.UNTESTABLE

TABLE = [
    ("63 prosent", computed(276 / 437, "register"), REPRODUCED),
    ("73 prosent", computed(276 / 437, "register"), CONTRADICTED),
    ("84 prosent", computed(302 / 356, "register"), CONTRADICTED),
    ("63 prosent", computed(0.63, "survey"), REPRODUCED),
    ("63 prosent", computed(0.63, "illustration"), UNTESTABLE),
    ("63 prosent", None, UNTESTABLE),
    ("63 prosent", bounded(0.5, 0.7, "arithmetic"), COMPATIBLE),
    ("63 prosent", bounded(0.626, 0.634, "arithmetic"), REPRODUCED),
    ("63 prosent", bounded(0.64, 0.7, "arithmetic"), CONTRADICTED),
    ("63 prosent", bounded(0.5, 0.625, "arithmetic"), COMPATIBLE),
    ("63 prosent", bounded(0.635, 0.7, "arithmetic"), CONTRADICTED),
    ("nesten dobbelt så mange", bounded(47.5 / 26.5, 48.5 / 25.5, "arithmetic"), REPRODUCED),
    ("10 tjenester", computed(8, "register"), CONTRADICTED),
    ("i større grad", computed(0.01, "survey"), REPRODUCED),
    ("i større grad", computed(0.0, "survey"), CONTRADICTED),
    ("status: ferdig", computed("Ferdig", "register"), REPRODUCED),
    ("status: ferdig", computed("i rute", "register"), CONTRADICTED),
]


@pytest.mark.parametrize(("wording", "result", "expected"), TABLE)
def test_verdict(wording: str, result: Result | None, expected: Verdict) -> None:
    assert verdict(quantity(wording), result) is expected


def test_a_word_for_a_number_is_a_mistake_and_not_a_verdict() -> None:
    with pytest.raises(TypeError, match="63 prosent"):
        verdict(quantity("63 prosent"), computed("mange", "register"))


def test_a_number_for_a_word_is_a_mistake_and_not_a_verdict() -> None:
    with pytest.raises(TypeError, match="status: ferdig"):
        verdict(quantity("status: ferdig"), bounded(0, 1, "register"))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_result_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        computed(value, "survey")
    with pytest.raises(ValueError, match="finite"):
        bounded(0, value, "survey")


def test_respondents_decide_before_registers_and_registers_before_arithmetic() -> None:
    survey, register = computed(0.8, "survey"), computed(0.7, "register")
    bounds = bounded(0.1, 0.9, "arithmetic")
    made_up = computed(0.8, "illustration")
    assert strongest([made_up, bounds, register, survey]) is survey
    assert strongest([bounds, register]) is register
    assert strongest([made_up]) is None
    assert strongest([]) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"evidence": "register"}, "either a value or"),
        ({"evidence": "register", "value": 1, "low": 0, "high": 2}, "either a value or"),
        ({"evidence": "register", "low": 2, "high": 1}, "is above the upper"),
        ({"evidence": "hearsay", "value": 1}, "evidence"),
    ],
)
def test_a_result_is_a_value_or_bounds_and_rests_on_something(
    fields: dict[str, object], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        Result.model_validate(fields)
