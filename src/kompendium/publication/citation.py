"""How the book, a chapter and a single finding are cited: as text, BibTeX and RIS.

What is said comes from ``CITATION.cff`` (who), the book's configuration (what it is called and
where it lies) and the edition (which, and of when). A working copy has no date, so its references
say that there is none: the same content gives the same book whatever the day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kompendium.publication.configuration import Configuration
from kompendium.publication.editions.citation import Citation, Entity, Person
from kompendium.publication.editions.identity import Identity, title

WORDS = {
    "nb": {"undated": "u.å.", "in": "I", "edition": "utg.", "and": "&", "language": "norsk"},
    "en": {"undated": "n.d.", "in": "In", "edition": "ed.", "and": "&", "language": "english"},
}
"""Words of a reference in APA's form, and the language's name in BibTeX."""

LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "_": r"\_",
        "%": r"\%",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\u00a0": "~",
    }
)
"""What TeX would read as something else than the sign; other letters are UTF-8."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""BibTeX's own names of the months, which styles write out in their language."""


class Part(StrEnum):
    """What is cited, by the name RIS has for it."""

    BOOK = "BOOK"
    CHAPTER = "CHAP"


@dataclass(frozen=True)
class Author:
    """Who is cited: a person by family name and given names, or who has one name (``family``)."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def full(self) -> str:
        """The whole name, sorted by: ``Hansen, Kari``."""
        return ", ".join(filter(None, [self.family, self.given, self.suffix]))

    @property
    def initials(self) -> str:
        """The given names as lists of references have them: ``K.-A. M.``."""
        names = (filter(None, name.split("-")) for name in self.given.split())
        return " ".join("-".join(f"{one[0]}." for one in name) for name in names)


@dataclass(frozen=True)
class Imprint:
    """What every reference to a book shares.

    ``edition`` is an edition's number, or empty; ``day`` its date in ISO form, or empty.
    ``address`` ends in a slash, or is empty where nobody has said where the book lies.
    """

    title: str
    subtitle: str
    authors: tuple[Author, ...]
    language: str
    edition: str = ""
    day: str = ""
    address: str = ""
    doi: str = ""
    label: str = ""

    @property
    def whole_title(self) -> str:
        """Title and subtitle as one."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title


