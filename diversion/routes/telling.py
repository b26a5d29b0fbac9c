"""What a corridor tells: its transfers a hop, its number of routes, its best route."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.routes.best import NEVER, Weights, raise_to_maxima
from diversion.routes.frontier import Frontier, State
from diversion.routes.ranges import Relation
from diversion.routes.transfers import Floats, Ints

MACHINE = 2**62
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Corridor:
    """All routes through the same parties in the same way with the same goods.

    `parties` index `Transfers.party_ids`; where a party stood in, both stand there, receiver first.
    `item` is the HS6 of the first transfer. `hops` holds, a hop, the transfers (ascending) that take part
    in at least one complete route, `routes` how many sequences of them there are. `best` is the route of
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
    """Tells the corridors of a search."""

    def __init__(self, frontier: Frontier, weights: Weights) -> None:
        self.frontier, self.weights = frontier, weights
        projection = frontier.field.projection
        self.rows, transfers = projection.rows, projection.transfers
        self.departed = transfers.departed[self.rows].astype(np.int64)
        self.arrived = transfers.arrived[self.rows].astype(np.int64)
        self.options = projection.options

    def tell(self, state: State) -> Corridor:
        """The corridor of a state, all of whose transfers that are terminal end a route."""
        chain = state.chain()
        layers = [self._last(chain)]
        for hop in range(len(chain) - 2, -1, -1):
            layers.insert(0, self._layer(chain[hop].at, layers[0], self._jump(chain[hop], chain[hop + 1])))
        best = self._best(layers)
        names = tuple(
            self._name(before, after, self._jump(chain[i], chain[i + 1]))
            for i, (before, after) in enumerate(pairwise(best))
        )
        return Corridor(
            parties=state.parties,
            item=state.item,
            hops=tuple(np.sort(self.rows[layer.at]) for layer in layers),
            routes=int(layers[0].ways.sum()),
            best=tuple(int(self.rows[e]) for e in best),
            relations=names,
            weight=self._weight(best, names),
        )

    def _last(self, chain: list[State]) -> _Layer:
        at = chain[-1].at[self.frontier.field.terminal[chain[-1].at]]
        most = 1
        for state in chain:
            most *= len(state.at)
        ways = np.ones(len(at), np.int64 if most < MACHINE else object)
        return _Layer(at, ways, self.frontier.bounds.end[at], None)

    def _jump(self, before: State, after: State) -> str:
        """The cheaper of the groups that let the one party stand in for the other; empty without a jump."""
        if not after.jumped:
            return ""
        pair = before.parties[-1], after.parties[len(before.parties)]
        names = [
            name
            for name, group in (("owner", self.options.owner_group), ("address", self.options.address_group))
            if group is not None and group[pair[0]] == group[pair[1]] >= 0
        ]
        return min(names, key=self.weights.of)

    def _layer(self, at: Ints, after: _Layer, jump: str) -> _Layer:
        """The transfers of `at` that lead to the hop after, with what they lead to."""
        at = at[self.frontier.field.goes_on[at]]
        value = self.frontier.bounds.onward[after.at] + after.weight
        by_day = np.argsort(self.departed[after.at], kind="stable")
        lo, hi = self._window(at, self.departed[after.at[by_day]])
        at, lo, hi = at[lo < hi], lo[lo < hi], hi[lo < hi]
        prefix = np.concatenate((np.zeros(1, after.ways.dtype), np.cumsum(after.ways[by_day])))
        days = np.lexsort((self.rows[after.at], self.arrived[after.at], self.departed[after.at]))
        rank = _inverse(days[np.argsort(-value[days], kind="stable")])
        choice = _first_in_range(rank, by_day, lo, hi)
        if self.options.headings:
            choice, weight = self._cheaper(at, after, (value, rank, _inverse(days), choice), jump)
        else:
            weight = value[choice] - self.weights.of(jump or "strict")
        return _Layer(at, prefix[hi] - prefix[lo], weight, choice)

    def _window(self, at: Ints, days: Longs) -> tuple[Longs, Longs]:
        arrived = self.arrived[at]
        lo = np.searchsorted(days, arrived + self.options.dwell_min, "left")
        return lo, np.searchsorted(days, arrived + self.options.dwell_max, "right")

    def _cheaper(
        self, at: Ints, after: _Layer, ranked: tuple[Floats, Longs, Longs, Longs], jump: str
    ) -> tuple[Longs, Floats]:
        """The best continuation where goods may change their code at a price."""
        value, rank, days, loose = ranked
        key = self._item_day(after.at, self.departed[after.at])
        order = np.argsort(key, kind="stable")
        arrived = self.arrived[at]
        lo = np.searchsorted(key[order], self._item_day(at, arrived + self.options.dwell_min), "left")
        hi = np.searchsorted(key[order], self._item_day(at, arrived + self.options.dwell_max), "right")
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
        place = int(ties[np.lexsort((self.rows[at], self.arrived[at], self.departed[at]))[0]])
        route = []
        for layer in layers:
            route.append(int(layer.at[place]))
            if layer.onto is not None:
                place = int(layer.onto[place])
        return route

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
