"""Buyers of the background that are put on a list which asks for a licence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diversion.simulate.ambient.model import Ambient, countries, when
from diversion.simulate.cast import BUYER, HUB, UNKNOWN
from diversion.simulate.catalogue import near
from diversion.simulate.dice import Ints
from diversion.simulate.society import entry
from diversion.simulate.trade import NEVER, Market, Moves

LISTED_IN = {
    "CN": 8,
    "VN": 2,
    "KZ": 2,
    "TR": 2,
    "AE": 2,
    "IN": 2,
    "PK": 2,
    "UZ": 1,
    "KG": 1,
    "HK": 2,
    "IL": 1,
}
PROGRAMMES = (("US BIS", "Entity List", 5), ("US BIS", "Military End User", 1))


@dataclass(frozen=True)
class Customers:
    """Restricted buyers and the days of their listing."""

    party: Ints
    since: Ints


def candidates(market: Market, moves: Moves, least: int) -> Ints:
    """Buyers that no list names, in the countries of `LISTED_IN`, with `least` deliveries by dealers."""
    cast = market.cast
    sought = np.array(near())[moves.good] & (cast.role[moves.src] == HUB)
    served = np.bincount(moves.dst[sought], minlength=len(cast)) >= least
    fits = (cast.role == BUYER) & served & (market.closed == NEVER) & (cast.since != UNKNOWN)
    return np.flatnonzero(fits & np.isin(countries(cast), list(LISTED_IN)))


def customers(market: Market, moves: Moves, count: int) -> Customers:
    """`count` buyers, fewer where there are not so many; three in ten were listed before the world begins."""
    dice = market.dice
    fits = candidates(market, moves, 4)
    weight = np.array([LISTED_IN[c] for c in countries(market.cast)[fits]])
    party = np.sort(fits[np.argsort(dice.unit(len(fits)) / np.maximum(weight, 1), kind="stable")[:count]])
    old = market.first - dice.between(150, 900, len(party))
    new = dice.between(market.first + 200, market.last - 420, len(party))
    since = np.where(dice.chance(0.3, len(party)), old, new)
    return Customers(party, np.maximum(since, market.cast.since[party] + 60))


def choose(made: Ambient, market: Market, chosen: Customers) -> None:
    """Put them on the lists."""
    kind = market.dice.pick([p[2] for p in PROGRAMMES], len(chosen.party))
    for party, since, k in zip(chosen.party, chosen.since, kind, strict=True):
        authority, programme, _ = PROGRAMMES[k]
        enlist(made, market, int(party), int(since), (authority, programme, ""))


def enlist(made: Ambient, market: Market, party: int, since: int, ground: tuple[str, str, str]) -> None:
    """One entry; from the first one's day the party is closed for goods that are looked for."""
    made.entries.append((party, entry(market.cast, party, when(since), ground)))
    made.closed[party] = min(int(made.closed[party]), since)
