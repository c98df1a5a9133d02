"""The frames hold what Statistics Norway published, and a changed table is refused."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import pytest

from kompendium.facts import frames
from kompendium.facts.documents import InputError
from kompendium.facts.frames import FrameError
from kompendium.facts.paths import Compendium
from kompendium.facts.size_classes import SSB, SizeClasses

REAL = Compendium(Path(__file__).resolve().parents[2])
TABLES = [
    "changes-2020",
    "municipalities-2019",
    "municipalities-2020",
    "oslo-districts",
    "unit-counts",
]


@pytest.fixture
def copy(tmp_path: Path) -> Compendium:
    """A compendium whose tables a test may spoil."""
    here = Compendium(tmp_path)
    shutil.copytree(REAL.frames, here.frames)
    shutil.copy(REAL.descriptor, here.descriptor)
    return here


def lines(compendium: Compendium, name: str) -> list[str]:
    return (compendium.frames / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)


def rewrite(compendium: Compendium, name: str, rows: list[str]) -> None:
    (compendium.frames / f"{name}.csv").write_text("".join(rows), encoding="utf-8", newline="\n")


def describe(compendium: Compendium, change: Callable[[dict[str, dict[str, Any]]], object]) -> None:
    package = json.loads(compendium.descriptor.read_text(encoding="utf-8"))
    change({resource["name"]: resource for resource in package["resources"]})
    compendium.descriptor.write_text(json.dumps(package), encoding="utf-8")


def approve(compendium: Compendium, name: str) -> None:
    """Give the spoiled file the size and hash of a good one, so that content alone is checked."""
    content = (compendium.frames / f"{name}.csv").read_bytes()
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    describe(compendium, lambda all_: all_[name].update(bytes=len(content), hash=digest))


@pytest.mark.parametrize(
    ("year", "population", "children", "classes"),
    [
        (2019, 5_328_212, 1_122_508, [95, 125, 89, 54, 43, 16]),
        (2020, 5_367_580, 1_118_608, [75, 99, 69, 51, 43, 19]),
        (2021, 5_391_369, 1_111_690, [77, 97, 70, 50, 43, 19]),
    ],
)
def test_municipalities_as_statistics_norway_counts_them(
    year: int, population: int, children: int, classes: list[int]
) -> None:
    units = frames.municipalities(year, compendium=REAL)
    assert units["population"].sum() == population
    assert units["children"].sum() == children
    assert units["size_class"].value_counts(sort=False).tolist() == classes
    assert list(units["size_class"].cat.categories) == list(SSB.labels)
    assert len(units) == frames.frame_size(year, districts=False, compendium=REAL)
    assert (units["children"] < units["population"]).all()


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_numbers_are_text_with_their_zeros(year: int) -> None:
    units = frames.municipalities(year, compendium=REAL)
    assert units["number"].str.fullmatch(r"\d{4}").all()
    assert units["number"].is_unique
    assert "0301" in set(units["number"])
    assert (units["county_number"] == units["number"].str[:2]).all()
    assert frames.districts(year, compendium=REAL)["number"].str.fullmatch(r"0301\d{2}").all()
    assert units.groupby("county_number")["county"].nunique().eq(1).all()


def test_leading_zeros_before_the_reform() -> None:
    units = frames.municipalities(2019, compendium=REAL).set_index("number")
    assert units.index.str.startswith("0").sum() == 152
    assert units.loc["0101", "name"] == "Halden"
    assert units.loc["1519", "population"] == 9_197


def test_columns_of_each_year() -> None:
    shared = ["number", "name", "county_number", "county"]
    people = ["population", "children"]
    assert list(frames.municipalities(2019, compendium=REAL)) == [*shared, *people, "size_class"]
    for year in (2020, 2021):
        units = frames.municipalities(year, compendium=REAL)
        place = ["longitude", "latitude"]
        assert list(units) == [*shared, "region", *people, *place, "size_class"]
        assert units["population"].dtype == units["children"].dtype == "int64"
        assert units["longitude"].dtype == units["latitude"].dtype == "float64"
    columns = ["number", "name", "population", "size_class"]
    assert list(frames.districts(2021, compendium=REAL)) == columns


@pytest.mark.parametrize(("year", "size"), [(2019, 437), (2020, 371), (2021, 371)])
def test_the_frame_is_all_municipalities_and_the_districts(year: int, size: int) -> None:
    units = frames.frame(year, compendium=REAL)
    assert len(units) == size == frames.frame_size(year, compendium=REAL)
    assert units["number"].is_unique
    assert units["kind"].value_counts().to_dict() == {"kommune": size - 15, "bydel": 15}
    parts = units.loc[units["kind"] == "bydel"]
    assert set(parts["county_number"]) == {"03"}
    assert set(parts["county"]) == {"Oslo"}
    assert not units.isna().any().any()
    assert units["size_class"].cat.ordered
    oslo = units.loc[units["number"] == "0301", "population"].item()
    assert 0.99 * oslo < parts["population"].sum() < oslo


def test_other_size_classes_are_a_parameter() -> None:
    two = SizeClasses((10_000,))
    units = frames.frame(2019, two, compendium=REAL)
    assert list(units["size_class"].cat.categories) == list(two.labels)
    large = units.loc[units["kind"] == "kommune", "size_class"] == two.labels[1]
    assert large.sum() == 54 + 43 + 16


def test_unit_counts_and_frame_sizes_of_all_years() -> None:
    counts = frames.unit_counts(compendium=REAL)
    expected = [428] * 4 + [426] + [422] * 2 + [356] * 4 + [357]
    assert counts["municipalities"].to_dict() == dict(zip(range(2013, 2025), expected, strict=True))
    assert set(counts["oslo_districts"]) == {15}
    assert frames.frame_size(2017, compendium=REAL) == 441
    assert frames.frame_size(2024, districts=False, compendium=REAL) == 357


@pytest.mark.parametrize(
    ("name", "year", "numbers"),
    [
        ("Herøy", 2019, ["1515", "1818"]),
        ("Herøy", 2021, ["1515", "1818"]),
        (" herøy ", 2020, ["1515", "1818"]),
        ("Våler", 2019, ["0137", "0426"]),
        ("Våler", 2020, ["3018", "3419"]),
        ("Os", 2019, ["0441", "1243"]),
        ("Os", 2020, ["3430"]),
        ("Oslo", 2020, ["0301"]),
        ("Grünerløkka", 2020, ["030102"]),
        ("Heröy", 2020, []),
    ],
)
def test_units_with_the_same_name_are_all_given(name: str, year: int, numbers: list[str]) -> None:
    assert frames.units_named(name, year, compendium=REAL)["number"].tolist() == numbers


@pytest.mark.parametrize(
    ("year", "names"),
    [(2019, {"Bø", "Herøy", "Nes", "Os", "Sande", "Våler"}), (2020, {"Herøy", "Våler"})],
)
def test_the_names_that_are_not_unique(year: int, names: set[str]) -> None:
    units = frames.municipalities(year, compendium=REAL)
    assert set(units.loc[units["name"].duplicated(), "name"]) == names


def test_a_copy_is_given_each_time() -> None:
    first = frames.unit_counts(compendium=REAL)
    first.loc[2019, "municipalities"] = 1
    units = frames.municipalities(2020, compendium=REAL)
    units["population"] = 0
    assert frames.frame_size(2019, compendium=REAL) == 437
    assert frames.municipalities(2020, compendium=REAL)["population"].min() > 0


@pytest.mark.parametrize("give", [frames.municipalities, frames.districts, frames.frame])
@pytest.mark.parametrize("year", [2018, 2022])
def test_a_year_without_units_is_refused(give: Callable[..., pd.DataFrame], year: int) -> None:
    with pytest.raises(FrameError, match=rf"for {year} → use one of 2019, 2020, 2021"):
        give(year, compendium=REAL)


@pytest.mark.parametrize("year", [2012, 2025])
def test_a_year_without_counts_is_refused(year: int) -> None:
    with pytest.raises(FrameError, match=r"use a year from 2013 to 2024"):
        frames.frame_size(year, compendium=REAL)


def test_the_package_is_valid_for_others_too() -> None:
    report = frictionless.validate(str(REAL.descriptor))
    assert report.valid, report.flatten(["name", "type", "message"])
    assert set(TABLES) <= {task.name for task in report.tasks}


def test_frictionless_and_the_loader_refuse_the_same_table(copy: Compendium) -> None:
    rewrite(copy, "oslo-districts", lines(copy, "oslo-districts")[:-1])
    assert not frictionless.validate(str(copy.descriptor)).valid
    with pytest.raises(FrameError):
        frames.districts(2019, compendium=copy)


def test_every_table_in_the_folder_is_described_with_line_feeds_only() -> None:
    assert sorted(path.stem for path in REAL.frames.iterdir()) == TABLES
    assert all(b"\r" not in path.read_bytes() for path in REAL.frames.iterdir())


def test_all_that_is_wrong_with_a_table_is_told_at_once(copy: Compendium) -> None:
    name = "municipalities-2020"
    rows = lines(copy, name)
    rows[1] = rows[1].replace("0301", "301", 1)
    rows[2] = rows[2].replace(",14811,", ",14812,", 1)
    rows[4] = rows[4].replace("1106", "1103", 1)
    rows[5] = rows[5].replace("Vestlandet", "Vest", 1)
    dropped = rows.pop(100)
    rewrite(copy, name, rows)
    with pytest.raises(FrameError) as caught:
        frames.municipalities(2020, compendium=copy)
    problems = caught.value.problems
    assert isinstance(caught.value, InputError)
    assert {problem.file for problem in problems} == {Path(f"data/frames/{name}.csv")}
    assert all("git checkout -- data/frames/" in problem.remedy for problem in problems)
    told = {(problem.line, problem.message) for problem in problems}
    total = 5_367_580 + 1 - int(dropped.split(",")[5])
    assert {
        (2, r"number «301» does not match ^\d{4}$"),
        (4, "number «1103» stands more than once"),
        (5, "number «1103» stands more than once"),
        (1, "has 355 rows, expected 356"),
        (1, f"population_2020 sums to {total}, expected 5367580"),
    } <= told
    messages = " ".join(message for _, message in told)
    assert "line" not in messages
    assert "region «Vest» is none of" in messages
    assert "has hash sha256:" in messages
    assert "bytes, expected" in messages


def dropped(rows: list[str]) -> list[str]:
    return rows[:50] + rows[51:]


def lost_zero(rows: list[str]) -> list[str]:
    return [row.replace("0301,Oslo", "301,Oslo") for row in rows]


def duplicated(rows: list[str]) -> list[str]:
    return [*rows[:-1], rows[-2].split(",")[0] + "," + rows[-1].split(",", 1)[1]]


def one_more(rows: list[str]) -> list[str]:
    return [row.replace(",681071,", ",681072,") for row in rows]


def nobody(rows: list[str]) -> list[str]:
    return [row.replace(",681071,", ",0,") for row in rows]


def in_words(rows: list[str]) -> list[str]:
    return [row.replace(",681071,", ",mange,") for row in rows]


def unnamed(rows: list[str]) -> list[str]:
    return [row.replace("0301,Oslo,", "0301,,") for row in rows]


def renamed_column(rows: list[str]) -> list[str]:
    return [rows[0].replace("name", "navn"), *rows[1:]]


def surplus(rows: list[str]) -> list[str]:
    return [rows[0], *(row.replace("\n", ",1\n") for row in rows[1:])]


def ragged(rows: list[str]) -> list[str]:
    return [*rows[:-1], rows[-1].replace("\n", ",1,2\n")]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (dropped, "has 421 rows, expected 422"),
        (lost_zero, r"number «301» does not match"),
        (duplicated, "stands more than once"),
        (one_more, "population_2019 sums to 5328213, expected 5328212"),
        (nobody, "population_2019 «0» is below 1"),
        (in_words, "population_2019 «mange» is no integer"),
        (unnamed, "name is empty"),
        (renamed_column, "columns are number, navn"),
        (surplus, "more values than there are columns"),
        (ragged, "not a readable UTF-8 CSV"),
    ],
)
def test_content_is_checked_also_where_size_and_hash_are_right(
    copy: Compendium, spoil: Callable[[list[str]], list[str]], message: str
) -> None:
    name = "municipalities-2019"
    rewrite(copy, name, spoil(lines(copy, name)))
    approve(copy, name)
    with pytest.raises(FrameError, match=message) as caught:
        frames.municipalities(2019, compendium=copy)
    assert "hash" not in str(caught.value)


def test_a_change_that_keeps_every_sum_is_caught_by_the_hash(copy: Compendium) -> None:
    name = "municipalities-2019"
    rows = [row.replace("Halden", "Haldem") for row in lines(copy, name)]
    rewrite(copy, name, rows)
    with pytest.raises(FrameError, match="has hash") as caught:
        frames.municipalities(2019, compendium=copy)
    assert len(caught.value.problems) == 1


def test_a_file_that_is_not_utf8_is_refused(copy: Compendium) -> None:
    path = copy.frames / "oslo-districts.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(FrameError, match="not a readable UTF-8 CSV"):
        frames.districts(2020, compendium=copy)


def test_a_change_is_seen_after_the_table_was_read(copy: Compendium) -> None:
    assert len(frames.districts(2020, compendium=copy)) == 15
    rewrite(copy, "oslo-districts", lines(copy, "oslo-districts")[:-1])
    with pytest.raises(FrameError, match="has 14 rows"):
        frames.districts(2020, compendium=copy)


def test_a_lost_file_is_told(copy: Compendium) -> None:
    (copy.frames / "unit-counts.csv").unlink()
    with pytest.raises(FrameError, match=r"unit-counts\.csv:1: No such file"):
        frames.unit_counts(compendium=copy)


@pytest.mark.parametrize("text", ["", "{", '{"resources": [3]}', "{}"])
def test_a_broken_descriptor_is_told(copy: Compendium, text: str) -> None:
    copy.descriptor.write_text(text, encoding="utf-8")
    with pytest.raises(FrameError, match=r"data/datapackage\.json:1: not a readable"):
        frames.frame(2020, compendium=copy)


def test_a_constraint_the_loader_does_not_know_is_not_ignored(copy: Compendium) -> None:
    def change(resources: dict[str, dict[str, Any]]) -> None:
        resources["unit-counts"]["schema"]["fields"][0]["constraints"]["exclusiveMinimum"] = 1

    describe(copy, change)
    with pytest.raises(FrameError, match="exclusiveMinimum: Extra inputs"):
        frames.unit_counts(compendium=copy)


def test_a_resource_that_is_gone_or_unchecked_is_told(copy: Compendium) -> None:
    describe(copy, lambda resources: resources["unit-counts"].update(name="counts"))
    with pytest.raises(FrameError, match="no resource called unit-counts"):
        frames.unit_counts(compendium=copy)
    describe(copy, lambda resources: resources["oslo-districts"].pop("hash"))
    with pytest.raises(FrameError, match="oslo-districts: hash: Field required"):
        frames.districts(2019, compendium=copy)


def test_resources_of_other_kinds_are_left_alone(copy: Compendium) -> None:
    package = json.loads(copy.descriptor.read_text(encoding="utf-8"))
    package["resources"].append({"name": "findings", "path": "findings/x.yml"})
    copy.descriptor.write_text(json.dumps(package), encoding="utf-8")
    assert len(frames.frame(2021, compendium=copy)) == 371
