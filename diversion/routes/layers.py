"""The hops of a corridor told from its end, where the order of the days alone decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.routes.best import NEVER, Weights, raise_to_maxima
from diversion.routes.frontier import Frontier
from diversion.routes.links import Days, Longs, Mode, Sifted, relabelled
from diversion.routes.ordering import inverse
from diversion.routes.ranges import Relation
from diversion.routes.transfers import Floats, Ints

MACHINE = 2**62


@dataclass(frozen=True)
class Layer:
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


class Layers:
    """Makes the layers of corridors; `group` numbers goods that may go on as one another. n log n a hop."""

    def __init__(self, frontier: Frontier, weights: Weights, days: Days, group: Longs) -> None:
        self.frontier, self.weights, self.days, self.group = frontier, weights, days, group
        self.rows, self.options = frontier.field.projection.rows, frontier.field.projection.options

    def reached(self, sifted: Sifted) -> list[Ints]:
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

    def last(self, hops: list[Ints]) -> Layer:
        """The last hop, whose transfers all end a route."""
        most = 1
        for at in hops:
            most *= max(len(at), 1)
        ways = np.ones(len(hops[-1]), np.int64 if most < MACHINE else object)
        return Layer(hops[-1], ways, self.frontier.bounds.end[hops[-1]], None)

    def layer(self, at: Ints, after: Layer, modes: tuple[Mode, ...]) -> Layer:
        """The transfers of `at` that lead to the hop after, with what they lead to."""
        along = self._along(at, after, modes[0])
        for mode in modes[1:]:
            along = self._disguised(along, after, mode)
        some = along.ways > 0
        return Layer(at[some], along.ways[some], along.weight[some], along.choice[some])

    def _disguised(self, along: _Along, after: Layer, mode: Mode) -> _Along:
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

    def _along(self, at: Ints, after: Layer, mode: Mode) -> _Along:
        """What may follow by its range of days."""
        value = self.frontier.bounds.onward[after.at] + after.weight
        coded = self._coded(after.at, self.days.departed[after.at])
        by_day = np.argsort(coded, kind="stable")
        first, last = (self._coded(at, day) for day in self._window(at))
        lo = np.searchsorted(coded[by_day], first, "left")
        hi = np.maximum(np.searchsorted(coded[by_day], last, "right"), lo)
        prefix = np.concatenate((np.zeros(1, after.ways.dtype), np.cumsum(after.ways[by_day])))
        days = np.lexsort((self.rows[after.at], self.days.arrived[after.at], self.days.departed[after.at]))
        rank = inverse(days[np.argsort(-value[days], kind="stable")])
        choice = _first_in_range(rank, by_day, lo, hi)
        if self.options.headings:
            choice, weight = self._cheaper(at, after, (value, rank, inverse(days), choice), mode)
        else:
            weight = value[choice] - self._price(mode.name, mode)
        weight = np.where(lo < hi, weight, NEVER)
        return _Along(at, prefix[hi] - prefix[lo], weight, choice, inverse(days))

    def _price(self, name: str, mode: Mode) -> float:
        return self.weights.of(name) + mode.less

    def _window(self, at: Ints) -> tuple[Longs, Longs]:
        """First and last day on which what follows may have departed."""
        lo = self.days.arrived[at] + self.options.dwell_min
        return lo, self.days.arrived_last[at] + self.options.dwell_max

    def _cheaper(
        self, at: Ints, after: Layer, ranked: tuple[Floats, Longs, Longs, Longs], mode: Mode
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

    def best(self, layers: list[Layer]) -> list[int]:
        """The best route: of the highest weight, then hop by hop the earliest days and the first id."""
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


def _numbered(group: Longs, day: Longs) -> Longs:
    return group * 2**34 + np.clip(day + 2**31, 0, 2**34 - 1)


def _first_in_range(rank: Longs, order: Longs, lo: Longs, hi: Longs) -> Longs:
    """For each range over `order` the entry of the lowest rank (any where the range is empty)."""
    lowest = np.full(len(lo), NEVER)
    relation = Relation(None, lo.astype(np.int32), hi.astype(np.int32))
    raise_to_maxima(relation, -rank[order].astype(np.float64), 0.0, lowest)
    by_rank = np.empty(len(rank), np.int64)
    by_rank[rank] = np.arange(len(rank))
    return by_rank[np.where(lowest > NEVER, -lowest, 0).astype(np.int64)]
