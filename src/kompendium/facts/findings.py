"""Published statements, held in ``data/findings`` with one YAML a report.

A finding is one statement in the project's own words, with the quantity its published
wording allows. Figures carry over from the source; its sentences do not.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kompendium.facts.documents import InputError, Problem, line_of, load, read
from kompendium.facts.language import either
from kompendium.facts.numbers import HARD_SPACE
from kompendium.facts.paths import Compendium
from kompendium.facts.quantities import Quantity
from kompendium.facts.vocabulary import Verdict
from kompendium.facts.wordings import UnknownWordingError, quantity

SHORT = 14
"""Characters of a wording that fit on one line of a narrow column."""


def anchor(id: str) -> str:
    """The stable address of the finding with an id: the same in the register and in a chapter."""
    return "funn-" + id.replace(".", "-").replace("_", "-")


class Strict(BaseModel):
    """A model that refuses unknown keys, because a misspelt key is a lost statement.

    Its validator is built when the first document is read: often none is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Text(Strict):
    """A text in both languages of the compendium."""

    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __str__(self) -> str:
        """Read in the language in use."""
        return either(self.nb, self.en)


class Report(Strict):
    """A published report: who made it, when, and where it can be read."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: Text
    short: Text
    producer: str
    commissioner: str | None = None
    published: str
    url: str = Field(pattern=r"^https?://")
    source: str
    survey: str | None = None
    context: bool = False
    note: Text | None = None


class Finding(Strict):
    """One published statement and what it takes to test it.

    ``transcribed`` tells that nothing but our own transcription of the page can test it: a
    name or a count that we have read there. Reproducing it shows no more than care.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(\.[a-z0-9_]+)+$")
    statement: Text
    published: str = Field(alias="quantity")
    base: Text
    frame: int | None = None
    page: str | None = None
    measure: int | None = None
    ministry: str | None = None
    expected: Verdict
    transcribed: bool = False
    reason: Text | None = None
    needs: Text | None = None
    given: dict[str, Any] = Field(default_factory=dict)
    report: str = ""

    @field_validator("published")
    @classmethod
    def _known_wording(cls, wording: str) -> str:
        try:
            quantity(wording)
        except UnknownWordingError as error:
            raise ValueError(str(error)) from None
        return wording

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if self.expected is Verdict.CONTRADICTED and self.reason is None:
            raise ValueError("a contradicted finding needs a reason readers can follow")
        if self.expected is Verdict.UNTESTABLE and self.needs is None:
            raise ValueError("an untestable finding must say which data it needs")
        if self.transcribed and self.reason is None:
            raise ValueError("a finding tested on our own transcription must say so to readers")
        return self

    @property
    def quantity(self) -> Quantity:
        """What the published wording allows."""
        return quantity(self.published)

    @property
    def printed(self) -> str:
        """The wording for tables: on one line where it is short."""
        short = len(self.published) <= SHORT
        return self.published.replace(" ", HARD_SPACE) if short else self.published

    @property
    def anchor(self) -> str:
        """The finding's stable address within the book, without the number sign."""
        return anchor(self.id)


class ReportFile(Strict):
    """The whole of one file in ``data/findings``."""

    report: Report
    findings: tuple[Finding, ...]


def load_reports(folder: Path) -> tuple[ReportFile, ...]:
    """Read every report file of a folder; raises InputError with all problems of all files."""
    files: list[ReportFile] = []
    problems: list[Problem] = []
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            file = load(path, ReportFile)
        except InputError as error:
            problems += error.problems
            continue
        if file.report.id != path.stem:
            remedy = f"name the file {file.report.id}.yml or change the id"
            problems.append(Problem(path, 1, "the report's id is not the file's name", remedy))
        for place, one in enumerate(file.findings):
            if one.id in seen:
                line = line_of(read(path), ("findings", place, "id"))
                message = f"finding {one.id} stands in {seen[one.id].name} already"
                problems.append(Problem(path, line, message, "give it an id of its own"))
            seen[one.id] = path
        named = [one.model_copy(update={"report": file.report.id}) for one in file.findings]
        files.append(file.model_copy(update={"findings": tuple(named)}))
    if problems:
        raise InputError(problems)
    return tuple(files)


@lru_cache(maxsize=4)
def _reports(folder: Path) -> tuple[ReportFile, ...]:
    return load_reports(folder)


def reports() -> dict[str, Report]:
    """Every report of the compendium by id: the main ones by source, then the context."""
    all_of_them = [file.report for file in _reports(Compendium.find().findings)]
    in_order = sorted(all_of_them, key=lambda report: (report.context, report.source, report.id))
    return {report.id: report for report in in_order}


def findings(report: str | None = None) -> dict[str, Finding]:
    """Every finding of the compendium by id, or those of one report (KeyError if unknown)."""
    files = {file.report.id: file for file in _reports(Compendium.find().findings)}
    if report is not None and report not in files:
        raise KeyError(f"no report «{report}» in data/findings")
    names = [report] if report is not None else list(reports())
    return {one.id: one for name in names for one in files[name].findings}


def finding(id: str) -> Finding:
    """One finding by its id; raises KeyError with the id where there is none."""
    try:
        return findings()[id]
    except KeyError:
        raise KeyError(f"no finding «{id}» in data/findings") from None
