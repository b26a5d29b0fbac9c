"""A small set of holdings that is enough for a verdict."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from diversion.parties.control import Interval, holds, reaches, stake_of
from diversion.parties.shares import Holdings
from diversion.policy.model import Period

Spans = Mapping[int, tuple[Interval, ...]]


class Prover:
    """Finds, for one rule and period, the statements that a verdict rests on.

    `held` is what `over_time` found, `seeds` its seeds. Owners with the largest stakes are taken first until
    the threshold is met, and each is proved in turn by owners that were restricted before it, so that no
    circle proves itself. Every statement taken is needed at its step; the set is small, not always least.
    """

    def __init__(self, holdings: Holdings, seeds: Spans, held: Spans, period: Period, *, upper: bool) -> None:
        self._holdings, self._seeds, self._held = holdings, seeds, held
        self._period, self._upper = period, upper
        below = np.array(sorted(held), dtype=np.int64)
        about: dict[int, list[int]] = {}
        for statement in np.flatnonzero(np.isin(holdings.owner, below)).tolist():
            about.setdefault(int(holdings.owned[statement]), []).append(statement)
        self._about = about

    def prove(self, company: int, day: int) -> tuple[list[int], list[int]]:
        """Statements that suffice on that day, nearest to the company first, and the seeds they end at."""
        rounds = self._rounds(company, day)
        taken: list[int] = []
        ends: list[int] = []
        waiting, seen = [company], {company}
        while waiting:
            this = waiting.pop(0)
            if rounds.get(this) == 0:
                ends.append(this)
                continue
            for owner, statements in self._enough(this, day, rounds):
                taken.extend(statements)
                if owner not in seen:
                    seen.add(owner)
                    waiting.append(owner)
        return taken, sorted(ends)

    def _stakes(self, company: int, day: int) -> list[tuple[float, int, list[int]]]:
        """Owners that are restricted that day, the largest stake first."""
        holdings = self._holdings
        by_owner: dict[int, list[int]] = {}
        for statement in self._about.get(company, ()):
            owner = int(holdings.owner[statement])
            if holdings.begin[statement] <= day < holdings.end[statement] and holds(
                self._held.get(owner, ()), day
            ):
                by_owner.setdefault(owner, []).append(statement)
        stakes = [
            (stake_of(holdings, mine, self._period.control)[self._upper], owner, mine)
            for owner, mine in by_owner.items()
        ]
        return sorted(stakes, key=lambda stake: (-stake[0], stake[1]))

    def _rounds(self, company: int, day: int) -> dict[int, int]:
        """In which round of the fixed point each party above the company became restricted."""
        above = {company: self._stakes(company, day)}
        waiting = [company]
        while waiting:
            for _, owner, _ in above[waiting.pop()]:
                if owner not in above:
                    above[owner] = [] if self._is_seed(owner, day) else self._stakes(owner, day)
                    waiting.append(owner)
        rounds = {party: 0 for party in above if self._is_seed(party, day)}
        number = 0
        while number < len(above):
            number += 1
            met = [p for p in above if p not in rounds and self._meets(above[p], rounds)]
            if not met:
                break
            rounds.update(dict.fromkeys(met, number))
        return rounds

    def _is_seed(self, party: int, day: int) -> bool:
        return holds(self._seeds.get(party, ()), day)

    def _meets(self, stakes: list[tuple[float, int, list[int]]], rounds: Mapping[int, int]) -> bool:
        shares = [share for share, owner, _ in stakes if owner in rounds]
        if not shares:
            return False
        total = sum(shares) if self._period.aggregate else max(shares)
        return bool(reaches(np.array([total]), self._period)[0])

    def _enough(self, company: int, day: int, rounds: Mapping[int, int]) -> list[tuple[int, list[int]]]:
        mine = rounds.get(company)
        if mine is None:
            return []
        taken: list[tuple[int, list[int]]] = []
        total = 0.0
        for share, owner, statements in self._stakes(company, day):
            if rounds.get(owner, mine) >= mine or share <= 0:
                continue
            taken.append((owner, statements))
            total = total + share if self._period.aggregate else share
            if reaches(np.array([total]), self._period)[0]:
                break
        return taken
