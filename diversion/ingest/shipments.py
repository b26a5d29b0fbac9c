"""Shipments: one record a line of a shipment, and everyone it names.

A record is `shipment_id/line`, and one read later replaces what stands under the same id. Where a file does
not number its lines, a line is named by its goods (HS code and description): a corrected amount, day or
party then meets the row it corrects, and the order of rows does not matter. Rows of a file that agree in
shipment and goods and differ in anything else are several lines, numbered in the order of their content;
such a shipment has to stand in one file whole, any other may be split over several. Corrected goods are
another line.

A row without a shipment id is known by its content. In one file identical rows are several shipments; over
two files they are the same ones, since the same rows read again must change nothing.
"""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import vocabulary
from diversion.ingest.columns import KINDS, ROLES
from diversion.ingest.mentions import PARTIES, named, party_of
from diversion.ingest.recipe import (
    ROW,
    Check,
    Lookup,
    Recipe,
    country_checks,
    country_lookup,
    day_checks,
    day_lookup,
    number_checks,
)
from diversion.ingest.stage import Stage

FIRST_DAY = "DATE '1990-01-01'"
LATEST_ARRIVAL = 366
"""Days after the ingest within which goods under way may be expected."""

_ENDS = ("exporter", "consignee")
_TEXTS = ["description", "end_use", "licence", "bill_of_lading", "instrument_id"]
_COUNTRIES = [f"{role}_country" for role in ROLES]
_UNLINED = "t_shipment_id IS NOT NULL AND t_line IS NULL"
_GOODS = (
    "left(digest(coalesce(hs_code__digits, '') || chr(31) || coalesce("
    r"trim(regexp_replace(lower(nfc_normalize(t_description)), '[^\pL\pN]+', ' ', 'g')), '')), 8)"
)
_OWN = {"numbered": "FALSE", "unlined": _UNLINED, "goods": f"CASE WHEN {_UNLINED} THEN {_GOODS} END"}
"""What is no content of a row but names it."""
_PARSED = {
    "shipment_id": "t_shipment_id",
    "line": "t_line",
    **_OWN,
    "departed_on": "departed_on__first",
    "departed_latest": "departed_on__last",
    "arrived_on": "arrived_on__first",
    "arrived_latest": "arrived_on__last",
    "hs_code": "t_hs_code",
    "hs6": "hs_code__hs6",
    "quantity": "quantity__number * coalesce(unit__factor, 1)",
    "unit": "unit__base",
    "weight_kg": "weight_kg__number",
    "value": "coalesce(value__number, value_usd__number)",
    "currency": "coalesce(currency__code, "
    "CASE WHEN t_value IS NULL AND t_value_usd IS NOT NULL THEN 'USD' END)",
    "value_usd": "coalesce(value_usd__number, "
    "CASE WHEN coalesce(currency__code, 'USD') = 'USD' THEN value__number END)",
    **{name: f"t_{name}" for name in _TEXTS},
    **{name: f"t_{name}" for role in ROLES for name in (role, f"{role}_id")},
    **{name: f"{name}__code" for name in _COUNTRIES},
}
_CONTENT = tuple(sorted(set(_PARSED) - set(_OWN)))
_DERIVED = {
    "numbered": "shipment_id IS NULL",
    "shipment_id": "coalesce(shipment_id, 'S-' || digest)",
    "line": "coalesce(line, CASE WHEN shipment_id IS NULL THEN '1' ELSE goods END)",
}


def _unnamed(*roles: str) -> str:
    return " AND ".join(f"t_{role} IS NULL AND t_{role}_id IS NULL" for role in roles)


