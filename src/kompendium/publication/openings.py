"""The findings a chapter decides, as a short list in front of it, and their anchors within it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kompendium.facts.findings import anchor
from kompendium.facts.paths import Compendium
from kompendium.facts.vocabulary import Verdict
from kompendium.publication.markdown import for_pages
from kompendium.publication.words import texts
from kompendium.register import Entry, RegisterError, badge, current
from kompendium.register.verdicts import MARKS

REGISTER = "funnregister"
"""The chapter that lists every finding."""

SHORT = 8
"""How many findings a list may hold before some are folded."""

SHOWN = 3
"""How many findings of each verdict a longer list shows."""

ORDER = (Verdict.CONTRADICTED, Verdict.REPRODUCED, Verdict.COMPATIBLE)
"""What does not add up comes first."""


@dataclass(frozen=True)
class Findings:
    """The register, as the chapters see it."""

    entries: Sequence[Entry]

    @classmethod
    def read(cls, compendium: Compendium) -> Findings:
        """Read the register; without one, no chapter has findings."""
        try:
            return cls(tuple(current(compendium)))
        except RegisterError:
            return cls(())

    @cached_property
    def by_statement(self) -> dict[str, str]:
        """The findings' ids by what they state, in each language."""
        return {
            _squeezed(said): entry.id
            for entry in self.entries
            for said in (entry.statement, entry.statement_en)
        }

    def of(self, run: str) -> list[Entry]:
        """The findings whose verdict rests on what a run recorded, in the list's order."""
        own = [entry for entry in self.entries if entry.run == run and entry.verdict in ORDER]
        # What only our own transcription can test says least.
        return sorted(own, key=lambda entry: (ORDER.index(entry.verdict), entry.transcribed))

    def open_for(self, run: str) -> int:
        """How many findings nobody can test, of the reports that this run says most about."""
        tested: dict[str, Counter[str]] = {}
        for entry in self.entries:
            if entry.run:
                tested.setdefault(entry.report, Counter())[entry.run] += 1
        own = {report for report, runs in tested.items() if runs.most_common(1)[0][0] == run}
        return sum(
            entry.report in own and entry.verdict is Verdict.UNTESTABLE for entry in self.entries
        )


def opening(findings: Findings, run: str, language: str, register: str = "") -> str:
    """The list of a chapter's findings as Markdown, each leading to where it is computed.

    ``register`` is where the register's chapter lies, as a link names it. Empty where the chapter
    decides no finding.
    """
    own, words = findings.of(run), texts(language)
    if not own:
        return ""
    counted = Counter(entry.verdict for entry in own)
    if untested := findings.open_for(run):
        counted[Verdict.UNTESTABLE] = untested
    every = (*ORDER, Verdict.UNTESTABLE)
    marks = [_mark(verdict, counted[verdict], language) for verdict in every if counted[verdict]]
    head = f"**{words['findings']}** " + " ".join(marks)
    shown = [
        entry
        for verdict in ORDER
        for place, entry in enumerate(one for one in own if one.verdict is verdict)
        if place < SHOWN or len(own) <= SHORT
    ]
    folded = [entry for entry in own if entry not in shown]
    parts = [head, _listed(shown, language)]
    if folded:
        summary = words["more-findings"].format(count=len(folded))
        parts.append(for_pages(_listed(folded, language), summary))
    if untested and register:
        parts.append(words["needs"].format(register=register))
    return "::: {.chapter-findings}\n" + "\n\n".join(parts) + "\n:::\n"


def _mark(verdict: Verdict, count: int, language: str) -> str:
    """A verdict's mark with how many findings have it."""
    return badge(verdict, language).replace(MARKS[verdict], f"{MARKS[verdict]} {count}", 1)


def _listed(entries: Iterable[Entry], language: str) -> str:
    return "\n".join(
        f"- {badge(entry.verdict, language)} [{_statement(entry, language)}](#{anchor(entry.id)})"
        for entry in entries
    )


def _squeezed(statement: str) -> str:
    return " ".join(statement.replace("\\|", "|").split())


def _statement(entry: Entry, language: str) -> str:
    return entry.statement if language == "nb" else entry.statement_en


def anchored(table: str, findings: Findings, taken: set[str]) -> str:
    """Give each row of a recorded table its finding's anchor; ``taken`` are those on the page.

    A row is known by its statement: notebook files keep recorded results by name, and not in the
    order in which they are shown.
    """
    lines = table.split("\n")
    rows = [place for place, line in enumerate(lines) if line.startswith("|")][2:]
    for place in rows:
        statement = _squeezed(lines[place].removeprefix("| ").partition(" | ")[0])
        name = findings.by_statement.get(statement, "")
        if name and (own := anchor(name)) not in taken:
            taken.add(own)
            lines[place] = f'| <span id="{own}"></span>' + lines[place].removeprefix("| ")
    return "\n".join(lines)
