"""The engine on Spark: sweeps there, then the search here, among the transfers that can matter."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from functools import cached_property

import numpy as np

from diversion.engines import Asked, Score, Search
from diversion.routes.best import NEVER
from diversion.routes.census import Census, Kept, bounded, census_of
from diversion.routes.corridors import SLACK, Ranked, SearchResult, ranked
from diversion.routes.field import Field, ask
from diversion.routes.limits import Limits
from diversion.routes.ranges import Projection, Question
from diversion.routes.transfers import Ints
from diversion.spark.session import Place, session
from diversion.spark.sweeps import Swept, sweep
from diversion.spark.table import table_of

BROUGHT = 200_000
"""Transfers that are searched at first."""
MORE = 8
"""How many times as many are searched where these do not decide."""


class OnSpark:
    """Walks are counted and bounds found on Spark; corridors come from the search of the other engine.

    It searches the transfers of the highest bounds, all others between the same parties with them, and more
    where the last corridor asked for is not above the bound of those left out. So the answer is that of a
    search among all. Walks that must pass through a party are counted here, among all that stand on a walk.
    """

    def __init__(self, asked: Asked, place: Place, brought: int = BROUGHT) -> None:
        self.asked, self.place, self.brought = asked, place, brought
        self.table = table_of(asked)

    @cached_property
    def swept(self) -> Swept:
        """What the sweeps tell. Raises `EngineUnavailable` where Spark does not start or gives up."""
        with session(self.place) as (spark, folder):
            return sweep(spark, folder, self.asked, self.table)

    def census(self) -> Census:
        """See `Engine`."""
        swept, transfers, question = self.swept, self.asked.transfers, self.asked.question
        if question.through is not None:
            return census_of(self._field(swept.rows, question.of_walks))
        on = swept.through > 0
        sums = (column[on] for column in (swept.through, swept.started, swept.entered))
        kept = Kept(len(transfers), swept.rows[on], *sums)
        widened = bool(self.table.widened[np.isin(self.table.rows, kept.rows)].any())
        walks = bounded(swept.walks, kept, (transfers, self.asked.options), widened=widened)
        return Census(walks, kept, swept.exact and all(w.exact for w in walks))

    def _field(self, rows: Ints, question: Question) -> Field:
        return ask(Projection.build(self.asked.transfers, self.asked.options, among=rows), question)

    def ranked(self, top: int, score: Score, limits: Limits) -> Search:
        """See `Engine`."""
        most, before = self.brought if top else len(self.swept.rows), None
        while True:
            result = yield from self._among(most, before, (top, score, limits))
            if result.truncated_by != "floor":
                return result
            most, before = most * MORE, result

    def _among(
        self, most: int, before: SearchResult | None, how: tuple[int, Score, Limits]
    ) -> Generator[Ranked, None, SearchResult]:
        """The search among some transfers; what an earlier one gave is not given again."""
        rows, floor = self._part(most)
        top, score, limits = how
        asked, given = self.asked, 0 if before is None else before.proven
        field = self._field(rows, asked.question)
        result = yield from _after(given, ranked(field, asked.weights, top, score, limits, floor))
        if before is not None and result.proven < given:
            return replace(before, truncated_by=result.truncated_by)
        return result

    def _part(self, most: int) -> tuple[Ints, float]:
        """The transfers to search, and the weight above which no corridor misses any."""
        best, rows = self.swept.best, self.swept.rows
        least = np.partition(best, -most)[-most] if most < len(best) else NEVER
        if least == NEVER:
            return rows[best > NEVER], NEVER
        slack = SLACK * (1 + abs(float(least)))
        transfers = self.asked.transfers
        pair = transfers.src[rows].astype(np.int64) * len(transfers.party_ids) + transfers.dst[rows]
        near = np.isin(pair, pair[best >= least - slack]) & (best > NEVER)
        return rows[near], float(least) + slack


def _after(given: int, search: Search) -> Search:
    """A search without its first results."""
    for _ in range(given):
        try:
            next(search)
        except StopIteration as end:
            result: SearchResult = end.value
            return result
    return (yield from search)
