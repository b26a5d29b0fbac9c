"""Goods that come back: sequences of transfers that return to the party where they began.

They continue as routes do, pass no other party twice, and are no routes: whether anybody is restricted does
not matter. Each one begins where its first transfer leaves, so that a ring of shipments that closes in time
from one of its parties is found from that one; on one and the same day, where no record says which came
first, from each of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.compiled import compiled
from diversion.routes.best import Weights
from diversion.routes.corridors import Corridor, Limits, search
from diversion.routes.links import Link, Longs, Spans
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.rings import Rings, RoundTrip
from diversion.routes.transfers import Flags, Ints, Transfers


@dataclass(frozen=True)
class RoundTrips:
    """What was found, by first day and party; not `exact` where `seconds` ended the search."""

    found: tuple[RoundTrip, ...]
    exact: bool

    @property
    def routes(self) -> int:
        """All sequences."""
        return sum(one.routes for one in self.found)


def round_trips(projection: Projection, wanted: Flags, hops: int, seconds: float | None = None) -> RoundTrips:
    """Every round trip of 2 to `hops` transfers whose first one is `wanted` (over the transfers).

    Parties that no ring of shipments joins to themselves are left out (strongly connected components: Tarjan
    1972). From each of the others what can follow its own shipments is walked half the way, and what can
    lead to it the other half; where the two meet, the search for corridors tells all of them. So it costs,
    for each party on a ring, what lies within half the hops of it, some milliseconds more where goods come
    back, and a second projection, backward in time. After `seconds` it ends with what it has.
    """
    ends = perf_counter() + (np.inf if seconds is None else seconds)
    ring, found, exact = _on_rings(projection), Rings(projection.transfers), True
    walker = _Walker(ring, wanted, hops)
    for party in walker.starts():
        left = ends - perf_counter()
        if left <= 0:
            return RoundTrips(found.told(), exact=False)
        rows = walker.near(party)
        if len(rows):
            exact &= _search(ring, (rows, party, wanted), hops, left, found)
    return RoundTrips(found.told(), exact)


def _on_rings(projection: Projection) -> Projection:
    """Only the transfers whose ends some ring of shipments and stand-ins joins."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    transfers, options, rows = projection.transfers, projection.options, projection.rows
    size = len(transfers.party_ids)
    one: list[npt.NDArray[Any]] = [transfers.src[rows]]
    two: list[npt.NDArray[Any]] = [transfers.dst[rows]]
    for group in (options.owner_group, options.address_group) if options.jumps else ():
        if group is not None:
            members = np.flatnonzero(np.asarray(group) >= 0)
            hubs = size + np.asarray(group)[members]
            size = int(hubs.max(initial=size - 1)) + 1
            one, two = [*one, members, hubs], [*two, hubs, members]
    arcs = np.concatenate(one).astype(np.int32), np.concatenate(two).astype(np.int32)
    graph = coo_array((np.ones(len(arcs[0]), np.int8), arcs), shape=(size, size))
    _, label = connected_components(graph, directed=True, connection="strong")
    return projection.narrow(label[transfers.src[rows]] == label[transfers.dst[rows]])


class _Walker:
    """What can follow the transfers of a party and what can lead to it, one party after the other."""

    def __init__(self, projection: Projection, wanted: Flags, hops: int) -> None:
        transfers, rows = projection.transfers, projection.rows
        first = rows[np.asarray(wanted, bool)[rows]]
        self.ahead = _Side(projection, (transfers.src, first), transfers.dst)
        back = Projection.build(_backward(transfers, rows), replace(projection.options, goods=None))
        self.behind = _Side(replace(back, rows=rows[back.rows]), (transfers.dst, rows), transfers.src)
        self.steps = hops // 2, (hops - 1) // 2

    def starts(self) -> list[int]:
        """Parties that send something wanted and receive something, ascending."""
        both = (np.diff(self.ahead.at) > 0) & (np.diff(self.behind.at) > 0)
        found: list[int] = np.flatnonzero(both).tolist()
        return found

    def near(self, party: int) -> Ints:
        """Transfers within half the hops of it, one way or the other; none where the ways do not meet."""
        ahead, behind = (
            side.reach(party, steps)
            for side, steps in zip((self.ahead, self.behind), self.steps, strict=True)
        )
        if not len(np.intersect1d(ahead, behind, assume_unique=True)):
            return ahead[:0]
        return np.union1d(ahead, behind).astype(np.int32)


def _backward(transfers: Transfers, rows: Ints) -> Transfers:
    """The same transfers with time and direction turned round: what may follow is what may go before."""
    return replace(
        transfers,
        src=transfers.dst[rows],
        dst=transfers.src[rows],
        item=transfers.item[rows],
        departed=-transfers.arrived[rows],
        departed_first=-transfers.arrived_last[rows],
        arrived=-transfers.departed[rows],
        arrived_last=-transfers.departed_first[rows],
    )


