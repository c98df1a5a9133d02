"""FIXTURES, not real respondents: a small survey in several waves, its answers made up."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from kompendium.facts import Compendium
from kompendium.surveys import Codebook, codebook

FINDINGS = """\
# A made-up report for the tests; no real survey has said any of this.
report:
  id: puls
  title: {nb: Puls, en: Pulse}
  short: {nb: Puls, en: Pulse}
  producer: Ingen
  published: "2021"
  url: https://example.org/puls
  source: test
findings:
  - &finding
    id: puls.svar
    statement: {nb: påstand, en: statement}
    quantity: "100 enheter"
    base: {nb: enheter, en: units}
    expected: untestable
    needs: {nb: svarene, en: the answers}
    given: {answered: 100}
  - {<<: *finding, id: puls.som_for, quantity: "på linje med"}
  - {<<: *finding, id: puls.bedre, quantity: "noe bedre"}
  - {<<: *finding, id: puls.plan, quantity: "noe lavere"}
"""

WAVE = """\
id: puls-YEAR
title: {nb: Puls YEAR, en: Pulse YEAR}
frame: YEAR
series: puls
answering: {finding: puls.svar}
roles:
  leder: {label: {nb: Leder, en: Head}}
  rektor: {label: {nb: Rektor, en: Principal}}
variables:
  - name: har
    question: {nb: Har?, en: Has?}
    roles: [leder]
    codes: {1: Ja, 2: Nei, 88: Vet ikke, 99: Ikke besvart}
    unsure: [88]
    missing: [99]
  - name: plan
    question: {nb: Plan?, en: Plan?}
    roles: [leder]
    codes: {1: Ja, 2: Nei}
    asked_if: {variable: har, codes: [1]}
  - name: kjenner
    question: {nb: Kjenner?, en: Knows?}
    roles: [leder, rektor]
    codes: {1: Ja, 2: Nei}
"""

CHANGES = """\
changes:
  - finding: puls.som_for
    of: [{variable: har, codes: [1]}]
    since: [puls-2019, puls-2020]
  - finding: puls.bedre
    of: [{variable: kjenner, codes: [1]}]
    since: [puls-2020]
  - finding: puls.plan
    of: [{variable: plan, codes: [1], base: {variable: har, codes: [1, 2]}}]
    since: [puls-2020]
"""


def write_waves(compendium: Compendium, *years: int) -> tuple[Codebook, ...]:
    """Put waves of the survey in place; the last, if it is 2021, answers developments."""
    (compendium.findings / "puls.yml").write_text(FINDINGS, encoding="utf-8")
    for year in years:
        text = WAVE.replace("YEAR", str(year))
        if year == 2021 and {2019, 2020} <= {*years}:
            text += CHANGES
        path(compendium, year).parent.mkdir()
        path(compendium, year).write_text(text, encoding="utf-8")
    return tuple(codebook(f"puls-{year}") for year in years)


def path(compendium: Compendium, year: int) -> Path:
    """The codebook of a wave."""
    return compendium.surveys / f"puls-{year}" / "codebook.yml"


def put_in(
    compendium: Compendium, year: int, answers: Mapping[tuple[str, str], Mapping[str, object]]
) -> None:
    """Write the answers of a wave by unit and role; a question that is not given is blank."""
    rows = [{"unit": unit, "role": role, **said} for (unit, role), said in answers.items()]
    table = pd.DataFrame(rows, columns=["unit", "role", "har", "plan", "kjenner"]).astype(object)
    extra = {name for said in answers.values() for name in said} - {*table}
    for name in sorted(extra):
        table[name] = [said.get(name) for said in answers.values()]
    file = compendium.surveys / f"puls-{year}" / "respondents.csv"
    table.to_csv(file, sep=";", index=False)


def heads(
    units: Mapping[str, object], question: str = "har"
) -> dict[tuple[str, str], dict[str, object]]:
    """Answers of heads to one question, by unit."""
    return {(unit, "leder"): {question: said} for unit, said in units.items()}
