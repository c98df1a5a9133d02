"""What a chapter is called and how it begins, read from its source as plain text."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from kompendium.publication.book import Chapter
from kompendium.publication.cells import joined, load

LONGEST = 200
"""Letters of a description; what search engines and cards show is shorter than that."""

_HEADING = re.compile(r"^# (?P<text>.+?)(?:\s*\{[^}\n]*\})?[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->|<[^>]+>", re.DOTALL)
_CITED = re.compile(r"\s*\[[^\[\]]*@[^\[\]]*\]|(?<!\w)@[\w:.-]*\w")
_LINK = re.compile(r"!?\[(?P<text>[^\[\]]*)\](?:\([^()]*\)|\{[^{}]*\})")
_MARK = re.compile(r"(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`)")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")


def title_of(chapter: Chapter) -> str:
    """The chapter's heading; its address where it has none."""
    for text in _texts(chapter):
        if found := _HEADING.search(text):
            return plain(found["text"])
    return chapter.stem


def beginning_of(chapter: Chapter) -> str:
    """The first sentences of the chapter, of paragraphs that say something by themselves."""
    for text in _texts(chapter):
        after = _HEADING.split(text, maxsplit=1)[-1]
        for paragraph in re.split(r"\n\s*\n", after):
            words = paragraph.strip()
            if words and words[0] not in "#|:>-*`$!<[{" and not _SHORTCODE.search(words):
                return _shortened(plain(words))
    return ""


def plain(markdown: str) -> str:
    """Markdown as text: links by their words, without references, marks and HTML."""
    text = _COMMENT.sub("", markdown)
    text = _LINK.sub(lambda found: found["text"], _CITED.sub("", text))
    return " ".join(_MARK.sub("", text).split(" ")).replace("\n", " ").strip()


def _texts(chapter: Chapter) -> tuple[str, ...]:
    """The chapter's Markdown, cell by cell, without front matter."""
    return _written(chapter.path, chapter.path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _written(path: Path, changed: int) -> tuple[str, ...]:
    """What was written, read once for as long as it has not changed."""
    if path.suffix != ".ipynb":
        text = path.read_text(encoding="utf-8")
        return (re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL),)
    cells = load(path)["cells"]
    return tuple(joined(one["source"]) for one in cells if one["cell_type"] == "markdown")


def _shortened(text: str) -> str:
    """As many whole sentences as there is room for, one at the least."""
    taken = ""
    for sentence in re.split(r"(?<=[.!?]) (?=[A-ZÆØÅ«])", text):
        if taken and len(taken) + len(sentence) >= LONGEST:
            break
        taken = f"{taken} {sentence}".strip()
    return taken
