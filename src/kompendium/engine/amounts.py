"""How much of a file has changed since a run read it.

A hash tells that a file is another. To say how much, an outline of what it held is kept: once
for each content, however many runs have read it, and read only where something has changed.
Nothing is decided by it: where it is gone, a change is told without its amount.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from kompendium.engine.ingredients import CHANGED, MISSING, UNSETTLED
from kompendium.engine.outlines import Kind, Parts, outline
from kompendium.engine.records import Record
from kompendium.facts.files import write_atomically
from kompendium.facts.paths import Compendium

FOLDER = "outlines"
"""Where outlines lie in ``outputs``, a file for each file that was read."""

KEPT = 8
"""Contents that are remembered of one file: runs may have been made at different times."""

SHOWN = 3
"""Parts of a file that are named in one message."""


class Amounts:
    """The outlines of a compendium's files, and what has changed in them."""

    def __init__(self, compendium: Compendium) -> None:
        """Read nothing yet."""
        self._compendium = compendium
        self._folder = compendium.outputs / FOLDER
        self._seen: set[tuple[str, str]] = set()
        self.amount = cache(self._amount)

    def keep(self, record: Record) -> None:
        """Keep outlines of what a good run read, as far as it still is what the run read."""
        if record.good is None:
            return
        ingredients = record.good.ingredients
        for name, content in ((record.notebook, ingredients.notebook), *ingredients.files.items()):
            if (name, content) in self._seen or content in (MISSING, UNSETTLED):
                continue
            self._seen.add((name, content))
            known = self._read(name)
            if content in known:
                continue
            found, kind, parts = outline(self._compendium.root / name)
            if found == content:
                last = dict([*known.items()][-KEPT + 1 :])
                text = json.dumps({**last, content: [kind, parts]}, ensure_ascii=False)
                write_atomically(self._place(name), text)

    def _amount(self, name: str, content: str) -> str:
        """Say how a file differs from what it was, in as few words as tell how much."""
        if content not in (known := self._read(name)):
            return CHANGED
        kind, before = known[content]
        _, kind_now, after = outline(self._compendium.root / name)
        if kind != kind_now:
            return CHANGED
        return ", ".join(TOLD[Kind(kind)](before, after, kind)) or CHANGED

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _read(self, name: str) -> dict[str, tuple[str, Parts]]:
        """What is kept of a file, by the hash of its content; nothing where it cannot be read."""
        try:
            kept = json.loads(self._place(name).read_text(encoding="utf-8"))
            return {
                content: (kind, tuple((part, sum_) for part, sum_ in parts))
                for content, (kind, parts) in kept.items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def _named(before: Parts, after: Parts, _: str) -> Iterator[str]:
    """Say which entries are others, new or gone."""
    old, new = dict(before), dict(after)
    yield from _counted([name for name in new if name in old and old[name] != new[name]], CHANGED)
    yield from _counted([name for name in new if name not in old], "new")
    yield from _counted([name for name in old if name not in new], "gone")


def _pinned(before: Parts, after: Parts, _: str) -> Iterator[str]:
    """Say which packages have another version."""
    old, new = dict(before), dict(after)
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    for name in names[:SHOWN]:
        pinned = [versions[name] for versions in (old, new) if name in versions]
        how = "" if len(pinned) > 1 else " new" if name in new else " gone"
        yield f"{name} {' → '.join(pinned)}{how}"
    if len(names) > SHOWN:
        yield f"{len(names) - SHOWN} more packages"


def _unnamed(before: Parts, after: Parts, kind: str) -> Iterator[str]:
    """Say how many rows or lines are others, new or gone; of columns, which."""
    if kind == Kind.ROWS:
        old_head, before = before[:1], before[1:]
        new_head, after = after[:1], after[1:]
        old_names, new_names = (
            head[0][0].split("\t") if head else [] for head in (old_head, new_head)
        )
        yield from _counted([name for name in new_names if name not in old_names], "new", "column")
        yield from _counted([name for name in old_names if name not in new_names], "gone", "column")
    old, new = (Counter(sum_ for _, sum_ in parts) for parts in (before, after))
    less, more = (old - new).total(), (new - old).total()
    numbers = {CHANGED: min(less, more), "new": more - less, "gone": less - more}
    for how, number in numbers.items():
        if number > 0:
            yield f"{number} {_many(kind, number)} {how}"
    if not less and not more and before != after:
        yield f"{kind}s in another order"


def _ordered(before: Parts, after: Parts, kind: str) -> Iterator[str]:
    """Say which cells are others or new, by number and label, and how many are gone."""
    from difflib import SequenceMatcher

    changed: list[str] = []
    new: list[str] = []
    gone = 0
    old, now = ([sum_ for _, sum_ in parts] for parts in (before, after))
    matcher = SequenceMatcher(None, old, now, autojunk=False)
    for _, begin, end, first, last in matcher.get_opcodes():
        if old[begin:end] == now[first:last]:
            continue
        both = min(end - begin, last - first)
        names = [_cell(place, after) for place in range(first, last)]
        changed += names[:both]
        new += names[both:]
        gone += end - begin - both
    yield from _counted(changed, CHANGED, kind)
    yield from _counted(new, "new", kind)
    if gone:
        yield f"{gone} {_many(kind, gone)} gone"


def _cell(place: int, parts: Parts) -> str:
    """A cell by its number in records and its label."""
    label = parts[place][0]
    return f"{place} ({label})" if label else str(place)


def _measured(before: Parts, after: Parts, kind: str) -> Iterator[str]:
    """Say how long a file was and is."""
    (_, old), (_, new) = before[0], after[0]
    yield f"{old} → {new} {kind}" if old != new else f"{CHANGED}, still {new} {kind}"


def _counted(names: Sequence[str], how: str, noun: str = "") -> Iterator[str]:
    """Name the first of what has changed in one way, and count the rest."""
    if names:
        kind = f"{_many(noun, len(names))} " if noun else ""
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield f"{kind}{', '.join(names[:SHOWN])}{more} {how}"


def _many(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"


TOLD: Mapping[Kind, Callable[[Parts, Parts, str], Iterator[str]]] = {
    Kind.ENTRIES: _named,
    Kind.VERSIONS: _pinned,
    Kind.ROWS: _unnamed,
    Kind.LINES: _unnamed,
    Kind.CELLS: _ordered,
    Kind.COUNT: _measured,
    Kind.SIZE: _measured,
}
"""How two outlines of each kind are compared, and the difference told."""
