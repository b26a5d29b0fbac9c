"""Bursts against windows looked at one by one, and pairs against every pair."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from diversion.routes.bursts import Events, bursts, pairs

Told = tuple[int, tuple[int, ...], int, int, float]


def one_by_one(events: Events, days: int, least: int) -> list[Told]:
    found: list[Told] = []
    for group in sorted(set(events.group.tolist())):
        mine = sorted(np.flatnonzero(events.group == group).tolist(), key=lambda i: (events.day[i], i))

        def within(first: int, last: int, mine: list[int] = mine) -> list[int]:
            return [i for i in mine if first <= events.day[i] <= last]

        def members(those: list[int]) -> int:
            return len({int(events.member[i]) for i in those})

        windows = [within(day - days + 1, day) for day in sorted({int(events.day[i]) for i in mine})]
        runs: list[list[list[int]]] = []
        for window in (one for one in windows if members(one) >= least):
            if runs and set(runs[-1][-1]) & set(window):
                runs[-1].append(window)
            else:
                runs.append([window])
        for run in runs:
            fullest = max(run, key=members)
            first = min(int(events.day[i]) for i in fullest)
            earlier = max((first - int(events.since[group])) // days, 0)
            before = [within(first - (k + 1) * days, first - k * days - 1) for k in range(earlier)]
            usual = (sum(map(members, before)) + 1) / (earlier + 1)
            found.append((group, tuple(fullest), members(fullest), earlier, usual))
    return found


@pytest.mark.parametrize("seed", range(200))
def test_they_are_the_fullest_windows(seed: int) -> None:
    dice = Random(seed)
    size, groups = dice.randint(0, 60), 3

    def column(most: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([dice.randrange(most) for _ in range(size)], np.int64)

    since = np.array([dice.randrange(-5, 10) for _ in range(groups)], np.int64)
    events = Events(column(groups), column(40), column(6), since)
    days, least = dice.randint(1, 9), dice.randint(1, 4)
    told = [
        (one.group, tuple(one.events.tolist()), one.members, one.earlier, one.usual)
        for one in bursts(events, days, least)
    ]
    assert told == one_by_one(events, days, least)


def test_a_burst_against_its_history() -> None:
    # One supplier in each of the three windows before, then four in one.
    day = np.array([0, 10, 20, 30, 31, 32, 33])
    events = Events(np.zeros(7, np.int64), day, np.array([0, 1, 0, 0, 1, 2, 3]), np.array([0]))
    (burst,) = bursts(events, 10, 3)
    assert (burst.members, burst.earlier, burst.usual, burst.times) == (4, 3, 1.0, 4.0)


@pytest.mark.parametrize("seed", range(20))
def test_pairs_are_all_pairs_of_ranges_that_are_not_too_long(seed: int) -> None:
    dice = Random(seed)
    lo = np.array([dice.randint(0, 9) for _ in range(10)], np.int32)
    hi = np.array([dice.randint(low, 10) for low in lo.tolist()], np.int32)
    order = np.array(dice.sample(range(10), 10), np.int32)
    one, other, left_out = pairs(lo, hi, order, 4)
    expected = [(e, order[i]) for e in range(10) if hi[e] - lo[e] <= 4 for i in range(lo[e], hi[e])]
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == expected
    assert left_out == sum(int(hi[e] - lo[e]) > 4 for e in range(10))
