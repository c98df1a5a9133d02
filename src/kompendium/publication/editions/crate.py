"""An edition as a research object: ``ro-crate-metadata.json``.

The form is RO-Crate 1.1, in the terms of Process Run Crate: each run is an action whose
instrument is a notebook, whose objects are data and parameters, and whose result is the executed
notebook. Inputs lie in git and not in the edition, so they are described (name, hash, size) and
are no files of the crate.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rocrate.model.contextentity import ContextEntity  # type: ignore[import-untyped]
from rocrate.model.entity import Entity  # type: ignore[import-untyped]
from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]

from kompendium.publication.editions.citation import Citation, Person
from kompendium.publication.editions.citation import Entity as Organisation
from kompendium.publication.editions.manifest import NAME as MANIFEST
from kompendium.publication.editions.manifest import Input, Kind, Manifest, Sealed
from kompendium.publication.editions.records import Run

NAME = "ro-crate-metadata.json"
VERSION = "1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
SPDX = "https://spdx.org/licenses/"

FORMATS = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".css": "text/css",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".ris": "application/x-research-info-systems",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
}
"""Media types by ending; not from the machine's own list, which differs from one to the next."""


@dataclass(frozen=True)
class Object:
    """What the crate tells of: an edition all of whose other files are there."""

    title: str
    description: str
    publisher: str
    manifest: Manifest
    citation: Citation
    runs: Sequence[Run]
    outputs: Sequence[Sealed]

    @property
    def opened(self) -> Iterator[str]:
        """The files of the book that readers open: front pages and whole documents."""
        for book in self.manifest.books.values():
            names = (book.pages[0], *book.downloads.values())
            yield from dict.fromkeys((Path(book.folder) / name).as_posix() for name in names)


