"""Numbers as the book prints them, so that no notebook formats one by hand.

Norwegian form follows Statistics Norway: decimal comma, hard space (U+00A0) as thousands
separator and before the percent sign. Babel supplies the rules for each language.
"""

from babel.numbers import format_decimal, format_percent

HARD_SPACE = "\u00a0"
MINUS = "\u2212"
MISSING = ".."
"""Statistics Norway's sign for a figure that is missing."""


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def number(value: float, decimals: int = 0, lang: str = "nb") -> str:
    """Write a number with fixed decimals: ``number(5328212)`` is ``5 328 212``."""
    text = str(format_decimal(value, format=_pattern(decimals), locale=lang))
    return text.replace("-", MINUS)


def percent(value: float, decimals: int = 1, lang: str = "nb") -> str:
    """Write a share (0 to 1) with the percent sign: ``percent(0.632)`` is ``63,2 %``."""
    space = HARD_SPACE if lang == "nb" else ""
    pattern = f"{_pattern(decimals)}{space}%"
    return str(format_percent(value, format=pattern, locale=lang)).replace("-", MINUS)


def in_words(value: float, decimals: int = 0, lang: str = "nb") -> str:
    """Write a share for running text: ``in_words(0.63)`` is ``63 prosent``."""
    word = "prosent" if lang == "nb" else "per cent"
    return f"{number(100 * value, decimals, lang)}{HARD_SPACE}{word}"


def points(value: float, decimals: int = 1, lang: str = "nb") -> str:
    """Write a difference of shares in percentage points: ``3,6 prosentpoeng``."""
    word = "prosentpoeng" if lang == "nb" else "percentage points"
    return f"{number(100 * value, decimals, lang)}{HARD_SPACE}{word}"


def span(low: float, high: float, decimals: int = 1, lang: str = "nb") -> str:
    """Write a range of shares with an en dash: ``span(0.595, 0.667)`` is ``59,5–66,7 %``."""
    return f"{number(100 * low, decimals, lang)}–{percent(high, decimals, lang)}"
