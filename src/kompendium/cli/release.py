"""The command ``kompendium release``: editions made, listed, verified and run again.

What makes and compares is imported by the command that uses it, so that other commands stay quick.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date as calendar_day
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from kompendium.cli.exits import Exit
from kompendium.cli.messages import say
from kompendium.cli.options import JsonOption, PublisherOption
from kompendium.facts.paths import Compendium

if TYPE_CHECKING:
    from kompendium.publication import Book, Publisher
    from kompendium.publication.editions.conditions import Candidate, Wish
    from kompendium.publication.editions.reproduction import Reproduced
    from kompendium.publication.editions.shelf import Edition

NEW = "new"

NOTES = (".md", ".txt")
"""How names of files with notes end; notes themselves do not."""

SHOWN = 20
"""Differences shown of one kind; ``--json`` has all."""


class Numbered(TyperGroup):
    """A group of commands whose first word may be an edition's number: that makes it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read ``release 2026.1 …`` as ``release new 2026.1 …``."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [NEW, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Numbered,
    help="Make an edition: «kompendium release 2026.1 --date … --notes …». It never changes.",
    no_args_is_help=True,
)

NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="Which edition: 2026.1.")]


@app.command(NEW)
def new(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="A year, a point and its place in it: 2026.1.")
    ] = "",
    date: Annotated[
        str, typer.Option(metavar="DATE", help="The day it is released: 2026-11-22.")
    ] = "",
    notes: Annotated[
        str, typer.Option(metavar="TEXT|FILE", help="What is new, in Norwegian, for readers.")
    ] = "",
    notes_en: Annotated[
        str, typer.Option("--notes-en", metavar="TEXT|FILE", help="The same in English.")
    ] = "",
    publisher: PublisherOption = "auto",
) -> None:
    """Make an edition of the book as it stands (the word «new» may be left out)."""
    compendium = Compendium.find()
    told = _text(notes, "--notes"), _text(notes_en, "--notes-en")
    from kompendium.cli.locking import exclusive
    from kompendium.publication.editions import shelf
    from kompendium.publication.editions.conditions import Wish, refuse

    wish = Wish(number, date, *told)
    with exclusive(compendium):
        shelf.arrange(compendium)  # it is not, where a release was stopped just before
        candidate = _candidate(compendium)
        refuse(wish, candidate, shelf.newest(compendium), calendar_day.today())
        _make(candidate, wish, publisher)
    made = shelf.editions(compendium)[0]
    say(f"Edition {number}: {compendium.relative(made.folder / 'index.html')}", "bold")
    say(f"All editions: {compendium.relative(compendium.editions / shelf.INDEX)}")
    say(f"Its fingerprint, to keep elsewhere too (such as in a tag of git): {made.fingerprint}")


def _make(candidate: Candidate, wish: Wish, publisher: Publisher) -> None:
    """Make an edition, put it on the shelf, and let the book tell of it."""
    from kompendium.cli.products import book_formats, book_is_current, published
    from kompendium.publication.editions import shelf
    from kompendium.publication.editions.freezing import freeze

    compendium = candidate.compendium
    was_current = book_is_current(compendium, "auto", ())

    def begun(book: Book) -> None:
        lang = book.configuration.lang.split("-")[0]
        say(f"Making edition {wish.number} in every format ({lang}) …", "dim")

    freeze(candidate, wish, publisher, begun)
    shelf.arrange(compendium)
    if was_current:
        say("The book is made again: it tells of the editions there are.", "dim")
        published(compendium, "auto", book_formats(compendium))


def _text(given: str, option: str) -> str:
    """Notes as given, or those in the file that is named."""
    path = Path(given)
    named = len(given) < 256 and "\n" not in given and path.suffix in NOTES
    if named and not path.is_file():
        raise typer.BadParameter(f"there is no file {given}", param_hint=option)
    return path.read_text(encoding="utf-8") if named else given


def _candidate(compendium: Compendium) -> Candidate:
    """What an edition would be made of; the register is brought up to date where it can be."""
    from kompendium.cli.products import judged
    from kompendium.engine import statuses
    from kompendium.engine.memory import planned
    from kompendium.engine.selection import of_the_book
    from kompendium.publication.editions.conditions import Candidate

    runs = of_the_book(planned(compendium))
    there = all((compendium.executed / f"{run.id}.ipynb").exists() for run in runs)
    entries = judged(compendium, runs) if there else None
    return Candidate(compendium, statuses(runs, compendium), entries)


@app.command("list")
def list_editions(json: JsonOption = False) -> None:
    """List the editions with their dates and notes, the newest first."""
    from kompendium.publication.editions import shelf

    compendium = Compendium.find()
    if shelf.arrange(compendium):
        say("The list, the selector's script and latest/ are brought up to date.", "dim")
    found = shelf.editions(compendium)
    if json:
        _print_json([_described(one) for one in found])
    elif not found:
        say("There are no editions yet: «kompendium release 2026.1 --date … --notes …»")
    else:
        _print_editions(found)


