"""Integrated ownership: the economic share of an owner in a company over all chains, circles included.

Not a rule of law: no regime multiplies shares down the chain. It says how much of a company's worth is an
owner's in the end, after Brioschi, Buzzacchi, Colombo (1989, "Risk capital financing and the separation of
ownership and control in business groups") and Baldone, Brioschi, Paleari (1998): with A the shares of row in
column, the sum of all products along chains, A + A² + A³ + …, that do not return to the owner.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from diversion.parties.layout import holdings_of, in_order
from diversion.parties.shares import Floats, Holdings, Ints
from diversion.parties.stakes import UNIT, stakes_of
from diversion.policy.model import day_number

WHOLE = 100.0
CLOSE, ROUNDS = 1e-10, 10_000
"""Change of a share, as a fraction, below which the sum is taken as done, and the most chains added."""


def integrated(holdings: pd.DataFrame, company: str, day: date) -> pd.DataFrame:
    """Who owns how much of a company in the end: owner, share_min, share_max (per cent), largest first.

    Shares known as intervals give intervals; a sum beyond the whole, as unknown shares give, is the whole.
    Only parties above the company are looked at; one that stands in a circle costs a pass of its own.

    >>> held = pd.DataFrame({"owner": ["P", "F"], "owned": ["F", "F2"], "share_min": [50.0, 40.0],
    ...     "share_max": [50.0, 60.0], "kind": "shares", "from": None, "until": None})
    >>> integrated(held, "F2", date(2024, 1, 1)).to_dict("list")
    {'owner': ['F', 'P'], 'share_min': [40.0, 20.0], 'share_max': [60.0, 30.0]}
    """
    parties = in_order(holdings["owner"], holdings["owned"], pd.Series([company]))
    links = _links(holdings_of(holdings, parties, own=True), day)
    target = int(np.searchsorted(parties, company))
    above = _above(links, target)
    inside = np.isin(links[0], above) & np.isin(links[1], above)
    links = links[0][inside], links[1][inside], links[2][inside], links[3][inside]
    found = [(owner, *_shares(links, owner, target)) for owner in above.tolist() if owner != target]
    rows = [(str(parties[owner]), *(round(share * WHOLE, 6) for share in pair)) for owner, *pair in found]
    frame = pd.DataFrame(rows, columns=["owner", "share_min", "share_max"])
    ordered = frame.sort_values(
        ["share_max", "share_min", "owner"], ascending=[False, False, True], ignore_index=True
    )
    return ordered[ordered["share_max"] > 0]


Links = tuple[Ints, Ints, Floats, Floats]
"""Owner, owned, and the share at least and at most as a fraction, of the stakes in force on a day."""


def _links(holdings: Holdings, day: date) -> Links:
    stakes, number = stakes_of(holdings, count_votes=False), day_number(day)
    owned = np.repeat(np.arange(len(stakes.first) - 1), np.diff(stakes.first))
    live = np.flatnonzero((stakes.begin <= number) & (number < stakes.end))
    low, high = (
        (stakes.low[live] * UNIT / WHOLE).astype(float),
        (stakes.high[live] * UNIT / WHOLE).astype(float),
    )
    return stakes.owner[live], owned[live].astype(np.int64), low, high


def _above(links: Links, target: int) -> Ints:
    """Everybody from whom a chain leads to the company."""
    owner, owned = links[:2]
    seen = np.zeros(int(max(owner.max(initial=0), owned.max(initial=0), target)) + 1, bool)
    fresh = np.array([target])
    while len(fresh):
        seen[fresh] = True
        above = np.unique(owner[np.isin(owned, fresh)])
        fresh = above[~seen[above]]
    return np.flatnonzero(seen)


def _shares(links: Links, owner: int, target: int) -> tuple[float, float]:
    """The owner's share in the company, at least and at most."""
    onward = links[1] != owner
    start, end, low, high = (column[onward] for column in links)
    return _sum(start, end, low, owner, target), _sum(start, end, high, owner, target)


def _sum(start: Ints, end: Ints, share: Floats, owner: int, target: int) -> float:
    """The sum along all chains, one link longer in every round, until it stands still."""
    size = 1 + max(owner, target, *start.tolist(), *end.tolist())
    direct = np.bincount(end, np.where(start == owner, share, 0.0), size)
    reached = np.zeros(size)
    for _ in range(ROUNDS):
        after = np.minimum(direct + np.bincount(end, share * reached[start], size), 1.0)
        still = np.abs(after - reached).max() < CLOSE
        reached = after
        if still:
            break
    return float(reached[target])
