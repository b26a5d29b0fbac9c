"""One corridor, scored, as the finding that every surface renders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from diversion.dossier import Dossier
from diversion.explain.case import Case, Row, case_of
from diversion.explain.grounds import end_of, several
from diversion.explain.law import law_of
from diversion.explain.legs import Leg, breaks_of, legs_of
from diversion.explain.story import tell, verdict
from diversion.explain.sure import SEARCH, caveats, identity, searched, settle
from diversion.explain.words import iso, one_line
from diversion.findings import (
    Finding,
    Goods,
    Record,
    Search,
    band_of,
)
from diversion.routes.corridors import id_of

if TYPE_CHECKING:
    from diversion.routes.corridors import Corridor
    from diversion.scoring.model import Scored


def finding(
    corridor: Corridor, scored: Scored, dossier: Dossier, search: Search, within: str | None = None
) -> Finding:
    """The corridor as a person reads it.

    `within` is the route id of the longest corridor that contains this one. The first call on a dossier
    looks at its parties once; each finding after that costs about a millisecond.
    """
    case = case_of(dossier)
    legs = legs_of(corridor, case)
    hs6 = str(dossier.transfers.hs6[corridor.item])
    goods, catalogue = _goods(hs6, legs, case)
    breaks = breaks_of(corridor, legs, case)
    restricted, grounds = end_of(corridor, legs, case)
    last = legs[-1].hop
    ending = (
        several(grounds, legs[-1].receiver.id, case) if len(grounds) > 1 else verdict(legs, restricted, case)
    )
    return Finding(
        route_id=id_of(corridor, dossier.transfers),
        score=scored.score,
        band=band_of(scored.score),
        coverage=scored.coverage,
        parties=tuple(case.party(party) for party in corridor.parties),
        item=goods,
        hops=len(legs),
        routes=int(corridor.routes),
        shipments=tuple(tuple(str(dossier.transfers.ids[i]) for i in leg.transfers) for leg in legs),
        first_day=min(leg.hop.first_day for leg in legs),
        last_day=max(leg.hop.last_day for leg in legs),
        quantity=last.quantity,
        unit=last.unit,
        value_usd=last.value_usd,
        per_hop=tuple(leg.hop for leg in legs),
        base=scored.base,
        breaks=breaks,
        restricted=restricted,
        contributions=tuple(scored.contributions),
        within=within,
        search=search,
        happened=(*tell((goods, catalogue), legs, breaks), ending),
        unjudged=tuple(scored.unjudged),
        identity=identity(legs, restricted, case),
        caveats=caveats(corridor, legs, breaks, restricted, search, case),
        settle=settle(legs, restricted, case),
        records=tuple(_records(legs, case)),
        law=law_of(case, hs6, legs),
    )


def retold(told: Finding, within: str | None, search: Search) -> Finding:
    """The same finding once the search is over: of which other it is the tail, what the search left out."""
    if told.search != search:
        line = searched(told.routes, told.breaks, search)
        lines = tuple(line if one.startswith(SEARCH) else one for one in told.caveats)
        told = replace(told, caveats=lines, search=search)
    return replace(told, within=within)


def _goods(hs6: str, legs: tuple[Leg, ...], case: Case) -> tuple[Goods, str]:
    good = case.dossier.policy.good(hs6)
    if good is not None:
        return Goods(hs6, good.description or "", good.tier or None), good.list
    texts = sorted({one_line(row.get("description") or "") for row in legs[0].rows} - {""})
    return Goods(hs6, texts[0] if texts else "", None), ""


def _records(legs: tuple[Leg, ...], case: Case) -> list[Record]:
    columns = case.dossier.transfers
    estimated = columns.estimated
    return [
        Record(
            shipment=str(columns.ids[i]),
            hop=hop,
            file=case.dossier.files.get(row.get("source") or "", (row.get("source") or "", None))[0],
            sheet=case.dossier.files.get(row.get("source") or "", ("", None))[1],
            row=row.get("row"),
            departed_on=iso(int(columns.departed_first[i])),
            arrived_on=iso(int(columns.arrived_last[i])),
            sender=row.get("exporter_name") or leg.sender.name,
            receiver=row.get("consignee_name") or leg.receiver.name,
            quantity=_stated(columns.quantity[i]),
            unit=row.get("unit"),
            value_usd=_stated(columns.value_usd[i]),
            description=row.get("description"),
            estimated=bool(estimated[i]),
            estimated_day=_which(row) if estimated[i] else None,
        )
        for hop, leg in enumerate(legs, start=1)
        for i, row in zip(leg.transfers, leg.rows, strict=True)
    ]


def _which(row: Row) -> Literal["departure", "arrival"]:
    """Which day of a record the transit time told: where it states one, the other."""
    stated = row.get("departed_on") or row.get("departed_latest")
    return "arrival" if stated else "departure"


def _stated(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