def written(told: Object) -> str:
    """Write the crate's metadata; the same edition gives the same text."""
    crate = _Crate(told)
    crate.describe()
    graph = crate.crate.metadata.generate()
    return json.dumps(graph, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class _Crate:
    """The crate while it is made."""

    def __init__(self, told: Object) -> None:
        self.told = told
        self.crate = ROCrate(version=VERSION)
        self.crate.metadata.extra_terms.update(TERMS)
        self._described: dict[str, Entity] = {}

    def describe(self) -> None:
        """Put everything in."""
        told = self.told
        files = {one.path: self._file(one) for one in told.outputs}
        self.crate.add_file(dest_path=MANIFEST, properties={
            "name": "Manifest", "encodingFormat": FORMATS[".json"],
            "description": "The hash and size of every input and every other file.",
        })  # fmt: skip
        actions = [self._run(run, files) for run in told.runs]
        notebooks = [files[run.result] for run in told.runs]
        findings = [one for path, one in files.items() if path.startswith("findings.")]
        judged = "What the notebooks recorded of each finding, held against what was published."
        register = self._action("register", "The register", judged, notebooks, findings)
        pages = [files[path] for path in told.opened]
        program = told.manifest.environment.publisher
        made = f"Executed notebooks made pages and documents, by {program}."
        book = self._action("book", "The book", made, [*notebooks, *findings], pages)
        self._root([*actions, register, book])

    def _root(self, actions: Sequence[Entity]) -> None:
        told, root = self.told, self.crate.root_dataset
        made = told.manifest
        profile = self._add(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
        licenses = [
            self._add(SPDX + one, "CreativeWork", name=one) for one in told.citation.licenses
        ]
        authors = [self._author(place, one) for place, one in enumerate(told.citation.authors)]
        notes = [made.notes.nb, made.notes.en]
        properties = {
            "name": f"{told.title}, {made.number}",
            "description": "\n\n".join(filter(None, [told.description, *notes])),
            "version": made.number,
            "datePublished": made.date.isoformat(),
            "inLanguage": _single(made.books),
            "keywords": ", ".join(told.citation.keywords),
            "identifier": f"swh:1:rev:{made.commit}",
        }
        for name, value in properties.items():
            if value:
                root[name] = value
        root["conformsTo"] = profile
        root["license"] = _single(licenses)
        root["author"] = _single(authors)
        root["mentions"] = _single(actions)
        if told.publisher:
            root["publisher"] = self._publisher

    def _file(self, one: Sealed) -> Entity:
        properties = {"sha256": one.sha256, "contentSize": str(one.size)}
        if known := FORMATS.get(Path(one.path).suffix):
            properties["encodingFormat"] = known
        return self.crate.add_file(dest_path=one.path, properties=properties)

    def _run(self, run: Run, files: Mapping[str, Entity]) -> Entity:
        """One run as an action."""
        parameters = [
            self._add(f"#run/{run.run}/{name}", "PropertyValue", name=name, value=_plain(value))
            for name, value in run.parameters.items()
        ]
        objects = [self._input(name) for name in run.files if name in self._inputs]
        action = self._action(
            f"run/{run.run}",
            f"Run {run.run}",
            f"{run.notebook} executed from beginning to end, with {run.interpreter}.",
            [*objects, *parameters],
            [files[run.result]],
            instrument=self._notebook(run.notebook),
        )
        action["startTime"], action["endTime"] = run.started, run.ended
        return action

    def _action(
        self,
        name: str,
        title: str,
        description: str,
        objects: Iterable[Entity],
        results: Iterable[Entity],
        instrument: Entity | None = None,
    ) -> Entity:
        action = self._add(f"#{name}", "CreateAction", name=title, description=description)
        action["actionStatus"] = "http://schema.org/CompletedActionStatus"
        action["instrument"] = instrument or self._software
        action["object"], action["result"] = _single(objects), _single(results)
        if self.told.publisher:
            action["agent"] = self._publisher
        return action

    @cached_property
    def _inputs(self) -> dict[str, Input]:
        return {one.path: one for one in self.told.manifest.inputs}

    def _input(self, path: str) -> Entity:
        """An input by name, hash and size: it lies in git."""
        if path not in self._described:
            one = self._inputs[path]
            code = one.kind in (Kind.NOTEBOOK, Kind.LIBRARY)
            kind = "SoftwareSourceCode" if code else "CreativeWork"
            self._described[path] = self._add(
                f"#{path}", kind, name=path, sha256=one.sha256, contentSize=str(one.size)
            )
        return self._described[path]

    def _notebook(self, path: str) -> Entity:
        notebook = self._input(path)
        notebook["version"] = self.told.manifest.commit
        notebook["programmingLanguage"] = self._python
        notebook["softwareRequirements"] = self._software
        return notebook

    @cached_property
    def _publisher(self) -> Entity:
        return self._add("#publisher", "Organization", name=self.told.publisher)

    @cached_property
    def _python(self) -> Entity:
        one = self.told.manifest.environment
        python = {"name": "Python", "version": one.python, "url": "https://www.python.org/"}
        return self._add("#python", "ComputerLanguage", **python)

    @cached_property
    def _software(self) -> Entity:
        one = self.told.manifest.environment
        needs = [f"{name} {version}" for name, version in one.packages.items()]
        software = {
            "name": "Kompendium",
            "description": f"Runs notebooks, judges findings; pages by {one.publisher}.",
            "softwareVersion": one.packages.get("kompendium", ""),
            "operatingSystem": f"{one.platform}, {one.machine}",
            "softwareRequirements": needs,
        }
        if place := self.told.citation.repository_code or self.told.citation.url:
            software["url"] = str(place)
        return self._add("#kompendium", "SoftwareApplication", **software)

    def _author(self, place: int, one: Person | Organisation) -> Entity:
        identifier = one.orcid or f"#author/{place + 1}"
        if isinstance(one, Organisation):
            return self._add(identifier, "Organization", name=one.name)
        given = " ".join(filter(None, [one.given_names, one.name_particle, one.family_names]))
        author = self._add(identifier, "Person", name=given, familyName=one.family_names)
        if one.given_names:
            author["givenName"] = one.given_names
        if one.affiliation:
            affiliation = f"#affiliation/{place + 1}"
            author["affiliation"] = self._add(affiliation, "Organization", name=one.affiliation)
        return author

    def _add(self, identifier: str, kind: str, **properties: Any) -> Entity:
        told = {"@type": kind, **{name: one for name, one in properties.items() if one != ""}}
        entity: Entity = self.crate.add(ContextEntity(self.crate, identifier, properties=told))
        return entity


def _single(values: Iterable[Any]) -> Any:
    """Several values as a list, a single one as itself, which is how RO-Crate has it."""
    listed = list(values)
    return listed[0] if len(listed) == 1 else listed


def _plain(value: Any) -> Any:
    """A parameter's value as JSON-LD has it: lists and the like become text."""
    return value if isinstance(value, str | int | float | bool) else json.dumps(value)
