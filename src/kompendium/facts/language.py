"""The language a notebook is run in: Norwegian, unless its parameter ``lang`` says otherwise.

A kernel runs one notebook in one language, so the language is a setting of the process. It
decides how numbers are written and which of two texts the library shows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class Language(StrEnum):
    """The languages of the book."""

    NORWEGIAN = "nb"
    ENGLISH = "en"


_chosen = [Language.NORWEGIAN]


def use(lang: str) -> None:
    """Write numbers and the library's own texts in this language from here on.

    Raises ValueError for a language the book is not made in.
    """
    _chosen[0] = Language(lang)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Use a language for as long as something takes, and then again the one before.

    A language or region the book is not made in (``nn``) leaves the one in use.
    """
    before = current()
    code = lang.split("-")[0]
    use(code if code in set(Language) else before)
    try:
        yield
    finally:
        use(before)


def current() -> Language:
    """The language in use."""
    return _chosen[0]


def either(nb: str, en: str, lang: str | None = None) -> str:
    """Choose the text in the language in use, or in the one that is named."""
    return nb if (lang or current()) == Language.NORWEGIAN else en
