"""Ownership rules: whom the stakes of restricted owners restrict.

One least fixed point serves every regime. A company that is restricted counts as an owner itself, with its
whole stake; percentages are never multiplied down the chain, and owners add up where the regime says so
(OFAC, Revised Guidance of 13 August 2014 and FAQ 401). A least fixed point is what makes circles safe:
companies that only own one another restrict nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from diversion.parties.fixpoint import spread
from diversion.parties.shares import Ints, Statement, stake
from diversion.parties.stakes import UNIT, Stakes, units
from diversion.policy.model import FIRST_DAY, LAST_DAY, Period

SLACK = 10
"""Units of `stakes.UNIT` by which a sum of rounded shares, such as three thirds, may miss a whole number."""

Interval = tuple[int, int]
"""Days `[begin, end)` since 1970-01-01."""
Spans = Mapping[int, tuple[Interval, ...]]
"""Party → disjoint intervals in order."""
Held = dict[int, tuple[Interval, ...]]


def over_time(
    stakes: Stakes, seeds: Spans, period: Period, *, upper: bool
) -> dict[int, tuple[Interval, ...]]:
    """When the stakes of the seeds restrict a company: party → intervals, the seeds themselves included.

    The least fixed point of every day at once. Only companies below a seed are touched; a million of them
    take some seconds, and more where circles send owners around often.
    """
    at, count, begins, ends = spread(
        (stakes.first, stakes.owner, stakes.begin, stakes.end, stakes.high if upper else stakes.low),
        stakes.above,
        _columns(seeds, len(stakes.first) - 1),
        least(period),
        period.aggregate,
    )
    found = np.flatnonzero(count)
    spans = list(zip(begins.tolist(), ends.tolist(), strict=True))
    places = zip(found.tolist(), at[found].tolist(), (at + count)[found].tolist(), strict=True)
    return {party: tuple(spans[i:j]) for party, i, j in places}


def _columns(seeds: Spans, size: int) -> tuple[Ints, Ints, Ints]:
    """Place of the first interval of each party, and begins and ends of all."""
    ordered = sorted((party, *span) for party, spans in seeds.items() for span in union(list(spans)))
    columns = np.array(ordered, dtype=np.int64).reshape(-1, 3)
    first = np.searchsorted(columns[:, 0], np.arange(size + 1))
    return first, columns[:, 1].copy(), columns[:, 2].copy()


def least(period: Period) -> int:
    """The smallest stake, in `stakes.UNIT`, that meets the threshold, rounding of many owners allowed for."""
    threshold = round(period.threshold / UNIT)
    return threshold + SLACK + 1 if period.strict else threshold - SLACK


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
    shares = units(np.array(list(stakes.values())))
    return int(shares.sum() if period.aggregate else shares.max()) >= least(period)


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
