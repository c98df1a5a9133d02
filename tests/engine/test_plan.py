"""Parameters are checked before any kernel starts, and every mistake is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kompendium.engine import plan
from kompendium.facts import Compendium
from kompendium.facts.documents import InputError

AddNotebook = Callable[..., Path]

YEAR = """\
  year:
    type: integer
    default: 2021
    minimum: 2014
    maximum: 2023
    help: {nb: Årgang, en: Edition}
"""


def told(compendium: Compendium) -> str:
    """Everything that is told of a compendium whose parameters are wrong."""
    with pytest.raises(InputError) as caught:
        plan(compendium)
    return str(caught.value)


def test_defaults_and_runs(compendium: Compendium, add_notebook: AddNotebook) -> None:
    add_notebook("enkel", "1 + 1")
    add_notebook(
        "arlig",
        "year",
        parameters="year = 2021  # årgang",
        declared=YEAR,
        runs="  arlig-2019: {year: 2019}\n  arlig: {}\n",
    )
    runs = {run.id: dict(run.values) for run in plan(compendium)}
    assert runs == {"arlig": {"year": 2021}, "arlig-2019": {"year": 2019}, "enkel": {}}


def test_runs_that_read_the_register_come_last(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    for name in ("a", "b"):
        add_notebook(name, "1")
    with (compendium.params / "a.yml").open("a", encoding="utf-8") as file:
        file.write("reads_register: true\n")
    assert [run.id for run in plan(compendium)] == ["b", "a"]


def test_limits_are_the_files_own(compendium: Compendium, add_notebook: AddNotebook) -> None:
    for name in ("a", "b"):
        add_notebook(name, "1")
    with (compendium.params / "a.yml").open("a", encoding="utf-8") as file:
        file.write("time_limit: 5\nmemory_limit: 1024\n")
    limits = {run.id: (run.time_limit, run.memory_limit) for run in plan(compendium)}
    assert limits == {"a": (5, 1024), "b": (600, None)}


@pytest.mark.parametrize("limit", ["memory_limit: 1", "memory_limit: much", "time_limit: 0"])
def test_a_limit_no_notebook_can_keep_is_refused(
    compendium: Compendium, add_notebook: AddNotebook, limit: str
) -> None:
    add_notebook("a", "1")
    with (compendium.params / "a.yml").open("a", encoding="utf-8") as file:
        file.write(f"{limit}\n")
    assert f"a.yml:2: {limit.split(':')[0]}" in told(compendium)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("{yaer: 2021}", "unknown parameter 'yaer' → declared are: year"),
        ("{year: '2021'}", "'2021' is not of type integer"),
        ("{year: 2021.5}", "2021.5 is not of type integer"),
        ("{year: true}", "True is not of type integer"),
        ("{year: 2013}", "2013 is below the least value 2014"),
        ("{year: 2024}", "2024 is above the greatest value 2023"),
    ],
)
def test_a_wrong_value_is_told_with_its_line(
    compendium: Compendium, add_notebook: AddNotebook, values: str, message: str
) -> None:
    add_notebook(
        "arlig", "year", parameters="year = 2021", declared=YEAR, runs=f"  arlig: {values}\n"
    )
    text = told(compendium)
    assert message in text
    assert "arlig.yml:10:" in text


def test_all_mistakes_of_all_files_are_told_at_once(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    runs = "  arlig: {year: 1999, mnd: 2}\n  Feil/navn: {}\n"
    add_notebook("arlig", "year", parameters="year = 2021", declared=YEAR, runs=runs)
    add_notebook("enkel", "1")
    (compendium.params / "enkel.yml").write_text(
        "notebook: borte.ipynb\nnok: 1\n", encoding="utf-8"
    )
    text = told(compendium)
    for message in ("1999 is below", "unknown parameter 'mnd'", "bad run id", "nok: Extra inputs"):
        assert message in text


@pytest.mark.parametrize("value", ["0301", "301"])
def test_a_unit_number_without_quotation_marks_is_refused(
    compendium: Compendium, add_notebook: AddNotebook, value: str
) -> None:
    declared = (
        "  unit: {type: string, default: '0301', units_of: 2020, help: {nb: Enhet, en: Unit}}\n"
    )
    add_notebook(
        "ark",
        "unit",
        parameters='unit = "0301"',
        declared=declared,
        runs=f"  ark: {{unit: {value}}}\n",
    )
    assert "write the value in quotation marks" in told(compendium)


def test_a_unit_that_is_not_in_the_frame_is_refused(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    declared = (
        "  unit: {type: string, default: '0301', units_of: 2020, help: {nb: Enhet, en: Unit}}\n"
    )
    add_notebook(
        "ark", "unit", parameters='unit = "0301"', declared=declared, runs="  ark: {unit: '0101'}\n"
    )
    assert "'0101' is no unit of the frame of 2020" in told(compendium)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("year = 2020", "the default here is not the notebook's (2020)"),
        ("annet = 1", "the notebook has no parameter 'year'"),
        ("year = 2021\nannet = 1", "has a parameter 'annet' that is not declared"),
    ],
)
def test_notebook_and_declaration_must_agree(
    compendium: Compendium, add_notebook: AddNotebook, cell: str, message: str
) -> None:
    add_notebook("arlig", "year", parameters=cell, declared=YEAR)
    assert message in told(compendium)


def test_a_name_that_is_no_name_cannot_reach_the_code(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    declared = YEAR.replace("year:", "'import os; x':")
    add_notebook("arlig", "1", parameters="year = 2021", declared=declared)
    assert "cannot be a Python name" in told(compendium)


def test_a_pattern_and_choices_are_held(compendium: Compendium, add_notebook: AddNotebook) -> None:
    declared = (
        "  kode: {type: string, default: a1, pattern: '[a-z]\\d', help: {nb: K, en: C}}\n"
        "  valg: {type: string, default: x, choices: [x, y], help: {nb: V, en: C}}\n"
    )
    add_notebook(
        "valg",
        "1",
        parameters='kode = "a1"\nvalg = "x"',
        declared=declared,
        runs="  valg: {kode: A1, valg: z}\n",
    )
    text = told(compendium)
    assert "does not have the form" in text
    assert "choose one of x, y" in text


def test_a_compendium_without_runs_says_so(compendium: Compendium) -> None:
    assert "no runs are declared" in told(compendium)
