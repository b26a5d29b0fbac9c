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
from diversion.store.base import Store

SHORTEST = 5
"""Letters and digits of a bill of lading below which its number says nothing."""
NEAR = 0.05
"""Share by which two declarations of one amount may differ."""
SLIP, LONG = 7, 366
"""Days by which a declaration of arrival may precede that of departure, and by which it may follow it."""
WORTH = 3
"""How many times as much one declaration may say that the goods are worth."""
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
    "description",
    "source",
]


def find(store: Store) -> pa.Table:
    """The rows of MIRRORS for all shipments of the store.

    Cost: one pass over the bill numbers of all shipments, then work on those that share one. Deterministic,
    whatever the order in which files came.
    """
    shared = _shared(store)
    if not len(shared):
        return schema.load()["MIRRORS"].arrow.empty_table()
    ends = [_ends(store, kind, shared["id"]) for kind in ("SENT", "DELIVERED_TO")]
    return _pairs(shared, *ends).cast(schema.load()["MIRRORS"].arrow)


_BILLS = ("bill_of_lading", "master_bill")


def _key(column: str) -> str:
    """SQL of a bill's number as letters and digits; null where it is too short, or without a digit."""
    plain = f"regexp_replace(upper({column}), '[^\\pL\\pN]+', '', 'g')"
    return f"CASE WHEN length({plain}) >= {SHORTEST} AND regexp_matches({plain}, '[0-9]') THEN {plain} END"


def _shared(store: Store) -> pa.Table:
    """The shipments whose bill, house or master, stands on another record too, with the keys of both."""
    written = _twice(store.read("Shipment", _BILLS, ordered=False))
    found = [
        store.read("Shipment", _COLUMNS, only=(name, texts)) for name, texts in written.items() if len(texts)
    ]
    if not found:
        return pa.table({name: [] for name in _COLUMNS})
    rows = pa.concat_tables(found)
    first = pc.index_in(pc.unique(rows["id"]), value_set=rows["id"].combine_chunks())
    return rows.take(first)


