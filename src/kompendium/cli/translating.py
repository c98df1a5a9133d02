"""The book in another language: its runs, held against the Norwegian ones, and its pages."""

from collections.abc import Iterator, Sequence

from kompendium.cli.build import Wish, execute, workshop_for
from kompendium.cli.exits import Exit
from kompendium.cli.messages import say
from kompendium.cli.products import book_is_current, published, tell_of_book
from kompendium.cli.withheld import refuse_leaks
from kompendium.engine import Run, State, statuses
from kompendium.engine.languages import translated_runs
from kompendium.facts.language import Language
from kompendium.facts.paths import Compendium
from kompendium.publication import Problem, PublicationError
from kompendium.register import results_in


def build_translation(compendium: Compendium, runs: Sequence[Run], wish: Wish) -> Exit:
    """Run what is not fresh of the translated notebooks, and publish them.

    The register is the Norwegian book's; a translation adds nothing to it.

    Raises:
        InputError: texts are not translated, or wrongly; all of them are listed.
        PublicationError: a translated notebook computes something else than the original.
    """
    lang = Language(wish.translation)
    translated = translated_runs(runs, compendium, lang)
    if not _run(compendium, translated, wish):
        return Exit.RUN
    if wish.publishing:
        formats = wish.formats
        if not book_is_current(compendium, wish.publisher, formats, lang):
            _refuse_other_numbers(compendium, runs, translated)
            refuse_leaks(compendium, translated)
            published(compendium, wish.publisher, formats, lang)
        if not book_is_current(compendium, wish.publisher, formats):
            published(compendium, wish.publisher, formats)  # it links to the translation now
        tell_of_book(compendium, lang)
    return Exit.DONE


def _run(compendium: Compendium, runs: Sequence[Run], wish: Wish) -> bool:
    """Run what is not fresh; tell whether all came to their end."""
    todo = [one.run for one in statuses(runs, compendium) if wish.force or not one.fresh]
    if not todo:
        return True
    with workshop_for(compendium, todo, wish) as workshop:
        failed = [one.run for one in execute(workshop, todo) if one.state is not State.DONE]
    if failed:
        say(f"Not published: {', '.join(failed)} did not finish.", "bold red")
    return not failed


def _refuse_other_numbers(
    compendium: Compendium, runs: Sequence[Run], translated: Sequence[Run]
) -> None:
    """Stop where a translation records other results than the notebook it translates."""
    problems = [
        Problem(two.id, what)
        for one, two in zip(runs, translated, strict=True)
        for what in _differences(compendium, one.id, two.id)
    ]
    if problems:
        raise PublicationError(problems)


def _differences(compendium: Compendium, original: str, translation: str) -> Iterator[str]:
    """Findings for which two runs recorded different values, bounds or evidence."""
    first, second = (
        {
            name: (result.value, result.bounds, result.interval, result.evidence)
            for name, result in results_in(compendium.executed / f"{run}.ipynb")
        }
        for run in (original, translation)
    )
    for name in sorted(first.keys() | second.keys()):
        if first.get(name) != second.get(name):
            yield f"«{name}» is another result than in {original}"
