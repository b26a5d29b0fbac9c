"""Routes of a corridor where not only its shipments' order decides: days known to a span, dated links.

Backward over the hops. What a route from a transfer on leaves open is the latest day on which that transfer
can have departed, and nothing else: its departure may be any day from its first to that one, because goods
that left earlier can have arrived as late. So (transfer, latest departure) is the state of a dynamic
programme over difference constraints along a chain (Dechter, Meiri and Pearl, 1991), and each sequence of
transfers has one state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.routes.arcs import joined
from diversion.routes.links import Days, Longs, Mode, relabelled
from diversion.routes.ordering import alike, distinct, find, inverse, ranks
from diversion.routes.transfers import Flags, Floats, Ints

AT_ONCE = 2**21
"""Pairs of transfers looked at together, which bounds the memory."""
NEVER = -(2**62)
ORDER = ("strict", "owner", "address", "possibly-same", "disguise")


@dataclass(frozen=True)
class Prices:
    """What the search knows of its transfers, by index: weights, goods and rows, and what a break costs.

    `group` numbers goods that may go on as one another; others follow only in disguise.
    """

    start: Floats
    onward: Floats
    end: Floats
    item: Ints
    rows: Ints
    of: Mapping[str, float]
    group: Longs


@dataclass(frozen=True)
class Layer:
    """States of one hop, ascending by transfer and latest departure.

    `place` is the position among the transfers of the hop, `ways` how many sequences lead on from it,
    `weight` the best of them, `onto` the state that it enters and `mode` how. `trail` ranks the transfers of
    the best ones by day and id, `manner` the ways between their hops.
    """

    at: Ints
    place: Longs
    latest: Longs
    ways: npt.NDArray[Any]
    weight: Floats
    onto: Longs
    mode: Longs
    trail: Longs
    manner: Longs


@dataclass(frozen=True)
class Assigned:
    """Transfers a hop that take part, number of routes, the best route and the ways between its hops."""

    hops: list[Ints]
    routes: int
    best: list[int]
    modes: list[Mode]


def assign(hops: list[Ints], between: list[tuple[Mode, ...]], days: Days, prices: Prices) -> Assigned | None:
    """The routes for which one assignment of days suits every transfer and every link; None without any.

    Transfers of the same days and goods are looked at together (`alike`), so that the cost is that of the
    pairs of different days, some 20 ns each, and n log n in the transfers.
    """
    most = 1
    for at in hops:
        most *= max(len(at), 1)
    solver = _Solver(days, prices, np.dtype(np.int64 if most < 2**62 else object))
    layers, steps = [solver.last(hops[-1])], list[_Step]()
    for at, modes in zip(reversed(hops[:-1]), reversed(between), strict=True):
        layer, step = solver.layer(at, modes, layers[0])
        layers.insert(0, layer)
        steps.insert(0, step)
        if not len(layer.at):
            return None
    taken = solver.taken(layers, steps)
    best, ways = solver.best(layers, between)
    return Assigned(taken, int(layers[0].ways.sum()), best, ways)


@dataclass(frozen=True)
class _Step:
    """What `layer` looked at together: how it came from classes of transfers to classes of states, and back.

    `states` are place and latest departure of the states of classes, `row` which of them each state of the
    layer is, `at` a transfer of each class, `after` the classes of the layer after and `of` each state's.
    """

    states: tuple[Longs, Longs]
    row: Longs
    at: Ints
    modes: tuple[Mode, ...]
    after: Layer
    of: Longs


class _Solver:
    def __init__(self, days: Days, prices: Prices, counts: np.dtype[Any]) -> None:
        self.days, self.prices, self.counts = days, prices, counts

    def last(self, at: Ints) -> Layer:
        latest = np.minimum(self.days.departed[at], self.days.arrived_last[at])
        can = latest >= self.days.departed_first[at]
        at, latest = at[can], latest[can]
        nothing = np.zeros(len(at), np.int64)
        return Layer(
            at=at,
            place=np.arange(len(at)),
            latest=latest,
            ways=np.ones(len(at), self.counts),
            weight=self.prices.end[at],
            onto=nothing,
            mode=nothing,
            trail=self._trail(at, nothing),
            manner=nothing,
        )

    def layer(self, at: Ints, modes: tuple[Mode, ...], after: Layer) -> tuple[Layer, _Step]:
        """The states of `at` that lead to a state of the hop after."""
        among, entered = self._disguised(at, after.at, modes)
        first, kind = alike(self._columns(at, among))
        few, representative, of = self._classes(after, entered)
        parts = [self._part(at[first], modes, few, arcs) for arcs in self._arcs(at[first], modes, few)]
        nothing = np.zeros(0, np.int64)
        empty = (nothing, nothing, np.zeros(0, self.counts), np.zeros(0), nothing, nothing)
        found, *columns = (np.concatenate(c) for c in zip(empty, *parts, strict=True))
        row, place = joined(found.astype(np.int32), kind.astype(np.int32))
        latest, ways, weight, onto, mode = (column[row] for column in columns)
        onto, mode = representative[onto.astype(np.int64)], mode.astype(np.int64)
        step = _Step((found, columns[0]), row, at[first], modes, few, of)
        return self._made(at, after, (place, latest, ways, weight, onto, mode), modes), step

    def _made(self, at: Ints, after: Layer, columns: tuple[Any, ...], modes: tuple[Mode, ...]) -> Layer:
        place, latest, ways, weight, onto, mode = columns
        return Layer(
            at=at[place],
            place=place,
            latest=latest,
            ways=ways,
            weight=weight,
            onto=onto,
            mode=mode,
            trail=self._trail(at[place], after.trail[onto]),
            manner=ranks(_order(modes)[mode], after.manner[onto]),
        )

    def _columns(self, at: Ints, own: Flags) -> tuple[npt.NDArray[Any], ...]:
        """What decides on how a transfer goes on. One that goes on in disguise is like no other."""
        days = self.days
        spans = (days.departed_first[at], days.departed[at], days.arrived[at], days.arrived_last[at])
        return (self.prices.item[at], *spans, np.where(own, at, -1))

    def _classes(self, layer: Layer, own: Flags) -> tuple[Layer, Longs, Longs]:
        """States of the same goods, first and latest departure as one: the best of them, and all their ways.

        With it the state of each class that stands for it, and the class of each state.
        """
        days, at = self.days, layer.at
        order = np.lexsort((layer.manner, layer.trail, -(self.prices.onward[at] + layer.weight)))
        columns = (self.prices.item[at], days.departed_first[at], layer.latest, np.where(own, at, -1))
        first, of = alike(tuple(column[order] for column in columns))
        first, of = order[first], of[inverse(order)]
        ways = np.zeros(len(first), self.counts)
        np.add.at(ways, of, layer.ways)
        taken = {name: getattr(layer, name)[first] for name in vars(layer)}
        return Layer(**{**taken, "ways": ways}), first, of

    def _disguised(self, at: Ints, after: Ints, modes: tuple[Mode, ...]) -> tuple[Flags, Flags]:
        """Which transfers go on in disguise to those after, and which of these they reach so."""
        among, entered = np.zeros(len(at), bool), np.zeros(len(after), bool)
        for mode in modes:
            if mode.pairs is not None:
                places = mode.pairs(at, after)
                among[places[0]] = entered[places[1]] = True
        return among, entered

    def _arcs(self, at: Ints, modes: tuple[Mode, ...], after: Layer) -> Iterator[tuple[int, list[Longs]]]:
        """Piece by piece: where it begins, and for each way the latest departure from (transfer, state)."""
        step = max(AT_ONCE // max(len(after.at), 1), 1)
        for begin in range(0, len(at), step):
            piece = at[begin : begin + step]
            yield begin, [self._latest(piece, mode, after) for mode in modes]

    def _latest(self, at: Ints, mode: Mode, after: Layer) -> Longs:
        """Latest departure of each transfer that goes on by each state; `NEVER` where it cannot."""
        days = self.days
        low, high = (days.dwell_min, days.dwell_max) if mode.wait is None else mode.wait
        came = np.full((len(at), len(after.at)), NEVER, np.int64)
        for begin, until in mode.spans:
            first = np.maximum(days.departed_first[after.at], begin)
            last = np.minimum(after.latest, until - 1)
            for came_from, came_until in mode.spans:
                lo = np.maximum(days.arrived[at], came_from)[:, None]
                hi = np.minimum(days.arrived_last[at], came_until - 1)[:, None]
                lo, hi = np.maximum(lo, first - high), np.minimum(hi, last - low)
                np.maximum(came, np.where((lo <= hi) & (first <= last), hi, NEVER), out=came)
        latest = np.minimum(came, days.departed[at][:, None])
        latest[~self._allowed(at, mode, after)] = NEVER
        return np.where(latest >= days.departed_first[at][:, None], latest, NEVER)

    def _allowed(self, at: Ints, mode: Mode, after: Layer) -> Flags:
        """Between which transfers goods may go on in that way, whatever the days."""
        if mode.pairs is None:
            return np.asarray(self.prices.group[at][:, None] == self.prices.group[after.at][None, :])
        allowed = np.zeros((len(at), len(after.at)), bool)
        allowed[mode.pairs(at, after.at)] = True
        return allowed

    def _part(
        self, at: Ints, modes: tuple[Mode, ...], after: Layer, arcs: tuple[int, list[Longs]]
    ) -> tuple[Any, ...]:
        """The states of a piece: the best of the arcs into each, and the sum of their ways."""
        begin, latest = arcs
        found = [np.nonzero(days > NEVER) for days in latest]
        place = np.concatenate([i for i, _ in found])
        onto = np.concatenate([s for _, s in found])
        mode = np.repeat(np.arange(len(modes)), [len(i) for i, _ in found])
        day = np.concatenate([days[pair] for days, pair in zip(latest, found, strict=True)])
        value = self._value(at[begin + place], modes, after, (onto, mode))
        manner = ranks(_order(modes)[mode], after.manner[onto])
        order = np.lexsort((manner, after.trail[onto], -value, day, place))
        new = np.ones(len(order), bool)
        new[1:] = (np.diff(place[order]) != 0) | (np.diff(day[order]) != 0)
        best = order[new]
        ways = self._ways(after, latest, (place[best], day[best]))
        return begin + place[best], day[best], ways, value[best], onto[best], mode[best]

    def _value(self, at: Ints, modes: tuple[Mode, ...], after: Layer, arc: tuple[Longs, Longs]) -> Floats:
        onto, mode = arc
        entered = after.at[onto]
        kept = self.prices.item[at] == self.prices.item[entered]
        same = np.array([self.prices.of[m.name] + m.less for m in modes])
        other = np.array([self.prices.of[relabelled(m.name)] + m.less for m in modes])
        value = self.prices.onward[entered] + after.weight[onto]
        return np.asarray(value - np.where(kept, same[mode], other[mode]), np.float64)

    def _ways(self, after: Layer, latest: list[Longs], states: tuple[Longs, Longs]) -> npt.NDArray[Any]:
        """A sequence counts once, at the latest departure that any way allows it."""
        day = np.maximum.reduce(latest)
        place, onto = np.nonzero(day > NEVER)
        which = find(states, (place, day[place, onto]))
        ways = np.zeros(len(states[0]), self.counts)
        np.add.at(ways, which, after.ways[onto])
        return ways

    def taken(self, layers: list[Layer], steps: list[_Step]) -> list[Ints]:
        """The transfers of each hop that stand on some whole route."""
        live = layers[0].ways > 0
        found = [distinct(layers[0].at[live])]
        for after, step in zip(layers[1:], steps, strict=True):
            going = np.zeros(len(step.states[0]), bool)
            going[step.row[live.astype(bool)]] = True
            reached = np.zeros(len(step.after.at), bool)
            for begin, latest in self._arcs(step.at, step.modes, step.after):
                day = np.maximum.reduce(latest)
                place, onto = np.nonzero(day > NEVER)
                which = find(step.states, (begin + place, day[place, onto]))
                reached[onto[going[which]]] = True
            live = reached[step.of]
            found.append(distinct(after.at[live]))
        return found

    def best(self, layers: list[Layer], between: list[tuple[Mode, ...]]) -> tuple[list[int], list[Mode]]:
        """The best route and the ways between its hops."""
        first = layers[0]
        weight = self.prices.start[first.at] + first.weight
        state = int(np.lexsort((first.manner, first.trail, -weight))[0])
        route, ways = [], []
        for i, layer in enumerate(layers):
            route.append(int(layer.at[state]))
            if i < len(between):
                ways.append(between[i][int(layer.mode[state])])
                state = int(layer.onto[state])
        return route, ways

    def _trail(self, at: Ints, onward: Longs) -> Longs:
        days = self.days
        return ranks(days.departed[at], days.arrived[at], self.prices.rows[at], onward)


def _order(modes: tuple[Mode, ...]) -> Longs:
    """Of ways at one price which is named first, whatever each costs."""
    return np.array([ORDER.index(mode.name) for mode in modes], np.int64)
