"""The last good book is never lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kompendium.publication import PublicationError, publish, swap

from .conftest import Sample, text


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def test_a_failing_render_leaves_the_last_book(sample: Sample) -> None:
    front = publish(sample.compendium, "pandoc")
    before = front.read_bytes()
    sample.add(text("Se @fig-finnes-ikke."))
    with pytest.raises(PublicationError):
        publish(sample.compendium, "pandoc")
    assert front.read_bytes() == before
    assert names(sample.compendium.outputs) == {"notebooks", "publication", "findings.json"}


def test_a_new_book_replaces_all_of_the_last(sample: Sample) -> None:
    book = publish(sample.compendium, "pandoc").parent
    (book / "gammel.html").write_text("fra i fjor", encoding="utf-8")
    publish(sample.compendium, "pandoc")
    assert not (book / "gammel.html").exists()
    assert names(sample.compendium.outputs) == {"notebooks", "publication", "findings.json"}


def two_books(folder: Path) -> tuple[Path, Path]:
    """The last book and a fresh one, each with its name on the front page."""
    target, fresh = folder / "book", folder / "fresh"
    for book in (target, fresh):
        book.mkdir()
        (book / "index.html").write_text(book.name, encoding="utf-8")
    return target, fresh


def test_interrupted_between_the_renames_the_last_book_is_back_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, fresh = two_books(tmp_path)
    rename = Path.rename

    def interrupted(self: Path, other: Path) -> Path:
        if self == fresh:
            raise KeyboardInterrupt
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        swap.replace(target, fresh)
    assert (target / "index.html").read_text(encoding="utf-8") == "book"


KILLED = """\
import os, sys
from pathlib import Path
from kompendium.publication import swap

target, fresh = map(Path, sys.argv[1:])
rename = Path.rename
Path.rename = lambda self, other: os.kill(os.getpid(), 9) if self == fresh else rename(self, other)
swap.replace(target, fresh)
"""


def test_killed_between_the_renames_the_last_book_comes_back(tmp_path: Path) -> None:
    target, fresh = two_books(tmp_path)
    command = [sys.executable, "-c", KILLED, str(target), str(fresh)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not target.exists()
    with swap.scratch(target):
        assert (target / "index.html").read_text(encoding="utf-8") == "book"


def test_killed_after_the_renames_the_new_book_stays(tmp_path: Path) -> None:
    target = tmp_path / "book"
    for folder, words in ((target, "ny"), (tmp_path / ".book.last", "gammel")):
        folder.mkdir()
        (folder / "index.html").write_text(words, encoding="utf-8")
    swap.recover(target)
    assert (target / "index.html").read_text(encoding="utf-8") == "ny"
    assert names(tmp_path) == {"book"}


def test_scratch_folders_of_dead_renders_go(tmp_path: Path) -> None:
    (tmp_path / ".book.scratch-dead" / "stage").mkdir(parents=True)
    with swap.scratch(tmp_path / "book") as folder:
        assert names(tmp_path) == {folder.name}
    assert names(tmp_path) == set()
