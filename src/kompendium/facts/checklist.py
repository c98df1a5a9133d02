"""Bufdir's advice to municipalities as a working checklist, held in ``data/checklist.yml``.

The page is prose with repeated sections; as phases, steps and questions with stable ids it can
be counted, printed with boxes to tick, and asked what concerns a small municipality.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from kompendium.facts.documents import load
from kompendium.facts.findings import Strict, Text
from kompendium.facts.language import either
from kompendium.facts.paths import Compendium

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Concern(StrEnum):
    """What a step is about, in the project's own sorting; the page has none."""

    SIZE = "size"
    COOPERATION = "cooperation"
    LEVELS = "levels"
    LEADERSHIP = "leadership"
    COMPETENCE = "competence"
    FUNDING = "funding"

    def word(self, lang: str | None = None) -> str:
        """The concern in the reader's language."""
        return either(NORWEGIAN[self], self.value, lang)


NORWEGIAN = {
    Concern.SIZE: "kommunestørrelse",
    Concern.COOPERATION: "samarbeid",
    Concern.LEVELS: "forebyggingsnivå",
    Concern.LEADERSHIP: "ledelse",
    Concern.COMPETENCE: "kompetanse",
    Concern.FUNDING: "økonomi",
}


class Source(Strict):
    """The report the checklist is taken from, by its id in ``data/findings``."""

    report: Id
    page: str


class Level(Strict):
    """One level of prevention."""

    id: Id
    name: Text
    about: Text


class Question(Strict):
    """One question the municipality should be able to answer."""

    id: Id
    text: Text


class Step(Strict):
    """One step of a phase; its place in the page's order is its place in the list."""

    id: Id
    name: Text
    advice: Text
    concerns: tuple[Concern, ...]
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _once("question", (question.id for question in self.questions))
        _once("concern", self.concerns)
        return self


class Phase(Strict):
    """One phase of the work, with its steps in order."""

    id: Id
    name: Text
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _once("step", (step.id for step in self.steps))
        return self


class Checklist(Strict):
    """The whole page: levels of prevention, and phases with steps and questions."""

    source: Source
    levels: tuple[Level, ...] = Field(min_length=1)
    phases: tuple[Phase, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _once("level", (level.id for level in self.levels))
        _once("phase", (phase.id for phase in self.phases))
        return self

    @property
    def steps(self) -> dict[str, Step]:
        """Every step in the page's order, by ``<phase>.<step>``."""
        return {f"{phase.id}.{step.id}": step for phase in self.phases for step in phase.steps}

    @property
    def questions(self) -> dict[str, Question]:
        """Every question in the page's order, by ``<phase>.<step>.<question>``."""
        return {
            f"{name}.{question.id}": question
            for name, step in self.steps.items()
            for question in step.questions
        }

    def concerning(self, concern: Concern) -> dict[str, Step]:
        """The steps about one concern, by ``<phase>.<step>``."""
        return {name: step for name, step in self.steps.items() if concern in step.concerns}


def checklist(*, compendium: Compendium | None = None) -> Checklist:
    """Read the compendium's checklist from ``data/checklist.yml``.

    Source: Bufdir's page of advice on parental support in municipalities, in the project's words.

    Raises:
        InputError: the file is not there or is wrong; carries every problem with its line.
    """
    return load((compendium or Compendium.find()).checklist, Checklist)


def _once(what: str, ids: Iterable[str]) -> None:
    """Refuse an id that stands twice, because counts and addresses rest on them."""
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ValueError(f"{what} «{name}» stands more than once")
        seen.add(name)