def _described(one: Edition) -> dict[str, Any]:
    told = one.manifest
    return {
        "number": told.number,
        "date": told.date.isoformat(),
        "notes": told.notes.model_dump(),
        "commit": told.commit,
        "files": len(told.outputs) + 1,
        "bytes": sum(file.size for file in told.outputs),
        "fingerprint": one.fingerprint,
    }


def _print_editions(found: list[Edition]) -> None:
    from rich.table import Table

    from kompendium.cli.printing import output

    table = Table(box=None, pad_edge=False)
    for header in ("Edition", "Date", "Files", "Size", "Notes"):
        right = "right" if header in ("Files", "Size") else "left"
        table.add_column(header, overflow="fold", justify=right)  # type: ignore[arg-type]
    for one in map(_described, found):
        size = f"{one['bytes'] / 1e6:.1f} MB"
        notes = one["notes"]["nb"].splitlines()[0]
        table.add_row(one["number"], one["date"], str(one["files"]), size, notes)
    output.print(table)


@app.command()
def verify(
    number: Annotated[
        str, typer.Argument(metavar="[NUMBER]", help="Which edition; all where none is named.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Hash every file of editions anew; exit 4 where one is missing, changed or was added."""
    from kompendium.publication.editions import verification

    compendium = Compendium.find()
    known = verification.numbers(compendium)
    if number and number not in known:
        raise typer.BadParameter(_unknown(number, known), param_hint="NUMBER")
    found = [verification.verify(compendium, one) for one in ([number] if number else known)]
    faults = [fault for one in found for fault in one.findings]
    if json:
        _print_json([asdict(one) for one in found])
    for fault in faults:
        say(str(fault), "red")
    for one in found:
        if not one.findings:
            say(f"{one.number}: as it was made, {one.files} files")
    if not found:
        say("There are no editions yet.")
    raise typer.Exit(Exit.PUBLICATION if faults else Exit.DONE)


@app.command()
def reproduce(number: NumberArgument, json: JsonOption = False) -> None:
    """Run an edition again from its own inputs and compare; exit 1 where results differ."""
    from kompendium.publication.editions import shelf
    from kompendium.publication.editions.reproduction import reproduce as run_again
    from kompendium.publication.editions.verification import verify as hash_again

    compendium = Compendium.find()
    known = {one.manifest.number: one for one in shelf.editions(compendium)}
    if number not in known:
        raise typer.BadParameter(_unknown(number, [*known]), param_hint="NUMBER")
    if faults := hash_again(compendium, number).findings:
        say(
            f"{number} is not as it was made: «kompendium release verify {number}» says how.", "red"
        )
        say(str(faults[0]))
        raise typer.Exit(Exit.PUBLICATION)
    told = run_again(compendium, known[number])
    if json:
        _print_json({**asdict(told), "same": told.same})
    _tell(told)
    failed = any(one.kind == "run" for one in told.differences)
    raise typer.Exit(Exit.RUN if failed else Exit.DONE if told.same else Exit.DIFFERENT)


def _tell(told: Reproduced) -> None:
    """Say for people how an edition came out."""
    say(f"Edition {told.number}, from commit {told.commit[:12]}", "bold")
    if not told.same_lock:
        say("The lock file is another than the edition was made with.")
    _listed("The environment is another:", told.environment)
    _listed("What went in is not what it was:", told.inputs)
    for survey, there in told.respondents.items():
        here = "as they lie here; nothing tells whether they are the same" if there else "not here"
        say(f"Respondents of {survey}: {here}.")
    if failed := [str(one) for one in told.differences if one.kind == "run"]:
        _listed("Did not finish:", failed)
    for kind, count in told.compared.items():
        found = [one for one in told.differences if f"{one.kind}s" == kind]
        _listed(f"{kind.capitalize()}: {count} compared, {len(found) or 'none'} differ", found)
    say("The results are the same." if told.same else "The results are not the same.", "bold")


def _listed(title: str, entries: Any) -> None:
    """A line, and the first of what it announces below it; nothing to announce, no list."""
    if entries or title.endswith("differ"):
        say(title)
    for one in entries[:SHOWN]:
        say(f"  {one}")
    if len(entries) > SHOWN:
        say(f"  and {len(entries) - SHOWN} more (--json has all)")


def _unknown(number: str, known: list[str]) -> str:
    there = f"there are: {', '.join(known)}" if known else "there are none yet"
    return f"no edition «{number}»; {there}"


def _print_json(told: Any) -> None:
    print(json.dumps(told, ensure_ascii=False, indent=1))
