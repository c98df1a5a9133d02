"""An edition is whole or not there, and nothing in it tells whose machine made it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pypdfium2
import pytest

from kompendium.publication.editions import manifest
from kompendium.publication.editions.manifest import Kind, contents, digest

from .conftest import Project

BESIDE = {"manifest.json", "ro-crate-metadata.json", "CITATION.cff", ".zenodo.json"}


@pytest.fixture(scope="module")
def first(released: Project) -> Path:
    return released.editions / "2026.1"


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_an_edition_holds_the_book_in_every_format_and_what_it_was_made_of(first: Path) -> None:
    there = set(contents(first))
    assert {"index.html", "kapittel.html", "prove.pdf", "prove.docx"} <= there
    assert {"notebooks/kapittel.ipynb", "runs/kapittel.json", "findings.json"} <= there
    assert there >= BESIDE
    assert (
        text_of(first / "tables" / "kapittel" / "tbl-kapittel-svar.csv") == "Svarte,Av\n276,437\n"
    )


def test_the_manifest_seals_every_other_file(first: Path) -> None:
    told = manifest.read(first)
    assert told
    assert {one.path for one in told.outputs} == set(contents(first)) - {manifest.NAME}
    for one in told.outputs:
        assert (digest(first / one.path), (first / one.path).stat().st_size) == (
            one.sha256,
            one.size,
        )


def test_the_manifest_names_every_input_with_its_hash(released: Project, first: Path) -> None:
    told = manifest.read(first)
    assert told
    assert set(told.of_kind(Kind.NOTEBOOK)) == {"notebooks/kapittel.ipynb"}
    assert set(told.of_kind(Kind.PARAMETERS)) == {"params/kapittel.yml"}
    assert set(told.of_kind(Kind.LOCK)) == {"requirements.txt"}
    assert {"_quarto.yml", "index.md", "references.bib"} <= set(told.of_kind(Kind.BOOK))
    tracked = released.git("ls-tree", "-r", "--name-only", told.commit, "data").split()
    assert set(told.of_kind(Kind.DATA)) == set(tracked)
    assert "kompendium/facts/findings.py" in told.of_kind(Kind.LIBRARY)
    assert not [name for name in told.of_kind(Kind.LIBRARY) if name.endswith(".pyc")]
    for one in told.inputs:
        if one.kind is not Kind.LIBRARY:
            held = subprocess.run(
                ["git", "show", f"{told.commit}:{one.path}"],
                cwd=released.root,
                capture_output=True,
                check=True,
            ).stdout
            assert sha256(held).hexdigest() == one.sha256, one.path


def test_nobody_learns_whose_machine_it_was(first: Path, released: Project) -> None:
    private = {str(released.root), str(Path.home()), socket.gethostname(), sys.prefix}
    needles = [one.encode() for one in private if len(one) > 5]
    for name in contents(first):
        path = first / name
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                parts += [archive.read(one) for one in archive.namelist()]
        assert not [needle for needle in needles for part in parts if needle in part], name
    told = manifest.read(first)
    assert told
    assert told.environment.python.startswith(f"{sys.version_info.major}.{sys.version_info.minor}")
    assert told.environment.packages["pandas"]


def test_files_are_only_to_be_read(first: Path) -> None:
    assert {(first / name).stat().st_mode & 0o777 for name in contents(first)} == {0o444}


def test_pages_pdf_and_word_name_the_edition(first: Path) -> None:
    called = "Utgave 2026.1, 2. januar 2026"
    front, chapter = text_of(first / "index.html"), text_of(first / "kapittel.html")
    assert f'<p class="author edition">{called}</p>' in front
    assert f"· {called}" in chapter[chapter.index("<footer") :]
    pdf = pypdfium2.PdfDocument(first / "prove.pdf")
    told = pdf.get_metadata_dict()
    assert (told["Keywords"], told["CreationDate"]) == (called, "D:20260102000000Z")
    assert called in pdf[0].get_textpage().get_text_range()
    with zipfile.ZipFile(first / "prove.docx") as archive:
        core = archive.read("docProps/core.xml").decode()
        assert "<cp:version>2026.1</cp:version>" in core
        assert core.count("2026-01-02T00:00:00Z") == 2
        assert called in archive.read("word/document.xml").decode()
        assert called in archive.read("word/header1.xml").decode()


def test_a_later_edition_leaves_the_first_as_it_was(released: Project) -> None:
    done = released.run("release", "verify")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("as it was made") == 2
    before, after = (
        json.loads(text_of(released.editions / number / "findings.json"))[0]["computed"]
        for number in ("2026.1", "2026.2")
    )
    assert (before, after) == ("63,2\u00a0%", "63,4\u00a0%")


def test_a_number_is_used_once(released: Project) -> None:
    before = {one: digest(released.editions / one) for one in contents(released.editions)}
    done = released.release("2026.2", date="2026-02-03")
    assert done.returncode == 2
    assert "edition 2026.2 is there already" in done.stderr
    assert {one: digest(released.editions / one) for one in contents(released.editions)} == before


def test_the_list_says_what_is_new(released: Project) -> None:
    done = released.run("release", "list", "--json")
    found = json.loads(done.stdout)
    assert [(one["number"], one["date"]) for one in found] == [
        ("2026.2", "2026-02-03"),
        ("2026.1", "2026-01-02"),
    ]
    assert found[1]["notes"]["nb"] == "Den første."
    assert found[0]["notes"]["nb"].startswith("Én til har svart.\n\n- Det")
    assert released.git("rev-parse", "HEAD").strip() == found[0]["commit"]
    assert "2026.1" in released.run("release", "list").stdout


KILLED = """\
import os, sys
from pathlib import Path
from kompendium.publication.editions import freezing, shelf

