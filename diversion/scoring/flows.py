"""What a party does with goods: how much came in and went on, how soon, to how many, at which price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.scoring.calendar import Calendar, Floats, Longs

if TYPE_CHECKING:
    from diversion.routes.transfers import Transfers

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Flows:
    """Columns over all transfers, about the sender of each with its goods (HS6).

    `received` and `sent` are amounts within `window` days before and after the departure, in the unit of the
    transfer where all of them share it, else in kg (`by_weight`); NaN where not known. `dwell` is the median
    of days between a receipt and the next dispatch (NaN where nothing was received and sent on). `customers`
    and `dispatches` count over all days; `paid` and `charged` are US dollars a unit, in and out.
    `forwarded` counts what the receiver sent of the goods within `window` days after they arrived.
    `outs` and `ins` are calendars of (party, goods), goods being one of `kinds`.
    """

    window: int
    kinds: int
    outs: Calendar
    ins: Calendar
    received: Floats
    sent: Floats
    by_weight: npt.NDArray[np.bool_]
    receipts: Ints
    dwell: Floats
    customers: Ints
    dispatches: Ints
    paid: Floats
    charged: Floats
    forwarded: Ints

    def pair(self, party: int, goods: int) -> int:
        """The group of a party with goods in the calendars."""
        return party * self.kinds + goods

    def sent_by(self, party: int) -> Longs:
        """All transfers that a party sent, of whatever goods."""
        return self.outs.range(self.pair(party, 0), self.pair(party + 1, 0))

    def got_by(self, party: int) -> Longs:
        """All transfers that a party received, of whatever goods."""
        return self.ins.range(self.pair(party, 0), self.pair(party + 1, 0))


def flows(transfers: Transfers, unit: Ints, window: int) -> Flows:
    """All of it by HS6 in a few sorts: n log n."""
    around = Around(transfers, transfers.item, unit, window)
    received, sent, by_weight = around.amounts()
    paid, charged = around.prices(received, sent)
    customers, dispatches = _customers(transfers, around.outs)
    return Flows(
        window=window,
        kinds=around.kinds,
        outs=around.outs,
        ins=around.ins,
        received=received,
        sent=sent,
        by_weight=by_weight,
        receipts=around.receipts,
        dwell=around.dwell(),
        customers=customers,
        dispatches=dispatches,
        paid=paid,
        charged=charged,
        forwarded=_forwarded(around.outs, around.ins, window),
    )


def _pairs(party: Ints, goods: Ints, kinds: int) -> Longs:
    return party.astype(np.int64) * kinds + goods


def back(calendar: Calendar, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Values in the order of a calendar as a column over the transfers."""
    column = np.empty_like(values)
    column[calendar.order] = values
    return column


