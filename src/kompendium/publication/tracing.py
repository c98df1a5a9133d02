"""Numbers of findings on a rendered page, followed back to what recorded them.

What is covered, on every page and whichever publisher made it:

- Each table row, list item or paragraph that shows a finding, that is, holds its address
  (``id="funn-…"``) or its verdict mark: the rows ``record()`` shows, all of the register page,
  the lists that open chapters, the tables by theme. Its statement must stand there as recorded.
  A cell under a heading that promises the published wording, the computed value or the verdict
  must say exactly that, and verdict and value must come from one result. Any other number in
  the row must stand in what is recorded of the finding (its reason, what it needs, its report).
- A verdict mark beside a number but without a finding is a count: in the list that opens a
  chapter the chapter's, elsewhere the register's. So is the number of findings folded away.
- The picture of all findings names each finding once, by its statement, and tells in text how
  many of each report have which verdict.
- On the register page, every finding must have its address, and no address leads to another.

Not covered are what pictures draw, and numbers written in letters, other than in a statement.
All other numbers that a notebook computed are held against its outputs in ``computed``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from lxml.html import HtmlElement

from kompendium.publication.ledger import Claim, Ledger, plain
from kompendium.publication.openings import REGISTER
from kompendium.register import Entry
from kompendium.register.verdicts import MARKS


def of_class(name: str) -> str:
    """The XPath condition that an element has a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


MARK = of_class("dom")
"""What tells a verdict mark (``register.badge``)."""

LIST = of_class("chapter-findings")
"""What tells the list of findings that opens a chapter."""

PICTURE = of_class("all-findings")
"""What tells the picture of all findings."""

SHOWS = f".//*[{MARK}]|.//*[starts-with(@id, 'funn-')]|.//*[{LIST}]//summary"
BLOCKS = ("tr", "li", "dd", "p", "figcaption", "summary", "h2", "h3", "h4", "div", "main")
"""What holds one finding: the nearest of these around a mark or an address."""

MADE_BY_PUBLISHER = (
    f".//a[contains(@class,'xref')]|.//span[contains(@class,'citation')]|.//*[{of_class('made')}]"
    "|.//*[contains(@class,'header-section-number')]|.//a[contains(@class,'footnote-ref')]"
    f"|.//*[{of_class('cite')}]|.//*[local-name()='annotation']|.//script|.//style"
)
"""Numbers of chapters, figures and notes, years of sources, how a number was made, and how the
finding is cited."""

PRINTED = ("publisert", "trykt", "published", "printed")
COMPUTED = ("beregnet", "computed")
VERDICT = ("dom", "verdict")
"""Headings, in lower case, of columns that say exactly one thing of a finding."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_INSIDE = re.compile(r"[\d,.]")
_GOES_ON = re.compile(r"\d|[.,]\d")
_FIRST = 60
"""Characters of a block that a message quotes."""


def finding_problems(
    main: HtmlElement, stem: str, ledger: Ledger, notebook: Path | None = None
) -> Iterator[str]:
    """Every number beside a finding on the page ``stem`` that nothing recorded.

    ``notebook`` is the executed one the page is of, whose own results it may show too.
    """
    for block in _blocks(main):
        yield from _Block.read(block).problems(ledger, stem, notebook)
    for picture in main.xpath(f".//*[{PICTURE}][@role='img']"):
        yield from _picture_problems(picture, ledger)
    addresses = [str(one) for one in main.xpath(".//@id[starts-with(., 'funn-')]")]
    yield from _address_problems(addresses, ledger, whole=stem == REGISTER)


def without(element: HtmlElement, unwanted: str = MADE_BY_PUBLISHER) -> HtmlElement:
    """A copy without the elements of an XPath; what follows them stays."""
    copy = deepcopy(element)
    copy.tail = None
    for one in copy.xpath(unwanted):
        if one.getparent() is not None:
            one.drop_tree()
    return copy


def _blocks(main: HtmlElement) -> list[HtmlElement]:
    """What shows a finding, each once, in the page's order."""
    found: dict[HtmlElement, None] = {}
    for mark in main.xpath(SHOWS):
        block = mark
        while block.tag not in BLOCKS:
            block = block.getparent()
        found[block] = None
    for table in main.iter("table"):
        # Rows of an illustration have no mark.
        headings = set(_headings(table))
        if headings & {*COMPUTED} and headings & {*VERDICT}:
            found |= dict.fromkeys(table.xpath("./tbody/tr"))
    return list(found)


