"""Estimates that know how the answers came about: weights, strata, clusters, a finite population.

Every estimate is made by ``svy``, whose figures agree with R's survey package on that package's
own data (``tests/statistics/test_design.py``). A ``Design`` says which columns of a table carry
the weight, the stratum, the cluster and the size of the population; its methods give one row an
estimate in one shape, ``estimates.ESTIMATES``, for a mean, a total, a share or a ratio.

``svy`` takes a second to import, so it is when the first estimate is made: who never weights does
not pay. It gets numbers and codes only, so that labels and their order stay the table's own.

Sources: Lumley, T. (2010), "Complex Surveys", Wiley; Korn, E. L. and Graubard, B. I. (1999),
"Analysis of Health Surveys", Wiley, section 5.2 (degrees of freedom of a domain).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype

from kompendium.statistics import estimates
from kompendium.statistics.estimates import ESTIMATES, Codes, Interval, Numbers, Truths
from kompendium.statistics.shares import LEVEL
from kompendium.statistics.weighting import Adjustment, PostStratification, Raking, Weights

if TYPE_CHECKING:
    import svy


@dataclass(frozen=True, eq=False)
class Design:
    """A table of respondents bound to the columns that say how they came to be there.

    ``data`` has one row a respondent. ``weight`` is how many units a row stands for; without it
    every row of a stratum stands for equally many of its ``population``, or for one. ``stratum``
    are groups that were sampled (or answered) separately, ``cluster`` groups that came together,
    named within a stratum. ``population`` is the number of sampling units in the row's stratum
    (clusters if there are any, else rows), as R's ``fpc``: intervals are narrower because most
    of a small population is in the sample. Intervals are at ``level``, with Student's t.
    """

    data: pd.DataFrame = field(repr=False)
    weight: str | None = None
    stratum: str | None = None
    cluster: str | None = None
    population: str | None = None
    adjustment: Adjustment | None = None
    level: float = LEVEL

    def post_stratified(self, totals: pd.Series[int]) -> Design:
        """The design with weights that sum to known totals in every cell, and no other adjustment.

        ``totals`` is the number of units by cell, indexed by values of one or more columns of
        ``data``, as ``frame.groupby(["kind", "size_class"], observed=True).size()`` gives it.
        """
        return replace(self, adjustment=PostStratification(totals))

    def raked(self, *margins: pd.Series[int]) -> Design:
        """The design with weights that sum to several sets of totals, and no other adjustment.

        Each of ``margins`` is like ``totals``; NoWeightsError on estimating where no weights
        meet them all.
        """
        return replace(self, adjustment=Raking(margins))

    @property
    def weights(self) -> Weights:
        """How far the weights reach, and what their unevenness costs."""
        return Weights.of(self.case_weights)

    @property
    def case_weights(self) -> Numbers:
        """How many units each row stands for, as adjusted; in the order of the rows."""
        return _weights(self.bound())

    def mean(
        self,
        variable: str,
        *,
        by: str | Sequence[str] = (),
        where: pd.Series[bool] | None = None,
    ) -> pd.DataFrame:
        """The mean of a number, one row a domain of ``by``, among those who meet ``where``.

        Blank cells of ``variable`` (or ``by``) put the row outside the domain, as R's
        ``na.rm=TRUE``; ``n`` is the number of rows in it, ``df`` the clusters less the strata
        among them. A domain of ``by`` with nobody in it has no row.

        Raises:
            KeyError: a column is not in the data.
            ValueError: nobody is in the domain, or the design is not sound (see ``layout``).
        """
        return self._estimated("mean", [variable], by, where)

    def total(
        self,
        variable: str,
        *,
        by: str | Sequence[str] = (),
        where: pd.Series[bool] | None = None,
    ) -> pd.DataFrame:
        """The sum of a number over the population; see ``mean``."""
        return self._estimated("total", [variable], by, where)

    def ratio(
        self,
        variable: str,
        to: str,
        *,
        by: str | Sequence[str] = (),
        where: pd.Series[bool] | None = None,
    ) -> pd.DataFrame:
        """The total of ``variable`` divided by the total of ``to``; see ``mean``."""
        return self._estimated("ratio", [variable, to], by, where)

    def share(
        self,
        variable: str,
        *,
        by: str | Sequence[str] = (),
        where: pd.Series[bool] | None = None,
    ) -> pd.DataFrame:
        """The share that gave each answer: one row a level (column ``level``); see ``mean``.

        Every category of a categorical column has a row, also one that nobody chose.

        The interval is symmetric on the logit scale, as R's ``svyciprop(method="logit")``. Where
        fewer than ``estimates.FEW`` effective answers stand on one side, that scale stretches
        too far and the interval is Wilson's on the effective number of answers, p(1 − p)/se²,
        adjusted for the degrees of freedom. At 0 and 1 the standard error is zero and tells
        nothing; there the number is what the weights and the population leave
        (``estimates.effective_sizes``). The column ``interval`` says which was used.
        """
        levels = _levels(self.column(variable))
        codes, (groups, labels) = levels.codes.astype(np.int64), self._groups(by)
        inside = self.inside(where, codes, groups)
        sample = self.bound(y=codes, by=groups, inside=inside)
        rows = self._rows(sample, "prop", ["y"], Interval.LOGIT, inside)
        few = estimates.few(rows)
        if few.any():
            rows.loc[few] = self._rows(sample, "prop", ["y"], Interval.WILSON, inside).loc[few]
        rows = estimates.every_level(rows, len(levels.categories))
        ends = estimates.at_an_end(rows)
        if ends.any():
            left = np.asarray(self.layout["left"], dtype=float)
            place = np.where(inside, groups, -1)
            sizes = estimates.effective_sizes(_weights(sample), left, place)
            rows.loc[ends] = estimates.wilson(rows.loc[ends], sizes, self.level)
        return estimates.table(rows, labels, level=levels.categories)

    def column(self, name: str) -> pd.Series[float]:
        """A column of the data; KeyError, with the names there are, if it is not there."""
        if name not in self.data:
            raise KeyError(f"no column «{name}»; there are {', '.join(map(str, self.data))}")
        return self.data[name]

    def inside(self, where: pd.Series[bool] | None, *complete: Codes) -> Truths:
        """Tell of each row whether it meets ``where`` and has every code (−1 is a blank).

        Raises:
            ValueError: ``where`` has another index than the data, or nobody is inside.
        """
        inside = np.ones(len(self.data), dtype=bool)
        if where is not None:
            if not where.index.equals(self.data.index):
                raise ValueError("where needs one true or false a row, indexed as the data")
            inside = where.fillna(False).to_numpy(dtype=bool)
        for codes in complete:
            inside = inside & (codes >= 0)
        if not inside.any():
            raise ValueError("nobody is in the domain")
        return inside

    def bound(self, **columns: Numbers | Codes | Truths) -> svy.Sample:
        """svy's sample: the design, its weights as adjusted, and further columns of numbers."""
        import polars as pl
        import svy

        cells = self.adjustment.cells(self.data) if self.adjustment is not None else {}
        design = svy.Design(
            wgt="weight",
            stratum="stratum" if self.stratum is not None else None,
            psu="cluster" if self.cluster is not None else None,
            pop_size="population" if self.population is not None else None,
        )
        sample = svy.Sample(pl.DataFrame({**self.layout, **cells, **columns}), design)
        return self.adjustment.fit(sample) if self.adjustment is not None else sample

    @cached_property
    def layout(self) -> dict[str, Numbers | Codes]:
        """The design of each row: stratum, cluster, population, ``left`` (1 − f) and weight.

        Raises:
            KeyError: a column of the design is not in the data.
            ValueError: a column of the design has blanks, a weight is not positive, a population
                differs within its stratum or is smaller than the sample, or a stratum has one
                cluster only, which says nothing about its variance: join it with another.
        """
        stratum, cluster = self._place(self.stratum), self._place(self.cluster)
        if self.cluster is None:
            cluster = np.arange(len(self.data))
        sampled = np.bincount(np.unique(np.column_stack([stratum, cluster]), axis=0)[:, 0])
        if (sampled < 2).any():
            rows = self.data.loc[(sampled < 2)[stratum]]
            alone = set(rows[self.stratum].astype(str)) if self.stratum else {"the data"}
            raise ValueError(f"one unit only in {', '.join(sorted(alone))}: a variance needs two")
        population = self._size(self.population, np.inf)
        _, first = np.unique(stratum, return_index=True)
        if (population != population[first][stratum]).any():
            raise ValueError(f"{self.population} differs within a stratum")
        if (population[first] < sampled).any():
            raise ValueError(f"{self.population} is smaller than the number sampled")
        even = population / sampled[stratum] if self.population else np.ones(len(self.data))
        return {
            "stratum": stratum,
            "cluster": cluster,
            "population": population,
            "left": 1 - sampled[stratum] / population,
            "weight": self._size(self.weight, 1.0) if self.weight else even,
        }

    def _place(self, name: str | None) -> Codes:
        """The group of each row in a column of the design."""
        if name is None:
            return np.zeros(len(self.data), dtype=np.int64)
        codes: Codes = pd.factorize(self.column(name))[0]
        if (codes < 0).any():
            raise ValueError(f"{name} has blanks: every row needs its place in the design")
        return codes

    def _size(self, name: str | None, otherwise: float) -> Numbers:
        """A column of the design as positive numbers."""
        if name is None:
            return np.full(len(self.data), otherwise)
        values = self.column(name).to_numpy(dtype=float, na_value=np.nan)
        if not (np.isfinite(values) & (values > 0)).all():
            raise ValueError(f"{name} is not a positive number in every row")
        return values

    def _groups(self, by: str | Sequence[str]) -> tuple[Codes, pd.DataFrame]:
        """The domain of each row as a code, and what each code stands for."""
        names = [by] if isinstance(by, str) else list(by)
        if taken := {"level", *ESTIMATES.columns} & set(names):
            raise ValueError(f"estimates have columns of their own called {', '.join(taken)}")
        if not names:
            return np.zeros(len(self.data), dtype=np.int64), pd.DataFrame(index=[0])
        groups = pd.concat([self.column(name) for name in names], axis=1).groupby(
            names, observed=True
        )
        codes = groups.ngroup().fillna(-1).to_numpy(dtype=np.int64)
        return codes, groups.size().index.to_frame(index=False)

    def _estimated(
        self,
        what: Literal["mean", "total", "ratio"],
        variables: Sequence[str],
        by: str | Sequence[str],
        where: pd.Series[bool] | None,
    ) -> pd.DataFrame:
        values = [self.column(name).to_numpy(dtype=float, na_value=np.nan) for name in variables]
        groups, labels = self._groups(by)
        inside = self.inside(where, groups, *(np.where(np.isnan(one), -1, 0) for one in values))
        columns = {name: np.nan_to_num(one) for name, one in zip("yx", values, strict=False)}
        sample = self.bound(by=groups, inside=inside, **columns)
        return estimates.table(self._rows(sample, what, columns, Interval.T, inside), labels)

    def _rows(
        self,
        sample: svy.Sample,
        what: Literal["mean", "total", "ratio", "prop"],
        columns: Iterable[str],
        interval: Interval,
        inside: Truths,
    ) -> pd.DataFrame:
        """svy's estimates by domain (and level) of those inside."""
        import svy

        options: dict[str, Any] = {"alpha": 1 - self.level, "by": "by"}
        if not inside.all():
            options["where"] = svy.col("inside")
        if what == "prop":
            options["ci_method"] = str(interval)
        made = getattr(sample.estimation, what)(*columns, **options)
        return estimates.numbers(made, interval, ["by", "y"] if what == "prop" else ["by"])


def _levels(column: pd.Series[Any]) -> pd.Categorical:
    """A column as levels; a true or false one has both, whether or not anybody gave both."""
    return pd.Categorical(column, [False, True] if is_bool_dtype(column.dtype) else None)


def _weights(sample: svy.Sample) -> Numbers:
    return sample.data.lazy().select(str(sample.design.wgt)).collect().to_series().to_numpy()
