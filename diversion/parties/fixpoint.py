"""The least fixed point of ownership, on every day at once, as compiled loops.

A company whose owners become restricted on more days is looked at again, until nothing changes. Days of a
party are disjoint intervals in a pool that only grows: `at` and `count` say where a party's last ones stand.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from diversion.compiled import compiled
from diversion.parties.shares import Ints

SEED = np.int64(1 << 60)
"""Weight of days on which a party is restricted already: more than all stakes of a company together."""


@compiled
def spread(stakes: Any, above: Any, seeds: Any, least: int, aggregate: bool) -> Any:
    """Days on which each party is restricted: `at`, `count`, and begins and ends in the pool.

    `stakes` is (first, owner, begin, end, share) sorted by company, `above` (first, company) sorted by owner,
    `seeds` (first, begin, end) sorted by party. A company is restricted on days on which its restricted
    owners hold at least `least`, together or, without `aggregate`, one of them.
    """
    seeded, begins, ends = seeds
    below, company = above
    at, count, used = seeded[:-1].copy(), seeded[1:] - seeded[:-1], len(begins)
    queue, head, tail = np.empty(len(at) + 1, np.int64), 0, 0
    queued = np.zeros(len(at), np.bool_)
    for party in range(len(at)):
        if count[party]:
            tail = _push(queue, queued, tail, company[below[party] : below[party + 1]])
    room = np.empty(64, np.int64), np.empty(64, np.int64)
    while head != tail:
        this, head = queue[head], (head + 1) % len(queue)
        queued[this] = False
        floor = 0 if aggregate else least
        size, room = _events(this, stakes, (at, count, begins, ends), floor, room)
        while used + size > len(begins):
            begins, ends = np.append(begins, begins), np.append(ends, ends)
        made = _sweep(room[0][:size], room[1][:size], least, begins[used:], ends[used:])
        if not _same(made, count[this], begins, ends, used, at[this]):
            at[this], count[this], used = used, made, used + made
            tail = _push(queue, queued, tail, company[below[this] : below[this + 1]])
    return at, count, begins, ends


@compiled
def _push(queue: Ints, queued: Any, tail: int, companies: Ints) -> int:
    for company in companies:
        if not queued[company]:
            queued[company] = True
            queue[tail] = company
            tail = (tail + 1) % len(queue)
    return tail


@compiled
def _events(this: int, stakes: Any, held: Any, floor: int, room: tuple[Ints, Ints]) -> Any:
    """How many changes the restricted share of a company sees, and their days and amounts, in no order.

    Stakes below the `floor` count for nothing.
    """
    days, changes = room
    first, owner, begin, end, share = stakes
    at, count, begins, ends = held
    size = 0
    for place in range(first[this] - 1, first[this + 1]):
        own = place < first[this]
        if not own and share[place] < floor:
            continue
        who = this if own else owner[place]
        while size + 2 * count[who] > len(days):
            days, changes = np.append(days, days), np.append(changes, changes)
        for span in range(at[who], at[who] + count[who]):
            since = begins[span] if own else max(begin[place], begins[span])
            until = ends[span] if own else min(end[place], ends[span])
            if since < until:
                weight = SEED if own else share[place]
                days[size], changes[size] = since, weight
                days[size + 1], changes[size + 1] = until, -weight
                size += 2
    return size, (days, changes)


@compiled
def _sweep(days: Ints, changes: Ints, least: int, begins: Ints, ends: Ints) -> int:
    """Write the intervals on which the sum of the changes is at least `least`; how many there are."""
    order = np.argsort(days)
    total, made, i = np.int64(0), 0, 0
    while i < len(order):
        day, before = days[order[i]], total >= least
        while i < len(order) and days[order[i]] == day:
            total += changes[order[i]]
            i += 1
        if total >= least and not before:
            begins[made] = day
        elif before and total < least:
            ends[made] = day
            made += 1
    return made


@compiled
def _same(made: int, count: int, begins: Ints, ends: Ints, new: int, old: int) -> bool:
    if made != count:
        return False
    for i in range(made):
        if begins[new + i] != begins[old + i] or ends[new + i] != ends[old + i]:
            return False
    return True
