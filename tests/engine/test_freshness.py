"""One row an ingredient: change it and exactly these runs are stale; undo it and none is.

Nothing is run but once, before the first row.
"""

import json
import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kompendium.engine import State, execute, measuring, plan, statuses
from kompendium.engine.amounts import Amounts
from kompendium.engine.warm.link import ADDRESS
from kompendium.facts import Compendium
from kompendium.register import update
from tests.conftest import FINDINGS, ROOT

CELLS = {
    "enkel": "print(1 + year)",
    "ramme": "from kompendium.facts import frame\nprint(len(frame(2019)))",
    "funn": """
        from kompendium.facts import finding, frame_size
        from kompendium.notebook import computed, record
        svar = finding("prove.svar")
        share = svar.given["answered"] / frame_size(svar.frame)
        record({svar.id: computed(share, "register")})
    """,
    "svar": """
        from kompendium.surveys import has_respondents
        print(has_respondents("prove"))
    """,
    "egne": """
        from pathlib import Path
        import pandas as pd
        import hjelp
        print(hjelp.TALL, len(pd.read_csv("../data/egne/tall.csv")))
        print(sorted(path.name for path in Path("../data/egne").iterdir()))
    """,
    "parket": """
        import pyarrow.parquet as parquet
        print(parquet.read_table("../data/parket/tall.parquet").num_rows)
    """,
    "polar": """
        import polars
        print(polars.read_csv("../data/polar/tall.csv").height)
    """,
    "monster": """
        import polars
        print(polars.scan_csv("../data/polar/*.csv").collect().height)
    """,
    "program": """
        import subprocess
        print(subprocess.run(["cat", "../data/tekst/a.txt"], capture_output=True).stdout)
    """,
    "erklart": "print('leser slik ingen ser det')",
    "leser": "from kompendium.register import current\nprint(len(current()))",
}
PARAMS = {
    "enkel": """
        parameters:
          year: {type: integer, default: 2021, help: {nb: År, en: Year}}
        runs: {enkel: {}, enkel-2019: {year: 2019}}
    """,
    "erklart": "data: [data/erklart]\n",
    "leser": "reads_register: true\n",
}
ALL = {*CELLS, "enkel-2019"}
COARSE = {"program", "monster"}
"""A run that starts another program, or gives Rust a pattern, may have read any data."""

TABLES = {*COARSE, "parket"}
"""One that reads with Arrow may have read every table there."""


def write_notebook(path: Path, source: str, parameters: bool) -> None:
    notebook: Any = new_notebook(metadata={"language_info": {"name": "python"}})
    notebook.cells = [new_markdown_cell(f"# {path.stem} {{#sec-{path.stem}}}")]
    if parameters:
        notebook.cells.append(new_code_cell("year = 2021", metadata={"tags": ["parameters"]}))
    notebook.cells.append(new_code_cell(textwrap.dedent(source).strip()))
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, kernels: str) -> Iterator[Compendium]:
    """A compendium of runs that read in every way, each of which has been run once."""
    root = tmp_path_factory.mktemp("fersk") / "kompendium"
    shutil.copytree(ROOT / "data" / "frames", root / "data" / "frames")
    shutil.copy(ROOT / "data" / "datapackage.json", root / "data")
    for name in ("findings", "surveys/prove", "egne", "parket", "polar", "tekst", "erklart"):
        (root / "data" / name).mkdir(parents=True)
    for name in ("notebooks", "params"):
        (root / name).mkdir()
    for name, text in {
        "_quarto.yml": "project: {type: book}\n",
        "requirements.txt": "numpy==2.4.6\npandas==3\n",
        "data/findings/prove.yml": FINDINGS,
        "data/surveys/prove/codebook.yml": "",
        "data/egne/tall.csv": "a\n1\n2\n",
        "data/polar/tall.csv": "a\n1\n2\n",
        "data/tekst/a.txt": "tekst\n",
        "data/erklart/dypt.bin": "1\n",
        "notebooks/hjelp.py": "TALL = 7\n",
    }.items():
        (root / name).write_text(text, encoding="utf-8")
    pd.DataFrame({"a": [1, 2]}).to_parquet(root / "data/parket/tall.parquet")
    for name, source in CELLS.items():
        write_notebook(root / "notebooks" / f"{name}.ipynb", source, name == "enkel")
        text = f"notebook: {name}.ipynb\n" + textwrap.dedent(PARAMS.get(name, ""))
        (root / "params" / f"{name}.yml").write_text(text, encoding="utf-8")
    # The library's own files cannot be changed in a test; those that are measured are a copy.
    package = root.parent / "kopi" / "kompendium"
    shutil.copytree(measuring.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOMPENDIUM_ROOT", str(root))
        patch.chdir(root)
        if kernels:
            patch.setenv(ADDRESS, kernels)
        compendium = Compendium(root)
        amounts = Amounts(compendium)
        for reading in (False, True):
            runs = [run for run in plan(compendium) if run.reads_register is reading]
            records = execute(runs, compendium, ended=amounts.keep, kernel="warm")
            assert [(one.run, one.error) for one in records if one.state is not State.DONE] == []
            update(compendium, sorted(compendium.executed.glob("*.ipynb")))
        patch.setattr(measuring, "PACKAGE", package)
        yield compendium


Undo = Callable[[], None]


@pytest.fixture
def undo(made: Compendium) -> Iterator[Undo]:
    """Put back the same compendium file by file; nothing is run again."""
    folders = (made.root, measuring.PACKAGE)
    before = {path: path.read_bytes() for folder in folders for path in files(folder)}

    def put_back() -> None:
        for folder in folders:
            for path in files(folder):
                if path not in before:
                    path.unlink()
        for path, content in before.items():
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)

    yield put_back
    put_back()


