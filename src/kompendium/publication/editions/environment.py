"""What the notebooks were run with, told without a word of whose machine it was."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib.metadata import distributions

from kompendium.publication.editions.manifest import Environment


def environment(publisher: str) -> Environment:
    """Describe this process's Python, packages and platform: no paths, users or hosts."""
    libc = " ".join(filter(None, platform.libc_ver()))
    return Environment(
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        platform=f"{platform.system()}, {libc}" if libc else platform.system(),
        machine=platform.machine(),
        publisher=publisher,
        packages=packages(),
    )


def packages() -> dict[str, str]:
    """The version of every installed package, by its name as an index has it."""
    found = {normalised(one.name): one.version for one in distributions() if one.name}
    return dict(sorted(found.items()))


def normalised(name: str) -> str:
    """A package's name in its one right spelling."""
    return re.sub(r"[-_.]+", "-", name).lower()


def differences(before: Environment, now: Environment) -> Iterator[str]:
    """Say in words what of one environment is another; the publisher computes nothing.

    Packages that are new do not count: nothing that was run then can have asked for them.
    """
    if before.python != now.python or before.implementation != now.implementation:
        yield " → ".join(f"{one.implementation} {one.python}" for one in (before, now))
    if (before.platform, before.machine) != (now.platform, now.machine):
        yield " → ".join(f"{one.platform}, {one.machine}" for one in (before, now))
    for name, version in sorted(before.packages.items()):
        if now.packages.get(name) != version:
            yield f"{name} {version} → {now.packages.get(name, 'not installed')}"
