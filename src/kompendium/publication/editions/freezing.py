"""An edition made: rendered, put together in a folder of its own, sealed, and renamed into place.

The rename is the last step. Killed at any moment before, what is left is a hidden scratch folder
that nothing reads and the next release removes; killed after, the edition is whole.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pypandoc

from kompendium.engine.records import Record
from kompendium.facts.files import write_atomically
from kompendium.facts.language import Language
from kompendium.facts.paths import Compendium
from kompendium.observation import observing
from kompendium.publication import Book, Format, Publisher, installation, rendered, swap
from kompendium.publication.editions import citation, crate, manifest, records, tables, zenodo
from kompendium.publication.editions.conditions import Candidate, Wish
from kompendium.publication.editions.environment import environment, packages
from kompendium.publication.editions.errors import Problem, RefusedError
from kompendium.publication.editions.identity import Identity
from kompendium.publication.editions.inputs import inputs
from kompendium.publication.editions.manifest import Manifest, contents, digest, sealed
from kompendium.publication.editions.repository import Repository
from kompendium.publication.languages import Translated, overlay, together, translate_pages

MODE = 0o444
"""Of every file of an edition: it is read, and nothing else. Folders stay as they are, so that
whoever owns an edition can still take it away as a whole."""

RESERVED = (manifest.NAME, crate.NAME, citation.NAME, zenodo.NAME, "findings.json", "findings.csv")
FOLDERS = (records.NOTEBOOKS, records.FOLDER, tables.FOLDER)
"""What an edition has beside the book; no page or folder of the book may be called so."""


def books(compendium: Compendium, identity: Identity) -> list[Book]:
    """The book in each language it is there in, the compendium's own first.

    Where a translation's pages lie in the edition is ``Book.place``: ``en/`` for English.
    """
    made: list[Book] = [Book.read(compendium, identity)]
    if overlay(compendium, Language.ENGLISH).is_file():
        made.append(translated := Translated.in_language(compendium, Language.ENGLISH, identity))
        translate_pages(translated)
    return made


def freeze(
    candidate: Candidate,
    wish: Wish,
    publisher: Publisher,
    begun: Callable[[Book], None] = lambda book: None,
) -> Path:
    """Make an edition of what has passed every condition, and give its folder.

    ``begun`` is told of each language's book before it is made, which takes a while.

    Raises:
        RefusedError: inputs changed meanwhile; nothing was written.
        PublicationError: the book did not pass its checks; nothing was written.
    """
    compendium, identity = candidate.compendium, wish.identity()
    target = compendium.editions / str(identity.number)
    repository = Repository.around(compendium.root)
    commit, tracked = repository.commit, repository.tracked()
    with swap.scratch(compendium.editions / "release") as scratch:
        folder = scratch / "edition"
        with observing(compendium.root) as seen:
            wanted = together(books(compendium, identity))
            made = _render(wanted, target, folder, publisher, begun)
        runs = _results(candidate, folder)
        used = {name for run in runs for name in run.files} | seen.opened
        told = Manifest(
            number=str(identity.number),
            date=identity.date,
            notes=wish.told(),
            commit=commit,
            surveys=candidate.surveys,
            books=made,
            environment=environment(_program(publisher)),
            inputs=inputs(compendium, tracked, used),
            outputs=(),
        )
        _describe(compendium, folder, told, runs)
        told = told.model_copy(update={"outputs": sealed(folder, contents(folder))})
        write_atomically(folder / manifest.NAME, told.written())
        if repository.commit != commit or repository.changes():
            remedy = "release again when nobody edits"
            raise RefusedError(
                [Problem("git", "inputs changed while the edition was made", remedy)]
            )
        _settle(folder)
        folder.rename(target)
        _flush(compendium.editions)
    return target


def _render(
    made: Sequence[Book],
    target: Path,
    folder: Path,
    publisher: Publisher,
    begun: Callable[[Book], None],
) -> dict[str, manifest.Book]:
    """Render the book in every language and put the pages where they belong."""
    described = {}
    for place, book in enumerate(made):
        within = Path(os.path.relpath(book.place, target))
        begun(book)
        stage = folder.parent / f"stage-{place}"
        pages = rendered(book, stage, publisher, Format)
        if place == 0:
            _refuse_names(pages)
        pages.rename(folder / within) if place else pages.rename(folder)
        described[book.configuration.lang] = _described(book, folder / within, within)
    return described


def _refuse_names(pages: Path) -> None:
    """Refuse a book whose own files would lie where the edition's belong."""
    taken = sorted({path.name for path in pages.iterdir()} & {*RESERVED, *FOLDERS})
    if taken:
        remedy = "rename the chapter or picture"
        raise RefusedError(
            Problem(one, "an edition has a file of that name", remedy) for one in taken
        )


