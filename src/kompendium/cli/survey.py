"""The command ``kompendium survey``: real answers in, checked whole, and out again.

What needs pandas is imported by the command that uses it, so that other commands stay quick.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from kompendium.cli.exits import Exit
from kompendium.cli.messages import say
from kompendium.cli.options import JsonOption
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium

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


@app.command()
def add(
    file: FileArgument,
    survey: SurveyOption,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over answers that are there already.")
    ] = False,
) -> None:
    """Take a file of answers in, whole or not at all."""
    from kompendium.cli.intakes import explain
    from kompendium.surveys.intake import examine, take_in

    intake = examine(file, survey)
    explain(intake)
    if intake.failures:
        say("Nothing was taken in.", "bold red")
        raise typer.Exit(Exit.INPUT)
    place = Compendium.find().relative(take_in(intake, replace=replace))
    say(f"Taken in: {place}, outside git. «kompendium build» brings the verdicts.", "bold")


@app.command()
def check(file: FileArgument, survey: SurveyOption, json: JsonOption = False) -> None:
    """Hold a file against the codebook and the frame without taking it in."""
    from kompendium.cli.intakes import explain
    from kompendium.surveys.intake import examine

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
        explain(intake)
        if not intake.failures:
            say("The file can be taken in.", "bold")
    raise typer.Exit(Exit.INPUT if intake.failures else Exit.DONE)


@app.command("list")
def list_surveys(json: JsonOption = False) -> None:
    """List the surveys and whether real answers lie there."""
    from kompendium.cli.intakes import line, listing
    from kompendium.cli.printing import output
    from kompendium.surveys.intake import surveys

    lines = [line(survey) for survey in surveys()]
    if json:
        _print_json([asdict(one) for one in lines])
    else:
        output.print(listing(lines))


@app.command("remove")
def remove_answers(
    survey: SurveyArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Really remove them.")] = False,
) -> None:
    """Remove the real answers of a survey; its codebook stays."""
    from kompendium.surveys.intake import held, known, remove

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
    from kompendium.surveys.template import template

    here = Compendium.find()
    for file in template(survey, kind, place):
        say(f"Written: {here.relative(file)}", "bold")


def _print_json(listing: object) -> None:
    print(json.dumps(listing, ensure_ascii=False, indent=1))
