"""Every shipment with its parties in one row."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from diversion.store.base import PARTY_ROLES, SHIPMENT_COLUMNS
from diversion.store.merge import quoted
from diversion.store.order import in_key_order

ENDS = {
    "exporter": "a.party",
    "consignee": "b.party",
    "exporter_name": "a.name",
    "consignee_name": "b.name",
    "exporter_country": "a.country",
    "consignee_country": "b.country",
}


def shipments_sql(tables: str, key: str) -> str:
    """SQL of the columns of `Store.shipments`; `tables` comes before each table, `key` names a shipment."""
    others = [role for role in PARTY_ROLES if role not in ENDS]
    pivot = ", ".join(f"max(party) FILTER (role = '{role.replace('_', ' ')}') AS {role}" for role in others)
    source = {**ENDS, **{role: f"c.{role}" for role in others}}
    shown = ", ".join(f"{source.get(c, f's.{quoted(c)}')} AS {quoted(c)}" for c in SHIPMENT_COLUMNS)
    return (
        f'SELECT {shown} FROM {tables}"Shipment" s LEFT JOIN {tables}"SENT" a ON a.shipment = s.{key} '
        f'LEFT JOIN {tables}"DELIVERED_TO" b ON b.shipment = s.{key} '
        f'LEFT JOIN (SELECT shipment, {pivot} FROM {tables}"TOOK_PART" GROUP BY shipment) c '
        f"ON c.shipment = s.{key}"
    )


def widen(tables: Mapping[str, pa.Table]) -> pa.Table:
    """The columns of `Store.shipments` from the tables Shipment, its relationships, and Party."""
    import duckdb

    with duckdb.connect() as con:
        for name, table in tables.items():
            con.register(name, table)
        rows = in_key_order(con.sql(shipments_sql("", "id")).to_arrow_table(), ["id"])
    ids = tables["Party"]["id"].combine_chunks()
    ids = ids.take(pc.sort_indices(ids))
    for role in PARTY_ROLES:
        at = pc.index_in(rows[role].combine_chunks(), value_set=ids)
        rows = rows.set_column(rows.column_names.index(role), role, pa.DictionaryArray.from_arrays(at, ids))
    return rows
