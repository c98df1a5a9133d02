"""The book as schema.org knows books: JSON-LD in the head of each page.

The front page tells of the book, its chapters and the register as a data set; a chapter tells of
itself and names the reports it holds against. Addresses are relative where nobody has said where
the book lies, and lead from each page to the right place all the same.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from kompendium.facts.findings import Report
from kompendium.facts.paths import Compendium
from kompendium.publication import card
from kompendium.publication.book import Book, Chapter
from kompendium.publication.citation import Author, Imprint
from kompendium.publication.headings import title_of
from kompendium.publication.openings import REGISTER

Node = dict[str, Any]

CONTEXT = "https://schema.org"
FRONT = "index.html"
BOOK, REGISTER_DATA = "#bok", "#funnregister"
"""What the two things that are told of more than once are called, on the front page."""

TEXTS = {
    "nb": {
        "register": "Funnregisteret i {title}",
        "described": (
            "{count} publiserte utsagn fra {reports} kilder om integrering og foreldrestøtte i "
            "norske kommuner. Hvert utsagn har ordlyden som er publisert, tallene ordlyden "
            "tillater, det som kan regnes ut av åpne data eller av svar, og en dom."
        ),
        "published": "Ordlyden som er publisert",
        "region": "Tallene ordlyden tillater",
        "value": "Verdien som er regnet ut",
        "low": "Den minste verdien som er mulig, der bare grenser kan regnes ut",
        "high": "Den største verdien som er mulig, der bare grenser kan regnes ut",
        "interval": "Konfidensintervallet til verdien",
        "evidence": "Hva verdien er regnet ut av: svar, register eller regnestykke",
        "verdict": "Dommen: reprodusert, motsagt, forenlig eller ikke testbar",
        "country": "Norge",
    },
    "en": {
        "register": "The register of findings in {title}",
        "described": (
            "{count} published statements from {reports} sources on integration and parental "
            "support in Norwegian municipalities. Each has the wording that was published, the "
            "numbers the wording allows, what can be computed from open data or from answers, "
            "and a verdict."
        ),
        "published": "The wording that was published",
        "region": "The numbers the wording allows",
        "value": "The value that was computed",
        "low": "The least value that is possible, where only bounds can be computed",
        "high": "The greatest value that is possible, where only bounds can be computed",
        "interval": "The confidence interval of the value",
        "evidence": "What the value was computed from: answers, registers or arithmetic",
        "verdict": "The verdict: reproduced, contradicted, compatible or untestable",
        "country": "Norway",
    },
}

VARIABLES = ("published", "region", "value", "low", "high", "interval", "evidence", "verdict")
"""The columns of the register that hold what was found; the others name and explain."""


def written(book: Book, chapter: Chapter, described: str, rights: str) -> str:
    """The JSON-LD of a page; the same book gives the same text."""
    if chapter == book.chapters[0]:
        graph = [_book(book, described, rights)]
        if book.citing.entries:
            graph.append(_register(book, rights))
    else:
        graph = [_chapter(book, chapter, described, rights)]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False)


def _book(book: Book, described: str, rights: str) -> Node:
    imprint = book.citing.imprint
    parts = [
        _named("Chapter", title_of(one), imprint, f"{one.stem}.html", position=place)
        for place, one in enumerate(book.chapters[1:], start=1)
    ]
    return {
        **_work("Book", imprint.title, imprint, rights, f"{FRONT}{BOOK}"),
        "alternativeHeadline": imprint.subtitle,
        **_filled(
            bookEdition=imprint.edition or imprint.label,
            description=described,
            image=f"{imprint.address}{card.NAME}",
            url=imprint.address,
            identifier=f"https://doi.org/{imprint.doi}" if imprint.doi else "",
        ),
        "bookFormat": "https://schema.org/EBook",
        "hasPart": parts,
    }


def _chapter(book: Book, chapter: Chapter, described: str, rights: str) -> Node:
    imprint = book.citing.imprint
    page = f"{chapter.stem}.html"
    title = title_of(chapter)
    own = [one for one in book.citing.entries.values() if one.run == chapter.stem]
    kind = "ScholarlyArticle" if chapter.is_notebook else "WebPage"
    node = {
        **_work(kind, title, imprint, rights, page),
        "headline": title,
        **_filled(
            description=described,
            url=f"{imprint.address}{page}" if imprint.address else "",
            image=f"{imprint.address}{card.NAME}",
        ),
        "position": book.chapters.index(chapter),
        "isPartOf": _named("Book", imprint.whole_title, imprint, f"{FRONT}{BOOK}"),
    }
    if reports := list(_reports(book.compendium, {one.report for one in own})):
        node["isBasedOn"] = [_report(one, imprint.language) for one in reports]
    if chapter.stem == REGISTER and book.citing.entries:
        node["mainEntity"] = {"@id": f"{imprint.address}{FRONT}{REGISTER_DATA}"}
    return node


def _register(book: Book, rights: str) -> Node:
    """The register as a data set that can be downloaded."""
    imprint, entries = book.citing.imprint, book.citing.entries.values()
    texts = TEXTS[imprint.language]
    reports = list(_reports(book.compendium, {one.report for one in entries}))
    years = sorted({year for one in reports for year in re.findall(r"\b\d{4}\b", one.published)})
    files = (("findings.csv", "text/csv"), ("findings.json", "application/json"))
    name = texts["register"].format(title=imprint.title)
    node = {
        **_work("Dataset", name, imprint, rights, f"{FRONT}{REGISTER_DATA}"),
        "description": texts["described"].format(count=len(entries), reports=len(reports)),
        "url": f"{imprint.address}{REGISTER}.html",
        "isPartOf": {"@id": f"{imprint.address}{FRONT}{BOOK}"},
        "spatialCoverage": {"@type": "Country", "name": texts["country"], "identifier": "NO"},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": one, "description": texts[one]} for one in VARIABLES
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": form,
                "contentUrl": f"{imprint.address}{_way_to_results(book)}{file}",
            }
            for file, form in files
        ],
    }
    if years:
        node["temporalCoverage"] = f"{years[0]}/{years[-1]}" if years[1:] else years[0]
    return node


def _way_to_results(book: Book) -> str:
    """The results of an edition lie in its folder, which a translation's pages lie within."""
    if book.edition is None:
        return ""
    own = book.compendium.editions / str(book.edition.number)
    way = os.path.relpath(own, book.place).replace(os.sep, "/")
    return "" if way == "." else f"{way}/"


