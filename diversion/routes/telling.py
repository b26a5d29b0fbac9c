"""What a corridor tells: its transfers a hop, its number of routes, its best route."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from diversion.routes.assigning import Prices, assign
from diversion.routes.best import Weights
from diversion.routes.frontier import Frontier, State
from diversion.routes.layers import Layers
from diversion.routes.links import ALWAYS, LINKS, Days, Longs, Mode, Sifted, relabelled, sift
from diversion.routes.transfers import Ints

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
        arcs = frontier.field.arcs
        self.loose = projection.widened is not None or (arcs is not None and arcs.widened)
        names = ("strict", "disguise", *STOOD_IN)
        prices = {n: weights.of(n) for name in names for n in (name, relabelled(name))}
        self.further = frontier.field.further if frontier.field.arcs is not None else None
        self.group = self._groups()
        self.prices = Prices(
            bounds.start, bounds.onward, bounds.end, frontier.item, self.rows, prices, self.group
        )
        self.layers = Layers(frontier, weights, self.days, self.group)
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
        hops = self.layers.reached(sifted) if self.loose or sifted.loosely else sifted.hops
        if not all(map(len, hops)):
            return None
        layers = [self.layers.last(hops)]
        for at, modes in zip(reversed(hops[:-1]), reversed(sifted.modes), strict=True):
            layers.insert(0, self.layers.layer(at, layers[0], modes))
            if not len(layers[0].at):
                return None
        best, routes = self.layers.best(layers), int(layers[0].ways.sum())
        taken = [self._taken(*pair, ways) for pair, ways in zip(pairwise(best), sifted.modes, strict=True)]
        return self._corridor(state, [layer.at for layer in layers], routes, (best, taken))

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
