"""Codebooks: what a survey asked whom, and which published findings the answers settle.

One ``data/surveys/<id>/codebook.yml`` a survey. A share finding is answered by the share of a
base that gave one of some codes; an ordering or a ratio by two or more such shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from kompendium.facts.documents import InputError, Problem, line_of, load, read
from kompendium.facts.findings import Strict, Text, findings
from kompendium.facts.paths import Compendium
from kompendium.facts.size_classes import SSB

RESERVED = ("unit", "role", "status", "kind", "size_class")
"""Columns that describe the respondent, so that no question may be called so."""

Complaint = tuple[tuple[str | int, ...], str, str]
"""Where in the codebook, what is wrong, and the remedy."""


class Role(Strict):
    """Someone who answers for a unit; ``texts`` are what a survey file may call them."""

    label: Text
    texts: tuple[str, ...] = ()


class Condition(Strict):
    """Those who gave one of some codes to an earlier question."""

    variable: str
    codes: tuple[int, ...] = Field(min_length=1)


class Variable(Strict):
    """One question, or one box of a multiple choice, in our own words.

    ``roles`` are those asked; ``role_stated`` tells whether the report says so, otherwise it is
    our assumption. ``codes`` are in the order of the answers. ``missing`` are those of them that
    stand for no answer (a blank cell is something else: not asked, or left empty); ``unsure``
    are answers, but say only that the respondent does not know. The boxes of one ``choice``
    belong together: the first code is a ticked box, and whoever was asked ticks at least one.
    ``source`` are names a survey file may have for the variable, ``texts`` other texts of codes.
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

    @field_validator("codes")
    @classmethod
    def _labels_differ(cls, codes: dict[int, str]) -> dict[int, str]:
        if len(set(codes.values())) < len(codes):
            raise ValueError("two codes have the same label")
        return codes

    @property
    def valid(self) -> tuple[int, ...]:
        """The codes that are answers."""
        return tuple(code for code in self.codes if code not in self.missing)


class Sizes(Strict):
    """Units of some sizes: at least ``least`` persons, under ``below``; limits of a class."""

    least: int | None = None
    below: int | None = None

    @model_validator(mode="after")
    def _limits(self) -> Self:
        limits = [limit for limit in (self.least, self.below) if limit is not None]
        if not limits or any(limit not in SSB.cuts for limit in limits):
            cuts = ", ".join(map(str, SSB.cuts))
            raise ValueError(f"sizes need least or below, each one of {cuts}")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """The size classes that lie within."""
        low = SSB.cuts.index(self.least) + 1 if self.least is not None else 0
        high = SSB.cuts.index(self.below) + 1 if self.below is not None else len(SSB.labels)
        return SSB.labels[low:high]


class Part(Strict):
    """A share: those of a base who gave one of some codes.

    Without ``base``, the base is everyone who gave a valid answer. With it, everyone who meets
    it; one who for that reason was never asked the question counts as not giving the codes.
    """

    variable: str
    codes: tuple[int, ...] = Field(min_length=1)
    base: Condition | None = None
    sizes: Sizes | None = None


class Rank(StrEnum):
    """Which of several shares a statement about all, most or any of them rests on."""

    LOWEST = "lowest"
    HIGHEST = "highest"
    MOST = "most"


class Ranked(Strict):
    """A statement about several shares at once.

    ``lowest`` and ``highest`` are the smallest and the largest share: what holds for them holds
    for each. ``most`` is the largest share that more than half of them reach.
    """

    rank: Rank
    among: tuple[Part, ...] = Field(min_length=2)


class Difference(Strict):
    """Every share of ``of`` held against every share of ``to``; the narrowest pair decides."""

    of: tuple[Part, ...] = Field(min_length=1)
    to: tuple[Part, ...] = Field(min_length=1)


class Ratio(Strict):
    """How many times larger one share is than another."""

    of: Part
    to: Part


