"""Figures and tables held against each other by what they show, not by their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from kompendium.publication.cells import Cell, Json, cells, drawn, joined
from kompendium.publication.changes import grids
from kompendium.publication.changes.grids import Grid
from kompendium.publication.changes.model import Aspect, Basis, Change, Kind

PICTURES = ("image/png", "image/svg+xml", "image/jpeg")
KINDS = {"fig": Kind.FIGURE, "tbl": Kind.TABLE}
_NUMBER = re.compile(r"\d+(?:[.,\u00a0]\d+)*")


@dataclass(frozen=True)
class Exhibit:
    """A figure or table of a chapter: the best that is known of what it shows."""

    run: str
    label: str
    texts: Mapping[str, str]
    data: Grid | None
    printed: Grid | None
    picture: str

    @property
    def kind(self) -> Kind:
        """Figure or table."""
        return KINDS[self.label[:3]]

    @property
    def caption(self) -> str:
        """What readers call it."""
        return self.texts.get("fig-cap") or self.texts.get("tbl-cap") or ""


def exhibits(run: str, notebook: Json) -> Iterator[Exhibit]:
    """Every labelled figure and table of an executed notebook that a reader is shown."""
    for cell in cells(notebook):
        if cell.label[:3] in KINDS and cell.shows("include"):
            yield _exhibit(run, cell)


def _exhibit(run: str, cell: Cell) -> Exhibit:
    data: Grid | None = None
    printed: Grid | None = None
    picture = ""
    for output in cell.raw.get("outputs", ()):
        forms: dict[str, Any] = output.get("data", {})
        data = data or grids.of_json(drawn(output))
        printed = printed or grids.of_markdown(joined(forms.get("text/markdown", "")))
        form = next((one for one in PICTURES if one in forms), None)
        if form and not picture:
            picture = sha256(joined(forms[form]).encode()).hexdigest()
    texts = {name: str(cell.options.get(name) or "") for name in ("fig-cap", "tbl-cap", "fig-alt")}
    return Exhibit(run, cell.label, texts, data, printed, picture)


def compared(before: Mapping[str, Exhibit], after: Mapping[str, Exhibit]) -> Iterator[Change]:
    """Give one change for each figure or table that shows something else, or is new or gone."""
    for label in dict.fromkeys([*before, *after]):
        one, other = before.get(label), after.get(label)
        shown = other or one
        assert shown is not None
        if one and other:
            found = _difference(one, other)
        else:
            there = Aspect("there", one is not None, other is not None)
            found = Change(shown.kind, label, shown.run, shown.caption, aspects=(there,))
        if found:
            yield found


def _difference(before: Exhibit, after: Exhibit) -> Change | None:
    """What two states of one exhibit show differently, by the best both of them hold."""

    def changed(basis: Basis, *found: tuple[Aspect, ...]) -> Change:
        aspects, rows = (*found, ())[:2]
        told = Change(after.kind, after.label, after.run, after.caption)
        return replace(told, aspects=aspects, rows=rows, basis=basis)

    bases = ((Basis.DATA, before.data, after.data), (Basis.TABLE, before.printed, after.printed))
    basis, one, other = next((held for held in bases if held[1] and held[2]), (None, None, None))
    texts = _texts(before, after)
    if basis and one and other:
        columns, rows = grids.compared(one, other)
        if columns or rows:
            return changed(basis, columns, rows)
    if texts:
        return changed(Basis.TEXT, texts)
    if not basis and before.picture != after.picture:
        return changed(Basis.PICTURE, ())
    return None


def _texts(before: Exhibit, after: Exhibit) -> tuple[Aspect, ...]:
    """The texts in which a number is another; mere words are not results."""
    return tuple(
        Aspect(name, text, after.texts[name])
        for name, text in before.texts.items()
        if _NUMBER.findall(text) != _NUMBER.findall(after.texts[name])
    )
