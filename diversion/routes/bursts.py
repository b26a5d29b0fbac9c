"""Windows of days in which one group of events has unusually many members, found by two pointers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diversion.compiled import compiled
from diversion.routes.links import Longs
from diversion.routes.transfers import Ints


@dataclass(frozen=True)
class Events:
    """What happened: to which group, on which day, with which member of it. `since` is a day a group.

    Groups and members are numbers from 0; history is told from the day `since` of the group on.
    """

    group: Longs
    day: Longs
    member: Longs
    since: Longs


@dataclass(frozen=True)
class Burst:
    """The fullest window of a run of windows that have enough members, and what is usual for its group.

    `events` are those of the window by day, `members` how many distinct ones, `earlier` how many windows of
    the same length the group had before it, one after the other back to the day `since`, and `usual` the mean
    number of members in them and in one more that has a single one, which a newcomer is held against.
    """

    group: int
    events: Longs
    members: int
    earlier: int
    usual: float

    @property
    def times(self) -> float:
        """How many times what is usual."""
        return self.members / self.usual


def bursts(events: Events, days: int, least: int) -> list[Burst]:
    """Every burst of at least `least` members within `days` days (first and last included).

    Windows of a group that overlap are one burst, told by the fullest, of equal ones the first. One sort and
    one pass with two pointers; each burst then looks back once at the events of its group.
    """
    order = np.lexsort((np.arange(len(events.day)), events.day, events.group)).astype(np.int64)
    group, day, member = events.group[order], events.day[order], events.member[order]
    size = int(member.max(initial=-1)) + 1
    counts = np.zeros(size, np.int64)
    found = _scan(group, day, member, np.array([days, least], np.int64), counts)
    told = []
    for low, high, members in zip(*found, strict=True):
        of = int(group[low])
        begin = int(np.searchsorted(group, of))
        earlier, total = _before(
            day[begin:low], member[begin:low], (day[low], events.since[of], days), counts
        )
        usual = (total + 1) / (earlier + 1)
        told.append(Burst(of, order[low:high], int(members), int(earlier), usual))
    return told


@compiled
def _scan(
    group: Longs, day: Longs, member: Longs, limits: Longs, counts: Longs
) -> tuple[Longs, Longs, Longs]:
    """Begin, end and members of each burst; `counts` is nought before and after."""
    days, least = limits
    size = group.size
    lows, highs, most = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    found, low, distinct, last = 0, 0, 0, -1
    for i in range(size):
        if i > 0 and group[i] != group[i - 1]:
            last = -1
        while group[low] != group[i] or day[i] - day[low] >= days:
            counts[member[low]] -= 1
            distinct -= counts[member[low]] == 0
            low += 1
        distinct += counts[member[i]] == 0
        counts[member[i]] += 1
        if distinct < least:
            continue
        if last < low:
            lows[found], highs[found], most[found] = low, i + 1, distinct
            found += 1
        elif distinct > most[found - 1]:
            lows[found - 1], highs[found - 1], most[found - 1] = low, i + 1, distinct
        last = i
    for i in range(low, size):
        counts[member[i]] = 0
    for k in range(found):
        end = highs[k]
        while end < size and group[end] == group[end - 1] and day[end] == day[end - 1]:
            end += 1
        highs[k] = end
    return lows[:found], highs[:found], most[:found]


@compiled
def _before(day: Longs, member: Longs, when: tuple[int, int, int], counts: Longs) -> tuple[int, int]:
    """How many whole windows lie between `since` and the burst, and their members in all."""
    first, since, days = when
    windows = max((first - since) // days, 0)
    total, high = 0, day.size
    for back in range(windows):
        begin = first - (back + 1) * days
        low = high
        while low > 0 and day[low - 1] >= begin:
            low -= 1
            if counts[member[low]] == 0:
                total += 1
            counts[member[low]] += 1
        for i in range(low, high):
            counts[member[i]] = 0
        high = low
        if high == 0:
            break
    return windows, total


def pairs(lo: Ints, hi: Ints, order: Ints | None, cap: int) -> tuple[Longs, Longs, int]:
    """Each transfer with what may follow it, by position, and how many have more than `cap` and are left out.

    Linear in the pairs, of which there are at most `cap` times the transfers.
    """
    length: npt.NDArray[np.int64] = (hi - lo).astype(np.int64)
    wide = length > cap
    length[wide] = 0
    one = np.repeat(np.arange(len(lo)), length)
    before = np.cumsum(length) - length
    other = np.arange(len(one)) + np.repeat(lo - before, length)
    return one, (other if order is None else order[other]).astype(np.int64), int(wide.sum())
