"""A throw-away compendium with three small executed notebooks, as the build would leave it."""

from __future__ import annotations

import json
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kompendium.facts.paths import Compendium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Cell = dict[str, Any]

CONFIGURATION = """\
project: {type: book, output-dir: outputs/publication}
lang: nb
language:
  crossref-ch-prefix: Kapittel
  crossref-sec-prefix: Avsnitt
  callout-note-title: Merk
book:
  title: Prøveboka
  subtitle: En undertittel
  author: Redaksjonen
  chapters:
    - index.md
    - outputs/notebooks/alfa.ipynb
    - outputs/notebooks/beta.ipynb
    - references.md
bibliography: references.bib
link-citations: true
execute: {enabled: false}
format:
  html:
    toc: true
    toc-depth: 3
    toc-title: På denne siden
    number-sections: true
    code-fold: true
    code-summary: Vis koden
    html-math-method: mathml
"""
INDEX = """\
# Om boka {.unnumbered}

Her er {{< var funn.antall >}} funn. Les [alfa](outputs/notebooks/alfa.ipynb) eller
@fig-alfa-dekning. Kilden er @imdi2021.

| Dom | Antall |
|:----|-------:|
| [reprodusert]{.dom .dom-reprodusert} | 3 |

: Dommene {#tbl-dommer}
"""
BIBLIOGRAPHY = """\
@report{imdi2021, author={{IMDi}}, title={Kommuneundersøkelsen}, year={2022},
  url={https://www.imdi.no/}}
"""
TABLE = "| Klasse | Andel |\n|:-------|------:|\n| liten | 21 % |\n"
HTML = "<table onclick='x()'><tr><td>A<script>1</script></td></tr></table>"


def png(width: int = 8, height: int = 4) -> str:
    """A white picture at 192 dpi, as notebooks store it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\x00" + b"\xff" * width) * height)
    resolution = struct.pack(">IIB", 7559, 7559, 1)
    parts = [(b"IHDR", header), (b"pHYs", resolution), (b"IDAT", pixels), (b"IEND", b"")]
    whole = b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)
    return b64encode(whole).decode("ascii")


def text(source: str) -> Cell:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str, *outputs: Cell, tags: tuple[str, ...] = (), count: int | None = 1) -> Cell:
    """A code cell, executed unless ``count`` is None."""
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
        "execution_count": count,
        "outputs": list(outputs),
    }


def shown(**data: Any) -> Cell:
    """A display output; MIME types are written with ``__`` for the slash."""
    forms = {form.replace("__", "/"): value for form, value in data.items()}
    return {"output_type": "display_data", "data": forms, "metadata": {}}


def picture() -> Cell:
    """An output with a picture."""
    return shown(image__png=png(), text__plain="<Figure size 640x480 with 1 Axes>")


def printed(words: str, name: str = "stdout") -> Cell:
    """A stream output."""
    return {"output_type": "stream", "name": name, "text": words}


def failure() -> Cell:
    """An error output."""
    traceback = ["Traceback (most recent call last):", "KeyError: 'svar'"]
    return {"output_type": "error", "ename": "KeyError", "evalue": "'svar'", "traceback": traceback}


def figure(label: str, **options: str) -> Cell:
    """A labelled figure's cell."""
    chosen = {"fig-cap": "Dekning etter størrelse", "fig-alt": "Stolper som stiger", **options}
    lines = [f"#| label: {label}"] + [f'#| {key}: "{value}"' for key, value in chosen.items()]
    return code("\n".join([*lines, "figure(fig)"]), picture())


