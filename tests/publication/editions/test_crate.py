"""An edition tells others what it is: as a research object, a citation and a deposit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rocrate.rocrate import ROCrate
from ruamel.yaml import YAML

from kompendium.facts.documents import InputError, load
from kompendium.publication.editions import zenodo
from kompendium.publication.editions.citation import Citation
from kompendium.publication.editions.manifest import contents, digest

from .conftest import CITATION, Project


@pytest.fixture(scope="module")
def folder(released: Project) -> Path:
    return released.editions / "2026.1"


@pytest.fixture(scope="module")
def graph(folder: Path) -> dict[str, dict[str, Any]]:
    text = (folder / "ro-crate-metadata.json").read_text(encoding="utf-8")
    return {one["@id"]: one for one in json.loads(text)["@graph"]}


def named(value: Any) -> list[str]:
    """Every entity a value refers to."""
    many = value if isinstance(value, list) else [value]
    return [one["@id"] for one in many if isinstance(one, dict)]


def test_the_crate_is_read_back(folder: Path) -> None:
    crate = ROCrate(folder)
    assert crate.metadata.version == "1.1"
    assert crate.name == "Prøveboka: En liten bok, 2026.1"
    assert crate.root_dataset["datePublished"] == "2026-01-02"
    assert crate.root_dataset["version"] == "2026.1"
    assert {one.id for one in crate.data_entities} == set(contents(folder)) - {
        "ro-crate-metadata.json"
    }


def test_every_file_is_there_with_its_hash(folder: Path, graph: dict[str, dict[str, Any]]) -> None:
    files = [one for one in graph.values() if one["@type"] == "File"]
    assert len(files) == len(contents(folder)) - 1
    for one in files:
        if one["@id"] != "manifest.json":  # which holds the hash of this very description
            assert one["sha256"] == digest(folder / one["@id"])
            assert int(one["contentSize"]) == (folder / one["@id"]).stat().st_size
    assert sorted(named(graph["./"]["hasPart"])) == sorted(one["@id"] for one in files)


def test_whatever_is_named_is_described(graph: dict[str, dict[str, Any]]) -> None:
    outside = {"https://w3id.org/ro/crate/1.1"}
    for entity in graph.values():
        for key, value in entity.items():
            if not key.startswith("@"):
                assert set(named(value)) <= graph.keys() | outside, (entity["@id"], key)


def test_a_run_is_an_action_with_notebook_data_and_result(graph: dict[str, dict[str, Any]]) -> None:
    action = graph["#run/kapittel"]
    assert action["@type"] == "CreateAction"
    assert named(action["instrument"]) == ["#notebooks/kapittel.ipynb"]
    assert named(action["result"]) == ["notebooks/kapittel.ipynb"]
    assert {"#data/findings/prove.yml", "#data/frames/unit-counts.csv"} <= set(
        named(action["object"])
    )
    assert action["startTime"] < action["endTime"]
    notebook = graph["#notebooks/kapittel.ipynb"]
    assert notebook["@type"] == "SoftwareSourceCode"
    assert len(notebook["sha256"]) == 64
    assert set(named(graph["./"]["mentions"])) == {"#run/kapittel", "#register", "#book"}
    assert set(named(graph["#book"]["result"])) == {"index.html", "prove.pdf", "prove.docx"}


def test_the_software_is_told_with_its_version(graph: dict[str, dict[str, Any]]) -> None:
    software = graph["#kompendium"]
    assert software["@type"] == "SoftwareApplication"
    assert any(one.startswith("pandas ") for one in software["softwareRequirements"])
    assert named(graph["#book"]["instrument"]) == ["#kompendium"]
    assert named(graph["./"]["conformsTo"]) == ["https://w3id.org/ro/wfrun/process/0.5"]


def test_authors_and_licence_are_those_of_the_citation(graph: dict[str, dict[str, Any]]) -> None:
    person, project = (graph[name] for name in named(graph["./"]["author"]))
    assert person["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert (person["@type"], person["name"]) == ("Person", "Kari Hansen")
    assert (project["@type"], project["name"]) == ("Organization", "Redaksjonen")
    assert named(graph["./"]["license"]) == [
        "https://spdx.org/licenses/MIT",
        "https://spdx.org/licenses/CC-BY-4.0",
    ]


def test_the_citation_is_valid_and_of_the_edition(folder: Path, released: Project) -> None:
    told = load(folder / "CITATION.cff", Citation)
    assert told.version == "2026.1"  # text: as a number 2026.10 would be 2026.1
    assert told.date_released == "2026-01-02"
    assert told.commit
    assert released.git("cat-file", "-t", told.commit).strip() == "commit"
    text = (folder / "CITATION.cff").read_text(encoding="utf-8")
    assert "&id" not in text
    book = YAML(typ="safe").load(text)["preferred-citation"]
    assert book["type"] == "book"
    assert (book["title"], book["edition"], book["year"]) == (
        "Prøveboka: En liten bok",
        "2026.1",
        2026,
    )
    assert book["authors"][0]["family-names"] == "Hansen"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("orchid: x", "Extra inputs are not permitted"),
        ("doi: https://doi.org/10.5281/zenodo.1", "String should match pattern"),
        ("url: ikke en adresse", "Input should be a valid URL"),
        ("date-released: i går", "date-released"),
        ("type: book", "'software' or 'dataset'"),
    ],
)
def test_a_citation_that_is_none(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "CITATION.cff"
    key = line.partition(":")[0]
    kept = [one for one in CITATION.splitlines() if not one.startswith(f"{key}:")]
    path.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load(path, Citation)


def test_the_deposit_is_described_for_zenodo(folder: Path) -> None:
    told = json.loads((folder / ".zenodo.json").read_text(encoding="utf-8"))
    assert told["title"] == "Prøveboka: En liten bok, 2026.1"
    assert told["publication_date"] == "2026-01-02"
    assert told["license"] == "cc-by-4.0"
    assert told["language"] == "nob"
    assert told["creators"] == [
        {"name": "Hansen, Kari", "orcid": "0000-0002-1825-0097", "affiliation": "Ingen"},
        {"name": "Redaksjonen"},
    ]
    assert told["description"] == "<p>Den første.</p>"


def test_notes_are_text_and_no_markup_in_a_deposit() -> None:
    from datetime import date

    from kompendium.publication.editions.manifest import Notes

    source = Citation.model_validate(YAML(typ="safe").load(CITATION))
    notes = Notes(nb="<script>1</script> & mer")
    told = json.loads(
        zenodo.written(source, "2026.1", date(2026, 1, 2), "Tittel", "Om boka.", notes, "nb")
    )
    assert told["description"] == "<p>Om boka.</p><p>&lt;script&gt;1&lt;/script&gt; &amp; mer</p>"
