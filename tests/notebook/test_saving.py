"""Outputs that rest on respondents are not saved where git would take them."""

from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import PyFileConfigLoader

from kompendium.facts import Compendium
from kompendium.notebook.saving import without_outputs
from tests.conftest import ROOT


@pytest.fixture
def model() -> dict[str, Any]:
    cell = new_code_cell("1", outputs=[new_output("stream", text="3 svar")], execution_count=1)
    return {"type": "notebook", "content": new_notebook(cells=[cell])}


@pytest.mark.parametrize("real", [False, True])
def test_outputs_are_saved_only_without_respondents(
    compendium: Compendium, model: dict[str, Any], real: bool
) -> None:
    survey = compendium.surveys / "prove"
    survey.mkdir()
    (survey / "codebook.yml").touch()
    if real:
        (survey / "respondents.csv").touch()
    without_outputs(model=model, path="x.ipynb", contents_manager=None)
    (cell,) = model["content"]["cells"]
    assert bool(cell["outputs"]) is not real


def test_jupyterlab_is_told_to_ask(compendium: Compendium) -> None:
    loader = PyFileConfigLoader("lab_config.py", path=str(ROOT / "src" / "kompendium" / "cli"))
    assert loader.load_config().ContentsManager.pre_save_hook is without_outputs
