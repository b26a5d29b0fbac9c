"""How a projection is made: one sort a relation and side, then one merge."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from diversion.routes import radix
from diversion.routes.keeping import Arrays, Shelf, digest_of
from diversion.routes.kernels import merge
from diversion.routes.radix import Counts
from diversion.routes.ranges import Projection, ProjectionOptions, Relation
from diversion.routes.sides import Key, Sides
from diversion.routes.sorting import parts, share, sort, spread, taken
from diversion.routes.transfers import Flags, Ints, Transfers

COLUMNS = ("src", "dst", "item", "departed", "arrived", "departed_first", "arrived_last")
Longs = npt.NDArray[np.int64]


class Builder:
    """Sorts the transfers once a relation and side, and merges both sides to ranges.

    With a shelf, what was made before from the same columns is taken from there: sorts, which depend on
    the transfers and the groups, and ranges, which also depend on the dwell. `among` are the rows to sort
    where only these are asked for, ascending; their ranges are those that they have among all.
    """

    def __init__(
        self,
        transfers: Transfers,
        options: ProjectionOptions,
        shelf: Shelf | None = None,
        among: Ints | None = None,
    ) -> None:
        self.transfers, self.options = transfers, options
        keeps = shelf is not None and among is None and len(transfers) >= shelf.least
        self.shelf = shelf if keeps else None
        self.parties = len(transfers.party_ids)
        self.hs6 = np.arange(len(transfers.hs6), dtype=np.int32)
        heads = np.array([str(code)[:4] for code in transfers.hs6], dtype=object)
        self.hs4 = np.unique(heads, return_inverse=True)[1].astype(np.int32)
        self.columns = {name: _plain(getattr(transfers, name)) for name in COLUMNS}
        self.rows = self._rows()
        departures, arrivals = (
            _extremes(self.rows, self.columns[first], self.columns[last])
            for first, last in (("departed_first", "departed"), ("arrived", "arrived_last"))
        )
        days = [
            _extremes(self.rows, self.columns[name], self.columns[name]) for name in ("departed", "arrived")
        ]
        self.base = min(low for low, _, _ in days)
        self.width = max((max(high for _, high, _ in days) - self.base).bit_length(), 1)
        self.slack = departures[2] + arrivals[2]
        self.vague = self._vague() if self.slack else None
        if among is not None:
            self.rows = among
        self.data = "" if self.shelf is None else self._digest()

    def _vague(self) -> tuple[Longs, Longs]:
        """Last day of each arrival, widest span of a departure of each party."""
        rows, columns = self.rows, self.columns
        span = columns["departed"][rows].astype(np.int64) - columns["departed_first"][rows]
        widest = np.zeros(self.parties, np.int64)
        np.maximum.at(widest, columns["src"][rows], span)
        return columns["arrived_last"].astype(np.int64), widest

    def _rows(self) -> Ints:
        """Transfers that a route could hold: between two parties, of goods looked for or their heading."""
        keep = self.columns["src"] != self.columns["dst"]
        wanted = self._wanted()
        if wanted is not None:
            keep &= taken(wanted, self.columns["item"])
        return np.flatnonzero(keep).astype(np.int32)

    def _wanted(self) -> Flags | None:
        """Which items a route could hold; None where all."""
        if self.options.goods is None:
            return None
        wanted = np.asarray(self.options.goods, bool)
        return np.isin(self.hs4, self.hs4[wanted]) if self.options.headings else wanted

    def _digest(self) -> str:
        """Of the transfers that are sorted: what sorts and ranges depend on, groups and dwell apart."""
        wanted = self._wanted()
        goods = np.zeros(0, bool) if wanted is None else wanted
        return digest_of(*self.columns.values(), self.hs4, goods, np.array([self.parties]))

    def build(self) -> Projection:
        """The projection, with every relation that its options ask for."""
        alone = np.arange(self.parties, dtype=np.int32)
        self.order, self.position, first = self._first(Key(alone, self.hs6))
        relations, narrow = {"goods": self._merged(None, first)}, {}
        code = self.hs6
        if self.options.headings:
            code = self.hs4
            relations["heading"] = self._next(Key(alone, code))
        grouped = None
        if self.options.jumps:
            grouped = np.zeros(self.parties, bool)
            for name, label, members in self.groups():
                relations[name] = self._next(Key(label, code, members))
                grouped |= members
                if self.options.headings and name != "both":
                    narrow[name] = self._next(Key(label, self.hs6, members))
            grouped = taken(taken(grouped, self.columns["dst"]), self.order)
        if self.shelf is not None:
            self.shelf.tidy()
        return Projection(
            transfers=self.transfers,
            options=self.options,
            rows=self.order,
            relations=relations,
            jumps_goods=narrow,
            grouped=grouped,
            widened=self._widest(relations, narrow),
            position=self.position,
            slack=self.slack,
        )

    def groups(self) -> Iterator[tuple[str, Ints, Flags]]:
        """Each grouping of jumps: its name, a label a party (−1: of none) and who has one."""
        owner = _labels(self.options.owner_group, self.parties)
        address = _labels(self.options.address_group, self.parties)
        yield "owner", *owner
        yield "address", *address
        both = owner[1] & address[1]
        pairs = owner[0][both].astype(np.int64) * self.parties + address[0][both]
        label = np.full(self.parties, -1, np.int32)
        label[both] = np.unique(pairs, return_inverse=True)[1]
        yield "both", label, both

    def _first(self, key: Key) -> tuple[Ints, Ints, Sides]:
        """The order of the projection, the position of each transfer in it, and both sides."""
        key = self._fitted(key)

        def make() -> Arrays:
            outs, order = self._sorted(key, "src", self.rows)
            position = np.full(len(self.transfers), -1, np.int32)
            spread(radix.place, len(order), order, position)
            ins, asking = self._sorted(key, "dst", self.rows)
            asking = taken(position, asking)
            return {"order": order, "position": position, "outs": outs, "ins": ins, "asking": asking}

        kept = self._kept("sort", key, make)
        sides = Sides(key, self.width, self.base, kept["outs"], kept["ins"], kept["asking"])
        return kept["order"], kept["position"], sides

    def _next(self, key: Key) -> Relation:
        key = self._fitted(key)

        def make() -> Arrays:
            (outs, order), (ins, asking) = (
                self._sorted(key, side, self._members(key, side)) for side in ("src", "dst")
            )
            position = self.position
            return {
                "order": taken(position, order),
                "outs": outs,
                "ins": ins,
                "asking": taken(position, asking),
            }

        kept = self._kept("sort", key, make)
        sides = Sides(key, self.width, self.base, kept["outs"], kept["ins"], kept["asking"])
        return self._merged(kept["order"], sides)

    def _kept(self, what: str, key: Key, make: Callable[[], Arrays], *dwell: int) -> Arrays:
        if self.shelf is None:
            return make()
        members = np.zeros(0, bool) if key.members is None else key.members
        name = digest_of(key.label, key.code, members, np.array([0, *dwell]), text=what + self.data)
        return self.shelf.get_or_make(f"{what}-{name}", make)

    def _merged(self, order: Ints | None, sides: Sides) -> Relation:
        options = self.options
        bounds = self._kept(
            "ranges", sides.key, lambda: self._ranges(sides), options.dwell_min, options.dwell_max
        )
        return Relation(order, bounds["lo"], bounds["hi"], sides, bounds.get("widened"))

    def _ranges(self, sides: Sides) -> Arrays:
        size = len(self.rows)
        bounds = np.zeros(size, np.int32), np.zeros(size, np.int32)
        window = (np.uint64(self.width), np.int64(self.options.dwell_min), np.int64(self.options.dwell_max))
        spread(merge, len(sides.ins), sides.outs, (sides.ins, sides.asking), window, bounds)
        made: Arrays = {"lo": bounds[0], "hi": bounds[1]}
        if self.vague is not None:
            made["widened"] = np.zeros(size, bool)
            bounds[1][sides.asking] = self._widened(sides, made["widened"])
        return made

    def _widened(self, sides: Sides, widened: Flags) -> Ints:
        """Where the ranges end if goods came on the last possible day and what follows left on the first.

        Departures are sorted by the last possible day, so that a range reaches further by the widest span
        of a departure in its group: never too short, and exact where departures are known to the day.
        """
        assert self.vague is not None
        came, label = self.vague[0], sides.key.label
        asking = self.order[sides.asking]
        further = self.widest(label)[label[self.columns["dst"][asking]]]
        widened[sides.asking] = further > 0
        until = came[asking] + further + self.options.dwell_max
        last = np.minimum(until - self.base, (1 << self.width) - 1).astype(np.uint64)
        width = np.uint64(self.width)
        ends = np.searchsorted(sides.outs, ((sides.ins >> width) << width) + last, "right")
        return np.asarray(ends, np.int32)

    def widest(self, label: Ints) -> Longs:
        """The widest span of a departure in each group of parties, in days."""
        found = np.zeros(int(label.max(initial=0)) + 1, np.int64)
        if self.vague is not None:
            np.maximum.at(found, label[label >= 0], self.vague[1][label >= 0])
        return found

    def _widest(self, *relations: dict[str, Relation]) -> Flags | None:
        found = [r.widened for some in relations for r in some.values() if r.widened is not None]
        widened = np.logical_or.reduce(found) if found else np.zeros(0, bool)
        return widened if widened.any() else None

    def _members(self, key: Key, side: str) -> Ints:
        if key.members is None:
            return self.rows
        concerned: Flags = taken(taken(key.members, self.columns[side]), self.rows)
        return self.rows[concerned]

    def _fitted(self, key: Key) -> Key:
        if key.bits(self.width) <= 63:
            return key
        used = np.concatenate([self.columns[side][self.rows] for side in ("src", "dst")])
        return key.fitted(self.width, used, self.columns["item"][self.rows])

    def _sorted(self, key: Key, side: str, rows: Ints) -> tuple[Counts, Ints]:
        day = self.columns["departed" if side == "src" else "arrived"]
        columns = (rows, self.columns[side], self.columns["item"], day)
        shape = (np.uint64(key.codes), np.uint64(self.width), np.int64(self.base))
        keys = np.empty(len(rows), np.uint64)
        spread(radix.pack, len(rows), columns, (key.label, key.code), shape, keys)
        return sort(keys, rows.copy(), key.bits(self.width))


def _plain(column: Ints) -> Ints:
    """The column as the kernels know it: a second type of array would be compiled a second time."""
    return np.require(column, np.int32, ["C", "W"])


def _extremes(rows: Ints, first: Ints, last: Ints) -> tuple[int, int, int]:
    """Least and greatest of two columns over rows, and the widest span between them; nought of no rows."""
    if not len(rows):
        return 0, 0, 0
    pieces = parts(len(rows))
    found = np.zeros((len(pieces), 3), np.int64)
    share([(radix.extremes, a, b, rows, (first, last), found[i]) for i, (a, b) in enumerate(pieces)])
    return int(found[:, 0].min()), int(found[:, 1].max()), int(found[:, 2].max())


def _labels(group: Ints | None, parties: int) -> tuple[Ints, Flags]:
    """A label for every party, −1 for who shares theirs with nobody; and who shares it."""
    if group is None:
        return np.full(parties, -1, np.int32), np.zeros(parties, bool)
    given = np.asarray(group, np.int64)
    if given.max(initial=0) > 4 * parties:
        given = np.where(given < 0, -1, np.unique(given, return_inverse=True)[1])
    size = np.bincount(given[given >= 0], minlength=1)
    members = (given >= 0) & (size[given] > 1)
    return np.where(members, given, -1).astype(np.int32), members
