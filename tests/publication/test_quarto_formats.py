"""The whole book by Quarto, held against the same by the embedded publisher."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kompendium.facts.paths import Compendium
from kompendium.publication import installation, publish
from kompendium.publication.accounts import of_docx, of_pdf, plain, squeezed
from kompendium.publication.cells import load

from .conftest import CONFIGURATION, Sample

needs_quarto = pytest.mark.skipif(
    installation.find() is None, reason="Quarto is neither at QUARTO_PATH nor on PATH"
)
RESOURCES = "src/kompendium/publication/resources"
OWN = Compendium.find().root


@pytest.fixture
def whole(sample: Sample) -> Sample:
    """The fixture book with the formats of the compendium's own ``_quarto.yml``."""
    formats = (OWN / "_quarto.yml").read_text(encoding="utf-8").partition("\n  typst:\n")[2]
    text = f"{CONFIGURATION}  typst:\n{formats}"
    (sample.root / "_quarto.yml").write_text(text, encoding="utf-8")
    shutil.copytree(OWN / RESOURCES, sample.root / RESOURCES)
    return sample


def as_jupyter_saves(sample: Sample) -> None:
    """Text as lists of lines, and tables as Markdown: what a plain render can read."""
    for path in sample.compendium.executed.glob("*.ipynb"):
        notebook = load(path)
        notebook["cells"] = [cell for cell in notebook["cells"] if cell["source"] != "df"]
        for cell in notebook["cells"]:
            cell["source"] = cell["source"].splitlines(keepends=True)
            for output in cell.get("outputs", []):
                if "text/markdown" in output.get("data", {}):
                    lines = output["data"]["text/markdown"].splitlines(keepends=True)
                    output["data"]["text/markdown"] = lines
        path.write_text(json.dumps(notebook), encoding="utf-8")


@needs_quarto
def test_both_publishers_make_the_same_book_in_every_format(whole: Sample, tmp_path: Path) -> None:
    formats = ("html", "pdf", "docx")
    ours = shutil.copytree(
        publish(whole.compendium, "pandoc", formats).parent, tmp_path / "embedded"
    )
    theirs = publish(whole.compendium, "quarto", formats).parent
    for name, read in (("Prøveboka.pdf", of_pdf), ("Prøveboka.docx", of_docx)):
        mine, other = read(ours / name), read(theirs / name)
        assert mine.title == other.title
        assert mine.language == other.language
        assert mine.headings == other.headings
        assert mine.captions == other.captions
        assert mine.alternatives == other.alternatives
        assert mine.sources == other.sources
        assert mine.faults == other.faults == []
        for words in (
            "Les alfa eller Figur 1.1. Kilden er IMDi (2022).",
            "Figur 1.1, 1.1 og se 1.1, Tabell 2.1, Ligning 1.1.",
            "Se beta og Kapittel 2.",
            "En merknad med Avsnitt 1.1.",
            "Funnet er motsagt, se Figur 2.1.",
            "Den ligger i nettutgaven, under «Vis koden».",
            "IMDi. 2022. Kommuneundersøkelsen. https://www.imdi.no/.",
        ):
            assert squeezed(words) in squeezed(mine.text), (name, words)
            assert squeezed(words) in squeezed(other.text), (name, words)
        assert "import pandas" not in plain(other.text)


@needs_quarto
def test_a_plain_render_makes_every_format_without_a_warning(whole: Sample) -> None:
    as_jupyter_saves(whole)
    program = installation.find()
    done = subprocess.run(
        [str(program), "render"],
        cwd=whole.root,
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert "WARN" not in told
    assert "warning" not in told
    assert {path.suffix for path in whole.compendium.publication.iterdir()} >= {".pdf", ".docx"}
