"""The command line: one function a command, which hands on what it was told."""

import atexit
import gc
import os
import shutil
import sys
import traceback
from typing import Annotated, Literal

import typer

from kompendium.cli import failures
from kompendium.cli.options import (
    ClusterOption,
    ForceOption,
    FormatOption,
    JobsOption,
    JsonOption,
    KernelOption,
    PublisherOption,
    RespondentsOption,
    RunsArgument,
    refuse_respondents_alone,
)
from kompendium.cli.release import app as release
from kompendium.cli.survey import app as survey
from kompendium.facts.paths import Compendium

app = typer.Typer(
    help="Re-run published survey reports and hold every figure against what can be computed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(survey, name="survey")
app.add_typer(release, name="release")


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option(help="Show tracebacks.")] = False,
) -> None:
    if debug:
        os.environ["KOMPENDIUM_DEBUG"] = "1"


@app.command()
def build(
    runs: RunsArgument = None,
    publisher: PublisherOption = "auto",
    format: FormatOption = "html",
    publish: Annotated[bool, typer.Option(help="Make the book after the runs.")] = True,
    keep_outputs: Annotated[
        bool, typer.Option("--keep-outputs", help="Keep text outputs in notebooks/ for nbval.")
    ] = False,
    force: ForceOption = False,
    jobs: JobsOption = None,
    kernel: KernelOption = "warm",
    lang: Annotated[
        Literal["en"] | None, typer.Option(help="Make the book in this language, too.")
    ] = None,
    disclosure: Annotated[
        Literal["report"] | None,
        typer.Option(help="report: list what was withheld of real respondents, and why."),
    ] = None,
    json: JsonOption = False,
    cluster: ClusterOption = None,
    cluster_respondents: RespondentsOption = False,
) -> None:
    """Run the notebooks that are not fresh, judge every finding and make the book."""
    from kompendium.cli.build import Wish
    from kompendium.cli.build import build as make

    if json and disclosure is None:
        raise typer.BadParameter("--json is for --disclosure report")
    refuse_respondents_alone(cluster, cluster_respondents)
    compendium = Compendium.find()
    wish = Wish(
        runs or [],
        publisher,
        publish,
        keep_outputs,
        force,
        jobs,
        kernel,
        tuple(format.split(",")),
        cluster,
        cluster_respondents,
        lang or "",
    )
    done = make(compendium, wish)
    if disclosure:
        from kompendium.cli.withheld import show_withheld
        from kompendium.engine.memory import known_book

        show_withheld(compendium, known_book(compendium), json)
    raise typer.Exit(done)


@app.command()
def status(
    runs: RunsArgument = None,
    json: JsonOption = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every ingredient of every run.")
    ] = False,
) -> None:
    """Say of every run whether it is fresh, and if not, what has changed.

    A family of runs is one line; name it («faktaark/») to see each run.
    """
    from kompendium.cli.status import show

    show(Compendium.find(), runs or [], json, explain)


@app.command()
def params(
    notebook: Annotated[str | None, typer.Argument(help="Only this notebook's.")] = None,
    json: JsonOption = False,
) -> None:
    """Show every parameter with its limits and help in both languages, and the families of runs."""
    from kompendium.cli.params import show

    show(Compendium.find(), notebook, json)


@app.command()
def texts(
    update: Annotated[
        bool, typer.Option("--update", help="Bring the catalogues in line with the chapters.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Tell what of the book has no English text yet; exit 2 where anything is missing or wrong."""
    from kompendium.cli.texts import show

    raise typer.Exit(show(Compendium.find(), update, json))


@app.command()
def findings(
    json: JsonOption = False,
    report: Annotated[str | None, typer.Option(help="Only this report's findings.")] = None,
) -> None:
    """Print every published figure with its verdict; exit 1 where one is not as on record."""
    from kompendium.cli.findings import show

    raise typer.Exit(show(Compendium.find(), report, json))


@app.command()
def publish(publisher: PublisherOption = "auto", format: FormatOption = "html") -> None:
    """Make the book from the notebooks as last run; only the register's readers run again."""
    from kompendium.cli import build as building
    from kompendium.engine.memory import known_book

    compendium = Compendium.find()
    readers = [run.id for run in known_book(compendium) if run.reads_register]
    wish = building.Wish(names=readers, publisher=publisher, formats=tuple(format.split(",")))
    raise typer.Exit(building.build(compendium, wish))


@app.command()
def diff(
    before: Annotated[
        str | None,
        typer.Argument(help="An edition («2026.1») or «work»; the newest edition where none."),
    ] = None,
    after: Annotated[
        str | None, typer.Argument(help="The same; the working copy («work») where none.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say what changed between two editions, or since one; exit 1 where results differ."""
    from kompendium.cli.diff import diff as show

    raise typer.Exit(show(Compendium.find(), before, after, json))


@app.command()
def factsheets(
    units: Annotated[
        list[str] | None,
        typer.Argument(metavar="[UNIT]...", help="Numbers of units, or runs; all where none."),
    ] = None,
    force: ForceOption = False,
    jobs: JobsOption = None,
    kernel: KernelOption = "warm",
    cluster: ClusterOption = None,
    cluster_respondents: RespondentsOption = False,
) -> None:
    """Run a fact sheet for every municipality and Oslo district, and publish them as a site."""
    from kompendium.cli.build import Wish
    from kompendium.cli.factsheets import make

    refuse_respondents_alone(cluster, cluster_respondents)
    wish = Wish(
        units or [],
        force=force,
        jobs=jobs,
        kernel=kernel,
        cluster=cluster,
        cluster_respondents=cluster_respondents,
    )
    raise typer.Exit(make(Compendium.find(), wish))


@app.command()
def lab() -> None:
    """Edit the notebooks in JupyterLab, on this machine only."""
    from kompendium.cli.lab import edit

    raise typer.Exit(edit(Compendium.find()))


@app.command()
def clean() -> None:
    """Remove what builds made, editions excepted; data and notebooks are not touched.

    What builds that were killed have left in the temporary folder goes, too.
    """
    compendium = Compendium.find()
    from kompendium.cli.locking import exclusive

    with exclusive(compendium):
        for path in compendium.outputs.iterdir():
            if path in (compendium.lock, compendium.editions):
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        compendium.variables.unlink(missing_ok=True)


def main() -> None:
    """Run the command; every failure has a message and its own exit code.

    What is left at the end is not looked through for garbage: it goes with the process, and for a
    command with nothing to do the search is a quarter of its time.
    """
    atexit.register(gc.freeze)
    try:
        app(standalone_mode=True)
    except Exception as error:
        if os.environ.get("KOMPENDIUM_DEBUG"):
            traceback.print_exc()
        sys.exit(failures.explain(error))
