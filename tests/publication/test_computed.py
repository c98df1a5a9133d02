"""The numbers of a chapter's outputs are the notebook's, digit by digit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from kompendium.publication.computed import filled_in_problems, output_problems

from .conftest import code, figure, printed, shown, text

Problems = Callable[..., list[str]]


@pytest.fixture
def problems(tmp_path: Path) -> Problems:
    """What is wrong with a page of these cells."""

    def read(page: str, *cells: dict[str, Any], left_out: tuple[str, ...] = ()) -> list[str]:
        path = tmp_path / "a.ipynb"
        path.write_text(json.dumps({"cells": list(cells)}), encoding="utf-8")
        body = html.document_fromstring(f"<main>{page}</main>").xpath("//main")[0]
        return list(output_problems(body, path, left_out))

    return read


def output(content: str) -> str:
    return f'<div class="cell-output cell-output-display">{content}</div>'


def paragraph(markdown: str, *options: str) -> dict[str, Any]:
    lines = "".join(f"#| {option}\n" for option in options)
    return code(f"{lines}prose(tekst)", shown(text__markdown=markdown, text__plain="x"))


def test_a_changed_digit_is_found(problems: Problems) -> None:
    cell = paragraph("Av 371 svarte 60,4\u00a0prosent.")
    assert problems(output("<p>Av 371 svarte 60,4 prosent.</p>"), cell) == []
    assert problems(output("<p>Av 371 svarte 60,5 prosent.</p>"), cell) == [
        "cell 1: the notebook made the numbers «371 60 4», the page shows «371 60 5»"
    ]


def test_a_missing_output_and_a_number_from_nowhere_are_found(problems: Problems) -> None:
    cells = (paragraph("5 kommuner"), paragraph("7 bydeler"))
    assert problems(output("<p>5 kommuner</p>"), *cells) == [
        "cell 2: an output with numbers is not shown"
    ]
    extra = output("<p>5 kommuner</p>") + output("<p>7 bydeler</p>") + output("<p>9</p>")
    assert problems(extra, *cells) == ["numbers that no cell made: 9"]


@pytest.mark.parametrize(
    ("markdown", "page"),
    [
        ("[16 funn](a.ipynb#sec-9)", '<a href="a.html#sec-9">16 funn</a>'),
        ("Se @fig-a2 og [@kilde2020, s. 4]: 3", 'Se <a class="xref">Figur 7.1</a> og '
         '<span class="citation">Kilde (2020, 4)</span>: 3'),
        ("1. En\n2. To 5", "<ol><li>En</li><li>To 5</li></ol>"),
        ("1. En\n2. 2 av 5", "<ol><li>En</li><li>2 av 5</li></ol>"),
        ("siden\n2013. Kanskje", "siden 2013. Kanskje"),
        ('<span id="a9"></span>8 [x]{.k3} $p = 0{,}5$', '<span id="a9"></span>8 x <math>'
         "p=0,5<annotation>p = 0{,}5</annotation></math>"),
        ("## Del 3 {#sec-del4}", '<h2><span class="header-section-number">2.1</span> Del 3</h2>'),
        ("![Kart 4](kart5.png){width=60%} 7", "<img alt='Kart 4'> 7"),
        ("<https://example.org/2021>", '<a href="x">https://example.org/2021</a>'),
        ("Note[^1] 3\n\n[^1]: Av 4", 'Note<a class="footnote-ref">1</a> 3 Av 4'),
    ],
)  # fmt: skip
def test_what_is_no_number_of_the_text_is_left_out(
    problems: Problems, markdown: str, page: str
) -> None:
    assert problems(output(page), paragraph(markdown)) == []


def test_printed_lines_and_bare_tables_are_held_too(problems: Problems) -> None:
    cells = (code("print(n)", printed("n = 12\n")), code("n", shown(text__plain="12.5")))
    page = '<div class="cell-output cell-output-stdout"><pre>n = 12</pre></div>'
    assert problems(page + output("<pre>12.5</pre>"), *cells) == []
    assert problems(page + output("<pre>12.6</pre>"), *cells)


def test_an_html_table_is_held_as_it_was_made_harmless(problems: Problems) -> None:
    made = "<script>7</script><table><tr><td>63</td></tr></table>"
    cell = code("df", shown(text__html=made, text__plain="   0\n0  63"))
    assert problems(output("<table><tr><td>63</td></tr></table>"), cell) == []
    assert problems(output("<table><tr><td>64</td></tr></table>"), cell)


def test_cells_that_are_not_shown_have_no_numbers(problems: Problems) -> None:
    cells = (
        paragraph("5", "include: false"),
        paragraph("6", "output: false"),
        {**paragraph("7"), "metadata": {"tags": ["book-only"]}},
        text("8 i prosa"),
    )
    assert problems("<p>8 i prosa</p>", *cells, left_out=("book-only",)) == []
    assert problems("<p>8 i prosa</p>", *cells) == ["cell 3: an output with numbers is not shown"]


FLOAT = (
    '<div id="fig-a"><figure><img alt="{alt}">'
    "<figcaption><span>Figur 2.1:</span> {caption}</figcaption></figure></div>"
)


def test_captions_and_alternative_texts_hold_the_notebooks_numbers(problems: Problems) -> None:
    cell = figure("fig-a", **{"fig-cap": "Andel av 371", "fig-alt": "Fra 10 til 20"})

    def told(alt: str, caption: str) -> list[str]:
        return problems(output(FLOAT.format(alt=alt, caption=caption)), cell)

    assert told("Fra 10 til 20", "Andel av 371") == []
    assert told("Fra 10 til 20", "Andel av 372") == [
        "fig-a: the caption is «Figur 2.1: Andel av 372», the notebook made «Andel av 371»"
    ]
    assert told("Fra 10 til 21", "Andel av 371") == [
        "fig-a: the alternative text is not the one the notebook made"
    ]
    assert problems("", cell) == ["cell 1 (fig-a) is not shown"]


FRONT = """\
# Om boka

Av {{< var funn.antall >}} funn fra 2020 er {{< var dom.motsagt >}} motsagt, se @fig-a.

| Dom | Funn |
|:----|-----:|
| motsagt | {{< var dom.motsagt >}} |
"""


def test_what_the_register_fills_in_is_held_too() -> None:
    page = (
        '<main><p>Av 91 funn fra 2020 er 4 motsagt, se <a class="xref">Figur 7</a>.</p>'
        "<table><tr><td>motsagt</td><td>4</td></tr></table></main>"
    )
    variables = {"funn": {"antall": 91}, "dom": {"motsagt": 4}}

    def found(text: str) -> list[str]:
        return list(filled_in_problems(html.document_fromstring(text), FRONT, variables))

    assert found(page) == []
    (told,) = found(page.replace("91", "19"))
    assert told.startswith("the register's numbers «91 2020 4» are not shown: Av 91 funn fra 2020")
    assert len(found(page.replace("<td>4", "<td>5"))) == 1
