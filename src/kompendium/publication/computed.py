"""Numbers in a chapter's outputs, as the notebook made them and as readers see them.

Every output of an executed notebook that readers are shown (texts, tables, printed lines) is
held against the place on the page that shows it, digit by digit and in order; so are the
captions and alternative texts that hold computed numbers. So are the paragraphs, items and rows
of a written chapter that the register fills in (``{{< var dom.reprodusert >}}``). What a
publisher adds of its own (numbers of figures and chapters, years of sources) is left out on both
sides, and so is what an author wrote by hand: its numbers come from nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement

from kompendium.publication.cells import SHOWN as SHOWN_FORMS
from kompendium.publication.cells import Cell, Json, cells, joined, load
from kompendium.publication.ledger import plain
from kompendium.publication.sanitizing import sanitized
from kompendium.publication.tracing import MADE_BY_PUBLISHER, of_class, without

OUTPUT = of_class("cell-output")
PLACES = f".//*[{OUTPUT}][not(ancestor::*[{OUTPUT}])]"

_MARKUP = (
    r"<!--.*?-->",
    r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>",  # elements with their attributes
    r"!\[[^\]]*\]\([^)]*\)",  # pictures
    r"(?<=\])\((?:[^()\s]|\([^)]*\))*(?:\s\"[^\"]*\")?\)",  # where links lead
    r"\{(?:[#.=][^}\n]*|[\w-]+=[^}\n]*)\}",  # attributes
    r"\[[^\[\]]*@[\w:.-]*\w[^\[\]]*\]",  # references and citations in brackets
    r"(?<![\w.])-?@[a-zA-Z][\w:.-]*\w",
    r"\[\^[^\]]+\]:?",
)
"""Markdown that no reader sees as it is written."""

VARIABLE = re.compile(r"\{\{<\s*var\s+([\w.-]+)\s*>\}\}")
FILLED_IN = ".//p|.//li|.//tr|.//figcaption|.//dd"
"""What a text that the register fills in becomes on a page."""

_PARTS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|:]|\d+\.)\s?)")
"""Where Markdown goes from one paragraph, item or row to the next."""

_UNSEEN = re.compile("|".join(_MARKUP), re.DOTALL)
_ITEM = re.compile(r"(?m)^[ \t>]*(\d+)[.)](?=\s)")
_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"^\w+\s[\w.]+:\s")
_AROUND = 4
"""Numbers before and after a difference that a message quotes."""


@dataclass(frozen=True)
class Series:
    """The numbers of one output, in order; an ``optional`` one may begin a list or a line."""

    cell: int
    numbers: tuple[str, ...]
    optional: frozenset[int] = frozenset()
    may_miss: bool = False

    def fits(self, seen: list[str]) -> bool:
        """Tell whether these are the numbers a reader sees."""
        if not self.optional:
            return list(self.numbers) == seen
        pattern = "".join(
            f"(?:{number} )?" if place in self.optional else f"{number} "
            for place, number in enumerate(self.numbers)
        )
        return re.fullmatch(pattern, "".join(f"{one} " for one in seen)) is not None


def output_problems(
    main: HtmlElement, notebook: Path, left_out: Collection[str] = ()
) -> Iterator[str]:
    """Every output, caption and alternative text whose numbers are not the notebook's own.

    Cells with a tag of ``left_out`` are not for this page.
    """
    made = [
        cell
        for cell in cells(load(notebook))
        if cell.kind == "code" and cell.shows("include") and not {*cell.tags} & {*left_out}
    ]
    yield from _series_problems(main, [one for cell in made for one in _series(cell)])
    for cell in made:
        if cell.label.startswith(("fig-", "tbl-")) and cell.shows("output"):
            yield from _float_problems(main, cell)


def filled_in_problems(
    main: HtmlElement, source: str, variables: Mapping[str, Any]
) -> Iterator[str]:
    """Every part of a written chapter whose numbers are not those the register filled in."""
    texts = [plain(without(one).text_content()) for one in main.xpath(FILLED_IN)]
    shown = [_DIGITS.findall(_NUMBERED.sub("", text)) for text in texts]
    for part in _PARTS.split(source):
        if not VARIABLE.search(part):
            continue
        told = VARIABLE.sub(lambda found: str(_value(variables, found[1])), part)
        series = _of_markdown(0, told)
        if not any(series.fits(seen) for seen in shown):
            numbers = " ".join(series.numbers)
            yield f"the register's numbers «{numbers}» are not shown: {' '.join(told.split())[:60]}"


def _value(variables: Mapping[str, Any], name: str) -> Any:
    """What the register gives for a variable; one it has not is found as such elsewhere."""
    found: Any = variables
    for step in name.split("."):
        found = found.get(step, "") if isinstance(found, Mapping) else ""
    return found


def _series_problems(main: HtmlElement, made: list[Series]) -> Iterator[str]:
    waiting = iter([one for one in made if one.numbers])
    for place in main.xpath(PLACES):
        bare = without(place, f"{MADE_BY_PUBLISHER}|.//figcaption")
        if not (seen := _DIGITS.findall(str(bare.text_content()))):
            continue
        for one in waiting:
            if one.fits(seen):
                break
            if not one.may_miss:
                yield f"cell {one.cell}: {_difference(one, seen)}"
                break
        else:
            yield f"numbers that no cell made: {', '.join(seen[:_AROUND])}"
    for one in waiting:
        if not one.may_miss:
            yield f"cell {one.cell}: an output with numbers is not shown"


def _difference(made: Series, seen: list[str]) -> str:
    """The first number that is another, with those around it."""
    firm = [one for place, one in enumerate(made.numbers) if place not in made.optional]
    pairs = zip(firm, seen, strict=False)
    first = next((place for place, (one, two) in enumerate(pairs) if one != two), None)
    first = min(len(firm), len(seen)) if first is None else first
    there = [" ".join(one[max(0, first - _AROUND) : first + _AROUND]) for one in (firm, seen)]
    return f"the notebook made the numbers «{there[0]}», the page shows «{there[1]}»"


def _series(cell: Cell) -> Iterator[Series]:
    """The numbers of each output of a cell that a reader is shown as text."""
    if not cell.shows("output"):
        return
    raw = [_with_html(one) for one in cell.raw.get("outputs", [])]
    for output in replace(cell, raw={**cell.raw, "outputs": raw}).outputs:
        if output.kind == "stream":
            asis = cell.is_asis and output.raw.get("name", "stdout") == "stdout"
            read = _of_markdown if asis else _of_text
            yield replace(read(cell.number, output.text()), may_miss=asis)
        elif output.form == "text/markdown":
            yield _of_markdown(cell.number, output.text(output.form))
        elif output.form == "text/plain":
            yield _of_text(cell.number, output.text(output.form))


def _with_html(raw: Json) -> Json:
    """An output as it is staged: HTML that has no better form, made harmless."""
    data = raw.get("data", {})
    if "text/html" not in data or data.keys() & {*SHOWN_FORMS} - {"text/plain"}:
        return raw
    return {**raw, "data": {"text/markdown": sanitized(joined(data["text/html"]))}}


def _of_text(cell: int, text: str) -> Series:
    return Series(cell, tuple(_DIGITS.findall(text)))


def _of_markdown(cell: int, text: str) -> Series:
    """Numbers of Markdown; those that may number a list are told from the rest."""
    seen = _UNSEEN.sub(" ", text)
    items = {match.start(1) for match in _ITEM.finditer(seen)}
    found = list(_DIGITS.finditer(seen))
    optional = frozenset(place for place, one in enumerate(found) if one.start() in items)
    return Series(cell, tuple(one.group() for one in found), optional)


def _float_problems(main: HtmlElement, cell: Cell) -> Iterator[str]:
    """Hold caption and alternative text of a figure or a table against its cell's options."""
    places = main.xpath(f".//*[@id={cell.label!r}]")
    if not places:
        yield f"cell {cell.number} ({cell.label}) is not shown"
        return
    captions = places[0].xpath(".//figcaption") or places[0].xpath(".//caption")
    if caption := cell.options.get(f"{cell.label[:3]}-cap"):
        shown = plain(without(captions[0]).text_content()) if captions else ""
        series = _of_markdown(cell.number, str(caption))
        if not series.fits(_DIGITS.findall(_NUMBERED.sub("", shown))):
            yield f"{cell.label}: the caption is «{shown}», the notebook made «{caption}»"
    alternative = cell.options.get("fig-alt")
    if isinstance(alternative, str) and cell.label.startswith("fig-"):
        texts = {plain(image.get("alt", "")) for image in places[0].iter("img")}
        if texts != {plain(alternative)}:
            yield f"{cell.label}: the alternative text is not the one the notebook made"
