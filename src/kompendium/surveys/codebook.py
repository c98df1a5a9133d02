"""Codebooks: what a survey asked whom, and which published findings the answers settle.

One ``data/surveys/<id>/codebook.yml`` a survey. ``variables`` describes the questions, ``parts``
what answers a finding. A survey that is repeated names its ``series``; a question that keeps
its name from one wave to the next is then the same question, or the codebook says why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from kompendium.facts.documents import InputError, Problem, line_of, load, read
from kompendium.facts.findings import Strict, Text, findings
from kompendium.facts.paths import Compendium
from kompendium.surveys.parts import (
    Answer,
    Condition,
    Development,
    Difference,
    Part,
    Rank,
    Ranked,
    Ratio,
    Sizes,
)
from kompendium.surveys.variables import Role, Variable

__all__ = [
    "RESERVED",
    "Answer",
    "Answering",
    "Codebook",
    "Condition",
    "Development",
    "Difference",
    "Part",
    "Rank",
    "Ranked",
    "Ratio",
    "Role",
    "Sizes",
    "Variable",
    "codebook",
    "load_codebook",
    "waves",
]

FILE = "codebook.yml"

RESERVED = ("unit", "role", "status", "weight", "kind", "size_class")
"""Columns that describe the respondent, so that no question may be called so."""

SAME = {
    "question": "question",
    "codes": "codes",
    "missing": "missing codes",
    "roles": "roles",
    "asked_if": "condition",
}
"""What must be the same of a question for its answers to be compared over time."""

Where = tuple[str | int, ...]
"""A place in the codebook."""

Complaint = tuple[Where, str, str]
"""Where in the codebook, what is wrong, and the remedy."""


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
    series: str | None = Field(default=None, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    answering: Answering | None = None
    roles: dict[str, Role] = Field(min_length=1)
    variables: tuple[Variable, ...] = Field(min_length=1)
    answers: tuple[Answer, ...] = ()
    changes: tuple[Development, ...] = ()
    source: dict[Literal["unit", "role", "status", "weight"], tuple[str, ...]] = Field(
        default_factory=dict
    )

    @property
    def questions(self) -> dict[str, Variable]:
        """Every variable by name, in the order asked."""
        return {variable.name: variable for variable in self.variables}

    @property
    def answered(self) -> int:
        """The published number of units that answered at least in part; 0 if none is published."""
        if self.answering is None:
            return 0
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
        for where, finding, parts in self._answers():
            if finding in seen:
                yield where, f"{finding} is answered twice", "keep one of the answers"
            seen.add(finding)
            for part in parts:
                yield from self._part_complaints(where, part)

    def _answers(self) -> Iterator[tuple[Where, str, tuple[Part, ...]]]:
        """Everything that answers a finding: its place, the finding and its shares."""
        for place, answer in enumerate(self.answers):
            yield ("answers", place), answer.finding, answer.parts
        for place, change in enumerate(self.changes):
            yield ("changes", place), change.finding, change.of

    def _variable_complaints(self) -> Iterator[Complaint]:
        earlier: dict[str, Variable] = {}
        for place, variable in enumerate(self.variables):
            where: Where = ("variables", place)
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

    def _part_complaints(self, where: Where, part: Part) -> Iterator[Complaint]:
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
    where: Where, variable: Variable, condition: Condition, on: Variable | None
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


def _finding_complaints(book: Codebook) -> Iterator[Complaint]:
    known = findings()
    for where, finding, _ in book._answers():
        if finding not in known:
            message = f"no finding «{finding}» in data/findings"
            yield (*where, "finding"), message, "correct the id"
    source = book.answering
    if source is not None and (
        source.finding not in known or source.given not in known[source.finding].given
    ):
        message = f"{source.finding} does not give the number «{source.given}»"
        yield ("answering",), message, "name a finding and its given number"


def _series_complaints(book: Codebook, earlier: dict[str, Codebook]) -> Iterator[Complaint]:
    """Questions that are not what they were in earlier waves, and waves that are not there."""
    for wave in earlier.values():
        if wave.frame == book.frame:
            message = f"{wave.id} is the wave of {book.frame} in the series {book.series} already"
            yield ("frame",), message, "give the year of the frame, or leave out the series"
        for place, variable in enumerate(book.variables):
            before = wave.questions.get(variable.name)
            if before is None or variable.changed is not None:
                continue
            for name, said in SAME.items():
                if getattr(before, name) != getattr(variable, name):
                    message = f"{variable.name} has other {said} than in {wave.id}"
                    remedy = "make them the same, rename it, or say why under changed:"
                    yield ("variables", place), message, remedy
    for place, change in enumerate(book.changes):
        where: Where = ("changes", place)
        for since in change.since:
            if since not in earlier:
                known = ", ".join(earlier) or "none"
                yield where, f"{since} is no earlier wave of the series", f"there are: {known}"
                continue
            for part in change.of:
                names = [part.variable] + ([part.base.variable] if part.base else [])
                for name in names:
                    if name in book.questions and book.questions[name].changed is not None:
                        yield where, f"{name} is changed, and cannot be compared", "leave it out"
                    elif name not in earlier[since].questions:
                        remedy = "leave the wave out, or describe the question there"
                        yield where, f"{since} does not ask {name}", remedy


def load_codebook(path: Path) -> Codebook:
    """Read a codebook; raises InputError with every problem, each with its line.

    A wave of a series is held against the waves before it, which must be right themselves.
    """
    book = load(path, Codebook)
    complaints = [*book.complaints(), *_finding_complaints(book)]
    complaints += _series_complaints(book, _earlier(book, path.parent.parent))
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


def codebook(survey: str) -> Codebook:
    """The codebook of a survey by its id, such as ``"ramboll-2020"``; raises InputError."""
    return load_codebook(Compendium.find().surveys / survey / FILE)


def waves(series: str) -> tuple[Codebook, ...]:
    """The codebooks of a series in the order of years; empty if none names it."""
    found = map(load_codebook, _files(series, Compendium.find().surveys))
    return tuple(sorted(found, key=lambda book: book.frame))


def _files(series: str, surveys: Path) -> Iterator[Path]:
    """The codebooks that name a series, found without parsing the others."""
    named = re.compile(rf"^series:\s*[\"']?{re.escape(series)}[\"']?\s*(#.*)?$", re.MULTILINE)
    for path in sorted(surveys.glob(f"*/{FILE}")):
        if named.search(path.read_text(encoding="utf-8", errors="replace")):
            yield path


def _earlier(book: Codebook, surveys: Path) -> dict[str, Codebook]:
    """The other waves of a codebook's series whose frame is not later, in the order of years."""
    if book.series is None:
        return {}
    others = [load(path, Codebook) for path in _files(book.series, surveys)]
    before = [one for one in others if one.id != book.id and one.frame <= book.frame]
    return {one.id: one for one in sorted(before, key=lambda one: one.frame)}
