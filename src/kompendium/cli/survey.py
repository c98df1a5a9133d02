"""The command ``kompendium survey``: real answers in, checked whole, and out again."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from kompendium.cli.exits import Exit
from kompendium.cli.printing import messages, output, say
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.surveys.codebook import codebook
from kompendium.surveys.intake import Intake, examine, held, known, remove, surveys, take_in
from kompendium.surveys.mapping import Failure
from kompendium.surveys.respondents import respondents
from kompendium.surveys.template import template

app = typer.Typer(help="Take real answers in, look at them, and take them out.")

FileArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="SurveyXact .xlsx or CSV files (any of the three, or their folder), "
        ".sav, .dta, .csv or .parquet.",
    ),
]
SurveyOption = Annotated[str, typer.Option("--survey", metavar="ID", help="Which survey it is.")]
SurveyArgument = Annotated[str, typer.Argument(metavar="ID", help="Which survey.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


@app.command()
def add(
    file: FileArgument,
    survey: SurveyOption,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over answers that are there already.")
    ] = False,
) -> None:
    """Take a file of answers in, whole or not at all."""
    intake = examine(file, survey)
    _explain(intake)
    if intake.failures:
        say("Nothing was taken in.", "bold red")
        raise typer.Exit(Exit.INPUT)
    place = Compendium.find().relative(take_in(intake, replace=replace))
    say(f"Taken in: {place}, outside git. «kompendium build» brings the verdicts.", "bold")


@app.command()
def check(file: FileArgument, survey: SurveyOption, json: JsonOption = False) -> None:
    """Hold a file against the codebook and the frame without taking it in."""
    intake = examine(file, survey)
    if json:
        _print_json(
            {
                "survey": intake.book.id,
                "format": intake.format,
                "answered": intake.answered,
                "silent": intake.silent,
                "notes": intake.notes,
                "left_out": intake.left_out,
                "failures": [asdict(one) for one in intake.failures],
            }
        )
    else:
        _explain(intake)
        if not intake.failures:
            say("The file can be taken in.", "bold")
    raise typer.Exit(Exit.INPUT if intake.failures else Exit.DONE)


@app.command("list")
def list_surveys(json: JsonOption = False) -> None:
    """List the surveys and whether real answers lie there."""
    lines = [_line(survey) for survey in surveys()]
    if json:
        _print_json([asdict(line) for line in lines])
        return
    table = Table()
    for header in ("Survey", "Title", "Frame", "Questions", "Answers"):
        table.add_column(header, overflow="fold")
    for line in lines:
        told = WORDS[line.answers].format(line.respondents)
        table.add_row(line.id, line.title, str(line.frame), str(line.questions), told)
    output.print(table)


@app.command("remove")
def remove_answers(
    survey: SurveyArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Really remove them.")] = False,
) -> None:
    """Remove the real answers of a survey; its codebook stays."""
    known(survey)
    here = Compendium.find()
    files = held(survey)
    if not files:
        place = here.surveys / survey
        raise InputError([Problem(place, 1, "there are no real answers", "nothing to remove")])
    if not yes:
        raise InputError(
            Problem(file, 1, "would be removed", "add --yes to remove it") for file in files
        )
    for file in remove(survey):
        say(f"Removed: {here.relative(file)}", "bold")
    say("What was made of them stays in outputs/ until «kompendium build».")


@app.command("template")
def write_template(
    survey: SurveyArgument,
    kind: Annotated[Literal["xlsx", "csv"], typer.Option("--format", help="Which kind.")] = "xlsx",
    place: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Where; else in the survey's folder."),
    ] = None,
) -> None:
    """Write an empty table with labels, to be filled in and taken in with «survey add»."""
    here = Compendium.find()
    for file in template(survey, kind, place):
        say(f"Written: {here.relative(file)}", "bold")


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
    "illustration": "none, an illustration is shown",
    "invalid": "real, but they break the contract: «survey check»",
}


def _line(survey: str) -> Line:
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


def _print_json(listing: object) -> None:
    print(json.dumps(listing, ensure_ascii=False, indent=1))


def _explain(intake: Intake) -> None:
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
    """Every failure, rows with the same one together."""
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
        table.add_row(ranges(rows), *(Text(said) for said in (variable, wrong, remedy)))
    return table


def ranges(rows: Sequence[int]) -> str:
    """Row numbers with neighbours drawn together; 0 is the file as a whole."""
    return ", ".join(_spans(row for row in rows if row)) or "all"


def _spans(rows: Iterable[int]) -> Iterable[str]:
    for _, span in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
        numbers = [row for _, row in span]
        ends = (numbers[0], numbers[-1])
        yield f"{ends[0]}–{ends[1]}" if len(numbers) > 1 else str(ends[0])
