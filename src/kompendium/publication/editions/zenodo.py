"""An edition described for Zenodo: ``.zenodo.json``, read when a release is archived there."""

from __future__ import annotations

import json
from datetime import date
from html import escape

from kompendium.publication.editions.citation import Citation, Entity, Person
from kompendium.publication.editions.manifest import Notes

NAME = ".zenodo.json"

LANGUAGES = {"nb": "nob", "nn": "nno", "en": "eng"}
"""ISO 639-3, which Zenodo asks for."""

FREE_TEXT = "cc-"
"""How licences of texts begin: an archive has room for one licence, and what is deposited is a
book."""


def written(
    source: Citation,
    number: str,
    day: date,
    title: str,
    description: str,
    notes: Notes,
    language: str,
) -> str:
    """Write Zenodo's description of an edition."""
    paragraphs = [one for one in (description or source.abstract, notes.nb, notes.en) if one]
    told: dict[str, object] = {
        "title": f"{title}, {number}",
        "upload_type": "publication",
        "publication_type": "book",
        "publication_date": day.isoformat(),
        "version": number,
        "language": LANGUAGES.get(language, language),
        "access_right": "open",
        "license": license_of(source),
        "creators": [_creator(one) for one in source.authors],
        "description": "".join(f"<p>{escape(' '.join(one.split()))}</p>" for one in paragraphs),
        "keywords": list(source.keywords),
    }
    if place := source.repository_code:
        relation = {"identifier": str(place), "relation": "isSupplementTo", "scheme": "url"}
        told["related_identifiers"] = [relation]
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def license_of(source: Citation) -> str:
    """The licence of the texts, by the name Zenodo has for it."""
    names = [one.lower() for one in source.licenses]
    return next((one for one in names if one.startswith(FREE_TEXT)), names[0])


def _creator(one: Person | Entity) -> dict[str, str]:
    creator = {"name": one.cited}
    if one.orcid:
        creator["orcid"] = one.orcid.rpartition("/")[2]
    if isinstance(one, Person) and one.affiliation:
        creator["affiliation"] = one.affiliation
    return creator
