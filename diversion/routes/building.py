"""How a projection is made: one sort a relation and side, then one merge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diversion.errors import UsageError
from diversion.routes import kernels
from diversion.routes.kernels import Counts
from diversion.routes.ranges import Projection, ProjectionOptions, Relation
from diversion.routes.sorting import sort, spread
from diversion.routes.transfers import Flags, Ints, Transfers


@dataclass(frozen=True)
class _Key:
    """How a relation groups: a label of each party and a code of each item; whom it concerns."""

    label: Ints
    code: Ints
    members: Flags | None = None


class Builder:
    """Sorts the transfers once a relation and side, and merges both sides to ranges."""

    def __init__(self, transfers: Transfers, options: ProjectionOptions) -> None:
        self.transfers, self.options = transfers, options
        self.parties = len(transfers.party_ids)
        self.hs6 = np.arange(len(transfers.hs6), dtype=np.int32)
        heads = np.array([str(code)[:4] for code in transfers.hs6], dtype=object)
        self.hs4 = np.unique(heads, return_inverse=True)[1].astype(np.int32)
        self.rows = self._rows()
        names = ("src", "dst", "item", "departed", "arrived")
        self.columns = {name: _plain(getattr(transfers, name)) for name in names}
        days = [
            self.columns[name][self.rows] if len(self.rows) else np.zeros(1, np.int32) for name in names[3:]
        ]
        self.base = min(int(d.min()) for d in days)
        self.width = max(int(max(int(d.max()) for d in days) - self.base).bit_length(), 1)
        self.vague = self._vague()
        self.widened = np.zeros(len(self.rows), bool)

    def _vague(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
        """Last day of each arrival, widest span of a departure of each party; None where all are exact."""
        t, rows = self.transfers, self.rows
        came = t.arrived_last.astype(np.int64)
        span = t.departed[rows].astype(np.int64) - t.departed_first[rows]
        if not span.any() and not (came[rows] != t.arrived[rows]).any():
            return None
        widest = np.zeros(self.parties, np.int64)
        np.maximum.at(widest, t.src[rows], span)
        return came, widest

    def _rows(self) -> Ints:
        """Transfers that a route could hold: between two parties, of goods looked for or their heading."""
        keep = self.transfers.src != self.transfers.dst
        if self.options.goods is not None:
            wanted = np.asarray(self.options.goods, bool)
            if self.options.headings:
                wanted = np.isin(self.hs4, self.hs4[wanted])
            keep &= wanted[self.transfers.item]
        return np.flatnonzero(keep).astype(np.int32)

    def build(self) -> Projection:
        """The projection, with every relation that its options ask for."""
        alone = np.arange(self.parties, dtype=np.int32)
        goods, order = self._first(_Key(alone, self.hs6))
        relations, narrow = {"goods": goods}, {}
        code = self.hs6
        if self.options.headings:
            code = self.hs4
            relations["heading"] = self._next(_Key(alone, code))
        grouped = None
        if self.options.jumps:
            grouped = np.zeros(self.parties, bool)
            for name, label, members in self._groups():
                relations[name] = self._next(_Key(label, code, members))
                grouped |= members
                if self.options.headings and name != "both":
                    narrow[name] = self._next(_Key(label, self.hs6, members))
            grouped = grouped[self.columns["dst"][order]]
        widened = self.widened if self.widened.any() else None
        return Projection(self.transfers, self.options, order, relations, narrow, grouped, widened)

    def _groups(self) -> Iterator[tuple[str, Ints, Flags]]:
        owner = _labels(self.options.owner_group, self.parties)
        address = _labels(self.options.address_group, self.parties)
        yield "owner", *owner
        yield "address", *address
        both = owner[1] & address[1]
        pairs = owner[0].astype(np.int64) * self.parties + address[0]
        yield "both", np.unique(pairs, return_inverse=True)[1].astype(np.int32), both

    def _first(self, key: _Key) -> tuple[Relation, Ints]:
        keys, order = self._sorted(key, "src", self.rows)
        self.position = np.empty(len(self.transfers), np.int32)
        self.position[order] = np.arange(len(order), dtype=np.int32)
        return self._merged(key, None, keys), order

    def _next(self, key: _Key) -> Relation:
        rows = self._members(key, "src")
        keys, order = self._sorted(key, "src", rows)
        return self._merged(key, self.position[order], keys)

    def _merged(self, key: _Key, order: Ints | None, outs: Counts) -> Relation:
        ins, asking = self._sorted(key, "dst", self._members(key, "dst"))
        lo, hi = np.zeros(len(self.rows), np.int32), np.zeros(len(self.rows), np.int32)
        window = (np.uint64(self.width), np.int64(self.options.dwell_min), np.int64(self.options.dwell_max))
        spread(kernels.merge, len(ins), outs, (ins, self.position[asking]), window, (lo, hi))
        if self.vague is not None:
            hi[self.position[asking]] = self._widened(key, outs, ins, asking)
        return Relation(order, lo, hi)

    def _widened(self, key: _Key, outs: Counts, ins: Counts, asking: Ints) -> Ints:
        """Where the ranges end if goods came on the last possible day and what follows left on the first.

        Departures are sorted by the last possible day, so that a range reaches further by the widest span
        of a departure in its group: never too short, and exact where departures are known to the day.
        """
        assert self.vague is not None
        came, slack = self.vague
        widest = np.zeros(int(key.label.max(initial=0)) + 1, np.int64)
        np.maximum.at(widest, key.label, slack)
        further = widest[key.label[self.columns["dst"][asking]]]
        self.widened[self.position[asking]] |= further > 0
        until = came[asking] + further + self.options.dwell_max
        last = np.minimum(until - self.base, (1 << self.width) - 1).astype(np.uint64)
        width = np.uint64(self.width)
        ends = np.searchsorted(outs, ((ins >> width) << width) + last, "right")
        return np.asarray(ends, np.int32)

    def _members(self, key: _Key, side: str) -> Ints:
        if key.members is None:
            return self.rows
        return self.rows[key.members[self.columns[side][self.rows]]]

    def _sorted(self, key: _Key, side: str, rows: Ints) -> tuple[Counts, Ints]:
        codes = int(key.code.max(initial=0)) + 1
        groups = (int(key.label.max(initial=0)) + 1) * codes
        bits = groups.bit_length() + self.width
        if bits > 63:
            key, codes, bits = self._dense(key)
        columns = (rows, self.columns[side], self.columns["item"], self._day(side))
        shape = (np.uint64(codes), np.uint64(self.width), np.int64(self.base))
        keys = np.empty(len(rows), np.uint64)
        spread(kernels.pack, len(rows), columns, (key.label, key.code), shape, keys)
        return sort(keys, rows.copy(), bits)

    def _day(self, side: str) -> Ints:
        return self.columns["departed" if side == "src" else "arrived"]

    def _dense(self, key: _Key) -> tuple[_Key, int, int]:
        """Labels and codes numbered anew by those in use, where the packed key would not fit in 63 bits."""
        used = np.concatenate([self.columns[side][self.rows] for side in ("src", "dst")])
        labels = np.zeros_like(key.label)
        parties = np.unique(used)
        labels[parties] = np.unique(key.label[parties], return_inverse=True)[1]
        code = np.zeros_like(key.code)
        items = np.unique(self.columns["item"][self.rows])
        code[items] = np.unique(key.code[items], return_inverse=True)[1]
        codes = int(code.max(initial=0)) + 1
        bits = ((int(labels.max(initial=0)) + 1) * codes).bit_length() + self.width
        if bits > 63:
            raise UsageError(
                "the days of the shipments lie too far apart for so many parties and goods",
                hint="reject shipments whose day cannot be right",
            )
        return _Key(labels, code, key.members), codes, bits


def _plain(column: Ints) -> Ints:
    """The column as the kernels know it: a second type of array would be compiled a second time."""
    return np.require(column, np.int32, ["C", "W"])


def _labels(group: Ints | None, parties: int) -> tuple[Ints, Flags]:
    """A label for every party, and who shares theirs with somebody."""
    if group is None:
        return np.arange(parties, dtype=np.int32), np.zeros(parties, bool)
    given = np.asarray(group, np.int64)
    alone = given.max(initial=0) + 1 + np.arange(parties)
    _, label, size = np.unique(np.where(given < 0, alone, given), return_inverse=True, return_counts=True)
    return label.astype(np.int32), size[label] > 1