@pytest.fixture
def fresh(made: Compendium, undo: Undo) -> Compendium:
    """The compendium, where every run is fresh."""
    assert stale(made) == {}
    return made


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def stale(compendium: Compendium) -> dict[str, tuple[str, ...]]:
    """Why each run that is not fresh is not."""
    found = statuses(plan(compendium), compendium)
    return {one.run.id: one.reasons for one in found if not one.fresh}


def replace(compendium: Compendium, name: str, old: str, new: str) -> None:
    path = compendium.root / name
    if name.startswith("kompendium/"):
        path = measuring.PACKAGE.parent / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def add(compendium: Compendium, name: str) -> None:
    (compendium.root / name).parent.mkdir(exist_ok=True)
    (compendium.root / name).write_text("ny\n", encoding="utf-8")


def grow(compendium: Compendium, name: str) -> None:
    path = compendium.root / name
    if name.startswith("kompendium/"):
        path = measuring.PACKAGE.parent / name
    path.write_bytes(path.read_bytes() + b"9\n")


def default(compendium: Compendium, value: str) -> None:
    """Another default, in the declaration and in the notebook's cell, as both must agree."""
    replace(compendium, "notebooks/enkel.ipynb", "year = 2021", f"year = {value}")
    replace(compendium, "params/enkel.yml", "default: 2021", f"default: {value}")


def tag(compendium: Compendium, name: str) -> None:
    edit_cell(compendium, name, -1, metadata={"tags": ["remove-cell"]})


def retype(compendium: Compendium, name: str) -> None:
    edit_cell(compendium, name, 0, cell_type="raw")


def paste(compendium: Compendium, name: str) -> None:
    edit_cell(compendium, name, 0, attachments={"a.png": {"image/png": "AAAA"}})


def edit_cell(compendium: Compendium, name: str, place: int, **edit: Any) -> None:
    path = compendium.root / name
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][place] |= edit
    path.write_text(json.dumps(notebook), encoding="utf-8")


def remove(compendium: Compendium, name: str) -> None:
    (compendium.root / name).unlink()


Change = Callable[..., None]

