"""What the notebooks computed, held against what was published."""

from kompendium.register.collection import Entry, RegisterError, results_in
from kompendium.register.listing import current, explanation, update
from kompendium.register.results import MIME, Result, bounded, computed
from kompendium.register.verdicts import badge, computed_text, strongest, verdict

__all__ = [
    "MIME",
    "Entry",
    "RegisterError",
    "Result",
    "badge",
    "bounded",
    "computed",
    "computed_text",
    "current",
    "explanation",
    "results_in",
    "strongest",
    "update",
    "verdict",
]
