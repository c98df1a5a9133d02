"""The packages a run rests on: what its notebook and its modules name in their imports.

A kernel that was forked holds modules the run never asked for, so what is loaded tells less
than what is written; this tells the same of a warm and a cold kernel.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import Distribution, PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kompendium.engine.gathering import SHAPING
from kompendium.engine.ingredients import Ingredients
from kompendium.engine.measuring import module_path
from kompendium.facts.paths import Compendium

OWN = "kompendium"
"""The library itself, whose modules are ingredients each with a hash of its own."""

MAGIC = ("%", "!")
"""How lines begin that are not Python."""


def packages(notebook: Any, ingredients: Ingredients, compendium: Compendium) -> dict[str, str]:
    """Give each package with its version, in alphabetical order.

    The notebook is the executed one, or None; the modules are the library's and the
    compendium's own.
    """
    modules = ingredients.modules.keys() - SHAPING  # these work outside the kernel
    paths = [path for name in modules if (path := module_path(name))]
    own = [compendium.root / name for name in ingredients.files if name.endswith(".py")]
    cells = notebook.cells if notebook else ()
    return packages_of((*paths, *own), (one.source for one in cells if one.cell_type == "code"))


def packages_of(paths: Iterable[Path], sources: Iterable[str] = ()) -> dict[str, str]:
    """Give the packages, with versions, that files and other sources import.

    What has been found is remembered.
    """
    names: set[str] = set()
    for source in sources:
        names |= _imported(source)
    for path in paths:
        names |= _imports_of(path, path.stat().st_mtime_ns) if path.exists() else set()
    found = (_package(name) for name in names - sys.stdlib_module_names - {OWN})
    return dict(sorted(one for one in found if one is not None))


@cache
def _imports_of(path: Path, changed: int) -> frozenset[str]:
    """What a module imports, read once for as long as it has not changed."""
    return _imported(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=256)
def _imported(source: str) -> frozenset[str]:
    """Name the outermost packages a source imports; what cannot be read imports nothing."""
    lines = (line for line in source.split("\n") if not line.lstrip().startswith(MAGIC))
    with suppress(SyntaxError):
        return frozenset(_names(ast.parse("\n".join(lines))))
    return frozenset()


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@cache
def _package(name: str) -> tuple[str, str] | None:
    """Give the distribution of a module's name and its version; None for no package."""
    with suppress(PackageNotFoundError):
        return name, version(name)
    written = re.compile(rf"\n{re.escape(name)}(/|\.py,|\.\S*\.(so|pyd),)".encode())
    for folder, files in _installed():
        if written.search(files):
            owner = Distribution.at(folder)
            return owner.name, owner.version
    return None


@cache
def _installed() -> tuple[tuple[Path, bytes], ...]:
    """Give the folder of every distribution, and what it has of a list of its files."""
    lists = (record for place in sys.path for record in Path(place).glob("*.dist-info/RECORD"))
    return tuple((record.parent, b"\n" + record.read_bytes()) for record in sorted(lists))
