"""A compendium is found from anywhere inside it, and nowhere else."""

import subprocess
import sys
from pathlib import Path

import pytest

from kompendium.facts.paths import Compendium, NotACompendium


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KOMPENDIUM_ROOT", raising=False)
    here = tmp_path.resolve() / "Foreldrestøtte i kommunen"
    for folder in ("params", "notebooks", "data/frames"):
        (here / folder).mkdir(parents=True)
    (here / "_quarto.yml").write_text("project:\n  type: book\n", encoding="utf-8")
    return here


@pytest.mark.parametrize("inside", [".", "notebooks", "data/frames"])
def test_found_from_every_folder_inside(
    root: Path, inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Compendium.find(root / inside).root == root
    monkeypatch.chdir(root / inside)
    assert Compendium.find().root == root


def test_a_process_started_in_notebooks_finds_it(root: Path) -> None:
    code = "from kompendium.facts.paths import Compendium; print(Compendium.find().params.is_dir())"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=root / "notebooks", capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout.strip()) == (0, "True"), answer.stderr


def test_environment_decides_over_the_working_folder(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KOMPENDIUM_ROOT", str(root))
    assert Compendium.find().root == root


def test_a_wrong_environment_is_not_passed_over(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("KOMPENDIUM_ROOT", str(tmp_path))
    with pytest.raises(NotACompendium, match="or unset it"):
        Compendium.find()
    assert Compendium.find(root).root == root


@pytest.mark.parametrize("lost", ["_quarto.yml", "params"])
def test_half_a_compendium_is_none(root: Path, lost: str) -> None:
    (root / lost).rename(root / "elsewhere")
    with pytest.raises(NotACompendium, match="set KOMPENDIUM_ROOT to it"):
        Compendium.find(root / "notebooks")


def test_the_nearest_compendium_is_taken(root: Path) -> None:
    inner = root / "data" / "copy"
    (inner / "params").mkdir(parents=True)
    (inner / "_quarto.yml").touch()
    assert Compendium.find(inner / "params").root == inner


def test_every_path_lies_inside_and_no_two_are_the_same(root: Path) -> None:
    compendium = Compendium(root)
    names = [name for name, value in vars(Compendium).items() if isinstance(value, property)]
    paths = [getattr(compendium, name) for name in names]
    assert len(set(paths)) == len(names) >= 18
    assert all(compendium.holds(path) and path != root for path in paths)
    assert compendium.relative(compendium.results) == "outputs/findings.json"
    assert compendium.relative(compendium.lock) == "outputs/.lock"
    assert compendium.relative(compendium.variables) == "_variables.yml"
    assert not compendium.outputs.exists()


def test_paths_outside_are_shown_whole(root: Path) -> None:
    outside = root.parent / "other.csv"
    assert Compendium(root).relative(outside) == outside.as_posix()
    assert Compendium(root).relative(Path("data/frames")) == "data/frames"
