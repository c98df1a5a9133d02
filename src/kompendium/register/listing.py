"""The register on disk: ``findings.json`` for programs, ``findings.csv`` for spreadsheets.

Also the handful of counts that the front page states, as Quarto's variables.
"""

import csv
import json
from collections import Counter
from io import StringIO
from pathlib import Path

from kompendium.facts import language
from kompendium.facts.files import write_atomically
from kompendium.facts.findings import finding, findings, reports
from kompendium.facts.paths import Compendium
from kompendium.facts.vocabulary import Verdict
from kompendium.register.collection import Entry, RegisterError, collect
from kompendium.register.results import Result
from kompendium.register.verdicts import computed_text

COLUMNS = list(Entry.model_fields)
"""The columns of the CSV: the same names and order as the JSON's keys."""


def update(compendium: Compendium, executed: list[Path]) -> list[Entry]:
    """Collect, judge and write the register from these executed notebooks."""
    entries = collect(executed, findings())
    records = [entry.model_dump(mode="json") for entry in entries]
    text = json.dumps(records, ensure_ascii=False, indent=1) + "\n"
    write_atomically(compendium.results, text)
    table = StringIO()
    writer = csv.DictWriter(table, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in records:
        interval = " ".join(map(str, one["interval"])) if one["interval"] else ""
        writer.writerow(one | {"interval": interval})
    write_atomically(compendium.results_csv, table.getvalue())
    _write_variables(compendium.variables, entries)
    return entries


def current(compendium: Compendium | None = None) -> list[Entry]:
    """Read the register as last written, its texts in the language in use.

    Raises RegisterError where there is none.
    """
    path = (compendium or Compendium.find()).results
    if not path.exists():
        raise RegisterError("there is no register yet: run «make book» (or «kompendium build»)")
    entries = [Entry.model_validate(one) for one in json.loads(path.read_text(encoding="utf-8"))]
    norwegian = language.current() is language.Language.NORWEGIAN
    return entries if norwegian else [_translated(one) for one in entries]


def _translated(entry: Entry) -> Entry:
    """The register's line with its texts and number forms in the language in use."""
    known = finding(entry.id)
    result = None
    if entry.evidence is not None:
        exact = entry.value is not None
        low, high = (None, None) if exact else (entry.low, entry.high)
        result = Result(evidence=entry.evidence, value=entry.value, low=low, high=high)
    texts = {
        "statement": str(known.statement),
        "region": known.quantity.text(),
        "computed": computed_text(known, result),
        "reason": str(known.reason or ""),
        "needs": str(known.needs or ""),
    }
    return entry.model_copy(update=texts)


def explanation(entry: Entry) -> str:
    """Say in one line what a verdict holds against what, as the command prints it."""
    return (
        f"{entry.id}: published «{entry.published}» = {entry.region}, "
        f"computed {entry.computed}: {entry.verdict} (on record: {entry.expected})"
    )


def _write_variables(path: Path, entries: list[Entry]) -> None:
    """Write the counts the front page states, for ``{{< var … >}}``."""
    from ruamel.yaml import YAML

    verdicts = Counter(entry.verdict for entry in entries)
    reproduced = [entry for entry in entries if entry.verdict is Verdict.REPRODUCED]
    seeds = {name for name, report in reports().items() if not report.context}
    content = {
        "funn": {
            "antall": len(entries),
            "fra_hovedrapportene": sum(entry.report in seeds for entry in entries),
        },
        "dom": {given.word().replace(" ", "_"): verdicts[given] for given in Verdict},
        "gjengivelse": {"reprodusert": sum(entry.transcribed for entry in reproduced)},
        "rapporter": [
            {"id": name, "nb": report.short.nb, "en": report.short.en}
            for name, report in reports().items()
        ],
    }
    stream = StringIO()
    YAML(typ="safe", pure=True).dump(content, stream)
    write_atomically(path, "# Made by the register; do not edit.\n" + stream.getvalue())
