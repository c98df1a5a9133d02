"""Packages that import what they export when it is asked for.

A package's ``__init__`` says where a stranger finds things. To import all of them there would
make each process wait for what it never uses, and each notebook depend on every module.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def exports(package: str, places: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:
    """Give the ``__getattr__`` of a package (PEP 562) from the names that each module has.

    A name that is also a module's of the package cannot be given so: to import the module
    would put it in the place of what was meant.
    """
    module_of = {name: module for module, names in places.items() for name in names}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(module_of[name]), name)

    return get
