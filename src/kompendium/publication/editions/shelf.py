"""All editions together: the list, the selector's script, and ``latest/``.

These are the only files beside the editions that change. Each is made anew from the manifests, so
that it can be lost and made again, except ``SHA256SUMS``: the hash of each manifest, written once
and never corrected, in the form that ``sha256sum --check`` reads. A manifest holds the hash of
every other file of its edition, so these lines vouch for all of it.

``latest/`` holds pages that lead on, a small one for each page of the newest edition: symbolic
links are lost in ZIP files and on Windows, and a copy would be a second address of the same text,
which is out of date the day after it was cited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from urllib.parse import quote

from kompendium.facts.files import write_atomically
from kompendium.facts.paths import Compendium
from kompendium.publication.editions import manifest
from kompendium.publication.editions.identity import Identity, released, written
from kompendium.publication.editions.manifest import Manifest

SCRIPT = "editions.js"
INDEX = "index.html"
LATEST = "latest"
SUMS = "SHA256SUMS"

LANGUAGES = {"en": "In English"}
LABELS = {"pdf": "PDF", "docx": "Word"}

_SUM = re.compile(r"(?P<hash>[0-9a-f]{64})  (?P<number>[\d.]+)/" + re.escape(manifest.NAME))


@dataclass(frozen=True)
class Edition:
    """An edition on the shelf, with the manifest as it is now."""

    folder: Path
    manifest: Manifest

    @property
    def identity(self) -> Identity:
        """Number and date."""
        return self.manifest.identity

    @property
    def fingerprint(self) -> str:
        """The hash of the manifest, which vouches for every file of the edition."""
        return manifest.digest(self.folder / manifest.NAME)


def editions(compendium: Compendium) -> list[Edition]:
    """The editions there are, the newest first; what is no edition is passed over."""
    found = []
    for number in reversed(released(compendium.editions)):
        folder = compendium.editions / str(number)
        told = manifest.read(folder)
        if told and told.identity.number == number:
            found.append(Edition(folder, told))
    return found


def newest(compendium: Compendium) -> Identity | None:
    """The newest edition's number and date; None before the first."""
    return next((one.identity for one in editions(compendium)), None)


def sums(compendium: Compendium) -> dict[str, str]:
    """The hash each edition's manifest had when it was put on the shelf, by number."""
    try:
        text = (compendium.editions / SUMS).read_text(encoding="utf-8")
    except OSError:
        return {}
    return {found["number"]: found["hash"] for found in _SUM.finditer(text)}


def arrange(compendium: Compendium) -> bool:
    """Bring list, script, hashes and ``latest/`` up to date; tell whether anything was written."""
    shelf = editions(compendium)
    if not shelf:
        return False
    known = sums(compendium)
    own = {str(one.identity.number): one.fingerprint for one in reversed(shelf)}
    lines = [f"{held}  {number}/{manifest.NAME}\n" for number, held in {**own, **known}.items()]
    files = {
        SUMS: "".join(lines),
        SCRIPT: _script(shelf),
        INDEX: _index(shelf),
        **{f"{LATEST}/{page}": text for page, text in _leading_on(shelf).items()},
    }
    stale = {
        name: text for name, text in files.items() if not _holds(compendium.editions / name, text)
    }
    for name, text in stale.items():
        write_atomically(compendium.editions / name, text)
    return bool(stale)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _resource(name: str) -> str:
    place = resources.files("kompendium.publication") / "resources" / name
    return place.read_text(encoding="utf-8")


def _script(shelf: Sequence[Edition]) -> str:
    """The script that fills the selector on the pages of every edition, and of the book."""
    told = [
        {
            "number": one.manifest.number,
            "dates": {lang: written(one.manifest.date, lang) for lang in one.manifest.books},
            "books": {
                lang: {"folder": book.folder, "pages": book.pages}
                for lang, book in one.manifest.books.items()
            },
        }
        for one in shelf
    ]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # Within a script «</» could end it, and these two signs would end a line.
    safe = text.replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return _resource(SCRIPT).replace("/*EDITIONS*/ []", safe)


def _index(shelf: Sequence[Edition]) -> str:
    """The list of all editions with dates and notes."""
    articles = "".join(map(_article, shelf))
    title = next(iter(shelf[0].manifest.books.values())).title
    return Template(_resource("editions.html")).substitute(title=escape(title), articles=articles)


def _article(one: Edition) -> str:
    """One edition in the list."""
    told, number = one.manifest, one.manifest.number
    first, *others = told.books.items()
    lang, book = first
    links = [(f"{number}/{book.pages[0]}", "Les boka", lang)]
    for other, translated in others:
        place = f"{number}/{translated.folder}/{translated.pages[0]}"
        links.append((place, LANGUAGES.get(other, other), other))
    links += [(f"{number}/{name}", LABELS[kind], lang) for kind, name in _files(book)]
    links += [
        (f"{number}/findings.csv", "Funnene (CSV)", lang),
        (f"{number}/{manifest.NAME}", "Manifest (JSON)", lang),
    ]
    items = "".join(
        f'<li><a href="{quote(place)}"{_hreflang(code, lang)}>{escape(text)}</a></li>\n'
        for place, text, code in links
    )
    english = f'<div lang="en">\n{paragraphs(told.notes.en)}</div>\n' if told.notes.en else ""
    return (
        f'<article id="{number}">\n<h2>{escape(one.identity.label(lang))}</h2>\n'
        f'<p class="date"><time datetime="{told.date}">{written(told.date, lang)}</time></p>\n'
        f'{paragraphs(told.notes.nb)}{english}<ul class="files">\n{items}</ul>\n'
        f'<p class="fingerprint">SHA-256 av manifestet: <code>{one.fingerprint}</code></p>\n'
        "</article>\n"
    )


def _files(book: manifest.Book) -> list[tuple[str, str]]:
    """The book as one document, by format."""
    return [(kind, name) for kind, name in book.downloads.items() if kind in LABELS]


def _hreflang(code: str, lang: str) -> str:
    return f' hreflang="{code}" lang="{code}"' if code != lang else ""


def paragraphs(notes: str) -> str:
    """Notes as HTML: paragraphs between blank lines, and lists of lines that begin with «- »."""
    out = []
    for block in re.split(r"\n\s*\n", notes.strip()):
        lines = [line.strip() for line in block.splitlines()]
        if all(line.startswith("- ") for line in lines):
            items = "".join(f"<li>{escape(line[2:])}</li>\n" for line in lines)
            out.append(f"<ul>\n{items}</ul>\n")
        else:
            out.append(f"<p>{escape(' '.join(lines))}</p>\n")
    return "".join(out)


def _leading_on(shelf: Sequence[Edition]) -> Mapping[str, str]:
    """Pages of ``latest/``: each leads to its like in the newest edition that has it."""
    pages: dict[str, str] = {}
    for one in shelf:
        for lang, book in one.manifest.books.items():
            for name in book.pages:
                page = (Path(book.folder) / name).as_posix()
                pages.setdefault(page, _redirect(one, page, lang))
    return pages


def _redirect(one: Edition, page: str, lang: str) -> str:
    """A page that leads on at once, with or without scripts."""
    up = "../" * (page.count("/") + 1)
    title = escape(one.identity.title(lang))
    return Template(_resource("edition-redirect.html")).substitute(
        lang=lang, title=title, address=quote(f"{up}{one.manifest.number}/{page}")
    )