def die(*_, **__):
    os.kill(os.getpid(), 9)

rename, moment = Path.rename, sys.argv.pop(1)
if moment == "rendering":
    freezing.rendered = die
elif moment == "sealing":
    freezing.sealed = die
elif moment == "renaming":
    Path.rename = lambda self, other: die() if self.name == "edition" else rename(self, other)
elif moment == "arranging":
    arrange, asked = shelf.arrange, []
    shelf.arrange = lambda one: die() if asked else asked.append(one) or arrange(one)
from kompendium.cli import main
main()
"""
ASKED = ("--date", "2026-01-02", "--notes", "Nytt.", "--publisher", "pandoc")


def kill(project: Project, moment: str) -> None:
    command = [sys.executable, "-c", KILLED, moment, "release", "2026.1", *ASKED]
    environment = {**os.environ, "KOMPENDIUM_ROOT": str(project.root)}
    done = subprocess.run(command, cwd=project.root, env=environment, check=False)
    assert done.returncode == -signal.SIGKILL


def test_killed_in_the_middle_nothing_looks_like_an_edition(project: Project) -> None:
    for moment in ("rendering", "sealing", "renaming"):
        kill(project, moment)
        assert {path.name[0] for path in project.editions.iterdir()} == {"."}
    assert json.loads(project.run("release", "list", "--json").stdout) == []
    done = project.release("2026.1")
    assert done.returncode == 0, done.stderr
    assert not list(project.editions.glob(".release.scratch-*"))


def test_killed_before_the_shelf_was_put_right_the_edition_is_there(project: Project) -> None:
    kill(project, "arranging")
    assert not (project.editions / "editions.js").exists()
    done = project.release("2026.1")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert "2026.1" in text_of(project.editions / "editions.js")
    assert project.run("release", "verify", "2026.1").returncode == 0


def test_a_book_that_fails_its_checks_gives_no_edition(project: Project) -> None:
    project.write("index.md", "# Om boka {.unnumbered}\n\nSe @fig-som-ikke-finnes.\n")
    project.commit()
    done = project.release("2026.1")
    assert done.returncode == 4
    assert "fig-som-ikke-finnes" in done.stderr
    assert not (project.editions / "2026.1").exists()


def test_what_is_wrong_is_told_before_anything_is_made(project: Project) -> None:
    project.write("index.md", "# Endret {.unnumbered}\n")
    done = project.run("release", "2026", "--date", "2126-01-01")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 4
    assert not list(project.editions.glob("2*"))


def test_notes_in_a_file_that_is_not_there(project: Project) -> None:
    done = project.release("2026.1", notes="nyheter.md")
    assert done.returncode == 2
    assert "there is no file nyheter.md" in done.stderr
