"""Customs declarations of FollowTheMoney (EconomicActivity) as rows of a table of shipments."""

from __future__ import annotations

import re

from diversion.ingest.documents import Entry
from diversion.ingest.ftm_entity import Entity
from diversion.ingest.ftm_share import Cells

COLUMNS = (
    *("shipment_id", "line", "departed_on", "arrived_on", "hs_code", "description", "value", "currency"),
    *("value_usd", "instrument_id", "exporter", "exporter_id", "exporter_country", "consignee"),
    *("consignee_id", "consignee_country", "forwarder_id", "declarant_id", "flow", "origin_country"),
)
_FLOWS = {
    "export": ("export", "exp", "эк", "экспорт", "ex"),
    "import": ("import", "imp", "им", "импорт", "im"),
    "transit": ("transit", "тр", "транзит", "tr"),
}
_AMOUNT = re.compile(r"([A-Z]{3})?\s*(\d[\d\s.,]*)\s*([A-Z]{3})?")


def entry(entity: Entity) -> Entry:
    """The row of one declaration. Who takes part is named by id: the parties stand in the file themselves."""
    number = entity.first("ccdNumber")
    amount, currency = _amount(entity)
    flow = _flow(entity.first("directionOfTransportation"))
    cells: Cells = {
        # One declaration may have several goods, each an entity: then it is the line.
        "shipment_id": number or entity.id,
        "line": entity.id if number else None,
        "hs_code": entity.first("vedCode"),
        "description": entity.first("goodsDescription", "vedCodeDescription", "description", "summary"),
        "value": amount,
        "currency": currency,
        "value_usd": None if currency == "USD" else _dollars(entity),
        "instrument_id": entity.first("contract"),
        "exporter_id": entity.first("sender"),
        "exporter_country": _land(entity, "departureCountry", "tradingCountry"),
        "consignee_id": entity.first("receiver"),
        "consignee_country": _land(entity, "destinationCountry"),
        "origin_country": _land(entity, "originCountry"),
        "flow": flow,
    }
    return Entry(entity.row, cells | _days(entity, flow) | _others(entity))


def _land(entity: Entity, *names: str) -> str | None:
    return next((code for name in names for code in entity.countries(name)), None)


def _flow(text: str | None) -> str | None:
    word = (text or "").strip().casefold()
    return next((flow for flow, words in _FLOWS.items() if word in words), None)


def _days(entity: Entity, flow: str | None) -> Cells:
    """Begin and end; a day alone is that of the declaration, made where the goods leave or arrive."""
    begin, end, alone = entity.day("startDate"), entity.day("endDate"), entity.day("date")
    if begin or end:
        return {"departed_on": begin, "arrived_on": end if end != begin else None}
    return {"arrived_on" if flow == "import" else "departed_on": alone}


def _others(entity: Entity) -> Cells:
    """Declarant, and who cares for the formalities, which is the declarant where none else is."""
    declarant, holder = entity.first("declarant"), entity.first("contractHolder")
    return {
        "declarant_id": declarant or holder,
        "forwarder_id": holder if declarant and holder != declarant else None,
    }


def _amount(entity: Entity) -> tuple[str | None, str | None]:
    """Invoice value and its currency, where the text has one; a customs value is in the country's own."""
    text = entity.first("invoiceAmount", "ccdValue")
    found = _AMOUNT.fullmatch(text.upper()) if text else None
    return (found[2].strip(), found[1] or found[3]) if found else (text, None)


def _dollars(entity: Entity) -> str | None:
    """The customs value at the rate of the dollar that the declaration states."""
    try:
        value = float(entity.first("customsAmount") or "")
        rate = float(entity.first("dollarExchRate") or "")
    except ValueError:
        return None
    return f"{value / rate:.2f}" if rate > 0 and value >= 0 and value / rate < 1e15 else None
