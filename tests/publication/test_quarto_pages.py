"""Quarto's own pages as a browser shows them, published and from a plain ``quarto render``."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kompendium.publication import installation, publish

from .browser import WAYS, Way, audit, needs_chromium, readers, served
from .conftest import BETA, BIBLIOGRAPHY, CONFIGURATION, Sample, code, shown, text
from .test_quarto_formats import OWN, RESOURCES, as_jupyter_saves, needs_quarto

pytestmark = [needs_quarto, needs_chromium]

MIDDLE = Way(768, "dark")
PAPER = "getComputedStyle(document.body).backgroundColor"
WORD = "introduksjonsprogramdeltakerundersøkelsen"
PLACE = "outputs/runs/" + "et_langt_navn_uten_noe_sted_å_brytes_" * 2
COLUMNS = 9
WIDE_TABLE = "\n".join(
    "|" + "|".join(cells) + "|"
    for cells in (["Befolkningsutvikling"] * COLUMNS, ["---"] * COLUMNS, ["12 345"] * COLUMNS)
)
HARD = [
    text(f"# {WORD.capitalize()} i kommunene {{#sec-beta}}\n\nTrykt av @imdi2021, se `{PLACE}`."),
    *BETA[1:],
    text(f"## Laget {{.unnumbered}}\n\n| Hva | Hvilken |\n|---|---|\n| Kode | `{PLACE}` |\n"),
    text(f"{WIDE_TABLE}\n\n: Bred {{#tbl-beta-bred}}\n"),
    code(f"{WORD} = '{PLACE}'  # kode ruller for seg\nimport json", tags=()),
    code("#| label: tbl-beta-vist\n#| tbl-cap: Vist", shown(text__markdown=WIDE_TABLE)),
]
"""What is too long for a narrow screen: titles, words, addresses, code, tables of each kind."""


@pytest.fixture
def hard(sample: Sample) -> Sample:
    """The fixture book, hard to fit, with the compendium's own form of pages."""
    pages = (OWN / "_quarto.yml").read_text(encoding="utf-8").partition("\nformat:\n")[2]
    pages = pages.partition("\n  # The book as one document")[0]
    start = CONFIGURATION.partition("format:\n")[0]
    (sample.root / "_quarto.yml").write_text(f"{start}format:\n{pages}\n", encoding="utf-8")
    shutil.copytree(OWN / RESOURCES, sample.root / RESOURCES)
    long = BIBLIOGRAPHY.replace("imdi.no/}", f"imdi.no/{WORD}/{WORD}}}")
    (sample.root / "references.bib").write_text(long, encoding="utf-8")
    sample.notebook("beta", HARD)
    return sample


def published(sample: Sample) -> Path:
    """The book by the publisher."""
    return publish(sample.compendium, "quarto").parent


def rendered(sample: Sample) -> Path:
    """The book by whoever runs Quarto by hand."""
    as_jupyter_saves(sample)
    done = subprocess.run(
        [str(installation.find()), "render"],
        cwd=sample.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return sample.compendium.publication


@pytest.mark.parametrize("make", [published, rendered])
def test_pages_of_quarto_are_for_all_readers(
    hard: Sample, browser: Browser, make: Callable[[Sample], Path]
) -> None:
    """WCAG 2.1 A and AA by axe-core, no sideways scrolling, no complaint, no outside request."""
    folder = make(hard)
    pages = sorted(folder.rglob("*.html"))
    assert {page.stem for page in pages} == {"index", "alfa", "beta", "references"}
    with served(folder) as site, readers(browser, (*WAYS, MIDDLE), site) as every:
        assert [one for page in pages for one in audit(every, page)] == []
        for reader in every[:2]:
            # Whoever chooses the other colours than those of their machine reads as well.
            page = reader.open(next(one for one in pages if one.stem == "beta"))
            before = page.evaluate(PAPER)
            page.click(".quarto-color-scheme-toggle:visible")
            assert page.evaluate(PAPER) != before
            reader.start_axe()
            assert reader.axe() == []
