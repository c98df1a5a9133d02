"""How much of a file has changed: told in rows, entries, cells, lines or versions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kompendium.engine import Record, State, amounts
from kompendium.engine.amounts import Amounts
from kompendium.engine.ingredients import UNSETTLED, Ingredients
from kompendium.engine.outlines import outline
from kompendium.engine.records import Good
from kompendium.facts import Compendium

TABLE = "nummer,navn\n0301,Oslo\n1101,Eigersund\n1103,Stavanger\n"
FINDINGS = """\
report: {id: prove, title: Prøve}
published: "2020"
findings:
  - id: prove.svar
    quantity: 63 prosent
    base:
      name: enheter
  - id: prove.andel
    quantity: 8 av 10
"""
CODEBOOK = """\
title: Prøve
variables:
  # the first
  tolk: [ja, nei]
  brev:
    labels: [ja, nei]
"""
LOCK = "numpy==2.4.6 ; python_full_version < '3.13' \\\n    --hash=sha256:00\npandas==3.1.1\n"


def notebook(*cells: Any) -> str:
    return json.dumps(new_notebook(cells=[new_markdown_cell("# Prøve"), *cells]))


TABLES = new_code_cell("#| echo: false\n#| label: tbl-svar\nprint(1)")
PLAIN = new_code_cell("import pandas")
OTHER = new_code_cell("import numpy")

MOVED = "nummer,navn\n1101,Eigersund\n0301,Oslo\n1103,Stavanger\n"
NAMED = '{"a": 1, "r": [{"name": "x"}]}'
CHANGED_VALUE = CODEBOOK.replace("labels: [ja", "labels: [jo")
POLARS = LOCK.replace("pandas==3.1.1", "polars==2")

ROWS = [
    ("data/a.csv", TABLE, TABLE.replace("Oslo", "OSLO"), "1 row changed"),
    ("data/a.csv", TABLE, TABLE + "4601,Bergen\n4602,Kinn\n", "2 rows new"),
    ("data/a.csv", TABLE, TABLE.replace("0301,Oslo\n", ""), "1 row gone"),
    ("data/a.csv", TABLE, MOVED.replace("O", "o") + "1,x\n", "1 row changed, 1 row new"),
    ("data/a.csv", TABLE, MOVED, "rows in another order"),
    ("data/a.csv", TABLE, TABLE.replace("\n", "\r\n"), "changed"),
    ("data/a.csv", 'a;b\n1;"x\ny"\n', 'a;b\n1;"x\nz"\n', "1 row changed"),
    ("data/a.csv", "a;b\n1;2\n", "a;c\n1;2\n", "column c new, column b gone"),
    ("data/a.csv", TABLE, "", "columns nummer, navn gone, 3 rows gone"),
    ("data/f.yml", FINDINGS, FINDINGS.replace("63", "73"), "prove.svar changed"),
    ("data/f.yml", FINDINGS, FINDINGS.replace("enheter", "svar"), "prove.svar changed"),
    ("data/f.yml", FINDINGS, FINDINGS + "  - id: prove.ny\n", "prove.ny new"),
    ("data/f.yml", FINDINGS, FINDINGS.replace("andel", "del"), "prove.del new, prove.andel gone"),
    ("data/f.yml", FINDINGS, FINDINGS.replace("2020", "2021"), "published changed"),
    ("data/f.yml", FINDINGS, "# en merknad\n" + FINDINGS, "changed"),
    ("data/k.yml", CODEBOOK, CODEBOOK.replace("tolk: [ja", "tolk: []"), "variables.tolk changed"),
    ("data/k.yml", CODEBOOK, CHANGED_VALUE, "variables.brev changed"),
    ("data/k.yml", "a:\n- 1\n- 2\n", "a:\n- 1\n- 3\n", "a 2 changed"),
    ("data/k.yml", "a: 1\n", "- b\n", "a gone"),
    ("data/p.json", NAMED, NAMED.replace('"x"', '"x", "b": 2'), "x changed"),
    ("data/p.json", '{"a": {"b": 1, "c": 2}}', '{"a": {"b": 1, "c": 3}}', "a.c changed"),
    ("data/p.json", "[1, 2]", "[1, 2, 3]", "entry 3 new"),
    ("data/p.json", '{"a": 1}', '{"a":1}', "changed"),
    ("requirements.txt", LOCK, LOCK.replace("3.1.1", "3.2"), "pandas 3.1.1 → 3.2"),
    ("requirements.txt", LOCK, POLARS, "pandas 3.1.1 gone, polars 2 new"),
    ("requirements.txt", LOCK, LOCK.replace(":00", ":01"), "changed"),
    ("notebooks/hjelp.py", "a = 1\nb = 2\n", "a = 1\nb = 3\nc\n", "1 line changed, 1 line new"),
    ("data/a.bin", "\0\1", "\0\1\2", "2 → 3 bytes"),
    ("data/a.bin", "\0\1", "\0\2", "changed, still 2 bytes"),
    ("data/surveys/a/respondents.csv", "a,b\n1,2\n", "a,b\n1,2\n3,4\n", "1 → 2 rows"),
    ("data/surveys/a/respondents.csv", "a,b\n1,2\n", "a,b\n3,4\n", "changed, still 1 rows"),
    ("notebooks/n.ipynb", notebook(PLAIN), notebook(OTHER), "cell 1 changed"),
    ("notebooks/n.ipynb", notebook(), notebook(TABLES), "cell 1 (tbl-svar) new"),
    ("notebooks/n.ipynb", notebook(), notebook(TABLES, OTHER), "cells 1 (tbl-svar), 2 new"),
    ("notebooks/n.ipynb", notebook(PLAIN, TABLES), notebook(TABLES), "1 cell gone"),
]


@pytest.fixture
def amounts_of(compendium: Compendium) -> Callable[..., str]:
    """Have a run read a file, change the file, and say how much has changed."""

    def amount(name: str, before: str | bytes, after: str | bytes) -> str:
        path = compendium.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, before)
        content = outline(path)[0]
        Amounts(compendium).keep(record(name, content))
        write(path, after)
        assert outline(path)[0] != content
        return Amounts(compendium).amount(name, content)

    return amount


def write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def record(name: str, content: str) -> Record:
    """The record of a run that read one file, be that its notebook."""
    own = {"notebook": content} if name.endswith(".ipynb") else {"files": {name: content}}
    given = {"notebook": "", "files": {}, "parameters": {}, "modules": {}} | own
    ingredients = Ingredients.model_validate({**given, "interpreter": "", "kernel": ""})
    good = Good(key="", result="", ingredients=ingredients)
    notebook = name if name.endswith(".ipynb") else "notebooks/a.ipynb"
    return Record(run="a", notebook=notebook, parameters={}, state=State.DONE, good=good)


@pytest.mark.parametrize(("name", "before", "after", "told"), ROWS)
def test_a_change_is_told_by_what_it_changed(
    amounts_of: Callable[..., str], name: str, before: str, after: str, told: str
) -> None:
    assert amounts_of(name, before, after) == told


def test_only_the_first_of_many_are_named(amounts_of: Callable[..., str]) -> None:
    entries = "".join(f"k{number}: {number}\n" for number in range(9))
    assert amounts_of("data/k.yml", entries, entries.replace(": ", ": 1")) == (
        "k0, k1, k2 and 6 more changed"
    )
    lock = "".join(f"p{number}==1\n" for number in range(5))
    assert amounts_of("requirements.txt", lock, lock.replace("==1", "==2")) == (
        "p0 1 → 2, p1 1 → 2, p2 1 → 2, 2 more packages"
    )


def test_nothing_is_kept_of_respondents_but_their_number(
    amounts_of: Callable[..., str], compendium: Compendium
) -> None:
    amounts_of("data/surveys/a/respondents.csv", "unit,tolk\n0301,ja\n", "unit,tolk\n0301,nei\n")
    (kept,) = (compendium.outputs / amounts.FOLDER).rglob("*.json")
    ((kind, parts),) = json.loads(kept.read_bytes()).values()
    assert (kind, parts) == ("rows", [["", "1"]])


def test_a_content_that_was_never_seen_or_is_forgotten_has_only_changed(
    compendium: Compendium,
) -> None:
    path = compendium.data / "a.csv"
    contents = []
    for number in range(amounts.KEPT + 2):
        write(path, f"a\n{number}\n")
        contents.append(outline(path)[0])
        Amounts(compendium).keep(record("data/a.csv", contents[-1]))
    write(path, "a\nx\n")
    told = [Amounts(compendium).amount("data/a.csv", content) for content in contents]
    assert told == ["changed"] * 2 + ["1 row changed"] * amounts.KEPT
    (compendium.outputs / amounts.FOLDER / "data/a.csv.json").write_text("[", encoding="utf-8")
    assert Amounts(compendium).amount("data/a.csv", contents[-1]) == "changed"


def test_a_content_that_nobody_knows_is_not_kept(compendium: Compendium) -> None:
    path = compendium.data / "a.csv"
    write(path, "a\n1\n")
    Amounts(compendium).keep(record("data/a.csv", UNSETTLED))
    Amounts(compendium).keep(record("data/a.csv", "another, that has been changed since"))
    assert not (compendium.outputs / amounts.FOLDER).exists()
