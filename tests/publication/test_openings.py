"""The findings that a chapter opens with, and the anchors they lead to."""

from kompendium.facts.vocabulary import Verdict
from kompendium.publication.openings import SHORT, SHOWN, Findings, anchored, opening
from kompendium.register import Entry


def entry(number: int, verdict: Verdict, run: str | None = "alfa", **other: object) -> Entry:
    """A finding of the register, with what the list does not read left blank."""
    blank: dict[str, object] = {
        "report": "rapport",
        "published": "1 av 4",
        "region": "",
        "value": None,
        "low": None,
        "high": None,
        "interval": None,
        "computed": "–",
        "evidence": None,
        "expected": verdict,
        "note": "",
        "reason": "",
        "needs": "",
        "page": "",
    }
    own = {
        "id": f"rapport.funn_{number}",
        "statement": f"Utsagn {number}.",
        "statement_en": f"Statement {number}.",
        "verdict": verdict,
        "run": run,
    }
    return Entry.model_validate(blank | own | other)


FEW = [
    entry(1, Verdict.COMPATIBLE),
    entry(2, Verdict.REPRODUCED, transcribed=True),
    entry(3, Verdict.REPRODUCED),
    entry(4, Verdict.CONTRADICTED),
    entry(5, Verdict.UNTESTABLE, run=None),
    entry(6, Verdict.REPRODUCED, run="beta", report="annen"),
    entry(7, Verdict.UNTESTABLE, run=None, report="annen"),
]


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("- ")]


def test_what_does_not_add_up_comes_first_and_what_only_reads_well_last() -> None:
    text = opening(Findings(FEW), "alfa", "nb")
    assert [line.partition("span> ")[2] for line in lines(text)] == [
        f"[Utsagn {number}.](#funn-rapport-funn-{number})" for number in (4, 3, 2, 1)
    ]
    assert lines(text)[0].startswith('- <span class="dom dom-motsagt">✗ motsagt</span> ')


def test_the_verdicts_are_counted_with_those_nobody_can_test() -> None:
    text = opening(Findings(FEW), "alfa", "nb", "register.ipynb")
    head = text.splitlines()[1]
    counts = [part.partition("<")[0] for part in head.split(">")[1:]]
    assert [one for one in counts if one.strip() and one[0] in "✗✓≈?"] == [
        *("✗ 1 motsagt", "✓ 2 reprodusert", "≈ 1 forenlig", "? 1 ikke testbar")
    ]
    assert "[funnregisteret](register.ipynb)" in text


def test_a_chapter_that_decides_nothing_has_no_list() -> None:
    assert opening(Findings(FEW), "gamma", "nb") == ""
    assert opening(Findings(()), "alfa", "nb") == ""


def test_a_long_list_shows_some_of_each_verdict_and_folds_the_rest() -> None:
    many = [entry(n, Verdict.REPRODUCED) for n in range(SHORT)]
    assert "<details" not in opening(Findings(many), "alfa", "nb")
    longer = opening(Findings([*many, entry(99, Verdict.CONTRADICTED)]), "alfa", "nb")
    before, _, after = longer.partition("<details")
    assert len(lines(before)) == SHOWN + 1
    assert len(lines(after)) == SHORT - SHOWN
    assert f"Vis {SHORT - SHOWN} funn til" in after


def test_english_pages_have_english_statements_and_verdicts() -> None:
    text = opening(Findings(FEW), "alfa", "en")
    assert "[Statement 4.]" in text
    assert "✗ contradicted" in text


TABLE = "| Funn | Dom |\n|------|-----|\n| Utsagn 3. | a |\n| Utsagn 1. | b |\n| Ukjent. | c |\n"


def test_each_recorded_row_gets_its_findings_anchor_once_a_page() -> None:
    taken: set[str] = set()
    made = anchored(TABLE, Findings(FEW), taken)
    assert made.splitlines()[2:] == [
        '| <span id="funn-rapport-funn-3"></span>Utsagn 3. | a |',
        '| <span id="funn-rapport-funn-1"></span>Utsagn 1. | b |',
        "| Ukjent. | c |",
    ]
    assert "id=" not in anchored(TABLE, Findings(FEW), taken)
