"""Modules of one package that the server holds, and that a kernel has once it imports them.

What a notebook imports is an ingredient of its run, so a kernel must start without the package.
The modules are imported ahead all the same, and taken out of ``sys.modules`` again; a kernel that
imports one is handed it, together with what it imported in its turn. What they have read and
parsed by then is theirs to keep: they must look at the files again before they use it.

Loaded by ``server`` from beside it, without its package: which is held, it is told.
"""

# Paths are text here: what the server imports, every kernel starts with.
# ruff: noqa: PTH116, PTH118

import builtins
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, resolve_name
from types import ModuleType
from typing import Any

Signature = tuple[int, int, int]
"""What tells a file from one that has taken its place: its number, size and time of change."""


class Held(MetaPathFinder, Loader):
    """Finds what is held, and loads it by handing it out, once."""

    def __init__(self, prepare: str) -> None:
        """Import the module ``prepare`` and call its function ``prepare``; hold its package.

        Raises whatever the import or the function does; then nothing is held.
        """
        self.package = prepare.partition(".")[0]
        self.modules: dict[str, ModuleType] = {}
        self.needs: dict[str, set[str]] = {}
        spec = find_spec(self.package)
        before = {
            path: _signature(path)
            for folder in (spec.submodule_search_locations or () if spec else ())
            for path in _sources(folder)
        }
        try:
            with self._tracing():
                importlib.import_module(prepare).prepare()
        finally:
            self._hide()
        self.needs = {name: self.needs.get(name, set()) for name in self.modules}
        self.names = {name: dict(vars(one)) for name, one in self.modules.items()}
        files = {str(one.__file__) for one in self.modules.values()}
        self.files = {path: before[path] for path in files}
        sys.meta_path.insert(0, self)

    def settle(self) -> None:
        """Hold nothing any more where a file has changed since: it is imported as it is now."""
        try:
            same = all(_signature(path) == known for path, known in self.files.items())
        except OSError:
            same = False
        if not same:
            sys.meta_path.remove(self)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Find a module that is held, and has not been handed out yet."""
        return ModuleSpec(fullname, self) if fullname in self.modules else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Hand out a module; to reload it is to load its file."""
        return self.modules.pop(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Import what the module has imported, and leave it as it was when it had been executed.

        To import a part of a package puts it there under its own name, which can be the name of
        something else there.
        """
        for one in sorted(self.needs[module.__name__]):
            importlib.import_module(one)
        vars(module).update(self.names[module.__name__])

    @contextmanager
    def _tracing(self) -> Iterator[None]:
        """Note for a while which module of the package imports which.

        What is imported on behalf of another counts for both. A function that imports as it is
        called counts as its module: to be handed too much is no harm, to be handed too little is.
        """
        statement: Any = builtins.__import__
        call = importlib.import_module
        importers: list[str] = []

        def note(name: str) -> None:
            if name == self.package or name.startswith(f"{self.package}."):
                for importer in importers:
                    self.needs.setdefault(importer, set()).add(name)

        def imports(
            name: str,
            scope: Any = None,
            local: Any = None,
            names: Sequence[str] = (),
            level: int = 0,
        ) -> Any:
            scope = scope or {}
            importers.append(str(scope.get("__name__", "")))
            try:
                found = statement(name, scope, local, names, level)
                whole = resolve_name("." * level + name, scope.get("__package__"))
                parts = (f"{whole}.{one}" for one in names or ())
                for one in (whole, *(part for part in parts if part in sys.modules)):
                    note(one)
            finally:
                importers.pop()
            return found

        def import_module(name: str, package: str | None = None) -> ModuleType:
            found = call(name, package)
            note(found.__name__)
            return found

        builtins.__import__ = imports  # type: ignore[assignment]
        importlib.import_module = import_module
        try:
            yield
        finally:
            builtins.__import__, importlib.import_module = statement, call

    def _hide(self) -> None:
        """Take the package out of what has been imported, and its modules out of each other."""
        for name in [*sys.modules]:
            if name == self.package or name.startswith(f"{self.package}."):
                self.modules[name] = sys.modules.pop(name)
        for name, module in self.modules.items():
            above, _, own = name.rpartition(".")
            if above and vars(self.modules[above]).get(own) is module:
                delattr(self.modules[above], own)


def _sources(folder: str) -> Iterator[str]:
    """Give the path of each source under a folder."""
    for place, _, names in os.walk(folder):
        yield from (os.path.join(place, name) for name in names if name.endswith(".py"))


def _signature(path: str) -> Signature:
    """Tell a file from one that has taken its place."""
    found = os.stat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns
