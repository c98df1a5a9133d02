"""Whether a kernel that is forked would be the one that was asked for.

Loaded by ``server`` from beside it, without its package: nothing of Kompendium is imported.
"""

# Paths are text here: what the server imports, every kernel starts with.
# ruff: noqa: PTH110, PTH118, PTH123, PTH208

import os
from typing import Any

PASSING = ("JPY_", "JUPYTER_DEFAULT_", "KOMPENDIUM_", "MALLOC_", "PYDEVD_", "PYTEST_")
"""How variables begin that no preloaded import has read, and may differ for each kernel."""

CHANGING = frozenset({"COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "_"})
"""Other variables of which the same is true."""


def unlike(job: dict[str, Any], environment: dict[str, str]) -> str:
    """Say why no kernel can be forked for a job; empty where one can."""
    if names := differing(environment, job["env"]):
        return f"other environment: {', '.join(names)}"
    if os.path.exists(os.path.join(job["cwd"], "matplotlibrc")):
        return "matplotlibrc in the working folder"
    if len(running := threads()) > 1:
        return f"threads in the server: {', '.join(running)}"
    return ""


def differing(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """Name the variables in which two environments differ in a way imports may have seen."""
    return sorted(
        name
        for name in ours.keys() | theirs.keys()
        if ours.get(name) != theirs.get(name)
        and name not in CHANGING
        and not name.startswith(PASSING)
    )


def threads() -> list[str]:
    """Name the threads of this process."""
    place = "/proc/self/task"
    names = []
    for task in os.listdir(place):
        with open(f"{place}/{task}/comm") as file:
            names.append(file.read().strip())
    return names
