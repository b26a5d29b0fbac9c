"""What one owner holds in one company on each day, out of all statements about the two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from diversion.parties.shares import Floats, Holdings, Ints, Statement, stake

UNIT = 1e-9
"""Per cent in which stakes are counted: whole numbers of it add up exactly, whatever their order."""


@dataclass(frozen=True)
class Stakes:
    """Stakes as columns, sorted by company: of one owner and company on disjoint intervals of days.

    `first[c]` is the place of the first stake in company `c`; `low` and `high` are in `UNIT`.
    """

    first: Ints
    owner: Ints
    begin: Ints
    end: Ints
    low: Ints
    high: Ints

    @cached_property
    def above(self) -> tuple[Ints, Ints]:
        """Place of the first company that each party has a stake in, and those companies."""
        order = np.argsort(self.owner, kind="stable")
        size = len(self.first) - 1
        company = np.repeat(np.arange(size), np.diff(self.first))[order]
        return np.searchsorted(self.owner[order], np.arange(size + 1)), company


def units(shares: Floats) -> Ints:
    """Shares in per cent as whole numbers of `UNIT`."""
    return np.rint(shares / UNIT).astype(np.int64)


def stakes_of(holdings: Holdings, *, count_votes: bool) -> Stakes:
    """The stakes that the statements tell of, as `shares.stake` reads several of a day together.

    Linear, and some microseconds for each statement about a pair that has several.
    """
    pair = holdings.owner * len(holdings.parties) + holdings.owned
    order = np.lexsort((holdings.begin, pair))
    ordered = pair[order]
    again = np.r_[False, ordered[1:] == ordered[:-1]] if len(order) else np.zeros(0, bool)
    several = again | np.r_[again[1:], False][: len(again)]
    alone, together = order[~several], order[several]
    open_ = holdings.votes[alone] & (not count_votes)
    single = np.stack(
        [
            holdings.owner[alone],
            holdings.owned[alone],
            holdings.begin[alone],
            holdings.end[alone],
            np.where(open_, 0, units(holdings.low[alone])),
            np.where(open_, units(np.array(100.0)), units(holdings.high[alone])),
        ]
    )
    rest = np.array(list(_together(holdings, together, count_votes)), dtype=np.int64).reshape(-1, 6).T
    made = np.concatenate([single, rest], axis=1)
    made = made[:, made[2] < made[3]]
    made = made[:, np.lexsort((made[2], made[0], made[1]))]
    first = np.searchsorted(made[1], np.arange(len(holdings.parties) + 1))
    return Stakes(first, made[0], made[2], made[3], made[4], made[5])


def _together(holdings: Holdings, places: Ints, count_votes: bool) -> Iterator[tuple[int, ...]]:
    """Stakes of pairs about which several statements are at hand; `places` are sorted by pair."""
    mine: list[Statement] = []
    columns = (
        holdings.owner, holdings.owned, holdings.low, holdings.high, holdings.begin, holdings.end,
        holdings.votes, np.arange(len(holdings)),
    )  # fmt: skip
    rows = zip(*(column[places].tolist() for column in columns), strict=True)
    for statement in map(Statement._make, rows):
        if mine and (mine[0].owner, mine[0].owned) != (statement.owner, statement.owned):
            yield from _cut(mine, count_votes)
            mine = []
        mine.append(statement)
    if mine:
        yield from _cut(mine, count_votes)


def _cut(mine: list[Statement], count_votes: bool) -> Iterator[tuple[int, ...]]:
    for begin, end in pairwise(sorted({day for s in mine for day in (s.begin, s.end)})):
        if live := [s for s in mine if s.begin <= begin and end <= s.end]:
            low, high = (int(units(np.array(share))) for share in stake(live, count_votes))
            yield mine[0].owner, mine[0].owned, begin, end, low, high