class Around:
    """What came in and went out around each transfer, goods being the same where their number is.

    Sums are taken in the order of `outs`, in which the queries are sorted, and handed back as columns.
    """

    def __init__(self, transfers: Transfers, goods: Ints, unit: Ints, window: int) -> None:
        self.transfers, self.window = transfers, window
        self.kinds = int(goods.max(initial=0)) + 1
        self.outs = outs = Calendar.of(_pairs(transfers.src, goods, self.kinds), transfers.departed)
        self.ins = ins = Calendar.of(_pairs(transfers.dst, goods, self.kinds), transfers.arrived)
        groups, days = outs.groups, outs.days
        self.unit = unit.astype(np.int64)
        self.out = (outs, outs.begin(groups, days - window), outs.end(groups, days + window))
        self.into = (ins, ins.begin(groups, days - window), ins.end(groups, days + window))
        self.receipts: Ints = back(outs, self.into[2] - self.into[1]).astype(np.int32)

    def amounts(self) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        """Received and sent, by quantity where units agree, else by weight, and which of the two."""
        quantity, weight = self.transfers.quantity, self.transfers.weight_kg
        alike = self._alike(self.out) & self._alike(self.into)
        pieces = self._sum(self.into, quantity), self._sum(self.out, quantity)
        kilos = self._sum(self.into, weight), self._sum(self.out, weight)
        by_weight = ~alike | np.isnan(pieces[0]) | np.isnan(pieces[1])
        received, sent = (np.where(by_weight, k, p) for p, k in zip(pieces, kilos, strict=True))
        return back(self.outs, received), back(self.outs, sent), back(self.outs, by_weight)

    def prices(self, received: Floats, sent: Floats) -> tuple[Floats, Floats]:
        """US dollars a unit, in and out."""
        sums = (back(self.outs, self._sum(side, self.transfers.value_usd)) for side in (self.into, self.out))
        paid, charged = (_ratio(value, size) for value, size in zip(sums, (received, sent), strict=True))
        return paid, charged

    def dwell(self) -> Floats:
        """Median days from a receipt to the next dispatch of the sender's goods."""
        return _dwell(self.outs, self.ins, self.window)

    def _alike(self, side: tuple[Calendar, Longs, Longs]) -> npt.NDArray[np.bool_]:
        # All units equal u exactly where their sum is k·u and the sum of their squares k·u².
        calendar, low, high = side
        first = calendar.running(self.unit)
        second = calendar.running(self.unit * self.unit)
        count = high - low
        own = self.unit[self.outs.order]
        alike: npt.NDArray[np.bool_] = (first[high] - first[low] == count * own) & (
            second[high] - second[low] == count * own * own
        )
        return alike

    @staticmethod
    def _sum(side: tuple[Calendar, Longs, Longs], values: Floats) -> Floats:
        calendar, low, high = side
        absent = np.isnan(values)
        sums = calendar.running(np.where(absent, 0.0, values))
        total = sums[high] - sums[low]
        if absent.any():
            holes = calendar.running(absent)
            total = np.where(holes[high] > holes[low], np.nan, total)
        known: Floats = total
        return known


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = above / below
    return np.where(np.isfinite(quotient) & (quotient > 0), quotient, np.nan)


def _starts(sorted_groups: Longs) -> Longs:
    changed = np.flatnonzero(np.diff(sorted_groups)) + 1
    return np.concatenate([np.zeros(min(len(sorted_groups), 1), np.int64), changed])


def _dwell(outs: Calendar, ins: Calendar, window: int) -> Floats:
    """Median days from a receipt to the next dispatch, at most `window`."""
    groups, days = ins.groups, ins.days
    place = outs.begin(groups, days)
    inside = np.minimum(place, max(len(outs.keys) - 1, 0))
    waited = outs.keys[inside] % outs.span + outs.origin - days if len(outs.keys) else days
    passed = (place < len(outs.keys)) & (outs.groups[inside] == groups) if len(outs.keys) else days < 0
    passed &= waited <= window
    found = np.sort(groups[passed] * (window + 1) + waited[passed])
    owners = found // (window + 1)
    starts = _starts(owners)
    counts = np.diff(np.append(starts, len(found)))
    lower, upper = found[starts + (counts - 1) // 2], found[starts + counts // 2]
    median = (lower % (window + 1) + upper % (window + 1)) / 2
    return back(outs, _look_up(outs.groups, owners[starts], median)).astype(np.float64)


def _forwarded(outs: Calendar, ins: Calendar, window: int) -> Ints:
    groups, days = ins.groups, ins.days
    count = outs.end(groups, days + window) - outs.begin(groups, days)
    return back(ins, np.maximum(count, 0)).astype(np.int32)


def _look_up(wanted: Longs, groups: Longs, values: Longs) -> Floats:
    """The value of each wanted group, NaN where there is none; `groups` are sorted."""
    if not len(groups):
        return np.full(len(wanted), np.nan)
    place = np.minimum(np.searchsorted(groups, wanted), len(groups) - 1)
    return np.where(groups[place] == wanted, values[place].astype(np.float64), np.nan)


def _customers(transfers: Transfers, outs: Calendar) -> tuple[Ints, Ints]:
    groups = outs.groups
    starts = _starts(groups)
    counts = np.diff(np.append(starts, len(groups)))
    rank = np.repeat(np.arange(len(starts)), counts)
    parties = max(len(transfers.party_ids), 1)
    links = pd.unique(rank * parties + transfers.dst[outs.order])
    customers = np.bincount(links // parties, minlength=len(starts))
    return back(outs, customers[rank]).astype(np.int32), back(outs, counts[rank]).astype(np.int32)
