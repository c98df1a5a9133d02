"""What pingouin gives is checked: a renamed or rounded column is an error, not a wrong number."""

import ast
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pingouin as pg
import pytest

from kompendium.statistics import columns
from kompendium.statistics.columns import ColumnsError
from tests.conftest import ROOT

COUNTS = np.array([[30, 30], [43, 36], [43, 13]])
FIRST = np.array([True] * 7 + [False] * 6)
SECOND = np.array([True] * 2 + [False] * 9 + [True] * 2)
SIZE = pd.DataFrame({"size": [0, 1, 2, 3, 0, 1, 2, 3]})
OFFERS = np.array([0, 0, 1, 1, 0, 1, 0, 1])


@pytest.fixture
def rounding() -> Iterator[None]:
    """A notebook that has told pingouin to round everything."""
    pg.options["round"] = 2
    pg.options["round.column.pval"] = 1
    yield
    pg.set_default_options()


def test_a_notebook_that_rounds_does_not_round_here(rounding: None) -> None:
    told = dict(pg.options)
    assert columns.chi_square(COUNTS, correction=True)["pval"] == pytest.approx(
        0.006629803359870954, rel=1e-12
    )
    # R: summary(glm(c(0, 0, 1, 1, 0, 1, 0, 1) ~ rep(0:3, 2), family = binomial,
    #    control = glm.control(epsilon = 1e-15)))
    error = columns.logistic(SIZE, OFFERS)["size"]["se"]
    assert error == pytest.approx(1.131675708470706, rel=1e-9)
    assert columns.mcnemar(FIRST, SECOND)["p_exact"] == pytest.approx(0.453125)  # 2 of 7
    assert pg.options == told


@pytest.mark.parametrize("column", ["chi2", "dof", "pval", "cramer", "test"])
def test_a_renamed_column_is_named(monkeypatch: pytest.MonkeyPatch, column: str) -> None:
    original = pg.chi2_independence

    def renamed(*arguments: object, **options: object) -> tuple[object, object, pd.DataFrame]:
        expected, observed, tests = original(*arguments, **options)
        return expected, observed, tests.rename(columns={column: f"{column}_new"})

    monkeypatch.setattr(pg, "chi2_independence", renamed)
    with pytest.raises(ColumnsError, match=f"chi2_independence .* column {column} is not there"):
        columns.chi_square(COUNTS, correction=True)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("pval", "0.007", "column pval"),  # text, as pingouin gives Bayes factors
        ("pval", 1.7, "column pval is 1.7"),
        ("chi2", -1.0, "column chi2 is -1.0"),
        ("chi2", np.nan, "column chi2"),
    ],
)
def test_a_column_that_is_no_such_number_is_named(
    monkeypatch: pytest.MonkeyPatch, column: str, value: object, message: str
) -> None:
    original = pg.chi2_independence

    def changed(*arguments: object, **options: object) -> tuple[object, object, pd.DataFrame]:
        expected, observed, tests = original(*arguments, **options)
        return expected, observed, tests.assign(**{column: value})

    monkeypatch.setattr(pg, "chi2_independence", changed)
    with pytest.raises(ColumnsError, match=message):
        columns.chi_square(COUNTS, correction=True)


def test_a_row_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    original = pg.logistic_regression

    def shorter(*given: object, **options: object) -> pd.DataFrame:
        return original(*given, **options).iloc[:1]

    monkeypatch.setattr(pg, "logistic_regression", shorter)
    with pytest.raises(ColumnsError, match="column names has 0 rows «size»"):
        columns.logistic(SIZE, OFFERS)


def test_a_number_that_is_not_found_is_an_error() -> None:
    with pytest.raises(ColumnsError, match="no number for w = 1e-05"):
        columns.power(1, level=0.95, w=1e-5, power=0.8)


def test_pingouin_is_called_from_one_module() -> None:
    users = set()
    for path in (ROOT / "src" / "kompendium").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "pingouin" for name in names):
                users.add(path.name)
    assert users == {"columns.py"}
