"""FIXTURES taken in as if they were real: two and three waves, and what they change in the book.

The answers are made up; the project itself has no respondents.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kompendium.engine import execute, plan
from kompendium.engine.runs import State
from kompendium.facts import Compendium, Evidence, Verdict, findings, frame
from kompendium.register.collection import Entry, collect
from kompendium.surveys import Codebook, codebook
from tests.conftest import copy_of_the_project

RUN = "utvikling"

Built = tuple[dict[str, Entry], dict[str, Any]]

SHARES = {"utenlandsopphold": 0.2, "imdi_tolk": 0.5, "imdi_nyhetsbrev": 0.6}
"""How many give the first answer, where it is not the half."""


def made_up(book: Codebook, year: int, better: float = 0.0, answering: float = 0.6) -> pd.DataFrame:
    """Answers of units that mostly answer every year, and mostly as they did before."""
    units = frame(year)["number"].to_numpy()
    rows = []
    for unit in units:
        for role in book.roles:
            if _draw(unit, role, "", year) > answering:
                continue
            said: dict[str, Any] = {"unit": unit, "role": role}
            for variable in book.variables:
                if role in variable.roles:
                    share = SHARES.get(variable.name, 0.5) + better
                    drawn = _draw(unit, role, variable.name, year)
                    said[variable.name] = variable.valid[0 if drawn < share else 2]
            rows.append(said)
    return pd.DataFrame(rows, columns=["unit", "role", *book.questions])


def _draw(unit: str, role: str, name: str, year: int) -> float:
    """A number from 0 to 1 that one unit in five draws anew each year."""
    steady = np.random.default_rng([ord(one) for one in f"{unit}{role}{name}"])
    first, anew = steady.random(2)
    return float(steady.random(year)[-1] if anew < 0.2 else first)


def take_in(compendium: Compendium, survey: str, table: pd.DataFrame) -> None:
    """Put answers where «survey add» puts them."""
    table.to_csv(compendium.surveys / survey / "respondents.csv", sep=";", index=False)


def run(compendium: Compendium) -> Built:
    """Run the chapter alone; the register by finding, and the executed notebook."""
    (done,) = execute([one for one in plan(compendium) if one.id == RUN], compendium)
    assert done.state is State.DONE, done.error
    path = compendium.executed / f"{RUN}.ipynb"
    register = {one.id: one for one in collect([path], findings())}
    return register, json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def compendium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compendium]:
    """A copy of the project with the answers of 2020 and 2021 in place."""
    here = copy_of_the_project(tmp_path_factory.mktemp("waves") / "kompendium")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOMPENDIUM_ROOT", str(here.root))
        patch.chdir(here.root)
        for year, better, answering in ((2020, 0.0, 0.8), (2021, 0.05, 0.6)):
            book = codebook(f"imdi-{year}")
            kept = [one for one in book.variables if one.name in codebook("imdi-2020").questions]
            table = made_up(book.model_copy(update={"variables": kept}), year, better, answering)
            take_in(here, book.id, table.reindex(columns=["unit", "role", *book.questions]))
        yield here


@pytest.fixture(scope="module")
def two(compendium: Compendium) -> Built:
    return run(compendium)


def test_a_development_is_settled_by_the_waves_it_speaks_of(two: Built) -> None:
    """Cooperation is held against 2020 alone; stays abroad need 2019 as well."""
    register, _ = two
    settled = register["ku2021.samarbeid_utvikling"]
    assert settled.verdict is Verdict.REPRODUCED
    assert settled.evidence is Evidence.SURVEY
    assert settled.interval is not None
    assert settled.interval[0] < settled.value < settled.interval[1]  # type: ignore[operator]
    assert register["ku2020.fylke_godt"].evidence is Evidence.SURVEY
    for waiting in ("utenlandsopphold_tidligere", "tolk_raad", "nyhetsbrev_tidligere"):
        assert register[f"ku2021.{waiting}"].verdict is Verdict.UNTESTABLE


def test_the_chapter_shows_changes_and_no_unit(two: Built) -> None:
    cells = two[1]["cells"]
    text = json.dumps([cell.get("outputs", []) for cell in cells], ensure_ascii=False)
    assert "Svarene fra 2020 og 2021 er på plass" in text
    sources = ["".join(cell["source"]) for cell in cells]
    assert any("label: fig-utvikling-svar" in one and "fig-alt" in one for one in sources)
    assert any("tbl-cap" in one and "gikk fra nei til ja (+)" in one for one in sources)
    words = set(re.findall(r"\b(?:\d{4}|\d{6})\b", re.sub(r'"image/png": "[^"]*"', "", text)))
    assert words & set(frame(2020)["number"]) == set()


def test_the_verdict_moves_with_the_answers(two: Built, compendium: Compendium) -> None:
    """Better the year before than in 2021, and a third wave: stays abroad are settled."""
    assert two[0]["ku2021.samarbeid_utvikling"].verdict is Verdict.REPRODUCED
    take_in(compendium, "imdi-2019", made_up(codebook("imdi-2019"), 2019))
    take_in(compendium, "imdi-2020", made_up(codebook("imdi-2020"), 2020, 0.1, 0.8))
    register, notebook = run(compendium)
    assert register["ku2021.samarbeid_utvikling"].verdict is Verdict.CONTRADICTED
    assert register["ku2021.samarbeid_utvikling"].surprising
    assert register["ku2021.utenlandsopphold_tidligere"].evidence is Evidence.SURVEY
    assert "prosentpoeng i året" in json.dumps(notebook, ensure_ascii=False)