ROWS: list[tuple[str, Change, tuple[str, ...], set[str], str]] = [
    (
        "a notebook's code",
        replace,
        ("notebooks/ramme.ipynb", "print(len", "print(3 + len"),
        {"ramme"},
        "notebooks/ramme.ipynb: cell 1 changed",
    ),
    (
        "a notebook's text",
        replace,
        ("notebooks/enkel.ipynb", "# enkel", "# Enkel"),
        {"enkel", "enkel-2019"},
        "notebooks/enkel.ipynb: cell 0 changed",
    ),
    (
        "a picture in a text",
        paste,
        ("notebooks/funn.ipynb",),
        {"funn"},
        "notebooks/funn.ipynb: cell 0 changed",
    ),
    (
        "a cell's tag",
        tag,
        ("notebooks/funn.ipynb",),
        {"funn"},
        "notebooks/funn.ipynb: cell 1 changed",
    ),
    (
        "a cell's type",
        retype,
        ("notebooks/funn.ipynb",),
        {"funn"},
        "notebooks/funn.ipynb: cell 0 changed",
    ),
    (
        "a parameter",
        replace,
        ("params/enkel.yml", "{year: 2019}", "{year: 2018}"),
        {"enkel-2019"},
        "parameter year: 2019 → 2018",
    ),
    (
        "a default value",
        default,
        ("2022",),
        {"enkel", "enkel-2019"},
        "notebooks/enkel.ipynb: cell 1 changed",
    ),
    (
        "observed data, a table",
        grow,
        ("data/frames/municipalities-2019.csv",),
        {"ramme", *TABLES},
        "data/frames/municipalities-2019.csv: 1 row new",
    ),
    (
        "observed data, another table",
        replace,
        ("data/frames/unit-counts.csv", "2019,", "2019,1"),
        {"funn", *TABLES},
        "data/frames/unit-counts.csv: 1 row changed",
    ),
    (
        "observed data, what describes the tables",
        replace,
        ("data/datapackage.json", '"title": "Kommunene', '"title": "Kommunane'),
        {"ramme", "funn", *TABLES},
        "data/datapackage.json: municipalities-20",
    ),
    (
        "observed data, findings",
        replace,
        ("data/findings/prove.yml", "63 prosent.", "63 prosent!"),
        {"funn", *COARSE},
        "data/findings/prove.yml: prove.svar changed",
    ),
    (
        "a new file in a folder that was listed",
        add,
        ("data/findings/ny.yml",),
        {"funn", *COARSE},
        "data/findings/ny.yml: new",
    ),
    (
        "the register, for who reads it",
        replace,
        ("outputs/findings.json", "63 prosent", "64 prosent"),
        {"leser"},
        "outputs/findings.json: prove.svar changed",
    ),
    (
        "a missing file that appears",
        add,
        ("data/surveys/prove/respondents.csv",),
        {"svar", *TABLES},
        "data/surveys/prove/respondents.csv: new",
    ),
    (
        "data of one's own",
        grow,
        ("data/egne/tall.csv",),
        {"egne", *TABLES},
        "data/egne/tall.csv: 1 row new",
    ),
    (
        "data that are gone",
        remove,
        ("data/egne/tall.csv",),
        {"egne", *TABLES},
        "data/egne/tall.csv: gone",
    ),
    (
        "a new file beside them",
        add,
        ("data/egne/ny.csv",),
        {"egne", *TABLES},
        "data/egne/ny.csv: new",
    ),
    (
        "a module of one's own",
        grow,
        ("notebooks/hjelp.py",),
        {"egne"},
        "notebooks/hjelp.py: 1 line new",
    ),
    (
        "data that Arrow reads",
        grow,
        ("data/parket/tall.parquet",),
        {"parket", *COARSE},
        "data/parket/tall.parquet: ",
    ),
    (
        "data that polars reads",
        grow,
        ("data/polar/tall.csv",),
        {"polar", *TABLES},
        "data/polar/tall.csv: 1 row new",
    ),
    (
        "data that a pattern of polars finds",
        add,
        ("data/polar/ny.csv",),
        TABLES,
        "data/polar/ny.csv: new",
    ),
    (
        "data that a program reads",
        grow,
        ("data/tekst/a.txt",),
        COARSE,
        "data/tekst/a.txt: 1 line new",
    ),
    (
        "declared data",
        grow,
        ("data/erklart/dypt.bin",),
        {"erklart", *COARSE},
        "data/erklart/dypt.bin: 1 line new",
    ),
    (
        "a new file in a declared folder",
        add,
        ("data/erklart/ny.bin",),
        {"erklart", *COARSE},
        "data/erklart/ny.bin: new",
    ),
    (
        "a module that is imported",
        grow,
        ("kompendium/facts/frames.py",),
        {"ramme", "funn", "svar"},
        "kompendium.facts.frames: changed",
    ),
    (
        "a module that what is imported imports",
        grow,
        ("kompendium/facts/descriptor.py",),
        {"ramme", "funn", "svar"},
        "kompendium.facts.descriptor: changed",
    ),
    (
        "a module that few import",
        grow,
        ("kompendium/surveys/respondents.py",),
        {"svar"},
        "kompendium.surveys.respondents: changed",
    ),
    (
        "a module that records",
        grow,
        ("kompendium/notebook/recording.py",),
        {"funn"},
        "kompendium.notebook.recording: changed",
    ),
    (
        "a module that finishes every notebook",
        grow,
        ("kompendium/notebook/finishing.py",),
        ALL,
        "kompendium.notebook.finishing: changed",
    ),
    (
        "a module that none imports",
        grow,
        ("kompendium/statistics/waves.py",),
        set(),
        "",
    ),
    (
        "the lock file",
        replace,
        ("requirements.txt", "numpy==2.4.6", "numpy==2.5.0"),
        ALL,
        "requirements.txt: numpy 2.4.6 → 2.5.0",
    ),
    (
        "an executed notebook that is edited",
        grow,
        ("outputs/notebooks/enkel.ipynb",),
        {"enkel"},
        "changed by hand",
    ),
    (
        "an executed notebook that is gone",
        remove,
        ("outputs/notebooks/enkel.ipynb",),
        {"enkel"},
        "is gone",
    ),
    ("a record that is gone", remove, ("outputs/runs/enkel.json",), {"enkel"}, "no record"),
]


