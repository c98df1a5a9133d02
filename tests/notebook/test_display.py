"""What a notebook shows: figures with texts, findings with verdicts, paragraphs."""

import base64
import json
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from kompendium.facts import Compendium
from kompendium.notebook import computed, figure, percent_axis, prose, record, style, table
from kompendium.notebook.figures import DPI
from kompendium.register import MIME
from kompendium.surveys.gate import DisclosureError
from kompendium.surveys.rows import Rows


class Screen:
    """Stands where Jupyter would: keeps what is displayed."""

    def __init__(self) -> None:
        self.outputs: list[SimpleNamespace] = []

    def display(self, data: Any, raw: bool, metadata: Any = None) -> None:
        assert raw
        self.outputs.append(SimpleNamespace(data=data, metadata=metadata))

    def shown(self, call: Any, *args: Any, **named: Any) -> SimpleNamespace:
        """Call something that displays once and return what it displayed."""
        call(*args, **named)
        (output,) = self.outputs
        self.outputs.clear()
        return output


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    screen = Screen()
    for module in ("figures", "recording", "tables"):
        monkeypatch.setattr(f"kompendium.notebook.{module}.display", screen.display)
    return screen


@pytest.fixture
def axes() -> Any:
    style()
    _, axes = plt.subplots(figsize=(3, 2))
    axes.bar(["a", "b"], [0.25, 0.5])
    percent_axis(axes)
    return axes


def test_a_figure_carries_its_texts_and_its_size_and_is_closed(axes: Any, screen: Screen) -> None:
    output = screen.shown(figure, axes, caption="Andel", alt="To søyler")
    assert output.data["text/plain"] == "To søyler"
    texts = {"fig-cap": "Andel", "fig-alt": "To søyler"}
    assert output.metadata["kompendium"] == {"made": "figure", **texts}
    png = base64.b64decode(output.data["image/png"])
    assert int.from_bytes(png[16:20], "big") == 3 * DPI
    assert output.metadata["image/png"] == {"width": 300, "height": 200}
    assert not plt.get_fignums()


def test_a_figure_carries_the_numbers_it_draws(axes: Any, screen: Screen) -> None:
    data = {"Svar": ["a", "b"], "Andel": [0.25, 0.5]}
    output = screen.shown(figure, axes, caption="Andel", alt="To søyler", data=data)
    assert json.loads(output.metadata["drawn"]) == {
        "columns": ["Svar", "Andel"],
        "rows": [["a", 0.25], ["b", 0.5]],
    }


def test_a_figure_of_respondents_is_refused_before_it_is_drawn(axes: Any, screen: Screen) -> None:
    with pytest.raises(DisclosureError, match="respondents"):
        figure(axes, caption="a", alt="b", data=Rows({"svar": [1]}))
    assert not screen.outputs
    plt.close(axes.figure)


def test_the_same_figure_twice_is_the_same_bytes(axes: Any, screen: Screen) -> None:
    first = screen.shown(figure, axes, caption="a", alt="b").data["image/png"]
    assert screen.shown(figure, axes, caption="a", alt="b").data["image/png"] == first


@pytest.mark.parametrize(("caption", "alt"), [("", "b"), ("a", " ")])
def test_a_figure_that_only_some_can_read_is_refused(axes: Any, caption: str, alt: str) -> None:
    with pytest.raises(ValueError, match="alternative text"):
        figure(axes, caption=caption, alt=alt)
    plt.close(axes.figure)


def test_axes_of_shares_are_norwegian_percentages(axes: Any, screen: Screen) -> None:
    assert axes.yaxis.get_major_formatter()(0.25) == "25\u00a0%"
    plt.close(axes.figure)


def test_recording_carries_results_and_shows_the_verdict(
    compendium: Compendium, screen: Screen
) -> None:
    output = screen.shown(record, {"prove.svar": computed(276 / 437, "register")})
    assert output.data[MIME] == {"prove.svar": {"evidence": "register", "value": 0.631578947368}}
    assert "✓ reprodusert" in output.data["text/markdown"]
    assert "63,2\u00a0%" in output.data["text/markdown"]


def test_an_illustration_is_shown_as_one_and_without_a_verdict(
    compendium: Compendium, screen: Screen
) -> None:
    output = screen.shown(record, {"prove.sertifisert": computed(0.8, "illustration")})
    text = output.data["text/markdown"]
    assert "illustrasjon" in text
    assert "dom-" not in text


def test_a_result_of_respondents_that_the_gate_has_not_released_is_refused(
    compendium: Compendium, screen: Screen
) -> None:
    with pytest.raises(DisclosureError, match=r"prove\.svar .* not released"):
        record({"prove.svar": computed(0.63, "survey")})
    assert not screen.outputs


def test_an_unknown_finding_is_refused_before_anything_is_shown(
    compendium: Compendium, screen: Screen
) -> None:
    with pytest.raises(KeyError, match=r"borte\.vekk"):
        record({"borte.vekk": computed(1, "register")})
    assert not screen.outputs


def test_tables_and_paragraphs_are_markdown(screen: Screen) -> None:
    output = screen.shown(table, pd.DataFrame({"A": ["x"]}), caption="Tittel")
    assert output.metadata["kompendium"] == {"made": "table", "tbl-cap": "Tittel"}
    assert output.metadata["drawn"] == '{"columns":["A"],"rows":[["x"]]}'
    assert output.data["text/markdown"].startswith("| A |")
    assert screen.shown(prose, "Et *avsnitt*.").data["text/markdown"] == "Et *avsnitt*."
