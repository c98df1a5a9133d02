"""The one module of truth for where things lie in a compendium."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT_VARIABLE = "KOMPENDIUM_ROOT"


class NotACompendium(FileNotFoundError):  # noqa: N818 - reads as the sentence it is
    """No compendium where one was looked for; the message says what to do."""


@dataclass(frozen=True)
class Compendium:
    """The folders and files of one compendium, so that no other module spells out a path.

    ``root`` holds ``_quarto.yml`` and ``params/``. Properties give paths, whether they exist or
    not: what lies under ``outputs`` is made by the build.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Compendium:
        """Find the compendium around ``start``, so that kernels in ``notebooks/`` find it too.

        Without ``start`` the environment variable ``KOMPENDIUM_ROOT`` decides, and when that is
        not set, the working folder and the folders above it. A ``KOMPENDIUM_ROOT`` that is no
        compendium is an error, never passed over in silence.

        Raises:
            NotACompendium: no folder with ``_quarto.yml`` and ``params/`` was found.
        """
        if start is None and (named := os.environ.get(ROOT_VARIABLE)):
            root = Path(named).expanduser().resolve()
            if not _is_root(root):
                raise NotACompendium(
                    f"{ROOT_VARIABLE} is {named}, which holds no _quarto.yml and params/. "
                    f"Set {ROOT_VARIABLE} to the compendium's folder, or unset it."
                )
            return cls(root)
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if _is_root(folder):
                return cls(folder)
        raise NotACompendium(
            f"{here} is not in a compendium: neither it nor any folder above it holds _quarto.yml "
            f"and params/. Go to the compendium's folder, or set {ROOT_VARIABLE} to it."
        )

    def relative(self, path: Path) -> str:
        """Give ``path`` as messages and manifests show it: from the root, with forward slashes."""
        path = path if path.is_absolute() else self.root / path
        return path.relative_to(self.root).as_posix() if self.holds(path) else path.as_posix()

    def holds(self, path: Path) -> bool:
        """Say whether ``path`` lies in the compendium."""
        return path.is_relative_to(self.root)

    @property
    def data(self) -> Path:
        """Everything that is read and never made."""
        return self.root / "data"

    @property
    def descriptor(self) -> Path:
        """The Data Package descriptor of ``data``."""
        return self.data / "datapackage.json"

    @property
    def frames(self) -> Path:
        """Units and population."""
        return self.data / "frames"

    @property
    def findings(self) -> Path:
        """Published figures, one YAML a report."""
        return self.data / "findings"

    @property
    def checklist(self) -> Path:
        """The guidance page as structured data."""
        return self.data / "checklist.yml"

    @property
    def surveys(self) -> Path:
        """A codebook a survey; respondents lie here too, outside git."""
        return self.data / "surveys"

    @property
    def notebooks(self) -> Path:
        """Notebooks as researchers edit them."""
        return self.root / "notebooks"

    @property
    def params(self) -> Path:
        """One YAML a run or a family of runs."""
        return self.root / "params"

    @property
    def book(self) -> Path:
        """The book's configuration."""
        return self.root / "_quarto.yml"

    @property
    def variables(self) -> Path:
        """Quarto's variables, made by the build from the results."""
        return self.root / "_variables.yml"

    @property
    def outputs(self) -> Path:
        """Everything that is made and never edited."""
        return self.root / "outputs"

    @property
    def executed(self) -> Path:
        """Executed notebooks."""
        return self.outputs / "notebooks"

    def translations(self, lang: str) -> Path:
        """Notebooks and pages with the texts of another language, made from the catalogues."""
        return self.outputs / "translations" / lang

    @property
    def pages(self) -> Path:
        """Chapters that the publisher writes of what is known: what has changed, for one."""
        return self.outputs / "pages"

    @property
    def runs(self) -> Path:
        """What each run depended on, a record a run."""
        return self.outputs / "runs"

    @property
    def products(self) -> Path:
        """What the register and the book were made of, a file each."""
        return self.outputs / "products"

    @property
    def failed(self) -> Path:
        """Notebooks as far as they came before a cell failed."""
        return self.outputs / "failed"

    @property
    def results(self) -> Path:
        """The register of findings, as JSON."""
        return self.outputs / "findings.json"

    @property
    def results_csv(self) -> Path:
        """The register of findings, as CSV."""
        return self.outputs / "findings.csv"

    @property
    def publication(self) -> Path:
        """The book as published last."""
        return self.outputs / "publication"

    def publication_in(self, lang: str) -> Path:
        """The book in a language: the Norwegian one, or another in a folder beside it."""
        return self.publication if lang == "nb" else self.outputs / f"publication-{lang}"

    @property
    def factsheets(self) -> Path:
        """The site of fact sheets as published last, beside the book."""
        return self.outputs / "factsheets"

    @property
    def editions(self) -> Path:
        """Frozen, numbered publications."""
        return self.outputs / "editions"

    @property
    def lock(self) -> Path:
        """The lock a build holds."""
        return self.outputs / ".lock"


def _is_root(folder: Path) -> bool:
    return (folder / "_quarto.yml").is_file() and (folder / "params").is_dir()
