"""The book's page «Endringer»: what each edition changed, and what has changed since the last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kompendium.facts.findings import anchor
from kompendium.facts.numbers import listing
from kompendium.facts.paths import Compendium
from kompendium.facts.vocabulary import Verdict
from kompendium.publication.changes import WORK, Changes, Kind, State, compare, state
from kompendium.publication.changes.telling import FINDINGS, Row, Section, counts, sections
from kompendium.publication.editions import shelf
from kompendium.publication.editions.identity import Identity, written
from kompendium.publication.editions.manifest import Notes
from kompendium.register import badge

TEXTS = {
    "nb": {
        "title": "Endringer",
        "lead": (
            "Her står det som er endret fra én utgave til den neste. Det leseren merker, kommer "
            "først: dommer, verdier, figurer og tabeller. Deretter kommer det resultatene er "
            "laget av. Det er resultatene som er sammenlignet, ikke filene: En figur som bare er "
            "tegnet annerledes, og et tall som er endret i niende siffer, regnes som like."
        ),
        "none": "Boka er ikke utgitt ennå, så det er ingen utgave å sammenligne med.",
        "first": "Utgave {after} er den første, så det er ingen tidligere å sammenligne med.",
        "between": "Fra utgave {before} til utgave {after}",
        "since": "Siden utgave {before}",
        "released": "Utgave {number} kom {date}.",
        "working": "Arbeidsutgaven er under arbeid og kan endres fram til neste utgave.",
        "same": "Ingenting er endret.",
        "same-results": "Resultatene er de samme. Det som er endret: {found}.",
        "found": "Det som er endret: {found}.",
        "unknown": "Det er ikke kjent hva resultatene i {names} var laget av, så data, kode og "
        "programvare er ikke sammenlignet.",
        "work": "Arbeidsutgave",
        "edition": "Utgave {number}",
        "finding": "Funn",
        "more": "Og {count} til.",
        "quoted": "",
    },
    "en": {
        "title": "Changes",
        "lead": (
            "What has changed from one edition to the next. What readers notice comes first: "
            "verdicts, values, figures and tables. Then comes what the results were made of. "
            "Results are compared, not files: a figure that is only drawn differently, and a "
            "number that changed in its ninth digit, count as the same."
        ),
        "none": "The book has not been released yet, so there is no edition to compare with.",
        "first": "Edition {after} is the first, so there is none before it to compare with.",
        "between": "From edition {before} to edition {after}",
        "since": "Since edition {before}",
        "released": "Edition {number} came on {date}.",
        "working": "The working copy may change until the next edition.",
        "same": "Nothing has changed.",
        "same-results": "The results are the same. What has changed: {found}.",
        "found": "What has changed: {found}.",
        "unknown": "It is not known what the results of {names} were made of, so data, code and "
        "software were not compared.",
        "work": "Working copy",
        "edition": "Edition {number}",
        "finding": "Finding",
        "more": "And {count} more.",
        "quoted": "Captions, rows and columns are those of the Norwegian book.",
    },
}

EDITION, SINCE = "sec-endringer-utgaven", "sec-endringer-siden"
"""Labels of the two sections: what the newest edition changed, and what has changed since."""

SHOWN = (Kind.FIGURE, Kind.TABLE)
"""What is read in the Norwegian notebooks alone: an edition keeps no others."""

_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")
"""Every sign that Markdown might read as something else."""

_WIDTHS = "|----------------------------|----------------|----------------|"


@dataclass(frozen=True)
class Places:
    """Where things that are named lie in this book, as links from the page see it.

    ``register`` is the source of the chapter with every finding, empty where there is none;
    ``labels`` and ``findings`` are what can be led to.
    """

    register: str
    findings: frozenset[str]
    labels: frozenset[str]


def page(compendium: Compendium, released: Identity | None, register: str, lang: str = "nb") -> str:
    """Write the page of the working copy's book, or of an edition that is being made.

    ``register`` is the chapter that lists every finding, as a link from the page names it.
    """
    texts = TEXTS[lang]
    every = shelf.editions(compendium)
    known = [one for one in every if not released or one.identity.number < released.number]
    parts = [f"# {texts['title']} {{#sec-endringer .unnumbered}}"]
    if released is None and not known:
        return "\n\n".join([*parts, texts["none"]]) + "\n"
    parts.append(texts["lead"])
    now = state(compendium, WORK)
    places = Places(register, frozenset(now.findings), frozenset(now.exhibits))
    states = [state(compendium, one.manifest.number) for one in known[:2]]
    newest, earlier = (states[place] if place < len(states) else None for place in (0, 1))
    if released:
        after = replace(now, name=str(released.number))
        parts += _edition(newest, after, released, places, lang, released.notes)
    elif newest:
        told = known[0].manifest.notes
        parts += _edition(earlier, newest, known[0].identity, places, lang, told)
        parts.append(f"## {texts['since'].format(before=newest.name)} {{#{SINCE}}}")
        parts.append(texts["working"])
        parts += _told(compare(newest, now), places, lang, SINCE)
    return "\n\n".join(parts) + "\n"


def _edition(
    before: State | None,
    after: State,
    identity: Identity,
    places: Places,
    lang: str,
    notes: Notes | None,
) -> Iterator[str]:
    """What an edition changed, or that it is the first; and what its own notes say."""
    texts = TEXTS[lang]
    released = texts["released"].format(number=after.name, date=written(identity.date, lang))
    if before is None:
        yield f"{released} {texts['first'].format(after=after.name)}"
        yield from _paragraphs(notes, lang)
        return
    names = {"before": before.name, "after": after.name}
    yield f"## {texts['between'].format(**names)} {{#{EDITION}}}"
    yield released
    yield from _paragraphs(notes, lang)
    yield from _told(compare(before, after), places, lang, EDITION)


def _paragraphs(notes: Notes | None, lang: str) -> Iterator[str]:
    """An edition's notes: plain text, in paragraphs and lists; Norwegian where no other are."""
    if notes is None:
        return
    english = lang == "en" and notes.en
    told = english or notes.nb
    for paragraph in filter(None, re.split(r"\n\s*\n", told.strip())):
        lines = (re.match(r"([-*] )?(.*)", line.strip()) for line in paragraph.splitlines())
        said = "\n".join(f"{'- ' if one[1] else ''}{_plain(one[2])}" for one in lines if one)
        yield said if english or lang == "nb" else f"::: {{lang=nb}}\n{said}\n:::"