def _work(kind: str, name: str, imprint: Imprint, rights: str, place: str) -> Node:
    """What is told of every work; ``place`` is its address from the book's."""
    return {
        "@type": kind,
        "@id": f"{imprint.address}{place}",
        "name": name,
        "inLanguage": imprint.language,
        **_filled(license=rights, datePublished=imprint.day, version=imprint.edition),
        "author": [_author(one) for one in imprint.authors],
        "isAccessibleForFree": True,
    }


def _named(kind: str, name: str, imprint: Imprint, place: str, **more: Any) -> Node:
    """A work that another page tells of."""
    return {"@type": kind, "@id": f"{imprint.address}{place}", "name": name, **more}


def _author(author: Author) -> Node:
    if author.given:
        return {"@type": "Person", "familyName": author.family, "givenName": author.given}
    return {"@type": "Organization", "name": author.family}


def _report(report: Report, lang: str) -> Node:
    """A report that a chapter holds against what can be computed."""
    title = report.title.en if lang == "en" else report.title.nb
    return {
        "@type": "Report",
        "name": title,
        "url": report.url,
        "publisher": {"@type": "Organization", "name": report.producer},
        **_filled(datePublished=report.published if report.published[:1].isdigit() else ""),
    }


def _filled(**told: str) -> Node:
    return {name: value for name, value in told.items() if value}


def _reports(compendium: Compendium, wanted: set[str]) -> Iterator[Report]:
    """The reports with these ids, in order."""
    for name in sorted(wanted):
        path = compendium.findings / f"{name}.yml"
        if path.is_file():
            yield _head(path.read_text(encoding="utf-8").partition("\nfindings:")[0])


@cache
def _head(text: str) -> Report:
    """A report from the head of its file: to read all its findings takes a hundred times longer."""
    from ruamel.yaml import YAML

    return Report.model_validate(YAML(typ="safe", pure=True).load(text)["report"])
