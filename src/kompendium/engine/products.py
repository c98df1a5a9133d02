"""What is made of the runs (the register, the book), and of what it was made.

A product is current while each of its inputs and outputs has the content it had when the
product was made; then it need not be made again.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, ValidationError

from kompendium.engine.ingredients import MISSING, UNSETTLED
from kompendium.engine.measuring import PACKAGE, Present, Snapshot, content
from kompendium.facts.files import write_atomically
from kompendium.facts.paths import Compendium
from kompendium.observation import Observation

CODE = "kompendium."
"""How inputs begin that are a package of the library: ``kompendium.register``."""


class Product(BaseModel):
    """A product's inputs and outputs by name, each with a hash or a value of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: dict[str, str]
    outputs: dict[str, str]

    def write(self, compendium: Compendium, name: str) -> None:
        """Keep what is known of a product beside the others."""
        text = json.dumps(self.model_dump(), ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(compendium.products / f"{name}.json", text + "\n")

    @classmethod
    def read(cls, compendium: Compendium, name: str) -> "Product | None":
        """Read what is known of a product; None where it was never made, or by other rules."""
        try:
            return cls.model_validate_json((compendium.products / f"{name}.json").read_bytes())
        except (OSError, ValidationError):
            return None

    @property
    def whole(self) -> bool:
        """Tell whether each input was settled when the product was made of it."""
        return not {MISSING, UNSETTLED} & {*self.inputs.values()}


def inputs(names: Iterable[str], present: Present, given: Mapping[str, str]) -> dict[str, str]:
    """Measure inputs: what is given by name, packages of the library, and files."""
    return {name: given[name] if name in given else _measure(name, present) for name in names}


def is_current(product: Product, now: Mapping[str, str], present: Present) -> bool:
    """Tell whether a product would be made the same again and lies there untouched."""
    return (
        product.whole
        and product.inputs == now
        and all(present.file(name) == made for name, made in product.outputs.items())
    )


def settled(
    seen: Observation, before: Snapshot, compendium: Compendium, counts: Callable[[str], bool]
) -> dict[str, str]:
    """Measure the files an observation names; what changed meanwhile is marked."""
    present = Present(compendium)
    return {
        name: present.file(name) if before.settled(compendium.root / name) else UNSETTLED
        for name in sorted(seen.opened)
        if counts(name) and present.presence(name) == "file"
    }


def _measure(name: str, present: Present) -> str:
    if not name.startswith(CODE):
        return present.file(name)
    folder = PACKAGE / name.removeprefix(CODE)
    files = sorted(path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    whole = [(path.relative_to(folder).as_posix(), content(path)) for path in files]
    return sha256(json.dumps(whole).encode()).hexdigest()
