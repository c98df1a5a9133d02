"""What goes wrong while publishing, told as a list: one round of mending, not ten."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that must not be published: which page or notebook, and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        """Read as a line of a listing."""
        return f"{self.where}: {self.what}"


class PublicationError(Exception):
    """The book was not published; the last good one stands. Carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep each problem once, in the order of places."""
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))
