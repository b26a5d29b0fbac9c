"""A small set of holdings that is enough for a verdict."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from diversion.parties.control import Interval, holds, meets, owners_stakes
from diversion.parties.shares import Holdings, Statement, statements
from diversion.policy.model import Period

Spans = Mapping[int, tuple[Interval, ...]]


class Prover:
    """Finds, for one rule and period, the statements that a verdict rests on.

    `held` is what `over_time` found from `seeds`. Owners with the largest stakes are taken first until the
    threshold is met, then any that turns out not to be needed is left out again, and each is proved in
    turn by owners that were restricted before it, so that no circle proves itself. The set is small, and
    for the company itself none of it can be spared; a smaller one by another way round may exist.
    """

    def __init__(self, holdings: Holdings, seeds: Spans, held: Spans, period: Period, *, upper: bool) -> None:
        self._seeds, self._held, self._period, self._upper = seeds, held, period, upper
        restricted = np.array(sorted(held), dtype=np.int64)
        self._about = statements(holdings, np.flatnonzero(np.isin(holdings.owner, restricted)))

    def holds(self, company: int, day: int) -> bool:
        """Whether the company is restricted that day by what this prover can prove."""
        return holds(self._held.get(company, ()), day)

    def prove(self, company: int, day: int) -> tuple[list[Statement], list[int]]:
        """Statements that suffice on that day, nearest to the company first, and the seeds they end at."""
        stakes, rounds = self._above(company, day)
        taken: list[Statement] = []
        ends: list[int] = []
        waiting, seen = [company], {company}
        for this in waiting:
            if rounds.get(this) == 0:
                ends.append(this)
                continue
            for owner in self._enough(stakes.get(this, {}), rounds, rounds.get(this, 0)):
                taken.extend(s for s in self._live(this, day) if s.owner == owner)
                if owner not in seen:
                    seen.add(owner)
                    waiting.append(owner)
        return taken, sorted(ends)

    def _live(self, company: int, day: int) -> list[Statement]:
        return [
            s
            for s in self._about.get(company, ())
            if s.begin <= day < s.end and holds(self._held.get(s.owner, ()), day)
        ]

    def _above(self, company: int, day: int) -> tuple[dict[int, dict[int, float]], dict[int, int]]:
        """Stakes in each party above the company, and the round of the fixed point in which it was met."""
        stakes: dict[int, dict[int, float]] = {}
        rounds: dict[int, int] = {}
        waiting, seen = [company], {company}
        for party in waiting:
            if holds(self._seeds.get(party, ()), day):
                rounds[party] = 0
                continue
            stakes[party] = owners_stakes(self._live(party, day), self._period, self._upper)
            fresh = sorted(set(stakes[party]) - seen)
            seen.update(fresh)
            waiting.extend(fresh)
        number, met = 0, list(rounds)
        while met:
            number += 1
            met = [p for p in stakes if p not in rounds and meets(_known(stakes[p], rounds), self._period)]
            rounds.update(dict.fromkeys(met, number))
        return stakes, rounds

    def _enough(self, stakes: dict[int, float], rounds: dict[int, int], mine: int) -> list[int]:
        """Owners, restricted before, whose stakes together are enough, none of which can be spared."""
        able = sorted(
            (owner for owner in stakes if owner in rounds and rounds[owner] < mine),
            key=lambda owner: (-stakes[owner], rounds[owner], owner),
        )
        chosen: dict[int, float] = {}
        for owner in able:
            chosen[owner] = stakes[owner]
            if meets(chosen, self._period):
                break
        for owner in list(chosen):
            fewer = {other: share for other, share in chosen.items() if other != owner}
            if meets(fewer, self._period):
                chosen = fewer
        return list(chosen)


def _known(stakes: dict[int, float], rounds: dict[int, int]) -> dict[int, float]:
    return {owner: share for owner, share in stakes.items() if owner in rounds}
