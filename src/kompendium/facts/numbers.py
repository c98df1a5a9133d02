"""Numbers as the book prints them, so that no notebook formats one by hand.

Norwegian form follows Statistics Norway: decimal comma, hard space (U+00A0) as thousands
separator and before the percent sign. Babel supplies the rules for each language; it is imported
where a number is written, so that commands that write none do not wait for it.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from kompendium.facts.language import Language, current, either

HARD_SPACE = "\u00a0"
MINUS = "\u2212"
MISSING = ".."
"""Statistics Norway's sign for a figure that is missing."""


def _locale(lang: str | None) -> str:
    """The locale of a language, or of the one in use; British English, as the texts are."""
    return "nb" if (lang or current()) == Language.NORWEGIAN else "en_GB"


@cache
def _pattern(decimals: int, sign: str = "") -> Any:
    """The form of a number as Babel reads it (``NumberPattern``), read once."""
    from babel.numbers import parse_pattern

    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else "") + sign)


def number(value: float, decimals: int = 0, lang: str | None = None) -> str:
    """Write a number with fixed decimals: ``number(5328212)`` is ``5 328 212``."""
    from babel.numbers import format_decimal

    text = str(format_decimal(value, format=_pattern(decimals), locale=_locale(lang)))
    return text.replace("-", MINUS)


def percent(value: float, decimals: int = 1, lang: str | None = None) -> str:
    """Write a share (0 to 1) with the percent sign: ``percent(0.632)`` is ``63,2 %``."""
    from babel.numbers import format_percent

    space = either(HARD_SPACE, "", lang)
    form = _pattern(decimals, f"{space}%")
    return str(format_percent(value, format=form, locale=_locale(lang))).replace("-", MINUS)


def in_words(value: float, decimals: int = 0, lang: str | None = None) -> str:
    """Write a share for running text: ``in_words(0.63)`` is ``63 prosent``."""
    word = either("prosent", "per cent", lang)
    return f"{number(100 * value, decimals, lang)}{HARD_SPACE}{word}"


def points(value: float, decimals: int = 1, lang: str | None = None) -> str:
    """Write a difference of shares in percentage points: ``3,6 prosentpoeng``."""
    word = either("prosentpoeng", "percentage points", lang)
    return f"{number(100 * value, decimals, lang)}{HARD_SPACE}{word}"


def span(low: float, high: float, decimals: int = 1, lang: str | None = None) -> str:
    """Write a range of shares with an en dash: ``span(0.595, 0.667)`` is ``59,5–66,7 %``."""
    return f"{number(100 * low, decimals, lang)}–{percent(high, decimals, lang)}"


def span_in_words(low: float, high: float, decimals: int = 1, lang: str | None = None) -> str:
    """Write a range of shares for running text: ``47,5–78,1 prosent``."""
    return f"{number(100 * low, decimals, lang)}–{in_words(high, decimals, lang)}"


def p_value(value: float, lang: str | None = None) -> str:
    """Write a p-value: ``p = 0,024``, or ``p < 0,001`` where it is smaller than that."""
    least = 0.001
    if value < least:
        return f"p{HARD_SPACE}<{HARD_SPACE}{number(least, 3, lang)}"
    return f"p{HARD_SPACE}={HARD_SPACE}{number(value, 3, lang)}"


NUMERALS = (
    *("null", "én", "to", "tre", "fire", "fem", "seks"),
    *("sju", "åtte", "ni", "ti", "elleve", "tolv"),
)
ENGLISH_NUMERALS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def numeral(value: int, neuter: bool = False) -> str:
    """Write a small number as prose does, in letters up to twelve: ``sju``, ``13``.

    ``neuter`` is of Norwegian nouns (``ett kapittel``) and means nothing in English.
    """
    norwegian = current() is Language.NORWEGIAN
    if value == 1 and neuter and norwegian:
        return "ett"
    words = NUMERALS if norwegian else ENGLISH_NUMERALS
    return words[value] if 0 <= value < len(words) else number(value)


def counted(value: int, one: str, many: str) -> str:
    """Write a number with its noun in the right form: ``1 kommune``, ``17 kommuner``."""
    return f"{number(value)}{HARD_SPACE}{one if value == 1 else many}"


def listing(items: Iterable[object], lang: str | None = None) -> str:
    """Join items as a sentence does: ``Volda, Stange og Asker``."""
    from babel.lists import format_list

    return str(format_list([str(item) for item in items], locale=_locale(lang)))
