"""Links between publications that lie beside each other: the book and the fact sheets.

Either may be there without the other. A link to a page that is not there becomes its text, so
that nothing published leads nowhere; once both are there, each is made again with its links.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

_ID = re.compile(r"""\sid=["']([^"']+)["']""")


def publication_of(target: Path, places: tuple[Path, ...]) -> Path | None:
    """The publication a path lies in, whether it is there or not."""
    return next((place for place in places if target.is_relative_to(place)), None)


def address(target: Path, fragment: str, place: Path) -> str | None:
    """The address of a page of another publication, from a page that will lie in ``place``.

    None where the page, or the place on it that ``fragment`` names, is not there.
    """
    if not target.is_file() or (fragment and fragment not in anchors(target)):
        return None
    path = Path(os.path.relpath(target, place)).as_posix()
    return f"{path}#{fragment}" if fragment else path


def leads(place: Path, page: Path, path: str, fragment: str = "") -> bool:
    """Tell whether an address on a page of ``place`` leads to one of a publication beside it.

    Nothing but what is published can be led to: no data, no notebook, no file of the machine.
    """
    target = Path(os.path.normpath(place / page.parent / path))
    beside = target.parent.parent == place.parent and target.parent != place
    return beside and target.suffix == ".html" and bool(address(target, fragment, place))


def anchors(page: Path) -> frozenset[str]:
    """The places on a page that a link can lead to."""
    return _anchors(page, page.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _anchors(page: Path, _: int) -> frozenset[str]:
    return frozenset(_ID.findall(page.read_text(encoding="utf-8")))


def pages(place: Path) -> str:
    """What there is to link to in a publication, as one hash: another when pages come or go."""
    there = place.iterdir() if place.is_dir() else ()
    return _hash(*sorted(path.name for path in there if path.name.endswith(".html")))


def places(place: Path) -> str:
    """As ``pages``, but of all places on the pages too."""
    found = sorted(place.glob("*.html"))
    return _hash(*(f"{page.name} {' '.join(sorted(anchors(page)))}" for page in found))


def _hash(*words: str) -> str:
    return sha256("\n".join(words).encode()).hexdigest()
