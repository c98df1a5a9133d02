"""The English edition's texts: what of a chapter is text, its translations, and what is amiss.

Norwegian stays where it is written, in the notebooks. Beside each notebook lies a gettext
catalogue with every Norwegian text and its translation side by side (``syntese.en.po``), which
any translation editor opens. A translated notebook is the same notebook with other texts, so
that it computes the same numbers.
"""

from kompendium.translation.catalogues import Catalogue, catalogue_of
from kompendium.translation.faults import faults
from kompendium.translation.notebooks import messages, translated
from kompendium.translation.sources import Source, problems, sources

__all__ = [
    "Catalogue",
    "Source",
    "catalogue_of",
    "faults",
    "messages",
    "problems",
    "sources",
    "translated",
]
