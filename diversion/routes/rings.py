"""Rings of parties that goods went round, told once whichever party they began with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from diversion.ids import digest
from diversion.routes.transfers import Ints, Transfers


@dataclass(frozen=True)
class RoundTrip:
    """All sequences round the same ring of parties with the same goods, whichever party they begin with.

    `parties` index `Transfers.party_ids`, from the one with which the earliest sequence begins; where a party
    stood in, both stand there (`jumps` are the places of those who stood in). `hops` holds, a hop, the
    transfers that take part in a sequence. `routes` is the number of sequences, `began` of those that begin
    with each party. `item` is the HS6 of the first transfer, `best` the sequence with the earliest days.
    """

    parties: tuple[int, ...]
    jumps: tuple[int, ...]
    item: int
    hops: tuple[Ints, ...]
    routes: int
    began: dict[int, int]
    best: tuple[int, ...]


class Rings:
    """Corridors round the same ring, gathered whichever party they begin with."""

    def __init__(self, transfers: Transfers) -> None:
        self.transfers = transfers
        self.rings: dict[tuple[object, ...], list[RoundTrip]] = {}

    def add(self, one: RoundTrip) -> None:
        """All sequences round a ring that begin with its first party."""
        self.rings.setdefault((one.item, *_turned(one)), []).append(one)

    def told(self) -> tuple[RoundTrip, ...]:
        """One a ring, by first day and ids."""
        told = [self._one(ring) for ring in self.rings.values()]
        return tuple(sorted(told, key=lambda one: (*self._when(one), one.parties, one.item)))

    def _when(self, one: RoundTrip) -> tuple[int, ...]:
        first = one.best[0]
        return int(self.transfers.departed[first]), int(self.transfers.arrived[first]), first

    def _one(self, ring: list[RoundTrip]) -> RoundTrip:
        """The ring from the party with which the earliest sequence begins."""
        ring = sorted(ring, key=self._when)
        first = ring[0]
        hops = list(first.hops)
        for other in ring[1:]:
            shift = _shift(first, other)
            turned = other.hops[shift:] + other.hops[:shift]
            hops = [np.union1d(a, b).astype(np.int32) for a, b in zip(hops, turned, strict=True)]
        routes = sum(one.routes for one in ring)
        began = {party: routes for one in ring for party, routes in one.began.items()}
        return replace(first, hops=tuple(hops), routes=routes, began=began)


def _steps(one: RoundTrip) -> list[tuple[int, int]]:
    """Sender and receiver of each hop."""
    ring = (*one.parties, one.parties[0])
    return [pair for place, pair in enumerate(pairwise(ring), 1) if place not in one.jumps]


def _turned(one: RoundTrip) -> tuple[tuple[int, int], ...]:
    """The steps from the least on: the same for every party with which a sequence round the ring begins."""
    steps = _steps(one)
    at = steps.index(min(steps))
    return tuple(steps[at:] + steps[:at])


def _shift(first: RoundTrip, other: RoundTrip) -> int:
    return _steps(other).index(_steps(first)[0])


def round_trip_id(one: RoundTrip, transfers: Transfers) -> str:
    """The id of a round trip: a digest of its ring and goods, whichever party it begins with."""
    ids = [(str(transfers.party_ids[a]), str(transfers.party_ids[b])) for a, b in _steps(one)]
    at = ids.index(min(ids))
    return "C-" + digest(str(transfers.hs6[one.item]), *(p for pair in ids[at:] + ids[:at] for p in pair))
