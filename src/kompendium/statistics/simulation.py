"""Whether intervals keep what they promise: response drawn over a frame where the truth is known.

A property is drawn for every unit of a frame, so its share is known. Then it is drawn who
answers, and the share is estimated from them, in every way the compendium estimates it. The
readiest units answer: readiness is what is stated of a unit (``Response``) plus logistic noise.
The number answering is thus the published one each time, and the odds of answering differ as
stated (Rosén's order sampling).

The weighted estimates are those of ``design.Design``, written for all repetitions at once; the
tests hold them against it. They are for shares that are not extreme (``WITHIN``), where its
interval is the logit one.

Sources: Rosén, B. (1997), "On sampling with probability proportional to size", Journal of
Statistical Planning and Inference 62; Holt, D. and Smith, T. M. F. (1979), "Post stratification",
JRSS A 142; Brown, L. D., Cai, T. T. and DasGupta, A. (2001), "Interval estimation for a binomial
proportion", Statistical Science 16 (coverage oscillates, so it is averaged over many truths).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import hypergeom, t

from kompendium.facts.vocabulary import Evidence
from kompendium.statistics.shares import LEVEL, Share

WITHIN = (0.1, 0.9)
"""Shares that are simulated: outside them ``Design.share`` may choose another interval."""

LEAST = 2
"""Answers a class must have: with one, its variance is unknown."""

BLOCK = 2_000
"""Repetitions computed at once, so that they fit in the processor's memory."""

NOISE = 1e-12
"""What the processor may add to the end of an interval."""

Numbers = npt.NDArray[np.float64]
Intervals = tuple[Numbers, Numbers, Numbers]
"""Estimate, low and high end, one each a repetition."""


class Method(StrEnum):
    """The ways to estimate a share from those who answered."""

    # Unweighted, as the field publishes; Wilson's interval.
    CORRECTED = "corrected"
    UNCORRECTED = "uncorrected"

    # Every size class counted as often as it stands in the frame; logit interval. The finite
    # population correction is one for all, or each class's own, as in ``sensitivity``.
    POST_STRATIFIED = "post-stratified"
    STRATIFIED = "stratified"


@dataclass(frozen=True)
class Response:
    """What makes units answer, as factors on the odds of answering; 1 is no difference.

    ``by_size`` applies from each size class to the next larger, ``by_property`` to those who
    have the property. With both 1, everyone is equally likely to answer.
    """

    by_size: float = 1.0
    by_property: float = 1.0


