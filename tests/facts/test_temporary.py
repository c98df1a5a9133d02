"""A temporary folder goes with its owner, or is taken away after an owner that was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from kompendium.facts.temporary import LOCK, TemporaryFolder, sweep

OWNER = """\
import sys
from kompendium.facts.temporary import TemporaryFolder
folder = TemporaryFolder("prove")
(folder.path / "under" / "dypere").mkdir(parents=True)
(folder.path / "under" / "svar.csv").write_text("enhet,svar")
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that this process and those it starts take for the temporary one."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def killed() -> Path:
    """The folder of a process that was killed."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    with owner.stdin, owner.stdout:
        folder = Path(owner.stdout.readline().strip())
        assert sweep() == [], "its owner lives"
        assert (folder / "under" / "svar.csv").is_file()
        owner.kill()
        owner.wait(30)
    return folder


def test_what_a_killed_owner_left_is_taken_away_and_a_living_ones_is_not(place: Path) -> None:
    with closing(TemporaryFolder("levende")) as living:
        own = living.path
        (own / "notat").touch()
        left = killed()
        assert left.parent == place
        assert left.name.startswith("kompendium-prove-")
        assert sweep() == [left]
        assert not left.exists()
        assert (own / "notat").exists()
        assert sweep() == []
    assert list(place.iterdir()) == []


def test_a_folder_is_for_nobody_else_and_goes_when_it_is_closed(place: Path) -> None:
    folder = TemporaryFolder()
    assert folder.path.parent == place
    assert folder.path.stat().st_mode & 0o077 == 0
    (folder.path / "notat").touch()
    folder.close()
    assert list(place.iterdir()) == []


def test_what_does_not_tell_whose_it_is_stays(place: Path, tmp_path: Path) -> None:
    left = killed()
    elsewhere = left.rename(tmp_path / "elsewhere")
    (place / "kompendium-lenke").symlink_to(elsewhere)
    (place / "kompendium-mappe").mkdir()
    (place / "kompendium-fil").touch()
    there = sorted(place.iterdir())
    assert sweep() == []
    assert sorted(place.iterdir()) == there
    assert (elsewhere / "under" / "svar.csv").is_file()


def test_another_users_folder_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    left = killed()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getuid", lambda: left.stat().st_uid + 1)
        assert sweep() == []
    assert sweep() == [left]


def test_a_folder_swept_before_it_was_locked_is_made_anew(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between making a folder and locking it, anybody may take it for one that was left."""
    make = tempfile.mkdtemp

    def make_and_lose(prefix: str) -> str:
        path = Path(make(prefix=prefix))
        (path / LOCK).touch()
        assert sweep() == [path]
        return str(path)

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_lose)
    with closing(TemporaryFolder()) as made:
        assert made.path.stat().st_mode & 0o077 == 0
        assert sweep() == []
        assert list(made.path.iterdir()) == [made.path / LOCK]
    assert list(place.iterdir()) == []
