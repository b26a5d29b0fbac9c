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


def flows(transfers: Transfers, goods: Ints, unit: Ints, window: int) -> Flows:
    """All of it in a few sorts, n log n; `goods` numbers what counts as the same goods."""
    kinds = int(goods.max(initial=0)) + 1
    outs = Calendar.of(_pairs(transfers.src, goods, kinds), transfers.departed)
    ins = Calendar.of(_pairs(transfers.dst, goods, kinds), transfers.arrived)
    around = _Around(transfers, unit, outs, ins, window)
    amounts = around.amounts()
    customers, dispatches = _customers(transfers, outs)
    return Flows(
        window=window,
        kinds=kinds,
        outs=outs,
        ins=ins,
        received=amounts["received"],
        sent=amounts["sent"],
        by_weight=amounts["by_weight"] > 0,
        receipts=around.receipts.astype(np.int32),
        dwell=_dwell(outs, ins, window),
        customers=customers,
        dispatches=dispatches,
        paid=amounts["paid"],
        charged=amounts["charged"],
        forwarded=_forwarded(outs, ins, window),
    )


def _pairs(party: Ints, goods: Ints, kinds: int) -> Longs:
    return party.astype(np.int64) * kinds + goods


def back(calendar: Calendar, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Values in the order of a calendar as a column over the transfers."""
    column = np.empty_like(values)
    column[calendar.order] = values
    return column


class _Around:
    """Sums of what came in and went out around each transfer, in the order of `outs`: sorted queries."""

    def __init__(self, transfers: Transfers, unit: Ints, outs: Calendar, ins: Calendar, window: int) -> None:
        self.transfers, self.outs, self.ins = transfers, outs, ins
        groups, days = outs.groups, outs.days
        self.unit = unit.astype(np.int64)
        self.own_unit = self.unit[outs.order]
        self.out = (outs, outs.begin(groups, days - window), outs.end(groups, days + window))
        self.into = (ins, ins.begin(groups, days - window), ins.end(groups, days + window))
        self.receipts = back(outs, self.into[2] - self.into[1])

    def amounts(self) -> dict[str, Floats]:
        """The columns of amounts and prices."""
        transfers = self.transfers
        alike = self._alike(self.out) & self._alike(self.into)
        pieces_in, pieces_out = (self._sum(side, transfers.quantity) for side in (self.into, self.out))
        kilos_in, kilos_out = (self._sum(side, transfers.weight_kg) for side in (self.into, self.out))
        by_pieces = alike & ~np.isnan(pieces_in) & ~np.isnan(pieces_out)
        received = np.where(by_pieces, pieces_in, kilos_in)
        sent = np.where(by_pieces, pieces_out, kilos_out)
        value_in, value_out = (self._sum(side, transfers.value_usd) for side in (self.into, self.out))
        columns = {
            "received": received,
            "sent": sent,
            "by_weight": (~by_pieces).astype(np.float64),
            "paid": _ratio(value_in, received),
            "charged": _ratio(value_out, sent),
        }
        return {name: back(self.outs, values).astype(np.float64) for name, values in columns.items()}

    def _alike(self, side: tuple[Calendar, Longs, Longs]) -> npt.NDArray[np.bool_]:
        # All units equal u exactly where their sum is k·u and the sum of their squares k·u².
        calendar, low, high = side
        first = calendar.running(self.unit)
        second = calendar.running(self.unit * self.unit)
        count = high - low
        own = self.own_unit
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
    """Median days from a receipt to the next dispatch, at most `window`; the lower of two middles."""
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
    median = found[starts + (counts - 1) // 2] % (window + 1)
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
