"""Several statements about one owner and one company, made into stakes on disjoint days by compiled loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from diversion.compiled import compiled
from diversion.parties.shares import Ints


@compiled
def pooled(first: Ints, statements: Any, whole: int, count_votes: bool) -> Any:
    """Pair, begin, end, low and high of the stakes of each pair, as `shares.stake` has those of a day.

    The statements of pair `p` stand from `first[p]` to `first[p + 1]` in `statements` (begin, end, low, high,
    votes); shares are whole numbers, the `whole` is all of a company.
    """
    begin, end, low, high, votes = statements
    made = np.empty((5, 2 * len(begin)), np.int64)
    size = 0
    for pair in range(len(first) - 1):
        here = slice(first[pair], first[pair + 1])
        days = np.unique(np.append(begin[here], end[here]))
        for at in range(len(days) - 1):
            told = _told(
                (begin[here], end[here], low[here], high[here], votes[here]), days[at], whole, count_votes
            )
            if told[0] >= 0:
                made[0, size], made[1, size], made[2, size] = pair, days[at], days[at + 1]
                made[3, size], made[4, size] = told
                size += 1
    return made[:, :size]


@compiled
def _told(statements: Any, day: int, whole: int, count_votes: bool) -> Any:
    """At least and at most what the statements of a day tell; −1 where there is none."""
    begin, end, low, high, votes = statements
    least, most, voting = np.int64(-1), np.int64(0), np.int64(0)
    some = False
    for i in range(len(begin)):
        if not begin[i] <= day < end[i]:
            continue
        if votes[i]:
            voting += high[i]
            least = max(least, low[i] if count_votes else np.int64(0))
        else:
            some = True
            most += high[i]
            least = max(least, low[i])
    if count_votes:
        most = max(most, voting)
    elif not some:
        most = np.int64(whole)
    return least, min(most, whole)
