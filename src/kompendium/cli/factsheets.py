"""The fact sheets: a run for each unit of the frame, and a site of what came of them."""

from collections.abc import Sequence

from kompendium.cli.build import Wish, run_apart
from kompendium.cli.exits import Exit
from kompendium.cli.locking import exclusive
from kompendium.cli.messages import say
from kompendium.cli.products import (
    book_formats,
    book_is_current,
    published,
    sheets_published,
    site_is_current,
)
from kompendium.engine import Run, Standing, statuses
from kompendium.engine.memory import known_plan, planned
from kompendium.engine.selection import chosen, families
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.publication.unit_lists import Sheet

FAMILY = "faktaark"
"""The family whose runs are the sheets."""

UNIT = "unit"
"""The parameter that is the unit's number."""

FRAME, AS_OF = 2020, 2021
"""The frame the family runs through, and the year whose population sorts units by size."""


def make(compendium: Compendium, wish: Wish) -> Exit:
    """Run the sheets that are not fresh and publish all that are; no run stops another.

    Where the wish names some, only these are run, and the others are shown as far as they are
    fresh. A sheet that failed is listed as missing, and the exit code tells.
    """
    members = _members(compendium, known_plan(compendium))
    asked = _asked(compendium, members, wish.names)
    with exclusive(compendium):
        planned(compendium)
        failed = run_apart(compendium, asked, wish)
        sheets = _sheets(compendium, members)
        if site_is_current(compendium, sheets):
            say("The site is as it would be made now.")
        else:
            was_current = book_is_current(compendium, "auto", ())
            sheets_published(compendium, sheets, FRAME, AS_OF)
            if was_current and not book_is_current(compendium, "auto", ()):
                say("The book is made again, for its links to the sheets.", "dim")
                published(compendium, "auto", book_formats(compendium))
    _tell(compendium, sheets)
    return Exit.RUN if failed else Exit.DONE


def _members(compendium: Compendium, runs: Sequence[Run]) -> list[Run]:
    """The runs of the family of sheets."""
    members = families(runs).get(FAMILY)
    if not members or UNIT not in members[0].values:
        remedy = (
            f"declare «families: {{{FAMILY}: {{for_each: frame/{FRAME}}}}}» in one of its files"
        )
        raise InputError([Problem(compendium.params, 1, "no family of fact sheets", remedy)])
    return members


def _asked(compendium: Compendium, members: Sequence[Run], names: Sequence[str]) -> list[Run]:
    """The runs that are asked for: by number of a unit, or as runs are named elsewhere."""
    if not names:
        return list(members)
    by_unit = {str(run.values[UNIT]): run.id for run in members}
    return chosen(members, [by_unit.get(name, name) for name in names], compendium)


def _sheets(compendium: Compendium, members: Sequence[Run]) -> list[Sheet]:
    """Every unit with its sheet, where that is fresh."""
    from kompendium.facts.frames import frame

    units = frame(AS_OF, compendium=compendium).set_index("number")
    sheets = []
    for status in statuses(members, compendium):
        number = str(status.run.values[UNIT])
        unit = units.loc[number]
        there = compendium.executed / f"{status.run.id}.ipynb" if status.fresh else None
        failed = status.standing is Standing.FAILED
        sheets.append(
            Sheet(
                number,
                str(unit["name"]),
                str(unit["kind"]),
                str(unit["county"]),
                str(unit["size_class"]),
                there,
                "" if there else "kjøringen feilet" if failed else "ikke laget",
            )
        )
    return sheets


def _tell(compendium: Compendium, sheets: Sequence[Sheet]) -> None:
    """Say where the site lies, and what is missing in it."""
    missing = sum(one.notebook is None for one in sheets)
    if missing:
        say(f"{missing} of {len(sheets)} sheets are missing; the site marks them.")
    if not (compendium.publication / "index.html").is_file():
        say("There is no book yet, so nothing links to one: «make book», then this again.")
    elif not book_is_current(compendium, "auto", ()):
        say("The book is not as it would be made now: «make book» gives it its links, too.")
    place = compendium.relative(compendium.factsheets / "index.html")
    say(f"The fact sheets: {place}", "bold")
