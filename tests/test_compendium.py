"""The compendium itself, built whole and from clean."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kompendium.facts import Compendium
from tests.conftest import EVERY_FORMAT, ROOT, build, copy_of_the_project

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def register(built: Compendium) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(built.results.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        ("ku2015.svar", "reproduced"),
        ("ramboll2020.svar", "reproduced"),
        ("ku2021.svar", "reproduced"),
        ("ku2023.svar", "reproduced"),
        ("ku2020.svar", "contradicted"),
        ("dsb2019.andel_5000_9999", "contradicted"),
        ("dsb2019.andel_10000_19999", "contradicted"),
        ("dsb2019.andel_2000_4999", "reproduced"),
        ("ku2021.nsk_dobbelt", "reproduced"),
        ("ku2021.nsk_kjenner_skole", "untestable"),
        ("ku2021.tolk_felles", "compatible"),
        ("strategi.tiltak32.tjenester", "contradicted"),
    ],
)
def test_known_verdicts(register: dict[str, dict[str, Any]], finding: str, verdict: str) -> None:
    assert register[finding]["verdict"] == verdict


def test_every_verdict_is_the_one_on_record(register: dict[str, dict[str, Any]]) -> None:
    assert {one["id"] for one in register.values() if one["verdict"] != one["expected"]} == set()


def test_no_verdict_rests_on_made_up_answers(register: dict[str, dict[str, Any]]) -> None:
    assert {one["evidence"] for one in register.values()} <= {"register", "arithmetic", None}
    for one in register.values():
        assert (one["evidence"] is None) == (one["verdict"] == "untestable")


def test_what_cannot_be_tested_says_what_it_needs(register: dict[str, dict[str, Any]]) -> None:
    assert all(one["needs"] for one in register.values() if one["verdict"] == "untestable")


def test_each_result_names_the_run_that_computed_it(register: dict[str, dict[str, Any]]) -> None:
    runs = {one["run"] for one in register.values() if one["verdict"] != "untestable"}
    assert runs <= set(NOTEBOOKS)


@pytest.fixture(params=NOTEBOOKS)
def notebook(request: pytest.FixtureRequest, built: Compendium) -> Any:
    path = built.executed / f"{request.param}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def test_executed_notebooks_hold_no_path_no_time_and_no_warning(
    notebook: Any, built: Compendium
) -> None:
    text = json.dumps(notebook, ensure_ascii=False)
    assert str(ROOT) not in text
    assert str(built.root) not in text
    assert not re.search(r"/tmp/|ipykernel_\d|start_time", text)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            assert output.get("name") != "stderr"


def test_every_figure_and_table_has_label_caption_and_alternative_text(notebook: Any) -> None:
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", ())):
            for option in ("label: fig-", "fig-cap: ", "fig-alt: "):
                assert f"#| {option}" in source
        if "#| label: tbl-" in source and "#| include: false" not in source:
            assert "#| tbl-cap: " in source


MADE_UP = re.compile(r"\banswers\.(by_size|hidden|share\w*|shown|shows|table)\b|\breleased\b")
"""What a cell of a survey notebook calls that gives it respondents' answers."""


def test_what_rests_on_made_up_answers_says_so(notebook: Any) -> None:
    """By default no survey has real answers, so every such caption and text is marked."""
    for cell in notebook["cells"]:
        lines = "".join(cell["source"]).split("\n")
        texts = [line for line in lines if re.match(r"#\| (fig-cap|fig-alt|tbl-cap):", line)]
        code = "\n".join(line for line in lines if not line.startswith("#| "))
        marked = ["illustrasjon" in text.casefold() for text in texts]
        assert all(marked) or not any(marked)
        if texts and MADE_UP.search(code):
            assert all(marked), lines[0]


def test_the_survey_notebooks_show_answers(built: Compendium) -> None:
    for name in ("foreldreveiledning", "kommuneundersokelsen"):
        assert MADE_UP.search((built.notebooks / f"{name}.ipynb").read_text(encoding="utf-8"))


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_build_from_clean_gives_the_same_bytes(built: Compendium, tmp_path: Path) -> None:
    """One run at a time on ordinary kernels gives what many on forked kernels have given."""
    again = copy_of_the_project(tmp_path / "en annen mappe")
    done = build(again, *EVERY_FORMAT, "--jobs", "1", "--kernel", "cold")
    assert done.returncode == 0, done.stderr
    for folder in ("notebooks", "publication"):
        first, second = files(built.outputs / folder), files(again.outputs / folder)
        assert first.keys() == second.keys()
        assert [name for name in first if first[name] != second[name]] == []
    assert again.results.read_bytes() == built.results.read_bytes()
    assert again.results_csv.read_bytes() == built.results_csv.read_bytes()
    kernels = [
        {json.loads(path.read_bytes())["kernel"] for path in one.runs.glob("*.json")}
        for one in (built, again)
    ]
    assert kernels[1] == {"cold"}
    if sys.platform == "linux":  # where kernels are forked
        assert kernels[0] == {"warm"}


def test_notebooks_give_the_outputs_they_hold(built: Compendium) -> None:
    """Re-execute ``notebooks/`` with nbval and compare every text output."""
    command = [sys.executable, "-m", "pytest", "--nbval", str(built.notebooks)]
    options = ["--nbval-cell-timeout=600", "-p", "no:cacheprovider", "-q"]
    done = subprocess.run(
        [*command, *options],
        cwd=built.root,
        env=os.environ | {"KOMPENDIUM_ROOT": str(built.root), "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