def _told(changes: Changes, places: Places, lang: str, name: str) -> Iterator[str]:
    """A summary, and what changed kind by kind; ``name`` is the section's own label."""
    texts = TEXTS[lang]
    found = listing(counts(changes, lang), lang)
    which = "found" if changes.differs else "same-results" if changes.found else "same"
    yield texts[which].format(found=found)
    if silent := {one for names in changes.unknown.values() for one in names}:
        called = [_called(one, lang).lower() for one in sorted(silent)]
        yield texts["unknown"].format(names=listing(called, lang))
    for section in sections(changes, lang):
        yield f"### {section.title} {{#{name}-{section.kind}}}"
        if texts["quoted"] and section.kind in SHOWN:
            yield texts["quoted"]
        if section.kind in FINDINGS and section.kind not in (Kind.REWORDED, Kind.EXPLAINED):
            yield _table(section, changes, places, lang)
        else:
            yield _list(section, places, lang)
        if section.more:
            yield texts["more"].format(count=section.more)


def _table(section: Section, changes: Changes, places: Places, lang: str) -> str:
    """Findings with what stood and what stands, side by side."""
    texts = TEXTS[lang]
    sides = (_called(name, lang) for name in (changes.before, changes.after))
    lines = [f"| {texts['finding']} | {' | '.join(sides)} |", _WIDTHS]
    for row in section.rows:
        cells = (_named(row, places, lang), *(_side(one, lang) for one in (row.before, row.after)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _called(name: str, lang: str) -> str:
    """A state as readers call it."""
    texts = TEXTS[lang]
    return texts["work"] if name == WORK else texts["edition"].format(number=name)


def _list(section: Section, places: Places, lang: str) -> str:
    """Changes as a list, each with its rows under it."""
    lines = []
    shown = section.kind in SHOWN
    for row in section.rows:
        name = _named(row, places, lang) if row.change else _plain(row.name.strip())
        sides = " → ".join(_plain(one) or "–" for one in (row.before, row.after))
        if shown and not row.change:
            sides = _norwegian(sides, lang)
        name = _norwegian(name, lang) if row.quoted else name
        told = sides if row.before or row.after else _plain(row.note)
        lines.append(("- " if row.change else "    - ") + ": ".join(filter(None, [name, told])))
    return "\n".join(lines)


def _named(row: Row, places: Places, lang: str) -> str:
    """What a change is of, as readers know it, with a link where the book leads to it."""
    change = row.change
    assert change is not None
    if change.kind in FINDINGS:
        there = change.what in places.findings and places.register
        named = f"`{change.what}`"
        link = f"[{named}]({places.register}#{anchor(change.what)})" if there else named
        return f"{_plain(change.called(lang))} ({link})"
    if change.kind in SHOWN:
        named = f"@{change.what}" if change.what in places.labels else f"`{change.what}`"
        title = re.split(r"(?<=\.) (?=[A-ZÆØÅ])", change.title)[0].rstrip(".")
        return f"{named} ({_norwegian(_plain(title), lang)})" if title else named
    return f"`{change.what}`"


def _side(text: str, lang: str) -> str:
    """One side of a finding, with the verdict as the book shows verdicts."""
    words = {one.word(lang): one for one in Verdict}
    first, _, rest = text.partition("; ")
    if first not in words:
        return _plain(text) or "–"
    return f"{badge(words[first], lang)} {_plain(rest)}".rstrip()


def _norwegian(text: str, lang: str) -> str:
    """A Norwegian text in a book of a language: marked for who hears it, where that is another."""
    return f"[{text}]{{lang=nb}}" if text and lang != "nb" else text


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(re.split(r"[ \t\r\n]+", text))).strip()
