"""What is recorded of every finding, in the words and figures a page may show of it.

The register (``outputs/findings.json``) is the record. What it does not hold (other results of
a chapter, such as illustrations, and the texts of another language) comes from the executed
notebook and from ``data/findings``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kompendium.facts import documents
from kompendium.facts.findings import Finding, Report, ReportFile, anchor, load_reports
from kompendium.facts.paths import Compendium
from kompendium.facts.vocabulary import Evidence, Verdict
from kompendium.publication.openings import Findings
from kompendium.publication.quotation import typed
from kompendium.register import Entry, Result, computed_text, current, verdict
from kompendium.register.collection import results_in

IN_WORDS = {"nb": "i ord", "en": "in words"}
"""What the register page prints of a wording that has no number."""


def plain(text: str) -> str:
    """Text as compared: one ordinary space where there is any, quotation marks as typed."""
    return " ".join(typed(text).split())


@dataclass(frozen=True)
class Claim:
    """One finding as a page may show it: each field holds every form that is right."""

    statements: frozenset[str]
    printed: frozenset[str]
    regions: frozenset[str]
    outcomes: frozenset[tuple[str, str]]
    """What was computed, and the word of the verdict it was given."""

    free: frozenset[str]
    """Texts whose numbers may stand by the finding in any form: reasons, needs, the report."""

    @property
    def computed(self) -> frozenset[str]:
        """What was computed, whatever the verdict."""
        return frozenset(text for text, _ in self.outcomes)

    @property
    def verdicts(self) -> frozenset[str]:
        """The verdicts given, whatever was computed."""
        return frozenset(word for _, word in self.outcomes)

    @property
    def phrases(self) -> list[str]:
        """Every form that is compared as a whole, the long ones first."""
        whole = self.statements | self.printed | self.regions | self.computed
        return sorted(whole, key=len, reverse=True)


@dataclass(frozen=True)
class Ledger:
    """The register of a compendium, as the pages in ``lang`` must show it."""

    compendium: Compendium
    lang: str = "nb"
    _recorded: dict[Path, dict[str, list[Result]]] = field(default_factory=dict)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The register by finding id; empty where nothing was ever recorded."""
        if not self.compendium.results.is_file():
            return {}
        return {entry.id: entry for entry in current(self.compendium)}

    @cached_property
    def by_anchor(self) -> dict[str, Entry]:
        """The register by each finding's address on the register page (``funn-…``)."""
        return {anchor(name): entry for name, entry in self.entries.items()}

    @cached_property
    def counts(self) -> Counter[str]:
        """How many findings have each verdict, by its word."""
        return Counter(entry.verdict.word(self.lang) for entry in self.entries.values())

    def counts_of(self, stem: str) -> Counter[str]:
        """How many findings with each verdict the list that opens a chapter tells of."""
        findings = Findings(tuple(self.entries.values()))
        own = Counter(entry.verdict for entry in findings.of(stem))
        own[Verdict.UNTESTABLE] = findings.open_for(stem)
        return Counter({one.word(self.lang): count for one, count in own.items()})

    def named_in(self, text: str) -> list[Entry]:
        """The findings whose statement stands in a text, but for those inside a longer one."""
        found = {said: entry for said, entry in self._by_statement.items() if said in text}
        return [
            entry
            for said, entry in found.items()
            if not any(said != other and said in other for other in found)
        ]

    def claim(self, entry: Entry, notebook: Path | None = None) -> Claim:
        """What a page may show of a finding; ``notebook`` is the page's own, as executed."""
        finding = Finding.model_construct(published=entry.published)
        results = self._results(entry.id, notebook)
        outcomes = {(entry.computed, entry.verdict.word(self.lang))}
        outcomes |= {self._outcome(finding, one) for one in (_of(entry), *results)}
        free = [entry.reason, entry.needs, entry.note, entry.page, entry.id]
        free += [result.note for result in results]
        free += self._names.get(entry.report, [])
        return Claim(
            statements=_all_plain(entry.statement, entry.statement_en),
            printed=_all_plain(entry.published, *IN_WORDS.values()),
            regions=_all_plain(entry.region, finding.quantity.text(self.lang)),
            outcomes=frozenset((plain(text), plain(word)) for text, word in outcomes),
            free=_all_plain(*free),
        )

    def told_elsewhere(self, entry: Entry) -> frozenset[str]:
        """What ``data/findings`` says of a finding in both languages; it is long to read."""
        finding, report = self._findings.get(entry.id), self._reports.get(entry.report)
        texts = [finding.reason, finding.needs, finding.base] if finding else []
        texts += [report.title, report.short] if report else []
        said = [one for text in texts if text for one in (text.nb, text.en)]
        return _all_plain(*said, *((report.published, report.producer) if report else ()))

    def _outcome(self, finding: Finding, result: Result | None) -> tuple[str, str]:
        """What readers are told of a result, as ``record`` writes it."""
        if result is not None and result.evidence is Evidence.ILLUSTRATION:
            word = Evidence.ILLUSTRATION.word(self.lang)
        else:
            word = verdict(finding.quantity, result).word(self.lang)
        return computed_text(finding, result, self.lang), word

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """What the register calls the reports in the book's variables."""
        path = self.compendium.variables
        variables = documents.read(path) if path.is_file() else None
        listed = (variables or {}).get("rapporter", ())
        return {one["id"]: [str(one[lang]) for lang in ("nb", "en")] for one in listed}

    def _results(self, name: str, notebook: Path | None) -> list[Result]:
        """What the page's own notebook recorded of a finding, whatever it rests on."""
        if notebook is None:
            return []
        if notebook not in self._recorded:
            every = self._recorded.setdefault(notebook, {})
            for recorded, result in results_in(notebook):
                every.setdefault(recorded, []).append(result)
        return self._recorded[notebook].get(name, [])

    @cached_property
    def _by_statement(self) -> dict[str, Entry]:
        return {
            plain(said): entry
            for entry in self.entries.values()
            for said in (entry.statement, entry.statement_en)
        }

    @cached_property
    def _files(self) -> tuple[ReportFile, ...]:
        return load_reports(self.compendium.findings)

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return {one.id: one for file in self._files for one in file.findings}

    @cached_property
    def _reports(self) -> dict[str, Report]:
        return {file.report.id: file.report for file in self._files}


def _of(entry: Entry) -> Result | None:
    """The result that an entry of the register rests on."""
    if entry.evidence is None:
        return None
    return Result(evidence=entry.evidence, value=entry.value, low=entry.low, high=entry.high)


def _all_plain(*texts: str) -> frozenset[str]:
    return frozenset(filter(None, map(plain, texts)))
