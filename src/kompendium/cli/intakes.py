"""What ``kompendium survey`` shows: the surveys there are, and how a file was read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rich.table import Table
from rich.text import Text

from kompendium.cli.messages import say
from kompendium.cli.printing import messages
from kompendium.facts.documents import InputError
from kompendium.surveys.codebook import codebook
from kompendium.surveys.intake import Intake, held
from kompendium.surveys.mapping import Failure
from kompendium.surveys.respondents import respondents


@dataclass(frozen=True)
class Line:
    """A survey as the listing shows it; ``respondents`` where real answers can be read."""

    id: str
    title: str
    frame: int
    questions: int
    published: int
    answers: Literal["survey", "illustration", "invalid"]
    respondents: int | None


WORDS = {
    "survey": "real: {}",
    "illustration": "none yet",
    "invalid": "real, but they break the contract: «survey check»",
}

SPANS = 12
"""Stretches of rows that are told of one failure; ``--json`` has every row."""


def line(survey: str) -> Line:
    """What the listing says of one survey."""
    book = codebook(survey)
    number = None
    answers: Literal["survey", "illustration", "invalid"] = "illustration"
    if held(survey):
        try:
            answers, number = "survey", len(respondents(book))
        except InputError:
            answers = "invalid"
    questions = len(book.variables)
    return Line(survey, book.title.nb, book.frame, questions, book.answered, answers, number)


def listing(lines: Iterable[Line]) -> Table:
    """The surveys as a table."""
    table = Table()
    for header in ("Survey", "Title", "Frame", "Questions", "Answers"):
        table.add_column(header, overflow="fold")
    for line in lines:
        told = WORDS[line.answers].format(line.respondents)
        table.add_row(line.id, line.title, str(line.frame), str(line.questions), told)
    return table


def explain(intake: Intake) -> None:
    """Say how the file was read, what was changed on the way, and every failure."""
    say(f"{intake.file.name}: read as {intake.format}")
    for note in intake.notes:
        say(f"  {note}")
    if intake.left_out:
        say(f"  not in the codebook, left out: {', '.join(intake.left_out)}")
    if intake.silent:
        say(f"  did not answer, left out: {_counted(intake.silent, 'row')}")
    for role, number in intake.answered.items():
        say(f"  answered as {role}: {_counted(number, 'row')}")
    if intake.failures:
        messages.print(_failures(intake))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _failures(intake: Intake) -> Table:
    """Every failure, rows with the same one together and no more of them than can be read."""
    counted = "row 1 is the header" if intake.header else "row 1 is the first respondent"
    kinds = len({(one.variable, one.wrong, one.remedy) for one in intake.failures})
    title = f"{_counted(len(intake.failures), 'failure')}, {_counted(kinds, 'kind')} ({counted})"
    table = Table(title=title, title_justify="left")
    for header in ("Row", "Variable", "What is wrong", "Remedy"):
        table.add_column(header, overflow="fold")

    def kind(one: Failure) -> tuple[str, str, str]:
        return one.variable, one.wrong, one.remedy

    groups = [
        (one, sorted(failure.row for failure in alike))
        for one, alike in groupby(sorted(intake.failures, key=kind), kind)
    ]
    for (variable, wrong, remedy), rows in sorted(groups, key=lambda group: group[1][0]):
        table.add_row(shortened(rows), *(Text(said) for said in (variable, wrong, remedy)))
    return table


def ranges(rows: Sequence[int]) -> str:
    """Row numbers with neighbours drawn together; 0 is the file as a whole."""
    return ", ".join(_spans(row for row in rows if row)) or "all"


def shortened(rows: Sequence[int]) -> str:
    """The first of many row numbers, and how many rows there are; few stand as they are."""
    spans = [*_spans(row for row in rows if row)]
    if len(spans) <= SPANS:
        return ranges(rows)
    return f"{', '.join(spans[: SPANS - 1])} … ({_counted(len(rows), 'row')})"


def _spans(rows: Iterable[int]) -> Iterable[str]:
    for _, span in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
        numbers = [row for _, row in span]
        ends = (numbers[0], numbers[-1])
        yield f"{ends[0]}–{ends[1]}" if len(numbers) > 1 else str(ends[0])
