"""What rests on made-up answers says so: read from the notebooks, so that a new one is held to it.

Names are followed from ``sample`` and ``illustrate`` through everything computed from them. A
figure or a table in a cell that uses such a name must have a mark in its caption and in its
alternative text, and its page must tell that the answers are made up.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

SOURCES = {"sample", "illustrate"}
"""What gives a notebook respondents, who are made up unless the real ones are there."""

PLAIN = {"codebook", "evidence", "illustrated", "limit", "mark", "alt_mark", "units"}
"""What a sample tells of itself, and not of its respondents."""

MARKS = {"caption": ("mark",), "alt": ("alt_mark",)}


class Trace:
    """Follows made-up answers through the names of a notebook."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def rests(self, tree: ast.AST) -> bool:
        """Tell whether some code uses made-up answers, or what was computed from them."""
        own: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in PLAIN:
                own.add(id(node.value))
            if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
                inner = {name for one in node.generators for name in _names(one.target)}
                own |= {
                    id(name)
                    for name in ast.walk(node)
                    if isinstance(name, ast.Name) and name.id in inner
                }
        return any(
            (isinstance(node, ast.Name) and node.id in self.names and id(node) not in own)
            or (isinstance(node, ast.Call) and _called(node) in SOURCES)
            for node in ast.walk(tree)
        )

    def learn(self, tree: ast.AST) -> None:
        """Remember the names that a cell gives to what rests on made-up answers."""
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(map(self.rests, node.body)):
                self.names.add(node.name)
            for value, targets in _given(node):
                if self.rests(value):
                    self.names.update(name for one in targets for name in _names(one))


def _given(node: ast.AST) -> Iterator[tuple[ast.AST, list[ast.expr]]]:
    """What a statement gives a name, and the names."""
    if isinstance(node, ast.Assign):
        yield node.value, node.targets
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and node.value:
        yield node.value, [node.target]
    elif isinstance(node, ast.For):
        yield node.iter, [node.target]


def _names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        yield from _names(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for one in target.elts:
            yield from _names(one)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _marked(text: ast.expr, mark: tuple[str, ...]) -> bool:
    """Tell whether a caption or an alternative text is marked."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr in mark)
        or (isinstance(node, ast.Constant) and "illustrasjon" in str(node.value).casefold())
        for node in ast.walk(text)
    )


def unmarked(cells: list[str]) -> list[str]:
    """The first line of each cell whose figure or table rests on made-up answers, unsaid."""
    trace, found = Trace(), []
    for source in cells:
        tree = ast.parse(source)
        trace.learn(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) in ("figure", "table"):
                texts = {one.arg: one.value for one in node.keywords if one.arg in MARKS}
                plain = [name for name, one in texts.items() if not _marked(one, MARKS[name])]
                if trace.rests(tree) and (plain or "caption" not in texts):
                    found.append(source.split("\n")[0])
    return found


def code(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_figures_and_tables_of_made_up_answers_are_marked(path: Path) -> None:
    assert unmarked(code(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_page_that_shows_made_up_answers_says_so(path: Path) -> None:
    trace, shown = Trace(), False
    for source in code(path):
        tree = ast.parse(source)
        trace.learn(tree)
        calls = {_called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        shown |= trace.rests(tree) and bool(calls & {"figure", "table"})
    text = "\n".join(code(path))
    assert not shown or "oppdiktede" in text


def test_the_survey_notebooks_show_made_up_answers() -> None:
    """Or the checks above would hold for want of anything to check."""
    for name in ("foreldreveiledning", "kommuneundersokelsen"):
        bare = [
            source.replace("illustrasjon", "").replace("mark}", "least}")
            for source in code(ROOT / "notebooks" / f"{name}.ipynb")
        ]
        assert len(unmarked(bare)) >= 4


@pytest.mark.parametrize(
    "cells",
    [
        ['svar = sample("x")', 'figure(svar.by_size("q", 1), caption="Andeler", alt="Søyler")'],
        ['svar = sample("x")\nn = svar.table', 'm = n.sum()\ntable(m, caption="Antall")'],
        ['a = [sample("x", seed=s) for s in (1, 2)]', 'table(len(a), caption="Antall")'],
        ["def share():\n    return sample('x').codes.mean()", 'table(share(), caption="Andel")'],
        [
            'svar = sample("x")\nd = {}\nfor k, one in svar.by_size("q").items():\n    d[k] = one',
            'figure(d, caption=f"Andeler{svar.mark}", alt="Søyler")',  # half a mark
        ],
        ['t = illustrate(book)\nwide = t.pivot()\nfigure(wide, caption="A", alt="B")'],
    ],
)
def test_a_new_notebook_that_does_not_say_so_is_found(cells: list[str]) -> None:
    assert unmarked(cells) == [cells[-1].split("\n")[0]]


@pytest.mark.parametrize(
    "cells",
    [
        ['svar = sample("x")', 'table(frame(2019), caption="Kommuner")'],
        ['svar = sample("x")\nbook = svar.codebook', 'table(book.roles, caption="Roller")'],
        [
            'svar = sample("x")',
            'figure(svar.table, caption=f"A{svar.mark}", alt=f"{svar.alt_mark}B")',
        ],
        ['svar = sample("x")', 'table(svar.table, caption="Antall (illustrasjon)")'],
        ['one = sample("x").table', 'table([one.id for one in findings()], caption="Funn")'],
    ],
)
def test_what_is_marked_or_rests_on_something_else_is_left_alone(cells: list[str]) -> None:
    assert unmarked(cells) == []
