"""Methods: shares with intervals, bounds, whole numbers behind them, samples and neighbours."""

from typing import TYPE_CHECKING

from kompendium.exports import exports
from kompendium.statistics.bounds import (
    Bounds,
    bounds,
    conditional,
    joint,
    nonresponse,
    otherwise,
    overall,
    union,
)
from kompendium.statistics.integers import (
    counts,
    fitting_bases,
    fitting_frames,
    reconstruct,
    response_rates,
)

if TYPE_CHECKING:
    from kompendium.statistics.answers import Estimate
    from kompendium.statistics.effects import Independence, independence
    from kompendium.statistics.illustration import GRADIENT, illustrate
    from kompendium.statistics.neighbours import joint_population, nearest
    from kompendium.statistics.program import CannotHoldError
    from kompendium.statistics.samples import Sample, sample
    from kompendium.statistics.shares import (
        Comparison,
        Share,
        certainty,
        difference,
        effective_size,
        margin,
        ratio,
        smallest_certain,
    )

__all__ = [
    "GRADIENT",
    "Bounds",
    "CannotHoldError",
    "Comparison",
    "Estimate",
    "Independence",
    "Sample",
    "Share",
    "bounds",
    "certainty",
    "conditional",
    "counts",
    "difference",
    "effective_size",
    "fitting_bases",
    "fitting_frames",
    "illustrate",
    "independence",
    "joint",
    "joint_population",
    "margin",
    "nearest",
    "nonresponse",
    "otherwise",
    "overall",
    "ratio",
    "reconstruct",
    "response_rates",
    "sample",
    "smallest_certain",
    "union",
]

__getattr__ = exports(
    __name__,
    {
        "kompendium.statistics.answers": ["Estimate"],
        "kompendium.statistics.effects": ["Independence", "independence"],
        "kompendium.statistics.illustration": ["GRADIENT", "illustrate"],
        "kompendium.statistics.neighbours": ["joint_population", "nearest"],
        "kompendium.statistics.program": ["CannotHoldError"],
        "kompendium.statistics.samples": ["Sample", "sample"],
        "kompendium.statistics.shares": [
            "Comparison",
            "Share",
            "certainty",
            "difference",
            "effective_size",
            "margin",
            "ratio",
            "smallest_certain",
        ],
    },
)
