"""The verdicts as a whole: how many of each, and which are not the ones on record."""

from collections import Counter
from collections.abc import Sequence

from kompendium.cli.exits import Exit
from kompendium.cli.messages import say
from kompendium.facts.vocabulary import Verdict
from kompendium.register import Entry, explanation


def summary(entries: Sequence[Entry]) -> str:
    """Count the verdicts in one line."""
    counts = Counter(entry.verdict for entry in entries)
    parts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    return f"{len(entries)} findings: {parts}"


def report(entries: Sequence[Entry]) -> Exit:
    """Tell of verdicts that are not the ones on record."""
    surprising = [entry for entry in entries if entry.surprising]
    for entry in surprising:
        say(explanation(entry), "bold red")
    if surprising:
        say("Correct the figure, the notebook, or «expected:» in data/findings.")
    return Exit.VERDICT if surprising else Exit.DONE
