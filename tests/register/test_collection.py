"""Results found in executed notebooks, judged, and written for others to read."""

import json
from pathlib import Path

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output, writes
from ruamel.yaml import YAML

from kompendium.facts import Compendium, Verdict, findings
from kompendium.register import MIME, RegisterError, Result, computed, current, update
from kompendium.register.collection import collect


def executed(folder: Path, name: str, results: dict[str, Result]) -> Path:
    """Write a notebook whose only cell has recorded these results."""
    data = {MIME: {key: result.content() for key, result in results.items()}, "text/plain": "x"}
    cell = new_code_cell("record(…)", outputs=[new_output("display_data", data=data)])
    path = folder / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(writes(new_notebook(cells=[cell])), encoding="utf-8")
    return path


SVAR = {"prove.svar": computed(276 / 437, "register", interval=(0.6, 0.66))}


def test_a_recorded_value_gets_its_verdict(compendium: Compendium) -> None:
    path = executed(compendium.executed, "kapittel", SVAR)
    entries = {entry.id: entry for entry in collect([path], findings())}
    svar, other = entries["prove.svar"], entries["prove.sertifisert"]
    assert svar.verdict is Verdict.REPRODUCED
    assert (svar.run, svar.computed, svar.region) == (
        "kapittel",
        "63,2\u00a0%",
        "[62,5; 63,5)\u00a0%",
    )
    assert (other.verdict, other.run, other.value) == (Verdict.UNTESTABLE, None, None)
    assert not svar.surprising
    assert not other.surprising


def test_made_up_answers_never_give_a_verdict_or_a_value(compendium: Compendium) -> None:
    made_up = {"prove.sertifisert": computed(0.8, "illustration")}
    path = executed(compendium.executed, "kapittel", made_up)
    entry = collect([path], findings())[1]
    assert (entry.verdict, entry.value, entry.evidence) == (Verdict.UNTESTABLE, None, None)


@pytest.mark.parametrize(
    ("value", "verdict", "surprising"),
    [(0.8, Verdict.REPRODUCED, False), (0.6, Verdict.CONTRADICTED, True)],
)
def test_respondents_settle_what_was_open(
    compendium: Compendium, value: float, verdict: Verdict, surprising: bool
) -> None:
    answers = {"prove.sertifisert": computed(value, "survey")}
    path = executed(compendium.executed, "kapittel", answers)
    entry = collect([path], findings())[1]
    assert (entry.verdict, entry.surprising) == (verdict, surprising)


def test_a_changed_figure_surprises(compendium: Compendium) -> None:
    file = compendium.findings / "prove.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("quantity: 63 prosent", "quantity: 73 prosent"), encoding="utf-8")
    from kompendium.facts.findings import _reports

    _reports.cache_clear()
    entry = collect([executed(compendium.executed, "kapittel", SVAR)], findings())[0]
    assert entry.verdict is Verdict.CONTRADICTED
    assert entry.surprising


def test_unknown_findings_and_conflicts_are_all_told(compendium: Compendium) -> None:
    paths = [
        executed(compendium.executed, "en", SVAR | {"borte.vekk": computed(1, "register")}),
        executed(compendium.executed, "to", {"prove.svar": computed(0.5, "register")}),
        executed(compendium.executed, "tre", SVAR),
    ]
    with pytest.raises(RegisterError) as caught:
        collect(paths, findings())
    told = str(caught.value)
    assert "en records «borte.vekk»" in told
    assert "en and to record different results for «prove.svar»" in told
    assert "tre" not in told


def test_the_register_is_written_for_programs_spreadsheets_and_the_book(
    compendium: Compendium,
) -> None:
    entries = update(compendium, [executed(compendium.executed, "kapittel", SVAR)])
    assert current(compendium) == entries
    records = json.loads(compendium.results.read_text(encoding="utf-8"))
    assert records[0]["verdict"] == "reproduced"
    table = pd.read_csv(compendium.results_csv)
    assert list(table["id"]) == ["prove.svar", "prove.sertifisert"]
    variables = YAML(typ="safe").load(compendium.variables)
    assert variables["funn"]["antall"] == 2
    assert variables["dom"] == {
        "reprodusert": 1,
        "motsagt": 0,
        "forenlig": 0,
        "ikke_testbar": 1,
    }
    assert variables["gjengivelse"] == {"reprodusert": 0}


def test_a_register_that_was_never_made_says_what_to_do(compendium: Compendium) -> None:
    with pytest.raises(RegisterError, match="make book"):
        current(compendium)