ALFA = [
    text("# Alfa {#sec-alfa}\n\nInnledning [@imdi2021]. Se [beta](beta.ipynb) og @sec-beta."),
    code("import pandas as pd"),
    code("år = 2019  # rammens år", tags=("parameters",)),
    code("# Parameters\nhemmelig_parameter = 2021", tags=("injected-parameters",)),
    text(
        "## Hvem svarte {#sec-alfa-svar}\n\n@fig-alfa-dekning, [-@fig-alfa-dekning] og "
        "[se @tbl-alfa-tall; @tbl-beta-tall], @Eq-alfa-andel.\n\n"
        "::: {.callout-note}\nEn merknad med @sec-alfa-svar.\n:::\n\n"
        '::: {.callout-warning title="Avrundede tall"}\nVær *varsom*.\n:::\n'
    ),
    figure("fig-alfa-dekning"),
    code(
        "#| label: tbl-alfa-tall\n#| tbl-cap: Tallene\n#| echo: false\ntable(df)",
        shown(text__markdown=TABLE, text__plain="df"),
    ),
    code(
        "#| echo: false\nrecord(...)",
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {
                "application/vnd.kompendium.results+json": {"hemmelig": 1},
                "text/markdown": "Funnet er [motsagt]{.dom .dom-motsagt}, se @fig-beta-kart.",
                "text/plain": "x",
            },
        },
    ),
    code("df", shown(text__html=HTML)),
    text("### Dypere\n\n$$p = x/n$$ {#eq-alfa-andel}\n\n## Uten nummer {.unnumbered}\n\nSlutt."),
]
BETA = [
    text("# Beta {#sec-beta}\n\nSe @sec-alfa-svar og [tallene](alfa.ipynb#tbl-alfa-tall)."),
    text("## Kart\n\nMer tekst."),
    figure("fig-beta-kart"),
    figure("fig-beta-andre"),
    text(f"::: {{#tbl-beta-tall}}\n{TABLE}\nTall i **beta**\n:::\n"),
    code("print('utskrift')", printed("utskrift\n")),
]


def entry(id: str, **told: Any) -> dict[str, Any]:
    """A line of the register: a finding that was reproduced, unless ``told`` otherwise."""
    return {
        "id": id,
        "report": "prove",
        "statement": f"Utsagnet {id} om 63 prosent.",
        "statement_en": f"The statement {id} of 63 per cent.",
        "published": "63 prosent",
        "region": "[62,5; 63,5) %",
        "value": 0.632,
        "low": None,
        "high": None,
        "interval": None,
        "computed": "63,2 %",
        "evidence": "register",
        "verdict": "reproduced",
        "expected": "reproduced",
        "transcribed": False,
        "run": None,
        "note": "",
        "reason": "",
        "needs": "",
        "page": "",
        **told,
    }


@dataclass
class Sample:
    """The throw-away compendium and ways to change it."""

    compendium: Compendium

    @property
    def root(self) -> Path:
        return self.compendium.root

    def notebook(self, stem: str, cells: list[Cell]) -> None:
        notebook = {
            "cells": [{"id": f"{stem}-{n}", **cell} for n, cell in enumerate(cells)],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"},
                         "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }  # fmt: skip
        self.compendium.executed.mkdir(parents=True, exist_ok=True)
        path = self.compendium.executed / f"{stem}.ipynb"
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")

    def register(self, *entries: dict[str, Any]) -> None:
        """Write the register of findings."""
        text = json.dumps(entries, ensure_ascii=False, indent=1)
        self.compendium.results.write_text(text, encoding="utf-8")

    def add(self, *cells: Cell) -> None:
        """Let beta end with more cells."""
        self.notebook("beta", [*BETA, *cells])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, for as long as a file's tests last: it has one event loop at a time."""
    from .browser import chromium

    with chromium() as one:
        yield one


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    root = tmp_path / "kompendium"
    (root / "params").mkdir(parents=True)
    for name, content in {
        "_quarto.yml": CONFIGURATION,
        "index.md": INDEX,
        "references.md": "# Referanser {.unnumbered}\n\n::: {#refs}\n:::\n",
        "references.bib": BIBLIOGRAPHY,
        "_variables.yml": "funn: {antall: 91}\n",
    }.items():
        (root / name).write_text(content, encoding="utf-8")
    made = Sample(Compendium(root))
    made.notebook("alfa", ALFA)
    made.notebook("beta", BETA)
    made.register(*(entry(f"prove.{name}") for name in ("a", "b", "c")))
    return made


@pytest.fixture
def problems(sample: Sample) -> Callable[..., list[str]]:
    """Publish with cells added to beta; give the complaints."""
    from kompendium.publication import PublicationError, publish

    def run(*cells: Cell) -> list[str]:
        sample.add(*cells)
        with pytest.raises(PublicationError) as caught:
            publish(sample.compendium, "pandoc")
        return [str(problem) for problem in caught.value.problems]

    return run
