"""The register and the book, made again only when something they are made of has changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kompendium.cli.messages import say
from kompendium.engine import Run
from kompendium.engine.measuring import Present, Snapshot
from kompendium.engine.products import Product, inputs, is_current, settled
from kompendium.facts.language import Language
from kompendium.facts.paths import Compendium
from kompendium.observation import observing
from kompendium.publication import Publisher, chosen, program, publish, siblings
from kompendium.publication.editions.identity import released
from kompendium.register import Entry, current, update

if TYPE_CHECKING:
    from kompendium.publication.unit_lists import Sheet

REGISTER = "register"
BOOK = "publication"
FORMATS = "formats"
SITE = "factsheets"

MADE = ("outputs/publication/", "outputs/publication-", "outputs/factsheets/", "outputs/pages/")
"""Where publishers write; what they write of what else they read is no source."""

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


def book_is_current(
    compendium: Compendium,
    publisher: Publisher,
    formats: Sequence[str],
    lang: str = Language.NORWEGIAN,
) -> bool:
    """Tell whether this publisher would make the book that lies there, in these formats."""
    product, present = Product.read(compendium, _product(lang)), Present(compendium)
    if product is None or not {*formats} <= {*product.inputs.get(FORMATS, "").split()}:
        return False
    given = {**_given(compendium, publisher, lang), FORMATS: product.inputs.get(FORMATS, "")}
    return is_current(product, inputs({**product.inputs, **given}, present, given), present)


def book_formats(compendium: Compendium) -> list[str]:
    """The formats the book was made in last."""
    product = Product.read(compendium, BOOK)
    return product.inputs.get(FORMATS, "").split() if product else []


def published(
    compendium: Compendium,
    publisher: Publisher,
    formats: Sequence[str],
    lang: str = Language.NORWEGIAN,
) -> None:
    """Make the book, and keep what it was made of: the files that were read for it."""
    say(f"Making the book: {', '.join(chosen(formats))} …")
    given = {**_given(compendium, publisher, lang), FORMATS: " ".join(chosen(formats))}
    name = _product(lang)
    _keep(compendium, name, given, lambda: publish(compendium, publisher, formats, lang))


def _product(lang: str) -> str:
    """What the book in a language is called among products."""
    return BOOK if lang == Language.NORWEGIAN else f"{BOOK}-{lang}"


def site_is_current(compendium: Compendium, sheets: "Sequence[Sheet]") -> bool:
    """Tell whether the site of these fact sheets would be made the same again."""
    product, present = Product.read(compendium, SITE), Present(compendium)
    if product is None:
        return False
    given = _given_site(compendium, sheets)
    return is_current(product, inputs(product.inputs, present, given), present)


def sheets_published(
    compendium: Compendium, sheets: "Sequence[Sheet]", frame: int, as_of: int
) -> None:
    """Make the site of the fact sheets of a frame, and keep what it was made of."""
    from kompendium.publication import factsheets

    given = _given_site(compendium, sheets)
    _keep(compendium, SITE, given, lambda: factsheets.publish(compendium, sheets, frame, as_of))


def _keep(
    compendium: Compendium, name: str, given: dict[str, str], make: Callable[[], Path]
) -> None:
    """Make a publication, and keep the files that were read for it and those that were made."""
    code = inputs(BOOK_CODE, Present(compendium), {})
    before = Snapshot(compendium)
    with observing(compendium.root) as seen:
        place = make()
    read = settled(seen, before, compendium, _is_source)
    pages = sorted(path for path in place.parent.rglob("*") if path.is_file())
    made = inputs(map(compendium.relative, pages), Present(compendium), {})
    Product(inputs=read | code | given, outputs=made).write(compendium, name)


def _given(compendium: Compendium, publisher: Publisher, lang: str) -> dict[str, str]:
    """What the book is made of besides files: publisher, pages it can link to, editions."""
    other = {
        f"pages in {one}": siblings.pages(compendium.publication_in(one))
        for one in Language
        if one != lang
    }
    return {
        "publisher": program(publisher),
        "sheets": siblings.pages(compendium.factsheets),
        "editions": " ".join(map(str, released(compendium.editions))),
        **other,
    }


def _given_site(compendium: Compendium, sheets: "Sequence[Sheet]") -> dict[str, str]:
    """What the site is made of besides files: Pandoc, the units, what it can link to."""
    units = sha256(repr([replace(one, notebook=None) for one in sheets]).encode()).hexdigest()
    book = siblings.places(compendium.publication)
    return {"publisher": program("pandoc"), "units": units, "book": book}


def tell_of_book(compendium: Compendium, lang: str = Language.NORWEGIAN) -> None:
    """Say where the book lies."""
    place = compendium.publication_in(lang)
    say(f"The book: {compendium.relative(place / 'index.html')}", "bold")
    for path in sorted(place.iterdir()):
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
    return not hidden and not name.startswith(MADE)
