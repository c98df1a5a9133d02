"""The lists of the fact sheets' site: every unit by county and by size, missing sheets named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from unicodedata import normalize

from kompendium.facts.numbers import number
from kompendium.facts.slugs import slug

NAMED = 12
"""Missing sheets named in the notice; all are marked in the lists."""

SEARCH = """\
```{=html}
<form class="search" role="search" hidden data-one="1 faktaark" data-many="{count} faktaark"
 data-none="Ingen faktaark passer til «{query}».">
<label for="sok">Søk etter navn eller nummer</label>
<input id="sok" type="search" autocomplete="off" spellcheck="false">
<output for="sok" aria-live="polite"></output>
</form>
```
"""
"""The search; it is hidden until the script that makes it work has run."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|@$^~])")
_LAST = str.maketrans({"æ": "{", "ø": "|", "å": "}"})
"""Signs that sort after z, in the order of the Norwegian alphabet."""


@dataclass(frozen=True)
class Sheet:
    """One unit of the frame; ``notebook`` is its executed sheet, None where it is missing.

    ``lacking`` says in Norwegian why it is missing.
    """

    number: str
    name: str
    kind: str
    county: str
    size_class: str
    notebook: Path | None = None
    lacking: str = "ikke laget"

    @property
    def full_name(self) -> str:
        """The name with what a reader would not know of a district."""
        return f"{self.kind} {self.name}" if self.kind == "bydel" else self.name


def collated(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Sheets in the order of the lists: by county and name, as Norwegian sorts them."""
    return sorted(
        sheets, key=lambda one: (_place(one.county), one.county, _place(one.name), one.number)
    )


def by_county(sheets: Sequence[Sheet], frame: int, other: str) -> str:
    """The front page: every unit by county; ``other`` is the address of the list by size."""
    kinds = {kind: sum(one.kind == kind for one in sheets) for kind in ("kommune", "bydel")}
    parts = [
        "# Etter fylke {.unnumbered}",
        f"Her er ett faktaark for hver av de {number(kinds['kommune'])} kommunene og "
        f"{number(kinds['bydel'])} bydelene i Oslo, slik de var i {frame}. Arkene bygger på åpne "
        "tall, og ingenting er svar enheten har gitt. "
        f"Arkene er også ordnet [etter størrelse]({other}).",
        _notice(sheets),
        SEARCH,
    ]
    for county, members in groupby(collated(sheets), key=lambda one: one.county):
        parts.append(f"### {_plain(county)} {{#fylke-{slug(county)}}}")
        parts.append(_listed(members, lambda one: one.size_class))
    return "\n\n".join(part for part in parts if part) + "\n"


def by_size(sheets: Sequence[Sheet], as_of: int, other: str) -> str:
    """The second list: every unit by size class, the smallest first; ``other`` is the first."""
    parts = [
        "# Etter størrelse {.unnumbered}",
        f"Størrelsesklassene er Statistisk sentralbyrås, etter folketallet 1.\u00a0januar {as_of}. "
        f"Arkene er også ordnet [etter fylke]({other}).",
        SEARCH,
    ]
    for size in sorted({one.size_class for one in sheets}, key=_lowest):
        members = [one for one in sheets if one.size_class == size]
        ordered = sorted(members, key=lambda one: (_place(one.name), one.number))
        parts.append(f"## {_capital(size)} innbyggere {{#klasse-{slug(size)} .unnumbered}}")
        parts.append(_listed(ordered, lambda one: one.county))
    return "\n\n".join(parts) + "\n"


def _listed(sheets: Iterable[Sheet], about: Callable[[Sheet], str]) -> str:
    lines = []
    for one in sheets:
        name = _plain(_capital(one.full_name))
        linked = f"[{name}]({one.number}.html)" if one.notebook else f"[{name}]{{.missing}}"
        told = about(one) if one.notebook else f"{about(one)}, {one.lacking}"
        lines.append(f"- [{linked} [{one.number}]{{.unit-number}}]{{.key}} [{told}]{{.about}}")
    return "::: {.unit-list}\n" + "\n".join(lines) + "\n:::"


def _notice(sheets: Sequence[Sheet]) -> str:
    """Say how many sheets are missing, and of a few, which."""
    missing = [one for one in collated(sheets) if not one.notebook]
    if not missing:
        return ""
    total = f"{number(len(missing))} av {number(len(sheets))} faktaark mangler"
    names = ", ".join(f"{_plain(one.full_name)} ({one.number})" for one in missing[:NAMED])
    rest = f": {names}" if len(missing) <= NAMED else ""
    return (
        f'::: {{.callout-warning title="{total}"}}\n'
        f"Ark som ikke er laget, står i lista uten lenke{rest}.\n:::"
    )


def _capital(text: str) -> str:
    """Text that begins with a capital."""
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    """Text that Markdown reads as it stands."""
    return _SPECIAL.sub(r"\\\1", text)


def _place(text: str) -> str:
    """What Norwegian sorts by: æ, ø and å last, other marks not counted."""
    kept = text.casefold().translate(_LAST)
    return normalize("NFKD", kept).encode("ascii", "ignore").decode()


def _lowest(size_class: str) -> int:
    """The least population of a size class, from its label."""
    digits = re.match(r"[\d\s]+", size_class)
    return int(re.sub(r"\s", "", digits[0])) if digits else 0
