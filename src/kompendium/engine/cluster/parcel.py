"""What runs may read, packed by content, so that each worker is sent only what it lacks.

Respondents are packed only where that is asked for: of ``data``, what is not known to be for
everybody counts as such. What a run looked at and was not packed is known afterwards from what
its kernel observed, so nothing rests on guessing what a run reads.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from kompendium.engine.gathering import LOCK_FILE
from kompendium.engine.ingredients import MISSING, Ingredients
from kompendium.engine.measuring import tree
from kompendium.engine.plan import Run
from kompendium.facts.paths import Compendium

PRIVATE = (".dta", ".parquet", ".por", ".sas7bdat", ".sav", ".xlsm", ".xlsx", ".xpt", ".zsav")
"""Endings of what a survey system gives out, wherever it lies."""


class Changed(Exception):  # noqa: N818 - names a state, not a mistake
    """A file is not as it was packed."""


@dataclass(frozen=True)
class Parcel:
    """Files by name, each with the hash of its content; names are from the compendium's folder.

    ``private`` are the hashes of what is not for everybody, to be forgotten when all is done.
    """

    contents: Mapping[str, str]
    folders: frozenset[str]
    private: frozenset[str]
    _places: Mapping[str, Path]

    def read(self, content: str) -> bytes:
        """Read a content by its hash; raises Changed where the file is another by now."""
        try:
            data = _packed(self._places[content])
        except OSError:
            raise Changed from None
        if sha256(data).hexdigest() != content:
            raise Changed
        return data

    def differing(self, now: Ingredients) -> Iterator[str]:
        """Name what a run reads, lists or looks for that is not here as it was packed."""
        for name, content in now.files.items():
            if content != self.contents.get(name, MISSING):
                yield name
        for name, kind in now.sought.items():
            packed = "folder" if name in self.folders else "file"
            if kind != (packed if name in self.folders | self.contents.keys() else MISSING):
                yield name
        for name, names in now.folders.items():
            if set(names or ()) != self._within(name) or (names is None) == (name in self.folders):
                yield name

    def _within(self, folder: str) -> set[str]:
        paths = map(PurePosixPath, self.folders | self.contents.keys())
        return {path.name for path in paths if str(path.parent) == folder}


def pack(compendium: Compendium, respondents: bool, runs: Collection[Run] = ()) -> Parcel:
    """Pack what runs may read: notebooks, parameters, data, the lock file, the book's settings.

    Notebooks of runs travel also where they are translations, made from those in
    ``notebooks/``, and outputs kept in any of them never do. The register of findings is
    computed from respondents where there are any, and goes with them.
    """
    paths = [compendium.book, compendium.root / "index.md", compendium.root / LOCK_FILE]
    paths += sorted({run.notebook for run in runs})
    declared = {name for run in runs for name in run.data}
    folders = set()
    for top in (compendium.notebooks, compendium.params, compendium.data):
        for folder, names in tree(compendium, top):
            folders.add(folder)
            paths += [compendium.root / folder / name for name in names]
    private = {path for path in paths if is_private(path, compendium, declared)}
    if private:
        private |= {compendium.results, compendium.results_csv}
    paths += [compendium.results, compendium.results_csv]
    chosen = [path for path in paths if path.is_file() and (respondents or path not in private)]
    hashed = {path: sha256(_packed(path)).hexdigest() for path in chosen}
    return Parcel(
        {compendium.relative(path): content for path, content in hashed.items()},
        frozenset(folders),
        frozenset(content for path, content in hashed.items() if path in private),
        {content: path for path, content in hashed.items()},
    )


def is_private(path: Path, compendium: Compendium, declared: Collection[str] = ()) -> bool:
    """Tell what may be respondents from what is for everybody.

    Of a survey's folder that is the codebook; else of ``data`` what comes with the compendium,
    and what runs name as their data if it does not look like respondents.
    """
    if path.suffix.lower() in PRIVATE or path.stem.lower() == "respondents":
        return True
    if not path.is_relative_to(compendium.data):
        return False
    if path.is_relative_to(compendium.surveys):
        return path.name != "codebook.yml"
    known = [compendium.descriptor, compendium.checklist, compendium.frames, compendium.findings]
    known += [compendium.root / name for name in declared]
    return not any(path.is_relative_to(one) for one in known)


def _packed(path: Path) -> bytes:
    """Read a file; of a notebook, all but its outputs."""
    data = path.read_bytes()
    if path.suffix != ".ipynb":
        return data
    try:
        notebook = json.loads(data)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
    except (ValueError, KeyError, TypeError):  # no notebook: the run itself finds out
        return b""
    return json.dumps(notebook, ensure_ascii=False).encode()
