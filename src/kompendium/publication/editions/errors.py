"""Why an edition was not made, or could not be run again: told as a list with remedies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One reason to refuse: where it is, what is wrong, and what to do about it."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Read as a line of a listing."""
        return f"{self.where}: {self.what} → {self.remedy}"


class RefusedError(Exception):
    """No edition was made, and nothing was written; carries every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep each reason once, in the order in which they were found."""
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


class NotRunError(Exception):
    """The edition could not be run again at all; the message says why and what to do."""
