"""Continuations as ranges: which transfers may follow a transfer, without listing them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from diversion.errors import UsageError
from diversion.routes import kernels
from diversion.routes.kernels import Counts
from diversion.routes.links import Shared
from diversion.routes.sorting import sort, spread
from diversion.routes.transfers import Flags, Ints, Transfers

Relations = Literal["strict", "relabel", "jump", "all"]
MOST_HOPS = 8


@dataclass(frozen=True)
class ProjectionOptions:
    """What may follow what.

    `owner_group` and `address_group` give each party a label; parties of one label may stand in for each
    other, a negative label is a party by itself. `shared` says on which days two parties of a group share an
    owner or an address, which is asked when a corridor is told (None: always); `loose` marks the parties of
    groups for which that is not all days of the data (None: all, if `shared` is given).
    `dwell_min ≤ departed(e') − arrived(e) ≤ dwell_max` in days. `goods` marks the items (index of
    `Transfers.hs6`) looked for: others, which no route can carry, are left out of the arrays.
    """

    relations: Relations = "all"
    owner_group: Ints | None = None
    address_group: Ints | None = None
    dwell_min: int = 0
    dwell_max: int = 180
    goods: Flags | None = None
    shared: Shared | None = None
    loose: Flags | None = None

    def __post_init__(self) -> None:
        if self.relations not in ("strict", "relabel", "jump", "all"):
            raise UsageError(f"no relations {self.relations!r}", hint="one of strict, relabel, jump, all")
        if not 0 <= self.dwell_min <= self.dwell_max:
            raise UsageError(
                f"the goods cannot wait between {self.dwell_min} and {self.dwell_max} days",
                hint="0 ≤ --dwell-min ≤ --dwell",
            )

    @property
    def jumps(self) -> bool:
        """Whether a party may stand in for another."""
        return self.relations in ("jump", "all")

    @property
    def headings(self) -> bool:
        """Whether goods may be relabelled within their four-digit heading."""
        return self.relations in ("relabel", "all")


@dataclass(frozen=True)
class Relation:
    """One kind of continuation: transfer `e` may be followed by `order[lo[e]:hi[e]]`, which are by day.

    `order` is None where it is 0, 1, 2, …; an empty range is `lo = hi`.
    """

    order: Ints | None
    lo: Ints
    hi: Ints

    def __len__(self) -> int:
        return len(self.lo) if self.order is None else len(self.order)

    def arrange(self, values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """`values` of the transfers in the order of the ranges."""
        return values if self.order is None else values[self.order]

    @property
    def longest(self) -> int:
        """Length of the longest range."""
        return int((self.hi - self.lo).max(initial=0))

    def narrow(self, keep: Flags) -> Relation:
        """The same among the transfers to keep, renumbered."""
        kept = keep if self.order is None else keep[self.order]
        before = np.zeros(len(kept) + 1, np.int32)
        np.cumsum(kept, out=before[1:])
        if self.order is None:
            order = None
        else:
            order = (np.cumsum(keep, dtype=np.int32) - np.int32(1))[self.order[kept]]
        return Relation(order, before[self.lo[keep]], before[self.hi[keep]])


@dataclass(frozen=True)
class Projection:
    """Transfers in the order of (src, HS6, departed), with a range for each kind of continuation.

    `rows` are the indices of the transfers in that order. `relations` holds `goods` (same party, same
    HS6) and, as asked for, `heading` (same party, same HS4) and `owner`, `address`, `both` (same owner,
    same address, both at once; HS4 where relabels are allowed). `jumps_goods` holds owner and address
    with the same HS6, where those above have HS4. `grouped` marks transfers whose receiver has somebody
    to stand in for it.
    """

    transfers: Transfers
    options: ProjectionOptions
    rows: Ints
    relations: dict[str, Relation]
    jumps_goods: dict[str, Relation] = field(default_factory=dict)
    grouped: Flags | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def base(self) -> Relation:
        """The loosest continuation at the same party."""
        return self.relations["heading" if self.options.headings else "goods"]

    @property
    def jumps(self) -> list[tuple[Relation, int]]:
        """Relations whose signed sum counts each continuation of a grouped transfer once."""
        signs = {"owner": 1, "address": 1, "both": -1}
        return [(self.relations[name], sign) for name, sign in signs.items() if name in self.relations]

    def narrow(self, keep: Flags) -> Projection:
        """Only the transfers to keep. Linear."""
        return replace(
            self,
            rows=self.rows[keep],
            relations={name: r.narrow(keep) for name, r in self.relations.items()},
            jumps_goods={name: r.narrow(keep) for name, r in self.jumps_goods.items()},
            grouped=None if self.grouped is None else self.grouped[keep],
        )

    @staticmethod
    def build(transfers: Transfers, options: ProjectionOptions) -> Projection:
        """Sort the transfers and find every range.

        A radix sort a relation and side, then one merge: linear in the transfers. Some 45 bytes a
        transfer for `strict`, some 110 for `all`, and as much again while it works.
        """
        return _Builder(transfers, options).build()


@dataclass(frozen=True)
class _Key:
    """How a relation groups: a label of each party and a code of each item; whom it concerns."""

    label: Ints
    code: Ints
    members: Flags | None = None


class _Builder:
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
        return Projection(self.transfers, self.options, order, relations, narrow, grouped)

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
        return Relation(order, lo, hi)

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


@dataclass(frozen=True)
class Question:
    """Which routes are asked for; each array has one entry a transfer.

    `terminal`: its receiver, or the end user it declares, is restricted on its day (`departed`).
    `origin`: a route may begin with it: its sender is an origin, its goods are looked for, it is not
    barred. `barred`: its sender is restricted on its day, so that no jump may lead into it. `hops`: most
    transfers of a route, 1 to 8. `open`: a terminal transfer may go on as well (*wherever it goes*).
    """

    terminal: Flags
    origin: Flags
    barred: Flags
    hops: int = 5
    open: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.hops <= MOST_HOPS:
            raise UsageError(f"{self.hops} hops cannot be searched", hint=f"ask for 1 to {MOST_HOPS}")
