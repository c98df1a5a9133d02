"""What a notebook computed for a finding, in the form that travels inside the notebook."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from kompendium.facts.vocabulary import Evidence

MIME = "application/vnd.kompendium.results+json"
"""The type of the cell output that carries results; its content maps finding ids to results."""

DECIMALS = 12
"""Decimals kept of a computed number: more is noise of the processor."""


class Result(BaseModel):
    """A computed value, or the bounds of what can be computed, and what it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    evidence: Evidence
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    interval: tuple[float, float] | None = None
    note: str = ""

    @model_validator(mode="after")
    def _value_or_bounds(self) -> Self:
        bounded = self.low is not None and self.high is not None
        if (self.value is not None) == bounded:
            raise ValueError("a result is either a value or a pair of bounds")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the lower bound {self.low} is above the upper {self.high}")
        return self

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The lowest and highest number the result allows; None for a category."""
        if isinstance(self.value, str):
            return None
        if self.value is not None:
            return self.value, self.value
        assert self.low is not None
        assert self.high is not None
        return self.low, self.high

    def content(self) -> dict[str, Any]:
        """The result as JSON carries it, without what is empty."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def computed(
    value: float | str,
    evidence: str | Evidence,
    interval: tuple[float, float] | None = None,
    note: str = "",
) -> Result:
    """Build a result that is one number (in the finding's unit) or one category.

    ``interval`` is a confidence interval, kept for readers; a verdict rests on the value.
    """
    if not isinstance(value, str):
        value = round(float(value), DECIMALS)
    if interval is not None:
        interval = (round(float(interval[0]), DECIMALS), round(float(interval[1]), DECIMALS))
    return Result(evidence=Evidence(evidence), value=value, interval=interval, note=note)


def bounded(low: float, high: float, evidence: str | Evidence, note: str = "") -> Result:
    """Build a result of which only bounds are known, such as one made of rounded figures."""
    return Result(
        evidence=Evidence(evidence),
        low=round(float(low), DECIMALS),
        high=round(float(high), DECIMALS),
        note=note,
    )
