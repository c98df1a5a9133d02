"""Runs named by people: by id, by pattern, or as members of a family."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from kompendium.engine.plan import Run
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.paths import Compendium
from kompendium.facts.slugs import slug


def of_the_book(runs: Iterable[Run]) -> list[Run]:
    """The runs that the register and the book rest on: those of no family."""
    return [run for run in runs if not run.family]


def families(runs: Iterable[Run]) -> dict[str, list[Run]]:
    """The other runs, by family."""
    found: dict[str, list[Run]] = {}
    for run in runs:
        if run.family:
            found.setdefault(run.family, []).append(run)
    return found


def chosen(runs: Sequence[Run], names: Iterable[str], compendium: Compendium) -> list[Run]:
    """Give the runs that names stand for, each once, in the order of the plan.

    A name is a run's id or a pattern of ids (``*``, ``?``, ``[…]``). A member of a family goes
    also by ``family/rest-of-its-id``, so that ``faktaark/`` and ``faktaark/*`` are the whole
    family and ``faktaark/1577*`` is one of it.

    Raises:
        InputError: a name stands for no run; all such names are told.
    """
    found: set[str] = set()
    unknown = []
    for name in names:
        pattern = f"{name}*" if name.endswith("/") else name
        meant = {
            run.id
            for run in runs
            if fnmatchcase(run.id, pattern) or fnmatchcase(_within_family(run), pattern)
        }
        found |= meant
        if not meant:
            unknown.append(name)
    if unknown:
        listed = f"choose among {', '.join(_known(runs))}"
        raise InputError(
            Problem(
                compendium.params, 1, f"no run «{one}»", " Or ".join([*_near(one, runs), listed])
            )
            for one in unknown
        )
    return [run for run in runs if run.id in found]


def _within_family(run: Run) -> str:
    """A member's id with a slash after its family's name; nothing for other runs."""
    return f"{run.family}/{run.id.removeprefix(f'{run.family}-')}" if run.family else ""


def _near(name: str, runs: Sequence[Run]) -> list[str]:
    """The run that was perhaps meant, as a question; nothing where none or many are like it."""
    sought = slug(name.rpartition("/")[2])
    ids = [run.id for run in runs]
    holding = [one for one in ids if sought and sought in one]
    close = holding if len(holding) == 1 else get_close_matches(sought, ids, n=1)
    return [f"did you mean «{one}»?" for one in close]


def _known(runs: Sequence[Run]) -> list[str]:
    """What can be named, a family in one word."""
    return [
        *(run.id for run in of_the_book(runs)),
        *(f"{name}/ ({len(members)} runs)" for name, members in families(runs).items()),
    ]
