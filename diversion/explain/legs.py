"""The steps of a corridor in numbers: who, when, how much, how soon."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from diversion.explain.case import Case, Row
from diversion.explain.words import amount, called, counted, iso, one_line, share
from diversion.findings import Break, Hop, PartyRef

if TYPE_CHECKING:
    from diversion.routes.corridors import Corridor


@dataclass(frozen=True)
class Leg:
    """One hop: its transfers in the order in which they left, its rows, its ends and its sums.

    `lacking` counts the shipments that state no quantity; `dwell` is the median number of days since
    the latest arrival that the shipment may carry on, None for the first hop.
    """

    transfers: npt.NDArray[np.int64]
    rows: tuple[Row, ...]
    sender: PartyRef
    receiver: PartyRef
    hop: Hop
    lacking: int
    valueless: int
    dwell: int | None


def legs_of(corridor: Corridor, case: Case) -> tuple[Leg, ...]:
    """Every hop of the corridor."""
    legs: list[Leg] = []
    before: npt.NDArray[np.int64] | None = None
    for hop in corridor.hops:
        chosen = _in_order(np.asarray(hop, dtype=np.int64), case)
        legs.append(_leg(chosen, before, case))
        before = chosen
    return tuple(legs)


def _in_order(hop: npt.NDArray[np.int64], case: Case) -> npt.NDArray[np.int64]:
    columns = case.dossier.transfers
    return hop[np.lexsort((hop, columns.arrived[hop], columns.departed[hop]))]


def _leg(chosen: npt.NDArray[np.int64], before: npt.NDArray[np.int64] | None, case: Case) -> Leg:
    columns = case.dossier.transfers
    rows = tuple(case.rows(columns.shipment[chosen]))
    quantity, unit, lacking = _quantity(chosen, rows, case)
    values = columns.value_usd[chosen]
    known = values[~np.isnan(values)]
    hop = Hop(
        quantity=quantity,
        unit=unit,
        value_usd=float(known.sum()) if len(known) else None,
        first_day=iso(int(columns.departed_first[chosen].min())),
        last_day=iso(int(columns.arrived_last[chosen].max())),
        hs6=tuple(sorted({str(columns.hs6[i]) for i in columns.item[chosen]})),
    )
    sender, receiver = case.party(int(columns.src[chosen[0]])), case.party(int(columns.dst[chosen[0]]))
    dwell = None if before is None else _dwell(before, chosen, case)
    return Leg(chosen, rows, sender, receiver, hop, lacking, len(values) - len(known), dwell)


def _quantity(
    chosen: npt.NDArray[np.int64], rows: Sequence[Row], case: Case
) -> tuple[float | None, str | None, int]:
    """The sum in the one unit of the hop; by weight where units differ or quantities are missing."""
    stated, weights = (
        case.dossier.transfers.quantity[chosen],
        case.dossier.transfers.weight_kg[chosen],
    )
    known = ~np.isnan(stated)
    units = {row.get("unit") for row, use in zip(rows, known, strict=True) if use}
    if len(units) == 1:
        return float(stated[known].sum()), next(iter(units)), int((~known).sum())
    weighed = ~np.isnan(weights)
    if weighed.any():
        return float(weights[weighed].sum()), "kg", int((~weighed).sum())
    return None, None, len(chosen)


def _dwell(before: npt.NDArray[np.int64], chosen: npt.NDArray[np.int64], case: Case) -> int | None:
    arrivals = np.sort(case.dossier.transfers.arrived[before])
    departures = case.dossier.transfers.departed[chosen]
    at = np.searchsorted(arrivals, departures, side="right") - 1
    fits = at >= 0
    if not fits.any():
        return None
    return int(np.median(departures[fits] - arrivals[at[fits]]))


def breaks_of(corridor: Corridor, legs: Sequence[Leg], case: Case) -> tuple[Break, ...]:
    """Where the goods or the party did not simply continue, with what the records say of it."""
    found: list[Break] = []
    for at, (one, two) in enumerate(itertools.pairwise(legs)):
        relation = corridor.relations[at] if at < len(corridor.relations) else "strict"
        if one.receiver.id != two.sender.id:
            found.append(_jump(at + 2, relation, one.receiver, two.sender, case))
        if one.hop.hs6 != two.hop.hs6:
            found.append(_changed(at + 2, one, two, (corridor.best[at], corridor.best[at + 1]), case))
    return tuple(found)


def _changed(hop: int, one: Leg, two: Leg, best: tuple[int, int], case: Case) -> Break:
    """Other goods left than had come: of the same heading, or of another in the same amount."""
    detail = f"HS {', '.join(one.hop.hs6)} arrived, HS {', '.join(two.hop.hs6)} left"
    if one.receiver.id == two.sender.id:
        detail += ", from the same party"
    heads, others = ({code[:4] for code in leg.hop.hs6} for leg in (one, two))
    if others <= heads:
        return Break(hop, "relabel", detail)
    t = case.dossier.transfers
    if str(t.hs6[t.item[best[0]]])[:4] != str(t.hs6[t.item[best[1]]])[:4]:
        waited = max(int(t.departed[best[1]]) - int(t.arrived[best[0]]), 0)
        amounts = " and ".join(_stated(i, case) for i in best)
        detail += f" in the same amount ({amounts}), {counted(waited, 'day')} later"
    return Break(hop, "disguise", detail)


def _stated(transfer: int, case: Case) -> str:
    """The amount of a transfer: its weight, else its quantity."""
    t = case.dossier.transfers
    if t.weight_kg[transfer] > 0:
        return amount(float(t.weight_kg[transfer]), "kg")
    row = case.rows([t.shipment[transfer]])[0]
    return amount(float(t.quantity[transfer]), row.get("unit"))


def _jump(hop: int, relation: str, one: PartyRef, two: PartyRef, case: Case) -> Break:
    if "possibly-same" in relation:
        score, why = case.possibly_same.get((one.id, two.id), (0.0, "their records are alike"))
        return Break(hop, "possibly-same", f"both may be one party: {one_line(why)} ({score:.2f})")
    address, owner = common_address(one.id, two.id, case), common_owner(one, two, case)
    if "address" in relation or (address and not owner):
        return Break(hop, "address", f"both are at {address}" if address else "both are at one address")
    return Break(hop, "owner", owner or "both belong to one owner")


def common_owner(one: PartyRef, two: PartyRef, case: Case) -> str | None:
    """The shared direct owner with the largest smaller share, and its two shares."""
    first, second = case.owners.get(one.id, {}), case.owners.get(two.id, {})
    shared = sorted(first.keys() & second.keys())
    if not shared:
        return None
    best = max(shared, key=lambda owner: min(first[owner][0] or 0, second[owner][0] or 0))
    stakes = f"{share(*first[best])} of {called(one)} and {share(*second[best])} of {called(two)}"
    return f"{case.shown(best)} holds {stakes}"


def common_address(one: str, two: str, case: Case) -> str | None:
    """The text of an address that both have."""
    first, second = case.addresses.get(one, {}), case.addresses.get(two, {})
    shared = sorted(first.keys() & second.keys())
    return first[shared[0]] if shared else None
