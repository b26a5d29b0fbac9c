"""The order in which lawful sales come about, and the size of the whole."""

from __future__ import annotations

import numpy as np

from diversion.simulate.ambient import licensed, service, stock
from diversion.simulate.ambient.customers import choose, customers
from diversion.simulate.ambient.model import Ambient
from diversion.simulate.catalogue import near
from diversion.simulate.dice import Dice
from diversion.simulate.trade import Market, Moves


def permit(market: Market, moves: Moves, rows: int, owned: frozenset[int]) -> Ambient:
    """The background with lawful sales to restricted parties in it, cut to `rows` movements.

    `owned` are parties that somebody holds already. Of 1,300 shipments one makes a listed customer; stock,
    spare parts and repairs give some sales more.
    """
    made = Ambient(moves, np.full(len(moves), -1, dtype=np.int64), market.closed.copy())
    chosen = customers(market, moves, max(12, rows // 1300))
    choose(made, market, chosen)
    licensed.sell(made, market, chosen)
    stock.sell(made, market, owned, max(4, rows // 4000))
    service.spares(made, market, max(3, rows // 4000))
    service.repairs(made, market, max(3, rows // 6000))
    _close(made)
    _cut(made, rows, market.dice)
    return made


def _close(made: Ambient) -> None:
    """Whoever was put on a list gets no more of these goods, save by lawful sales."""
    late = np.array(near())[made.moves.good] & (made.moves.departed >= made.closed[made.moves.dst])
    made.take(np.flatnonzero(~late | (made.tag >= 0)))


def _cut(made: Ambient, rows: int, dice: Dice) -> None:
    """Take ordinary goods out until `rows` are left."""
    ordinary = np.flatnonzero(~np.array(near())[made.moves.good] & (made.tag < 0))
    gone = ordinary[dice.shuffled(len(ordinary))[: max(0, len(made.tag) - rows)]]
    keep = np.ones(len(made.tag), dtype=bool)
    keep[gone] = False
    made.take(np.flatnonzero(keep))
