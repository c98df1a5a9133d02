"""An edition that is not as it was made is found out, file by file."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kompendium.facts import Compendium
from kompendium.publication.editions import manifest, shelf
from kompendium.publication.editions.verification import Fault, numbers, verify

from .conftest import Project


@pytest.fixture
def tampered(released: Project, tmp_path: Path) -> Project:
    """A copy of two editions, to be tampered with."""
    root = tmp_path / "kompendium"
    shutil.copytree(released.root, root)
    return Project(Compendium(root))


def write(path: Path, text: str) -> None:
    """Write over a file that is only to be read, as whoever means to would."""
    if path.exists():
        path.chmod(0o644)
    path.write_text(text, encoding="utf-8")


def found(project: Project, number: str = "2026.1") -> set[tuple[str, Fault]]:
    return {(one.path, one.fault) for one in verify(project.compendium, number).findings}


def test_what_was_not_touched_is_as_it_was(tampered: Project) -> None:
    told = verify(tampered.compendium, "2026.1")
    assert told.findings == ()
    assert told.files == len(manifest.contents(tampered.editions / "2026.1"))


def test_every_missing_changed_and_added_file_is_named(tampered: Project) -> None:
    folder = tampered.editions / "2026.1"
    (folder / "prove.pdf").unlink()
    write(
        folder / "findings.json", (folder / "findings.json").read_text("utf-8").replace("63", "64")
    )
    write(folder / "notebooks" / "annet.ipynb", "{}")
    assert found(tampered) == {
        ("prove.pdf", Fault.MISSING),
        ("findings.json", Fault.CHANGED),
        ("notebooks/annet.ipynb", Fault.EXTRA),
    }
    assert found(tampered, "2026.2") == set()


def test_a_change_that_keeps_the_size_is_found(tampered: Project) -> None:
    path = tampered.editions / "2026.1" / "tables" / "kapittel" / "tbl-kapittel-svar.csv"
    before = path.read_text(encoding="utf-8")
    write(path, before.replace("276", "267"))
    assert path.stat().st_size == len(before)
    assert found(tampered) == {("tables/kapittel/tbl-kapittel-svar.csv", Fault.CHANGED)}


def test_a_link_is_no_file_of_an_edition(tampered: Project) -> None:
    path = tampered.editions / "2026.1" / "prove.docx"
    kept = path.rename(tampered.root / "prove.docx")
    path.symlink_to(kept)
    assert found(tampered) == {("prove.docx", Fault.CHANGED)}


def test_a_manifest_that_was_made_to_fit_is_found(tampered: Project) -> None:
    folder = tampered.editions / "2026.1"
    write(folder / "findings.json", "[]")
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for one in told["outputs"]:
        if one["path"] == "findings.json":
            one["sha256"], one["size"] = manifest.digest(folder / "findings.json"), 2
    write(folder / "manifest.json", json.dumps(told))
    assert found(tampered) == {("manifest.json", Fault.CHANGED)}
    shelf.arrange(tampered.compendium)  # what was once written down is not corrected
    assert found(tampered) == {("manifest.json", Fault.CHANGED)}


def test_an_edition_that_is_gone_is_missed(tampered: Project) -> None:
    shutil.rmtree(tampered.editions / "2026.1")
    assert numbers(tampered.compendium) == ["2026.1", "2026.2"]
    assert found(tampered) == {("manifest.json", Fault.MISSING)}


def test_an_edition_without_manifest_is_found(tampered: Project) -> None:
    (tampered.editions / "2026.2" / "manifest.json").unlink()
    assert found(tampered, "2026.2") == {("manifest.json", Fault.MISSING)}


def test_the_hashes_can_be_checked_without_kompendium(tampered: Project) -> None:
    command = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tampered.editions, check=False).returncode == 0
    write(tampered.editions / "2026.1" / "manifest.json", "{}")
    done = subprocess.run(command, cwd=tampered.editions, capture_output=True, check=False)
    assert done.returncode == 1


def test_the_command_names_what_it_found(tampered: Project) -> None:
    write(tampered.editions / "2026.1" / "index.html", "<p>Annet</p>")
    done = tampered.run("release", "verify", "--json")
    assert done.returncode == 4
    assert "2026.1/index.html: changed" in done.stderr
    assert "2026.2: as it was made" in done.stderr
    first, second = json.loads(done.stdout)
    assert first["findings"][0] | {"told": ""} == {
        "number": "2026.1", "path": "index.html", "fault": "changed", "told": "",
    }  # fmt: skip
    assert second["findings"] == []


def test_an_edition_that_never_was(tampered: Project) -> None:
    done = tampered.run("release", "verify", "2025.1")
    assert done.returncode == 2
    assert "no edition «2025.1»; there are: 2026.1, 2026.2" in " ".join(done.stderr.split())
