"""Findings recorded where they are computed, so that values travel inside the notebook."""

from collections.abc import Mapping

from IPython.display import display

from kompendium.facts.findings import finding
from kompendium.facts.vocabulary import Evidence
from kompendium.notebook.tables import pipe_table
from kompendium.register import MIME, Result, badge, computed_text, verdict


def record(results: Mapping[str, Result], lang: str = "nb") -> None:
    """Record results by finding id and show them with their verdicts.

    The cell's output carries the results for the register and a small table for readers.
    Raises KeyError for an id that is not in ``data/findings``, before anything is shown.
    """
    known = {name: finding(name) for name in results}
    rows = []
    for name, result in results.items():
        one = known[name]
        decided = verdict(one.quantity, result)
        mark = "illustrasjon" if result.evidence is Evidence.ILLUSTRATION else badge(decided, lang)
        rows.append((str(one.statement), one.printed, computed_text(one, result, lang), mark))
    text = pipe_table(("Funn", "Publisert", "Beregnet", "Dom"), rows, widths=(52, 18, 16, 14))
    content = {name: result.content() for name, result in results.items()}
    display({MIME: content, "text/markdown": text, "text/plain": text}, raw=True)
