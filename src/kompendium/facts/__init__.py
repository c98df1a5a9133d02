"""What is known before any computing: frames, published findings and what wordings allow."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kompendium.facts.findings import Finding, Report, finding, findings, reports
from kompendium.facts.paths import Compendium
from kompendium.facts.quantities import Category, Quantity, Region, Unit
from kompendium.facts.vocabulary import Evidence, Verdict
from kompendium.facts.wordings import RULES, quantity

if TYPE_CHECKING:
    from kompendium.facts.frames import (
        districts,
        frame,
        frame_size,
        municipalities,
        unit_counts,
        units_named,
    )
    from kompendium.facts.size_classes import SSB, SizeClasses

__all__ = [
    "RULES",
    "SSB",
    "Category",
    "Compendium",
    "Evidence",
    "Finding",
    "Quantity",
    "Region",
    "Report",
    "SizeClasses",
    "Unit",
    "Verdict",
    "districts",
    "finding",
    "findings",
    "frame",
    "frame_size",
    "municipalities",
    "quantity",
    "reports",
    "unit_counts",
    "units_named",
]

_TABLES = {
    "districts": "frames",
    "frame": "frames",
    "frame_size": "frames",
    "municipalities": "frames",
    "unit_counts": "frames",
    "units_named": "frames",
    "SSB": "size_classes",
    "SizeClasses": "size_classes",
}
"""The names that need pandas, and the module of each."""


def __getattr__(name: str) -> Any:
    """Import what needs pandas when it is asked for, so that it is not waited for elsewhere."""
    if name in _TABLES:
        return getattr(import_module(f"{__name__}.{_TABLES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
