"""Where a run stands after it failed, was killed, or had its data changed under it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kompendium.engine import Record, Standing, State, plan, statuses
from kompendium.facts import Compendium
from kompendium.facts.documents import InputError

AddNotebook = Callable[..., Path]
Run = Callable[[], list[Record]]


def only(compendium: Compendium) -> Any:
    """The status of the one run there is."""
    (status,) = statuses(plan(compendium), compendium)
    return status


def test_observing_leaves_no_trace_in_the_notebook(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    add_notebook("spor", "print(sorted(name for name in dir() if not name.startswith('_')))")
    run()
    text = (compendium.executed / "spor.ipynb").read_text(encoding="utf-8")
    assert "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']" in text
    assert "bservation" not in text


def test_a_file_that_changes_under_a_run_is_not_taken_for_what_it_read(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    data = compendium.data / "tall.csv"
    data.write_text("1\n", encoding="utf-8")
    write = f"import subprocess\nsubprocess.run(['sh', '-c', 'echo 2 > {data}'], check=True)"
    add_notebook("kapplop", f"print(open(r'{data}').read())", write)
    run()
    status = only(compendium)
    assert status.standing is Standing.STALE
    assert "data/tall.csv: changed while the run was under way" in status.reasons


def test_what_a_run_writes_itself_is_no_ingredient(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    place = compendium.data / "mellom.csv"
    add_notebook("skriver", f"open(r'{place}', 'w').write('1')\nprint(open(r'{place}').read())")
    run()
    assert only(compendium).fresh
    place.write_text("2", encoding="utf-8")
    assert only(compendium).fresh


def test_a_failure_is_told_with_its_cell_until_the_edit_is_undone(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    path = add_notebook("a", "print('god')")
    run()
    good = path.read_bytes()
    add_notebook("a", "print('god')", "raise ValueError('galt tall')")
    run()
    failed = only(compendium)
    assert failed.standing is Standing.FAILED
    assert failed.why == "failed in cell 2: ValueError: galt tall"
    path.write_bytes(good)
    assert only(compendium).fresh
    add_notebook("a", "print('god')", "raise ValueError('galt tall')")
    assert only(compendium).standing is Standing.FAILED


def test_a_run_that_fails_without_any_change_stays_failed(
    compendium: Compendium, add_notebook: AddNotebook, run: Run, tmp_path: Path
) -> None:
    switch = tmp_path / "utenfor"
    add_notebook("a", f"import os\nassert not os.path.exists(r'{switch}'), 'utenfor'")
    run()
    assert only(compendium).fresh
    switch.touch()
    run()
    assert only(compendium).standing is Standing.FAILED


def test_a_run_never_run_is_missing(compendium: Compendium, add_notebook: AddNotebook) -> None:
    add_notebook("a", "1")
    assert (only(compendium).standing, only(compendium).why) == (Standing.MISSING, "never run")


def test_a_run_that_was_killed_is_said_to_be_running(
    compendium: Compendium, add_notebook: AddNotebook, run: Run
) -> None:
    add_notebook("a", "print(1)")
    run()
    record = only(compendium).record
    record.model_copy(update={"state": State.RUNNING, "ended": None}).write(compendium.runs)
    assert only(compendium).standing is Standing.RUNNING


def test_data_that_are_declared_must_be_there_and_under_data(
    compendium: Compendium, add_notebook: AddNotebook
) -> None:
    add_notebook("a", "1")
    with (compendium.params / "a.yml").open("a", encoding="utf-8") as file:
        file.write("data:\n  - data/borte.csv\n  - ../annet.csv\n")
    with pytest.raises(InputError) as caught:
        plan(compendium)
    assert "a.yml:3: data/borte.csv is not there" in str(caught.value)
    assert "a.yml:4: ../annet.csv does not lie under data" in str(caught.value)
