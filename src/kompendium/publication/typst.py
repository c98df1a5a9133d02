"""The book as a PDF that screen readers can follow: Typst, the engine Quarto uses, with PDF/UA-1.

Typst refuses to make a PDF/UA-1 file without title, language and alternative texts, so what it
makes has them. The same text gives the same bytes: no date, no system fonts; letters come from
the fonts that Typst carries itself.
"""

from __future__ import annotations

import shutil
import warnings
from importlib import resources
from pathlib import Path
from typing import Literal

import typst

from kompendium.publication.errors import Problem

STANDARD: Literal["ua-1"] = "ua-1"
TEMPLATE = "typst-template.typ"
MAIN = "main.typ"


def folder(stage: Path) -> Path:
    """Make the folder for the book's markup, with the template beside it."""
    place = stage / "_typst"
    place.mkdir()
    source = resources.files("kompendium.publication") / "resources" / TEMPLATE
    with resources.as_file(source) as path:
        shutil.copyfile(path, place / TEMPLATE)
    return place


def compile_book(stage: Path, target: Path) -> list[Problem]:
    """Make a PDF of the markup in the stage's folder; give what Typst complained of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", typst.TypstWarning)
        try:
            content, told = typst.compile_with_warnings(
                stage / "_typst" / MAIN,
                root=stage,
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=STANDARD,
            )
        except typst.TypstError as error:
            return [_problem(error)]
    target.write_bytes(content)
    return [_problem(one) for one in told]


def _problem(told: Exception) -> Problem:
    """Read what Typst said: the message and its hints, not the whole place in the markup."""
    said = [getattr(told, "message", str(told)), *getattr(told, "hints", [])]
    return Problem("typst", "; ".join(" ".join(one.split()) for one in said))
