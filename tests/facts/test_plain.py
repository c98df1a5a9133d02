"""Plain YAML gives the values that the careful reader gives, or is left to that one."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from ruamel.yaml import YAML

from kompendium.facts import documents, plain
from tests.conftest import ROOT

OWN = sorted(path for folder in ("data", "params") for path in (ROOT / folder).rglob("*.yml"))


def careful(text: str) -> Any:
    return YAML(typ="rt").load(StringIO(text))


@pytest.mark.parametrize("path", OWN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_compendiums_own_documents_are_plain(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert plain.values(text) == careful(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: 007",
        "a: 1_000",
        "a: 0x1F",
        "a: +1",
        "a: 1e3",
        "a: .inf",
        "a: -.INF",
        "a: .5",
        "a: 2020-01-01",
        "a: 2020-01-01 10:00:00",
        "a: !!str 1",
        "a: 1\na: 2",
        "a: &x 1\nb: &x 2",
        "a: *x",
        "a: &x true",
        "<<: {a: 1}",
        "? [a]\n: 1",
        "%YAML 1.1\n---\na: yes",
        "a: 1\n---\nb: 2",
        "a: 1\n...\n",
        "---\n...\n...\n",
        "a: [1",
        "a:\tb",
        "a: «\x85»",
        "",
    ],
)
def test_other_documents_are_left_to_the_careful_reader(text: str) -> None:
    with pytest.raises(plain.NotPlain):
        plain.values(text)


PARTS = (
    *("a", "b: ", "- ", "key: ", " ", "\n", "\n  ", "\n- ", ": ", ":", " # c", "'", '"', "\\"),
    *("{", "}", "[", "]", ", ", "&a ", "*a", "!", "<<: ", "~", "null", "true", "yes", "no"),
    *("0", "1", "007", "-", "+", "1_000", "0o17", ".5", "5.", "1.5", "1e3", ".inf", ".nan"),
    *("2020-01-01", "12:30", "|\n  ", ">-\n  ", "? ", "---\n", "...\n", "å", "8 av 10", "\r\n"),
)


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_whatever_is_plain_reads_the_same(text: str) -> None:
    try:
        values = plain.values(text)
    except plain.NotPlain:
        return
    assert same(values, careful(text)), text


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal and of one kind: 1 and 1.0 are not."""
    kind = next(
        each for each in (bool, int, float, str, list, dict, object) if isinstance(one, each)
    )
    if not isinstance(other, kind) or isinstance(other, bool) is not isinstance(one, bool):
        return False
    if isinstance(one, dict):
        pairs = zip(one.items(), other.items(), strict=True)
        return len(one) == len(other) and all(same([*a], [*b]) for a, b in pairs)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


class Model(BaseModel):
    a: int


def test_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    for text, told in (("\na: x\n", "a.yml:2: a: "), ("\n\na: [1\n", "a.yml:4: not YAML")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(documents.InputError, match=told):
            documents.load(path, Model)
    path.write_text("a: 0x1F", encoding="utf-8")
    assert documents.load(path, Model) == Model(a=31)
