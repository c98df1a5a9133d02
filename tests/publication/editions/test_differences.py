"""What changed between editions made from a changed figure, as readers and programs are told."""

from __future__ import annotations

import json
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kompendium.facts import Compendium
from kompendium.publication.changes.page import page
from kompendium.publication.editions.identity import Identity, Number
from kompendium.publication.editions.manifest import Notes

from .conftest import FINDINGS, Project

REASON = "reason: {nb: Bare noen svarte., en: Only some answered.}"


def told(project: Project, *names: str) -> tuple[dict[str, Any], int]:
    """What ``diff --json`` says, and its exit code."""
    done = project.run("diff", *names, "--json")
    return json.loads(done.stdout), done.returncode


def of_kind(changes: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in changes["changes"] if one["kind"] == kind]


@pytest.fixture
def later(released: Project, tmp_path: Path) -> Project:
    """A copy of the compendium with two editions, to go on working in."""
    root = tmp_path / "kompendium"
    shutil.copytree(released.root, root)
    return Project(Compendium(root))


def test_the_finding_that_changed_is_named_with_old_and_new_value(released: Project) -> None:
    changes, exit_code = told(released, "2026.1", "2026.2")
    assert exit_code == 1
    assert changes["counts"] == {"rounding": 1, "table": 1, "data": 1}
    (finding,) = of_kind(changes, "rounding")
    assert finding["what"] == "prove.svar"
    aspects = {one["name"]: (one["before"], one["after"]) for one in finding["aspects"]}
    assert aspects["computed"] == ("63,2\u00a0%", "63,4\u00a0%")
    assert aspects["value"] == pytest.approx((276 / 437, 277 / 437))
    assert finding["now"]["verdict"] == "reproduced"
    (table,) = of_kind(changes, "table")
    assert table["what"] == "tbl-kapittel-svar"
    assert [one["what"] for one in of_kind(changes, "data")] == ["data/findings/prove.yml"]


def test_a_verdict_that_flipped_is_told_first(later: Project) -> None:
    text = FINDINGS.replace("{answered: 276}", "{answered: 200}")
    text = text.replace("expected: reproduced", f"expected: contradicted\n    {REASON}")
    later.write("data/findings/prove.yml", text)
    later.build()
    changes, exit_code = told(later)
    assert (changes["before"], changes["after"], exit_code) == ("2026.2", "work", 1)
    first = changes["changes"][0]
    aspects = {one["name"]: (one["before"], one["after"]) for one in first["aspects"]}
    assert (first["kind"], first["what"]) == ("verdict", "prove.svar")
    assert aspects["verdict"] == ("reproduced", "contradicted")
    assert aspects["computed"] == ("63,4\u00a0%", "45,8\u00a0%")
    printed = later.run("diff").stdout.splitlines()
    assert printed[0].startswith("2026.2 → work: 1\u00a0new verdict")
    row = next(line for line in printed if line.startswith("prove.svar"))
    assert row.split("  ")[1:3] == ["reproduced; 63.4%", "contradicted; 45.8%"]


def test_nothing_differs_after_a_release(released: Project) -> None:
    changes, exit_code = told(released)
    assert (changes["changes"], exit_code) == ([], 0)
    assert "nothing differs" in released.run("diff", "work", "2026.2").stdout


def test_code_that_gives_the_same_results_is_told_but_changes_no_result(later: Project) -> None:
    path = later.root / "notebooks" / "kapittel.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("share = ", "andel = share = "))
    done = later.run("diff")
    assert "Compared as last run, not fresh: kapittel" in done.stderr
    later.build()
    changes, exit_code = told(later)
    assert exit_code == 0
    assert changes["counts"] == {"code": 1}
    ((cell,),) = [one["rows"] for one in changes["changes"]]
    assert "andel = share" in cell["after"]
    assert "andel" not in cell["before"]


