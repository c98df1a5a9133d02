"""YAML documents read into models, each mistake told with file, line and what to do.

Researchers write these files by hand; a list of all mistakes at once, with lines, is what
lets them mend a file in one go. YAML 1.2 is used: ``0301`` stays what it looks like.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from kompendium.facts import plain

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """One mistake in an input file: where it is, what is wrong and the remedy."""

    file: Path
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """Read as a compiler's message, so that editors can jump to the line."""
        text = f"{self.file}:{self.line}: {self.message}"
        return f"{text} → {self.remedy}" if self.remedy else text


class InputError(Exception):
    """The input is wrong; carries every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of file and line."""
        self.problems = sorted(set(problems), key=lambda p: (str(p.file), p.line, p.message))
        super().__init__("\n".join(map(str, self.problems)))


def read(path: Path) -> Any:
    """Parse a YAML file, keeping the line of every key; raises InputError."""
    from ruamel.yaml import YAML  # here, as in ``load``
    from ruamel.yaml.error import MarkedYAMLError

    try:
        with path.open(encoding="utf-8") as stream:
            return YAML(typ="rt").load(stream)
    except FileNotFoundError:
        raise InputError([Problem(path, 1, "the file does not exist")]) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        remedy = "check indentation, colons and quotation marks around this line"
        raise InputError([Problem(path, line, f"not YAML: {error.problem}", remedy)]) from None


def line_of(document: Any, location: Iterable[str | int]) -> int:
    """Find the line (from 1) of a key path in a parsed document, or of its nearest parent."""
    line = 1
    for step in location:
        marks = getattr(document, "lc", None)
        if marks is None or marks.data is None:
            break
        try:
            line = marks.data[step][0] + 1
            document = document[step]
        except (KeyError, IndexError, TypeError):
            break
    return line


def problems(path: Path, document: Any, error: ValidationError) -> Iterator[Problem]:
    """Turn a model's validation error into problems with lines."""
    for detail in error.errors():
        where = ".".join(map(str, detail["loc"]))
        message = f"{where}: {detail['msg']}" if where else detail["msg"]
        remedy = ""
        if detail["type"] == "string_type":
            remedy = "write the value in quotation marks"
        elif detail["type"] == "extra_forbidden":
            remedy = "remove it or correct its spelling"
        elif detail["type"] == "missing":
            remedy = "add it"
        yield Problem(path, line_of(document, detail["loc"]), message, remedy)


def load(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a model; raises InputError with every problem in it.

    Lines are wanted only where something is wrong, and to keep them takes ten times as long.
    """
    try:
        return cast("Model", _parsed(path.read_text(encoding="utf-8"), model))
    except (OSError, ValueError):  # also what is not plain, and what is wrong
        return validated(path, read(path), model)


@lru_cache(maxsize=64)
def _parsed(text: str, model: type[BaseModel]) -> BaseModel:
    """Parse a document when its content is new; whoever reads it leaves it as it is."""
    return model.model_validate(plain.values(text))


def validated(path: Path, document: Any, model: type[Model]) -> Model:
    """Turn a parsed document into a model, for those who need the document's lines, too."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise InputError(problems(path, document, error)) from None