def _headings(table: HtmlElement) -> list[str]:
    """A table's headings in lower case."""
    return [plain(one.text_content()).lower() for one in table.xpath("./thead/tr[last()]/*")]


def _spaced(element: HtmlElement) -> str:
    """The text of a copy, with a space wherever a new line, cell or paragraph begins."""
    for one in element.iter("br", "td", "th", "li", "ul", "ol", "p", "div", "details", "small"):
        one.text, one.tail = f" {one.text or ''}", f" {one.tail or ''}"
    return plain(element.text_content())


@dataclass(frozen=True)
class _Block:
    """A place on the page that shows a finding, read."""

    text: str
    marks: list[str]
    anchors: list[str]
    targets: list[str]
    cells: list[tuple[str, str]]
    """Headings, in lower case, and what stands under them, where the block is a row."""

    folded: int | None
    in_list: bool

    @classmethod
    def read(cls, block: HtmlElement) -> _Block:
        bare = without(block)
        tables = block.xpath("ancestor::table[1]") if block.tag == "tr" else []
        names = [name for table in tables for name in _headings(table)]
        return cls(
            text=_spaced(bare),
            marks=[plain(one.text_content()) for one in bare.xpath(f".//*[{MARK}]")],
            anchors=block.xpath("descendant-or-self::*/@id[starts-with(., 'funn-')]"),
            targets=[
                one.rpartition("#")[2] for one in bare.xpath(".//a/@href[contains(., '#funn-')]")
            ],
            cells=[
                (name, plain(cell.text_content())) for name, cell in zip(names, bare, strict=False)
            ],
            folded=len(block.getparent().xpath(".//li")) if block.tag == "summary" else None,
            in_list=bool(block.xpath(f"ancestor-or-self::*[{LIST}]")),
        )

    def problems(self, ledger: Ledger, stem: str, notebook: Path | None) -> Iterator[str]:
        named = [ledger.by_anchor[one] for one in self.anchors if one in ledger.by_anchor]
        entries = named or ledger.named_in(self.text)
        if not entries:
            counts = ledger.counts_of(stem) if self.in_list else ledger.counts
            if not self._counts_right(counts):
                yield f"numbers of no finding: {self.text[:_FIRST]}"
            return
        claims = {entry.id: ledger.claim(entry, notebook) for entry in entries}
        for entry in entries:
            if not any(said in self.text for said in claims[entry.id].statements):
                yield f"{entry.id}: the statement is not as recorded: {self.text[:_FIRST]}"
                return  # it is another finding's place, or the statement itself is bent
        if len(entries) == 1:
            yield from self._outcome_problems(entries[0], claims[entries[0].id])
        for target in self.targets:
            if ledger.by_anchor.get(target) not in entries:
                yield f"{entries[0].id}: a link leads to another finding: #{target}"
        names = ", ".join(claims)
        for number in self._strangers(claims, ledger):
            yield f"{names}: the number {number} stands there, and nothing recorded it"

    def _counts_right(self, counts: Counter[str]) -> bool:
        """Tell whether each number is how many findings have the verdict beside it."""
        numbers = _NUMBER.findall(self.text)
        if self.folded is not None:
            return numbers == [str(self.folded)]
        words = [
            "".join(_NUMBER.sub("", mark).strip("".join(MARKS.values()) + " "))
            for mark in self.marks
        ]
        return numbers in ([], [str(counts[word]) for word in words])

    def _outcome_problems(self, entry: Entry, claim: Claim) -> Iterator[str]:
        """Hold what is said of wording, value and verdict against what was recorded."""
        printed = claim.printed | {
            f"{said} {one}" for said in claim.printed for one in claim.regions
        }
        for heading, shown in self.cells:
            if heading in PRINTED and shown not in printed:
                yield f"{entry.id}: published is «{entry.published}», shown is «{shown}»"
        computed = [shown for heading, shown in self.cells if heading in COMPUTED]
        judged = self.marks or [shown for heading, shown in self.cells if heading in VERDICT]
        for value in computed or [""]:
            for mark in judged or [""]:
                if not any(
                    value in ("", recorded) and (not mark or mark.endswith(word))
                    for recorded, word in claim.outcomes
                ):
                    shown = ", ".join(filter(None, (value, mark)))
                    yield f"{entry.id}: recorded is {_said(claim)}; shown is {shown}"

    def _strangers(self, claims: Mapping[str, Claim], ledger: Ledger) -> list[str]:
        """The numbers that are left when everything recorded is taken out."""
        text = self.text
        phrases = {phrase for claim in claims.values() for phrase in claim.phrases}
        for phrase in sorted(phrases, key=len, reverse=True):
            text = _taken_out(text, phrase)
        known = _numbers(said for claim in claims.values() for said in claim.free)
        left = [number for number in _NUMBER.findall(text) if number not in known]
        if left:
            entries = [ledger.entries[name] for name in claims]
            known = _numbers(said for one in entries for said in ledger.told_elsewhere(one))
        return [number for number in left if number not in known]


