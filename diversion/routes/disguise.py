"""Goods that may have left under another name: the same amount, soon after, of goods of another heading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diversion.routes.arcs import spelled
from diversion.routes.links import Longs
from diversion.routes.sorting import sort
from diversion.routes.transfers import Flags, Floats, Ints, Transfers

AT_ONCE = 2**22
"""Pairs looked at together, which bounds the memory."""
EDGE = 1e-9
"""Rounding of an amount, relative to its size: no pair within the band is missed."""


@dataclass(frozen=True)
class Disguise:
    """When goods of another heading may be those that came in.

    Their amount differs by at most the share `band`, and they leave `wait` days, both ends included, after
    the others came. Of those that fit, at most `most` are taken, nearest in amount, then in days; those that
    tie with one too many are left out. An amount like which the party sent more than `alike` transfers, of
    whatever goods and whenever, tells nothing.
    """

    band: float
    wait: tuple[int, int]
    most: int
    alike: int


@dataclass(frozen=True)
class _Found:
    into: Longs
    onto: Longs
    gap: Floats


def disguises(transfers: Transfers, unit: Ints, rule: Disguise) -> tuple[Ints, Ints]:
    """Transfers (`into`) and those which may carry their goods on in disguise (`onto`), by `into`.

    Amounts are weights where both state one, else quantities in one unit (`unit`, negative where unknown).
    n log n, and at most `alike` pairs a transfer.
    """
    weighed = transfers.weight_kg > 0
    heads = np.array([str(code)[:4] for code in transfers.hs6], dtype=object)
    heading = np.unique(heads, return_inverse=True)[1][transfers.item] if len(transfers) else transfers.item
    found = []
    for amount, kind in (
        (transfers.weight_kg, np.where(weighed, 0, -1)),
        (transfers.quantity, np.where(transfers.quantity > 0, unit, -1)),
    ):
        for one in _like(transfers, amount, kind.astype(np.int64), rule):
            fits = _soon(transfers, one, rule) & (heading[one.into] != heading[one.onto])
            if kind is not None and amount is transfers.quantity:
                fits &= ~(weighed[one.into] & weighed[one.onto])
            found.append(_Found(one.into[fits], one.onto[fits], one.gap[fits]))
    return _nearest(transfers, found, rule.most)


def _like(transfers: Transfers, amount: Floats, kind: Longs, rule: Disguise) -> Iterator[_Found]:
    """Pairs of transfers at one party of like amounts of one kind, piece by piece."""
    rows = np.flatnonzero(kind >= 0)
    # Ascending in amount, and asked for in the order of what is searched: lookups that follow one another
    # fall near one another.
    rows = rows[np.argsort(amount[rows], kind="stable")]
    sizes = np.unique(amount[rows])
    kinds, span = int(kind.max(initial=0)) + 1, len(sizes) + 1

    def group(party: Ints, rows: Longs) -> Longs:
        return (party[rows].astype(np.int64) * kinds + kind[rows]) * span

    key, sent = _ascending(group(transfers.src, rows) + np.searchsorted(sizes, amount[rows]), rows)
    first, rows = _ascending(group(transfers.dst, rows), rows)
    least, most = amount[rows] * (1 - rule.band - EDGE), amount[rows] / (1 - rule.band - EDGE)
    lo = np.searchsorted(key, first + np.searchsorted(sizes, least, "left"))
    hi = np.searchsorted(key, first + np.searchsorted(sizes, most, "right"))
    few = np.flatnonzero((lo < hi) & (hi - lo <= rule.alike))
    step = max(AT_ONCE // max(rule.alike, 1), 1)
    for begin in range(0, len(few), step):
        piece = few[begin : begin + step]
        into = np.repeat(rows[piece], hi[piece] - lo[piece])
        onto = sent[spelled(lo[piece], hi[piece])]
        one, other = amount[into], amount[onto]
        gap = np.abs(one - other) / np.maximum(one, other)
        near = gap <= rule.band
        yield _Found(into[near], onto[near], gap[near])


def _ascending(keys: Longs, rows: Longs) -> tuple[Longs, Longs]:
    """Keys, which are not negative, in ascending order, and the rows with them; equals keep their order."""
    bits = int(keys.max(initial=0)).bit_length()
    ordered, order = sort(keys.astype(np.uint64), np.arange(len(keys), dtype=np.int32), bits)
    return ordered.astype(np.int64), rows[order]


def _soon(transfers: Transfers, pairs: _Found, rule: Disguise) -> Flags:
    """Whether on some of their days the second leaves in time after the first came."""
    low, high = rule.wait
    latest = transfers.departed[pairs.onto].astype(np.int64) - transfers.arrived[pairs.into]
    soonest = transfers.departed_first[pairs.onto].astype(np.int64) - transfers.arrived_last[pairs.into]
    return np.asarray((latest >= low) & (soonest <= high))


def _nearest(transfers: Transfers, found: list[_Found], most: int) -> tuple[Ints, Ints]:
    empty = _Found(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    into, onto, gap = (
        np.concatenate([getattr(one, name) for one in (empty, *found)]) for name in ("into", "onto", "gap")
    )
    waited = transfers.departed[onto].astype(np.int64) - transfers.arrived[into]
    order = np.lexsort((onto, waited, gap, into))
    into, onto, gap, waited = into[order], onto[order], gap[order], waited[order]
    begins = np.searchsorted(into, into, "left")
    last = _last_equal(into, gap, waited)
    kept = last - begins < most
    return into[kept].astype(np.int32), onto[kept].astype(np.int32)


def _last_equal(*columns: npt.NDArray[np.generic]) -> Longs:
    """For each row the place of the last of its equals, which stand together."""
    size = len(columns[0])
    ends = np.ones(size, bool)
    ends[:-1] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    places = np.flatnonzero(ends)
    return places[np.searchsorted(places, np.arange(size))] if size else np.zeros(0, np.int64)
