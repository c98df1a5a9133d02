"""Parameters are checked before any kernel starts, and every mistake is told."""

import json
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
    """What one mistake makes unreadable is left out, and the rest of the file is checked."""
    declared = YEAR + "  other: {type: integer, default: 1, help: {nb: Annen}}\n"
    runs = (
        "  arlig: {year: 1999, mnd: 2, other: 3}\n"
        "  Feil/navn: {year: 1_000}\n"
        "  feil: 7\n"
        "  tom:\n"
        "nok: 1\n"
    )
    add_notebook("arlig", "year", parameters="year = 2020\nother = 2", declared=declared, runs=runs)
    add_notebook("enkel", "1")
    with (compendium.params / "enkel.yml").open("a", encoding="utf-8") as file:
        file.write("time_limit: soon\ndata: [data/borte.csv]\n")
    (compendium.params / "verre.yml").write_text("notebook: [\n", encoding="utf-8")
    mistakes = [line.removeprefix(f"{compendium.params}/") for line in told(compendium).split("\n")]
    assert [line.partition(" → ")[0] for line in mistakes] == [
        "arlig.yml:5: year: the default here is not the notebook's (2020)",
        "arlig.yml:9: parameters.other.help.en: Field required",
        "arlig.yml:11: unknown parameter 'mnd'",
        "arlig.yml:11: year: 1999 is below the least value 2014",
        "arlig.yml:12: bad run id 'Feil/navn'",
        "arlig.yml:12: year: 1_000 is not written in plain digits",
        "arlig.yml:13: runs.feil: Input should be a valid dictionary",
        "arlig.yml:15: nok: Extra inputs are not permitted",
        "enkel.yml:2: time_limit: Input should be a valid integer, unable to parse string as an "
        "integer",
        "enkel.yml:3: data/borte.csv is not there",
        "verre.yml:2: not YAML: expected the node content, but found '<stream end>'",
    ]


@pytest.mark.parametrize(
    ("type_", "written", "message"),
    [
        ("integer", "007", "007 is not written in plain digits → write plain digits"),
        ("integer", "1_000", "1_000 is not written in plain digits → write plain digits"),
        ("integer", "-0x1F", "-0x1F is not written in plain digits → write plain digits"),
        ("integer", "0o17", "0o17 is not written in plain digits → write plain digits"),
        ("integer", "1.0", "1.0 is not of type integer → write a value of type integer"),
        ("integer", "true", "True is not of type integer"),
        ("integer", "'5'", "'5' is not of type integer"),
        ("integer", "", "nothing is given, which is not of type integer"),
        ("number", "1_000.5", "1_000.5 is not written in plain digits"),
        ("number", "00.5", "00.5 is not written in plain digits"),
        ("number", ".nan", "nan is not a finite number → write one"),
        ("number", "-.inf", "-inf is not a finite number"),
        ("number", "1e400", "inf is not a finite number"),
        ("number", "9" * 400, "9 is not a finite number"),
        ("number", "false", "False is not of type number"),
        (
            "string",
            "007",
            "007 is not written in plain digits → write the value in quotation marks",
        ),
        ("string", "5", "5 is not of type string → write the value in quotation marks"),
        ("string", "2020-01-01", "is not of type string → write the value in quotation marks"),
        ("string", "yes: no", "is not of type string"),
        ("boolean", "yes", "'yes' is not of type boolean"),
        ("boolean", "1", "1 is not of type boolean"),
    ],
)
def test_no_value_becomes_another_than_was_written(
    compendium: Compendium, add_notebook: AddNotebook, type_: str, written: str, message: str
) -> None:
    default = {"integer": 0, "number": 0.5, "string": "", "boolean": False}[type_]
    declared = f"  x: {{type: {type_}, default: {json.dumps(default)}, help: {{nb: X, en: X}}}}\n"
    runs = f"  a:\n    x: {written}\n"
    add_notebook("a", "x", parameters=f"x = {default!r}", declared=declared, runs=runs)
    if ": " in written:
        runs = f"  a: {{x: {{{written}}}}}\n"
        add_notebook("a", "x", parameters=f"x = {default!r}", declared=declared, runs=runs)
    assert message in told(compendium)


@pytest.mark.parametrize(
    ("type_", "written", "value"),
    [
        ("integer", "0", 0),
        ("integer", "-5", -5),
        ("integer", "&navn 12", 12),
        ("number", "0", 0.0),
        ("number", ".5", 0.5),
        ("number", "1e-3", 0.001),
        ("string", "'007'", "007"),
        ("string", "''", ""),
        ("string", "yes", "yes"),
        ("string", "1_0:30", "1_0:30"),
        ("boolean", "true", True),
    ],
)
def test_a_value_is_what_was_written(
    compendium: Compendium, add_notebook: AddNotebook, type_: str, written: str, value: object
) -> None:
    declared = f"  x: {{type: {type_}, default: {written}, help: {{nb: X, en: X}}}}\n"
    runs = f"  a: {{x: {written.replace('&navn', '')}}}\n"
    add_notebook("a", "x", parameters=f"x = {value!r}", declared=declared, runs=runs)
    (run,) = plan(compendium)
    assert (type(run.values["x"]), run.values["x"]) == (type(value), value)


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("type: integer, default: 5, minimum: 9, maximum: 3", "the least value 9 is above"),
        ("type: integer, default: 5, minimum: .nan", "minimum: nan is not a finite number"),
        ("type: integer, default: 5, choices: [5, '6']", "the choice '6' is not of type integer"),
        ("type: integer, default: 5, choices: []", "there is nothing to choose"),
        ("type: integer, default: 5, pattern: '5'", "pattern has no meaning for type integer"),
        ("type: integer, default: 5, units_of: 2020", "units_of has no meaning for type integer"),
        ("type: string, default: '5', maximum: 5", "maximum has no meaning for type string"),
        ("type: boolean, default: true, minimum: 0", "minimum has no meaning for type boolean"),
        ("type: integer, default: 5.5", "x, default: 5.5 is not of type integer"),
        ("type: string, default: '5', pattern: '['", "not a regular expression"),
        ("type: text, default: '5'", "parameters.x.type: Input should be 'integer', 'number',"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(
    compendium: Compendium, add_notebook: AddNotebook, declaration: str, message: str
) -> None:
    declared = f"  x: {{{declaration}, help: {{nb: X, en: X}}}}\n"
    add_notebook("a", "x", parameters="x = 5", declared=declared)
    assert message in told(compendium)
    assert "a.yml:3: " in told(compendium)


def test_an_altered_table_of_units_is_told_once_and_where_it_lies(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    declared = (
        "  unit: {type: string, default: '0301', units_of: 2020, help: {nb: Enhet, en: Unit}}\n"
    )
    runs = "  ark: {unit: '0101'}\nfamilies:\n  alle: {for_each: frame/2020}\n"
    add_notebook("ark", "unit", parameters="unit = '0301'", declared=declared, runs=runs)
    with (compendium.frames / "municipalities-2020.csv").open("a", encoding="utf-8") as file:
        file.write("9999,Tull\n")
    text = told(compendium)
    assert text.startswith("data/frames/municipalities-2020.csv:1: is not the table")
    assert "\n" not in text


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
        ("year = 2021.0", "the default here is not the notebook's (2021.0)"),
        ("year = input()", "the parameters cell of arlig.ipynb cannot be read"),
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
