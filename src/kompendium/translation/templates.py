"""F-strings as messages: text with the computed parts in braces, and back to Python.

``f"{number(n)} kommuner"`` is the message ``{number(n)} kommuner``. A translation may order the
computed parts in another way; they are Python, so that a translation is reviewed as code is.
"""

import ast
import re
from collections.abc import Iterator

Part = tuple[bool, str]
"""Whether a part is computed, and its text: without braces where it is."""

WIDTH = 88
"""Characters on a line of code that a translation is broken into."""

_CONVERSIONS = {-1: "", 115: "!s", 114: "!r", 97: "!a"}


class TemplateError(ValueError):
    """A message whose braces do not match."""


def template(node: ast.JoinedStr | ast.Constant) -> str:
    """Write a string of the code as a message; braces that are text are doubled."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    written = []
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            form = ""
            if isinstance(value.format_spec, ast.JoinedStr):
                form = ":" + template(value.format_spec)
            inner = ast.unparse(value.value) + _CONVERSIONS[value.conversion] + form
            written.append("{" + inner + "}")
        elif isinstance(value, ast.Constant):
            written.append(str(value.value).replace("{", "{{").replace("}", "}}"))
    return "".join(written)


def parts(message: str) -> Iterator[Part]:
    """Take a message of an f-string apart; raises TemplateError where braces do not match."""
    text, place = "", 0
    while place < len(message):
        here = message[place]
        if message[place : place + 2] in ("{{", "}}"):
            text, place = text + here, place + 2
        elif here == "{":
            end = _closing(message, place)
            if text:
                yield False, text
            yield True, message[place + 1 : end]
            text, place = "", end + 1
        elif here == "}":
            raise TemplateError(f"a brace closes nothing: …{message[: place + 1][-30:]}")
        else:
            text, place = text + here, place + 1
    if text:
        yield False, text


def _closing(message: str, start: int) -> int:
    """Find the brace that closes the one at ``start``, past brackets and quoted text."""
    depth, quote = 0, ""
    for place in range(start, len(message)):
        here = message[place]
        if quote:
            quote = "" if here == quote else quote
        elif here in "'\"":
            quote = here
        elif here in "{[(":
            depth += 1
        elif here in "}])":
            depth -= 1
            if depth == 0:
                return place
    raise TemplateError(f"a brace is never closed: {message[start : start + 30]}…")


def expressions(message: str) -> list[ast.expr]:
    """The computed parts of a message; raises TemplateError where one is not Python."""
    found: list[ast.expr] = []
    for computed, text in parts(message):
        if computed:
            try:
                tree = ast.parse(f'f"""{{{text}}}"""', mode="eval")
            except SyntaxError:
                raise TemplateError(f"this is not Python: {{{text}}}") from None
            found += [one.value for one in ast.walk(tree) if isinstance(one, ast.FormattedValue)]
    return found


def literal(message: str, formatted: bool, column: int | None = None) -> str:
    """Write a message as Python; over several lines from ``column`` on where that is given."""
    whole = list(parts(message)) if formatted else [(False, message)]
    if any(computed and '"' in text for computed, text in whole):
        return 'f"""' + "".join(map(_escaped, whole)) + '"""'
    lines = [whole] if column is None else _broken(whole, max(30, WIDTH - column))
    written = [
        ("f" if any(computed for computed, _ in line) else "")
        + '"'
        + "".join(_escaped(one, braces=any(computed for computed, _ in line)) for one in line)
        + '"'
        for line in lines
    ]
    return ("\n" + " " * (column or 0)).join(written or ['""'])


def _escaped(part: Part, braces: bool = True) -> str:
    computed, text = part
    if computed:
        return "{" + text + "}"
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    safe = safe.replace("\u00a0", "\\u00a0")
    return safe.replace("{", "{{").replace("}", "}}") if braces else safe


def _broken(whole: list[Part], width: int) -> list[list[Part]]:
    """Break at spaces of the text, so that no line is longer than it must be."""
    pieces = [
        (computed, piece)
        for computed, text in whole
        for piece in ([text] if computed else re.findall(r"\S* ?|\s", text))
        if piece
    ]
    lines: list[list[Part]] = [[]]
    used = 0
    for piece in pieces:
        length = len(_escaped(piece))
        if used + length > width and lines[-1] and _ends_word(lines[-1]):
            lines.append([])
            used = 0
        lines[-1].append(piece)
        used += length
    return lines


def _ends_word(line: list[Part]) -> bool:
    computed, text = line[-1]
    return not computed and text.endswith(" ")
