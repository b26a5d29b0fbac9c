"""Shipments: one record a line of a shipment, and everyone it names.

A record is `shipment_id/line`, and one read later replaces what stands under the same id. Where a file does
not number its lines, a line is named by its goods (HS code and description): a corrected amount, day or
party then meets the row it corrects, and the order of rows does not matter. Rows of a file that agree in
shipment and goods and differ in anything else are several lines, numbered in the order of their content;
such a shipment has to stand in one file whole, any other may be split over several. Corrected goods are
another line.

In a table of customs or of a vendor the number of a declaration is one only with its day: offices count
anew each year. What stands below the name `shipment_id` is the id as it is.

A row without a shipment id is known by its content. In one file identical rows are several shipments; over
two files they are the same ones, since the same rows read again must change nothing.
"""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import day_columns, hs, shipment_money, shipment_parties, shipment_remarks, vocabulary
from diversion.ingest.cell_address import country_alone
from diversion.ingest.cell_contacts import told
from diversion.ingest.cell_numbers import identifiers
from diversion.ingest.columns import KINDS, ROLES
from diversion.ingest.recipe import ROW, Check, Lookup, Recipe, country_lookup, day_lookup
from diversion.ingest.shipment_checks import lenient, strict
from diversion.ingest.stage import Stage

_COLUMNS = KINDS["shipments"].columns
_TEXTS = ["description", "end_use", "licence", "bill_of_lading", "instrument_id", "master_bill"]
_PLACES = ["port_of_loading", "port_of_discharge", "vessel"]
_COUNTRIES = [*(f"{role}_country" for role in ROLES), "origin_country"]
_ADDRESSES, _NUMBERS, _CONTACTS = (
    [f"{role}_{what}" for role in ROLES if f"{role}_{what}" in _COLUMNS]
    for what in ("address", "identifier", "contact")
)
_UNLINED = "t_shipment_id IS NOT NULL AND t_line IS NULL"
_GOODS = (
    "left(digest(coalesce(hs_code__digits, '') || chr(31) || coalesce("
    r"trim(regexp_replace(lower(nfc_normalize(t_description)), '[^\pL\pN]+', ' ', 'g')), '')), 8)"
)
_COMPOSED = "departed_on__first IS NULL AND arrived_on__first IS NULL AND coalesce(flow__flow, '')"
_OWN = {
    "numbered": "FALSE",
    "unlined": _UNLINED,
    "goods": f"CASE WHEN {_UNLINED} THEN {_GOODS} END",
    "quantity_written": "CASE WHEN quantity__unit IS NOT NULL OR unit__factor <> 1 "
    "OR (t_unit IS NOT NULL AND unit__base IS NULL) OR quantity__number IS NULL "
    "THEN nullif(concat_ws(' ', t_quantity, t_unit), '') END",
    **{f"{column}_country": f"{column}__country" for column in _ADDRESSES},
    **{f"{column}s": f"{column}__numbers" for column in _NUMBERS},
    **{f"{column}s": f"{column}__ways" for column in _CONTACTS},
}
"""What is no content of a row, but names it or is read out of its content."""


def _weight(column: str) -> str:
    factor = f"CASE {column}__unit WHEN 'kg' THEN {column}__factor END"
    fits = f"coalesce({column}__unit, 'kg') = 'kg' AND (t_weight_unit IS NULL OR weight_unit__base = 'kg')"
    return f"CASE WHEN {fits} THEN {column}__number * coalesce({factor}, weight_unit__factor, 1) END"


def _country(role: str) -> str:
    code, column = f"{role}_country__code", f"{role}_address"
    return f"coalesce({code}, {column}__country)" if column in _ADDRESSES else code


