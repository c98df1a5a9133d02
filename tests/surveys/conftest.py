"""A small survey in the throw-away compendium, and a file of respondents that fits it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kompendium.facts import Compendium, frame
from kompendium.statistics import illustrate
from kompendium.surveys import Codebook, codebook

MINI = Path(__file__).parent / "mini"


@pytest.fixture
def mini(compendium: Compendium) -> Codebook:
    """The codebook of the small survey, with its findings in place."""
    shutil.copy(MINI / "findings.yml", compendium.findings / "mini.yml")
    (compendium.surveys / "mini").mkdir()
    shutil.copy(MINI / "codebook.yml", compendium.surveys / "mini")
    return codebook("mini")


def numbered(book: Codebook, seed: int = 7) -> pd.DataFrame:
    """FIXTURE, not real respondents: an illustration with unit numbers of fitting units."""
    answers = illustrate(book, seed=seed).astype({"size_class": str, "kind": str, "role": str})
    units = frame(book.frame).astype({"size_class": str})
    place = ["kind", "size_class"]
    units["turn"] = units.groupby(place).cumcount()
    answers["turn"] = answers.groupby(["role", *place]).cumcount()
    joined = answers.merge(units[["number", "turn", *place]], on=["turn", *place], how="left")
    columns = ["unit", "role", *book.questions]
    return joined.rename(columns={"number": "unit"})[columns]


@pytest.fixture
def fixture_respondents(mini: Codebook) -> pd.DataFrame:
    """FIXTURE, not real respondents: a table as a researcher would put it in."""
    return numbered(mini)


@pytest.fixture
def put_in(compendium: Compendium) -> Callable[..., Path]:
    """Write a table as the respondents of the small survey."""

    def write(table: pd.DataFrame, separator: str = ";", name: str = "respondents.csv") -> Path:
        path = compendium.surveys / "mini" / name
        if path.suffix == ".parquet":
            table.to_parquet(path)
        else:
            table.to_csv(path, sep=separator, index=False)
        return path

    return write
