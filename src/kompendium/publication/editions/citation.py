"""Who made the compendium and how it is cited: ``CITATION.cff``, read strictly and written anew.

The form is Citation File Format 1.2. What it does not know is refused, as its own schema does:
a misspelt ``orcid`` would otherwise be left out of every citation in silence.
"""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Annotated, Any, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field

from kompendium.facts.documents import load
from kompendium.facts.paths import Compendium

NAME = "CITATION.cff"

SHARED = ("doi", "url", "repository-code", "license")
"""What of the compendium's citation also holds for the book."""

Text = Annotated[str, Field(min_length=1)]
Orcid = Annotated[str, Field(pattern=r"^https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")]
Doi = Annotated[str, Field(pattern=r"^10\.\d{4,9}(\.\d+)?/\S+$")]
Day = date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class _Cff(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-")
    )


class _Reachable(_Cff):
    address: Text | None = None
    alias: Text | None = None
    city: Text | None = None
    country: Text | None = None
    email: Text | None = None
    fax: Text | None = None
    orcid: Orcid | None = None
    post_code: Text | int | None = None
    region: Text | None = None
    tel: Text | None = None
    website: AnyHttpUrl | None = None


class Entity(_Reachable):
    """An organisation, a project or a conference."""

    name: Text
    date_start: Day | None = None
    date_end: Day | None = None
    location: Text | None = None

    @property
    def cited(self) -> str:
        """The name as lists of references have it."""
        return self.name


class Person(_Reachable):
    """A person."""

    family_names: Text
    given_names: Text | None = None
    name_particle: Text | None = None
    name_suffix: Text | None = None
    affiliation: Text | None = None

    @property
    def cited(self) -> str:
        """The name as lists of references have it: ``Hansen, Kari``."""
        family = " ".join(filter(None, [self.name_particle, self.family_names]))
        return ", ".join(filter(None, [family, self.given_names, self.name_suffix]))


class Identifier(_Cff):
    """Another name of the work, of a known kind."""

    type: Literal["doi", "url", "swh", "other"]
    value: Text
    description: Text | None = None


class Citation(_Cff):
    """``CITATION.cff``; references to other works are taken as they are."""

    cff_version: Literal["1.2.0"]
    message: Text
    title: Text
    authors: tuple[Person | Entity, ...] = Field(min_length=1)
    type: Literal["software", "dataset"] = "software"
    abstract: Text | None = None
    commit: Text | None = None
    contact: tuple[Person | Entity, ...] = ()
    date_released: Day | None = None
    doi: Doi | None = None
    identifiers: tuple[Identifier, ...] = ()
    keywords: tuple[Text, ...] = ()
    license: Text | tuple[Text, ...]
    license_url: AnyHttpUrl | None = None
    preferred_citation: dict[str, Any] | None = None
    references: tuple[dict[str, Any], ...] = ()
    repository: AnyHttpUrl | None = None
    repository_artifact: AnyHttpUrl | None = None
    repository_code: AnyHttpUrl | None = None
    url: AnyHttpUrl | None = None
    version: Text | float | None = None

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licences, by their SPDX names."""
        return (self.license,) if isinstance(self.license, str) else self.license

    def written(self) -> dict[str, Any]:
        """The citation as CFF's keys and plain values, without what is empty."""
        plain = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {name: one for name, one in plain.items() if one != []}


def citation(compendium: Compendium) -> Citation:
    """Read the compendium's own ``CITATION.cff``.

    Raises:
        InputError: it is not there or is wrong; carries every problem with its line.
    """
    return load(compendium.root / NAME, Citation)


def of_edition(
    source: Citation, number: str, day: date, commit: str, title: str, publisher: str
) -> str:
    """Write the citation of an edition: the compendium's, with number, date and commit.

    CFF itself knows software and data sets only, so the book stands as what to cite rather,
    unless the compendium names something else there.
    """
    from ruamel.yaml import YAML

    told = source.written()
    book: dict[str, Any] = {
        "type": "book",
        "title": title,
        "authors": told["authors"],
        "edition": number,
        "year": day.year,
        "date-released": day.isoformat(),
    }
    book |= {"publisher": {"name": publisher}} if publisher else {}
    book |= {key: told[key] for key in SHARED if key in told}
    own = {"version": number, "date-released": day.isoformat(), "commit": commit}
    stream = StringIO()
    yaml = YAML()
    yaml.representer.ignore_aliases = lambda _: True
    yaml.dump({**told, **own, "preferred-citation": told.get("preferred-citation", book)}, stream)
    return stream.getvalue()
