"""The parameters of each notebook, printed: what they mean, what they may be, who runs them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from kompendium.engine import Run
from kompendium.engine.parameter_files import ParameterFile
from kompendium.engine.parameters import Declaration
from kompendium.engine.plan import plan
from kompendium.engine.selection import families, of_the_book
from kompendium.facts.documents import InputError, Problem, load
from kompendium.facts.paths import Compendium


def show(compendium: Compendium, notebook: str | None, as_json: bool) -> None:
    """Print the parameters of one notebook or of all; raises InputError for one not there."""
    runs = plan(compendium)  # also tells every mistake in the files
    files = [load(path, ParameterFile) for path in sorted(compendium.params.glob("*.yml"))]
    if notebook is not None:
        name = notebook.removesuffix(".ipynb")
        known = [file.notebook.removesuffix(".ipynb") for file in files]
        if name not in known:
            remedy = f"choose among {', '.join(known)}"
            raise InputError([Problem(compendium.params, 1, f"no notebook «{name}»", remedy)])
        files = [file for file in files if file.notebook == f"{name}.ipynb"]
    described = [_described(file, runs, compendium) for file in files]
    if as_json:
        print(json.dumps(described, ensure_ascii=False, indent=1))
    else:
        _print(described)


def _described(file: ParameterFile, runs: Sequence[Run], compendium: Compendium) -> dict[str, Any]:
    """The parameters and runs of one file as a JSON object."""
    own = [run for run in runs if run.notebook == compendium.notebooks / file.notebook]
    return {
        "notebook": f"notebooks/{file.notebook}",
        "parameters": [
            {
                "name": name,
                "type": one.type,
                "default": one.type.plain(one.default),
                "limits": ", ".join(_limits(one)),
                "unit": one.unit,
                "help": {"nb": one.help.nb, "en": one.help.en},
            }
            for name, one in file.parameters.items()
        ],
        "runs": [run.id for run in of_the_book(own)],
        "families": {f"{name}/": len(members) for name, members in families(own).items()},
    }


def _limits(declared: Declaration) -> Iterator[str]:
    """What a value may be, in words."""
    low, high = declared.minimum, declared.maximum
    if low is not None and high is not None:
        yield f"{low:g} to {high:g}"
    elif low is not None:
        yield f"at least {low:g}"
    elif high is not None:
        yield f"at most {high:g}"
    if declared.choices is not None:
        yield f"one of {', '.join(map(str, declared.choices))}"
    if declared.pattern is not None:
        yield f"of the form {declared.pattern}"
    if declared.units_of is not None:
        yield f"a unit of the frame of {declared.units_of}"


def _print(described: Sequence[dict[str, Any]]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from kompendium.cli.printing import output

    for file in described:
        output.print(Text(file["notebook"], style="bold"))
        for one in file["parameters"]:
            default = json.dumps(one["default"], ensure_ascii=False)
            line = Text.assemble((one["name"], "cyan"), f"  {one['type']}, default {default}")
            line.append(f" {one['unit']}" if one["unit"] else "")
            line.append(f"; {one['limits']}" if one["limits"] else "")
            output.print(Padding(line, (0, 0, 0, 2)))
            for lang in ("nb", "en"):
                help_text = Text.assemble((f"{lang}: ", "dim"), one["help"][lang])
                output.print(Padding(help_text, (0, 0, 0, 6)))
        if not file["parameters"]:
            output.print(Padding(Text("no parameters", style="dim"), (0, 0, 0, 2)))
        names = [*file["runs"], *(f"{name} ({n} runs)" for name, n in file["families"].items())]
        output.print(
            Padding(Text(f"runs: {', '.join(names) or 'none'}", style="dim"), (0, 0, 1, 2))
        )