def _twice(bills: pa.Table) -> dict[str, pa.Array]:
    """For each column the texts whose key stands on several records. Ten million bills take some 300 MB."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "500MB"}) as con:
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


_NEAR = (
    f"(a.{{0}} IS NULL OR b.{{0}} IS NULL OR abs(a.{{0}} - b.{{0}}) <= {NEAR} * greatest(a.{{0}}, b.{{0}}))"
)
_CAME = "coalesce({1}.arrived_on, {1}.departed_on)"
_TIMELY = (
    f"({_CAME} IS NULL OR {{0}}.departed_on IS NULL OR "
    f"{_CAME} BETWEEN {{0}}.departed_on - {SLIP} AND {{0}}.departed_on + {LONG})"
)
_WORTH = (
    f"(a.value_usd IS NULL OR b.value_usd IS NULL OR "
    f"greatest(a.value_usd, b.value_usd) <= {WORTH} * least(a.value_usd, b.value_usd))"
)
_AGREE = "(a.{0} = b.{0} AND a.{0} IS NOT NULL)"
_WORDS = (
    "concat_ws(', ', 'bill of lading ' || a.bill_of_lading, 'goods ' || a.hs6, "
    f"CASE WHEN {_AGREE.format('sender')} THEN 'exporter' END, "
    f"CASE WHEN {_AGREE.format('receiver')} THEN 'consignee' END, "
    "CASE WHEN a.unit = b.unit AND a.quantity = b.quantity THEN 'quantity' "
    f"WHEN a.unit = b.unit AND a.quantity > 0 AND b.quantity > 0 THEN 'quantity within {NEAR:.0%}' END, "
    f"CASE WHEN a.weight_kg > 0 AND b.weight_kg > 0 THEN 'weight within {NEAR:.0%}' END)"
)
_RECORDS = (
    f"CREATE TABLE record AS SELECT s.*, {_key('s.bill_of_lading')} AS house, "
    f"{_key('s.master_bill')} AS master, x.party AS sender, y.party AS receiver, "
    "coalesce(quantity, weight_kg) AS amount, "
    "(departed_on IS NOT NULL)::INT + (arrived_on IS NOT NULL)::INT + (quantity IS NOT NULL)::INT + "
    "(weight_kg IS NOT NULL)::INT + (value_usd IS NOT NULL)::INT + (x.party IS NOT NULL)::INT + "
    "(y.party IS NOT NULL)::INT AS told FROM shared s "
    "LEFT JOIN sent x ON x.shipment = s.id LEFT JOIN delivered y ON y.shipment = s.id"
)
_DECLARED = (
    "CREATE TABLE declared AS SELECT a.id AS a, b.id AS b, a.told AS told_a, b.told AS told_b, "
    f"0.8 + 0.1 * {_AGREE.format('sender')}::INT + 0.09 * {_AGREE.format('receiver')}::INT AS score, "
    f"{_WORDS} AS why FROM record a JOIN record b ON a.house = b.house AND a.hs6 = b.hs6 AND a.id < b.id "
    "WHERE a.shipment_id <> b.shipment_id "
    "AND (a.flow <> b.flow OR (a.source <> b.source AND (a.flow IS NULL OR b.flow IS NULL))) "
    f"AND ({_AGREE.format('sender')} OR {_AGREE.format('receiver')} "
    "OR (a.sender IS NULL AND b.receiver IS NULL) OR (b.sender IS NULL AND a.receiver IS NULL)) "
    "AND (a.unit IS DISTINCT FROM b.unit OR " + _NEAR.format("quantity") + ") "
    "AND " + _NEAR.format("weight_kg") + " AND " + _WORTH + " AND (CASE WHEN a.flow = 'export' OR b.flow = "
    "'import' THEN "
    + _TIMELY.format("a", "b")
    + " WHEN b.flow = 'export' OR a.flow = 'import' THEN "
    + _TIMELY.format("b", "a")
    + " ELSE "
    + _TIMELY.format("a", "b")
    + " OR "
    + _TIMELY.format("b", "a")
    + " END)"
)
_WEIGHS = f"coalesce(abs(m.weight_kg - sum(h.weight_kg)) <= {NEAR} * m.weight_kg, FALSE)"
_COUNTS = (
    f"coalesce(abs(m.quantity - sum(h.quantity) FILTER (h.unit = m.unit)) <= {NEAR} * m.quantity, FALSE)"
)
_MASTERS = (
    "SELECT m.id AS shipment, min(h.id) AS other, 'master bill' AS kind, "
    f"CASE WHEN {_WEIGHS} THEN 0.98 ELSE 0.9 END AS score, "
    "'master bill ' || any_value(m.bill_of_lading) || ' of ' || count(*) || ' house bills, ' || "
    f"CASE WHEN {_WEIGHS} THEN 'weight' ELSE 'quantity' END AS why "
    "FROM record m JOIN record h ON m.house = h.master AND h.id <> m.id "
    "AND h.house IS DISTINCT FROM h.master AND h.shipment_id <> m.shipment_id "
    "GROUP BY m.id, m.hs6, m.weight_kg, m.quantity, m.unit "
    "HAVING (m.hs6 IS NULL OR count(*) FILTER (h.hs6 = m.hs6) > 0) "
    f"AND ({_WEIGHS} OR (m.weight_kg IS NULL AND {_COUNTS}))"
)
"""A master bill is joined to its house bills only where they add up to it."""


def _pairs(shared: pa.Table, sent: pa.Table, delivered: pa.Table) -> pa.Table:
    """One row a record that is not counted. A record is the mirror of one other at most."""
    import duckdb

    con = duckdb.connect()
    for name, table in (("shared", shared), ("sent", sent), ("delivered", delivered)):
        con.register(name, table)
    con.execute(_RECORDS)
    con.execute(_DECLARED)
    declared = con.execute(
        "SELECT a, b, told_a, told_b, score, why FROM declared ORDER BY score DESC, a, b"
    ).fetchall()
    masters = con.execute(f"{_MASTERS} ORDER BY shipment").fetchall()
    gone = {row[0] for row in masters}
    rows = list(masters)
    paired: set[str] = set()
    for a, b, told_a, told_b, score, why in declared:
        if {a, b} & (paired | gone):
            continue
        paired |= {a, b}
        kept, mirror = (a, b) if told_a >= told_b else (b, a)
        rows.append((mirror, kept, "mirror declaration", score, why))
    names = ["shipment", "other", "kind", "score", "why"]
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})


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
