"""Shipments that are on record twice: as export and as import declaration, on a house and on a master bill.

Both records stay in the store; `MIRRORS` names the one that is not counted and the one that is. Records with
different ids are never joined on equal content alone: they share the number of a transport document, their
goods, and nothing that both state may contradict.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diversion import schema
from diversion.ingest.scratch import scratch
from diversion.memory import limit
from diversion.store.base import Store

SHORTEST = 5
"""Letters and digits of a bill of lading below which its number says nothing."""
MANY = 2_000
"""Records of one bill above which its number is no number of a bill."""

_COLUMNS = [
    "id",
    "shipment_id",
    "flow",
    "hs6",
    "quantity",
    "unit",
    "weight_kg",
    "value_usd",
    "departed_on",
    "arrived_on",
    "bill_of_lading",
    "master_bill",
    "source",
]


def find(store: Store, memory: str | None = None) -> pa.Table:
    """The rows of MIRRORS for all shipments of the store; `memory` is what the sorting of it may use.

    Cost: one pass over the bill numbers of all shipments, then work on those that share one. Deterministic,
    whatever the order in which files came.
    """
    shared = _shared(store, memory)
    if not len(shared):
        return schema.load()["MIRRORS"].arrow.empty_table()
    sent, delivered = (_ends(store, kind, shared["id"]) for kind in ("SENT", "DELIVERED_TO"))
    return _pairs(shared, sent, delivered, memory).cast(schema.load()["MIRRORS"].arrow)


_BILLS = ("bill_of_lading", "master_bill")


def _key(column: str) -> str:
    """SQL of a bill's number as letters and digits; null where it is too short, or without a digit."""
    plain = f"regexp_replace(upper({column}), '[^\\pL\\pN]+', '', 'g')"
    return f"CASE WHEN length({plain}) >= {SHORTEST} AND regexp_matches({plain}, '[0-9]') THEN {plain} END"


def _shared(store: Store, memory: str | None) -> pa.Table:
    """The shipments whose bill, house or master, stands on another record too, with the keys of both."""
    written = _twice(store.read("Shipment", _BILLS, ordered=False), memory)
    found = [
        store.read("Shipment", _COLUMNS, only=(name, texts)) for name, texts in written.items() if len(texts)
    ]
    if not found:
        return pa.table({name: [] for name in _COLUMNS})
    rows = pa.concat_tables(found)
    first = pc.index_in(pc.unique(rows["id"]), value_set=rows["id"].combine_chunks())
    return rows.take(first)


def _twice(bills: pa.Table, memory: str | None) -> dict[str, pa.Array]:
    """For each column the texts whose key stands on several records. Ten million bills take some 300 MB."""
    import duckdb

    with (
        scratch() as folder,
        duckdb.connect(config={"memory_limit": limit(memory), "temp_directory": str(folder)}) as con,
    ):
        con.register("bills", bills)
        each = " UNION ALL ".join(f"SELECT {_key(name)} AS key FROM bills" for name in _BILLS)
        found = con.sql(f"SELECT hash(key) AS h FROM ({each}) WHERE key IS NOT NULL")
        values, counts = np.unique(found.to_arrow_table()["h"].to_numpy(), return_counts=True)
        con.register("again", pa.table({"h": values[(counts > 1) & (counts <= MANY)]}))
        return {name: con.sql(_again(name)).to_arrow_table()["text"].combine_chunks() for name in _BILLS}


def _again(name: str) -> str:
    keyed = f"SELECT {name} AS text, {_key(name)} AS key FROM bills"
    return f"SELECT DISTINCT text FROM ({keyed}) SEMI JOIN again ON hash(key) = h WHERE key IS NOT NULL"


def _ends(store: Store, kind: str, ids: pa.ChunkedArray) -> pa.Table:
    return store.read(kind, ["shipment", "party"], only=("shipment", ids.combine_chunks()))


