"""The texts of Markdown: a message a block, with what code is in it left alone."""

import re
from collections.abc import Callable, Iterator

_FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_GAP = re.compile(r"(\n[ \t]*\n+)")
_LETTER = re.compile(r"[^\W\d_]{2,}")


def messages(markdown: str) -> Iterator[str]:
    """Every block that has words: a heading, a paragraph, a list, a table."""
    found: list[str] = []

    def keep(block: str) -> str:
        found.append(block)
        return block

    translated(markdown, keep)
    yield from found


def translated(markdown: str, text: Callable[[str], str]) -> str:
    """Markdown with every block put through ``text``; gaps and code blocks as they were."""
    done, place = [], 0
    for fence in _FENCE.finditer(markdown):
        done += [_prose(markdown[place : fence.start()], text), fence[0]]
        place = fence.end()
    return "".join([*done, _prose(markdown[place:], text)])


def _prose(markdown: str, text: Callable[[str], str]) -> str:
    return "".join(_block(one, text) for one in _GAP.split(markdown))


def _block(block: str, text: Callable[[str], str]) -> str:
    inner = block.strip("\n")
    if not _LETTER.search(re.sub(r"\{[^{}]*\}", "", inner)) and "title=" not in inner:
        return block
    before, _, after = block.partition(inner)
    return before + text(inner) + after
