"""What one owner holds in one company on each day, out of all statements about the two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from diversion.parties.pooled import pooled
from diversion.parties.shares import Floats, Holdings, Ints

WHOLE = 100.0
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

    Linear but for a sort: a million statements take a second.
    """
    pair = holdings.owned * len(holdings.parties) + holdings.owner
    order = np.argsort(pair)
    ordered = pair[order]
    again = np.r_[False, ordered[1:] == ordered[:-1]] if len(order) else np.zeros(0, bool)
    several = again | np.r_[again[1:], False][: len(again)]
    together = order[several]
    made = _alone(holdings, order[~several], count_votes)
    if len(together):
        made = np.concatenate([made, _together(holdings, together, pair[together], count_votes)], axis=1)
        made = made[:, np.lexsort((made[2], made[1] * len(holdings.parties) + made[0]))]
    first = np.searchsorted(made[1], np.arange(len(holdings.parties) + 1))
    return Stakes(first, made[0], made[2], made[3], made[4], made[5])


def _alone(holdings: Holdings, places: Ints, count_votes: bool) -> Ints:
    """Stakes of pairs about which one statement is at hand: owner, owned, begin, end, low, high."""
    open_ = holdings.votes[places] & (not count_votes)
    return np.stack(
        [
            holdings.owner[places],
            holdings.owned[places],
            holdings.begin[places],
            holdings.end[places],
            np.where(open_, 0, units(holdings.low[places])),
            np.where(open_, units(np.array(WHOLE)), units(holdings.high[places])),
        ]
    )


def _together(holdings: Holdings, places: Ints, pair: Ints, count_votes: bool) -> Ints:
    """Stakes of pairs about which several statements are at hand; `places` are sorted by `pair`."""
    first = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1], True])
    told = (
        holdings.begin[places],
        holdings.end[places],
        units(holdings.low[places]),
        units(holdings.high[places]),
        holdings.votes[places],
    )
    made = pooled(first, told, int(units(np.array(WHOLE))), count_votes)
    which = places[first[made[0]]]
    return np.stack([holdings.owner[which], holdings.owned[which], *made[1:]])