_RECORDS = (
    "CREATE TABLE record AS SELECT row_number() OVER (ORDER BY s.id) - 1 AS n, s.*, "
    f"{_key('s.bill_of_lading')} AS house, "
    f"{_key('s.master_bill')} AS master, x.party AS sender, y.party AS receiver, "
    "(departed_on IS NOT NULL)::INT + (arrived_on IS NOT NULL)::INT + (quantity IS NOT NULL)::INT + "
    "(weight_kg IS NOT NULL)::INT + (value_usd IS NOT NULL)::INT + (x.party IS NOT NULL)::INT + "
    "(y.party IS NOT NULL)::INT AS told FROM shared s "
    "LEFT JOIN sent x ON x.shipment = s.id LEFT JOIN delivered y ON y.shipment = s.id"
)
_FOUND = (
    "SELECT shipment, other, 'master bill' AS kind, score, why FROM joined UNION ALL "
    "SELECT m.id, k.id, 'mirror declaration', score, why FROM paired JOIN record k ON k.n = kept "
    "JOIN record m ON m.n = mirror WHERE kept NOT IN (SELECT n FROM joined) "
    "AND mirror NOT IN (SELECT n FROM joined) ORDER BY kind, shipment"
)


def _pairs(shared: pa.Table, sent: pa.Table, delivered: pa.Table, memory: str | None) -> pa.Table:
    """One row a record that is not counted. A record is the mirror of one other at most."""
    import duckdb

    from diversion.linking import declared, masters

    with (
        scratch() as folder,
        duckdb.connect(config={"memory_limit": limit(memory), "temp_directory": str(folder)}) as con,
    ):
        for name, table in (("shared", shared), ("sent", sent), ("delivered", delivered)):
            con.register(name, table)
        con.execute(_RECORDS)
        declared.pair(con)
        masters.join(con)
        return con.sql(_FOUND).to_arrow_table()


FILLED = (
    ("departed_on", "departed_latest"),
    ("arrived_on", "arrived_latest"),
    ("quantity", "unit"),
    ("weight_kg",),
    ("value_usd",),
    ("exporter", "exporter_name", "exporter_country"),
    ("consignee", "consignee_name", "consignee_country"),
    ("end_user",),
    ("notify_party",),
    ("forwarder",),
    ("carrier",),
    ("bank",),
    ("end_use",),
    ("licence",),
    ("instrument_id",),
)
"""Columns of `Store.shipments` that a mirror declaration fills together where the other is silent."""


def counted(shipments: pa.Table, mirrors: pa.Table) -> pa.Table:
    """`Store.shipments` without the records that mirror another one of it, whose gaps they fill.

    A mirror whose counterpart is not among `shipments` (it was not known yet) counts itself.
    """
    if not len(mirrors):
        return shipments
    ids = shipments["id"].combine_chunks()
    mirror, kept = (pc.index_in(mirrors[name], value_set=ids) for name in ("shipment", "other"))
    both = pc.and_(pc.is_valid(mirror), pc.is_valid(kept))
    pairs = pa.table({"mirror": mirror, "kept": kept, "kind": mirrors["kind"]}).filter(both)
    if not len(pairs):
        return shipments
    filled = _filled(shipments, pairs.filter(pc.equal(pairs["kind"], "mirror declaration")))
    gone = pc.is_in(pa.array(range(len(shipments)), pa.int32()), value_set=pairs["mirror"].combine_chunks())
    return filled.filter(pc.invert(gone))


def _filled(shipments: pa.Table, pairs: pa.Table) -> pa.Table:
    source = np.full(len(shipments), -1, np.int64)
    source[pairs["kept"].to_numpy()] = pairs["mirror"].to_numpy()
    at = pa.array(source, mask=source < 0)
    for group in FILLED:
        silent = pc.is_null(shipments[group[0]])
        if not pc.any(pc.and_(silent, pc.is_valid(at))).as_py():
            continue
        for name in group:
            place = shipments.schema.get_field_index(name)
            other = shipments[name].take(at)
            merged = pc.if_else(silent, _plain(other), _plain(shipments[name]))
            shipments = shipments.set_column(place, name, _like(merged, shipments[name].type))
    return shipments


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _like(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if not pa.types.is_dictionary(kind):
        return column
    return column.combine_chunks().dictionary_encode().cast(kind)
