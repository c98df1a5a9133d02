"""When two states of the compendium count as different, each limit with its reason."""

from __future__ import annotations

from math import isclose

NOISE = 1e-9
"""Relative difference up to which two numbers are the same.

The same sum taken in another order, as other processors and versions of NumPy do, differs by
about 1e-16, and what is found by iteration (raking, maximum entropy) by about 1e-10. The finest
number the book prints has four digits, so nothing a reader could see is lost here.
"""

ALIKE = 0.5
"""Share of its text that a cell must have kept to count as the same cell, rewritten.

A changed line in a cell of four keeps three quarters of it; two cells that only begin with the
same imports share less than half.
"""


def same_number(one: float, other: float) -> bool:
    """Tell whether two numbers differ by no more than noise; near nought too."""
    return isclose(one, other, rel_tol=NOISE, abs_tol=NOISE)
