"""Published wordings told in English, where the English edition speaks of them in running text.

What is printed is Norwegian and stays so in tables of what was published. In a sentence or a
figure «rundt 1 av 3» would say nothing to an English reader: there it is «about 1 of 3», as in
the statements of ``data/findings``. A wording that nothing here can tell is an error, never a
guess.
"""

import re

from kompendium.facts.findings import Finding
from kompendium.facts.language import Language, current
from kompendium.facts.numbers import ENGLISH_NUMERALS, HARD_SPACE, number
from kompendium.facts.wordings import NUMERAL, NUMERALS

WORDS = {
    "rett over halvparten": "just over half",
    "rett under halvparten": "just under half",
    "litt over halvparten": "slightly over half",
    "litt under halvparten": "slightly under half",
    "så vidt over halvparten": "barely over half",
    "så vidt under halvparten": "barely under half",
    "majoriteten": "the majority",
    "flertallet": "the majority",
    "et flertall": "a majority",
    "de fleste": "most",
    "mange": "many",
    "få": "few",
    "svært få": "very few",
    "noen": "some",
    "enkelte": "some",
    "en del": "a number",
    "ingen": "none",
    "alle": "all",
    "samtlige": "all",
    "nesten det dobbelte": "nearly double",
    "nesten dobbelt så mange": "nearly twice as many",
    "nesten dobbelt så mye": "nearly twice as much",
    "i større grad": "to a greater extent",
    "i mindre grad": "to a lesser extent",
    "flere": "more",
    "færre": "fewer",
    "høyere": "higher",
    "lavere": "lower",
    "noe bedre": "somewhat better",
    "bedre": "better",
    "noe lavere": "somewhat lower",
    "noe svakere": "somewhat weaker",
    "svakere": "weaker",
    "høyest": "highest",
    "mest": "most",
    "lavest": "lowest",
    "minst": "least",
    "på linje med": "in line with",
    "tilsvarende": "similar",
    "omtrent som": "about the same as",
    "status: ferdig": "status: completed",
    "status: i rute": "status: on schedule",
    "status: forsinket": "status: delayed",
    "status: ikke påbegynt": "status: not started",
    "kvalitativt: tillit": "in words: trust",
    "kvalitativt: tett oppfølging": "in words: close follow-up",
    "kvalitativt: tidlig kontakt": "in words: early contact",
    "kvalitativt: flerkulturell kompetanse": "in words: multicultural competence",
    "kvalitativt: handlingsrom for ansatte": "in words: room for manoeuvre for staff",
}

NOUNS = {
    "bydel": "district",
    "bydeler": "districts",
    "evalueringer": "evaluations",
    "faser": "phases",
    "funn": "findings",
    "klynger": "clusters",
    "kommune": "municipality",
    "kommuner": "municipalities",
    "nivåer": "levels",
    "representant": "representative",
    "samarbeid": "partnership",
    "sentre": "centres",
    "spørsmål": "questions",
    "steg": "steps",
    "strategier": "strategies",
    "tjenester": "services",
    "år": "years",
}
"""What the published counts are of."""

_ABOUT = r"(?P<about>(?:rundt|om lag|omtrent|cirka) )?"
_PERCENT = re.compile(rf"{_ABOUT}(?P<whole>\d+)(?:,(?P<decimals>\d+))?[ \u00a0]?(?:prosent|%)")
_FRACTION = re.compile(rf"{_ABOUT}(?P<count>{NUMERAL}) av (?P<of>{NUMERAL})")
_COUNT = re.compile(rf"(?P<count>{NUMERAL}) (?P<noun>\w+)")
_OVER = "godt over "
_MONEY = re.compile(r"(?P<count>\d+(?:,\d+)?) mill(?:\.|ioner) kroner")
_YEAR = re.compile(r"år (?P<year>\d{4})")


class NoRenderingError(ValueError):
    """A wording that nothing here can tell in English; add its words."""

    def __init__(self, wording: str) -> None:
        """Name the wording and where its words belong."""
        super().__init__(f"no English for «{wording}»; add it to kompendium.facts.renderings")


def rendered(one: Finding) -> str:
    """The published wording of a finding for running text, in the language in use.

    Raises NoRenderingError where the wording cannot be told in English.
    """
    return one.printed if current() is Language.NORWEGIAN else english(one.published)


def told(wording: str) -> str:
    """A wording in the language in use; raises UnknownWordingError as ``english`` does."""
    return wording if current() is Language.NORWEGIAN else english(wording)


def english(wording: str) -> str:
    """Tell a published wording in English; raises NoRenderingError where that is not known."""
    plain = wording.strip().casefold()
    if plain in WORDS:
        return WORDS[plain]
    if found := _PERCENT.fullmatch(plain):
        decimals = f".{found['decimals']}" if found["decimals"] else ""
        return f"{_about(found)}{found['whole']}{decimals}{HARD_SPACE}per{HARD_SPACE}cent"
    if found := _FRACTION.fullmatch(plain):
        part, whole = _count(found["count"]), _count(found["of"])
        return f"{_about(found)}{part}{HARD_SPACE}of{HARD_SPACE}{whole}"
    if found := _MONEY.fullmatch(plain):
        return f"NOK{HARD_SPACE}{found['count'].replace(',', '.')} million"
    if found := _YEAR.fullmatch(plain):
        return found["year"]
    if plain.startswith(_OVER):
        counted = plain.removeprefix(_OVER)
        return "well over " + (_count(counted) if counted.isdecimal() else english(counted))
    if (found := _COUNT.fullmatch(plain)) and found["noun"] in NOUNS:
        return f"{_count(found['count'])}{HARD_SPACE}{NOUNS[found['noun']]}"
    raise NoRenderingError(wording)


def _about(found: re.Match[str]) -> str:
    return "about " if found["about"] else ""


def _count(text: str) -> str:
    """A count as it was written, in figures or in letters."""
    if text in NUMERALS:
        return ENGLISH_NUMERALS[NUMERALS[text]]
    return number(int(re.sub(r"\D", "", text)), lang=Language.ENGLISH)
