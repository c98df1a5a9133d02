"""What a server of kernels does once so that no kernel has to.

It imports what most notebooks call, and parses what they read.
What is parsed is kept by content (``facts.tables``, ``facts.documents``): a notebook still reads
every file it uses, and one that has changed since is parsed anew.
"""

from contextlib import suppress

from kompendium.facts.checklist import checklist
from kompendium.facts.descriptor import DISTRICTS, MUNICIPALITIES, years
from kompendium.facts.documents import InputError
from kompendium.facts.findings import load_reports
from kompendium.facts.frames import frame
from kompendium.facts.language import Language
from kompendium.facts.numbers import listing, number, percent
from kompendium.facts.paths import Compendium, NotACompendium
from kompendium.notebook import figures, maps, recording, tables
from kompendium.statistics import bounds, neighbours

__all__ = ["bounds", "figures", "maps", "neighbours", "prepare", "recording", "tables"]


def prepare() -> None:
    """Parse frames, findings and checklist, and read how both languages write numbers.

    What is wrong or missing there is for the notebooks that read it to tell.
    """
    for lang in Language:
        listing([number(0.5, 1, lang), percent(0.5, lang=lang)], lang)
    with suppress(NotACompendium):
        compendium = Compendium.find()
        for parse in (_frames, _findings, _checklist):
            with suppress(InputError):
                parse(compendium)


def _frames(compendium: Compendium) -> None:
    for year in years(MUNICIPALITIES, compendium).keys() & years(DISTRICTS, compendium).keys():
        frame(year, compendium=compendium)


def _findings(compendium: Compendium) -> None:
    load_reports(compendium.findings)


def _checklist(compendium: Compendium) -> None:
    checklist(compendium=compendium)
