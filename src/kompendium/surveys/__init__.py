"""Surveys: what was asked, who answered, and what of it may be shown."""

from kompendium.surveys.codebook import Answer, Codebook, Part, Variable, codebook
from kompendium.surveys.disclosure import HIDDEN, DisclosureError, shown
from kompendium.surveys.respondents import has_respondents, respondents

__all__ = [
    "HIDDEN",
    "Answer",
    "Codebook",
    "DisclosureError",
    "Part",
    "Variable",
    "codebook",
    "has_respondents",
    "respondents",
    "shown",
]
