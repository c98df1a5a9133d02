"""A register for the throw-away book: two findings of one report, on a page of their own."""

from __future__ import annotations

from .conftest import ALFA, Sample, code, entry, shown, text

REPORT = """\
report:
  id: prove
  title: {nb: Prøverapport, en: Trial report}
  short: {nb: Prøve, en: Trial}
  producer: Ingen
  published: 2019–2021
  url: https://example.org/rapport
  source: test
findings:
  - id: prove.svar
    statement: {nb: "276 svarte, 63 prosent.", en: "276 answered, 63 per cent."}
    quantity: 63 prosent
    base: {nb: enheter, en: units}
    expected: reproduced
  - id: prove.sertifisert
    statement: {nb: "Åtte av ti | har «det».", en: "Eight in ten have it."}
    quantity: 8 av 10
    base: {nb: enheter som svarte, en: units that answered}
    expected: untestable
    needs: {nb: svarene, en: the answers}
"""
ENTRIES = (
    entry(
        "prove.svar",
        statement="276 svarte, 63 prosent.",
        statement_en="276 answered, 63 per cent.",
        computed="63,2\u00a0%",
        run="alfa",
    ),
    entry(
        "prove.sertifisert",
        statement="Åtte av ti | har «det».",
        statement_en="Eight in ten have it.",
        published="8 av 10",
        region="[75; 85) %",
        value=None,
        computed="–",
        evidence=None,
        verdict="untestable",
        expected="untestable",
        needs="svarene",
    ),
)
ROWS = """\
| Funn | Trykt | Beregnet |
|------|-------|----------|
| <span id="funn-prove-svar"></span>276 svarte, 63 prosent. | 63 prosent | 63,2\u00a0% |
| <span id="funn-prove-sertifisert"></span>Åtte av ti \\| har «det». | 8 av 10 | – |
"""
RECORDED = """\
| Funn | Publisert | Beregnet | Dom |
|------|-----------|----------|-----|
| 276 svarte, 63 prosent. | 63 prosent | 63,2\u00a0% | <span class="dom">✓ reprodusert</span> |
"""
RESULT = {"prove.svar": {"evidence": "register", "value": 0.632}}
CITATION = """\
cff-version: 1.2.0
message: Siter den.
title: The trial book
license: [MIT, CC-BY-4.0]
contact:
  - {family-names: Hansen, given-names: Kari, email: kari@example.org}
authors:
  - {family-names: Hansen, given-names: Kari}
"""


def register(sample: Sample) -> Sample:
    """Give the book a register with a page, and a citation file."""
    sample.compendium.findings.mkdir(parents=True)
    (sample.compendium.findings / "prove.yml").write_text(REPORT, encoding="utf-8")
    sample.register(*ENTRIES)
    (sample.root / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    front = sample.root / "index.md"
    counted = front.read_text(encoding="utf-8").replace("| 3 |", "| 1 |")
    front.write_text(counted, encoding="utf-8")
    record = shown(text__markdown=RECORDED, text__plain=RECORDED)
    record["data"]["application/vnd.kompendium.results+json"] = RESULT
    others = [cell for cell in ALFA if "record(" not in cell["source"]]
    sample.notebook("alfa", [*others[:-1], code("#| echo: false\nrecord(x)", record), others[-1]])
    output = shown(text__markdown=ROWS, text__plain=ROWS)
    listed = code("#| echo: false\nvis()", output)
    sample.notebook("funnregister", [text("# Registeret {#sec-funnregister}"), listed])
    configure(sample, "    - references.md", "    - outputs/notebooks/funnregister.ipynb\n"
              "    - references.md")  # fmt: skip
    return sample


def configure(sample: Sample, old: str, new: str) -> None:
    """Change the book's configuration."""
    path = sample.compendium.book
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
