"""What stands in the way of an edition is told at once, each with what to do about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kompendium.engine import Record, State, plan, statuses
from kompendium.engine.leaks import Leak
from kompendium.engine.records import Good, Ledger
from kompendium.facts.vocabulary import Evidence, Verdict
from kompendium.publication.editions import conditions
from kompendium.publication.editions.conditions import Candidate, Wish, refuse
from kompendium.publication.editions.errors import RefusedError
from kompendium.publication.editions.identity import Identity, Number
from kompendium.register import MIME, Entry, current

from .conftest import Project, add_notebook

TODAY = date(2026, 3, 1)
WISH = Wish("2026.2", "2026-02-01", "Nytt.")
LAST = Identity(Number(2026, 1), date(2026, 1, 15))

Reasons = Callable[..., list[str]]


@pytest.fixture
def candidate(project: Project, monkeypatch: pytest.MonkeyPatch) -> Candidate:
    """The compendium as it stands, with nothing in the way."""
    monkeypatch.setenv("KOMPENDIUM_ROOT", str(project.root))
    return candidate_of(project)


def candidate_of(project: Project) -> Candidate:
    compendium = project.compendium
    return Candidate(compendium, statuses(plan(compendium), compendium), current(compendium))


def reasons(candidate: Candidate, wish: Wish = WISH, last: Identity | None = LAST) -> list[str]:
    try:
        refuse(wish, candidate, last, TODAY)
    except RefusedError as error:
        return [str(one) for one in error.problems]
    return []


def with_good(candidate: Candidate, **changes: Any) -> Candidate:
    """The candidate with something else in the record of its run."""
    (one,) = candidate.statuses
    assert one.record
    assert one.record.good
    good = one.record.good.model_copy(update=changes)
    record = one.record.model_copy(update={"good": good})
    return replace(candidate, statuses=[replace(one, record=record)])


def with_entry(candidate: Candidate, **changes: Any) -> Candidate:
    assert candidate.entries
    first, *others = candidate.entries
    entry: Entry = first.model_copy(update=changes)
    return replace(candidate, entries=[entry, *others])


def test_nothing_stands_in_the_way(candidate: Candidate) -> None:
    assert reasons(candidate) == []
    assert reasons(candidate, Wish("2026.1", "2026-03-01", "Nytt."), None) == []


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"number": ""}, "number: an edition needs one"),
        ({"number": "2026.02"}, "«2026.02» is no edition's number"),
        ({"number": "2025.9"}, "would come before the newest, 2026.1"),
        ({"date": ""}, "--date: an edition needs a date"),
        ({"date": "1. mars 2026"}, "«1. mars 2026» is no date"),
        ({"date": "20260201"}, "«20260201» is no date"),
        ({"date": "2026-02-30"}, "«2026-02-30» is no date"),
        ({"date": "2026-03-02"}, "2026-03-02 lies in the future"),
        ({"date": "2026-01-14"}, "2026-01-14 lies before edition 2026.1"),
        ({"notes": " \n"}, "--notes: an edition needs notes"),
    ],
)
def test_what_was_asked_for_is_wrong(candidate: Candidate, wish: dict[str, str], said: str) -> None:
    (reason,) = reasons(candidate, replace(WISH, **wish))
    assert said in reason
    assert " → " in reason


def test_an_edition_that_is_there_is_never_made_again(candidate: Candidate) -> None:
    (candidate.compendium.editions / "2026.2").mkdir(parents=True)
    (reason,) = reasons(candidate)
    where, _, remedy = reason.partition(" → ")
    assert where == "number: edition 2026.2 is there already"
    assert remedy == "an edition never changes: take the next number"


def test_every_reason_is_told_at_once(project: Project, candidate: Candidate) -> None:
    project.write("index.md", "# Om boka {.unnumbered}\n\nEndret, se @sec-kapittel.\n")
    project.write("data/findings/prove.yml", "report: 1\n")
    (project.root / "CITATION.cff").unlink()
    project.compendium.executed.joinpath("kapittel.ipynb").unlink()
    found = reasons(replace(candidate_of(project), entries=None), Wish("x", "y", ""))
    assert [one.partition(":")[0] for one in found] == [
        *("number", "--date", "--notes"),
        *("git", "git", "git"),
        *("CITATION.cff", "kapittel", "register"),
    ]
    assert all(" → " in one for one in found)


def test_a_tree_with_changes(project: Project, candidate: Candidate) -> None:
    project.write("index.md", "# Annet\n")
    project.write("notater.txt", "ikke i git\n")
    assert [one.partition(" → ")[0] for one in reasons(candidate)] == [
        "git: index.md is not as in the commit",
        "git: notater.txt is not as in the commit",
    ]


def test_many_changes_are_counted(project: Project, candidate: Candidate) -> None:
    for number in range(15):
        project.write(f"fil-{number:02}.txt", "")
    found = reasons(candidate)
    assert len(found) == 11
    assert found[-1].startswith("git: so are 5 more")


def test_no_repository(project: Project, candidate: Candidate) -> None:
    shutil.rmtree(project.root / ".git")
    (reason,) = reasons(candidate)
    assert reason.startswith("git: ")
    assert "names the commit" in reason


def test_no_git(candidate: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (reason,) = reasons(candidate)
    assert reason.startswith("git: git is not installed → ")


def test_a_file_that_was_read_and_that_git_ignores(project: Project, candidate: Candidate) -> None:
    project.write("data/skjult.csv", "a\n")
    with (project.root / ".gitignore").open("a", encoding="utf-8") as stream:
        stream.write("data/skjult.csv\n")
    project.commit()
    files = {**candidate.standing["kapittel"].ingredients.files, "data/skjult.csv": "0" * 64}
    ingredients = candidate.standing["kapittel"].ingredients.model_copy(update={"files": files})
    (reason,) = reasons(with_good(candidate, ingredients=ingredients))
    assert reason.startswith("git: data/skjult.csv was read, but git does not hold it → ")


def test_a_run_that_is_not_fresh(project: Project, candidate: Candidate) -> None:
    add_notebook(project.root, "kapittel", "1 + 1")
    project.commit()
    (reason,) = reasons(candidate_of(project))
    assert reason == (
        "kapittel: the run is stale: notebooks/kapittel.ipynb: cell 1 changed, 1 cell gone "
        "→ «kompendium build»"
    )


@pytest.mark.parametrize("state", [State.FAILED, State.INTERRUPTED, State.RUNNING])
def test_a_run_that_failed(project: Project, candidate: Candidate, state: State) -> None:
    record = Record.read(project.compendium.runs, "kapittel")
    assert record
    record.model_copy(update={"state": state, "error": "KeyError: 'x'"}).write(
        project.compendium.runs
    )
    (reason,) = reasons(candidate_of(project))
    assert reason.startswith("kapittel: the run is ")
    assert "«kompendium build»" in reason


def test_a_run_whose_last_attempt_failed_though_its_notebook_stands(candidate: Candidate) -> None:
    (one,) = candidate.statuses
    assert one.record
    record = one.record.model_copy(update={"state": State.FAILED})
    (reason,) = reasons(replace(candidate, statuses=[replace(one, record=record)]))
    assert reason.startswith("kapittel: the last attempt was failed → «kompendium build --force")


def test_a_chapter_that_no_run_makes(project: Project, candidate: Candidate) -> None:
    shutil.copy(
        project.compendium.executed / "kapittel.ipynb",
        project.compendium.executed / "gammelt.ipynb",
    )
    text = (project.root / "_quarto.yml").read_text(encoding="utf-8")
    chapter = "outputs/notebooks/kapittel.ipynb"
    project.write(
        "_quarto.yml", text.replace(chapter, f"{chapter}, outputs/notebooks/gammelt.ipynb")
    )
    project.commit()
    (reason,) = reasons(candidate)
    assert reason.startswith("outputs/notebooks/gammelt.ipynb: no run of the book makes this")


def test_texts_without_translation(candidate: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = conditions.Problem("index.md", "has no English", "write index.en.md")
    monkeypatch.setattr(conditions, "untranslated", lambda compendium: [missing])
    assert reasons(candidate) == ["index.md: has no English → write index.en.md"]


def ledger(*withheld: dict[str, str]) -> Ledger:
    return Ledger(limit=5, totals={}, released=[], protected=[], withheld=list(withheld))


def test_what_the_gate_has_decided_is_no_reason(candidate: Candidate) -> None:
    small = {"why": "small", "where": "tbl-x", "what": "svar", "protects": ""}
    assert reasons(with_good(candidate, ledgers={"mini": ledger(small)})) == []


def test_what_the_gate_has_left_open(candidate: Candidate) -> None:
    unchecked = {"why": "unchecked", "where": "tbl-x", "what": "svar by role", "protects": ""}
    open_ones = with_good(candidate, ledgers={"mini": ledger(unchecked)}, guarded=("code cell 3",))
    taken, undecided = reasons(open_ones)
    assert taken.startswith("kapittel: code cell 3: an output was taken out")
    assert undecided.startswith("kapittel: tbl-x: nobody can tell what svar by role of mini shows")


def test_runs_that_together_give_something_away(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = with_good(candidate, ledgers={"mini": ledger()}).statuses
    two = [one, replace(one, run=replace(one.run, id="andre"))]
    asked: list[set[str]] = []

    def leaks(standing: dict[str, Good]) -> list[Leak]:
        asked.append(set(standing))
        return [Leak("mini", ("andre", "kapittel"), "a count follows", "show it in one notebook")]

    monkeypatch.setattr(conditions, "leaks", leaks)
    found = reasons(replace(candidate, statuses=two))
    assert "andre, kapittel: mini: a count follows → show it in one notebook" in found
    assert asked == [{"kapittel", "andre"}]


def test_a_verdict_that_is_not_the_one_on_record(candidate: Candidate) -> None:
    (reason,) = reasons(with_entry(candidate, verdict=Verdict.CONTRADICTED))
    assert reason.startswith("prove.svar: the verdict is contradicted, on record is reproduced → ")


def test_a_verdict_on_made_up_respondents(candidate: Candidate) -> None:
    (reason,) = reasons(with_entry(candidate, evidence=Evidence.ILLUSTRATION))
    assert reason.startswith("prove.svar: the verdict rests on made-up respondents → ")


def test_evidence_of_a_survey_that_nobody_answered(project: Project, candidate: Candidate) -> None:
    path = project.compendium.executed / "kapittel.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            for result in output.get("data", {}).get(MIME, {}).values():
                result["evidence"] = "survey"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (reason,) = reasons(candidate)
    assert reason.startswith(
        "kapittel: prove.svar is called evidence of a survey, but no respondents were read → "
    )


def test_a_citation_that_tells_too_little(project: Project, candidate: Candidate) -> None:
    project.write(
        "CITATION.cff", "cff-version: 1.2.0\nmessage: x\ntitle: y\nauthors: []\norchid: z\n"
    )
    project.commit()
    found = reasons(candidate)
    assert [one.partition(" → ")[0] for one in found] == [
        "CITATION.cff:1: license: Field required",
        "CITATION.cff:4: authors: Tuple should have at least 1 item after validation, not 0",
        "CITATION.cff:5: orchid: Extra inputs are not permitted",
    ]
