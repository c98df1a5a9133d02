"""Packages that import what they export when it is asked for."""

import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest

PACKAGES = ("facts", "statistics", "notebook", "engine", "publication")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_there(package: str) -> None:
    found = import_module(f"kompendium.{package}")
    assert all(getattr(found, name) is not None for name in found.__all__)
    with pytest.raises(AttributeError, match=f"'kompendium.{package}' has no attribute 'other'"):
        _ = found.other


LATE = """\
import sys
import kompendium.{package} as found
early = {{name for name in found.__all__ if name in vars(found)}}
print(*sorted(set(found.__all__) - early))
"""


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_that_comes_late_is_a_module_too(package: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATE.format(package=package)],
        capture_output=True,
        text=True,
        check=True,
    )
    late = set(done.stdout.split())
    modules = {
        one.name for one in pkgutil.iter_modules(import_module(f"kompendium.{package}").__path__)
    }
    assert late
    assert not late & modules


ONE = """\
import sys
from kompendium.statistics import counts
from kompendium.notebook.finishing import finish
heavy = ("pandas", "seaborn", "statsmodels", "kompendium.statistics.samples", "kompendium.surveys")
print(*(name for name in heavy if name in sys.modules))
"""


def test_what_is_not_asked_for_is_not_imported() -> None:
    done = subprocess.run([sys.executable, "-c", ONE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
