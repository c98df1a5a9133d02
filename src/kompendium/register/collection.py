"""Results collected from executed notebooks and judged, one entry a finding."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from kompendium.facts.findings import Finding
from kompendium.facts.vocabulary import Evidence, Verdict
from kompendium.register.results import MIME, Result
from kompendium.register.verdicts import computed_text, strongest, verdict

OPEN = (Verdict.COMPATIBLE, Verdict.UNTESTABLE)
"""The verdicts that respondents can settle."""


class RegisterError(Exception):
    """The executed notebooks do not fit the findings; says which and why."""


class Entry(BaseModel):
    """One finding with what was computed for it and the verdict: a line of the register."""

    model_config = ConfigDict(frozen=True)

    id: str
    report: str
    statement: str
    statement_en: str
    published: str
    region: str
    value: float | str | None
    low: float | None
    high: float | None
    interval: tuple[float, float] | None
    computed: str
    evidence: Evidence | None
    verdict: Verdict
    expected: Verdict
    transcribed: bool = False
    run: str | None
    note: str
    reason: str
    needs: str
    page: str

    @property
    def surprising(self) -> bool:
        """Tell whether the verdict is another than the one on record.

        The record is made of what is public. Where respondents settle what it left open and
        reproduce it, nothing is wrong; where they contradict it, someone must look.
        """
        if self.evidence is Evidence.SURVEY and self.expected in OPEN:
            return self.verdict is Verdict.CONTRADICTED
        return self.verdict is not self.expected


def results_in(notebook: Path) -> Iterator[tuple[str, Result]]:
    """Read every result recorded in an executed notebook, in the order of its cells."""
    document = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        for output in cell.get("outputs", ()):
            for name, content in output.get("data", {}).get(MIME, {}).items():
                yield name, Result.model_validate(content)


def collect(executed: Iterable[Path], findings: dict[str, Finding]) -> list[Entry]:
    """Judge every finding by what the executed notebooks recorded of it.

    Raises RegisterError where a notebook records an unknown finding, or where two runs
    record different results for the same finding on the same evidence.
    """
    recorded: dict[str, list[tuple[str, Result]]] = defaultdict(list)
    mistakes: list[str] = []
    for notebook in executed:
        for name, result in results_in(notebook):
            if name in findings:
                recorded[name].append((notebook.stem, result))
            else:
                mistakes.append(f"{notebook.stem} records «{name}», which is not in data/findings")
    mistakes += [text for name, given in recorded.items() for text in _conflicts(name, given)]
    if mistakes:
        raise RegisterError("\n".join(mistakes))
    return [_judge(finding, recorded[finding.id]) for finding in findings.values()]


def _conflicts(name: str, recorded: list[tuple[str, Result]]) -> Iterator[str]:
    """Find results of one finding that rest on the same evidence but differ."""
    first: dict[Evidence, tuple[str, Result]] = {}
    for run, result in recorded:
        earlier = first.setdefault(result.evidence, (run, result))
        if earlier[1].bounds != result.bounds or earlier[1].value != result.value:
            yield f"{earlier[0]} and {run} record different results for «{name}»"


def _judge(finding: Finding, recorded: list[tuple[str, Result]]) -> Entry:
    """Make the register's line for one finding."""
    result = strongest(result for _, result in recorded)
    run = next((run for run, given in recorded if given == result), None)
    return Entry(
        id=finding.id,
        report=finding.report,
        statement=finding.statement.nb,
        statement_en=finding.statement.en,
        published=finding.published,
        region=finding.quantity.text(),
        value=result.value if result else None,
        low=result.low if result else None,
        high=result.high if result else None,
        interval=result.interval if result else None,
        computed=computed_text(finding, result),
        evidence=result.evidence if result else None,
        verdict=verdict(finding.quantity, result),
        expected=finding.expected,
        transcribed=finding.transcribed,
        run=run,
        note=result.note if result else "",
        reason=finding.reason.nb if finding.reason else "",
        needs=finding.needs.nb if finding.needs else "",
        page=finding.page or "",
    )
