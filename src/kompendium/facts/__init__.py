"""What is known before any computing: frames, published findings and what wordings allow."""

from typing import TYPE_CHECKING

from kompendium.exports import exports
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

__getattr__ = exports(
    __name__,
    {
        "kompendium.facts.frames": [
            "districts",
            "frame",
            "frame_size",
            "municipalities",
            "unit_counts",
            "units_named",
        ],
        "kompendium.facts.size_classes": ["SSB", "SizeClasses"],
    },
)
"""These need pandas."""
