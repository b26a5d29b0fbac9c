"""Explicit continuations, no ranges of a relation: goods in disguise, and parties possibly the same.

They extend corridors and never enter the counts of walks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diversion.routes.links import Longs
from diversion.routes.ranges import Projection
from diversion.routes.transfers import Flags, Floats, Ints

KINDS = ("disguise", "possibly-same", "possibly-same+relabel")


@dataclass(frozen=True)
class Further:
    """What may follow what beyond the relations, as a question finds it.

    In disguise `onto[i]` may follow `into[i]` (indices of transfers of one party, under other headings), for
    goods that wait `wait` days, both ends included. `other[i]` may stand in for `party[i]` (indices of
    `Transfers.party_ids`), which costs `less[i]`. `ends` marks the transfers that end a route where what they
    carry may be goods in disguise.
    """

    into: Ints
    onto: Ints
    wait: tuple[int, int]
    party: Ints
    other: Ints
    less: Floats
    ends: Flags | None = None

    def __len__(self) -> int:
        return len(self.into) + len(self.party)

    def between(self, party: int, other: int) -> float | None:
        """What it costs that `other` stands in for `party`; None where it may not."""
        found = self.less[(self.party == party) & (self.other == other)]
        return float(found.min()) if len(found) else None


@dataclass(frozen=True)
class Arcs:
    """Arcs between the transfers of a field, by the transfer that they lead from.

    After `source[i]` may come those at `[lo[i], hi[i])`; `kind` is a place in `KINDS`, `less` what it costs
    beyond the price of its kind. Where `widened`, a range may hold more than can follow: some departures are
    known to a span only.
    """

    source: Ints
    lo: Ints
    hi: Ints
    kind: Ints
    less: Floats
    widened: bool = False

    def __len__(self) -> int:
        return len(self.source)

    def only(self, at: Ints, size: int) -> Arcs:
        """Those among the transfers, of `size`, to keep, which are given ascending; renumbered."""
        keep = np.zeros(size, bool)
        keep[at] = True
        before = np.zeros(size + 1, np.int32)
        np.cumsum(keep, out=before[1:])
        lo, hi = before[self.lo], before[self.hi]
        left = keep[self.source] & (lo < hi)
        source = before[self.source]
        return Arcs(source[left], lo[left], hi[left], self.kind[left], self.less[left], self.widened)

    def costs(self, of: Callable[[str], float]) -> Floats:
        """The penalty of each arc, where `of` tells that of a kind."""
        return np.array([of(kind) for kind in KINDS])[self.kind] + self.less

    def backward(self, marked: Flags, free: Flags) -> Flags:
        """Which transfers an arc leads to a marked one from; only to a free one where another stands in."""
        size = len(marked)
        before, entered = np.zeros((2, size + 1), np.int64)
        np.cumsum(marked, out=before[1:])
        np.cumsum(marked & free, out=entered[1:])
        every, some = before[self.hi] - before[self.lo], entered[self.hi] - entered[self.lo]
        found = np.zeros(size, bool)
        found[self.source[np.where(self.kind > 0, some, every) > 0]] = True
        return found

    def forward(self, marked: Flags, free: Flags) -> Flags:
        """Which transfers an arc from a marked one leads to."""
        from_here = marked[self.source]
        stood_in = self.kind > 0
        stayed, jumped = (self._painted(from_here & kind, len(marked)) for kind in (~stood_in, stood_in))
        return stayed | (jumped & free)

    def _painted(self, which: Flags, size: int) -> Flags:
        steps = np.zeros(size + 1, np.int64)
        np.add.at(steps, self.lo[which], 1)
        np.add.at(steps, self.hi[which], -1)
        return np.asarray(np.cumsum(steps)[:-1] > 0)

    def of(self, at: Ints) -> tuple[Longs, Longs]:
        """The arcs from `at`, and for each the place in `at` that it leads from."""
        return joined(self.source, at)

    def pairs(self, at: Ints, after: Ints) -> tuple[Longs, Longs]:
        """Places in `at` and in `after` between which an arc leads in disguise; `after` in any order."""
        arc, place = self.of(at)
        disguised = self.kind[arc] == 0
        arc, place = arc[disguised], place[disguised]
        order = np.argsort(after, kind="stable")
        onto, which = joined(after[order], self.lo[arc])
        return place[which], order[onto]


def joined(keys: npt.NDArray[np.int32], wanted: npt.NDArray[np.int32]) -> tuple[Longs, Longs]:
    """Every (index in ascending `keys`, index in `wanted`) whose values are equal, by the latter."""
    lo, hi = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
    which = np.repeat(np.arange(len(wanted)), hi - lo)
    return spelled(lo, hi), which


def spelled(lo: npt.NDArray[np.integer], hi: npt.NDArray[np.integer]) -> Longs:
    """All numbers of the ranges [lo, hi), one after the other.

    >>> spelled(np.array([3, 7, 1]), np.array([5, 7, 2])).tolist()
    [3, 4, 1]
    """
    size = (hi - lo).astype(np.int64)
    before = np.cumsum(size) - size
    return np.repeat(lo - before, size) + np.arange(int(size.sum()))


def arcs(projection: Projection, further: Further) -> Arcs:
    """The arcs between the transfers of a projection. n log n in the transfers of the parties concerned."""
    position = np.full(len(projection.transfers), -1, np.int32)
    position[projection.rows] = np.arange(len(projection), dtype=np.int32)
    source, onto = position[further.into], position[further.onto]
    held = (source >= 0) & (onto >= 0)
    source, onto = source[held], onto[held]
    made = [(source, onto, onto + 1, np.zeros(len(source), np.int32), np.zeros(len(source)))]
    if len(further.party):
        made.append(_stand_ins(projection, further))
    source, lo, hi, kind, less = (np.concatenate(columns) for columns in zip(*made, strict=True))
    order = np.lexsort((lo, kind, source))
    return Arcs(source[order], lo[order], hi[order], kind[order], less[order], _slack(projection) > 0)


def _stand_ins(projection: Projection, further: Further) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    """From each transfer to a party the ranges of what those send who are possibly the same."""
    t, rows, options = projection.transfers, projection.rows, projection.options
    src, dst, item = t.src[rows], t.dst[rows], t.item[rows]
    heads = np.array([str(code)[:4] for code in t.hs6], dtype=object)
    code = np.unique(heads, return_inverse=True)[1] if options.headings else np.arange(len(heads))
    begins = np.flatnonzero(np.diff(src, prepend=-1) | np.diff(item, prepend=-1)).astype(np.int32)
    by_receiver = np.argsort(dst, kind="stable").astype(np.int32)
    entering, pair = joined(dst[by_receiver], further.party)
    group, which = joined(src[begins], further.other[pair])
    source, pair = by_receiver[entering[which]], pair[which]
    like = code[item[source]] == code[item[begins[group]]]
    source, pair, group = source[like], pair[like], group[like]
    lo, hi = _within(projection, begins, group, source)
    relabel = item[source] != item[begins[group]]
    kind = np.where(relabel, 2, 1).astype(np.int32)
    some = lo < hi
    return source[some], lo[some], hi[some], kind[some], further.less[pair][some]


def _slack(projection: Projection) -> int:
    """The widest span of a departure, in days."""
    t, rows = projection.transfers, projection.rows
    return int((t.departed[rows].astype(np.int64) - t.departed_first[rows]).max(initial=0))


def _within(projection: Projection, begins: Ints, group: Longs, source: Ints) -> tuple[Ints, Ints]:
    """Where in its group of departures the window of each source begins and ends."""
    t, rows, options = projection.transfers, projection.rows, projection.options
    left = t.departed[rows].astype(np.int64)
    number = np.repeat(np.arange(len(begins)), np.diff(np.append(begins, len(rows))))
    base, span = int(left.min(initial=0)), int(left.max(initial=0)) - int(left.min(initial=0)) + 2
    keys = number * span + (left - base)

    def place(day: Longs, side: str) -> Ints:
        wanted = group * span + np.clip(day - base, -1 if side == "right" else 0, span - 1)
        found = np.searchsorted(keys, wanted, "left" if side == "left" else "right")
        return found.astype(np.int32)

    first = t.arrived[rows[source]].astype(np.int64) + options.dwell_min
    last = t.arrived_last[rows[source]].astype(np.int64) + options.dwell_max + _slack(projection)
    return place(first, "left"), place(last, "right")
