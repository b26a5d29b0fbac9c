"""Subsidiaries that buy for stock: one parcel to somebody who had been listed days before."""

from __future__ import annotations

import numpy as np

from diversion.simulate.ambient.customers import candidates, enlist
from diversion.simulate.ambient.model import Ambient, Sale, countries, told
from diversion.simulate.cast import HUB, MAKER, UNKNOWN
from diversion.simulate.catalogue import goods
from diversion.simulate.dice import Ints
from diversion.simulate.stage import Holding
from diversion.simulate.trade import NEVER, Market, stack, tidy, voyage

HUBS = ("TR", "AE", "CN", "SG", "HK", "MY", "IN")
WEST = ("US", "DE", "NL", "CH", "FR", "IT", "GB", "SE", "FI", "JP", "AT", "CA", "DK")


def sell(made: Ambient, market: Market, owned: frozenset[int], count: int) -> None:
    """`count` such parcels; no subsidiary is `owned` by somebody already."""
    dice, cast = market.dice, market.cast
    free = candidates(market, made.moves, 1)
    free = free[made.closed[free] == NEVER]
    buyers = free[dice.shuffled(len(free))].tolist()
    used = set(owned)
    for row in _arrivals(made, market):
        hub, maker = int(made.moves.dst[row]), int(made.moves.src[row])
        fits = (
            b
            for b in buyers
            if cast.family[b] == cast.family[hub] and cast.since[b] < made.moves.departed[row]
        )
        buyer = next(fits, None)
        if len(made.holdings) == count or buyer is None or {hub, maker} & used:
            continue
        buyers.remove(buyer)
        used |= {hub, maker}
        made.holdings.append(Holding(maker, hub, 100.0, 100.0))
        _parcel(made, market, int(row), buyer)


def _arrivals(made: Ambient, market: Market) -> Ints:
    """Deliveries of controlled goods by western makers to dealers in the hubs, in random order."""
    cast, moves = market.cast, made.moves
    where = countries(cast)
    controlled = np.array([g.controlled for g in goods()])[moves.good]
    fits = controlled & (cast.role[moves.src] == MAKER) & (cast.role[moves.dst] == HUB)
    fits &= np.isin(where[moves.src], WEST) & np.isin(where[moves.dst], HUBS)
    fits &= (market.closed[moves.src] == NEVER) & (market.closed[moves.dst] == NEVER)
    fits &= (moves.departed > market.first + 200) & (moves.arrived < market.last - 420)
    fits &= (cast.since[moves.dst] != UNKNOWN) & (cast.since[moves.dst] < market.first - 1500)
    rows = np.flatnonzero(fits & (moves.quantity >= 4))
    return rows[market.dice.shuffled(len(rows))]


def _parcel(made: Ambient, market: Market, row: int, buyer: int) -> None:
    dice, moves, name = market.dice, made.moves, market.cast.name
    hub, maker = int(moves.dst[row]), int(moves.src[row])
    leaves = int(moves.arrived[row]) + int(dice.between(90, 170, 1)[0])
    listed = leaves - int(dice.between(3, 20, 1)[0])
    again = listed + int(dice.between(70, 200, 1)[0])
    enlist(made, market, buyer, listed, ("US BIS", "Entity List", ""))
    enlist(made, market, buyer, again, ("UK", "UK", "blocking"))
    ends = tuple(np.array([k], dtype=np.int64) for k in (hub, buyer, int(moves.good[row])))
    amount = tidy(moves.quantity[[row]] * (0.01 + 0.05 * dice.unit(1)))
    parcel = voyage(market, (ends[0], ends[1], ends[2]), np.array([leaves], dtype=np.int64), amount)
    note = (
        f"{name[hub]}, which {name[maker]} owns, buys for stock. One parcel, ordered before, "
        f"left for {name[buyer]} {leaves - listed} days after its listing of {told(listed)}; "
        f"that of {told(again)} was for another reason."
    )
    made.tag = np.append(made.tag, made.add(Sale("one parcel out of stock", hub, buyer, note)))
    made.moves = stack([made.moves, parcel])
