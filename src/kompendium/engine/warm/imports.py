"""What the server imports, so that the kernels need not.

Loaded by ``server`` from beside it, without its package: nothing of Kompendium is imported.
"""

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, ClassVar

KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "pdb",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
)
"""What every kernel imports."""

DEBUGGER, LISTING = "debugpy", "ipykernel.ipkernel"
"""The debugger, and the module that lists the files of all modules for it in every kernel."""

AWAITED = {"": ("polars",), "seaborn": ("scipy.cluster", "scipy.stats")}
"""Modules that others import in case they are needed, by who imports them, where that is not all:
the first starts threads as it is imported, and the others take longer than seaborn itself. The
server holds a stand-in for each, and a kernel the real one when it is used."""

SETTINGS = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as ipykernel itself sets it
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
"""What the imports are done under where nothing else is said: as they would see it in a kernel,
without threads of Arrow's allocator and of linear algebra, and without advice from a debugger
that nobody uses."""


class Awaited(ModuleType):
    """Stands in for a module while others are imported that name what it has."""

    standing_in = True

    def __getattr__(self, name: str) -> Any:
        """Give a stand-in for what the module has, and once imports are done the real thing."""
        if name.startswith("__"):
            raise AttributeError(name)
        if not self.standing_in:
            return getattr(importlib.import_module(self.__name__), name)
        return AwaitedType(name, (), {"__module__": self.__name__})


class AwaitedType(type):
    """Stands in for what a module has: it is called, and what it has is had, as of the real one.

    Asked for its instances it imports nothing: without its module, nothing is of a class.
    """

    def __instancecheck__(cls, one: object) -> bool:
        """Ask the real class, where its module has been imported."""
        return cls.__module__ in sys.modules and isinstance(one, real(cls))

    def __subclasscheck__(cls, one: type) -> bool:
        """Ask the real class, where its module has been imported."""
        return cls.__module__ in sys.modules and issubclass(one, real(cls))

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        """Call the real thing."""
        return real(cls)(*arguments, **named)

    def __getattr__(cls, name: str) -> Any:
        """Give what the real thing has."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(real(cls), name)


def real(awaited: type) -> Any:
    """Import what something stands in for."""
    return getattr(importlib.import_module(awaited.__module__), awaited.__name__)


class Unlisted(ModuleType):
    """Is ``sys`` where nobody asks for the modules but to list them.

    To look at a thousand modules is to copy as many pages of memory in a kernel that was forked.
    """

    modules: ClassVar[dict[str, ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        """Give what else ``sys`` has."""
        return getattr(sys, name)


class Wish:
    """Sees which of some modules a kernel imports (``importlib.abc.MetaPathFinder``)."""

    def __init__(self, names: Sequence[str], tell: Callable[[str], None]) -> None:
        """Tell of each module when it is first imported."""
        self.names = {*names}
        self.tell = tell

    def find_spec(self, name: str, *_: Any) -> None:
        """Find nothing; others do."""
        if name in self.names:
            self.names.remove(name)
            with suppress(OSError):
                self.tell(name)


def preload(names: Sequence[str], without: Sequence[str]) -> None:
    """Import what every kernel imports, and more; kernels are made as if some were not there."""
    os.environ |= {name: value for name, value in SETTINGS.items() if name not in os.environ}
    with absent(without):
        load(KERNEL)
    if DEBUGGER in without and LISTING in sys.modules:
        vars(sys.modules[LISTING])["sys"] = Unlisted("sys")
    load(names)


def load(names: Sequence[str]) -> None:
    """Import modules; one that is not there, or cannot be imported, is left to the kernels."""
    for name in names:
        with suppress(Exception), _standing_in(AWAITED[""] + AWAITED.get(name, ())):
            importlib.import_module(name)


@contextmanager
def absent(names: Sequence[str]) -> Iterator[None]:
    """Let modules that have not been imported seem not to be installed, for a while."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules |= dict.fromkeys(hidden)  # type: ignore[arg-type]  # None: not to be imported
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextmanager
def _standing_in(names: Sequence[str]) -> Iterator[None]:
    """Let modules that are not there yet be stood in for, for a while."""
    awaited = [
        Awaited(name)
        for name in names
        if name not in sys.modules and importlib.util.find_spec(name)
    ]
    sys.modules |= {one.__name__: one for one in awaited}
    try:
        yield
    finally:
        for one in awaited:
            one.standing_in = False
            del sys.modules[one.__name__]
