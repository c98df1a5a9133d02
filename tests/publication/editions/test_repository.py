"""What git holds of a compendium, wherever in a repository it lies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kompendium.publication.editions.repository import GitError, Repository


def git(root: Path, *arguments: str) -> str:
    settings = ["-c", "user.name=Ingen", "-c", "user.email=ingen@example.org"]
    command = ["git", *settings, *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A compendium in a folder of a larger repository, committed."""
    root = tmp_path / "alt" / "kompendium"
    (root / "data").mkdir(parents=True)
    for path in (root / "index.md", root / "data" / "blåbær.csv", root.parent / "annet.txt"):
        path.write_text("først\n", encoding="utf-8")
    git(root.parent, "init", "--quiet")
    git(root.parent, "add", "--all")
    git(root.parent, "commit", "--quiet", "--message=Først")
    return root


def test_only_the_compendium_counts(root: Path) -> None:
    repository = Repository.around(root)
    (root.parent / "annet.txt").write_text("endret\n", encoding="utf-8")
    assert repository.changes() == []
    assert repository.tracked() == {"index.md", "data/blåbær.csv"}


def test_changes_are_named(root: Path) -> None:
    (root / "index.md").write_text("endret\n", encoding="utf-8")
    (root / "ny fil.txt").write_text("", encoding="utf-8")
    git(root, "mv", "data/blåbær.csv", "data/tyttebær.csv")
    assert Repository.around(root).changes() == [
        "data/tyttebær.csv",
        "index.md",
        "ny fil.txt",
    ]


def test_a_commit_is_written_out_word_for_word(root: Path, tmp_path: Path) -> None:
    repository = Repository.around(root)
    commit = repository.commit
    (root / "index.md").write_text("siden\n", encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message=Siden")
    folder = tmp_path / "ut"
    folder.mkdir()
    repository.export(commit, folder)
    assert sorted(path.name for path in folder.rglob("*")) == ["blåbær.csv", "data", "index.md"]
    assert (folder / "index.md").read_text(encoding="utf-8") == "først\n"
    assert repository.content(commit, "data/blåbær.csv") == "først\n".encode()
    assert repository.commit != commit
    assert repository.holds(commit)
    assert git(root, "status", "--porcelain") == ""


def test_what_is_not_there(root: Path) -> None:
    repository = Repository.around(root)
    assert not repository.holds("0" * 40)
    with pytest.raises(GitError):
        repository.content(repository.commit, "finnes-ikke.csv")


def test_a_folder_without_repository_and_one_without_commit(tmp_path: Path) -> None:
    with pytest.raises(GitError):
        Repository.around(tmp_path)
    git(tmp_path, "init", "--quiet")
    with pytest.raises(GitError):
        Repository.around(tmp_path)


def test_a_hook_of_another_repository_does_not_mislead(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = Repository.around(root).commit
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "et annet sted"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert Repository.around(root).commit == expected
    assert Repository.around(root).changes() == []