_PARSED = {
    "shipment_id": "t_shipment_id",
    "line": "t_line",
    **_OWN,
    **{
        f"{end}_{kept}": f"coalesce({end}_on__{read}, CASE WHEN {_COMPOSED} {side} THEN composed__{read} END)"
        for end, side in (("departed", "<> 'import'"), ("arrived", "= 'import'"))
        for kept, read in (("on", "first"), ("latest", "last"))
    },
    "flow": "flow__flow",
    "hs_code": "t_hs_code",
    "hs6": "hs_code__hs6",
    "quantity": "quantity__number * coalesce(quantity__factor, unit__factor, 1)",
    "unit": "coalesce(quantity__unit, unit__base)",
    "weight_kg": f"coalesce({_weight('weight_kg')}, {_weight('gross_weight_kg')})",
    **shipment_money.PARSED,
    **{name: f"t_{name}" for name in (*_TEXTS, *_PLACES)},
    **{name: f"t_{name}" for role in ROLES for name in (role, f"{role}_id")},
    **{name: f"t_{name}" for name in (*_ADDRESSES, *_NUMBERS, *_CONTACTS)},
    **{f"{role}_country": _country(role) for role in ROLES},
    "origin_country": "origin_country__code",
}
_CONTENT = tuple(sorted(set(_PARSED) - set(_OWN)))
_DERIVED = {
    "numbered": "shipment_id IS NULL",
    "shipment_id": "coalesce(shipment_id, 'S-' || digest)",
    "line": "coalesce(line, CASE WHEN shipment_id IS NULL THEN '1' ELSE goods END)",
}
_DATED = (
    "CASE WHEN $dated AND NOT numbered THEN "
    "coalesce('@' || strftime(coalesce(departed_on, arrived_on), '%Y%m%d'), '') ELSE '' END"
)
"""Numbers of declarations come again in another year and in another country: in their tables a day belongs to
the id, so that no record takes the place of another."""
_ROW = (
    "id, shipment_id, line, departed_on, departed_latest, arrived_on, arrived_latest, flow, hs_code, hs6, "
    "description, quantity, unit, quantity_written, weight_kg, value, p.currency, end_use, licence, "
    "bill_of_lading, master_bill, origin_country, port_of_loading, port_of_discharge, vessel, instrument_id"
)


def _tables(stage: Stage) -> dict[str, str]:
    usd, join = shipment_money.converted(stage)
    return {
        **shipment_parties.tables(stage),
        "Item": "SELECT DISTINCT hs6, left(hs6, 4) AS hs4 FROM parsed WHERE fault = 0 AND hs6 IS NOT NULL",
        "Shipment": f"SELECT {_ROW}, {usd}, source, {ROW} AS row, known_on FROM parsed p "
        f"JOIN sheet ON no = (n >> 32) {join} WHERE fault = 0",
        "OF": "SELECT id AS shipment, hs6 FROM parsed WHERE fault = 0 AND hs6 IS NOT NULL",
    }


RECIPE = Recipe(
    columns=_COLUMNS,
    principal="Shipment",
    parsed=_PARSED,
    content=_CONTENT,
    key=f"shipment_id || '/' || line || {_DATED}",
    checks=strict(_COUNTRIES),
    lenient=lenient,
    conflict=Check("shipment_id", "", "shipment and line stand already in row "),
    tables=_tables,
    prepare=shipment_money.prepare,
    remarks=shipment_remarks.remarks,
    lookups=(
        day_lookup("departed_on", "arrived_on", "known_on"),
        Lookup(
            ("composed",),
            day_columns.composed,
            day_columns.GIVES,
            """coalesce(r."year", '') || '|' || coalesce(r."month", '') || '|' || coalesce(r."day", '')""",
            of=("year", "month"),
        ),
        country_lookup(*_COUNTRIES),
        Lookup(("hs_code",), None, dict.fromkeys(("digits", "hs6", "single"), pa.string()), make=hs.make),
        Lookup(("unit", "weight_unit"), vocabulary.unit, {"base": pa.string(), "factor": pa.float64()}),
        Lookup(("currency",), vocabulary.currency, {"code": pa.string()}),
        Lookup(("flow",), vocabulary.flow, {"flow": pa.string()}),
        Lookup(tuple(_ADDRESSES), country_alone, {"country": pa.string()}),
        Lookup(tuple(_NUMBERS), identifiers, {"numbers": pa.list_(pa.string())}),
        Lookup(tuple(_CONTACTS), told, {"ways": pa.list_(pa.string())}),
    ),
    derived=_DERIVED,
    numbers={c: f"r.{c}" for c in ("quantity", "weight_kg", "gross_weight_kg", "value", "value_usd")},
    number_twins=True,
)
