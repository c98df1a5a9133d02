"""A throw-away compendium for tests: its own data, notebooks and parameters."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings
from matplotlib import rc_context
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kompendium.engine.kernels import ENVIRONMENT
from kompendium.engine.warm.link import PRELOAD, NotForked, Server
from kompendium.facts import Compendium, language

ROOT = Path(__file__).parents[1]

# How long an example takes says what else the machine does, and nothing of the code.
settings.register_profile("kompendium", deadline=None)
settings.load_profile("kompendium")

# A shell that runs this behind it has Ctrl-C ignored; tests send it to themselves and to others.
signal.signal(signal.SIGINT, signal.default_int_handler)

FINDINGS = """\
report:
  id: prove
  title: {nb: Prøverapport, en: Trial report}
  short: {nb: Prøve, en: Trial}
  producer: Ingen
  published: "2020"
  url: https://example.org/rapport
  source: test
findings:
  - id: prove.svar
    statement: {nb: "276 enheter svarte, 63 prosent.", en: "276 units answered, 63 per cent."}
    quantity: 63 prosent
    base: {nb: enheter, en: units}
    frame: 2019
    expected: reproduced
    given: {answered: 276}
  - id: prove.sertifisert
    statement: {nb: "Åtte av ti har sertifiserte.", en: "Eight in ten have certified staff."}
    quantity: 8 av 10
    base: {nb: enheter som svarte, en: units that answered}
    expected: untestable
    needs: {nb: svarene, en: the answers}
"""


@pytest.fixture(autouse=True)
def settings_of_figures() -> Iterator[None]:
    """What a test sets for its figures is not there for the next, whatever the order."""
    with rc_context():
        yield


@pytest.fixture
def in_english() -> Iterator[None]:
    """Numbers and the library's texts in English for the length of a test."""
    language.use(language.Language.ENGLISH)
    yield
    language.use(language.Language.NORWEGIAN)


def lay_out(root: Path) -> Compendium:
    """Make an empty compendium with the project's frames and one report of two findings."""
    shutil.copytree(ROOT / "data" / "frames", root / "data" / "frames")
    shutil.copy(ROOT / "data" / "datapackage.json", root / "data")
    for folder in ("data/findings", "data/surveys", "notebooks", "params"):
        (root / folder).mkdir(parents=True)
    (root / "_quarto.yml").write_text("project: {type: book}\n", encoding="utf-8")
    (root / "data" / "findings" / "prove.yml").write_text(FINDINGS, encoding="utf-8")
    return Compendium(root)


@pytest.fixture
def compendium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compendium:
    """An empty compendium with the project's frames and one report of two findings."""
    made = lay_out(tmp_path / "kompendium")
    monkeypatch.setenv("KOMPENDIUM_ROOT", str(made.root))
    monkeypatch.chdir(made.root)
    return made


def write_notebook(
    compendium: Compendium,
    name: str,
    *cells: str,
    parameters: str = "",
    declared: str = "",
    runs: str = "",
) -> Path:
    """Write a notebook and its file in ``params`` from the sources of its code cells."""
    notebook = new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.cells = [new_markdown_cell(f"# {name} {{#sec-{name}}}")]
    if parameters:
        notebook.cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    notebook.cells += [new_code_cell(source) for source in cells]
    path = compendium.notebooks / f"{name}.ipynb"
    nbformat.write(notebook, path)
    text = f"notebook: {name}.ipynb\n"
    text += f"parameters:\n{declared}" if declared else ""
    text += f"runs:\n{runs}" if runs else ""
    (compendium.params / f"{name}.yml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def add_notebook(compendium: Compendium) -> Callable[..., Path]:
    """Write a notebook of this compendium and its file in ``params``."""
    return partial(write_notebook, compendium)


@pytest.fixture(scope="session")
def kernels() -> Iterator[str]:
    """The address of a server of kernels for all tests; empty where kernels cannot be forked."""
    try:
        server = Server(PRELOAD, os.environ | ENVIRONMENT, Path.cwd(), spares=1)
    except NotForked:
        yield ""
        return
    yield server.address
    server.close()


def copy_of_the_project(place: Path) -> Compendium:
    """What a clone holds, without what was built or put in: builds there disturb nobody."""
    made = (
        ".git",
        ".venv",
        "outputs",
        "_variables.yml",
        "respondents.*",
        "__pycache__",
        ".*_cache",
    )
    shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(*made))
    return Compendium(place)


def build(compendium: Compendium, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``kompendium build`` in a compendium, as a user would in its folder."""
    environment = {name: value for name, value in os.environ.items() if name != "KOMPENDIUM_ROOT"}
    command = [sys.executable, "-m", "kompendium", "build", *arguments]
    return subprocess.run(
        command, cwd=compendium.root, env=environment, capture_output=True, text=True, check=False
    )


EVERY_FORMAT = ("--publisher", "pandoc", "--format", "html,pdf,docx")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Compendium:
    """The whole compendium, built once from clean, with its book in every format."""
    compendium = copy_of_the_project(tmp_path_factory.mktemp("built") / "kompendium")
    done = build(compendium, *EVERY_FORMAT)
    assert done.returncode == 0, done.stderr
    return compendium
