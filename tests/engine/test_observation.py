"""Which modules a process has loaded, as the process tells it itself."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kompendium.observation import Observation, observing

NAMES = ("en_modul", "to_modul", "tre_modul")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with modules that nobody else has."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("", encoding="utf-8")
        # A cached compilation, so that the source is not opened.
        monkeypatch.syspath_prepend(tmp_path)
        importlib.import_module(name)
        del sys.modules[name]
    yield tmp_path
    for name in NAMES:
        sys.modules.pop(name, None)


def seen(observation: Observation) -> set[str]:
    """The modules it has seen by now."""
    opened: list[str] = observation.report()["opened"]
    return {name.removesuffix(".py") for name in opened}


def test_modules_are_seen_as_they_are_loaded(place: Path) -> None:
    with observing(place) as observation:
        assert seen(observation) == set()
        importlib.import_module(NAMES[0])
        assert seen(observation) == {NAMES[0]}
        assert seen(observation) == {NAMES[0]}
        importlib.import_module(NAMES[1])
        importlib.import_module(NAMES[2])
        assert seen(observation) == {*NAMES}


def test_modules_behind_one_that_was_taken_out_and_put_back_are_seen(place: Path) -> None:
    with observing(place) as observation:
        last = importlib.import_module(NAMES[0])
        assert seen(observation) == {NAMES[0]}
        del sys.modules[NAMES[0]]
        importlib.import_module(NAMES[1])
        sys.modules[NAMES[0]] = last
        assert seen(observation) == {NAMES[0], NAMES[1]}
        del sys.modules[NAMES[0]], sys.modules[NAMES[1]]
        importlib.import_module(NAMES[2])
        importlib.import_module(NAMES[0])
        assert seen(observation) == {*NAMES}


def test_a_module_of_the_library_that_was_there_before_is_told(place: Path) -> None:
    with observing(place) as observation:
        modules = observation.report()["modules"]
    assert {"kompendium", "kompendium.observation"} <= {*modules}
