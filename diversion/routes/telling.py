"""What a corridor tells: its transfers a hop, its number of routes, its best route."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.routes.assigning import Prices, assign, relabelled
from diversion.routes.best import NEVER, Weights, raise_to_maxima
from diversion.routes.frontier import Frontier, State
from diversion.routes.links import ALWAYS, LINKS, Days, Longs, Mode, Sifted, sift
from diversion.routes.ranges import Relation
from diversion.routes.transfers import Floats, Ints

MACHINE = 2**62


@dataclass(frozen=True)
class Corridor:
    """All routes through the same parties in the same way with the same goods.

    `parties` index `Transfers.party_ids`; where a party stood in, both stand there, receiver first.
    `item` is the HS6 of the first transfer. `hops` holds, a hop, the transfers (ascending) that take part
    in at least one complete route, `routes` how many sequences of them there are: those for which one
    assignment of days suits all transfers and, where a party stood in, the link was in force both on the
    arrival before and on the departure after. `best` is the route of
    the highest weight, then hop by hop with the earliest departure, the earliest arrival and the first id;
    `relations` names each of its continuations by what it costs least: `strict`, `relabel`, `owner`,
    `address`, `owner+relabel`, `address+relabel`. `weight` is the upper bound of its score.
    """

    parties: tuple[int, ...]
    item: int
    hops: tuple[Ints, ...]
    routes: int
    best: tuple[int, ...]
    relations: tuple[str, ...]
    weight: float

    @property
    def jumps(self) -> tuple[int, ...]:
        """Positions in `parties` of those who stood in for the one before them."""
        found, place = [], 1
        for relation in self.relations:
            if relation.startswith(("owner", "address")):
                place += 1
                found.append(place)
            place += 1
        return tuple(found)


@dataclass(frozen=True)
class _Layer:
    """One hop while it is told from the end: its transfers, how many ways lead on from each and how well."""

    at: Ints
    ways: npt.NDArray[Any]
    weight: Floats
    onto: Longs | None


class Teller:
    """Tells the corridors of a search: of the routes that the sweeps allow, those that the days allow."""

    def __init__(self, frontier: Frontier, weights: Weights) -> None:
        self.frontier, self.weights = frontier, weights
        projection, bounds = frontier.field.projection, frontier.bounds
        self.rows, transfers = projection.rows, projection.transfers
        self.options = projection.options
        self.days = Days(
            departed_first=transfers.departed_first[self.rows].astype(np.int64),
            departed=transfers.departed[self.rows].astype(np.int64),
            arrived=transfers.arrived[self.rows].astype(np.int64),
            arrived_last=transfers.arrived_last[self.rows].astype(np.int64),
            dwell_min=self.options.dwell_min,
            dwell_max=self.options.dwell_max,
        )
        self.spread = self.days.departed_first < self.days.departed
        self.loose = projection.widened is not None
        prices = {kind.name: weights.of(kind.name) for kind in bounds.kinds}
        prices |= {relabelled(name): weights.of(relabelled(name)) for name in ("strict", "owner", "address")}
        self.prices = Prices(bounds.start, bounds.onward, bounds.end, frontier.item, self.rows, prices)
        self.between: dict[tuple[int, int], tuple[Mode, ...]] = {}

    def tell(self, state: State) -> Corridor | None:
        """The corridor of a state, all of whose transfers that are terminal end a route; None without any."""
        chain, field = state.chain(), self.frontier.field
        hops = [one.at[field.goes_on[one.at]] for one in chain[:-1]]
        hops.append(chain[-1].at[field.terminal[chain[-1].at]])
        sifted = sift(hops, [self._modes(a, b) for a, b in pairwise(chain)], self.days)
        if sifted is None:
            return None
        if sifted.plain and not (self.loose and any(self.spread[at].any() for at in sifted.hops)):
            return self._told(state, sifted)
        found = assign(sifted.hops, sifted.modes, self.days, self.prices)
        if found is None:
            return None
        names = self._names(found.best, ["" if name == "strict" else name for name in found.names])
        return self._corridor(state, found.hops, found.routes, (found.best, names))

    def _told(self, state: State, sifted: Sifted) -> Corridor | None:
        """Where the order of the days alone decides."""
        hops = self._reached(sifted.hops) if self.loose or sifted.loosely else sifted.hops
        jumps = ["" if modes[0].name == "strict" else modes[0].name for modes in sifted.modes]
        layers = [self._last(hops)]
        for at, jump in zip(reversed(hops[:-1]), reversed(jumps), strict=True):
            layers.insert(0, self._layer(at, layers[0], jump))
            if not len(layers[0].at):
                return None
        best = self._best(layers)
        routes = int(layers[0].ways.sum())
        return self._corridor(state, [layer.at for layer in layers], routes, (best, self._names(best, jumps)))

    def _corridor(
        self, state: State, hops: list[Ints], routes: int, best: tuple[list[int], tuple[str, ...]]
    ) -> Corridor:
        return Corridor(
            parties=state.parties,
            item=state.item,
            hops=tuple(np.sort(self.rows[at]) for at in hops),
            routes=routes,
            best=tuple(int(self.rows[e]) for e in best[0]),
            relations=best[1],
            weight=self._weight(*best),
        )

    def _modes(self, before: State, after: State) -> tuple[Mode, ...]:
        """The ways from hop to hop, cheapest first: groups that let one stand in for another, and when."""
        if not after.jumped:
            return (Mode("strict"),)
        pair = before.parties[-1], after.parties[len(before.parties)]
        if pair not in self.between:
            self.between[pair] = self._links(*pair)
        return self.between[pair]

    def _links(self, one: int, other: int) -> tuple[Mode, ...]:
        groups = {"owner": self.options.owner_group, "address": self.options.address_group}
        shared, modes = self.options.shared, []
        for name in LINKS:
            group = groups[name]
            if group is not None and group[one] == group[other] >= 0:
                modes.append(Mode(name, ALWAYS if shared is None else shared(one, other, name)))
        return tuple(sorted(modes, key=lambda mode: self.weights.of(mode.name)))

    def _reached(self, hops: list[Ints]) -> list[Ints]:
        """Without the transfers that none of the hop before can lead to."""
        kept = hops[:1]
        for at in hops[1:]:
            first = np.sort(self.days.arrived[kept[-1]] + self.options.dwell_min)
            last = np.sort(self.days.arrived_last[kept[-1]] + self.options.dwell_max)
            left = self.days.departed[at]
            open_ = np.searchsorted(first, left, "right") - np.searchsorted(last, left, "left")
            kept.append(at[open_ > 0])
        return kept

    def _last(self, hops: list[Ints]) -> _Layer:
        most = 1
        for at in hops:
            most *= max(len(at), 1)
        ways = np.ones(len(hops[-1]), np.int64 if most < MACHINE else object)
        return _Layer(hops[-1], ways, self.frontier.bounds.end[hops[-1]], None)

    def _layer(self, at: Ints, after: _Layer, jump: str) -> _Layer:
        """The transfers of `at` that lead to the hop after, with what they lead to."""
        value = self.frontier.bounds.onward[after.at] + after.weight
        by_day = np.argsort(self.days.departed[after.at], kind="stable")
        first, last = self._window(at)
        left = self.days.departed[after.at[by_day]]
        lo, hi = np.searchsorted(left, first, "left"), np.searchsorted(left, last, "right")
        at, lo, hi = at[lo < hi], lo[lo < hi], hi[lo < hi]
        prefix = np.concatenate((np.zeros(1, after.ways.dtype), np.cumsum(after.ways[by_day])))
        days = np.lexsort((self.rows[after.at], self.days.arrived[after.at], self.days.departed[after.at]))
        rank = _inverse(days[np.argsort(-value[days], kind="stable")])
        choice = _first_in_range(rank, by_day, lo, hi)
        if self.options.headings:
            choice, weight = self._cheaper(at, after, (value, rank, _inverse(days), choice), jump)
        else:
            weight = value[choice] - self.weights.of(jump or "strict")
        return _Layer(at, prefix[hi] - prefix[lo], weight, choice)

    def _window(self, at: Ints) -> tuple[Longs, Longs]:
        """First and last day on which what follows may have departed."""
        lo = self.days.arrived[at] + self.options.dwell_min
        return lo, self.days.arrived_last[at] + self.options.dwell_max

    def _cheaper(
        self, at: Ints, after: _Layer, ranked: tuple[Floats, Longs, Longs, Longs], jump: str
    ) -> tuple[Longs, Floats]:
        """The best continuation where goods may change their code at a price."""
        value, rank, days, loose = ranked
        key = self._item_day(after.at, self.days.departed[after.at])
        order = np.argsort(key, kind="stable")
        first, last = self._window(at)
        lo = np.searchsorted(key[order], self._item_day(at, first), "left")
        hi = np.searchsorted(key[order], self._item_day(at, last), "right")
        same = _first_in_range(rank, order, lo, hi)
        there = lo < hi
        kept = np.where(there, value[same] - self.weights.of(jump or "strict"), NEVER)
        relabelled = value[loose] - self.weights.of(f"{jump}+relabel" if jump else "relabel")
        take = (kept > relabelled) | (there & (kept == relabelled) & (days[same] <= days[loose]))
        return np.where(take, same, loose), np.maximum(kept, relabelled)

    def _item_day(self, at: Ints, day: Longs) -> Longs:
        """Goods and day as one number; days beyond the calendar stay with their goods."""
        return self.frontier.item[at].astype(np.int64) * 2**34 + np.clip(day + 2**31, 0, 2**34 - 1)

    def _best(self, layers: list[_Layer]) -> list[int]:
        first = layers[0]
        weight = self.frontier.bounds.start[first.at] + first.weight
        ties = np.flatnonzero(weight == weight.max())
        at = first.at[ties]
        place = int(ties[np.lexsort((self.rows[at], self.days.arrived[at], self.days.departed[at]))[0]])
        route = []
        for layer in layers:
            route.append(int(layer.at[place]))
            if layer.onto is not None:
                place = int(layer.onto[place])
        return route

    def _names(self, best: list[int], jumps: list[str]) -> tuple[str, ...]:
        return tuple(self._name(*pair, jump) for pair, jump in zip(pairwise(best), jumps, strict=True))

    def _name(self, before: int, after: int, jump: str) -> str:
        item = self.frontier.item
        parts = [jump] * bool(jump) + ["relabel"] * bool(item[before] != item[after])
        return "+".join(parts) or "strict"

    def _weight(self, best: list[int], names: tuple[str, ...]) -> float:
        bounds = self.frontier.bounds
        total = float(bounds.start[best[0]])
        for transfer, name in zip(best[1:], names, strict=True):
            total += float(bounds.onward[transfer]) - self.weights.of(name)
        return total + float(bounds.end[best[-1]])


def _inverse(order: Longs) -> Longs:
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places


def _first_in_range(rank: Longs, order: Longs, lo: Longs, hi: Longs) -> Longs:
    """For each range over `order` the entry of the lowest rank (any where the range is empty)."""
    lowest = np.full(len(lo), NEVER)
    relation = Relation(None, lo.astype(np.int32), hi.astype(np.int32))
    raise_to_maxima(relation, -rank[order].astype(np.float64), 0.0, lowest)
    by_rank = np.empty(len(rank), np.int64)
    by_rank[rank] = np.arange(len(rank))
    return by_rank[np.where(lowest > NEVER, -lowest, 0).astype(np.int64)]