def _described(book: Book, pages: Path, within: Path) -> manifest.Book:
    """The book in one language, as the manifest tells of it."""
    chapters = [f"{chapter.stem}.html" for chapter in book.chapters]
    there = sorted(path.name for path in pages.glob("*.html"))
    files = {one: pages / f"{book.configuration.book.stem}.{one}" for one in Format}
    return manifest.Book(
        folder="" if within == Path() else within.as_posix(),
        title=book.configuration.book.title,
        pages=tuple(dict.fromkeys([*chapters, *there])),
        downloads={str(one): path.name for one, path in files.items() if path.is_file()},
    )


def _results(candidate: Candidate, folder: Path) -> list[records.Run]:
    """Put in what the runs made: executed notebooks, their records, findings and tables."""
    compendium = candidate.compendium
    runs = []
    for name, good in candidate.standing.items():
        record = Record.read(compendium.runs, name)
        assert record is not None
        run = records.frozen(record)
        notebook = _copied(compendium.executed / f"{name}.ipynb", folder / run.result)
        if digest(notebook) != good.result:
            raise RefusedError([Problem(name, "the notebook changed meanwhile", "release again")])
        write_atomically(folder / records.FOLDER / f"{name}.json", run.written())
        for table, text in tables.tables(notebook):
            write_atomically(folder / tables.FOLDER / table, text)
        runs.append(run)
    for path in (compendium.results, compendium.results_csv):
        _copied(path, folder / path.name)
    return runs


def _copied(source: Path, target: Path) -> Path:
    target.parent.mkdir(exist_ok=True)
    return Path(shutil.copyfile(source, target))


def _describe(
    compendium: Compendium, folder: Path, told: Manifest, runs: Sequence[records.Run]
) -> None:
    """Write what tells others of the edition: citation, deposit and research object."""
    book = Book.read(compendium).configuration.book
    source, publisher = citation.citation(compendium), ", ".join(book.authors)
    title = f"{book.title}: {book.subtitle}" if book.subtitle else book.title
    cited = citation.of_edition(source, told.number, told.date, told.commit, title, publisher)
    write_atomically(folder / citation.NAME, cited)
    deposit = zenodo.written(
        source, told.number, told.date, title, book.description, told.notes, next(iter(told.books))
    )
    write_atomically(folder / zenodo.NAME, deposit)
    described = crate.Object(
        title=title,
        description=book.description or source.abstract or title,
        publisher=publisher,
        manifest=told,
        citation=source,
        runs=runs,
        outputs=sealed(folder, contents(folder)),
    )
    write_atomically(folder / crate.NAME, crate.written(described))


def _program(publisher: Publisher) -> str:
    """The publisher and its version, as readers know it."""
    found = installation.find() if publisher != "pandoc" else None
    if found:
        done = subprocess.run([str(found), "--version"], capture_output=True, text=True, check=True)
        return f"Quarto {done.stdout.strip()}"
    return f"Pandoc {pypandoc.get_pandoc_version()}, Typst {packages().get('typst', '')}"


def _settle(folder: Path) -> None:
    """Make every file one that is only read, and see to it that all of it is on the disk."""
    for place, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(place) / name
            path.chmod(MODE)
            _flush(path)
        _flush(Path(place))


def _flush(path: Path) -> None:
    """Wait until a file or the names in a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