def simulate(
    units: pd.DataFrame,
    answered: int,
    response: Response,
    share: float,
    *,
    odds: float = 1.5,
    repetitions: int = 10_000,
    seed: int = 1,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Draw response over a frame and tell how each method fares, one row a ``Method``.

    ``units`` has ``population`` and ``size_class`` (ordered). Each repetition draws the property
    first, with the expected ``share``, its odds growing by the factor ``odds`` when population
    doubles, and then who answers. The same seed gives the same truths whatever the response.

    Columns: ``bias`` (mean of estimate minus truth), ``coverage`` (how often the interval holds
    the truth), ``error`` (the Monte Carlo standard error of coverage) and ``width`` (mean, of the
    interval); all as shares, 0 to 1.

    Raises:
        ValueError: the numbers do not fit the frame, the share is extreme, or too few answered:
            fewer than two in a size class, or nobody with (or without) the property.
    """
    if not LEAST <= answered < len(units):
        raise ValueError(f"{answered} of {len(units)} units cannot be those who answer")
    if not WITHIN[0] <= share <= WITHIN[1]:
        raise ValueError(f"the share is simulated from {WITHIN[0]} to {WITHIN[1]}, not {share}")
    if repetitions < 1:
        raise ValueError(f"a simulation takes at least one repetition, not {repetitions}")
    stream = np.random.default_rng(seed)
    size = units["size_class"].cat.codes.to_numpy()
    classes = np.eye(size.max() + 1)[size][:, np.unique(size)]
    estimators = _estimators(classes.sum(axis=0), answered, level)
    found: dict[Method, list[Numbers]] = {method: [] for method in Method}
    for done in range(0, repetitions, BLOCK):
        times = min(BLOCK, repetitions - done)
        having = draw_property(units, share, odds, times, stream)
        readiness = np.log(response.by_size) * size + np.log(response.by_property) * having
        drawn = draw_response(readiness, answered, stream)
        answers, counts = drawn @ classes, (drawn * having) @ classes
        total = counts.sum(axis=1)
        if answers.min() < LEAST or total.min() == 0 or total.max() == answered:
            raise ValueError("too few answers to estimate a share in every class")
        truth = having.mean(axis=1)
        for method, estimate in estimators.items():
            value, low, high = estimate(answers, counts)
            covers = (low - NOISE <= truth) & (truth <= high + NOISE)
            found[method].append(np.column_stack([value - truth, covers, high - low]))
    means = {method: np.concatenate(rows).mean(axis=0) for method, rows in found.items()}
    table = pd.DataFrame(means, index=["bias", "coverage", "width"]).T.rename_axis("method")
    error = np.sqrt(table["coverage"] * (1 - table["coverage"]) / repetitions)
    return table.assign(error=error)[["bias", "coverage", "error", "width"]]


def draw_property(
    units: pd.DataFrame, share: float, odds: float, times: int, stream: np.random.Generator
) -> Numbers:
    """Draw who has a property (1) or not (0), ``times`` rows by units, logistic in population."""
    doublings = np.log2(units["population"].to_numpy(dtype=float))
    steepness = np.log(odds) * (doublings - doublings.mean())
    middle = brentq(lambda at: expit(at + steepness).mean() - share, -50, 50)
    chance = expit(middle + steepness)
    return np.asarray(stream.random((times, len(units))) < chance, dtype=float)


def draw_response(readiness: Numbers, answered: int, stream: np.random.Generator) -> Numbers:
    """Draw who answers (1) or not (0): the ``answered`` readiest, in each row of ``readiness``."""
    order = readiness + stream.logistic(size=readiness.shape)
    first = np.argpartition(-order, answered, axis=1)[:, :answered]
    drawn = np.zeros(order.shape)
    np.put_along_axis(drawn, first, 1.0, axis=1)
    return drawn


def post_stratified(
    answers: Numbers, counts: Numbers, units: Numbers, level: float = LEVEL
) -> Intervals:
    """The share when each class counts as in the frame, with one correction for the whole frame.

    ``answers`` and ``counts`` (of those who have the property) are repetitions by classes;
    ``units`` by class. As ``Design(population=…).post_stratified(…)``: the variance is that of
    a simple random sample, of what the classes leave unexplained.
    """
    total, answered = units.sum(), answers.sum(axis=1)
    shares, within = counts / answers, units / total
    variance = (within**2 * shares * (1 - shares) / answers).sum(axis=1)
    variance *= (1 - answered / total) * answered / (answered - 1)
    return _logit((within * shares).sum(axis=1), variance, answered - 1, level)


def stratified(
    answers: Numbers, counts: Numbers, units: Numbers, level: float = LEVEL
) -> Intervals:
    """The same share, with the variance and the correction of each class by itself.

    Shapes as ``post_stratified``. As ``Design(stratum=…, population=…)`` with each class as a
    stratum: right also where classes answer unequally often, given how many answered in each.
    """
    shares, within = counts / answers, units / units.sum()
    variance = within**2 * (1 - answers / units) * shares * (1 - shares) / (answers - 1)
    freedom = answers.sum(axis=1) - answers.shape[1]
    return _logit((within * shares).sum(axis=1), variance.sum(axis=1), freedom, level)


def exact_coverage(intervals: Sequence[tuple[float, float]], population: int) -> "pd.Series[float]":
    """How often an interval holds the truth when response is random, for every possible truth.

    ``intervals`` has one interval for each count 0 … n of n answers. The count is
    hypergeometric, so nothing is drawn. Indexed by the share in the population, 0 to 1.

    Raises:
        ValueError: there are more answers than units.
    """
    answered = len(intervals) - 1
    if not 0 < answered <= population:
        raise ValueError(f"{answered} of {population} units cannot be those who answer")
    truths = np.arange(population + 1)
    low, high = np.array(intervals).T
    share = (truths / population)[:, None]
    chance = hypergeom.pmf(np.arange(answered + 1), population, truths[:, None], answered)
    covers = (low - NOISE <= share) & (share <= high + NOISE)
    return pd.Series((chance * covers).sum(axis=1), share[:, 0], name="coverage")


def _estimators(
    units: Numbers, answered: int, level: float
) -> Mapping[Method, Callable[[Numbers, Numbers], Intervals]]:
    """Each method as a function of answers and counts, repetitions by classes."""

    def by_class(estimate: Callable[..., Intervals]) -> Callable[[Numbers, Numbers], Intervals]:
        return lambda answers, counts: estimate(answers, counts, units, level)

    return {
        Method.CORRECTED: _unweighted(answered, int(units.sum()), level),
        Method.UNCORRECTED: _unweighted(answered, None, level),
        Method.POST_STRATIFIED: by_class(post_stratified),
        Method.STRATIFIED: by_class(stratified),
    }


def _unweighted(
    answered: int, population: int | None, level: float
) -> Callable[[Numbers, Numbers], Intervals]:
    """The compendium's own ``Share``, made once for each count there can be."""
    shares = [
        Share(count, answered, Evidence.ARITHMETIC, population, level)
        for count in range(answered + 1)
    ]
    table = np.array([(one.value, *one.interval) for one in shares]).T

    def estimate(answers: Numbers, counts: Numbers) -> Intervals:
        value, low, high = table[:, counts.sum(axis=1).astype(int)]
        return value, low, high

    return estimate


def _logit(value: Numbers, variance: Numbers, freedom: Numbers, level: float) -> Intervals:
    """An interval symmetric on the logit scale, with Student's t."""
    reach = t.ppf((1 + level) / 2, freedom) * np.sqrt(variance) / (value * (1 - value))
    return value, expit(logit(value) - reach), expit(logit(value) + reach)
