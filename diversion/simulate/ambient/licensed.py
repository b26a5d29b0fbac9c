"""Suppliers that go on after the listing: with a licence, or because none is needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diversion.simulate.ambient.customers import Customers
from diversion.simulate.ambient.model import Ambient, Sale, countries, told
from diversion.simulate.cast import MAKER, UNKNOWN
from diversion.simulate.catalogue import goods, near
from diversion.simulate.dice import Flags, Floats, Ints
from diversion.simulate.trade import NEVER, Market, tidy

USES = (
    "teaching and research",
    "own production",
    "maintenance of own equipment",
    "hospital equipment",
    "railway signalling",
)


@dataclass(frozen=True)
class Bond:
    """All that one party still sends to one listed customer, and what is known of the two."""

    src: int
    dst: int
    since: int
    rows: Ints
    customers: int
    foreign: bool


def sell(made: Ambient, market: Market, chosen: Customers) -> None:
    """Decide for each supplier of a listed customer whether it goes on; the others stop."""
    dice = market.dice
    for bond in _bonds(made, market, chosen):
        goes_on, draw = float(dice.unit(1)[0]), int(dice.below(1 << 30, 1)[0])
        sale = _sale(bond, market, goes_on, draw)
        if sale is None:
            continue
        made.tag[bond.rows] = made.add(sale)
        share = 0.03 + 0.22 * dice.unit(len(bond.rows))
        hard = sale.kind == "no licence needed"
        made_of = made.moves.quantity[bond.rows]
        amount = np.minimum(made_of, 50 + 10 * dice.below(65, len(bond.rows))) if hard else made_of * share
        _resize(made, bond.rows, tidy(amount))


def _resize(made: Ambient, rows: Ints, amount: Floats) -> None:
    unit = made.moves.value[rows] / made.moves.quantity[rows]
    made.moves.quantity[rows] = amount
    made.moves.value[rows] = np.rint(amount * unit * 100) / 100


def _bonds(made: Ambient, market: Market, chosen: Customers) -> list[Bond]:
    """In order of customer and supplier."""
    moves, cast = made.moves, market.cast
    sought = np.array(near())[moves.good]
    american, controlled = _american(made, market), np.array([g.controlled for g in goods()])
    pairs = np.unique(np.stack([moves.src, moves.dst], axis=1)[sought], axis=0)
    many = np.bincount(pairs[:, 0], minlength=len(cast))
    found = []
    for party, since in zip(chosen.party.tolist(), chosen.since.tolist(), strict=True):
        late = np.flatnonzero(sought & (moves.dst == party) & (moves.departed >= since))
        for src in np.unique(moves.src[late]).tolist():
            rows = late[moves.src[late] == src]
            if market.closed[src] == NEVER and controlled[moves.good[rows]].any():
                foreign = not american[src]
                found.append(Bond(src, party, since, rows, int(many[src]), foreign))
    return found


def _american(made: Ambient, market: Market) -> Flags:
    """Who sits in the United States, or has such goods from there by up to three hands."""
    moves = made.moves
    sought = np.array(near())[moves.good]
    reached: Flags = countries(market.cast) == "US"
    for _ in range(3):
        onward = moves.dst[sought & reached[moves.src]]
        reached = reached.copy()
        reached[onward] = True
    return reached


def _sale(bond: Bond, market: Market, goes_on: float, draw: int) -> Sale | None:
    cast = market.cast
    born = int(cast.since[bond.src])
    old = born != UNKNOWN and bond.since - born >= 8 * 365
    if cast.role[bond.src] == MAKER:
        return _direct(bond, market, draw) if old and goes_on < 0.6 else None
    if old and bond.customers >= 5 and goes_on < 0.75:
        return _dealer(bond, market, draw)
    return _free(bond, market) if bond.foreign and goes_on < 0.5 else None


def _number(draw: int) -> str:
    return f"D{1000000 + draw % 1000000}"


def _direct(bond: Bond, market: Market, draw: int) -> Sale:
    name = market.cast.name
    note = (
        f"{name[bond.src]}, a maker, holds a licence for {name[bond.dst]}, listed on {told(bond.since)}, and "
        "sells to it directly, in small amounts."
    )
    return Sale("direct export under licence", bond.src, bond.dst, note, USES[draw % 5], _number(draw))


def _dealer(bond: Bond, market: Market, draw: int) -> Sale:
    cast = market.cast
    name, year = cast.name, 1970 + int(cast.since[bond.src]) // 365
    machines = cast.family[bond.src] == 1
    head = f"{name[bond.src]}, founded about {year}, has {bond.customers} customers"
    listed = f"{name[bond.dst]}, listed on {told(bond.since)}"
    if draw % 5 == 0:
        note = f"{head}; for {listed}, it holds a licence which these records do not state."
        return Sale("licensed, number not stated", bond.src, bond.dst, note, USES[draw % 5])
    kind = "machine parts and bearings under licence" if machines else "licensed sale of an old dealer"
    note = f"{head} and a licence for {listed}; what goes there is a small part of its stock."
    return Sale(kind, bond.src, bond.dst, note, USES[draw // 8 % 5], _number(draw))


def _free(bond: Bond, market: Market) -> Sale:
    name = market.cast.name
    note = (
        f"Nothing that {name[bond.src]} sells comes from the United States, whose list alone names "
        f"{name[bond.dst]} (since {told(bond.since)}): no licence is needed, and none is stated."
    )
    return Sale("no licence needed", bond.src, bond.dst, note)
