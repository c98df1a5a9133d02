"""Imports run one way, so that a stranger can read the packages in order."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.conftest import ROOT

SOURCE = ROOT / "src" / "kompendium"

ORDER = (
    "facts",
    "surveys",
    "statistics",
    "register",
    "notebook",
    "translation",
    "engine",
    "publication",
    "cli",
)
"""Each package may import those before it."""

ALONE = ("exports", "observation")
"""Modules beside the packages, for all of them: they import nothing of Kompendium."""


def imported(module: Path) -> Iterator[str]:
    """Name the packages of Kompendium that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
            if node.module == "kompendium":
                names = [f"kompendium.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("kompendium."):
                yield name.split(".")[1]


def test_the_order_names_every_package() -> None:
    assert {path.parent.name for path in SOURCE.glob("*/__init__.py")} == set(ORDER)


@pytest.mark.parametrize("package", ORDER)
def test_a_package_imports_only_those_before_it(package: str) -> None:
    allowed = {*ORDER[: ORDER.index(package) + 1], *ALONE}
    for module in sorted((SOURCE / package).rglob("*.py")):
        assert set(imported(module)) <= allowed, module.relative_to(SOURCE)


@pytest.mark.parametrize("name", ALONE)
def test_a_module_beside_the_packages_imports_none_of_them(name: str) -> None:
    assert set(imported(SOURCE / f"{name}.py")) == set()


def test_an_installed_package_is_whole() -> None:
    """What git ignores is left out of packages, and it ignores names of respondents' files."""
    packed = {one.distribution_path for one in WheelBuilder(str(ROOT)).recurse_included_files()}
    modules = {path.relative_to(SOURCE.parent).as_posix() for path in SOURCE.rglob("*.py")}
    assert modules <= packed