@dataclass(frozen=True)
class Reference:
    """A reference to a book or to a part of it: a chapter, or a finding in one."""

    imprint: Imprint
    key: str
    title: str = ""
    page: str = ""
    note: str = ""

    @property
    def part(self) -> Part:
        """Whether all of the book is cited."""
        return Part.CHAPTER if self.title else Part.BOOK

    @property
    def address(self) -> str:
        """Where it lies; empty where nobody has said."""
        return f"{self.imprint.address}{self.page}" if self.imprint.address else ""

    def text(self) -> str:
        """The reference as a list of references in APA's form has it."""
        imprint, words = self.imprint, _words(self.imprint.language)
        year = imprint.day[:4] or words["undated"]
        label = (
            f"{words['edition']} {imprint.edition}" if imprint.edition else imprint.label.lower()
        )
        book = f"{imprint.whole_title} ({label})"
        note = f" [{self.note}]" if self.note else ""
        named = f"{self.title}{note}. {words['in']} {book}" if self.title else f"{book}{note}"
        authors = _listed([_printed(one) for one in imprint.authors], words["and"])
        # A name that ends in an initial has its full stop already.
        before = f"{authors.rstrip('.')}. ({year})." if authors else f"({year})."
        places = [f"https://doi.org/{imprint.doi}" if imprint.doi else "", self.address]
        # The DOI leads to the book; a part of it is found by its own address, where it has one.
        where = next(filter(None, reversed(places) if self.title else places), "")
        return f"{before} {named}." + (f" {where}" if where else "")

    def bibtex(self) -> str:
        """The reference as an entry of BibTeX; titles are kept from being put in lower case."""
        imprint = self.imprint
        fields = {
            "author": " and ".join(_bibtex_name(one) for one in imprint.authors),
            "title": f"{{{_latex(self.title or imprint.whole_title)}}}",
            "booktitle": f"{{{_latex(imprint.whole_title)}}}" if self.title else "",
            "edition": _latex(imprint.edition),
            "year": imprint.day[:4],
            "month": imprint.day and MONTHS[int(imprint.day[5:7]) - 1],
            "day": imprint.day[8:].lstrip("0"),
            "doi": imprint.doi,
            "url": self.address,
            "note": _latex(". ".join(filter(None, [self.note, self._unreleased]))),
            "langid": _words(imprint.language)["language"],
        }
        kind = "incollection" if self.title else "book"
        lines = [
            f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
            for name, value in fields.items()
            if value
        ]
        return "\n".join([f"@{kind}{{{self.key},", *lines, "}"]) + "\n"

    def ris(self) -> str:
        """The reference as a record of RIS: a tag a line, which end in CR and LF."""
        imprint = self.imprint
        fields = [
            ("TY", self.part),
            *(("AU", _ris_name(one)) for one in imprint.authors),
            ("TI", self.title or imprint.whole_title),
            ("T2", imprint.whole_title if self.title else ""),
            ("ET", imprint.edition),
            ("PY", imprint.day[:4]),
            ("DA", imprint.day and imprint.day.replace("-", "/") + "/"),
            ("DO", imprint.doi),
            ("UR", self.address),
            ("N1", ". ".join(filter(None, [self.note, self._unreleased]))),
            ("LA", imprint.language),
            ("ER", None),
        ]
        lines = [f"{tag}  - {_one_line(value or '')}" for tag, value in fields if value != ""]
        return "".join(f"{line}\r\n" for line in lines)

    @property
    def _unreleased(self) -> str:
        """What a working copy is called, which stands for the edition it has not."""
        return "" if self.imprint.edition else self.imprint.label


def imprint(
    configuration: Configuration,
    cited: Citation | None,
    identity: Identity | None,
    address: str = "",
) -> Imprint:
    """Put together what references to a book share.

    The authors are those on the title page, in the book's language; ``CITATION.cff`` knows which
    of them are persons. Where the title page names none, its own authors stand.
    """
    book, language = configuration.book, configuration.lang.split("-")[0]
    known = cited.authors if cited else ()
    persons = {
        " ".join(filter(None, [one.given, one.family, one.suffix])): one
        for one in map(_author, known)
    }
    named = [persons.get(name, Author(name)) for name in book.authors]
    return Imprint(
        title=book.title,
        subtitle=book.subtitle,
        authors=tuple(named or [_author(one) for one in known]),
        language=language,
        edition=str(identity.number) if identity else "",
        day=identity.date.isoformat() if identity else "",
        address=address,
        doi=(cited.doi or "") if cited else "",
        label=title(None, language),
    )


def _author(one: Person | Entity) -> Author:
    if isinstance(one, Entity):
        return Author(one.name)
    family = " ".join(filter(None, [one.name_particle, one.family_names]))
    return Author(family, one.given_names or "", one.name_suffix or "")


def _words(language: str) -> dict[str, str]:
    return WORDS.get(language, WORDS["nb"])


def _printed(author: Author) -> str:
    return ", ".join(filter(None, [author.family, author.initials, author.suffix]))


def _listed(names: Sequence[str], joint: str) -> str:
    return f" {joint} ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def _bibtex_name(author: Author) -> str:
    """A name for BibTeX: what is no person's name stays in one piece."""
    if author.given:
        return ", ".join(_latex(one) for one in (author.family, author.suffix, author.given) if one)
    return f"{{{_latex(author.family)}}}"


def _ris_name(author: Author) -> str:
    """A name for RIS, which lets no asterisk stand in one."""
    return author.full.replace("*", "")


def _latex(text: str) -> str:
    return _one_line(text).translate(LATEX)


def _one_line(text: str) -> str:
    """Text without line breaks and control characters; hard spaces stay."""
    return re.sub(r"[ \x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).strip()
