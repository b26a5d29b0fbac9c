"""How much of the goods the shipments of some corridors can have carried: a maximum flow over time.

Every shipment is an arc that holds as much as it carried; goods that arrived wait at their party, as stock,
until one of the shipments leaves by which they may go on. So a shipment may divide what it brought over
several later ones, and a later one may gather what several brought, but nothing goes on twice, nothing
leaves before it came, and nothing waits longer than the dwell of the search (Ford and Fulkerson 1958).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from diversion.routes.links import Days, Longs
from diversion.routes.transfers import Flags, Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Whole = npt.NDArray[np.int64]
SOURCE, SINK = 0, 1
FULL = 2**31 - 1
"""Capacities are whole numbers below this, of which scipy's maximum flow takes no larger ones."""
DIGITS = 6
AT_ONCE = 2**22


@dataclass(frozen=True)
class Flow:
    """The most that can have passed, in the unit of the amounts given.

    `amount` is what the shipments of known amount can have carried; `at_most` what all of them can, each of
    unknown amount without limit, None where nothing bounds it: equal where every amount is known. `cut` are
    the transfers whose amounts add up to `at_most` and through which all of it must pass: of all smallest
    cuts the one nearest to the first senders. `value` is the most that such a flow is worth at the prices of
    the last hop, of those that have one. Not `exact` where amounts had to be rounded down to fit, then right
    to nine digits.
    """

    amount: float
    at_most: float | None
    value: float
    cut: tuple[int, ...]
    exact: bool


@dataclass(frozen=True)
class Network:
    """Transfers of corridors and which of them may follow which. Arcs are pairs of positions in `rows`."""

    rows: Ints
    first: Flags
    last: Flags
    arcs: tuple[Longs, Longs]


def network(corridors: Sequence[Sequence[Ints]], days: Days, within: Flags) -> Network:
    """The transfers of the corridors' hops, joined where one may follow the other on some of its days.

    `within` marks the transfers that count. Corridors share their shipments, so that goods may pass from one
    corridor to another where both use a shipment. Each pair of neighbouring hops is looked at: quadratic in
    their transfers.
    """
    rows = np.unique(np.concatenate([np.zeros(0, np.int32), *(hop for one in corridors for hop in one)]))
    rows = rows[within[rows]].astype(np.int32)
    first, last = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    keys = [np.zeros(0, np.int64)]
    for corridor in corridors:
        hops = [np.searchsorted(rows, hop[within[hop]]) for hop in corridor]
        first[hops[0]] = True
        last[hops[-1]] = True
        for one, two in pairwise(hops):
            keys += [i * len(rows) + j for i, j in _following(rows, one, two, days)]
    arcs = np.unique(np.concatenate(keys))
    width = max(len(rows), 1)
    return Network(rows, first, last, (arcs // width, arcs % width))


def _following(rows: Ints, one: Longs, two: Longs, days: Days) -> Iterator[tuple[Longs, Longs]]:
    step = max(AT_ONCE // max(len(two), 1), 1)
    later = rows[two]
    for begin in range(0, len(one), step):
        piece = one[begin : begin + step]
        earlier = rows[piece]
        wait = days.departed[later][None, :] >= days.arrived[earlier][:, None] + days.dwell_min
        wait &= days.departed_first[later][None, :] <= days.arrived_last[earlier][:, None] + days.dwell_max
        i, j = np.nonzero(wait)
        yield piece[i], two[j]


def most(net: Network, amount: Floats, price: Floats) -> Flow:
    """The maximum flow through a network; `amount` a transfer (NaN: unknown), `price` what one unit is worth.

    One maximum flow for the known amounts, one more where some are unknown, and one for each distinct price:
    sinks opened in the order of their price give the flow of most value (flows into sinks form a polymatroid,
    on which the greedy choice is the best: Edmonds 1970). Each some milliseconds for a thousand shipments.
    """
    held, worth = amount[net.rows], price[net.rows]
    unknown = np.isnan(held)
    whole, scale, exact = _whole(held)
    limit = int(whole.sum()) + 1
    known, bounded = _Graph(net, whole), _Graph(net, np.where(unknown, limit, whole))
    passed = known.flow(net.last)
    upper = bounded.flow(net.last) if unknown.any() else passed
    free = upper >= limit
    return Flow(
        amount=passed / scale,
        at_most=None if free else upper / scale,
        value=_value(known, net.last & ~unknown, worth) / scale,
        cut=() if free else tuple(int(net.rows[i]) for i in bounded.cut(net.last)),
        exact=exact,
    )


def _whole(amounts: Floats) -> tuple[Whole, float, bool]:
    """Amounts as whole numbers of a scale, and whether they are exactly that; unknown ones are nought."""
    known = np.nan_to_num(amounts)
    total = float(known.sum())
    for digits in range(DIGITS + 1):
        scaled = known * 10.0**digits
        if total * 10.0**digits >= FULL - 1:
            break
        if np.allclose(scaled, np.round(scaled), rtol=0, atol=1e-6):
            return np.round(scaled).astype(np.int64), 10.0**digits, True
    scale = min((FULL - 2) / total, 10.0**DIGITS)
    return np.floor(known * scale).astype(np.int64), scale, False


def _value(graph: _Graph, ends: Flags, worth: Floats) -> float:
    """The dearest flow: with the sinks of each price and above open, what each price adds."""
    total, before = 0.0, 0
    for price in sorted({float(p) for p in worth[ends] if p > 0}, reverse=True):
        passed = graph.flow(ends & (worth >= price))
        total += price * (passed - before)
        before = passed
    return total


class _Graph:
    """A transfer is an arc between two nodes of its own; arcs that join transfers hold any amount."""

    def __init__(self, net: Network, held: Whole) -> None:
        self.net, self.held, self.size = net, held, 2 + 2 * len(held)
        self.nodes = 2 + 2 * np.arange(len(held))

    def flow(self, ends: Flags) -> int:
        """The value of a maximum flow into the transfers that are `ends`."""
        return self._solved(ends)[0] if self.held.any() and ends.any() else 0

    def cut(self, ends: Flags) -> Longs:
        """Positions of the transfers of the smallest cut that is nearest to the source."""
        from scipy.sparse.csgraph import breadth_first_order

        if not self.held.any() or not ends.any():
            return np.flatnonzero(self.held < 0)
        _, capacity, flow = self._solved(ends)
        left = capacity - flow
        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        side = np.zeros(self.size, bool)
        side[breadth_first_order(left, SOURCE, return_predecessors=False)] = True
        crossing: Longs = np.flatnonzero(side[self.nodes] & ~side[self.nodes + 1] & (self.held > 0))
        return crossing

    def _solved(self, ends: Flags) -> tuple[int, csr_array, csr_array]:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import maximum_flow

        one, two = self.net.arcs
        begins, finishes = np.flatnonzero(self.net.first), np.flatnonzero(ends)
        tails = [self.nodes, self.nodes[one] + 1, np.full(len(begins), SOURCE), self.nodes[finishes] + 1]
        heads = [self.nodes + 1, self.nodes[two], self.nodes[begins], np.full(len(finishes), SINK)]
        free = np.full(len(one) + len(begins) + len(finishes), min(int(self.held.sum()) + 1, FULL))
        data = np.minimum(np.concatenate([self.held, free]), FULL).astype(np.int32)
        places: tuple[Any, Any] = np.concatenate(tails), np.concatenate(heads)
        capacity = csr_array((data, places), shape=(self.size, self.size))
        found = maximum_flow(capacity, SOURCE, SINK)
        return int(found.flow_value), capacity, found.flow
