"""Respondents that do not show themselves: a table of rows is for computing, not for reading.

``print(codes)``, a frame at the end of a cell or in a text would put respondents into an executed
notebook. What is taken from such a table by selecting is such a table too; counts and numbers
computed from it are not, and what a cell displays is for the finishing step to stop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

NOTICE = "«virkelige respondenter vises ikke»"
"""What stands where rows would have stood."""


class Column(pd.Series):
    """A column of real respondents."""

    of_respondents = True

    @property
    def _constructor(self) -> Callable[..., Column]:
        return Column

    @property
    def _constructor_expanddim(self) -> Callable[..., Rows]:
        return Rows

    def __repr__(self) -> str:
        """Say that there is something that is not shown."""
        return NOTICE


class Rows(pd.DataFrame):
    """A table of real respondents; ``of_respondents`` tells others not to show it."""

    of_respondents = True

    @property
    def _constructor(self) -> Callable[..., Rows]:
        return Rows

    @property
    def _constructor_sliced(self) -> Callable[..., Column]:
        return Column

    def __repr__(self) -> str:
        """Say that there is something that is not shown."""
        return NOTICE

    def _repr_html_(self) -> str:
        return NOTICE

    def _repr_latex_(self) -> str:
        return NOTICE

    def _repr_data_resource_(self) -> dict[str, Any]:
        return {}
