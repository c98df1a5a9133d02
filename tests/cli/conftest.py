"""The command, run as users run it, in a throw-away compendium with a book of two pages."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kompendium.facts import Compendium

AddNotebook = Callable[..., Path]
Command = Callable[..., subprocess.CompletedProcess[str]]

QUARTO = """\
project: {type: book, output-dir: outputs/publication}
lang: nb
book:
  title: Prøve
  chapters: [index.md, outputs/notebooks/kapittel.ipynb]
bibliography: references.bib
format: {html: {code-fold: true, code-summary: Vis koden}}
"""


@pytest.fixture
def book(compendium: Compendium, add_notebook: AddNotebook) -> Compendium:
    """A compendium with one notebook that records one finding, and a front page."""
    (compendium.root / "_quarto.yml").write_text(QUARTO, encoding="utf-8")
    (compendium.root / "references.bib").write_text("", encoding="utf-8")
    front = "# Prøve {.unnumbered}\n\nRegisteret har {{< var funn.antall >}} funn.\n"
    (compendium.root / "index.md").write_text(front, encoding="utf-8")
    add_notebook(
        "kapittel",
        "from kompendium.facts import finding, frame_size\n"
        "from kompendium.notebook import computed, record\n"
        "svar = finding('prove.svar')\n"
        "share = svar.given['answered'] / frame_size(svar.frame)\n"
        "record({svar.id: computed(share, 'register')})",
    )
    return compendium


@pytest.fixture
def kompendium(compendium: Compendium) -> Command:
    """Run the command in the compendium and give what it printed and its exit code."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kompendium", *arguments]
        return subprocess.run(
            command, cwd=compendium.root, capture_output=True, text=True, check=False, timeout=300
        )

    return run
