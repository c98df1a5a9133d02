"""What a survey asked, and whom: its roles and its questions."""

from __future__ import annotations

from pydantic import Field, field_validator

from kompendium.facts.findings import Strict, Text
from kompendium.facts.language import either
from kompendium.surveys.labels import ENGLISH
from kompendium.surveys.parts import Condition


class Role(Strict):
    """Someone who answers for a unit; ``texts`` are what a survey file may call them."""

    label: Text
    texts: tuple[str, ...] = ()


class Variable(Strict):
    """One question, or one box of a multiple choice, in our own words.

    ``roles`` are those asked; ``role_stated`` tells whether the report says so, otherwise it is
    our assumption. ``codes`` are in the order of the answers. ``missing`` are those of them that
    stand for no answer (a blank cell is something else: not asked, or left empty); ``unsure``
    are answers, but say only that the respondent does not know. The boxes of one ``choice``
    belong together: the first code is a ticked box, and whoever was asked ticks at least one.
    ``source`` are names a survey file may have for the variable, ``texts`` other texts of codes.
    ``changed`` says why the question is not the one that earlier waves of the series asked.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    question: Text
    roles: tuple[str, ...] = Field(min_length=1)
    role_stated: bool = True
    codes: dict[int, str] = Field(min_length=2)
    missing: tuple[int, ...] = ()
    unsure: tuple[int, ...] = ()
    ordered: bool = False
    asked_if: Condition | None = None
    choice: str | None = None
    source: tuple[str, ...] = ()
    texts: dict[int, tuple[str, ...]] = Field(default_factory=dict)
    changed: Text | None = None

    @field_validator("codes")
    @classmethod
    def _labels_differ(cls, codes: dict[int, str]) -> dict[int, str]:
        if len(set(codes.values())) < len(codes):
            raise ValueError("two codes have the same label")
        return codes

    def label(self, code: int) -> str:
        """An answer in the language in use."""
        return either(self.codes[code], ENGLISH.get(self.codes[code], self.codes[code]))

    @property
    def valid(self) -> tuple[int, ...]:
        """The codes that are answers."""
        return tuple(code for code in self.codes if code not in self.missing)
