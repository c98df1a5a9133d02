"""The strings of a code cell that readers see, told from those that only the code sees.

A string is text where it reads like text: two words, a capital, a letter English has not. What
is a key or is compared with is never text. A lone small word that readers do see is marked in
the notebook: ``word("ingen")``.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from kompendium.translation.templates import literal, template

MARK = "word"
"""The function that marks a lone word as text (``kompendium.notebook``)."""

NOT_TEXT = frozenset(
    (
        *("query", "eval", "compile", "findall", "sub", "match", "fullmatch", "search", "split"),
        *("glob", "startswith", "endswith", "contains", "removeprefix", "removesuffix", "isin"),
    )
)
"""Calls whose strings are patterns or code."""

SETTINGS = frozenset(("textcoords", "xycoords", "loc", "how", "name", "kind", "transform"))
"""Arguments whose strings are settings of a library."""

_SPACED = re.compile(r"[^\W\d_].*\s|\s.*[^\W\d_]", re.DOTALL)
_CAPITAL = re.compile(r"\b[A-ZÆØÅ][a-zæøå]{2,}")
_FOREIGN = re.compile(r"[æøåÆØÅ]")


@dataclass(frozen=True)
class Literal:
    """A text in a cell: the message, and where it stands in the source, in bytes."""

    message: str
    start: int
    end: int
    formatted: bool
    column: int | None
    """The column it starts in, where it may be broken over lines."""


def literals(source: str) -> list[Literal]:
    """Every text in the code of a cell, in order; raises SyntaxError where it is not Python."""
    tree = ast.parse(source)
    starts = _line_starts(source)
    found = []
    for node in _texts(tree, plain=False):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
        several = node.end_lineno != node.lineno
        formatted = isinstance(node, ast.JoinedStr)
        column = node.col_offset if several else None
        found.append(Literal(template(node), start, end, formatted, column))
    return sorted(found, key=lambda one: one.start)


def comments(source: str) -> list[Literal]:
    """The comments of a cell, without their sign: in the parameters cell they are text."""
    starts = _line_starts(source)
    found = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith("#|"):
            text = token.string.lstrip("# ")
            column = len(token.line[: token.start[1]].encode()) + len(token.string) - len(text)
            start = starts[token.start[0] - 1] + column
            found.append(Literal(text, start, start + len(text.encode()), False, None))
    return found


def replaced(source: str, changes: dict[Literal, str], *, code: bool = True) -> str:
    """Put translations in the place of texts; ``code`` where these are strings, not comments."""
    data = source.encode()
    for one in sorted(changes, key=lambda one: one.start, reverse=True):
        text = changes[one]
        new = literal(text, one.formatted, one.column) if code else text
        data = data[: one.start] + new.encode() + data[one.end :]
    return data.decode()


def _line_starts(source: str) -> list[int]:
    starts, place = [], 0
    for line in source.encode().split(b"\n"):
        starts.append(place)
        place += len(line) + 1
    return starts


def _texts(node: ast.AST, plain: bool) -> Iterator[ast.JoinedStr | ast.Constant]:
    """Walk the code and give strings that are text; ``plain`` where strings are keys."""
    if isinstance(node, ast.JoinedStr):
        if not plain and _reads_as_text(_shown(node)):
            yield node
        return
    if isinstance(node, ast.Constant):
        if not plain and isinstance(node.value, str) and _reads_as_text(node.value):
            yield node
        return
    if isinstance(node, ast.Call) and _name(node.func) == MARK:
        yield from (one for one in node.args if isinstance(one, ast.Constant))
        return
    for child, keys in _children(node):
        yield from _texts(child, plain or keys)


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """The parts of a piece of code, each with whether its strings are keys."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Subscript):
        yield node.value, False
        yield node.slice, True
    elif isinstance(node, ast.Compare):
        for one in (node.left, *node.comparators):
            yield one, not isinstance(one, ast.Call)
    elif isinstance(node, ast.keyword):
        yield node.value, node.arg in SETTINGS
    elif isinstance(node, ast.Call) and _name(node.func) in NOT_TEXT:
        yield node.func, False
        yield from ((one, True) for one in (*node.args, *node.keywords))
    else:
        yield from ((one, False) for one in ast.iter_child_nodes(node))


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def _shown(node: ast.JoinedStr) -> str:
    """The text of an f-string, with what its computed parts may choose between."""
    shown = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            shown.append(str(value.value))
        elif isinstance(value, ast.FormattedValue):
            inner = [one for one in _all_strings(value.value) if len(one) > 1]
            shown += [f"{one} " for one in inner]
    return "".join(shown)


def _all_strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and re.fullmatch(r"[^\W_]+.*", node.value):
            yield node.value
        return
    for child, keys in _children(node):
        if not keys:
            yield from _all_strings(child)


def _reads_as_text(text: str) -> bool:
    return bool(_SPACED.search(text) or _CAPITAL.search(text) or _FOREIGN.search(text))
