"""The register and the book, made again only when something they are made of has changed."""

from collections.abc import Sequence

from kompendium.cli.messages import say
from kompendium.engine import Run
from kompendium.engine.measuring import Present, Snapshot
from kompendium.engine.products import Product, inputs, is_current, settled
from kompendium.facts.paths import Compendium
from kompendium.observation import observing
from kompendium.publication import Publisher, chosen, program, publish
from kompendium.register import Entry, current, update

REGISTER = "register"
BOOK = "publication"
FORMATS = "formats"

REGISTER_CODE = ("kompendium.facts", "kompendium.register")
BOOK_CODE = ("kompendium.facts", "kompendium.publication")
"""The packages of the library that shape each product."""


def register_is_current(compendium: Compendium, runs: Sequence[Run]) -> bool:
    """Tell whether the register says what the executed notebooks and the findings say."""
    product, present = Product.read(compendium, REGISTER), Present(compendium)
    return product is not None and is_current(
        product, _register_inputs(compendium, runs, present), present
    )


def judged(compendium: Compendium, runs: Sequence[Run]) -> list[Entry]:
    """Bring the register up to date with the executed notebooks, and give it."""
    if register_is_current(compendium, runs):
        return current(compendium)
    before = _register_inputs(compendium, runs, Present(compendium))
    paths = [compendium.executed / f"{run.id}.ipynb" for run in runs]
    entries = update(compendium, [path for path in paths if path.exists()])
    present = Present(compendium)
    made = [compendium.results, compendium.results_csv, compendium.variables]
    names = [compendium.relative(path) for path in made]
    Product(inputs=before, outputs=inputs(names, present, {})).write(compendium, REGISTER)
    return entries


def book_is_current(compendium: Compendium, publisher: Publisher, formats: Sequence[str]) -> bool:
    """Tell whether this publisher would make the book that lies there, in these formats."""
    product, present = Product.read(compendium, BOOK), Present(compendium)
    if product is None or not {*formats} <= {*product.inputs.get(FORMATS, "").split()}:
        return False
    given = {"publisher": program(publisher), FORMATS: product.inputs[FORMATS]}
    return is_current(product, inputs(product.inputs, present, given), present)


def published(compendium: Compendium, publisher: Publisher, formats: Sequence[str]) -> None:
    """Make the book, and keep what it was made of: the files that were read for it."""
    given = {"publisher": program(publisher), FORMATS: " ".join(chosen(formats))}
    code = inputs(BOOK_CODE, Present(compendium), {})
    before = Snapshot(compendium)
    with observing(compendium.root) as seen:
        place = publish(compendium, publisher, formats)
    read = settled(seen, before, compendium, _is_source)
    pages = sorted(path for path in place.parent.rglob("*") if path.is_file())
    made = inputs(map(compendium.relative, pages), Present(compendium), {})
    Product(inputs=read | code | given, outputs=made).write(compendium, BOOK)


def tell_of_book(compendium: Compendium) -> None:
    """Say where the book lies."""
    say(f"The book: {compendium.relative(compendium.publication / 'index.html')}", "bold")
    for path in sorted(compendium.publication.iterdir()):
        if path.suffix in (".pdf", ".docx"):
            say(f"          {compendium.relative(path)}")


def _register_inputs(
    compendium: Compendium, runs: Sequence[Run], present: Present
) -> dict[str, str]:
    """Every finding, every executed notebook that is there, and the code that judges."""
    executed = [compendium.executed / f"{run.id}.ipynb" for run in runs]
    paths = [*compendium.findings.glob("*.yml"), *(path for path in executed if path.exists())]
    return inputs([*map(compendium.relative, paths), *REGISTER_CODE], present, {})


def _is_source(name: str) -> bool:
    """Tell sources of the book from what a publisher leaves and reads on its way."""
    hidden = any(part.startswith(".") for part in name.split("/"))
    return not hidden and not name.startswith("outputs/publication/")
