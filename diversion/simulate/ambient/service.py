"""Service for machines and instruments sold long ago: spare parts by the kilogram, repaired units."""

from __future__ import annotations

import numpy as np

from diversion.simulate.ambient.model import INSTRUMENTS, SPARES, Ambient, Sale, told
from diversion.simulate.cast import HUB, UNKNOWN
from diversion.simulate.catalogue import good_index
from diversion.simulate.dice import Ints
from diversion.simulate.trade import NEVER, Market, Moves, stack, voyage


def spares(made: Ambient, market: Market, count: int) -> None:
    """`count` old dealers send a few kilograms of machine parts to a listed customer, two to four times."""
    dice, name = market.dice, market.cast.name
    for dealer, rows in _dealers(made, market, SPARES):
        customer = _customer(made, market, dealer)
        if customer is None or count == 0:
            return
        came = rows[dice.shuffled(len(rows))[: int(dice.between(2, 4, 1)[0])]]
        leaves = made.moves.arrived[came] + dice.between(15, 170, len(came))
        keep = (leaves > made.closed[customer]) & (leaves < market.last)
        if not keep.any():
            continue
        licence = f"D{1000000 + int(dice.below(1000000, 1)[0])}" if dice.chance(0.5, 1)[0] else ""
        note = (
            f"{name[dealer]} keeps machines running that it sold to {name[customer]} before the listing of "
            f"{told(int(made.closed[customer]))}: spare parts, a few kilograms at a time"
            + ("." if licence else ", too small for a licence number on the papers.")
        )
        sale = Sale("spare parts", dealer, customer, note, "spare parts, maintenance", licence)
        amount = dice.between(1, 6, int(keep.sum())).astype(float)
        _send(made, market, sale, (made.moves.good[came[keep]], leaves[keep], amount))
        count -= 1


def repairs(made: Ambient, market: Market, count: int) -> None:
    """`count` old dealers repair an instrument of a listed customer and send it back."""
    dice, name = market.dice, market.cast.name
    for dealer, rows in _dealers(made, market, INSTRUMENTS):
        customer = _customer(made, market, dealer)
        if customer is None or count == 0:
            return
        row = rows[dice.below(len(rows), 1)]
        came = made.moves.arrived[row] + dice.between(20, 100, 1)
        if came[0] - 30 <= made.closed[customer] or came[0] + 60 >= market.last:
            continue
        good = made.moves.good[row]
        ends = (np.array([customer]), np.array([dealer]), good)
        one = np.ones(1)
        sent_in = voyage(market, ends, came - 20, one)
        note = (
            f"{name[customer]}, listed on {told(int(made.closed[customer]))}, sent one instrument "
            f"to {name[dealer]} for repair and got it back."
        )
        sale = Sale("repair and return", dealer, customer, note, "returned after repair")
        made.moves, made.tag = stack([made.moves, sent_in]), np.append(made.tag, -1)
        _send(made, market, sale, (good, sent_in.arrived + dice.between(10, 40, 1), one))
        count -= 1


def _dealers(made: Ambient, market: Market, codes: tuple[str, ...]) -> list[tuple[int, Ints]]:
    """Old dealers that receive such goods, with the rows of what they received, in random order."""
    cast, moves = market.cast, made.moves
    wanted = np.isin(moves.good, [good_index()[c] for c in codes])
    fits = wanted & (cast.role[moves.dst] == HUB) & (cast.since[moves.dst] != UNKNOWN)
    fits &= (cast.since[moves.dst] < market.first - 8 * 365) & (market.closed[moves.dst] == NEVER)
    fits &= market.closed[moves.src] == NEVER
    rows = np.flatnonzero(fits)
    dealers = np.unique(moves.dst[rows])
    dealers = dealers[market.dice.shuffled(len(dealers))]
    return [(int(d), rows[moves.dst[rows] == d]) for d in dealers]


def _customer(made: Ambient, market: Market, dealer: int) -> int | None:
    """A listed customer of the dealer's line that the dealer does not yet sell to."""
    cast = market.cast
    taken = {sale.dst for sale in made.sales if sale.src == dealer}
    listed = dict.fromkeys(party for party, entry in made.entries if entry.authority != "UK")
    twice = {party for party, entry in made.entries if entry.authority == "UK"}
    fits = [p for p in listed if p not in taken | twice and cast.family[p] == cast.family[dealer]]
    fits = fits or [p for p in listed if p not in taken | twice]
    return fits[int(market.dice.below(len(fits), 1)[0])] if fits else None


def _send(made: Ambient, market: Market, sale: Sale, what: tuple[Ints, Ints, np.ndarray]) -> None:
    good, leaves, amount = what
    ends = (np.full(len(good), sale.src), np.full(len(good), sale.dst), good)
    sent: Moves = voyage(market, ends, leaves, amount)
    made.moves = stack([made.moves, sent])
    made.tag = np.append(made.tag, np.full(len(good), made.add(sale), dtype=np.int64))
