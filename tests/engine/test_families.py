"""Families of runs: what is made of a frame or a grid, and every mistake told before a kernel."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from kompendium.engine import Run, plan
from kompendium.engine.memory import known_book, known_plan, planned
from kompendium.engine.selection import chosen, families, of_the_book
from kompendium.facts import Compendium
from kompendium.facts.documents import InputError

AddNotebook = Callable[..., Path]

UNIT = """\
  unit: {type: string, default: '0301', units_of: 2020, help: {nb: Enhet, en: Unit}}
"""
GRID = """\
  year: {type: integer, default: 2021, minimum: 2014, maximum: 2023, help: {nb: År, en: Year}}
  level: {type: number, default: 0.95, help: {nb: Nivå, en: Level}}
  wide: {type: boolean, default: false, help: {nb: Vid, en: Wide}}
  cuts: {type: string, default: ssb, help: {nb: Klasser, en: Classes}}
"""
GRID_CELL = "year = 2021\nlevel = 0.95\nwide = False\ncuts = 'ssb'"


@pytest.fixture
def declare(compendium: Compendium, add_notebook: AddNotebook) -> Callable[[str], None]:
    """Write ``params/grid.yml`` with families; its notebook takes the grid's parameters."""

    def write(families: str) -> None:
        add_notebook("grid", "1", parameters=GRID_CELL, declared=GRID)
        with (compendium.params / "grid.yml").open("a", encoding="utf-8") as file:
            file.write(f"families:\n{families}")

    return write


@pytest.fixture
def sheets(compendium: Compendium, add_notebook: AddNotebook) -> Compendium:
    """A compendium with one run of the book and a family of one run a unit."""
    add_notebook("ark", "1", parameters="unit = '0301'", declared=UNIT, runs="  ark: {}\n")
    with (compendium.params / "ark.yml").open("a", encoding="utf-8") as file:
        file.write("families:\n  ark:\n    for_each: frame/2020\n")
    return compendium


def told(compendium: Compendium) -> str:
    with pytest.raises(InputError) as caught:
        plan(compendium)
    return str(caught.value)


def members(compendium: Compendium, name: str) -> dict[str, dict[str, object]]:
    return {run.id: dict(run.values) for run in families(plan(compendium))[name]}


def test_a_family_for_each_unit_has_a_run_a_unit(sheets: Compendium) -> None:
    made = members(sheets, "ark")
    assert len(made) == 371
    assert made["ark-1577-volda"] == {"unit": "1577"}
    assert made["ark-030104-st-hanshaugen"] == {"unit": "030104"}
    assert {"ark-1515-heroy", "ark-1818-heroy"} <= made.keys()
    assert [run.id for run in of_the_book(plan(sheets))] == ["ark"]


def test_all_units_are_read_and_checked_in_well_under_a_second(sheets: Compendium) -> None:
    start = perf_counter()
    plan(sheets)
    assert perf_counter() - start < 1


def test_a_family_is_remembered_as_it_was_read(sheets: Compendium) -> None:
    assert planned(sheets) == plan(sheets) == known_plan(sheets)
    assert known_book(sheets) == of_the_book(plan(sheets))
    (sheets.products / "plan-families.json").unlink()
    assert known_plan(sheets) == plan(sheets)


def test_a_grid_is_every_combination(
    compendium: Compendium, declare: Callable[[str], None]
) -> None:
    declare(
        "  folsomhet:\n"
        "    matrix: {year: [2019, 2021], level: [0.9, 1], wide: [true]}\n"
        "    values: {cuts: 'a/../b'}\n"
    )
    made = members(compendium, "folsomhet")
    assert list(made) == [
        "folsomhet-year-2019-level-0-9-wide-true",
        "folsomhet-year-2019-level-1-wide-true",
        "folsomhet-year-2021-level-0-9-wide-true",
        "folsomhet-year-2021-level-1-wide-true",
    ]
    assert made["folsomhet-year-2019-level-1-wide-true"] == {
        "year": 2019,
        "level": 1.0,
        "wide": True,
        "cuts": "a/../b",
    }
    assert type(made["folsomhet-year-2019-level-1-wide-true"]["level"]) is float


def test_no_value_leads_out_of_the_outputs(
    compendium: Compendium, declare: Callable[[str], None]
) -> None:
    declare("  stier:\n    matrix: {cuts: [../../x, /etc/passwd, 'C:\\x', '$HOME', '~']}\n")
    made = members(compendium, "stier")
    assert len(made) == 5
    for name in made:
        path = (compendium.executed / f"{name}.ipynb").resolve()
        assert path.parent == compendium.executed.resolve()


