"""What the server imports, so that the kernels need not.

Loaded by ``server`` from beside it, without its package: nothing of Kompendium is imported.
"""

import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from types import ModuleType
from typing import Any

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

AWAITED = ("polars",)
"""Modules that start threads as they are imported, and that others import in case they are
needed: the server holds a stand-in for each, and a kernel the real one when it is used."""

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
    """Stands in for a module while others are imported that name its classes."""

    standing_in = True

    def __getattr__(self, name: str) -> Any:
        """Give a stand-in for a class, and once imports are done the real thing."""
        if name.startswith("__"):
            raise AttributeError(name)
        if not self.standing_in:
            return getattr(importlib.import_module(self.__name__), name)
        return AwaitedType(name, (), {"__module__": self.__name__})


class AwaitedType(type):
    """Stands in for a class in ``isinstance``: without its module, nothing is of the class."""

    def __instancecheck__(cls, one: object) -> bool:
        """Ask the real class, where its module has been imported."""
        real = sys.modules.get(cls.__module__)
        return real is not None and isinstance(one, getattr(real, cls.__name__))

    def __subclasscheck__(cls, one: type) -> bool:
        """Ask the real class, where its module has been imported."""
        real = sys.modules.get(cls.__module__)
        return real is not None and issubclass(one, getattr(real, cls.__name__))


def preload(names: Sequence[str]) -> None:
    """Import modules; one that is not there, or cannot be imported, is left to the kernels.

    What some of them prepare when they are first used is prepared too.
    """
    os.environ |= {name: value for name, value in SETTINGS.items() if name not in os.environ}
    awaited = [Awaited(name) for name in AWAITED if importlib.util.find_spec(name)]
    sys.modules |= {one.__name__: one for one in awaited}
    for name in (*KERNEL, *names):
        with suppress(Exception):
            importlib.import_module(name)
    for one in awaited:
        one.standing_in = False
        del sys.modules[one.__name__]
    for prepare in (_draw, _write):
        with suppress(Exception):
            prepare()


def _draw() -> None:
    """Have matplotlib read the fonts of a figure, which it keeps; of the figure nothing is left."""
    if "matplotlib.figure" in sys.modules:
        from matplotlib.figure import Figure

        figure = Figure()
        figure.add_subplot(title="0").text(0, 0, "0", weight="bold")
        figure.savefig(BytesIO(), format="png")


def _write() -> None:
    """Have Babel read how Norwegian numbers are written, which it keeps."""
    if "babel.numbers" in sys.modules:
        from babel.numbers import format_decimal

        format_decimal(0.5, locale="nb")
