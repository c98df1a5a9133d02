"""The command, run as users run it, in a throw-away compendium with a book of two pages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest

from kompendium.engine.warm.link import ADDRESS
from kompendium.facts import Compendium
from tests.conftest import lay_out, write_notebook

Command = Callable[..., subprocess.CompletedProcess[str]]
FirstBuild = tuple[Compendium, subprocess.CompletedProcess[str]]

QUARTO = """\
project: {type: book, output-dir: outputs/publication}
lang: nb
book:
  title: Prøve
  chapters: [index.md, outputs/notebooks/kapittel.ipynb]
bibliography: references.bib
format: {html: {code-fold: true, code-summary: Vis koden}}
"""


CHAPTER = """\
from kompendium.facts import finding, frame_size
from kompendium.notebook import computed, record
svar = finding('prove.svar')
share = svar.given['answered'] / frame_size(svar.frame)
record({svar.id: computed(share, 'register')})"""

FRONT = "# Prøve {.unnumbered}\n\nRegisteret har {{< var funn.antall >}} funn.\n"


def write_book(compendium: Compendium) -> None:
    """Add one notebook that records one finding, and a front page."""
    (compendium.root / "_quarto.yml").write_text(QUARTO, encoding="utf-8")
    (compendium.root / "references.bib").write_text("", encoding="utf-8")
    (compendium.root / "index.md").write_text(FRONT, encoding="utf-8")
    write_notebook(compendium, "kapittel", CHAPTER)


@pytest.fixture
def book(compendium: Compendium) -> Compendium:
    """A compendium with one notebook that records one finding, and a front page."""
    write_book(compendium)
    return compendium


@pytest.fixture(scope="session")
def first_build(tmp_path_factory: pytest.TempPathFactory, kernels: str) -> FirstBuild:
    """The same compendium built once with its book, and what the build printed."""
    compendium = lay_out(tmp_path_factory.mktemp("bok") / "kompendium")
    write_book(compendium)
    return compendium, command(compendium, kernels)("build", "--publisher", "pandoc")


@pytest.fixture
def made(compendium: Compendium, first_build: FirstBuild) -> Compendium:
    """A copy of the book as it was built."""
    shutil.copytree(first_build[0].root, compendium.root, dirs_exist_ok=True)
    return compendium


def command(compendium: Compendium, kernels: str) -> Command:
    """Run the command in a compendium; kernels come from the server of all tests."""
    served = {ADDRESS: kernels} if kernels else {}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kompendium", *arguments],
            cwd=compendium.root,
            env=os.environ | served,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture
def kompendium(compendium: Compendium, kernels: str) -> Command:
    """Run the command in the compendium and give what it printed and its exit code."""
    return command(compendium, kernels)
