"""The book in English, as its users make it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from kompendium.facts import Compendium
from kompendium.translation import Catalogue, sources
from tests.cli.conftest import Command

CELL = (
    "from kompendium.facts import finding, frame_size\n"
    "from kompendium.notebook import computed, language, number, prose, record\n"
    "language(lang)\n"
    "svar = finding('prove.svar')\n"
    "n = frame_size(svar.frame)\n"
    "record({svar.id: computed(svar.given['answered'] / n, 'register')})\n"
    "prose(f'Av {number(10 * n)} svarte noen.')"
)

AddNotebook = Callable[..., Path]

ENGLISH = {
    "# Prøve {.unnumbered}": "# Trial {.unnumbered}",
    "Registeret har {{< var funn.antall >}} funn.": "There are {{< var funn.antall >}} findings.",
    "Av {number(10 * n)} svarte noen.": "Of {number(10 * n)}, some answered.",
    "# kapittel {#sec-kapittel}": "# Chapter {#sec-kapittel}",
}


def translate(compendium: Compendium, texts: dict[str, str]) -> None:
    for source in sources(compendium):
        catalogue = Catalogue.read(source.place).updated(source.name, source.messages())
        for one in catalogue.catalog:
            if one.id:
                one.string = texts.get(str(one.id), "")
        catalogue.write()


@pytest.fixture
def bilingual(book: Compendium, add_notebook: AddNotebook) -> Compendium:
    """A book whose notebook has the parameter ``lang`` and is translated."""
    help_text = "{nb: Språk, en: Language}"
    declared = f"  lang: {{type: string, default: nb, choices: [nb, en], help: {help_text}}}\n"
    add_notebook("kapittel", CELL, parameters='lang = "nb"', declared=declared)
    (book.root / "_quarto-en.yml").write_text("lang: en\nbook: {title: Trial}\n", encoding="utf-8")
    translate(book, ENGLISH)
    return book


def page(place: Path, name: str = "kapittel") -> html.HtmlElement:
    return html.fromstring((place / f"{name}.html").read_text(encoding="utf-8"))


def test_the_english_book_lies_beside_the_norwegian_with_the_same_numbers(
    bilingual: Compendium, kompendium: Command
) -> None:
    assert kompendium("texts").returncode == 0
    done = kompendium("build", "--lang", "en")
    assert done.returncode == 0, done.stderr
    english = page(bilingual.publication_in("en"))
    assert english.get("lang") == "en"
    text = english.text_content()
    assert "Of 4,370, some answered." in text
    assert "63.2%" in text
    assert "reproduced" in text
    assert "276 units answered, 63 per cent." in text
    norwegian = page(bilingual.publication).text_content()
    assert "Av 4\u00a0370 svarte noen." in norwegian
    assert "There are 2 findings." in page(bilingual.publication_in("en"), "index").text_content()

    again = kompendium("build", "--lang", "en")
    assert "✓" not in again.stderr, "nothing is run twice"

    translate(bilingual, ENGLISH | {"Av {number(10 * n)} svarte noen.": "{number(10 * n)}!"})
    changed = kompendium("build", "--lang", "en")
    assert "kapittel-en" in changed.stderr
    assert "kapittel " not in changed.stderr.replace("kapittel-en", "")


def test_no_kernel_starts_for_a_book_that_is_not_wholly_translated(
    bilingual: Compendium, kompendium: Command
) -> None:
    missing = "# kapittel {#sec-kapittel}"
    translate(bilingual, {key: text for key, text in ENGLISH.items() if key != missing})
    told = json.loads(kompendium("texts", "--json").stdout)
    assert [len(one["amiss"]) for one in told] == [0, 1]
    said = kompendium("texts").stderr
    assert said.startswith("notebooks/kapittel.ipynb:1: cell 1: not translated:")
    done = kompendium("build", "--lang", "en")
    assert done.returncode == 2
    assert "not translated: «# kapittel {#sec-kapittel}»" in done.stderr
    assert not (bilingual.executed / "kapittel-en.ipynb").exists()
    assert not bilingual.publication_in("en").exists()


def test_a_translation_that_computes_something_else_is_not_published(
    bilingual: Compendium, kompendium: Command
) -> None:
    path = bilingual.notebooks / "kapittel.ipynb"
    text = path.read_text(encoding="utf-8").replace(
        "/ n, 'register'", "/ (n + len(lang) * (lang == 'en')), 'register'"
    )
    path.write_text(text, encoding="utf-8")
    done = kompendium("build", "--lang", "en")
    assert done.returncode == 4
    assert "«prove.svar» is another result than in kapittel" in done.stderr
    assert not bilingual.publication_in("en").exists()
