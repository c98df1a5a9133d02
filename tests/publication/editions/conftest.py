"""A throw-away compendium in git: a book of two pages, one notebook, one figure, one table."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kompendium.facts import Compendium
from tests.conftest import FINDINGS, ROOT

NOTEBOOK = """\
import pandas as pd
from kompendium.facts import finding, frame_size
from kompendium.notebook import computed, record, table
svar = finding('prove.svar')
share = svar.given['answered'] / frame_size(svar.frame)
record({svar.id: computed(share, 'register')})
"""
SHOWN = """\
#| label: tbl-kapittel-svar
#| echo: false
whole = pd.DataFrame({"Svarte": [svar.given["answered"]], "Av": [frame_size(2019)]})
table(whole.astype(str), "Hvem svarte")
"""
QUARTO = """\
project: {type: book, output-dir: outputs/publication}
lang: nb
language: {crossref-ch-prefix: Kapittel, crossref-sec-prefix: Avsnitt, callout-note-title: Merk}
book:
  title: Prøveboka
  subtitle: En liten bok
  author: Redaksjonen
  output-file: prove
  chapters: [index.md, outputs/notebooks/kapittel.ipynb]
bibliography: references.bib
execute: {enabled: false}
format:
  html: {toc: true, number-sections: true, code-fold: true, code-summary: Vis koden}
  typst: {toc-title: Innhold, citeproc: true}
  docx: {toc: true}
"""
CITATION = """\
cff-version: 1.2.0
message: Siter utgaven du har brukt.
title: Prøveboka
type: software
authors:
  - family-names: Hansen
    given-names: Kari
    orcid: https://orcid.org/0000-0002-1825-0097
    affiliation: Ingen
  - name: Redaksjonen
license: [MIT, CC-BY-4.0]
keywords: [prøve]
repository-code: https://example.org/prove
"""
IGNORED = (
    "outputs/\n_variables.yml\nrespondents.*\ndata/surveys/*/*\n!data/surveys/*/codebook.yml\n"
)
FRONT = (
    "# Om boka {.unnumbered}\n\nRegisteret har {{< var funn.antall >}} funn. Se @sec-kapittel.\n"
)


@dataclass(frozen=True)
class Project:
    """The compendium, and what one does in it."""

    compendium: Compendium

    @property
    def root(self) -> Path:
        return self.compendium.root

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command as a user would, in the compendium's folder."""
        kept = {name: one for name, one in os.environ.items() if name != "KOMPENDIUM_ROOT"}
        command = [sys.executable, "-m", "kompendium", *arguments]
        return subprocess.run(
            command, cwd=self.root, env=kept, capture_output=True, text=True, check=False
        )

    def build(self) -> None:
        done = self.run("build", "--no-publish")
        assert done.returncode == 0, done.stderr

    def release(self, number: str, **options: str) -> subprocess.CompletedProcess[str]:
        """Release an edition, by the publisher that is always there."""
        given = {"date": "2026-01-02", "notes": "Noe nytt.", "publisher": "pandoc", **options}
        flags = [part for name, one in given.items() for part in (f"--{name}", one)]
        return self.run("release", number, *flags)

    def git(self, *arguments: str) -> str:
        settings = ["-c", "user.name=Ingen", "-c", "user.email=ingen@example.org"]
        done = subprocess.run(
            ["git", *settings, *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def commit(self, message: str = "Endret") -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}")

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def editions(self) -> Path:
        return self.compendium.editions


def add_notebook(root: Path, name: str, *sources: str) -> None:
    """Write a notebook and its file in ``params``."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    notebook = new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    notebook.cells = [new_markdown_cell(f"# {name.capitalize()} {{#sec-{name}}}")]
    notebook.cells += [new_code_cell(source) for source in sources]
    for place, cell in enumerate(notebook.cells):
        cell["id"] = f"{name}-{place}"
    (root / "notebooks").mkdir(exist_ok=True)
    (root / "params").mkdir(exist_ok=True)
    nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")
    (root / "params" / f"{name}.yml").write_text(f"notebook: {name}.ipynb\n", encoding="utf-8")


def make(root: Path, *sources: str) -> Project:
    """Write, commit and run the compendium, with a notebook of these cells."""
    project = Project(Compendium(root))
    shutil.copytree(ROOT / "data" / "frames", root / "data" / "frames")
    shutil.copy(ROOT / "data" / "datapackage.json", root / "data")
    for name, text in {
        "_quarto.yml": QUARTO,
        "index.md": FRONT,
        "references.bib": "",
        "CITATION.cff": CITATION,
        ".gitignore": IGNORED,
        "requirements.txt": "pandas==1\n",
        "data/findings/prove.yml": FINDINGS,
    }.items():
        project.write(name, text)
    add_notebook(root, "kapittel", *sources)
    project.git("init", "--quiet")
    project.commit("Først")
    project.build()
    return project


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The compendium, built once; tests that change it take a copy."""
    return make(tmp_path_factory.mktemp("original") / "kompendium", NOTEBOOK, SHOWN)


@pytest.fixture
def project(original: Project, tmp_path: Path) -> Project:
    """A copy of its own, fresh and committed."""
    root = tmp_path / "kompendium"
    shutil.copytree(original.root, root)
    return Project(Compendium(root))


@pytest.fixture(scope="session")
def released(original: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The compendium with two editions: the second after a figure, and its findings, changed."""
    root = tmp_path_factory.mktemp("released") / "kompendium"
    shutil.copytree(original.root, root)
    project = Project(Compendium(root))
    first = project.release("2026.1", date="2026-01-02", notes="Den første.")
    assert first.returncode == 0, first.stderr
    text = FINDINGS.replace("{answered: 276}", "{answered: 277}")
    project.write("data/findings/prove.yml", text)
    project.write("notater.md", "Én til har svart.\n\n- Det <b>første</b>\n- Det andre\n")
    project.commit("Én til har svart")
    project.build()
    second = project.release("2026.2", date="2026-02-03", notes="notater.md")
    assert second.returncode == 0, second.stderr
    return project
