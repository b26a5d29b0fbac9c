"""What a corridor tells: its transfers a hop, its number of routes, its best route."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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
STOOD_IN = ("owner", "address", "possibly-same")


@dataclass(frozen=True)
class Corridor:
    """All routes through the same parties in the same way with the same goods.

    `parties` index `Transfers.party_ids`; where a party stood in, both stand there, receiver first.
    `item` is the HS6 of the first transfer. `hops` holds, a hop, the transfers (ascending) that take part
    in at least one complete route, `routes` how many sequences of them there are: those for which one
    assignment of days suits all transfers and, where a party stood in, the link was in force both on the
    arrival before and on the departure after. `best` is the route of
    the highest weight, then hop by hop with the earliest departure, the earliest arrival and the first id;
    `relations` names each of its continuations by what it costs least: `strict`, `relabel`, `disguise`, or
    one of `owner`, `address` and `possibly-same`, to which `+relabel` may be added. `weight` is the upper
    bound of its score.
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
            if relation.startswith(STOOD_IN):
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


@dataclass(frozen=True)
class _Along:
    """What each transfer of a hop leads to; `days` ranks the hop after by day and id."""

    at: Ints
    ways: npt.NDArray[Any]
    weight: Floats
    choice: Longs
    days: Longs


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
        names = ("strict", "disguise", *STOOD_IN)
        prices = {n: weights.of(n) for name in names for n in (name, relabelled(name))}
        self.further = frontier.field.further if frontier.field.arcs is not None else None
        self.group = self._groups()
        self.prices = Prices(
            bounds.start, bounds.onward, bounds.end, frontier.item, self.rows, prices, self.group
        )
        self.between: dict[tuple[int, int], tuple[Mode, ...]] = {}

    def _groups(self) -> Longs:
        """Goods that may go on as one another, by number: with disguises those at one hop may be several."""
        if self.further is None:
            return np.zeros(len(self.rows), np.int64)
        hs6 = self.frontier.field.projection.transfers.hs6
        codes = [str(code)[:4] if self.options.headings else str(code) for code in hs6]
        found: Longs = np.unique(np.array(codes, object), return_inverse=True)[1][self.frontier.item]
        return found

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
        return self._corridor(state, found.hops, found.routes, (found.best, found.modes))

    def _told(self, state: State, sifted: Sifted) -> Corridor | None:
        """Where the order of the days alone decides."""
        hops = self._reached(sifted) if self.loose or sifted.loosely else sifted.hops
        if not all(map(len, hops)):
            return None
        layers = [self._last(hops)]
        for at, modes in zip(reversed(hops[:-1]), reversed(sifted.modes), strict=True):
            layers.insert(0, self._layer(at, layers[0], modes))
            if not len(layers[0].at):
                return None
        best, routes = self._best(layers), int(layers[0].ways.sum())
        modes = [self._taken(*pair, ways) for pair, ways in zip(pairwise(best), sifted.modes, strict=True)]
        return self._corridor(state, [layer.at for layer in layers], routes, (best, modes))

    def _corridor(
        self, state: State, hops: list[Ints], routes: int, best: tuple[list[int], list[Mode]]
    ) -> Corridor:
        names = [self._name(*pair, mode) for pair, mode in zip(pairwise(best[0]), best[1], strict=True)]
        return Corridor(
            parties=state.parties,
            item=state.item,
            hops=tuple(np.sort(self.rows[at]) for at in hops),
            routes=routes,
            best=tuple(int(self.rows[e]) for e in best[0]),
            relations=tuple(names),
            weight=self._weight(best[0], names, [mode.less for mode in best[1]]),
        )

    def _modes(self, before: State, after: State) -> tuple[Mode, ...]:
        """The ways from hop to hop, cheapest first: groups that let one stand in for another, and when."""
        if not after.jumped:
            return self.stayed
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
        if self.further is not None and (less := self.further.between(one, other)) is not None:
            modes.append(Mode("possibly-same", less=less))
        return tuple(sorted(modes, key=lambda mode: self.weights.of(mode.name) + mode.less))

    @cached_property
    def stayed(self) -> tuple[Mode, ...]:
        """The ways on at one party."""
        arcs = self.frontier.field.arcs
        if self.further is None or arcs is None:
            return (Mode("strict"),)
        return Mode("strict"), Mode("disguise", wait=self.further.wait, pairs=arcs.pairs)

    def _reached(self, sifted: Sifted) -> list[Ints]:
        """Without the transfers that none of the hop before can lead to."""
        kept = sifted.hops[:1]
        for at, modes in zip(sifted.hops[1:], sifted.modes, strict=True):
            first, last = (np.sort(self._coded(kept[-1], day)) for day in self._window(kept[-1]))
            left = self._coded(at, self.days.departed[at])
            open_ = np.searchsorted(first, left, "right") > np.searchsorted(last, left, "left")
            for mode in modes[1:]:
                if mode.pairs is not None:
                    open_[mode.pairs(kept[-1], at)[1]] = True
            kept.append(at[open_])
        return kept

    def _last(self, hops: list[Ints]) -> _Layer:
        most = 1
        for at in hops:
            most *= max(len(at), 1)
        ways = np.ones(len(hops[-1]), np.int64 if most < MACHINE else object)
        return _Layer(hops[-1], ways, self.frontier.bounds.end[hops[-1]], None)

    def _layer(self, at: Ints, after: _Layer, modes: tuple[Mode, ...]) -> _Layer:
        """The transfers of `at` that lead to the hop after, with what they lead to."""
        along = self._along(at, after, modes[0])
        for mode in modes[1:]:
            along = self._disguised(along, after, mode)
        some = along.ways > 0
        return _Layer(at[some], along.ways[some], along.weight[some], along.choice[some])

    def _disguised(self, along: _Along, after: _Layer, mode: Mode) -> _Along:
        """With what goes on in disguise."""
        assert mode.pairs is not None
        place, onto = mode.pairs(along.at, after.at)
        if not len(place):
            return along
        ways, weight, choice = along.ways.copy(), along.weight.copy(), along.choice.copy()
        np.add.at(ways, place, after.ways[onto])
        value = self.frontier.bounds.onward[after.at] + after.weight
        price = self.weights.of("disguise")
        order = np.lexsort((along.days[onto], -value[onto], place))
        first = order[np.diff(place[order], prepend=-1) > 0]
        place, onto = place[first], onto[first]
        found = value[onto] - price
        earlier = along.days[onto] < along.days[choice[place]]
        take = (found > weight[place]) | ((found == weight[place]) & earlier)
        weight[place[take]], choice[place[take]] = found[take], onto[take]
        return _Along(along.at, ways, weight, choice, along.days)

    def _along(self, at: Ints, after: _Layer, mode: Mode) -> _Along:
        """What may follow by its range of days."""
        value = self.frontier.bounds.onward[after.at] + after.weight
        coded = self._coded(after.at, self.days.departed[after.at])
        by_day = np.argsort(coded, kind="stable")
        first, last = (self._coded(at, day) for day in self._window(at))
        lo = np.searchsorted(coded[by_day], first, "left")
        hi = np.maximum(np.searchsorted(coded[by_day], last, "right"), lo)
        prefix = np.concatenate((np.zeros(1, after.ways.dtype), np.cumsum(after.ways[by_day])))
        days = np.lexsort((self.rows[after.at], self.days.arrived[after.at], self.days.departed[after.at]))
        rank = _inverse(days[np.argsort(-value[days], kind="stable")])
        choice = _first_in_range(rank, by_day, lo, hi)
        if self.options.headings:
            choice, weight = self._cheaper(at, after, (value, rank, _inverse(days), choice), mode)
        else:
            weight = value[choice] - self._price(mode.name, mode)
        weight = np.where(lo < hi, weight, NEVER)
        return _Along(at, prefix[hi] - prefix[lo], weight, choice, _inverse(days))

    def _price(self, name: str, mode: Mode) -> float:
        return self.weights.of(name) + mode.less

    def _window(self, at: Ints) -> tuple[Longs, Longs]:
        """First and last day on which what follows may have departed."""
        lo = self.days.arrived[at] + self.options.dwell_min
        return lo, self.days.arrived_last[at] + self.options.dwell_max

    def _cheaper(
        self, at: Ints, after: _Layer, ranked: tuple[Floats, Longs, Longs, Longs], mode: Mode
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
        kept = np.where(there, value[same] - self._price(mode.name, mode), NEVER)
        changed = value[loose] - self._price(relabelled(mode.name), mode)
        take = (kept > changed) | (there & (kept == changed) & (days[same] <= days[loose]))
        return np.where(take, same, loose), np.maximum(kept, changed)

    def _item_day(self, at: Ints, day: Longs) -> Longs:
        """Goods and day as one number; days beyond the calendar stay with their goods."""
        return _numbered(self.frontier.item[at].astype(np.int64), day)

    def _coded(self, at: Ints, day: Longs) -> Longs:
        """The same for goods that may go on as one another."""
        return _numbered(self.group[at], day)

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

    def _taken(self, before: int, after: int, modes: tuple[Mode, ...]) -> Mode:
        """By which of the ways two transfers follow one another: between groups only in disguise."""
        return modes[-1 if self.group[before] != self.group[after] else 0]

    def _name(self, before: int, after: int, mode: Mode) -> str:
        item = self.frontier.item
        changed = item[before] != item[after] and mode.pairs is None
        return relabelled(mode.name) if changed else mode.name

    def _weight(self, best: list[int], names: list[str], less: list[float]) -> float:
        bounds = self.frontier.bounds
        total = float(bounds.start[best[0]])
        for transfer, name, further in zip(best[1:], names, less, strict=True):
            total += float(bounds.onward[transfer]) - (self.weights.of(name) + further)
        return total + float(bounds.end[best[-1]])


def _numbered(group: Longs, day: Longs) -> Longs:
    return group * 2**34 + np.clip(day + 2**31, 0, 2**34 - 1)


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
