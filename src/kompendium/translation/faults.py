"""What a translation may not do: drop a number, a reference or a label, or add its own."""

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator

from kompendium.translation.templates import TemplateError, expressions, parts

FORMS = frozenset(
    (
        *("number", "numeral", "percent", "in_words", "points", "span", "span_in_words"),
        *("p_value", "listing", "counted", "word"),
    )
)
"""Functions that write a number; a translation may choose another than the original's."""

_FIXED = {
    "label": re.compile(r"\{[^{}\n]*(#[\w:-]+)[^{}\n]*\}"),
    "cross reference": re.compile(r"(?<![\w.])-?@[A-Za-z][\w:-]*\w"),
    "link target": re.compile(r"\]\(([^)\s]+)\)"),
    "shortcode": re.compile(r"\{\{<.*?>\}\}"),
    "class": re.compile(r"\{[^{}\n]*(?<![\w])(\.[a-z][\w-]*)[^{}\n]*\}"),
    "fence": re.compile(r"^(:{3,}|\| *:?-+)", re.MULTILINE),
}
"""Marks that are the same in every language."""


def faults(message: str, translation: str, computed: bool) -> Iterator[str]:
    """Say what is wrong with the translation of one text."""
    if computed:
        yield from _computed_faults(message, translation)
    for kind, pattern in _FIXED.items():
        before, after = (
            Counter(pattern.findall(_written(one, computed))) for one in (message, translation)
        )
        for one in before - after:
            yield f"the {kind} {one} is missing"
        for one in after - before:
            yield f"the {kind} {one} is not in the original"
    if message.strip() and message[0].isspace() != translation[0].isspace():
        yield "it must begin with a space where the original does, and only there"
    if message.strip() and message[-1].isspace() != translation[-1].isspace():
        yield "it must end with a space where the original does, and only there"


def _computed_faults(message: str, translation: str) -> Iterator[str]:
    try:
        before, after = _names(message), _names(translation)
    except TemplateError as error:
        yield str(error)
        return
    for name in sorted(before - after):
        yield f"what is computed from «{name}» is missing"
    for name in sorted(after - before):
        yield f"«{name}» is not in the original"


def _written(message: str, computed: bool) -> str:
    """What of a message stands as it is; a link target may be computed in part."""
    if not computed:
        return message
    try:
        return "".join("…" if inner else text for inner, text in parts(message))
    except TemplateError:
        return message


def _names(message: str) -> set[str]:
    """The names that the computed parts of a message rest on."""
    names = {
        one.id
        for expression in expressions(message)
        for one in ast.walk(expression)
        if isinstance(one, ast.Name)
    }
    return names - FORMS - set(dir(builtins))
