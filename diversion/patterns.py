"""Patterns of trade round a party: many suppliers, many customers, splitting, gathering again.

A pattern is a shape, not a finding: many honest distributors buy from many and sell to many. So each result
says how far it is from what was usual for the same party, and how much of it stands on walks to restricted
parties. Fans and the splitting of goods are among the typologies of trade-based money laundering (FATF and
Egmont Group: Trends and Developments, 2020; Risk Indicators, 2021).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diversion.explain.case import Case, case_of
from diversion.explain.words import iso
from diversion.findings import Goods, PartyRef
from diversion.ids import digest
from diversion.pattern_shapes import Kind, Shape, fan, gathers, splits
from diversion.routes.bursts import Burst, bursts
from diversion.routes.links import Longs
from diversion.routes.transfers import Flags, Floats

if TYPE_CHECKING:
    from diversion.dossier import Dossier
    from diversion.policy.model import ValueLimit

KINDS: tuple[Kind, ...] = ("fan-in", "fan-out", "splitting", "gathering")


@dataclass(frozen=True)
class Limit:
    """The value limit that the shipments of a split stay within, in US dollars, and its source."""

    name: str
    usd: float
    source: str
    status: str


@dataclass(frozen=True)
class Pattern:
    """One burst of trade in goods of one code, with the shipments that make it.

    `party` is the broker of a fan, else the sender; `to` the receiver of what was split or gathered.
    `counterparties` are the suppliers, the customers, or those who passed the goods on in between. `members`
    counts them (of a split its shipments). `usual` is their mean in the `earlier` windows of the same length
    since the party's first day on record, and in one more that has a single one; `times` = members / usual
    tells how unusual it is. `bound` of the shipments stand on walks to restricted parties. Sums are of what
    is stated, of the last hop; `quantity` is None where units differ. Days are ISO dates.
    """

    pattern_id: str
    kind: Kind
    party: PartyRef
    to: PartyRef | None
    counterparties: tuple[PartyRef, ...]
    item: Goods
    first_day: str
    last_day: str
    members: int
    usual: float
    earlier: int
    times: float
    bound: int
    shipments: tuple[str, ...]
    quantity: float | None
    unit: str | None
    value_usd: float | None
    limit: Limit | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields under their own names."""
        return asdict(self)


@dataclass(frozen=True)
class Patterns:
    """What was found of one kind, most unusual first; `left_out` deliveries went to a distributor's stock."""

    found: tuple[Pattern, ...]
    left_out: int = 0


def patterns(dossier: Dossier, kind: Kind, wanted: Flags, through: Floats | None = None) -> Patterns:
    """All patterns of a kind among the transfers `wanted`, most unusual first.

    `through` counts the walks to restricted parties through each transfer. The window and the least number
    are thresholds of the policy (`pattern_days`; `fan_counterparties`, `splitting_shipments`,
    `gathering_brokers`), as are the value limits. A sort and a few linear passes; of what was gathered, over
    the pairs of deliveries that can follow one another.
    """
    thresholds, left_out = dossier.policy.thresholds, 0
    if kind == "splitting":
        shapes = [splits(dossier, wanted, limit) for limit in dossier.policy.value_limits]
        least = thresholds["splitting_shipments"]
    elif kind == "gathering":
        shape, left_out = gathers(dossier, wanted)
        shapes, least = [shape], thresholds["gathering_brokers"]
    else:
        shapes, least = [fan(dossier, wanted, kind)], thresholds["fan_counterparties"]
    window = int(thresholds["pattern_days"])
    told = [
        one
        for shape in shapes
        for one in _told(dossier, kind, shape, bursts(shape.events, window, int(least)), through)
    ]
    order = sorted(told, key=lambda one: (-one.times, -one.members, one.pattern_id))
    return Patterns(tuple(order), left_out)


def _told(
    dossier: Dossier, kind: Kind, shape: Shape, found: list[Burst], through: Floats | None
) -> Iterator[Pattern]:
    case, transfers = case_of(dossier), dossier.transfers
    for burst in found:
        one = int(burst.events[0])
        last = np.unique(shape.last[burst.events])
        every = last if shape.first is None else np.union1d(last, shape.first[burst.events])
        in_order = every[np.lexsort((every, transfers.departed[every]))]
        party = case.party(int(shape.party[one]))
        to = None if shape.to is None else case.party(int(shape.to[one]))
        hs6 = str(transfers.hs6[transfers.item[last[0]]])
        first_day = iso(int(transfers.departed_first[every].min()))
        quantity, unit, value = sums(last, case)
        yield Pattern(
            pattern_id="T-" + digest(kind, party.id, to.id if to else "", hs6, first_day),
            kind=kind,
            party=party,
            to=to,
            counterparties=_between(shape, burst, case),
            item=goods_of(hs6, dossier),
            first_day=first_day,
            last_day=iso(int(transfers.arrived_last[every].max())),
            members=burst.members,
            usual=burst.usual,
            earlier=burst.earlier,
            times=burst.times,
            bound=0 if through is None else int((through[every] > 0).sum()),
            shipments=tuple(str(transfers.ids[e]) for e in in_order),
            quantity=quantity,
            unit=unit,
            value_usd=value,
            limit=_limit(shape.limit),
        )


def _between(shape: Shape, burst: Burst, case: Case) -> tuple[PartyRef, ...]:
    if shape.between is None:
        return ()
    refs = [case.party(int(party)) for party in np.unique(shape.between[burst.events])]
    return tuple(sorted(refs, key=lambda ref: ref.id))


def sums(rows: Longs, case: Case) -> tuple[float | None, str | None, float | None]:
    """Quantity in the one unit of the shipments, and value; None where nothing is stated."""
    transfers = case.dossier.transfers
    stated, value = transfers.quantity[rows], transfers.value_usd[rows]
    units = {row.get("unit") for row in case.rows(transfers.shipment[rows])}
    known, priced = ~np.isnan(stated), ~np.isnan(value)
    one = len(units) == 1 and bool(known.any())
    return (
        float(stated[known].sum()) if one else None,
        next(iter(units)) if one else None,
        float(value[priced].sum()) if priced.any() else None,
    )


def goods_of(hs6: str, dossier: Dossier) -> Goods:
    """A code as the policy describes it."""
    good = dossier.policy.good(hs6)
    return Goods(hs6, good.description if good else "", good.tier if good else None)


def _limit(limit: ValueLimit | None) -> Limit | None:
    return None if limit is None else Limit(limit.name, limit.usd, limit.source, limit.status)