@pytest.mark.parametrize(
    ("family", "line", "message"),
    [
        ("    matrix: {year: [2019, 1999]}\n", 9, "year: 1999 is below the least value 2014"),
        ("    matrix: {yaer: [2019]}\n", 9, "unknown parameter 'yaer'"),
        ("    matrix: {year: []}\n", 9, "f: year has no values"),
        ("    matrix:\n      year:\n      - 2019\n      - x\n", 12, "'x' is not of type integer"),
        ("    matrix: {year: [1_000]}\n", 9, "is not written in plain digits"),
        ("    matrix: {cuts: [A b, a-b]}\n", 9, "would be named cuts-a-b → remove all but one"),
        ("    values: {year: 2019}\n", 8, "nothing varies in this family"),
        ("    matrix: {year: [2019]}\n    values: {year: 2020}\n", 8, "in more than one place"),
        ("    for_each: frame/2020\n", 9, "0 parameters are declared with «units_of: 2020»"),
        ("    for_each: enheter\n", 9, "should match pattern"),
        ("    matrix: {year: [2019]}\n    limit: 3\n", 10, "families.f.limit: Extra inputs"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    compendium: Compendium,
    declare: Callable[[str], None],
    family: str,
    line: int,
    message: str,
) -> None:
    declare(f"  f:\n{family}")
    text = told(compendium)
    assert message in text
    assert f"grid.yml:{line}: " in text


def test_all_mistakes_of_a_family_come_at_once(
    compendium: Compendium, declare: Callable[[str], None]
) -> None:
    declare("  f:\n    matrix: {year: [1999, 2030], level: [x], borte: [1]}\n")
    text = told(compendium)
    for message in ("1999 is below", "2030 is above", "'x' is not of type number", "'borte'"):
        assert message in text


def test_a_large_family_needs_a_limit_raised_by_hand(
    compendium: Compendium, declare: Callable[[str], None]
) -> None:
    thousand = f"[{', '.join(str(n / 2000) for n in range(1001))}]"
    declare(f"  f:\n    matrix: {{level: {thousand}}}\n")
    assert "would be 1001 runs, and the limit is 1000" in told(compendium)
    declare(f"  f:\n    matrix: {{level: {thousand}}}\n    run_limit: 1001\n")
    assert len(members(compendium, "f")) == 1001


def test_a_huge_grid_is_refused_without_being_made(
    compendium: Compendium, declare: Callable[[str], None]
) -> None:
    hundred = f"[{', '.join(str(n) for n in range(100))}]"
    words = f"[{', '.join(f'x{n}' for n in range(1000))}]"
    years = "[2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023]"
    declare(f"  f:\n    matrix: {{level: {hundred}, cuts: {words}, year: {years}}}\n")
    start = perf_counter()
    assert "would be 1000000 runs" in told(compendium)
    assert perf_counter() - start < 2


def test_a_frame_that_is_not_there_is_told_at_the_family(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    declared = UNIT.replace("2020", "2031")
    add_notebook("ark", "1", parameters="unit = '0301'", declared=declared)
    with (compendium.params / "ark.yml").open("a", encoding="utf-8") as file:
        file.write("families:\n  ark:\n    for_each: frame/2031\n")
    assert "ark.yml:6: ark: datapackage.json: no municipalities for 2031" in told(compendium)


def test_a_run_and_a_member_cannot_have_one_name(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    add_notebook(
        "ark", "1", parameters="unit = '0301'", declared=UNIT, runs="  ark-1577-volda: {}\n"
    )
    with (compendium.params / "ark.yml").open("a", encoding="utf-8") as file:
        file.write("families:\n  ark:\n    for_each: frame/2020\n")
    assert "run ark-1577-volda is declared twice" in told(compendium)


@pytest.mark.parametrize(
    ("names", "count", "one"),
    [
        (["ark"], 1, "ark"),
        (["ark/"], 371, "ark-0301-oslo"),
        (["ark/*"], 371, "ark-0301-oslo"),
        (["ark/1577*"], 1, "ark-1577-volda"),
        (["ark-1577-volda"], 1, "ark-1577-volda"),
        (["ark-15[27]*", "ark/1577-volda"], 8, "ark-1577-volda"),
        (["*"], 372, "ark"),
        (["*-heroy"], 2, "ark-1515-heroy"),
    ],
)
def test_runs_are_named_by_id_pattern_or_family(
    sheets: Compendium, names: list[str], count: int, one: str
) -> None:
    found = [run.id for run in chosen(plan(sheets), names, sheets)]
    assert len(found) == len(set(found)) == count
    assert one in found


def test_every_name_that_means_nothing_is_told(sheets: Compendium) -> None:
    with pytest.raises(InputError) as caught:
        chosen(plan(sheets), ["borte", "ark", "ark/9*"], sheets)
    text = str(caught.value)
    assert "no run «borte» → choose among ark, ark/ (371 runs)" in text
    assert "no run «ark/9*»" in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Volda", "ark-1577-volda"),
        ("ark/Ørsta*", "ark-1520-orsta"),
        ("ark-1577-vlda", "ark-1577-volda"),
    ],
)
def test_the_run_that_was_perhaps_meant_is_named(
    sheets: Compendium, typed: str, meant: str
) -> None:
    with pytest.raises(InputError) as caught:
        chosen(plan(sheets), [typed], sheets)
    asked = f"did you mean «{meant}»? Or choose among ark, ark/ (371 runs)"
    assert asked in str(caught.value)


def test_a_run_of_the_book_is_of_no_family(sheets: Compendium) -> None:
    book = [run for run in plan(sheets) if run.id == "ark"]
    assert isinstance(book[0], Run)
    assert book[0].family == ""
