"""Each check fails where it should, and all problems come at once."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from kompendium.publication import PublicationError, installation, publish
from kompendium.publication.activity import Scripts
from kompendium.publication.checks import page_problems
from kompendium.publication.sanitizing import sanitized

from .conftest import Sample, code, failure, figure, picture, printed, shown, text

Problems = Callable[..., list[str]]


def one(found: list[str], words: str) -> None:
    assert [problem for problem in found if words in problem], found


def test_unresolved_references_and_citations(problems: Problems) -> None:
    found = problems(text("Se @fig-finnes-ikke, @sec-borte og [@ukjent2020]."))
    one(found, "beta.html: unresolved reference: ?@fig-finnes-ikke")
    one(found, "unresolved reference: ?@sec-borte")
    one(found, "ukjent2020")


def test_a_label_in_two_chapters(problems: Problems) -> None:
    found = problems(figure("fig-alfa-dekning"), text("## Svar {#sec-alfa-svar}"))
    one(found, "the label fig-alfa-dekning is used before in outputs/notebooks/alfa.ipynb")
    one(found, "the label sec-alfa-svar is used before")


def test_a_figure_without_alternative_text(problems: Problems) -> None:
    one(problems(figure("fig-beta-stum", **{"fig-alt": ""})), "figure without alternative text")


def test_a_figure_without_picture_or_caption(problems: Problems) -> None:
    found = problems(code("#| label: fig-beta-tom\nfigure(fig)", shown(text__plain="tom")))
    one(found, "(fig-beta-tom) shows no figure")
    one(found, "(fig-beta-tom) has no caption")


def test_two_outputs_under_one_label(problems: Problems) -> None:
    cell = code("#| label: fig-beta-to\n#| fig-cap: To\n#| fig-alt: a\nx", picture(), picture())
    one(problems(cell), "(fig-beta-to) shows 2 outputs")


def test_a_missing_figure_file(problems: Problems) -> None:
    one(problems(text('![](borte.png){fig-alt="Noe"}')), "missing figure: borte.png")


def test_an_error_output(problems: Problems) -> None:
    found = problems(code("feil()", failure()))
    one(found, "failed: KeyError: 'svar'")
    one(found, "beta.html: an error output is shown")
    one(found, "beta.html: a traceback is shown")


def test_a_warning_of_a_cell(problems: Problems) -> None:
    one(problems(code("x", printed("DeprecationWarning", name="stderr"))), "a warning of a cell")


def test_a_notebook_that_never_ran(sample: Sample) -> None:
    sample.notebook("beta", [text("# Beta {#sec-beta}"), code("x = 1", count=None)])
    with pytest.raises(PublicationError, match=r"beta\.ipynb: the notebook was never executed"):
        publish(sample.compendium, "pandoc")


def test_a_run_that_stopped(problems: Problems) -> None:
    one(problems(code("senere = 1", count=None)), "cell 7 was not executed")


def test_a_chapter_that_is_not_there(sample: Sample) -> None:
    (sample.compendium.executed / "beta.ipynb").unlink()
    (sample.root / "references.bib").unlink()
    with pytest.raises(PublicationError) as caught:
        publish(sample.compendium, "pandoc")
    assert [problem.where for problem in caught.value.problems] == [
        "outputs/notebooks/beta.ipynb",
        "references.bib",
    ]


def test_dead_links_and_anchors(problems: Problems) -> None:
    found = problems(text("[a](borte.ipynb) [b](alfa.ipynb#ingen) [c](#heller-ikke)"))
    one(found, "dead link: borte.ipynb")
    one(found, "dead anchor: alfa.html#ingen")
    one(found, "dead anchor: #heller-ikke")


def test_outside_requests(problems: Problems) -> None:
    found = problems(
        text('![](https://example.org/x.png){fig-alt="x"}'),
        text('<iframe src="//example.org/"></iframe>'),
        text('[x]{style="background: url(https://example.org/y.png)"}'),
    )
    one(found, "outside request: <img src=https://example.org/x.png>")
    one(found, "outside request: <iframe src=//example.org/>")
    one(found, "outside request: https://example.org/y.png")


def test_active_content_in_a_text(problems: Problems) -> None:
    found = problems(text('<script>1</script>\n\n<b onclick="x()">b</b>\n\n[y](javascript:z)'))
    one(found, "<script> in the text")
    one(found, "attribute that runs code: <b onclick=…>")
    one(found, "link that must not be: javascript:z")


def bent(folder: Path, content: str, head: str = "") -> list[str]:
    """What is wrong with one page of this content."""
    (folder / "a.html").write_text(
        f"<html><head>{head}</head><body><main>{content}</main></body></html>", encoding="utf-8"
    )
    return [problem.what for problem in page_problems(folder, folder)]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("<script>fetch('x')</script>", "a script that is not the book's own: fetch('x')"),
        ('<script src="a.js"></script>', "a script that is not the book's own: a.js"),
        ('<script src="borte.js"></script>', "a script that is not the book's own: borte.js"),
        ('<script type="application/ld+json">{"a": }</script>', "a script of data that is no JSON"),
        ('<script type="module">x = fetch("y")</script>', "a script that is not the book's own"),
        ('<meta http-equiv="Refresh" content="0; url=b.html">', "takes the reader elsewhere"),
        ('<base href="https://example.org/">', "moves every link of the page"),
        ('<link rel="preload" href="//example.org/a.css">', "outside request: <link href="),
        ('<img srcset="a.png, https://example.org/b.png">', "outside request: <img srcset="),
    ],
)
def test_what_a_page_runs_or_fetches_anywhere_on_it(tmp_path: Path, head: str, told: str) -> None:
    (tmp_path / "a.js").write_text("alert(1)", encoding="utf-8")
    one(bent(tmp_path, "", head), told)


def test_a_script_is_known_by_its_content(tmp_path: Path) -> None:
    search = resources.files("kompendium.publication") / "resources" / "search.js"
    own = search.read_text(encoding="utf-8")
    (tmp_path / "sok.js").write_text(own, encoding="utf-8")
    (tmp_path / "liste.js").write_text('window.liste = [{"a": "b"}];\n', encoding="utf-8")
    scripts = '<script src="sok.js"></script><script src="liste.js"></script>'
    data = '<script type="application/ld+json">{"@type": "Dataset"}</script>'
    assert bent(tmp_path, "", f"{scripts}{data}<script>\n{own}</script>") == []
    one(bent(tmp_path, scripts), "<script> in the text")
    (tmp_path / "sok.js").write_text(f"{own} ", encoding="utf-8")
    assert bent(tmp_path, "", scripts) == []
    (tmp_path / "sok.js").write_text(f"{own};x()", encoding="utf-8")
    (tmp_path / "liste.js").write_text('window.liste = [{"a": x()}];\n', encoding="utf-8")
    found = bent(tmp_path, "", scripts)
    one(found, "not the book's own: sok.js")
    one(found, "not the book's own: liste.js")


def test_a_library_of_quarto_is_held_against_the_installed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "quarto" / "share"
    share.mkdir(parents=True)
    (share / "nav.js").write_text("nav()", encoding="utf-8")
    program = tmp_path / "quarto" / "quarto"
    program.write_text(f"#!/bin/sh\necho {share.parent}\necho {share}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv(installation.VARIABLE, str(program))
    pages = tmp_path / "pages"
    (pages / "site_libs").mkdir(parents=True)
    plain, chapter = pages / "index.html", pages / "a.html"
    place = '<script src="site_libs/nav.js"></script>'
    plain.write_text(f"<main></main><script>own()</script>{place}", encoding="utf-8")

    def found(foot: str, library: str = "nav()") -> list[str]:
        (pages / "site_libs" / "nav.js").write_text(library, encoding="utf-8")
        chapter.write_text(f"<main></main>{foot}", encoding="utf-8")
        told = page_problems(pages, pages, scripts=Scripts(pages, (plain,)))
        return [problem.what for problem in told if problem.where == "a.html"]

    assert found(f"<script>own()</script>{place}") == []
    assert found("<script>other()</script>") == ["a script that is not the book's own: other()"]
    assert found(place, "nav();other()") == [
        "a script that is not the book's own: site_libs/nav.js"
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('<a href="tall/a.csv">tall</a>', "dead link: tall/a.csv"),
        ('<a href="#funn-borte">funn</a>', "dead anchor: #funn-borte"),
        ('<a href="../editions/2026.1/index.html">u</a>', "dead link: ../editions/2026.1/index"),
        ('<map><area href="b.html" alt="b"></map>', "dead link: b.html"),
        ('<a href="FILE:///etc/passwd">x</a>', "link that must not be"),
        ('<button formaction="https://example.org/">b</button>', "outside request: <button"),
        ('<img src="a.png">', "figure without alternative text: a.png"),
        ('<p id="fig-a"></p><p id="fig-a"></p>', "the label fig-a is used before on a.html"),
    ],
)
def test_each_check_fails_on_a_bent_page(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    one(bent(tmp_path, content), told)


def test_what_is_promised_may_be_led_to(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<main><a href="../index.html">alle</a></main>', "utf-8")
    assert [problem.what for problem in page_problems(tmp_path, tmp_path)] == [
        "dead link: ../index.html"
    ]
    assert page_problems(tmp_path, tmp_path, promised=frozenset({"../index.html"})) == []


@pytest.mark.parametrize("name", ["a.css", "tall/a.csv", "index.json", "siter.bib"])
def test_files_beside_the_pages_tell_no_path(tmp_path: Path, name: str) -> None:
    root = tmp_path / "kompendium" / "mitt"
    path = tmp_path / "pages" / name
    path.parent.mkdir(parents=True)
    path.write_text(f"fra {root}/data", encoding="utf-8")
    found = [str(one) for one in page_problems(tmp_path / "pages", root)]
    assert found == [f"{name}: a path of this machine: {root}"]


def test_paths_of_a_machine(sample: Sample, problems: Problems) -> None:
    found = problems(code("sti", printed(f"{sample.root}/data\n/home/kari/data\n")))
    one(found, f"a path of this machine: {sample.root}")
    one(found, "a path of a machine: /home/kari")


@pytest.mark.parametrize(
    ("remains", "told"),
    [
        ("tekst ::: {.feil", "a fence"),
        ("{{< var finnes.ikke >}}", "a shortcode"),
        ("rest \\#| label", "a cell option"),
        ("rest \\](sted", "a Markdown link"),
        ("rest \\{#tbl-feil\\}", "Markdown attributes"),
        ("rest \\*\\*fet\\*\\*", "Markdown emphasis"),
    ],
)
def test_markup_left_in_the_text(problems: Problems, remains: str, told: str) -> None:
    one(problems(text(remains)), f"{told}")


def test_option_lines_left_in_code(problems: Problems) -> None:
    one(problems(code("x = 1\n#| label: fig-sent")), "left in the code")


def test_style_sheets_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@import url(https://fonts.example.org/a);", encoding="utf-8")
    found = page_problems(tmp_path, tmp_path)
    assert [str(problem) for problem in found] == [
        "a.css: outside request: https://fonts.example.org/a"
    ]


def test_unresolved_marks_of_quarto(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<main><strong>?@fig-x</strong> ?var:a.b "
        '<span class="citation"><strong>nøkkel?</strong></span></main>',
        encoding="utf-8",
    )
    found = [problem.what for problem in page_problems(tmp_path, tmp_path)]
    assert found == [
        "unresolved reference: ?@fig-x",
        "unknown variable: ?var:a.b",
        "unresolved citation: nøkkel",
    ]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p onmouseover='x()'>a</p>", "<p>a</p>"),
        ("<script>x</script><b>a</b>", "<b>a</b>"),
        ("<a href='javascript:x'>a</a>", "<a>a</a>"),
        ("<a href=' java\tscript:x'>a</a>", "<a>a</a>"),
        ("<a href='https://example.org/'>a</a>", '<a href="https://example.org/">a</a>'),
        ("<img src='https://example.org/x.png' alt='a'>", '<img alt="a">'),
        ("<svg onload='x()'><script>1</script></svg>b", "b"),
        ("<td style='background:url(//x)' colspan=2>a</td>", '<td colspan="2">a</td>'),
        ("<marquee>a</marquee>", "a"),
        ("<!-- note -->a", "a"),
    ],
)
def test_html_outputs_are_made_harmless(given: str, kept: str) -> None:
    assert sanitized(given) == kept


def test_a_link_brings_pictures_and_no_other_file_into_the_book(sample: Sample) -> None:
    answers = sample.compendium.surveys / "x" / "respondents.csv"
    answers.parent.mkdir(parents=True)
    answers.write_text("unit;svar\n0301;1\n", encoding="utf-8")
    sample.add(text("[svarene](../../data/surveys/x/respondents.csv)"))
    with pytest.raises(PublicationError, match="dead link"):
        publish(sample.compendium, "pandoc")
    assert not list(sample.compendium.outputs.rglob("*respondents*"))