class Answer(Strict):
    """Which computation on the respondents answers a finding: exactly one of the four."""

    finding: str
    share: Part | None = None
    ranked: Ranked | None = None
    difference: Difference | None = None
    ratio: Ratio | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = (self.share, self.ranked, self.difference, self.ratio)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("an answer is exactly one of share, ranked, difference and ratio")
        return self

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every share the answer is made of."""
        if self.share is not None:
            return (self.share,)
        if self.ranked is not None:
            return self.ranked.among
        if self.ratio is not None:
            return (self.ratio.of, self.ratio.to)
        assert self.difference is not None
        return (*self.difference.of, *self.difference.to)


class Answering(Strict):
    """Where the number of units that answered is printed: a finding and its given number."""

    finding: str
    given: str = "answered"


class Codebook(Strict):
    """A survey: its frame, roles, questions and the findings it answers.

    ``source`` are names a survey file may have for the columns that describe the respondent.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    frame: int
    answering: Answering
    roles: dict[str, Role] = Field(min_length=1)
    variables: tuple[Variable, ...] = Field(min_length=1)
    answers: tuple[Answer, ...] = ()
    source: dict[Literal["unit", "role", "status"], tuple[str, ...]] = Field(default_factory=dict)

    @property
    def questions(self) -> dict[str, Variable]:
        """Every variable by name, in the order asked."""
        return {variable.name: variable for variable in self.variables}

    @property
    def answered(self) -> int:
        """The published number of units that answered at least in part."""
        given = findings()[self.answering.finding].given
        return int(given[self.answering.given])

    def answer(self, finding: str) -> Answer:
        """What answers a finding; raises KeyError where the survey does not."""
        for answer in self.answers:
            if answer.finding == finding:
                return answer
        raise KeyError(f"the codebook of {self.id} has no answer to «{finding}»")

    def complaints(self) -> Iterator[Complaint]:
        """What is wrong between the parts of the codebook, each with its place."""
        yield from self._variable_complaints()
        seen: set[str] = set()
        for place, answer in enumerate(self.answers):
            where: tuple[str | int, ...] = ("answers", place)
            if answer.finding in seen:
                yield where, f"{answer.finding} is answered twice", "keep one of the answers"
            seen.add(answer.finding)
            for part in answer.parts:
                yield from self._part_complaints(where, part)

    def _variable_complaints(self) -> Iterator[Complaint]:
        earlier: dict[str, Variable] = {}
        for place, variable in enumerate(self.variables):
            where: tuple[str | int, ...] = ("variables", place)
            name = variable.name
            if name in earlier:
                yield where, f"{name} stands twice", "give each question a name of its own"
            if name in RESERVED:
                yield where, f"{name} describes the respondent", "give the question another name"
            for role in variable.roles:
                if role not in self.roles:
                    remedy = f"use one of {', '.join(self.roles)}"
                    yield where, f"{name}: no role «{role}»", remedy
            for code in (*variable.missing, *variable.unsure, *variable.texts):
                if code not in variable.codes:
                    yield where, f"{name}: code {code} has no label", "add it to codes"
            if variable.asked_if is not None:
                before = earlier.get(variable.asked_if.variable)
                yield from _condition_complaints(where, variable, variable.asked_if, before)
            earlier[name] = variable
            boxes = [one for one in self.variables if one.choice == variable.choice is not None]
            if any(
                (box.roles, box.asked_if) != (variable.roles, variable.asked_if) for box in boxes
            ):
                remedy = "give all boxes the same roles and asked_if"
                yield where, f"{name}: boxes of {variable.choice} are asked of different", remedy

    def _part_complaints(self, where: tuple[str | int, ...], part: Part) -> Iterator[Complaint]:
        variable = self.questions.get(part.variable)
        if variable is None:
            yield where, f"no variable «{part.variable}»", "correct the name or add the variable"
            return
        for code in part.codes:
            if code not in variable.valid:
                remedy = f"use one of {', '.join(map(str, variable.valid))}"
                yield where, f"{part.variable} has no valid code {code}", remedy
        if part.base is not None:
            before = self.questions.get(part.base.variable)
            yield from _condition_complaints(where, variable, part.base, before)


def _condition_complaints(
    where: tuple[str | int, ...], variable: Variable, condition: Condition, on: Variable | None
) -> Iterator[Complaint]:
    if on is None:
        message = f"{variable.name} depends on «{condition.variable}», which is not asked before it"
        yield where, message, "correct the name or move the question"
        return
    if not set(variable.roles) <= set(on.roles):
        message = f"{variable.name} and {on.name} are asked of different roles"
        yield where, message, "a condition holds within one respondent: use the same roles"
    for code in condition.codes:
        if code not in on.codes:
            remedy = f"use one of {', '.join(map(str, on.codes))}"
            yield where, f"{on.name} has no code {code}", remedy


def load_codebook(path: Path) -> Codebook:
    """Read a codebook; raises InputError with every problem, each with its line."""
    book = load(path, Codebook)
    complaints = [*book.complaints(), *_finding_complaints(book)]
    if book.id != path.parent.name:
        remedy = f"name the folder {book.id} or change the id"
        complaints.append((("id",), "the survey's id is not the folder's name", remedy))
    if complaints:
        document = read(path)
        raise InputError(
            Problem(path, line_of(document, where), message, remedy)
            for where, message, remedy in complaints
        )
    return book


def _finding_complaints(book: Codebook) -> Iterator[Complaint]:
    known = findings()
    for place, answer in enumerate(book.answers):
        if answer.finding not in known:
            message = f"no finding «{answer.finding}» in data/findings"
            yield ("answers", place, "finding"), message, "correct the id"
    source = book.answering
    if source.finding not in known or source.given not in known[source.finding].given:
        message = f"{source.finding} does not give the number «{source.given}»"
        yield ("answering",), message, "name a finding and its given number"


def codebook(survey: str) -> Codebook:
    """The codebook of a survey by its id, such as ``"ramboll-2020"``; raises InputError."""
    return load_codebook(Compendium.find().surveys / survey / "codebook.yml")
