"""An executed notebook made clean and ready for Quarto."""

from typing import Any

from nbformat.v4 import new_code_cell, new_notebook, new_output

from kompendium.notebook.finishing import finish
from kompendium.notebook.marks import METADATA


def shown(source: str, **options: str) -> Any:
    """A code cell that has shown something with these options."""
    output = new_output("display_data", data={"text/plain": "x"}, metadata={METADATA: options})
    return new_code_cell(source, outputs=[output], execution_count=1)


def finished(*cells: Any, **metadata: Any) -> Any:
    return finish(new_notebook(cells=list(cells), metadata=metadata))


def test_captions_become_cell_options_after_the_label() -> None:
    cell = shown("#| label: fig-a\nx = 1", **{"fig-cap": 'Et «tall»: 5 "ja"', "fig-alt": "Linje"})
    notebook = finished(cell)
    assert notebook.cells[0].source.split("\n") == [
        "#| label: fig-a",
        '#| fig-cap: "Et «tall»: 5 \\"ja\\""',
        '#| fig-alt: "Linje"',
        "x = 1",
    ]
    assert METADATA not in notebook.cells[0].outputs[0].metadata


def test_a_caption_written_by_hand_is_kept() -> None:
    cell = shown("#| label: fig-a\n#| fig-cap: Min\nx", **{"fig-cap": "Annen"})
    assert finished(cell).cells[0].source == "#| label: fig-a\n#| fig-cap: Min\nx"


def test_times_and_traces_of_the_tools_are_removed() -> None:
    cell = new_code_cell("x", metadata={"papermill": {"duration": 1}, "execution": {"a": "b"}})
    notebook = finished(
        cell, papermill={"start_time": "now"}, language_info={"name": "python", "version": "3.11.7"}
    )
    assert notebook.metadata == {"language_info": {"name": "python"}}
    assert notebook.cells[0].metadata == {}


def test_injected_parameters_are_hidden_from_readers_under_a_fixed_id() -> None:
    cell = new_code_cell("year = 2021", metadata={"tags": ["injected-parameters"]})
    done = finished(cell).cells[0]
    assert done.id == "injected-parameters"
    assert "remove-cell" in done.metadata.tags