@pytest.mark.parametrize(
    ("change", "arguments", "expected", "reason"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_a_changed_ingredient_makes_exactly_these_runs_stale_until_it_is_put_back(
    fresh: Compendium,
    undo: Undo,
    change: Change,
    arguments: tuple[str, ...],
    expected: set[str],
    reason: str,
) -> None:
    change(fresh, *arguments)
    found = stale(fresh)
    assert found.keys() == expected
    for run in expected:
        assert any(reason in told for told in found[run]), found[run]
    undo()
    assert stale(fresh) == {}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("interpreter", lambda: "cpython 3.99.0", "→ cpython 3.99.0"),
        ("version", lambda package: "99.0", "→ python3, ipykernel 99.0"),
    ],
    ids=["interpreter", "kernel"],
)
def test_another_interpreter_or_kernel_makes_every_run_stale(
    fresh: Compendium, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, reason: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(measuring, name, value)
        found = stale(fresh)
    assert found.keys() == ALL
    assert all(any(reason in told for told in reasons) for reasons in found.values())
    assert stale(fresh) == {}


def noise(notebook: Any) -> None:
    """What editors leave in a notebook without anyone changing it."""
    for place, cell in enumerate(notebook["cells"]):
        cell["id"] = f"ny-{place}"
        cell["metadata"]["collapsed"] = True
        if cell["cell_type"] == "code":
            cell["execution_count"] = 40 + place
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x\n"]}]
    notebook["metadata"]["kernelspec"] = {"name": "a", "display_name": "A", "language": "python"}


def cleared(notebook: Any) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}


def joined(notebook: Any) -> None:
    """Sources as one text, as some tools save them."""
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])


@pytest.mark.parametrize("edit", [noise, cleared, joined])
def test_saving_a_notebook_anew_makes_nothing_stale(
    fresh: Compendium, edit: Callable[[Any], None]
) -> None:
    for path in fresh.notebooks.glob("*.ipynb"):
        before = path.read_bytes()
        notebook = json.loads(before)
        edit(notebook)
        path.write_text(json.dumps(notebook, indent=3), encoding="utf-8")
        assert path.read_bytes() != before
    assert stale(fresh) == {}


def test_saving_in_jupyterlab_makes_nothing_stale(fresh: Compendium) -> None:
    manager = LargeFileManager(root_dir=str(fresh.notebooks))
    for path in fresh.notebooks.glob("*.ipynb"):
        model = manager.get(path.name)
        model["content"]["metadata"]["kernelspec"] = {"name": "other", "display_name": "Other"}
        for cell in model["content"]["cells"]:
            cell["id"] = f"ny-{cell['id']}"
        before = path.read_bytes()
        manager.save(model, path.name)
        assert path.read_bytes() != before
    assert stale(fresh) == {}


def test_touching_every_file_makes_nothing_stale(fresh: Compendium) -> None:
    for path in files(fresh.root):
        path.touch()
    assert stale(fresh) == {}


def test_a_help_text_or_a_limit_makes_nothing_stale(fresh: Compendium) -> None:
    replace(fresh, "params/enkel.yml", "nb: År", "nb: Årgang")
    replace(fresh, "params/enkel.yml", "default: 2021", "default: 2021, minimum: 2000")
    assert stale(fresh) == {}


def test_editors_copies_make_nothing_stale(fresh: Compendium) -> None:
    add(fresh, "data/egne/.tall.csv.swp")
    add(fresh, "data/egne/tall.csv~")
    assert stale(fresh) == {}


def test_what_cannot_be_seen_is_named_in_the_record(fresh: Compendium) -> None:
    found = {one.run.id: one for one in statuses(plan(fresh), fresh)}
    unseen = {
        name: one.record.good.ingredients.unseen
        for name, one in found.items()
        if one.record and one.record.good and one.record.good.ingredients.unseen
    }
    assert unseen.keys() == {"parket", "program", "monster"}
    assert unseen["program"] == ("program cat",)
    assert unseen["monster"] == ("polars.scan_csv",)
    assert "pyarrow.parquet" in unseen["parket"]
