"""What a run was made of, and in words what of it is another by now."""

import json
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict

MISSING = "missing"
"""Stands for the content of a file that is not there; that too is something a run can see."""

UNSETTLED = "changed during the run"
"""Stands for the content of a file that changed under the run: nobody knows which it read."""

CHANGED = "changed"
"""Says that a content is another, where no more is known."""

Amount = Callable[[str, str], str]
"""Says how a file differs from what it was, by its name and the hash it had then."""


def unmeasured(name: str, content: str) -> str:
    """Say no more than that a file is another."""
    return CHANGED


class Ingredients(BaseModel):
    """Everything the outputs of a run depend on, each with a hash or a value of its own.

    ``notebook`` is the hash of the cells (types, tags, sources). ``files`` were opened,
    ``folders`` were listed (their names), ``sought`` were looked for but not opened (whether
    they are there, and as what). Paths are relative to the compendium. ``modules`` are those of
    the library the kernel had loaded at its end, and those that finish the notebook.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    notebook: str
    parameters: dict[str, Any]
    files: dict[str, str]
    folders: dict[str, tuple[str, ...] | None] = {}
    sought: dict[str, str] = {}
    modules: dict[str, str]
    interpreter: str
    kernel: str
    unseen: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The hash of all ingredients: two runs with the same key give the same outputs."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return sha256(text.encode()).hexdigest()

    def changes(
        self, now: "Ingredients", notebook: str, amount: Amount = unmeasured
    ) -> Iterator[str]:
        """Say in words each ingredient that is another now; ``notebook`` is its name.

        ``amount`` is asked how much of a file has changed.
        """
        if self.notebook != now.notebook:
            yield f"{notebook}: {_change(self.notebook, now.notebook, notebook, amount)}"
        yield from _values(self.parameters, now.parameters)
        for name, after in now.files.items():
            before = self.files.get(name, MISSING)
            if before != after or before == UNSETTLED:
                yield f"{name}: {_change(before, after, name, amount)}"
        for folder, names in self.folders.items():
            # What is also told of the file itself need not be told of its folder.
            told = ((f"{folder}/{one}", how) for one, how in _names(names, now.folders[folder]))
            yield from (f"{name}: {how}" for name, how in told if name not in self._named(now))
        for name, kind in self.sought.items():
            if kind != now.sought[name]:
                yield f"{name}: {_change(kind, now.sought[name])}"
        for name, content in self.modules.items():
            if content != now.modules[name]:
                yield f"{name}: {_change(content, now.modules[name])}"
        if self.interpreter != now.interpreter:
            yield f"interpreter: {self.interpreter} → {now.interpreter}"
        if self.kernel != now.kernel:
            yield f"kernel: {self.kernel} → {now.kernel}"

    def _named(self, now: "Ingredients") -> set[str]:
        return {*now.files, *self.sought}

    def listed(self, notebook: str) -> Iterator[tuple[str, str]]:
        """Every ingredient with its value, for whoever wants to see them all."""
        yield notebook, self.notebook
        for name, value in self.parameters.items():
            yield f"parameter {name}", json.dumps(value, ensure_ascii=False)
        yield from self.files.items()
        for folder, names in self.folders.items():
            yield f"{folder}/", MISSING if names is None else ", ".join(names)
        yield from self.sought.items()
        yield from self.modules.items()
        yield "interpreter", self.interpreter
        yield "kernel", self.kernel
        for reader in self.unseen:
            yield f"unseen reader: {reader}", "so everything it may have read counts"


def _change(before: str, after: str, name: str = "", amount: Amount = unmeasured) -> str:
    """Tell in few words how one content became another."""
    if before == UNSETTLED:
        return "changed while the run was under way"
    if before == MISSING:
        return "new"
    return "gone" if after == MISSING else amount(name, before)


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"parameter {name}: gone"
        elif name not in before:
            yield f"parameter {name}: new, {after[name]}"
        elif (type(before[name]), before[name]) != (type(after[name]), after[name]):
            yield f"parameter {name}: {before[name]} → {after[name]}"


def _names(
    before: tuple[str, ...] | None, after: tuple[str, ...] | None
) -> Iterator[tuple[str, str]]:
    """Tell which names of a folder are new or gone; of a folder that came or went, that."""
    if (before is None) != (after is None):
        yield "", "new" if before is None else "gone"
    yield from ((name, "new") for name in sorted({*(after or ())} - {*(before or ())}))
    yield from ((name, "gone") for name in sorted({*(before or ())} - {*(after or ())}))