class _Side:
    """One direction: the transfers `begin` of each party, and where a walk stops because it is back."""

    def __init__(self, projection: Projection, begin: tuple[Ints, Ints], stop: Ints) -> None:
        party, rows = begin
        self.rows, size, names = projection.rows, len(projection.rows), projection.transfers.party_ids
        place = np.empty(len(stop), np.int32)
        place[self.rows] = np.arange(size, dtype=np.int32)
        order = np.argsort(party[rows], kind="stable")
        self.begin = place[rows[order]]
        self.at = np.concatenate(([0], np.cumsum(np.bincount(party[rows], minlength=len(names)))))
        relations = [projection.base, *(r for r, sign in projection.jumps if sign > 0)]
        orders = np.zeros((len(relations), size), np.int32)
        for row, relation in zip(orders, relations, strict=True):
            row[: len(relation)] = np.arange(size) if relation.order is None else relation.order
        self.ranges = orders, np.stack([r.lo for r in relations]), np.stack([r.hi for r in relations])
        self.stop = stop[self.rows]
        self.state = np.full(size, -1, np.int32), np.empty(size, np.int32)

    def reach(self, party: int, steps: int) -> Ints:
        """Transfers that at most so many continuations lead to."""
        mine = self.begin[self.at[party] : self.at[party + 1]]
        count = _reach(mine, self.stop, self.ranges, (party, steps), self.state)
        return self.rows[self.state[1][:count]]


@compiled
def _reach(
    begin: Ints,
    stop: Ints,
    ranges: tuple[Ints, Ints, Ints],
    limits: tuple[int, int],
    state: tuple[Ints, Ints],
) -> int:
    """Breadth first, hop by hop; a transfer that stops at the party leads nowhere. How many were seen."""
    order, lo, hi = ranges
    party, steps = limits
    seen, queue = state
    count, head = 0, 0
    for e in begin:
        seen[e] = party
        queue[count] = e
        count += 1
    for _ in range(steps):
        tail = count
        for place in range(head, tail):
            e = queue[place]
            if stop[e] == party:
                continue
            for kind in range(lo.shape[0]):
                for i in range(lo[kind, e], hi[kind, e]):
                    f = order[kind, i]
                    if seen[f] != party:
                        seen[f] = party
                        queue[count] = f
                        count += 1
        head = tail
    return count


def _search(ring: Projection, what: tuple[Ints, int, Flags], hops: int, seconds: float, found: Rings) -> bool:
    """Corridors from a party to the receiver of the same name, which is told apart from it."""
    rows, party, wanted = what
    small, used = _taken(ring.transfers, rows, party)
    options = _among(ring.options, ring.transfers, used)
    size, origin = len(rows), (ring.transfers.src[rows] == party) & np.asarray(wanted, bool)[rows]
    question = Question(small.dst == len(used.parties), origin, np.zeros(size, bool), hops)
    # Of equal weight everywhere but for time: the earliest are the best.
    even = Weights(*(np.zeros(size),) * 3)
    limits = Limits(seconds=None if np.isinf(seconds) else seconds)
    result = search(Projection.build(small, options), question, even, 0, None, limits)
    for ranked in result.corridors:
        found.add(_ring(ranked.corridor, rows, used))
    return result.exact


def _ring(corridor: Corridor, rows: Ints, used: _Used) -> RoundTrip:
    """A corridor of a small world, whose last party is its first again."""
    parties = tuple(int(used.parties[p]) for p in corridor.parties[:-1])
    return RoundTrip(
        parties=parties,
        jumps=corridor.jumps,
        item=int(used.items[corridor.item]),
        hops=tuple(rows[hop] for hop in corridor.hops),
        routes=corridor.routes,
        began={parties[0]: corridor.routes},
        best=tuple(int(rows[e]) for e in corridor.best),
    )


@dataclass(frozen=True)
class _Used:
    """Parties and goods that some transfers name, by their number among these alone."""

    parties: Longs
    items: Longs


def _taken(transfers: Transfers, rows: Ints, party: int) -> tuple[Transfers, _Used]:
    """The transfers as a world of their own, in which what comes back comes to one more party."""
    ends = np.concatenate([transfers.src[rows], transfers.dst[rows], [party]])
    used = _Used(np.unique(ends).astype(np.int64), np.unique(transfers.item[rows]).astype(np.int64))
    dst = np.searchsorted(used.parties, transfers.dst[rows])
    dst[transfers.dst[rows] == party] = len(used.parties)
    days = ("departed", "departed_first", "arrived", "arrived_last")
    nothing = np.zeros(0)
    return Transfers(
        src=np.searchsorted(used.parties, transfers.src[rows]).astype(np.int32),
        dst=dst.astype(np.int32),
        end_user=np.full(len(rows), -1, np.int32),
        item=np.searchsorted(used.items, transfers.item[rows]).astype(np.int32),
        **{name: getattr(transfers, name)[rows] for name in days},
        estimated=np.zeros(len(rows), bool),
        quantity=nothing,
        weight_kg=nothing,
        value_usd=nothing,
        shipment=np.zeros(0, np.int64),
        ids=np.zeros(0, object),
        party_ids=np.append(transfers.party_ids[used.parties], transfers.party_ids[party]),
        hs6=transfers.hs6[used.items],
    ), used


def _among(options: ProjectionOptions, transfers: Transfers, used: _Used) -> ProjectionOptions:
    """The options for these parties alone; the receiver that came back stands in for nobody."""

    def group(labels: Ints | None) -> Ints | None:
        return None if labels is None else np.append(np.asarray(labels)[used.parties], -1).astype(np.int32)

    def shared(one: int, other: int, link: Link) -> Spans:
        assert options.shared is not None
        return options.shared(int(used.parties[one]), int(used.parties[other]), link)

    return replace(
        options,
        owner_group=group(options.owner_group),
        address_group=group(options.address_group),
        goods=None,
        shared=None if options.shared is None else shared,
        loose=None if options.loose is None else np.append(options.loose[used.parties], False),
    )
