"""The ingredients of runs as they are now, each measured once however many runs share it."""

import json
import os
import re
from collections.abc import Iterator
from functools import cache, cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import kompendium
from kompendium.engine.ingredients import MISSING
from kompendium.facts.paths import Compendium
from kompendium.observation import interpreter

PACKAGE = Path(kompendium.__file__).parent

KERNEL = "python3"
"""The kernel every run is executed by."""

Signature = tuple[int, int, int, int]
"""What of a file changes when it is written or replaced: times, size and place on the disk."""


class Present:
    """Measures of one compendium at one moment; make a new one when time has passed."""

    def __init__(self, compendium: Compendium) -> None:
        """Measure nothing yet."""
        self.compendium = compendium
        self.file = cache(self._file)
        self.folder = cache(self._folder)
        self.module = cache(self._module)
        self.notebook = cache(self._notebook)

    def _file(self, name: str) -> str:
        """Hash a file, named from the compendium's folder."""
        return content(self.compendium.root / name)

    def _folder(self, name: str) -> tuple[str, ...] | None:
        """Name what lies in a folder, without hidden files and editors' copies; None if gone."""
        try:
            names = [path.name for path in (self.compendium.root / name).iterdir()]
        except OSError:
            return None
        return tuple(sorted(one for one in names if not _passing(one)))

    def presence(self, name: str) -> str:
        """Tell what lies at a path: a file, a folder or nothing."""
        path = self.compendium.root / name
        if path.is_dir():
            return "folder"
        return "file" if path.exists() else MISSING

    def _module(self, name: str) -> str:
        """Hash a module of the library by its full name, without importing it."""
        path = module_path(name)
        return content(path) if path else MISSING

    def _notebook(self, path: Path) -> str:
        """Hash what of a notebook decides what it computes."""
        try:
            text = path.read_text(encoding="utf-8")
        except OSError:
            return MISSING
        return sha256(json.dumps(list(essence(json.loads(text)))).encode()).hexdigest()

    @cached_property
    def kernel(self) -> str:
        """Name the kernel and its version, without importing it."""
        return f"{KERNEL}, ipykernel {version('ipykernel')}"

    @cached_property
    def interpreter(self) -> str:
        """Name the interpreter."""
        return interpreter()


def content(path: Path) -> str:
    """Hash a file; a file that is not there has a content of its own."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return MISSING


def essence(notebook: Any) -> Iterator[tuple[str, list[str], str]]:
    """Give type, tags and source of each cell: no outputs, ids, counts or other metadata.

    Pictures that were pasted into a text are a part of it.

    Of the notebook's own metadata only the language counts: Papermill writes parameters in it.
    """
    metadata = notebook.get("metadata", {})
    named = (
        (metadata.get("kernelspec", {}), "language"),
        (metadata.get("language_info", {}), "name"),
    )
    yield "language", [], next((one[key] for one, key in named if key in one), "")
    for cell in notebook["cells"]:
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        tags = sorted(cell.get("metadata", {}).get("tags", ()))
        source = source.replace("\r\n", "\n")
        if pictures := cell.get("attachments"):
            source += json.dumps(pictures, sort_keys=True)
        yield cell["cell_type"], tags, source


def module_path(name: str) -> Path | None:
    """Find the file of a module of the library by its full name."""
    place = PACKAGE.parent.joinpath(*name.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def version(package: str) -> str:
    """Give the version of an installed package from its files, without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return MISSING
    folder = Path(spec.origin).parent
    try:
        written = (folder / "_version.py").read_text(encoding="utf-8")
    except OSError:
        written = ""
    found = re.search(r"^__version__ = [\"']([^\"']+)", written, re.MULTILINE)
    return found[1] if found else content(Path(spec.origin))[:12]


def tree(compendium: Compendium, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Walk a folder: each folder in it, from the compendium's, with the files it holds."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not _passing(one))
        yield compendium.relative(Path(place)), sorted(one for one in files if not _passing(one))


class Snapshot:
    """The state of the files a run can depend on as it starts, to see what changes under it."""

    def __init__(self, compendium: Compendium) -> None:
        """Take down the state of data, library, notebooks and the files beside ``_quarto.yml``."""
        self._root = compendium.root
        self._folders = (compendium.data, compendium.notebooks, PACKAGE)
        self._before: dict[str, Signature | None] = {}
        for folder in self._folders:
            for place, _, names in os.walk(folder):
                paths = (f"{place}{os.sep}{name}" for name in names if not name.endswith(".pyc"))
                self._before |= {path: _signature(path) for path in paths}
        for path in (*compendium.root.glob("*.*"), compendium.results, compendium.results_csv):
            self._before[str(path)] = _signature(path)

    def settled(self, path: Path) -> bool:
        """Tell whether a file is what it was; also one that came or went is not."""
        covered = str(path) in self._before or path.parent == self._root
        if covered or any(path.is_relative_to(folder) for folder in self._folders):
            return self._before.get(str(path)) == _signature(path)
        return True


def _signature(path: str | Path) -> Signature | None:
    """Tell the state of a file; None where there is none."""
    try:
        stat = os.stat(path)  # noqa: PTH116 - of hundreds of paths, kept as text
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino


def _passing(name: str) -> bool:
    """Tell whether a name is a hidden file, an editor's copy or a cache."""
    return name.startswith(".") or name.endswith("~") or name == "__pycache__"
