"""Real respondents in a build: nothing of them leaves that the gate has not let out.

FIXTURE, not real respondents: made-up answers are put in as a researcher would put in real ones.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kompendium.engine import Record
from kompendium.facts import Compendium
from kompendium.surveys import Codebook
from tests.surveys.withholding import BARE, SHARE, TABLE, answered

Command = Callable[..., subprocess.CompletedProcess[str]]
AddNotebook = Callable[..., Path]


@pytest.fixture
def survey(book: Compendium) -> Codebook:
    """The small survey with its answers, in the compendium with a book."""
    return answered(book)


def add_to_book(book: Compendium, *names: str) -> None:
    place = book.root / "_quarto.yml"
    pages = "".join(f", outputs/notebooks/{name}.ipynb" for name in names)
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("kapittel.ipynb", f"kapittel.ipynb{pages}"), encoding="utf-8")


def test_bare_output_is_taken_out_and_reported(
    survey: Codebook, book: Compendium, kompendium: Command, add_notebook: AddNotebook
) -> None:
    add_notebook("naken", BARE)
    done = kompendium("build", "--no-publish", "--disclosure", "report", "--json")
    assert done.returncode == 0, done.stderr
    (line,) = json.loads(done.stdout)
    assert (line["run"], line["where"], line["why"]) == ("naken", "code cell 1", "output")
    text = (book.executed / "naken.ipynb").read_text(encoding="utf-8")
    assert "100 svarte." in text
    assert "Holdt tilbake" in text
    assert "sertifisert,tilbyr" not in text  # the header of what was printed
    assert "'sertifisert':" not in text


def test_an_error_that_quotes_respondents_is_not_kept(
    survey: Codebook, book: Compendium, kompendium: Command, add_notebook: AddNotebook
) -> None:
    add_notebook("feil", f"{BARE}\nraise ValueError(answers.codes.to_csv())")
    done = kompendium("build", "--no-publish")
    assert done.returncode == 3
    written = (book.failed / "feil.ipynb").read_text(encoding="utf-8") + done.stderr
    written += (book.runs / "feil.json").read_text(encoding="utf-8")
    assert "sertifisert,tilbyr" not in written
    assert "ValueError (withheld" in done.stderr


def test_what_is_withheld_is_listed_with_the_reason(
    survey: Codebook, book: Compendium, kompendium: Command, add_notebook: AddNotebook
) -> None:
    add_notebook("tabell", TABLE)
    done = kompendium("build", "--no-publish", "--disclosure", "report", "--json")
    assert done.returncode == 0, done.stderr
    lines = json.loads(done.stdout)
    assert {line["why"] for line in lines} == {"small", "linked"}
    assert all((line["run"], line["where"]) == ("tabell", "tbl-en") for line in lines)
    record = Record.read(book.runs, "tabell")
    assert record is not None
    assert record.good is not None
    assert record.good.ledgers["mini"].protected
    shown = kompendium("build", "--no-publish", "--disclosure", "report")
    assert shown.returncode == 0
    assert "Withheld, of real respondents" in shown.stdout
    assert "tbl-en" in shown.stdout
    assert kompendium("build", "--json").returncode == 2


def test_two_notebooks_that_together_give_it_away_are_not_published(
    survey: Codebook, book: Compendium, kompendium: Command, add_notebook: AddNotebook
) -> None:
    add_notebook("tabell", TABLE)
    add_notebook("andel", SHARE)
    add_to_book(book, "tabell", "andel")
    done = kompendium("build", "--publisher", "pandoc")
    assert done.returncode == 4, done.stderr
    told = " ".join(done.stderr.split())
    assert "andel, tabell" in told
    assert "was withheld, but follows from what andel and tabell show together" in told
    assert not (book.publication / "index.html").exists()
