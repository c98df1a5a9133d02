"""What several commands may be told: their options, each with its help and its limits."""

from typing import Annotated, Literal

import typer

from kompendium.publication import Format, Publisher


def _formats(value: str) -> str:
    """Refuse a format there is not, before anything is run."""
    unknown = [one for one in value.split(",") if one not in {*Format}]
    if unknown:
        told = ", ".join(f"«{one}»" for one in unknown)
        raise typer.BadParameter(f"no format {told}; choose among {', '.join(Format)}")
    return value


PublisherOption = Annotated[
    Publisher, typer.Option(help="auto: Quarto where it is installed, else the embedded Pandoc.")
]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        help="html, pdf, docx, with commas between; html is always made.",
        callback=_formats,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
RunsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[RUN]...",
        help="Runs, patterns of runs («kommune*») or families («faktaark/», «faktaark/15*»); "
        "the book's where none is named.",
    ),
]

ForceOption = Annotated[bool, typer.Option("--force", help="Run also what is fresh.")]
JobsOption = Annotated[
    int | None, typer.Option(min=1, help="Runs at a time; as many as there are cores.")
]
KernelOption = Annotated[
    Literal["warm", "cold"],
    typer.Option(help="warm: forked from a process that holds the imports; cold: started anew."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Run on the workers of the Dask scheduler at this address (docs/cluster.md).",
    ),
]
RespondentsOption = Annotated[
    bool,
    typer.Option(
        "--cluster-respondents",
        help="Send respondents to the cluster, too; else runs that need them stay here.",
    ),
]


def refuse_respondents_alone(cluster: str | None, respondents: bool) -> None:
    """Refuse ``--cluster-respondents`` where there is no cluster to send them to."""
    if respondents and cluster is None:
        raise typer.BadParameter("--cluster-respondents is for --cluster")
