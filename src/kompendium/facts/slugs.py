"""Slugs: what is left of any text that may become a file name and an address.

A slug holds nothing but ``a-z``, ``0-9`` and single hyphens, so no value can lead out of a
folder, hide a file or need quoting in a shell.
"""

import re
from hashlib import sha256
from unicodedata import normalize

LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss"})
"""Letters that are no Latin letter with a mark, and «å», which is written «a» in file names."""

LONGEST = 40
"""Characters of a slug; the rest of a longer text stands as a short hash."""

DIGEST = 8


def slug(text: str) -> str:
    """Give ``text`` as a slug: «St. Hanshaugen» is ``st-hanshaugen``; a minus sign is told.

    Texts without any letter or digit, and those longer than 40 characters, end in a hash, so
    that two of them do not become one.
    """
    plain = re.sub(r"^\s*[-−](?=[\d.])", "minus ", text).casefold().translate(LETTERS)
    plain = normalize("NFKD", plain).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if made and len(made) <= LONGEST:
        return made
    digest = sha256(text.encode()).hexdigest()[:DIGEST]
    return "-".join(part for part in (made[:LONGEST].strip("-"), digest) if part)
