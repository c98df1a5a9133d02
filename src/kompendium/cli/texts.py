"""What of the book is translated to English, and what is not."""

import json as jsons
from collections.abc import Iterable

from kompendium.cli.exits import Exit
from kompendium.cli.messages import from_here, say
from kompendium.facts.documents import Problem
from kompendium.facts.paths import Compendium
from kompendium.translation import Catalogue, problems, sources

SHOWN = 20
"""Problems told on a terminal, unless all are asked for as JSON."""


def show(compendium: Compendium, update: bool, json: bool) -> Exit:
    """Tell of every chapter how many texts it has and what is amiss; exit 2 where anything is.

    ``update`` first brings the catalogues in line with the chapters.
    """
    rows, found = [], list[Problem]()
    for source in sources(compendium):
        if update:
            messages = source.messages()
            changed = Catalogue.read(source.place).updated(source.name, messages).write()
            if changed:
                say(f"{compendium.relative(source.place)}: brought up to date", "dim")
        amiss = list(problems(source))
        found += amiss
        texts = len({message for _, message, _ in source.messages()})
        rows.append({"chapter": source.name, "texts": texts, "amiss": [*map(_told, amiss)]})
    if json:
        print(jsons.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _tell(rows, found)
    return Exit.INPUT if found else Exit.DONE


def _told(problem: Problem) -> dict[str, object]:
    return {"file": problem.file.name, "line": problem.line, "message": problem.message}


def _tell(rows: Iterable[dict[str, object]], found: list[Problem]) -> None:
    for row in rows:
        amiss = row["amiss"]
        count = len(amiss) if isinstance(amiss, list) else 0
        told = f"{count} to translate or mend" if count else "translated"
        print(f"{row['chapter']}: {row['texts']} texts, {told}")
    for problem in found[:SHOWN]:
        say(from_here(problem), "red")
    if len(found) > SHOWN:
        say(f"… and {len(found) - SHOWN} more (--json shows all)", "red")