_FAULTS = (
    Check("exporter", _unnamed("exporter"), "neither name nor id of the exporter"),
    Check(
        "consignee",
        _unnamed("consignee", "end_user", "notify_party"),
        "neither name nor id of the consignee, nor of an end user or notify party",
    ),
    *day_checks("departed_on", "arrived_on"),
    Check("departed_on", "t_departed_on IS NULL AND t_arrived_on IS NULL", "neither departure nor arrival"),
    *(Check(c, f"v_{c} < {FIRST_DAY}", "earlier than 1990") for c in ("departed_on", "arrived_on")),
    Check("departed_on", "v_departed_on > $today", "later than the day of ingest"),
    Check(
        "arrived_on",
        f"v_arrived_on > $today AND (v_departed_on IS NULL OR v_arrived_on > $today + {LATEST_ARRIVAL})",
        "later than the day of ingest",
    ),
    Check("arrived_on", "v_arrived_latest < v_departed_on", "arrival before departure"),
    *country_checks(*_COUNTRIES),
    Check(
        "hs_code",
        "t_hs_code IS NOT NULL AND hs_code__digits IS NULL",
        "not an HS code: 4 to 12 digits, dots and spaces allowed",
    ),
    Check("unit", "t_unit IS NOT NULL AND unit__base IS NULL", "unknown unit"),
    *number_checks("quantity", "weight_kg", "value", "value_usd"),
    Check("currency", "t_currency IS NOT NULL AND currency__code IS NULL", "no such currency (ISO 4217)"),
)
_ROW = (
    "id, shipment_id, line, departed_on, departed_latest, arrived_on, arrived_latest, hs_code, "
    "hs6, description, quantity, unit, weight_kg, value, currency, value_usd, end_use, licence, "
    "bill_of_lading, instrument_id"
)


def _tables(stage: Stage) -> dict[str, str]:
    used = [role for role in ROLES if _is_used(stage, role)]
    named(stage, {role: f"{role}_country" for role in used})
    others = [_role_sql(role, f"'{role.replace('_', ' ')}'") for role in used if role not in _ENDS]
    tables = {
        "Party": PARTIES,
        "Item": "SELECT DISTINCT hs6, left(hs6, 4) AS hs4 FROM parsed WHERE fault = 0 AND hs6 IS NOT NULL",
        "Shipment": f"SELECT {_ROW}, source, {ROW} AS row, known_on FROM parsed "
        "JOIN sheet ON no = (n >> 32) WHERE fault = 0",
        "SENT": _role_sql("exporter"),
        "DELIVERED_TO": _role_sql("consignee"),
        "OF": "SELECT id AS shipment, hs6 FROM parsed WHERE fault = 0 AND hs6 IS NOT NULL",
    }
    return tables | ({"TOOK_PART": " UNION ALL ".join(others)} if others else {})


def _is_used(stage: Stage, role: str) -> bool:
    found = stage.rows(f"SELECT 1 FROM parsed WHERE {role} IS NOT NULL OR {role}_id IS NOT NULL LIMIT 1")
    return bool(found) or role in _ENDS


def _role_sql(role: str, said: str = "") -> str:
    party, join = party_of(role, f"p.{role}_country", "m")
    told = f"{said} AS role, " if said else ""
    return (
        f"SELECT {party} AS party, p.id AS shipment, {told}p.{role} AS name, p.{role}_country AS country "
        f"FROM parsed p {join} WHERE fault = 0 AND ({role} IS NOT NULL OR {role}_id IS NOT NULL)"
    )


def _remarks(stage: Stage) -> list[str]:
    stands = "SELECT count(*) FROM parsed WHERE fault = 0 AND"
    told = {
        "hs6 IS NULL": "rows have no HS code of six digits: no route can be searched with them",
        "value IS NOT NULL AND value_usd IS NULL": "values are in other currencies than US dollars and were "
        "not converted",
        "value_usd IS NOT NULL AND currency IS NULL": "values have no currency and are taken as US dollars",
    }
    counted = [(stage.number(f"{stands} {when}"), what) for when, what in told.items()]
    return [f"{count} {what}" for count, what in counted if count]


RECIPE = Recipe(
    columns=KINDS["shipments"].columns,
    principal="Shipment",
    parsed=_PARSED,
    content=_CONTENT,
    key="shipment_id || '/' || line",
    checks=_FAULTS,
    conflict=Check("shipment_id", "", "shipment and line stand already in row "),
    tables=_tables,
    remarks=_remarks,
    lookups=(
        day_lookup("departed_on", "arrived_on", "known_on"),
        country_lookup(*_COUNTRIES),
        Lookup(("hs_code",), vocabulary.hs, {"digits": pa.string(), "hs6": pa.string()}),
        Lookup(("unit",), vocabulary.unit, {"base": pa.string(), "factor": pa.float64()}),
        Lookup(("currency",), vocabulary.currency, {"code": pa.string()}),
    ),
    derived=_DERIVED,
    numbers={c: f"r.{c}" for c in ("quantity", "weight_kg", "value", "value_usd")},
    number_twins=True,
)
