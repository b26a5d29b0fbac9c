"""The smallest set of holdings that is enough for a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from diversion.parties.control import Interval, holds, least
from diversion.parties.shares import Holdings, Statement, statements
from diversion.parties.smallest import Case, Link, smallest
from diversion.parties.stakes import units
from diversion.policy.model import Period

Spans = Mapping[int, tuple[Interval, ...]]


class Proof(NamedTuple):
    """Statements that suffice, nearest to the company first, and the seeds they end at.

    None of them can be spared; where `smallest`, no other set is smaller.
    """

    statements: list[Statement]
    seeds: list[int]
    smallest: bool


class Prover:
    """Finds, for one rule and period, the statements that a verdict rests on.

    `held` is what `over_time` found from `seeds`. What is proved is that the statements alone restrict the
    company: at the least that they tell or, for `upper`, at the most. See `smallest`.
    """

    def __init__(self, holdings: Holdings, seeds: Spans, held: Spans, period: Period, *, upper: bool) -> None:
        self._seeds, self._held, self._period, self._upper = seeds, held, period, upper
        restricted = np.array(sorted(held), dtype=np.int64)
        self._about = statements(holdings, np.flatnonzero(np.isin(holdings.owner, restricted)))

    def holds(self, company: int, day: int) -> bool:
        """Whether the company is restricted that day by what this prover can prove."""
        return holds(self._held.get(company, ()), day)

    def prove(self, company: int, day: int) -> Proof:
        """A proof for that day; the search is exact where it is short, and says where it is not."""
        case, sure = self._case(company, day)
        taken, exact = smallest(case, company)
        order, waiting = {company: 0}, [company]
        for party in waiting:
            for link in taken.get(party, ()):
                if link.owner not in order:
                    order[link.owner] = len(order)
                    waiting.append(link.owner)
        ends = sorted(party for party in waiting if party in case.seeds)
        found = [self._by_place[link.place] for party in waiting for link in taken.get(party, ())]
        return Proof(found, ends, exact and sure)

    def _case(self, company: int, day: int) -> tuple[Case, bool]:
        """The holdings in force above the company, and whether each tells one thing alone."""
        links: dict[int, tuple[Link, ...]] = {}
        seeds, waiting, seen, sure = set(), [company], {company}, True
        self._by_place: dict[int, Statement] = {}
        for party in waiting:
            if holds(self._seeds.get(party, ()), day):
                seeds.add(party)
                continue
            by_owner: dict[int, list[Statement]] = {}
            for statement in self._live(party, day):
                by_owner.setdefault(statement.owner, []).append(statement)
                self._by_place[statement.place] = statement
            told = [self._links(mine) for mine in by_owner.values()]
            links[party] = tuple(link for mine, _ in told for link in mine)
            sure &= all(alone for _, alone in told)
            waiting += sorted(by_owner.keys() - seen)
            seen.update(by_owner)
        return Case(links, frozenset(seeds), least(self._period), self._period.aggregate), sure

    def _live(self, company: int, day: int) -> list[Statement]:
        return [
            s
            for s in self._about.get(company, ())
            if s.begin <= day < s.end and holds(self._held.get(s.owner, ()), day)
        ]

    def _links(self, mine: list[Statement]) -> tuple[list[Link], bool]:
        """What one owner's statements about one company add to its restriction, as `shares.stake` reads them.

        At the least the largest of them counts, at the most their sum, of shares or of votes; false where
        neither of the two sums is the larger for every number of statements.
        """
        shares, votes = ([s for s in mine if s.votes == kind] for kind in (False, True))
        count_votes = self._period.control
        if not self._upper:
            able = mine if count_votes else shares
            best = max(able, key=lambda s: (s.low, -s.place), default=None)
            return ([_link(best, best.low)] if best and best.low > 0 else []), True
        if not count_votes and not shares:
            return [_link(votes[0], 100.0)], True
        told = [sorted((_link(s, s.high) for s in group), reverse=True) for group in (shares, votes)]
        told = told if count_votes else told[:1]
        sums = [[sum(link.weight for link in group[: n + 1]) for n in range(len(mine))] for group in told]
        first = max(range(len(told)), key=lambda at: (sums[at][-1], -at))
        return told[first], all(a >= b for a, b in zip(sums[first], sums[-1 - first], strict=True))


def _link(statement: Statement, share: float) -> Link:
    return Link(int(units(np.array(share))), -statement.owner, statement.owner, statement.place)
