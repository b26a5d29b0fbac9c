"""Goods that come back: sequences of transfers that return to the party where they began.

They continue as routes do, pass no other party twice, and are no routes: whether anybody is restricted does
not matter. Each one begins where its first transfer leaves, so that a ring of shipments that closes in time
from one of its parties is found from that one; on one and the same day, where no record says which came
first, from each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    1972). From each of the others the transfers within reach are walked, and where they come back the search
    for corridors tells all of them. So it costs, for each party on a ring, what can follow its own transfers
    within the hops, and some milliseconds more where something comes back; not the whole array.
    """
    ends = perf_counter() + (np.inf if seconds is None else seconds)
    ring, found = _on_rings(projection), Rings(projection.transfers)
    exact, walker = True, _Walker(ring, wanted, hops)
    for party in walker.starts():
        left = ends - perf_counter()
        if left <= 0:
            exact = False
            break
        reach = walker.reach(party)
        if len(reach):
            exact &= _search(ring, (reach, party, wanted), hops, left, found)
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
    """What can follow the transfers of one party, one party after the other."""

    def __init__(self, projection: Projection, wanted: Flags, hops: int) -> None:
        transfers, rows = projection.transfers, projection.rows
        self.src, self.dst, self.hops = transfers.src[rows], transfers.dst[rows], hops
        self.first = np.flatnonzero(np.asarray(wanted, bool)[rows])
        self.first = self.first[np.argsort(self.src[self.first], kind="stable")]
        relations = [projection.base, *(r for r, sign in projection.jumps if sign > 0)]
        size = len(rows)
        self.lo = np.stack([r.lo for r in relations])
        self.hi = np.stack([r.hi for r in relations])
        self.order = np.zeros((len(relations), size), np.int32)
        for place, relation in enumerate(relations):
            order = np.arange(size, dtype=np.int32) if relation.order is None else relation.order
            self.order[place, : len(order)] = order
        self.seen, self.queue = np.full(size, -1, np.int32), np.empty(size, np.int32)

    def starts(self) -> Iterator[int]:
        """Parties that send something wanted and receive something, ascending."""
        yield from np.intersect1d(self.src[self.first], self.dst).tolist()

    def reach(self, party: int) -> Longs:
        """Positions that the goods can come by; empty where none of them comes back."""
        low, high = np.searchsorted(self.src[self.first], [party, party + 1])
        begin = self.first[low:high].astype(np.int32)
        ranges = (self.order, self.lo, self.hi)
        count, back = _reach(begin, self.dst, ranges, (party, self.hops), (self.seen, self.queue))
        return np.sort(self.queue[:count]).astype(np.int64) if back else np.zeros(0, np.int64)


@compiled
def _reach(
    begin: Ints, dst: Ints, ranges: tuple[Ints, Ints, Ints], limits: tuple[int, int], state: tuple[Ints, Ints]
) -> tuple[int, bool]:
    """Breadth first, hop by hop; a transfer back to the party leads nowhere. How many were seen, any back."""
    order, lo, hi = ranges
    party, hops = limits
    seen, queue = state
    count, back, head = 0, False, 0
    for e in begin:
        seen[e] = party
        queue[count] = e
        count += 1
    for _ in range(hops - 1):
        tail = count
        for place in range(head, tail):
            e = queue[place]
            if dst[e] == party:
                continue
            for kind in range(lo.shape[0]):
                for i in range(lo[kind, e], hi[kind, e]):
                    f = order[kind, i]
                    if seen[f] != party:
                        seen[f] = party
                        queue[count] = f
                        count += 1
                        back = back or dst[f] == party
        head = tail
    return count, back


def _search(
    ring: Projection, what: tuple[Longs, int, Flags], hops: int, seconds: float, found: Rings
) -> bool:
    """Corridors from a party to the receiver of the same name, which is told apart from it."""
    reach, party, wanted = what
    rows = np.sort(ring.rows[reach])
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
