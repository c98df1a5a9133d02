"""What must hold before an edition is made, all of it told at once.

An edition cannot be mended afterwards, so whatever would make it less than it says is a reason
to refuse: inputs that no commit holds, results that are not of these inputs, texts that are
missing, and verdicts that someone must look at first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kompendium.engine import Standing, State, Status, statuses
from kompendium.engine.languages import translated_runs
from kompendium.engine.leaks import leaks
from kompendium.engine.records import Good
from kompendium.facts.documents import InputError
from kompendium.facts.language import Language
from kompendium.facts.paths import Compendium
from kompendium.facts.vocabulary import Evidence, Verdict
from kompendium.publication.book import Book
from kompendium.publication.editions import citation
from kompendium.publication.editions.errors import Problem, RefusedError
from kompendium.publication.editions.identity import Identity, Number
from kompendium.publication.editions.manifest import Notes
from kompendium.publication.editions.records import is_private, surveys_read
from kompendium.publication.editions.repository import GitError, Repository
from kompendium.publication.languages import overlay
from kompendium.register import Entry
from kompendium.register.collection import results_in

SHOWN = 10
"""Files named of one kind of trouble."""


@dataclass(frozen=True)
class Wish:
    """What was asked for, as it was typed; empty where it was not."""

    number: str = ""
    date: str = ""
    notes: str = ""
    notes_en: str = ""

    def identity(self) -> Identity:
        """The number and date; to be asked for when no problem was found in them."""
        number = Number.parse(self.number)
        assert number is not None
        return Identity(number, date.fromisoformat(self.date), self.told())

    def told(self) -> Notes:
        """The notes."""
        return Notes(nb=self.notes.strip(), en=self.notes_en.strip())


@dataclass(frozen=True)
class Candidate:
    """What an edition would be made of, as it stands.

    ``entries`` is the register, or None where it does not tell of the notebooks as they are.
    """

    compendium: Compendium
    statuses: Sequence[Status]
    entries: Sequence[Entry] | None

    @property
    def standing(self) -> Mapping[str, Good]:
        """What the notebooks that stand were made of, by run."""
        records = {one.run.id: one.record for one in self.statuses}
        return {run: one.good for run, one in records.items() if one and one.good}

    @property
    def surveys(self) -> tuple[str, ...]:
        """The surveys whose respondents were read."""
        return tuple(
            sorted({name for good in self.standing.values() for name in surveys_read(good)})
        )


def untranslated(candidate: Candidate) -> list[Problem]:
    """Texts of the book that lack their English, or chapters not run in it.

    Nothing as long as the book is Norwegian alone.
    """
    compendium, lang = candidate.compendium, Language.ENGLISH
    if not overlay(compendium, lang).is_file():
        return []
    try:
        runs = translated_runs([one.run for one in candidate.statuses], compendium, lang)
    except InputError as error:
        told = "«kompendium texts» lists what is missing or wrong"
        return [Problem("texts", f"{len(error.problems)} are not translated as they stand", told)]
    stale = [one.run.id for one in statuses(runs, compendium) if not one.fresh]
    told = f"not as they would be made now: {', '.join(stale)}"
    return [Problem("English", told, "«kompendium build --lang en»")] if stale else []


def refuse(wish: Wish, candidate: Candidate, last: Identity | None, today: date) -> None:
    """Raise RefusedError with everything that stands in the way; ``last`` is the newest edition."""
    compendium = candidate.compendium
    found = [
        *_asked(wish, last, today, compendium),
        *_tree(candidate),
        *_citation(compendium),
        *_runs(candidate),
        *untranslated(candidate),
        *_withheld(candidate),
        *_verdicts(candidate),
        *_made_up(candidate),
    ]
    if found:
        raise RefusedError(found)


def _asked(
    wish: Wish, last: Identity | None, today: date, compendium: Compendium
) -> Iterator[Problem]:
    """Hold number, date and notes against their form and the editions that are there."""
    number = Number.parse(wish.number)
    if not wish.number:
        yield Problem("number", "an edition needs one", "give it: «kompendium release 2026.1 …»")
    elif number is None:
        remedy = "give a year, a point and the edition's place in it: 2026.1"
        yield Problem("number", f"«{wish.number}» is no edition's number", remedy)
    elif (compendium.editions / wish.number).exists():
        remedy = "an edition never changes: take the next number"
        yield Problem("number", f"edition {number} is there already", remedy)
    elif last and number < last.number:
        remedy = f"take one after {last.number}"
        yield Problem("number", f"{number} would come before the newest, {last.number}", remedy)
    yield from _date(wish.date, last, today)
    if not wish.notes.strip():
        remedy = "say what is new, for readers: «--notes TEXT», or a file"
        yield Problem("--notes", "an edition needs notes", remedy)


def _date(text: str, last: Identity | None, today: date) -> Iterator[Problem]:
    form = f"give it as year, month and day: «--date {today.isoformat()}»"
    if not text:
        yield Problem("--date", "an edition needs a date", form)
        return
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        yield Problem("--date", f"«{text}» is no date", form)
    elif day > today:
        remedy = f"release it on that day, or date it {today.isoformat()} at the latest"
        yield Problem("--date", f"{text} lies in the future", remedy)
    elif last and day < last.date:
        remedy = f"date it {last.date.isoformat()} at the earliest"
        yield Problem("--date", f"{text} lies before edition {last.number}", remedy)


def _tree(candidate: Candidate) -> Iterator[Problem]:
    """Refuse inputs that no commit holds: nobody could run them again."""
    try:
        repository = Repository.around(candidate.compendium.root)
        changes, tracked = repository.changes(), repository.tracked()
    except GitError as error:
        remedy = "an edition names the commit that holds its inputs: commit them with git"
        yield Problem("git", str(error), remedy)
        return
    for name in changes[:SHOWN]:
        yield Problem("git", f"{name} is not as in the commit", "commit it, or put it back")
    if (more := len(changes) - SHOWN) > 0:
        yield Problem("git", f"so are {more} more («git status»)", "commit them, or put them back")
    used = {name for good in candidate.standing.values() for name in good.ingredients.files}
    inside = {name for name in used if not Path(name).is_absolute()}
    made = {name for name in inside if name.startswith("outputs/") or is_private(name)}
    untracked = inside - made - tracked - {*changes}
    for name in sorted(one for one in untracked if (candidate.compendium.root / one).is_file()):
        remedy = "add it with «git add --force» where it may be public, or do without it"
        yield Problem("git", f"{name} was read, but git does not hold it", remedy)


def _citation(compendium: Compendium) -> Iterator[Problem]:
    try:
        citation.citation(compendium)
    except InputError as error:
        for one in error.problems:
            where = f"{compendium.relative(one.file)}:{one.line}"
            remedy = one.remedy or "mend it: authors and licence of an edition are taken from it"
            yield Problem(where, one.message, remedy)


def _runs(candidate: Candidate) -> Iterator[Problem]:
    """Refuse results that are not of the inputs as they are."""
    compendium = candidate.compendium
    remedies = {
        Standing.FAILED: "mend what failed, then «kompendium build»",
        Standing.RUNNING: "wait for the build, or «kompendium build» where it was stopped",
    }
    for one in candidate.statuses:
        if not one.fresh:
            # An error of a run has a remedy of its own, which is not that of the release.
            said = one.why.splitlines()[0].partition(" → ")[0] if one.why else ""
            remedy = remedies.get(one.standing, "«kompendium build»")
            yield Problem(one.run.id, f"the run is {one.standing}: {said}", remedy)
        elif one.record and one.record.state is not State.DONE:
            # Its notebook stands, since what failed was taken back; its record is of the failure.
            remedy = f"«kompendium build --force {one.run.id}»"
            yield Problem(one.run.id, f"the last attempt was {one.record.state}", remedy)
    own = {compendium.executed / f"{one.run.id}.ipynb" for one in candidate.statuses}
    for chapter in Book.read(compendium).chapters:
        if chapter.path.is_relative_to(compendium.executed) and chapter.path not in own:
            remedy = "declare a run of that name in params/, or leave the chapter out"
            yield Problem(chapter.source, "no run of the book makes this chapter", remedy)
    if candidate.entries is None:
        yield Problem("register", "it does not tell of these notebooks", "«kompendium build»")


def _withheld(candidate: Candidate) -> Iterator[Problem]:
    """Refuse what the gate has left open: leaks, what nobody could decide, what nobody made."""
    standing = candidate.standing
    if sum(bool(good.ledgers) for good in standing.values()) > 1:
        for leak in leaks(standing):
            yield Problem(", ".join(leak.runs), f"{leak.survey}: {leak.what}", leak.remedy)
    for run, good in standing.items():
        for where in good.guarded:
            what = f"{where}: an output was taken out that may show respondents"
            yield Problem(run, what, "show it with table, figure, prose or record, or drop it")
        for survey, ledger in good.ledgers.items():
            for one in ledger.withheld:
                if one["why"] == "unchecked":
                    what = f"{one['where']}: nobody can tell what {one['what']} of {survey} shows"
                    yield Problem(run, what, "cross less at once, or leave it out")


def _verdicts(candidate: Candidate) -> Iterator[Problem]:
    for entry in candidate.entries or ():
        if entry.surprising:
            what = f"the verdict is {entry.verdict}, on record is {entry.expected}"
            remedy = "correct the figure or the notebook, or «expected:» in data/findings"
            yield Problem(entry.id, what, remedy)


def _made_up(candidate: Candidate) -> Iterator[Problem]:
    """Refuse verdicts on made-up respondents, whatever they are called."""
    compendium = candidate.compendium
    for entry in candidate.entries or ():
        if entry.evidence is Evidence.ILLUSTRATION and entry.verdict is not Verdict.UNTESTABLE:
            remedy = "an illustration is evidence of nothing: record what real answers give"
            yield Problem(entry.id, "the verdict rests on made-up respondents", remedy)
    for run, good in candidate.standing.items():
        notebook = compendium.executed / f"{run}.ipynb"
        if surveys_read(good) or not notebook.is_file():
            continue
        for name, result in _results(notebook):
            if result is Evidence.SURVEY:
                what = f"{name} is called evidence of a survey, but no respondents were read"
                yield Problem(run, what, "take the respondents in, or record an illustration")


def _results(notebook: Path) -> Iterator[tuple[str, Evidence]]:
    try:
        yield from ((name, result.evidence) for name, result in results_in(notebook))
    except (ValueError, KeyError, json.JSONDecodeError):
        return  # a notebook that cannot be read is not fresh, and named as such
