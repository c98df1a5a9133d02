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


def left_behind(folder: Path) -> set[str]:
    """What a render hides beside the book while it works."""
    return {name for name in names(folder) if name.startswith(".")}


def test_a_failing_render_leaves_the_last_book(sample: Sample) -> None:
    front = publish(sample.compendium, "pandoc")
    before = front.read_bytes()
    sample.add(text("Se @fig-finnes-ikke."))
    with pytest.raises(PublicationError):
        publish(sample.compendium, "pandoc")
    assert front.read_bytes() == before
    assert not left_behind(sample.compendium.outputs)


def test_a_new_book_replaces_all_of_the_last(sample: Sample) -> None:
    book = publish(sample.compendium, "pandoc").parent
    (book / "gammel.html").write_text("fra i fjor", encoding="utf-8")
    publish(sample.compendium, "pandoc")
    assert not (book / "gammel.html").exists()
    assert not left_behind(sample.compendium.outputs)


def two_books(folder: Path) -> tuple[Path, Path]:
    """The last book and a fresh one, each with its name on the front page."""
    target, fresh = folder / "book", folder / "fresh"
    for book in (target, fresh):
        book.mkdir(parents=True)
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
import os, shutil, sys
from pathlib import Path
from kompendium.publication import swap

moment, target = sys.argv[1], Path(sys.argv[2])
last = target.parent / f".{target.name}.last"
rename = Path.rename

def renamed(self, other):
    if moment == {target: "before", last: "undo"}.get(self, "between"):
        os.kill(os.getpid(), 9)
    return rename(self, other)

def removed(path, **_):
    if moment == "removing" and Path(path) == last and last.exists():
        next(last.iterdir()).unlink()
        os.kill(os.getpid(), 9)

Path.rename, shutil.rmtree = renamed, removed
with swap.scratch(target) as folder:
    fresh = folder / "book"
    fresh.mkdir()
    (fresh / "index.html").write_text("fresh")
    if moment == "rendering":
        os.kill(os.getpid(), 9)
    swap.replace(target, fresh)
"""


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        ("rendering", "book"),
        ("before", "book"),
        ("between", "book"),
        ("removing", "fresh"),
    ],
)
def test_killed_at_any_moment_a_whole_book_is_there(tmp_path: Path, moment: str, left: str) -> None:
    target, _ = two_books(tmp_path / "outputs")
    command = [sys.executable, "-c", KILLED, moment, str(target)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    # Only between the two renames is the book out of its place, and then it is whole beside it.
    assert target.exists() is (moment != "between")
    with swap.scratch(target) as folder:
        assert (target / "index.html").read_text(encoding="utf-8") == left
        assert names(target.parent) == {"book", "fresh", folder.name}


PUBLISHED = """\
import os, sys
from pathlib import Path
from kompendium.facts.paths import Compendium
from kompendium.publication import pandoc, publish

render = pandoc.render

def killed(stage):
    told = render(stage)
    os.kill(os.getpid(), 9)

pandoc.render = killed
publish(Compendium(Path(sys.argv[1])), "pandoc")
"""


def test_killed_while_rendering_the_last_book_was_never_touched(sample: Sample) -> None:
    front = publish(sample.compendium, "pandoc")
    before = {path.name: path.stat().st_mtime_ns for path in front.parent.iterdir()}
    command = [sys.executable, "-c", PUBLISHED, str(sample.root)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert {path.name: path.stat().st_mtime_ns for path in front.parent.iterdir()} == before
    publish(sample.compendium, "pandoc")
    assert not left_behind(sample.compendium.outputs)


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
