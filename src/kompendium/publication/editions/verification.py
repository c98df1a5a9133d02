"""Editions held against what they were when they were made: every file, by its hash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kompendium.facts.paths import Compendium
from kompendium.publication.editions import manifest, shelf
from kompendium.publication.editions.identity import Number
from kompendium.publication.editions.manifest import NAME, Manifest, contents, digest


class Fault(StrEnum):
    """What can have become of a file that never changes."""

    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"


@dataclass(frozen=True, order=True)
class Finding:
    """One file of an edition that is not as it was."""

    number: str
    path: str
    fault: Fault
    told: str = ""

    def __str__(self) -> str:
        """Read as a line of a listing."""
        text = f"{self.number}/{self.path}: {self.fault}"
        return f"{text}, {self.told}" if self.told else text


@dataclass(frozen=True)
class Verified:
    """What was found of one edition; ``files`` is how many were hashed."""

    number: str
    files: int
    findings: tuple[Finding, ...]


def verify(compendium: Compendium, number: str) -> Verified:
    """Hash every file of an edition anew.

    The manifest itself is held against ``SHA256SUMS`` beside the editions. An edition that is
    named there and is not on the shelf is missing.
    """
    folder = compendium.editions / number
    if not folder.is_dir():
        return Verified(number, 0, (Finding(number, NAME, Fault.MISSING, "with all of it"),))
    found, files = list(_manifest(compendium, folder)), 1
    told = manifest.read(folder)
    if told:
        there = set(contents(folder)) - {NAME}
        files += len(there)
        found += _files(folder, told, there)
    return Verified(number, files, tuple(sorted(found)))


def numbers(compendium: Compendium) -> list[str]:
    """The editions there are or should be, the oldest first.

    A folder that is called as an edition and holds no manifest is one that lost it.
    """
    there = compendium.editions.iterdir() if compendium.editions.is_dir() else ()
    names = {path.name for path in there if path.is_dir()} | shelf.sums(compendium).keys()
    known = [number for name in names if (number := Number.parse(name))]
    return [str(number) for number in sorted(known)]


def _manifest(compendium: Compendium, folder: Path) -> Iterator[Finding]:
    number, path = folder.name, folder / NAME
    if not path.is_file():
        yield Finding(number, NAME, Fault.MISSING, "so nothing tells what the edition held")
        return
    known = shelf.sums(compendium).get(number)
    if known != digest(path):
        unknown = "SHA256SUMS does not know it; «kompendium release list» adds it"
        told = "against SHA256SUMS" if known else unknown
        yield Finding(number, NAME, Fault.CHANGED, told)
    elif manifest.read(folder) is None:
        yield Finding(number, NAME, Fault.CHANGED, "or of a form this version does not read")


def _files(folder: Path, told: Manifest, there: set[str]) -> Iterator[Finding]:
    known = {one.path: one for one in told.outputs}
    for name in known.keys() - there:
        yield Finding(folder.name, name, Fault.MISSING)
    for name in there - known.keys():
        yield Finding(folder.name, name, Fault.EXTRA)
    for name in known.keys() & there:
        path = folder / name
        if path.is_symlink():
            yield Finding(folder.name, name, Fault.CHANGED, "a link stands in its place")
        elif path.stat().st_size != known[name].size or digest(path) != known[name].sha256:
            yield Finding(folder.name, name, Fault.CHANGED)
