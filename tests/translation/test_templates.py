"""F-strings become messages and come back as Python that computes the same."""

import ast

import pytest

from kompendium.translation.templates import TemplateError, expressions, literal, template


def message(code: str) -> str:
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.JoinedStr | ast.Constant)
    return template(node)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("'to ord'", "to ord"),
        ('f"{n} kommuner"', "{n} kommuner"),
        ('f"av {number(n, 1)}" f" og {m!r:>5}"', "av {number(n, 1)} og {m!r:>5}"),
        ("f\"{'flere' if a > b else 'færre'} enn\"", "{'flere' if a > b else 'færre'} enn"),
        ('f"klamme {{x}} og {x:{w}}"', "klamme {{x}} og {x:{w}}"),
    ],
)
def test_a_string_is_told_with_its_computed_parts_in_braces(code: str, told: str) -> None:
    assert message(code) == told


@pytest.mark.parametrize(
    "text",
    [
        "{n} kommuner",
        "med \"gåsetegn\", 'enkle' og \\ skråstrek",
        "linje\n\nlinje\tog\u00a0fast mellomrom",
        "klamme {{x}} og {n:>{w}}",
        '{d["a"]} og {"ja" if n else "nei"}',
        "",
    ],
)
def test_a_message_written_as_python_gives_the_same_string(text: str) -> None:
    names = {"n": 3, "w": 5, "d": {"a": "b"}}
    wanted = (
        eval(f"f{text!r}" if '"' not in text else f"f'''{text}'''", {}, names)
        if "{" in text
        else text
    )
    formatted = "{" in text
    assert eval(literal(text, formatted), {}, names) == wanted


def test_a_long_message_is_broken_at_spaces_and_stays_the_same() -> None:
    text = "ord " * 60 + "{n} ord " * 20
    code = literal(text, True, column=4)
    assert all(len(line) <= 100 for line in code.split("\n"))
    assert eval(f"({code})", {}, {"n": 7}) == text.replace("{n}", "7")


@pytest.mark.parametrize("text", ["{n kommuner", "n} kommuner", "{n if} kommuner"])
def test_braces_that_do_not_match_and_code_that_is_none_are_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        expressions(text)
