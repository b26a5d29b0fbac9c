"""The most goods that can have reached a restricted party through the corridors found, and what bounds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from diversion.errors import NotFound, UsageError
from diversion.explain.words import counted, iso
from diversion.findings import Finding, PartyRef
from diversion.options import Options
from diversion.routes.flow import Flow, most, network
from diversion.routes.links import Days
from diversion.routes.transfers import Flags, Floats, Ints, Transfers

if TYPE_CHECKING:
    from diversion.pipeline import Analysis

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Moved:
    """What moved: transfers, the unit of each quantity (None where none is stated), the question's limits."""

    transfers: Transfers
    units: npt.NDArray[np.object_]
    dwell: tuple[int, int]
    top: int = 0


@dataclass(frozen=True)
class Bottleneck:
    """A shipment of the smallest cut: were it larger, more could have passed."""

    shipment: str
    sender: PartyRef
    receiver: PartyRef
    departed_on: str
    arrived_on: str
    amount: float | None
    value_usd: float | None


@dataclass(frozen=True)
class Throughput:
    """The most that can have passed through some corridors, by the shipments on record.

    `amount` in `unit` by the shipments whose amount is known, `at_most` with the others unlimited (None:
    nothing bounds it), `value_usd` the most that what passed is worth at the declared values of the last
    hop. `indirect` is the most of `amount` that can have come by way of others, the rest came directly.
    `cut` bounds `at_most`. `unknown` of `shipments` state no amount in the unit. `since` to `until`
    (exclusive) is the window in which all of it must have left and arrived. Days are ISO dates.
    """

    of: str
    to: tuple[PartyRef, ...]
    senders: tuple[PartyRef, ...]
    corridors: int
    unit: str | None
    amount: float
    indirect: float
    at_most: float | None
    exact: bool
    value_usd: float
    shipments: int
    unknown: int
    first_day: str | None
    last_day: str | None
    since: str | None
    until: str | None
    cut: tuple[Bottleneck, ...]
    caveats: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The fields under their own names."""
        return asdict(self)


def moved(transfers: Transfers, shipments: pa.Table, options: Options) -> Moved:
    """The transfers of a case with the units of their quantities."""
    units = shipments["unit"].take(pa.array(transfers.shipment)).to_pandas().astype(object)
    known = units.where(units.notna(), None).to_numpy(dtype=object)
    return Moved(transfers, known, (options.dwell_min, options.dwell), options.top)


def flow(
    analysis: Analysis, what: str, *, since: date | None = None, until: date | None = None
) -> Throughput:
    """The most that can have passed by a route (its id or rank), or reached a restricted party (its id).

    Only shipments that left on or after `since` and arrived before `until` count. Raises `NotFound` where the
    analysis has neither.
    """
    options = Options.of_json(analysis.summary["manifest"]["options"])
    goods = moved(analysis.dossier.transfers, analysis.dossier.shipments, options)
    ranked = list(enumerate(analysis.findings, 1))
    return throughput(chosen(what, ranked), goods, what, (since, until), len(ranked))


def chosen(what: str, ranked: Sequence[tuple[int, Finding]]) -> list[Finding]:
    """The route of that id or rank, else the corridors to the restricted party of that id or name.

    Those that are the tail of another are told inside it.
    """
    for rank, finding in ranked:
        if what in (finding.route_id, str(rank)):
            return [finding]
    ends = [f for _, f in ranked if what in (f.parties[-1].id, f.parties[-1].name, f.restricted.party_id)]
    if not ends:
        hint = "`diversion routes` lists the routes, and the parties at their ends"
        raise NotFound(f"no route and no end of a route is called {what!r} in it", hint=hint)
    return [f for f in ends if f.within is None] or ends


def throughput(
    findings: Sequence[Finding],
    goods: Moved,
    what: str,
    window: tuple[date | None, date | None] = (None, None),
    kept: int = 0,
) -> Throughput:
    """The maximum flow through corridors, of `kept` of the run; see `routes.flow.most` for its cost."""
    transfers, (since, until) = goods.transfers, window
    if since is not None and until is not None and since >= until:
        raise UsageError(f"no day lies from {since} to before {until}", where="--since, --until")
    hops = _hops(findings, transfers)
    days, inside = _days(goods), _within(transfers, since, until)
    net = network(hops, days, inside)
    unit, amount = _measure(goods, net.rows)
    price = np.divide(transfers.value_usd, amount, out=np.zeros(len(amount)), where=amount > 0)
    found = most(net, amount, price)
    longer = [hop for hop in hops if len(hop) > 1]
    indirect = found if len(longer) == len(hops) else most(network(longer, days, inside), amount, price)
    spans = transfers.departed_first[net.rows], transfers.arrived_last[net.rows]
    return Throughput(
        of=findings[0].route_id if what.isdigit() else what,
        to=_parties([f.parties[-1] for f in findings]),
        senders=_parties([f.parties[0] for f in findings]),
        corridors=len(findings),
        unit=unit,
        amount=found.amount,
        indirect=indirect.amount,
        at_most=found.at_most,
        exact=found.exact,
        value_usd=found.value,
        shipments=len(net.rows),
        unknown=int(np.isnan(amount[net.rows]).sum()),
        first_day=iso(int(spans[0].min())) if len(net.rows) else None,
        last_day=iso(int(spans[1].max())) if len(net.rows) else None,
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        cut=_cut(found, findings, transfers, amount),
        caveats=(*_caveats(findings, goods, net.rows, amount), *_left(findings, what, goods.top, kept)),
    )


def _hops(findings: Sequence[Finding], transfers: Transfers) -> list[list[Ints]]:
    """The transfers of each hop of each corridor."""
    index = pd.Index(transfers.ids, dtype=object)
    every = [(finding, hop) for finding in findings for hop in finding.shipments]
    place = index.get_indexer(pd.Index([one for _, hop in every for one in hop], dtype=object))
    if (place < 0).any():
        hint = "`diversion analyze` searches what the store holds now"
        raise NotFound("the store no longer holds the shipments of this run", hint=hint)
    cuts = np.cumsum([len(hop) for _, hop in every])[:-1]
    hops = iter(np.sort(part).astype(np.int32) for part in np.split(place, cuts))
    return [[next(hops) for _ in finding.shipments] for finding in findings]


def _days(goods: Moved) -> Days:
    t = goods.transfers
    first, left, came, last = (
        column.astype(np.int64) for column in (t.departed_first, t.departed, t.arrived, t.arrived_last)
    )
    return Days(first, left, came, last, *goods.dwell)


def _within(transfers: Transfers, since: date | None, until: date | None) -> Flags:
    """Transfers that can have left and arrived within the window."""
    inside = np.ones(len(transfers), bool)
    if since is not None:
        inside &= transfers.departed >= (since - EPOCH).days
    if until is not None:
        inside &= transfers.arrived < (until - EPOCH).days
    return inside


def _measure(goods: Moved, rows: Ints) -> tuple[str | None, Floats]:
    """The unit in which most shipments are known, kg only where it knows more, and all amounts in it."""
    transfers = goods.transfers
    named = sorted({unit for unit in goods.units[rows] if unit is not None} - {"kg"})
    columns = {unit: np.where(goods.units == unit, transfers.quantity, np.nan) for unit in named}
    weighed = np.where(goods.units == "kg", transfers.quantity, np.nan)
    columns["kg"] = np.where(np.isnan(weighed), transfers.weight_kg, weighed)
    unit = max(columns, key=lambda name: int((~np.isnan(columns[name][rows])).sum()))
    return (None if np.isnan(columns[unit][rows]).all() else unit), columns[unit]


def _parties(refs: Sequence[PartyRef]) -> tuple[PartyRef, ...]:
    return tuple(sorted({ref.id: ref for ref in refs}.values(), key=lambda ref: ref.id))


def _cut(
    found: Flow, findings: Sequence[Finding], transfers: Transfers, amount: Floats
) -> tuple[Bottleneck, ...]:
    ends = _ends(findings)
    order = sorted(found.cut, key=lambda e: (int(transfers.departed[e]), e))
    return tuple(
        Bottleneck(
            shipment=str(transfers.ids[e]),
            sender=ends[str(transfers.ids[e])][0],
            receiver=ends[str(transfers.ids[e])][1],
            departed_on=iso(int(transfers.departed_first[e])),
            arrived_on=iso(int(transfers.arrived_last[e])),
            amount=_stated(amount[e]),
            value_usd=_stated(transfers.value_usd[e]),
        )
        for e in order
    )


def _ends(findings: Sequence[Finding]) -> dict[str, tuple[PartyRef, PartyRef]]:
    """Sender and receiver of every shipment."""
    from diversion.centrality import steps

    found = {}
    for finding in findings:
        refs = {party.id: party for party in finding.parties}
        for (sender, receiver), hop in zip(steps(finding), finding.shipments, strict=True):
            found.update(dict.fromkeys(hop, (refs[sender], refs[receiver])))
    return found


def _left(findings: Sequence[Finding], what: str, top: int, kept: int) -> list[str]:
    """That the run kept no more corridors than it was asked for, where a party is asked about."""
    if not top or kept < top or what.isdigit() or what == findings[0].route_id:
        return []
    return [
        f"the run kept the {top} best corridors alone, and others may lead there that are not counted: "
        "`diversion analyze --top 0` keeps all"
    ]


def _stated(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)


def _caveats(findings: Sequence[Finding], goods: Moved, rows: Ints, amount: Floats) -> list[str]:
    """What the number does not say."""
    transfers = goods.transfers
    unknown, estimated = int(np.isnan(amount[rows]).sum()), int(transfers.estimated[rows].sum())
    said = ["an upper bound by the records: goods of one code and day need not be the same goods"]
    if unknown:
        state = "states" if unknown == 1 else "state"
        said.append(f"{unknown} of {counted(len(rows), 'shipment')} {state} no amount in this unit")
    if estimated:
        have = "has" if estimated == 1 else "have"
        shipments = counted(len(rows), "shipment")
        said.append(f"{estimated} of {shipments} {have} a day estimated from the transit time")
    if len(findings) > 1:
        said.append("goods may pass from one corridor to another where both use a shipment")
    if any(not finding.search.exact for finding in findings):
        said.append("the search was cut short, so that there may be corridors that are not counted")
    if any(broken.kind == "relabel" for finding in findings for broken in finding.breaks):
        said.append("goods that change their code on the way are taken to keep their unit")
    return said
