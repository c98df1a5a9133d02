"""Which files a process reads and looks for, told by the process itself.

A kernel loads this module as an IPython extension, so it imports nothing of Kompendium: what
a notebook imports stays what the notebook imports. Reads are seen through audit hooks, which
fire for every file that Python opens or lists; looking for a file fires none, so ``os.stat``
is wrapped in kernels, and so are the readers of polars, which open files in Rust. What none of
these can see (files opened by other compiled code, and by other programs) is named in
``unseen``, and whoever reads the report counts everything that may have been read.
"""

# A hook on reading files must look for none, as pathlib would: paths are text here.
# ruff: noqa: PTH100, PTH105, PTH113, PTH118, PTH119, PTH120, PTH123, PTH206

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

PACKAGE = __name__.partition(".")[0]

SENT_FROM = "KOMPENDIUM_SENT_FROM"
"""The environment variable that names the compendium's own folder to a run sent elsewhere: where
that folder can be reached, what is read in it by its whole path counts as well."""

DATA = "data"
"""The folder of a compendium in which also lists of names and missing files count."""

READERS: Mapping[str, tuple[str, ...]] = {
    "lxml.etree": (".xml", ".html", ".htm"),
    "pyarrow.csv": (".csv", ".tsv", ".txt", ".gz"),
    "pyarrow.dataset": (".parquet", ".pq", ".feather", ".arrow", ".orc", ".csv", ".json"),
    "pyarrow.feather": (".feather", ".arrow"),
    "pyarrow.json": (".json",),
    "pyarrow.orc": (".orc",),
    "pyarrow.parquet": (".parquet", ".pq"),
    "pyreadstat": (".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".sas7bcat", ".xpt"),
}
"""Modules that open files without Python knowing, and the endings of what they read."""

PROGRAMS = ("subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system")
"""Events after which another process may read what this one cannot see."""

HEEDED = frozenset({"open", "sqlite3.connect", "os.listdir", "os.scandir", *PROGRAMS})
"""The events that tell of reading; there are many others, such as one for each ``id()``."""

Telling = Callable[[], dict[str, Any]]
"""Gives what a part of the library wants the report of a run to carry, as JSON."""

LABEL = re.compile(r"^#\| label: (\S+)", re.MULTILINE)
"""How a cell of a notebook says what it is called."""

HARMLESS = frozenset({"fc-list", "gcc", "ldconfig", "lscpu", "uname"})
"""Programs that libraries ask about fonts, processors and shared libraries; no data go in."""


class Observation:
    """What was read, listed and looked for under one folder, as paths relative to it."""

    def __init__(self, root: str | Path, home: str | Path = "") -> None:
        """Observe nothing yet; ``root`` is the compendium's folder, ``home`` what it copies."""
        self.root = os.path.abspath(root)
        self.opened: set[str] = set()
        self.listed: set[str] = set()
        self.sought: set[str] = set()
        self.unseen: set[str] = set()
        self._written: set[str] = set()
        self._own = {PACKAGE}
        self._last, self._module = PACKAGE, sys.modules.get(PACKAGE)
        self._number = len(sys.modules) - len(_loaded_since(PACKAGE))
        # Data often lie on another disk, behind a link; they may be opened by either name.
        roots = [os.path.abspath(one) for one in (root, home) if one]
        reals = [os.path.realpath(os.path.join(one, DATA)) for one in roots]
        self._places = [(one, "") for one in roots] + [(one, DATA) for one in reals]
        self._skipped = (sys.prefix + os.sep, os.path.dirname(os.path.abspath(__file__)) + os.sep)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take in an audit event; never raises, as an error here would stop the observed."""
        with suppress(Exception):
            if event == "open":
                self._open(arguments[0], arguments[2])
            elif event == "sqlite3.connect":
                self._open(arguments[0], os.O_RDONLY)
            elif event in ("os.listdir", "os.scandir"):
                self._add(self.listed, arguments[0] if arguments[0] is not None else ".")
            elif event in PROGRAMS:
                self._start(event, arguments)

    def seek(self, path: Any) -> None:
        """Take in that a path was looked for, whether it is there or not."""
        with suppress(Exception):
            self._add(self.sought, path)

    def read_by(self, function: str, source: Any) -> None:
        """Take in what a function reads that opens files itself; patterns may be many files."""
        if hasattr(source, "read") or isinstance(source, bytes):
            return
        if isinstance(source, list | tuple):
            for one in source:
                self.read_by(function, one)
        elif isinstance(source, str | os.PathLike) and os.path.isfile(source):
            self._open(source, os.O_RDONLY)
        else:
            self.unseen.add(function)

    def report(self) -> dict[str, Any]:
        """Give what was observed, with the modules that are loaded by now."""
        self._take_modules()
        unseen = self.unseen.union(name for name in READERS if name in sys.modules)
        return {
            "opened": sorted(self.opened),
            "listed": sorted(self.listed),
            "sought": sorted(self.sought),
            "unseen": sorted(unseen),
            "modules": sorted(self._own),
            "interpreter": interpreter(),
            "told": {name: telling() for name, telling in sorted(_telling.items())},
        }

    def _take_modules(self) -> None:
        """Take in modules that have been loaded since: they stand behind those of before.

        A module with a cached compilation is imported without its source being opened, so its
        source counts as read. Modules that were there before this package are the kernel's own
        and not looked at: in a forked kernel, to look at a thousand is to copy as many pages.
        Where modules have been taken out or put back, all are looked at.
        """
        new, number = _loaded_since(self._last), len(sys.modules)
        replaced = sys.modules.get(self._last) is not self._module
        if replaced or number != self._number + len(new):
            new = [*reversed(sys.modules)]
        for name in new:
            if source := self._within(getattr(sys.modules.get(name), "__file__", None)):
                self.opened.add(source)
            if name == PACKAGE or name.startswith(f"{PACKAGE}."):
                self._own.add(name)
        self._last = new[0] if new else self._last
        self._module, self._number = sys.modules.get(self._last), number

    def _open(self, path: Any, flags: int) -> None:
        """Count a file as read, unless the process wrote it first."""
        name = self._within(path)
        if name is None:
            return
        if flags & os.O_WRONLY or (flags & os.O_RDWR and flags & os.O_CREAT):
            self._written.add(name)
        elif name not in self._written:
            self.opened.add(name)

    def _add(self, names: set[str], path: Any) -> None:
        name = self._within(path)
        if name is not None and name.split("/", 1)[0] == DATA:
            names.add(name)

    def _start(self, event: str, arguments: tuple[Any, ...]) -> None:
        program = os.path.basename(os.fsdecode(arguments[0])) if arguments else ""
        if event == "subprocess.Popen" and arguments[1] and not isinstance(arguments[1], str):
            program = os.path.basename(os.fsdecode(arguments[1][0]))
        if program not in HARMLESS:
            self.unseen.add(f"program {program}" if program else event)

    def _within(self, path: Any) -> str | None:
        """Name a path from the root; None for what lies outside or is no one's input."""
        if path is None or isinstance(path, int):
            return None
        whole = os.fsdecode(path)
        if not whole.startswith(self._skipped) or os.pardir in whole:
            whole = os.path.abspath(whole)
        if whole.startswith(self._skipped):
            return None
        for place, prefix in self._places:
            if whole == place or whole.startswith(place + os.sep):
                parts = [prefix, *whole[len(place) :].split(os.sep)]
                parts = [part for part in parts if part]
                if not parts or parts[0].startswith(".") or "__pycache__" in parts:
                    return None
                return "/".join(parts)
        return None


def _loaded_since(name: str) -> list[str]:
    """Name the modules that were put behind one in ``sys.modules``, the last first."""
    return [*takewhile(name.__ne__, reversed(sys.modules))]


_active: list[Observation] = []
_installed = False
_telling: dict[str, Telling] = {}
_cell = ""


def tell(name: str, telling: Telling) -> None:
    """Let the report carry what this gives when it is made, under this name."""
    _telling[name] = telling


def place() -> str:
    """The label of the cell that is run, or what number it has among those run; else nothing."""
    return _cell


def start(observation: Observation) -> None:
    """Begin to observe; the hook itself can never be removed, so there is one for all."""
    global _installed
    _active.append(observation)
    if not _installed:
        sys.addaudithook(_tell)
        _installed = True


def _tell(event: str, arguments: tuple[Any, ...]) -> None:
    if event in HEEDED:
        for observation in _active:
            observation.note(event, arguments)


@contextmanager
def observing(root: Path) -> Iterator[Observation]:
    """Observe what this process reads for a while."""
    observation = Observation(root)
    start(observation)
    try:
        yield observation
    finally:
        _active.remove(observation)


def interpreter() -> str:
    """Name the interpreter and its version."""
    return f"{sys.implementation.name} {'.'.join(map(str, sys.version_info[:3]))}"


def load_ipython_extension(shell: Any) -> None:
    """Observe a kernel: told by its ``Observation.root``, reported to ``Observation.report``.

    The report is written anew after each cell that adds to it, before the client hears that
    the cell is done, so that it is complete however the kernel ends.
    """
    settings = shell.config["Observation"]
    report = str(settings["report"])
    observation = Observation(str(settings["root"]), os.environ.get(SENT_FROM, ""))
    start(observation)
    _watch_looking(observation)
    _watch_polars(observation)

    count, written = 0, ""

    def begin(info: Any) -> None:
        global _cell
        nonlocal count
        count += 1
        label = LABEL.search(str(info.raw_cell))
        _cell = label[1] if label else f"code cell {count}"

    def end() -> None:
        nonlocal written
        if written == (told := json.dumps(observation.report())):
            return
        part = f"{report}.part"
        with open(part, "w", encoding="utf-8") as stream:
            stream.write(told)
        os.replace(part, report)
        written = told

    shell.events.register("pre_run_cell", begin)
    shell.events.register("post_execute", end)


def _watch_looking(observation: Observation) -> None:
    """Wrap ``os.stat`` and ``os.lstat``, through which every test for existence goes."""

    def wrapped(function: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def look(path: Any, *arguments: Any, **named: Any) -> os.stat_result:
            observation.seek(path)
            return function(path, *arguments, **named)

        look.__name__, look.__doc__ = function.__name__, function.__doc__
        for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if function in able:
                able.add(look)
        return look

    os.stat, os.lstat = wrapped(os.stat), wrapped(os.lstat)


def _watch_polars(observation: Observation) -> None:
    """Wrap the readers of polars when it is imported, if ever it is."""

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def read(*arguments: Any, **named: Any) -> Any:
            source = arguments[0] if arguments else named.get("source")
            observation.read_by(f"polars.{function.__name__}", source)
            return function(*arguments, **named)

        return read

    def find(name: str, *_: Any) -> ModuleSpec | None:
        if name != "polars":
            return None
        sys.meta_path.remove(finder)
        spec = find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def wrapping(module: ModuleType) -> None:
            execute(module)
            for one in dir(module):
                if one.startswith(("read_", "scan_")):
                    setattr(module, one, watched(getattr(module, one)))

        spec.loader.exec_module = wrapping  # type: ignore[method-assign]
        return spec

    finder: Any = SimpleNamespace(find_spec=find)
    sys.meta_path.insert(0, finder)
