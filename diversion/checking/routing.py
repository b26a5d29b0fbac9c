"""The routes that new shipments would complete, each against the records and the new ones before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion import explain
from diversion.checking.records import Planned, Records, Surroundings, some
from diversion.findings import Finding, Search
from diversion.options import Options
from diversion.question import plainly
from diversion.routes.corridors import Corridor, contained, id_of
from diversion.routes.incremental import Increment, Watch
from diversion.routes.joining import NOBODY
from diversion.routes.ranges import Question
from diversion.routes.transfers import Ints
from diversion.scoring.facts import gather
from diversion.scoring.scorecard import Scorer, weights

Longs = npt.NDArray[np.int64]
EARLIER = -2
"""Marks, in an increment, a new transfer that came before the one that is asked about."""


EVERY = Search(exact=True, truncated_by=None)


@dataclass(frozen=True)
class Found:
    """The routes with one new shipment, best first, and whether these are all."""

    findings: tuple[Finding, ...] = ()
    search: Search = EVERY


class Routing:
    """New shipments of one file against the records: which of them complete a route, and which routes."""

    def __init__(self, records: Records, watch: Watch, planned: Planned, options: Options, top: int) -> None:
        self.records, self.watch, self.planned = records, watch, planned
        self.options, self.top = options, top

    @cached_property
    def question(self) -> Question:
        """Which of the new transfers may begin and end a route."""
        return plainly(self.records.alone(self.planned), self.options)

    @cached_property
    def instead(self) -> Ints:
        """What is on record of shipments of the same ids, and gives way."""
        return self.records.of_ids(self.planned.shipments["id"].to_pylist())

    def candidates(self, order: Sequence[int]) -> list[int]:
        """Those of the new transfers that stand on any walk when all of them are made, in the given order."""
        sought = {self._goods(code) for code in self.records.dossier.policy.looked_for}
        if not any(self._goods(str(code)) in sought for code in self.planned.transfers.hs6):
            return []
        every = self._increment(list(range(len(self.planned.transfers))))
        if not every.live:
            return []
        begin = len(every.transfers) - len(self.planned.transfers)
        found = every.field.projection.rows
        live = set((found[found >= begin] - begin).tolist())
        return [one for one in order if one in live]

    def _goods(self, hs6: str) -> str:
        """What stays the same of goods along a route."""
        return hs6[:4] if self.watch.projection.options.headings else hs6

    def _increment(self, new: list[int]) -> Increment:
        asked = replace(
            self.question,
            **{name: getattr(self.question, name)[new] for name in ("terminal", "origin", "barred")},
        )
        return self.watch.around(some(self.planned.transfers, new), asked, without=self.instead)

    def found(self, last: int, before: list[int], candidates: list[int]) -> Found:
        """The routes with the new transfer `last` beside all `before`, of which `candidates` may join it."""
        asked = [one for one in before if one in set(candidates)]
        asked.append(last)
        made = self._increment(asked)
        if not made.live:
            return Found()
        new = [*before, last]
        beside = self._beside(made, new)
        at = {one: place for place, one in enumerate(new)}
        places = beside.places(made.rows, np.array([at[one] for one in asked], np.int64))
        return self._told(_ordered(made, places), np.sort(places), beside)

    def _beside(self, made: Increment, new: list[int]) -> Surroundings:
        """The records around what the increment may hold, and the new transfers."""
        planned = replace(self.planned, transfers=some(self.planned.transfers, new))
        names = planned.transfers.party_ids[
            np.unique(np.concatenate([planned.transfers.src, planned.transfers.dst]))
        ]
        known = self.watch.number(names, self.watch.parties)
        senders = known[known >= 0].astype(np.int32)
        rows = self.records.around(made.rows[made.rows >= 0], senders)
        return self.records.beside(np.setdiff1d(rows, self.instead).astype(np.int32), planned)

    def _told(self, made: Increment, places: Longs, beside: Surroundings) -> Found:
        facts = gather(beside.dossier, scope=beside.scope)
        scorer, whole = Scorer(beside.dossier, facts), weights(facts)
        mine = replace(whole, **{name: getattr(whole, name)[places] for name in ("start", "onward", "end")})
        most = int(beside.dossier.policy.thresholds["check_corridors"])
        corridors = made.corridors(mine, most + 1)
        search = EVERY if len(corridors) <= most else Search(exact=False, truncated_by="examined")
        there = _Numbers(made, places, beside)
        moved = [there.corridor(one) for one in corridors[:most]]
        ranked = sorted(moved, key=lambda one: (-scorer.rank(one), id_of(one, beside.dossier.transfers)))
        best = ranked[: self.top or None]
        told = [explain.finding(one, scorer.score(one), beside.dossier, search) for one in best]
        ids = [None if whole is None else told[whole].route_id for whole in contained(best)]
        return Found(
            tuple(explain.retold(one, inside, search) for one, inside in zip(told, ids, strict=True)), search
        )


def _ordered(made: Increment, places: Longs) -> Increment:
    """The increment with its transfers in the order of their ids, and only the last of the new ones fresh."""
    order = np.argsort(places)
    rows = made.rows.copy()
    fresh = np.flatnonzero(rows == NOBODY)
    rows[fresh[:-1]] = EARLIER
    question: Question = replace(
        made.question,
        **{name: getattr(made.question, name)[order] for name in ("terminal", "origin", "barred")},
    )
    return replace(made, transfers=some(made.transfers, order), question=question, rows=rows[order])


class _Numbers:
    """From the numbers of an increment to those of what surrounds it."""

    def __init__(self, made: Increment, places: Longs, beside: Surroundings) -> None:
        there = beside.dossier.transfers
        self.places = places
        self.party = _numbers(made.transfers.party_ids, there.party_ids)
        self.item = _numbers(made.transfers.hs6, there.hs6)

    def corridor(self, one: Corridor) -> Corridor:
        return replace(
            one,
            parties=tuple(self.party[party] for party in one.parties),
            item=self.item[one.item],
            hops=tuple(self.places[hop].astype(np.int32) for hop in one.hops),
            best=tuple(int(self.places[e]) for e in one.best),
        )


def _numbers(names: npt.NDArray[Any], there: npt.NDArray[Any]) -> list[int]:
    place = {str(name): at for at, name in enumerate(there)}
    return [place[str(name)] for name in names]
