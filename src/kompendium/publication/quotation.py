"""Quotation marks as they are typed, so that texts set by different publishers are compared."""

_TYPED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def typed(text: str) -> str:
    """A text with the typewriter's marks for the typographic ones of English."""
    return text.translate(_TYPED)
