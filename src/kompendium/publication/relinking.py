"""Links and pictures of a chapter, pointed at where they will lie once the chapter is a page.

Chapters are written as seen from their own folder, in the notebook that is edited and in the one
that was executed; on the stage, and beside each other as pages, they all lie in one.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from kompendium.publication import siblings
from kompendium.publication.book import Book, Chapter

PICTURES = frozenset((".png", ".jpg", ".jpeg", ".svg", ".webp", ".gif"))
"""What a link may bring into the book; any other file of the compendium stays out of it."""

_TARGET = re.compile(r"(?<=\]\()(?P<path>[^)\s#:]+)(?=[)\s#])")
_LINK = re.compile(
    r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<path>[^)\s#:]+)(?:#(?P<fragment>[^)\s]+))?\)"
)


def relinked(text: str, book: Book, chapter: Chapter, media: Path) -> str:
    """Point links to chapters, other publications and pictures at where they lie.

    Pictures are copied to the folder ``media``, which lies beside the chapters.
    """
    root = book.compendium.root
    staged = {one.seen_from: one.staged for one in book.chapters}
    publications = (book.compendium.publication, book.compendium.factsheets)

    def to_publication(match: re.Match[str]) -> str:
        """A link to a page of a publication: right, or where there is no such page, its text."""
        for folder in (chapter.seen_from.parent, book.compendium.notebooks):
            # As seen from the executed notebook, or from the one that is edited.
            target = Path(os.path.normpath(folder / match["path"]))
            target = book.elsewhere.get(target, target)
            place = siblings.publication_of(target, publications)
            if place is not None:
                break
        else:
            return match[0]
        fragment = match["fragment"] or ""
        if place == book.known_as:
            own = target.suffix == ".html" and target.stem in book.stems
            found = target.name + (f"#{fragment}" if fragment else "") if own else None
        else:
            # An edition never changes, so it leads to nothing that may come and go.
            found = None if book.edition else siblings.address(target, fragment, book.place)
        return f"[{match['text']}]({found})" if found else match["text"]

    def relink(match: re.Match[str]) -> str:
        target = Path(os.path.normpath(chapter.seen_from.parent / match["path"]))
        if target in staged:
            return staged[target]
        if target.suffix in PICTURES and target.is_file() and target.is_relative_to(root):
            name = "-".join(target.relative_to(root).parts)
            media.mkdir(exist_ok=True)
            shutil.copyfile(target, media / name)
            return f"{media.name}/{name}"
        return match["path"]

    return _TARGET.sub(relink, _LINK.sub(to_publication, text))
