"""Ownership rules: whom the stakes of restricted owners restrict.

One least fixed point serves every regime. A company that is restricted counts as an owner itself, with its
whole stake; percentages are never multiplied down the chain, and owners add up where the regime says so
(OFAC, Revised Guidance of 13 August 2014 and FAQ 401). A least fixed point is what makes circles safe:
companies that only own one another restrict nobody.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import fsum

import numpy as np

from diversion.parties.shares import Holdings, Ints, Statement, stake, statements
from diversion.policy.model import FIRST_DAY, LAST_DAY, Period

EXACT = 1e-9
"""Sums of stated decimals such as 16.7 + 33.3 are equal to 50 up to this."""


def _ranges(begin: Ints, end: Ints) -> Ints:
    """All numbers of the ranges `[begin, end)`, one after another."""
    length = end - begin
    offset = np.repeat(begin - np.r_[0, np.cumsum(length)[:-1]], length)
    return offset + np.arange(int(length.sum()))


Interval = tuple[int, int]
"""Days `[begin, end)` since 1970-01-01."""
Spans = Mapping[int, tuple[Interval, ...]]
"""Party → disjoint intervals in order."""


def over_time(
    holdings: Holdings, seeds: Spans, period: Period, *, upper: bool
) -> dict[int, tuple[Interval, ...]]:
    """When the stakes of the seeds restrict a company: party → intervals, the seeds themselves included.

    The least fixed point of every day at once: a company is looked at again when one of its owners
    becomes restricted on more days. Only companies below a seed are touched; the cost grows with the
    statements about those, and with how often circles send one around.
    """
    about = statements(holdings, below(holdings, seeds))
    companies: dict[int, set[int]] = {}
    for company, told in about.items():
        for statement in told:
            companies.setdefault(statement.owner, set()).add(company)
    held = {party: tuple(spans) for party, spans in seeds.items()}
    waiting = deque(sorted({company for party in seeds for company in companies.get(party, ())}))
    queued = set(waiting)
    while waiting:
        company = waiting.popleft()
        queued.discard(company)
        spans = union([*held.get(company, ()), *_restricted_days(about[company], held, period, upper)])
        if spans != held.get(company, ()):
            held[company] = spans
            fresh = sorted(companies.get(company, set()) - queued)
            waiting.extend(fresh)
            queued.update(fresh)
    return held


def below(holdings: Holdings, seeds: Spans) -> Ints:
    """Places of all statements whose owner is a seed or may be reached from one, whatever the days."""
    size = len(holdings.parties)
    order = np.argsort(holdings.owner, kind="stable")
    start = np.searchsorted(holdings.owner[order], np.arange(size + 1))
    seen = np.zeros(size, bool)
    fresh = np.array(sorted(seeds), dtype=np.int64)
    seen[fresh] = True
    while len(fresh):
        reached = np.unique(holdings.owned[order[_ranges(start[fresh], start[fresh + 1])]])
        fresh = reached[~seen[reached]]
        seen[fresh] = True
    return np.flatnonzero(seen[holdings.owner])


def _restricted_days(
    told: list[Statement], held: Mapping[int, tuple[Interval, ...]], period: Period, upper: bool
) -> list[Interval]:
    """Days on which the restricted owners of one company reach the threshold together."""
    live = [
        (max(s.begin, begin), min(s.end, end), s)
        for s in told
        for begin, end in held.get(s.owner, ())
        if max(s.begin, begin) < min(s.end, end)
    ]
    cuts = sorted({day for begin, end, _ in live for day in (begin, end)})
    return [
        (begin, end)
        for begin, end in pairwise(cuts)
        if meets(
            owners_stakes((s for start, stop, s in live if start <= begin and end <= stop), period, upper),
            period,
        )
    ]


def owners_stakes(told: Iterable[Statement], period: Period, upper: bool) -> dict[int, float]:
    """The stake of each owner in one company, from the statements of a day."""
    by_owner: dict[int, list[Statement]] = {}
    for statement in told:
        by_owner.setdefault(statement.owner, []).append(statement)
    return {owner: stake(mine, period.control)[upper] for owner, mine in by_owner.items()}


def meets(stakes: Mapping[int, float], period: Period) -> bool:
    """Whether these owners together, or one of them where stakes do not add up, meet the threshold.

    >>> ofac = Period(None, None, 50, False, True, False, "", "stated")
    >>> meets({0: 49.99}, ofac), meets({0: 16.7, 1: 33.3}, ofac)
    (False, True)
    """
    if not stakes:
        return False
    total = fsum(stakes.values()) if period.aggregate else max(stakes.values())
    if period.strict:
        return total > period.threshold + EXACT
    return total >= period.threshold - EXACT


def union(spans: list[Interval]) -> tuple[Interval, ...]:
    """The same days as disjoint intervals in order.

    >>> union([(5, 9), (1, 3), (3, 4), (8, 12)])
    ((1, 4), (5, 12))
    """
    merged: list[Interval] = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def minus(spans: tuple[Interval, ...], taken: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """The days of `spans` that are not in `taken`, both disjoint and in order.

    >>> minus(((1, 10),), ((2, 3), (8, 20)))
    ((1, 2), (3, 8))
    """
    left: list[Interval] = []
    for begin, end in spans:
        cursor = begin
        for start, stop in taken:
            if stop <= cursor or start >= end:
                continue
            if cursor < start:
                left.append((cursor, start))
            cursor = max(cursor, stop)
        if cursor < end:
            left.append((cursor, end))
    return tuple(left)


def within(spans: tuple[Interval, ...], begin: int = FIRST_DAY, end: int = LAST_DAY) -> tuple[Interval, ...]:
    """The days of `spans` from `begin` and before `end`."""
    cut = ((max(begin, start), min(end, stop)) for start, stop in spans)
    return tuple((start, stop) for start, stop in cut if start < stop)


def holds(spans: tuple[Interval, ...], day: int) -> bool:
    """Whether a day is among them."""
    return any(begin <= day < end for begin, end in spans)