def _numbers(texts: Iterable[str]) -> set[str]:
    return {number for text in texts for number in _NUMBER.findall(text)}


def _taken_out(text: str, phrase: str) -> str:
    """A text without a phrase, wherever it is no part of a longer number."""
    place = text.find(phrase)
    while place >= 0:
        after = place + len(phrase)
        if _INSIDE.search(text, max(0, place - 1), place) or _GOES_ON.match(text, after):
            place = text.find(phrase, place + 1)
        else:
            text = f"{text[:place]} {text[after:]}"
            place = text.find(phrase, place)
    return text


def _said(claim: Claim) -> str:
    return " or ".join(f"{value}, {word}" for value, word in sorted(claim.outcomes))


def _picture_problems(picture: HtmlElement, ledger: Ledger) -> Iterator[str]:
    """Hold what the picture of all findings tells in text against the register."""
    named = Counter(plain(one.text_content()) for one in picture.xpath(".//*[name()='title']"))
    for entry in ledger.entries.values():
        if sum(named[said] for said in ledger.claim(entry).statements) != 1:
            yield f"{entry.id}: the picture does not name it once"
    labels = [plain(one.text_content()) for one in picture.xpath(f".//*[{of_class('f-label')}]")]
    totals = [plain(one.text_content()) for one in picture.xpath(f".//*[{of_class('f-soft')}]")]
    whole, *texts = picture.get("aria-label", "").split(". ")
    every = Counter(entry.report for entry in ledger.entries.values())
    counted = Counter((one.report, one.verdict) for one in ledger.entries.values())
    right = sorted(f"{count} {one.word(ledger.lang)}" for (_, one), count in counted.items())
    spoken = [one for text in texts for one in text.strip(".").split(": ", 1)[-1].split(", ")]
    for what, shown in (("draws", labels), ("says", spoken)):
        if sorted(shown) != right:
            odd = sorted((Counter(shown) - Counter(right)).elements())
            yield f"the picture {what} other numbers than the register: {', '.join(odd)}"
    if sorted(_NUMBER.findall(" ".join(totals))) != sorted(map(str, every.values())):
        yield f"the picture tells another number of findings: {', '.join(totals)}"
    if _NUMBER.findall(whole) != [str(len(ledger.entries))]:
        yield f"the picture says another number of findings: {whole}"


def _address_problems(addresses: list[str], ledger: Ledger, *, whole: bool) -> Iterator[str]:
    """Hold the addresses of findings on a page against the register, or ``whole`` of it."""
    for address, count in Counter(addresses).items():
        if address not in ledger.by_anchor:
            yield f"{address} is the address of no finding in the register"
        elif count > 1:
            yield f"{address} stands there more than once"
    for address, entry in ledger.by_anchor.items():
        if whole and address not in addresses:
            yield f"the finding {entry.id} has no address here"
