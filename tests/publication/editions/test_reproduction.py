"""An edition is run again from its own inputs, whatever the compendium has become."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kompendium.facts import Compendium
from kompendium.publication.editions.environment import differences, environment

from .conftest import NOTEBOOK, SHOWN, Project, make


def test_the_first_edition_comes_out_the_same_after_the_second(released: Project) -> None:
    done = released.run("release", "reproduce", "2026.1", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["same"]
    assert told["same_lock"]
    assert (told["environment"], told["inputs"], told["differences"]) == ([], [], [])
    assert told["compared"] == {"findings": 2, "tables": 1, "notebooks": 1}
    assert "The results are the same." in done.stderr
    assert not list(released.compendium.outputs.glob(".reproduction.scratch-*"))
    assert released.git("status", "--porcelain") == ""


def test_an_edition_that_was_changed_is_not_run(released: Project, tmp_path: Path) -> None:
    root = tmp_path / "kompendium"
    shutil.copytree(released.root, root)
    path = root / "outputs" / "editions" / "2026.1" / "findings.json"
    path.chmod(0o644)
    path.write_text("[]", encoding="utf-8")
    done = Project(Compendium(root)).run("release", "reproduce", "2026.1")
    assert done.returncode == 4
    assert "2026.1/findings.json: changed" in done.stderr


def test_an_edition_whose_commit_is_not_here(released: Project, tmp_path: Path) -> None:
    root = tmp_path / "kompendium"
    shutil.copytree(released.root, root)
    project = Project(Compendium(root))
    shutil.rmtree(root / ".git")
    project.git("init", "--quiet")
    project.commit()
    done = project.run("release", "reproduce", "2026.1")
    assert done.returncode == 2
    assert "git does not hold the commit of 2026.1" in done.stderr


UNSTEADY = NOTEBOOK.replace("record(", "import os\nshare *= float(os.environ['PROVE'])\nrecord(")
"""A notebook whose results depend on something that nobody can see: an environment variable."""

OLDER = """\
from kompendium.publication.editions import environment
now = environment.packages()
environment.packages = lambda: {**now, "pandas": "1.0.0", "gammelpakke": "2.0"}
from kompendium.cli import main
main()
"""


@pytest.fixture(scope="module")
def unsteady(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """An edition of results that do not hold, released where other packages were installed."""
    root = tmp_path_factory.mktemp("unsteady") / "kompendium"
    shown = SHOWN.replace('svar.given["answered"]', 'os.environ["PROVE"]')
    asked = ["--date", "2026-01-02", "--notes", "Nytt.", "--publisher", "pandoc"]
    command = [sys.executable, "-c", OLDER, "release", "2026.1", *asked]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROVE", "1")
        project = make(root, UNSTEADY, shown)
        patch.setenv("KOMPENDIUM_ROOT", str(root))
        subprocess.run(command, cwd=root, check=True)
    project.write("requirements.txt", "pandas==2\n")
    project.commit("Nye pakker")
    return project


def test_what_comes_out_otherwise_is_named_with_the_packages_that_differ(
    unsteady: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVE", "0.5")
    done = unsteady.run("release", "reproduce", "2026.1", "--json")
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert not told["same_lock"]
    assert told["environment"][0] == "gammelpakke 2.0 → not installed"
    assert told["environment"][1].startswith("pandas 1.0.0 → ")
    assert len(told["environment"]) == 2
    found = {(one["kind"], one["name"]): one["told"] for one in told["differences"]}
    assert set(found) == {
        ("finding", "prove.svar"),
        ("table", "kapittel/tbl-kapittel-svar"),
        ("notebook", "kapittel, cell 2"),
        ("notebook", "kapittel, tbl-kapittel-svar"),
    }
    assert found["finding", "prove.svar"].startswith("verdict reproduced → contradicted, value 0.6")
    assert "The lock file is another" in done.stderr
    assert "  pandas 1.0.0 → " in done.stderr
    assert "The results are not the same." in done.stderr


def test_a_run_that_fails_now_is_named(unsteady: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROVE", raising=False)
    done = unsteady.run("release", "reproduce", "2026.1", "--json")
    assert done.returncode == 3
    first, *others = json.loads(done.stdout)["differences"]
    assert (first["kind"], first["name"]) == ("run", "kapittel")
    assert "KeyError" in first["told"]
    assert others


def test_another_interpreter_or_machine_is_told() -> None:
    now = environment("Pandoc 3")
    then = now.model_copy(update={"python": "3.9.1", "machine": "sparc"})
    python, machine = differences(then, now)
    assert python == f"{now.implementation} 3.9.1 → {now.implementation} {now.python}"
    assert machine.startswith(f"{now.platform}, sparc → ")


def test_a_package_that_was_not_there_then_explains_nothing() -> None:
    now = environment("Pandoc 3")
    then = now.model_copy(update={"packages": {"pandas": now.packages["pandas"]}})
    assert list(differences(then, now)) == []
