"""Made-up answers to the small survey of which some must be withheld, and notebooks on them."""

import shutil

import pandas as pd

from kompendium.facts import Compendium, frame
from kompendium.surveys import Codebook, codebook
from tests.surveys.conftest import MINI, numbered

BARE = """\
from kompendium.notebook import prose
from kompendium.statistics import sample
answers = sample("mini")
prose(f"{answers.answered('leder')} svarte.")
print(answers.codes.to_csv())
answers.table.head().to_dict()"""
"""Shows a number through the library, and twice the answers themselves without it."""

TABLE = """\
#| label: tbl-en
from kompendium.notebook import table
from kompendium.statistics import sample
from kompendium.surveys.disclosure import shown
counts = sample("mini").crosstab("sertifisert", "size_class")
table(shown(counts).rename_axis("Svar").reset_index(), caption="Etter størrelse.")"""
"""Shows a table of which the gate withholds some cells."""

SHARE = """\
from kompendium.notebook import percent, prose
from kompendium.statistics import sample
one = sample("mini").share_of("sertifisert", 1, least=10000, below=20000)
prose(f"Andelen er {percent(one.value)} av {one.base}.")"""
"""Shows a share that gives away, together with ``TABLE``, what is withheld there."""


def answered(compendium: Compendium) -> Codebook:
    """Put in the survey, with 3 of the smallest units not certified and 10 of a middle class.

    FIXTURE, not real respondents.
    """
    shutil.copy(MINI / "findings.yml", compendium.findings / "mini.yml")
    (compendium.surveys / "mini").mkdir()
    shutil.copy(MINI / "codebook.yml", compendium.surveys / "mini")
    mini = codebook("mini")
    table = numbered(mini)
    units = frame(mini.frame).set_index("number")["population"]
    size = pd.cut(table["unit"].map(units), [0, 2000, 10000, 20000, 10**7], right=False)
    heads = table.index[table["role"] == "leder"]
    table.loc[heads, "sertifisert"] = 1
    for place, number in ((0, 3), (1, 12), (2, 6), (3, 7)):
        inside = heads[size[heads] == size.cat.categories[place]]
        table.loc[inside[:number], "sertifisert"] = 2
    table.to_csv(compendium.surveys / "mini" / "respondents.csv", sep=";", index=False)
    return mini
