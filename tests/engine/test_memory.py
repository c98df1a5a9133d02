"""The plan is remembered only while everything it was read from is the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kompendium.engine import memory, plan
from kompendium.engine.memory import known_plan, planned
from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]

DECLARED = """\
  year: {type: integer, default: 2021, help: {nb: År, en: Year}}
  level: {type: number, default: 2, help: {nb: Nivå, en: Level}}
  wide: {type: boolean, default: true, help: {nb: Vid, en: Wide}}
  unit: {type: string, default: '007', help: {nb: Enhet, en: Unit}}
"""


class ReadAgainError(Exception):
    """The plan was read from its files."""


@pytest.fixture
def remembered(
    compendium: Compendium, add_notebook: AddNotebook, monkeypatch: pytest.MonkeyPatch
) -> Compendium:
    """A compendium whose plan is in memory; to read it anew raises."""
    cell = "year = 2021\nlevel = 2\nwide = True\nunit = '007'"
    add_notebook("a", "1", parameters=cell, declared=DECLARED)
    (compendium.data / "tall.bin").touch()
    with (compendium.params / "a.yml").open("a", encoding="utf-8") as file:
        file.write("data: [data/tall.bin]\nmemory_limit: 512\n")
    planned(compendium)

    def again(compendium: Compendium) -> None:
        raise ReadAgainError

    monkeypatch.setattr(memory, "plan", again)
    return compendium


def test_what_is_remembered_is_the_plan(remembered: Compendium) -> None:
    known = known_plan(remembered)
    assert known == plan(remembered)
    assert [type(value) for value in known[0].values.values()] == [int, float, bool, str]


@pytest.mark.parametrize(
    "name",
    [
        "params/a.yml",
        "params/b.yml",
        "notebooks/a.ipynb",
        "data/datapackage.json",
        "data/frames/municipalities-2020.csv",
    ],
)
def test_a_changed_file_is_read_again(remembered: Compendium, name: str) -> None:
    with (remembered.root / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(ReadAgainError):
        known_plan(remembered)


def test_declared_data_that_are_gone_are_not_overlooked(remembered: Compendium) -> None:
    (remembered.data / "tall.bin").unlink()
    with pytest.raises(ReadAgainError):
        known_plan(remembered)


def test_a_memory_that_cannot_be_read_is_no_memory(remembered: Compendium) -> None:
    (remembered.products / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReadAgainError):
        known_plan(remembered)
