"""Routes by their definition, one depth-first search; shares nothing with the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

Transfer = tuple[int, int, str, int, int]
"""Sender, receiver, HS6, departed, arrived."""


SAME = "possibly-same"


@dataclass
class World:
    transfers: list[Transfer]
    restricted: set[tuple[int, int]] = field(default_factory=set)
    """Pairs of party and day on which it is restricted."""
    users: dict[int, int] = field(default_factory=dict)
    origins: set[int] | None = None
    goods: set[str] | None = None
    owner: dict[int, int] = field(default_factory=dict)
    address: dict[int, int] = field(default_factory=dict)
    relations: str = "strict"
    hops: int = 4
    dwell: tuple[int, int] = (0, 5)
    open: bool = False
    start: list[float] = field(default_factory=list)
    onward: list[float] = field(default_factory=list)
    end: list[float] = field(default_factory=list)
    penalties: dict[str, float] = field(default_factory=dict)
    shared: dict[tuple[int, int, str], set[int]] | None = None
    """Days on which two parties, the lower first, share an owner or an address; None: always."""
    earliest: dict[int, int] = field(default_factory=dict)
    """First possible day of departure where it is not the last."""
    latest: dict[int, int] = field(default_factory=dict)
    """Last possible day of arrival where it is not the first."""
    via: set[int] | None = None
    """Parties one of which must stand between the ends."""
    avoid: set[int] = field(default_factory=set)
    kilos: dict[int, float] = field(default_factory=dict)
    pieces: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Unit and quantity."""
    disguise: tuple[float, int, int, int] | None = None
    """Share by which amounts may differ, most days, most onward transfers, most of a like amount."""
    same: dict[tuple[int, int], float] = field(default_factory=dict)
    """What it costs that the second, possibly the same, stands in for the first."""

    known: dict[tuple[int, int], list[tuple[str, ...]]] = field(default_factory=dict, init=False, repr=False)
    hidden: dict[int, set[int]] = field(default_factory=dict, init=False, repr=False)

    def terminal(self, e: int) -> bool:
        _, dst, _, day, _ = self.transfers[e]
        return (dst, day) in self.restricted or (self.users.get(e, dst), day) in self.restricted

    def barred(self, e: int) -> bool:
        return (self.transfers[e][0], self.transfers[e][3]) in self.restricted

    def origin(self, e: int) -> bool:
        src, _, item, _, _ = self.transfers[e]
        if self.barred(e) or (self.goods is not None and item not in self.goods):
            return False
        return self.origins is None or src in self.origins

    def breaks(self, e: int, f: int) -> list[tuple[str, ...]]:
        """Every way in which `f` may follow `e`, as the rules it breaks; empty where it may not."""
        if (e, f) not in self.known:
            self.known[e, f] = self._breaks(e, f)
        return self.known[e, f]

    def _breaks(self, e: int, f: int) -> list[tuple[str, ...]]:
        receiver, item = self.transfers[e][1:3]
        sender, _, other = self.transfers[f][:3]
        if not self.soon(e, f, self.dwell[1]):
            return []
        if receiver == sender:
            who: list[tuple[str, ...]] = [()]
        elif self.relations in ("jump", "all") and not self.barred(f):
            groups = (("owner", self.owner), ("address", self.address))
            who = [
                (name,)
                for name, g in groups
                if g.get(receiver) is not None and g.get(receiver) == g.get(sender)
            ]
            who += [(SAME,)] * (self.relations == "all" and (receiver, sender) in self.same)
        else:
            who = []
        if receiver == sender and item[:4] != other[:4]:
            return [("disguise",)] if f in self.disguised(e) else []
        if item == other:
            return who
        if self.relations in ("relabel", "all") and item[:4] == other[:4]:
            return [(*w, "relabel") for w in who]
        return []

    def soon(self, e: int, f: int, most: int) -> bool:
        waits = {d - a for _, a in self.days(e) for d, _ in self.days(f)}
        return any(self.dwell[0] <= wait <= min(self.dwell[1], most) for wait in waits)

    def disguised(self, e: int) -> set[int]:
        """What may be the goods of `e` in disguise: the nearest in amount, then in days, without ties."""
        if e not in self.hidden:
            self.hidden[e] = self._disguised(e)
        return self.hidden[e]

    def _disguised(self, e: int) -> set[int]:
        if self.relations != "all" or self.disguise is None:
            return set()
        band, days, most, alike = self.disguise
        _, receiver, item, _, arrived = self.transfers[e]
        sent = [f for f, transfer in enumerate(self.transfers) if transfer[0] == receiver]
        fits: list[tuple[float, int, int]] = []
        for by_weight in (True, False):
            gaps = {f: gap for f in sent if (gap := self.gap(e, f, by_weight)) is not None and gap <= band}
            if len(gaps) > alike:
                continue
            for f, gap in gaps.items():
                if not by_weight and e in self.kilos and f in self.kilos:
                    continue
                if self.transfers[f][2][:4] != item[:4] and self.soon(e, f, days):
                    fits.append((gap, self.transfers[f][3] - arrived, f))
        return {f for g, w, f in fits if sum((h, x) <= (g, w) for h, x, _ in fits) <= most}

    def gap(self, e: int, f: int, by_weight: bool) -> float | None:
        """By how much the larger amount is larger than the other; None where they cannot be compared."""
        if by_weight:
            if e not in self.kilos or f not in self.kilos:
                return None
            one, other = self.kilos[e], self.kilos[f]
        else:
            if e not in self.pieces or f not in self.pieces or self.pieces[e][0] != self.pieces[f][0]:
                return None
            one, other = self.pieces[e][1], self.pieces[f][1]
        return abs(one - other) / max(one, other)

    def days(self, e: int) -> list[tuple[int, int]]:
        """All days on which it can have departed and arrived."""
        _, _, _, departed, arrived = self.transfers[e]
        first, last = self.earliest.get(e, departed), self.latest.get(e, arrived)
        return [(d, a) for d in range(first, departed + 1) for a in range(arrived, last + 1) if d <= a]

    def holds(self, e: int, f: int, way: tuple[str, ...], days: tuple[int, int]) -> bool:
        """Whether, arriving and departing on these days, `f` may follow `e` in that way."""
        longest = self.dwell[1]
        if way == ("disguise",) and self.disguise is not None:
            longest = min(longest, self.disguise[1])
        if not self.dwell[0] <= days[1] - days[0] <= longest:
            return False
        pair = sorted((self.transfers[e][1], self.transfers[f][0]))
        links = [name for name in way if name in ("owner", "address")] if self.shared is not None else []
        return all(
            day in (self.shared or {}).get((pair[0], pair[1], link), ()) for link in links for day in days
        )

    def manners(self, route: tuple[int, ...]) -> set[tuple[tuple[str, ...], ...]]:
        """How a route breaks the rules at each continuation, under every assignment of days that suits."""
        so_far: set[tuple[int, tuple[tuple[str, ...], ...]]] = {(a, ()) for _, a in self.days(route[0])}
        for e, f in pairwise(route):
            so_far = {
                (came, (*manner, way))
                for arrived, manner in so_far
                for departed, came in self.days(f)
                for way in self.breaks(e, f)
                if self.holds(e, f, way, (arrived, departed))
            }
        return {manner for _, manner in so_far}

    def walks(self) -> Iterator[tuple[int, ...]]:
        """Walks that are counted: in disguise, or by one possibly the same, nothing goes on."""
        return (w for w in self.every() if all(self.countable(e, f) for e, f in pairwise(w)))

    def countable(self, e: int, f: int) -> bool:
        return any(not {SAME, "disguise"} & set(way) for way in self.breaks(e, f))

    def every(self) -> Iterator[tuple[int, ...]]:
        for e in range(len(self.transfers)):
            if self.origin(e):
                yield from filter(self.wanted, self._onward((e,)))

    def wanted(self, walk: tuple[int, ...]) -> bool:
        parties = self.parties(walk)
        if self.avoid & set(parties):
            return False
        return self.via is None or bool(self.via & set(parties[1:-1]))

    def _onward(self, walk: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        ends = self.terminal(walk[-1])
        if ends:
            yield walk
        if len(walk) < self.hops and (self.open or not ends):
            for f in range(len(self.transfers)):
                if self.breaks(walk[-1], f):
                    yield from self._onward((*walk, f))

    def parties(self, walk: tuple[int, ...]) -> tuple[int, ...]:
        seen = list(self.transfers[walk[0]][:2])
        for e, f in pairwise(walk):
            sender, receiver = self.transfers[f][:2]
            seen += [receiver] if sender == self.transfers[e][1] else [sender, receiver]
        return tuple(seen)

    def routes(self) -> list[tuple[int, ...]]:
        simple = (w for w in self.every() if len(set(self.parties(w))) == len(self.parties(w)))
        return [w for w in simple if self.manners(w)]

    def price(self, route: tuple[int, ...], manner: tuple[tuple[str, ...], ...]) -> float:
        total = sum(self.penalties.get(rule, 0.0) for way in manner for rule in way)
        for (e, f), way in zip(pairwise(route), manner, strict=True):
            if SAME in way:
                total += self.same[self.transfers[e][1], self.transfers[f][0]]
        return total

    def cheapest(self, route: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
        """Of equal price, the one that names an owner earlier."""
        rank = ("strict", "owner", "address", SAME, "relabel", "disguise").index
        manners = self.manners(route)
        return min(manners, key=lambda m: (self.price(route, m), [[rank(r) for r in way] for way in m]))

    def weight(self, route: tuple[int, ...]) -> float:
        onward = sum(self.onward[f] for f in route[1:]) - self.price(route, self.cheapest(route))
        return self.start[route[0]] + onward + self.end[route[-1]]

    def corridors(self) -> list[Told]:
        """Routes with the same parties, in the same roles, and the same goods, best first."""
        told: dict[object, list[tuple[int, ...]]] = {}
        for route in self.routes():
            ends = tuple(self.transfers[e][:2] for e in route)
            told.setdefault((ends, self.transfers[route[0]][2]), []).append(route)
        return [self.told(routes) for routes in told.values()]

    def told(self, routes: list[tuple[int, ...]]) -> Told:
        def order(route: tuple[int, ...]) -> tuple[object, ...]:
            return (-self.weight(route), *((self.transfers[e][3], self.transfers[e][4], e) for e in route))

        best = min(routes, key=order)
        return Told(
            parties=self.parties(best),
            item=self.transfers[best[0]][2],
            hops=tuple(tuple(sorted(set(hop))) for hop in zip(*routes, strict=True)),
            routes=len(routes),
            best=best,
            relations=tuple("+".join(way) or "strict" for way in self.cheapest(best)),
            weight=self.weight(best),
        )

    def visits(self) -> Counter[int]:
        """How often the walks pass each party after the first sender."""
        return Counter(party for walk in self.walks() for party in self.parties(walk)[1:])

    def through(self) -> Counter[int]:
        return Counter(e for walk in self.walks() for e in walk)


@dataclass(frozen=True)
class Told:
    parties: tuple[int, ...]
    item: str
    hops: tuple[tuple[int, ...], ...]
    routes: int
    best: tuple[int, ...]
    relations: tuple[str, ...]
    weight: float
