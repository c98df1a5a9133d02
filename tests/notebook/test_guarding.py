"""What leaves a notebook that has read real respondents, and what does not."""

from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kompendium.notebook.drawn import kept
from kompendium.notebook.finishing import finish
from kompendium.notebook.guarding import NOTICE, guard
from kompendium.notebook.marks import DRAWN, MADE, METADATA

SECRET = "0301 svarte nei"


def cell(*outputs: Any, source: str = "x") -> Any:
    return new_code_cell(source, outputs=list(outputs), execution_count=1)


def made(by: str = "table") -> Any:
    return new_output("display_data", {"text/markdown": "| A |"}, metadata={METADATA: {MADE: by}})


BARE = {
    "a table at the end of a cell": new_output("execute_result", {"text/html": SECRET}),
    "something printed": new_output("stream", name="stdout", text=SECRET),
    "a warning": new_output("stream", name="stderr", text=SECRET),
    "a picture": new_output("display_data", {"image/png": SECRET}),
    "an error": new_output("error", ename="KeyError", evalue=SECRET, traceback=[SECRET]),
}


@pytest.mark.parametrize("kind", BARE)
def test_what_the_gate_does_not_know_of_is_replaced_by_a_notice(kind: str) -> None:
    notebook = new_notebook(cells=[cell(BARE[kind])])
    assert guard(notebook) == ["code cell 1"]
    assert SECRET not in str(notebook)
    (notice,) = notebook.cells[0].outputs
    assert notice.data["text/markdown"] == NOTICE


@pytest.mark.parametrize("by", ["table", "figure", "prose", "record", "skip"])
def test_what_was_made_for_readers_stays(by: str) -> None:
    notebook = new_notebook(cells=[new_markdown_cell("Tekst"), cell(made(by))])
    assert guard(notebook) == []
    assert len(notebook.cells[1].outputs) == 1


def test_numbers_go_with_the_output_they_belong_to() -> None:
    """A picture that nothing of the library made takes its numbers along when it goes."""
    numbers = {DRAWN: kept({"columns": ["Svar"], "rows": [[SECRET]]})}
    picture = new_output("display_data", {"image/png": "x"}, metadata=numbers)
    known = new_output(
        "display_data",
        {"image/png": "x"},
        metadata={
            METADATA: {MADE: "figure"},
            DRAWN: kept({"columns": ["Andel"], "rows": [[0.5]]}),
        },
    )
    notebook = new_notebook(cells=[cell(picture), cell(known)])
    assert guard(notebook) == ["code cell 1"]
    assert SECRET not in str(notebook)
    assert finish(notebook).cells[1].outputs[0].metadata[DRAWN].endswith("[[0.5]]}")


def test_the_cells_are_named_by_label_or_number_and_lose_only_what_is_bare() -> None:
    first = cell(made(), source="#| label: tbl-a\nx")
    second = cell(made(), BARE["something printed"], source="#| label: fig-b\nx")
    notebook = new_notebook(cells=[first, second, cell(BARE["a picture"])])
    assert guard(notebook) == ["fig-b", "code cell 3"]
    assert [len(one.outputs) for one in notebook.cells] == [1, 2, 1]


def test_the_mark_does_not_reach_readers() -> None:
    assert METADATA not in str(finish(new_notebook(cells=[cell(made("prose"))])))
