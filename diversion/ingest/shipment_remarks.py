"""What a person should know of the shipments of a file: how much was read with something missing."""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import shipment_money
from diversion.ingest.columns import ROLES
from diversion.ingest.recipe import RAW
from diversion.ingest.stage import Stage

_UNREAD = (
    ("v_departed_on", ("departed_on",), "first", "days of departure that cannot be told"),
    ("v_arrived_on", ("arrived_on",), "first", "days of arrival that cannot be told"),
    ("v_exporter_country", tuple(f"{role}_country" for role in ROLES), "code", "countries that are not "
    "known"),
    ("v_exporter_country", ("origin_country",), "code", "countries of origin that are not known"),
    ("v_hs_code", ("hs_code",), "digits", "HS codes that are none"),
    ("v_hs_code", ("hs_code",), "single", "cells name several HS codes: the first of each counts"),
    ("v_unit", ("unit",), "base", "units that are not known: their quantities have none"),
    ("v_unit", ("weight_unit",), "base", "units of weight that are not known: those weights are left out"),
    ("v_currency", ("currency",), "code", "currencies that are not known: their values have none"),
    ("v_flow", ("flow",), "flow", "words for the direction of trade that are not known"),
    *((f"v_{c}", (c,), "number", f"texts in the place of {what} that are no number") for c, what in (
        ("quantity", "a quantity"), ("weight_kg", "a weight"), ("gross_weight_kg", "a gross weight"),
        ("value", "a value"), ("value_usd", "a value in US dollars"),
    )),
)  # fmt: skip
"""Table of readings, columns, reading, and what is said of texts in them that have none."""

COMPARED = 200_000
"""Shipments of a file up to which they are compared with those of the store: beyond, it takes too long."""


def remarks(stage: Stage) -> list[str]:
    """Sentences with counts, of rows that stand."""
    stands = "SELECT count(*) FROM parsed WHERE fault = 0 AND"
    told = {
        "hs6 IS NULL": "rows have no HS code of six digits: no route can be searched with them",
        "value_usd = value AND currency IS NULL": "values have no currency and are taken as US dollars",
        "value IS NOT NULL AND value_usd IS NULL AND currency IS NULL": "values have no currency and "
        "were not "
        "converted",
    }
    counted = [(stage.number(f"{stands} {when}"), what) for when, what in told.items()]
    found = [f"{count} {what}" for count, what in counted if count]
    return found + shipment_money.remarks(stage) + _unread(stage) + _restated(stage)


def _restated(stage: Stage) -> list[str]:
    """Shipments of which the store holds other goods than the file, which numbers no lines of theirs."""
    # An id with a day is one of a declaration, which may well stand in several files.
    lines = "FROM parsed WHERE fault = 0 AND unlined AND id = shipment_id || '/' || line"
    count = stage.number(f"SELECT count(DISTINCT shipment_id) {lines}")
    if not stage.store_read or not 0 < count <= COMPARED:
        return []
    batches = stage.stream(f"SELECT DISTINCT shipment_id {lines}", COMPARED)
    asked = pa.chunked_array([batch.column(0) for batch in batches]).combine_chunks()
    columns = ["id", "shipment_id"]
    stage.keep(
        "held_line",
        stage.store_read("Shipment", columns=columns, only=("shipment_id", asked), ordered=False),
    )
    others = stage.number(
        "SELECT count(DISTINCT shipment_id) FROM held_line ANTI JOIN "
        "(SELECT id FROM parsed WHERE fault = 0) USING (id)"
    )
    told = (
        f"{others} shipments are in the store with other goods too, which count beside these: if this file "
    )
    return [f"{told}corrects them, number their lines (column line)"] if others else []


def _unread(stage: Stage) -> list[str]:
    columns = {row[0] for row in stage.rows(f"DESCRIBE {RAW}")}
    tables = {row[0] for row in stage.rows("SELECT table_name FROM duckdb_tables()")}
    found = []
    for table, named, gives, what in _UNREAD:
        there = [c for c in named if c in columns]
        if table in tables and there and stage.rows(f"SELECT 1 FROM {table} WHERE {gives} IS NULL LIMIT 1"):
            found += _counted(stage, table, there, (gives, what))
    return found


def _counted(stage: Stage, table: str, columns: list[str], told: tuple[str, str]) -> list[str]:
    """How many texts of rows that stand have no reading, with the most frequent of them."""
    gives, what = told
    each = " UNION ALL ".join(f'SELECT n, "{c}" AS text FROM raw WHERE "{c}" IS NOT NULL' for c in columns)
    rows = stage.rows(
        f"SELECT text, count(*) AS times, sum(times) OVER () FROM ({each}) SEMI JOIN (SELECT n FROM parsed "
        f"WHERE fault = 0) USING (n) SEMI JOIN (SELECT text FROM {table} WHERE {gives} IS NULL) USING (text) "
        "GROUP BY text ORDER BY times DESC, text LIMIT 3"
    )
    shown = ", ".join(repr(text[:40]) for text, _, _ in rows)
    return [f"{rows[0][2]} {what} ({shown}{', …' if len(rows) == 3 else ''})"] if rows else []
