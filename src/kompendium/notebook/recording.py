"""Findings recorded where they are computed, so that values travel inside the notebook."""

from collections.abc import Mapping

from IPython.display import display

from kompendium.facts.findings import finding
from kompendium.facts.language import either
from kompendium.facts.vocabulary import Evidence
from kompendium.notebook.marks import MADE, METADATA
from kompendium.notebook.tables import pipe_table
from kompendium.register import MIME, Result, badge, computed_text, verdict


def record(results: Mapping[str, Result], lang: str | None = None) -> None:
    """Record results by finding id and show them with their verdicts.

    The cell's output carries the results for the register and a small table for readers.

    Raises, before anything is shown:
        KeyError: an id is not in ``data/findings``.
        DisclosureError: a result rests on real respondents and did not go through the gate.
    """
    _refuse_what_was_not_released(results)
    known = {name: finding(name) for name in results}
    rows = []
    for name, result in results.items():
        one = known[name]
        decided = verdict(one.quantity, result)
        made_up = result.evidence is Evidence.ILLUSTRATION
        mark = Evidence.ILLUSTRATION.word(lang) if made_up else badge(decided, lang)
        rows.append((str(one.statement), one.printed, computed_text(one, result, lang), mark))
    header = (
        *(either("Funn", "Finding", lang), either("Publisert", "Published", lang)),
        *(either("Beregnet", "Computed", lang), either("Dom", "Verdict", lang)),
    )
    text = pipe_table(header, rows, widths=(52, 18, 16, 14))
    content = {name: result.content() for name, result in results.items()}
    display(
        {MIME: content, "text/markdown": text, "text/plain": text},
        raw=True,
        metadata={METADATA: {MADE: "record"}},
    )


def _refuse_what_was_not_released(results: Mapping[str, Result]) -> None:
    """Hold every result of real respondents against what the gate has let out."""
    resting = {name: one for name, one in results.items() if one.evidence is Evidence.SURVEY}
    if not resting:
        return
    from kompendium.surveys import gate  # most notebooks read no survey

    for name, result in resting.items():
        if result.bounds is None or not gate.allows(name, *result.bounds, result.interval):
            raise gate.DisclosureError(
                f"{name} rests on real respondents, but the gate has not released this result: "
                "record what «released()» of the sample gives"
            )
