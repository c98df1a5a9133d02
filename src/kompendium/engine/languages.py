"""The book's runs in another language: the same notebooks and values, with other texts.

A translated notebook is made from the one that researchers edit and its catalogue, lies under
``outputs``, and is run as any other: with a key, a record and a place of its own.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kompendium.engine.plan import Run
from kompendium.facts.documents import InputError, Problem
from kompendium.facts.files import write_atomically
from kompendium.facts.language import Language
from kompendium.facts.paths import Compendium
from kompendium.translation import Catalogue, problems, sources

PARAMETER = "lang"
"""The parameter that every notebook of the book has."""


def translated_runs(runs: Iterable[Run], compendium: Compendium, lang: Language) -> list[Run]:
    """Translate the notebooks of runs, and give the runs of the translations.

    Raises InputError with every text of every chapter that has no good translation.
    """
    faults: list[Problem] = []
    places: dict[Path, Path] = {}
    for source in sources(compendium):
        faults += problems(source)
        places[source.path] = compendium.translations(lang) / source.path.name
    if faults:
        raise InputError(faults)
    for source in sources(compendium):
        text = source.translated(Catalogue.read(source.place))
        place = places[source.path]
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            write_atomically(place, text)
    return [
        replace(
            run,
            id=translated_id(run.id, lang),
            notebook=places[run.notebook],
            values={**run.values, PARAMETER: lang.value},
        )
        for run in runs
    ]


def translated_id(run: str, lang: Language) -> str:
    """The id of a run in another language: ``syntese-en``."""
    return f"{run}-{lang.value}"
