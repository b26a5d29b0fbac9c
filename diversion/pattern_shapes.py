"""What happens in each pattern of trade: events of groups, of which a window may hold unusually many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.policy.model import FIRST_DAY, LAST_DAY, ValueLimit, day_number
from diversion.routes.bursts import Events, pairs
from diversion.routes.links import Longs
from diversion.routes.ranges import Projection, ProjectionOptions
from diversion.routes.transfers import Flags, Ints, Transfers

if TYPE_CHECKING:
    from diversion.dossier import Dossier

Kind = Literal["fan-in", "fan-out", "splitting", "gathering"]


@dataclass(frozen=True)
class Shape:
    """Events, and the transfers of each: `last` its shipment, `first` the one that it passes on, if any.

    `party`, `to` and `between` index `Transfers.party_ids`, an entry an event: whom the pattern is about, the
    receiver of what was split or gathered (None for a fan), and the member, where it is a party.
    """

    events: Events
    last: Longs
    first: Longs | None
    party: Ints
    to: Ints | None
    between: Ints | None
    limit: ValueLimit | None = None


def fan(dossier: Dossier, wanted: Flags, kind: Kind) -> Shape:
    """Suppliers of a party by arrival, or its customers by departure, by goods of one code."""
    transfers, rows = dossier.transfers, np.flatnonzero(wanted)
    inward = kind == "fan-in"
    centre, other = (transfers.dst, transfers.src) if inward else (transfers.src, transfers.dst)
    day = transfers.arrived if inward else transfers.departed
    group, since = _groups(transfers, centre[rows], transfers.item[rows])
    events = Events(group, day[rows].astype(np.int64), other[rows].astype(np.int64), since)
    return Shape(events, rows, None, centre[rows], None, other[rows])


def splits(dossier: Dossier, wanted: Flags, limit: ValueLimit) -> Shape:
    """Shipments from one party to one other, each worth no more than a value limit and not much less.

    Only those that left a country of the limit while it was in force.
    """
    transfers, share = dossier.transfers, dossier.policy.thresholds["splitting_share"]
    countries = dossier.directory.parties["country"].reindex(transfers.party_ids)
    leaves = countries.isin(sorted(limit.countries)).to_numpy(dtype=bool)[transfers.src]
    begin, until = day_number(limit.from_day, FIRST_DAY), day_number(limit.until_day, LAST_DAY)
    in_force = (begin <= transfers.departed) & (transfers.departed < until)
    value = transfers.value_usd
    within = (value >= share * limit.usd) & (value <= limit.usd)
    rows = np.flatnonzero(wanted & leaves & in_force & within)
    src, dst = transfers.src[rows], transfers.dst[rows]
    group, since = _groups(transfers, src, transfers.item[rows], dst)
    events = Events(group, transfers.departed[rows].astype(np.int64), np.arange(len(rows)), since)
    return Shape(events, rows, None, src, dst, None, limit)


def gathers(dossier: Dossier, wanted: Flags) -> tuple[Shape, int]:
    """What went from one party to another by way of a third, and how many deliveries were left out.

    The same ranges as routes: what may follow a delivery at its receiver, in goods of the same code, within
    the window. Of a delivery that more than `gathering_hub` shipments may follow nothing is said.
    """
    transfers, thresholds = dossier.transfers, dossier.policy.thresholds
    options = ProjectionOptions("strict", dwell_max=int(thresholds["pattern_days"]))
    projection = Projection.build(transfers, options)
    goods, rows = projection.relations["goods"], projection.rows
    hi = np.where(wanted[rows], goods.hi, goods.lo).astype(np.int32)
    one, other, left_out = pairs(goods.lo, hi, goods.order, int(thresholds["gathering_hub"]))
    first, last = rows[one].astype(np.int64), rows[other].astype(np.int64)
    apart = transfers.src[first] != transfers.dst[last]
    first, last = first[apart], last[apart]
    src, dst, broker = transfers.src[first], transfers.dst[last], transfers.dst[first]
    group, since = _groups(transfers, src, transfers.item[first], dst)
    day = transfers.departed[last].astype(np.int64)
    return Shape(Events(group, day, broker.astype(np.int64), since), last, first, src, dst, broker), left_out


def _groups(transfers: Transfers, party: Ints, item: Ints, to: Ints | None = None) -> tuple[Longs, Longs]:
    """A number for each party with goods (and receiver), and its party's first day on record."""
    key: npt.NDArray[np.int64] = party.astype(np.int64) * max(len(transfers.hs6), 1) + item
    if to is not None:
        # Numbered first, so that the product of three cannot overflow.
        key = pd.factorize(key)[0].astype(np.int64) * max(len(transfers.party_ids), 1) + to
    _, at, group = np.unique(key, return_index=True, return_inverse=True)
    return group.astype(np.int64), _first_days(transfers)[party[at]]


def _first_days(transfers: Transfers) -> Longs:
    first = np.full(len(transfers.party_ids), LAST_DAY, np.int64)
    np.minimum.at(first, transfers.src, transfers.departed)
    np.minimum.at(first, transfers.dst, transfers.arrived)
    return first