def test_rows_of_a_frame_are_read_from_the_commit_of_the_edition(later: Project) -> None:
    """What an edition read lies in git; the change is a meant one, so it is described."""
    path, descriptor = later.compendium.frames / "unit-counts.csv", later.compendium.descriptor
    before = path.read_bytes()
    after = before.replace(b"2013,428", b"2013,427").replace(b"2014,428", b"2014,429")
    path.write_bytes(after)
    hashes = [sha256(one).hexdigest() for one in (before, after)]
    described = descriptor.read_text(encoding="utf-8")
    assert hashes[0] in described
    descriptor.write_text(described.replace(*hashes), encoding="utf-8")
    later.build()
    changed = {one["what"]: one for one in of_kind(told(later)[0], "data")}
    data = changed["data/frames/unit-counts.csv"]
    assert data["rows"] == [
        {"name": "2013", "before": {"municipalities": "428"}, "after": {"municipalities": "427"}},
        {"name": "2014", "before": {"municipalities": "428"}, "after": {"municipalities": "429"}},
    ]


def test_an_edition_that_is_not_there_is_told_with_those_that_are(released: Project) -> None:
    done = released.run("diff", "2020.1")
    assert done.returncode == 2
    assert "choose among 2026.1, 2026.2, work" in done.stderr
    assert done.stdout == ""


def test_without_editions_the_command_says_how_to_make_one(original: Project) -> None:
    done = original.run("diff")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no edition" in done.stderr
    assert "kompendium release" in done.stderr


def test_the_page_of_changes_tells_of_the_newest_edition_and_of_work_since(
    released: Project,
) -> None:
    text = page(released.compendium, None, "../notebooks/kapittel.ipynb")
    edition, since = text.split("## Siden utgave 2026.2")
    assert "## Fra utgave 2026.1 til utgave 2026.2" in edition
    assert "Utgave 2026.2 kom 3. februar 2026.\n\nÉn til har svart" in edition
    assert r"- Det \<b\>første\<\/b\>" in edition
    row = next(line for line in edition.splitlines() if "prove.svar" in line)
    assert "](../notebooks/kapittel.ipynb#funn-prove-svar)" in row
    assert r"63\,2" in row.split("|")[2]
    assert r"63\,4" in row.split("|")[3]
    assert "- @tbl-kapittel-svar (Hvem svarte)" in edition
    assert "Ingenting er endret." in since


def test_the_page_in_an_edition_tells_what_it_changed_itself(released: Project) -> None:
    identity = Identity(Number(2026, 3), date(2026, 3, 4), Notes(nb="Svarandelen er rettet."))
    text = page(released.compendium, identity, "")
    assert "## Fra utgave 2026.2 til utgave 2026.3" in text
    assert "Utgave 2026.3 kom 4. mars 2026.\n\nSvarandelen er rettet" in text
    assert "Siden utgave" not in text
    first = page(released.compendium, Identity(Number(2026, 1), date(2026, 1, 2)), "")
    assert "Utgave 2026.1 er den første" in first


def test_the_page_is_there_in_english(released: Project) -> None:
    text = page(released.compendium, None, "", "en")
    assert "## From edition 2026.1 to edition 2026.2" in text
    assert "276 units answered" in text


def test_what_is_norwegian_on_the_english_page_is_marked_so(released: Project) -> None:
    """Notes that were given in one language, and what stands in figures and tables."""
    text = page(released.compendium, None, "", "en")
    assert "::: {lang=nb}\nÉn til har svart" in text
    assert "([Hvem svarte]{lang=nb})" in text
    assert "those of the Norwegian book" in text
    identity = Identity(Number(2026, 3), date(2026, 3, 4), Notes(nb="Rettet.", en="Mended."))
    told = page(released.compendium, identity, "", "en")
    assert "\n\nMended\\." in told
    assert "Rettet" not in told


def test_before_the_first_edition_the_page_is_one_sentence(original: Project) -> None:
    lines = page(original.compendium, None, "").split("\n\n")
    assert lines[1:] == ["Boka er ikke utgitt ennå, så det er ingen utgave å sammenligne med.\n"]
