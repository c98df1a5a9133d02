"""What outputs depend on beside what is sent: library, interpreter, packages, kind of machine."""

import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from kompendium.engine.gathering import LOCK_FILE
from kompendium.engine.ingredients import MISSING
from kompendium.engine.measuring import PACKAGE, content
from kompendium.facts.paths import Compendium
from kompendium.observation import interpreter

OWN = ("kompendium", "distributed")
"""What no lock file pins, but must be the same on both sides: the library, and who carries it."""

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def needed(compendium: Compendium) -> list[str]:
    """Name every package that must be the same there: those the lock file pins, and ``OWN``."""
    lock = compendium.root / LOCK_FILE
    pinned = PINNED.findall(lock.read_text(encoding="utf-8")) if lock.exists() else []
    return [*OWN, *pinned]


def stock(packages: Iterable[str]) -> dict[str, str]:
    """Give what this process has, by name: versions, and the hash of each module."""
    found = {"interpreter": interpreter(), "machine": f"{platform.system()} {platform.machine()}"}
    found |= {name: _version(name) for name in packages}
    modules = sorted(PACKAGE.rglob("*.py"))
    return found | {path.relative_to(PACKAGE.parent).as_posix(): content(path) for path in modules}


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> Iterator[str]:
    """Say in words what another process has otherwise."""
    for name in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get(name, MISSING), theirs.get(name, MISSING)
        if here != there and name.endswith(".py"):
            yield f"{name} is {'missing' if there == MISSING else 'another'} there"
        elif here != there:
            yield f"{name} is {there} there, {here} here"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING
