"""Which shipments of a store an instrument could pay for, found without holding all of them.

Of the shipments only one column at a time is looked at as a whole, and only where instruments state numbers
of its kind. What comes near is what names such a number, or somebody alike to an end of an instrument, with
all lines of the same shipment, whose values are added up.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from diversion.ingest.instruments import INSTRUCTED, TOLERANCE
from diversion.ingest.stage import Stage
from diversion.store.base import Store

CROWD = 20
"""Parties at one address above which sharing it says nothing."""
EARLY, LATE = 60, 60
"""Days before the issue of a credit, and after its last day of shipment, that are looked at."""
AROUND = 180
"""Days before and after a payment within which what it pays for is shipped."""
SHORTEST = 5
"""Letters and digits, one of them a digit, below which a number alone says nothing: a party must agree."""
NORM = "nullif(regexp_replace(upper({0}), '[^0-9A-Z]', '', 'g'), '')"
FOLD = "replace(replace(replace(replace({0}, 'ae', 'a'), 'oe', 'o'), 'ue', 'u'), 'aa', 'a')"
"""SQL of the key of a name in which `ü` and `UE`, `ø` and `OE`, `å` and `AA` are the same."""
BASE = FOLD.format("split_part(name_key, '|', 1)")
MONEY = f"(?m)^{INSTRUCTED}: ([A-Z]{{3}}) ([0-9.]+)"
_INSTRUMENTS = f"""
CREATE TABLE instrument AS SELECT *,
  coalesce(latest_shipment, expires_on - 1) AS last_day,
  kind = 'letter of credit' AS credit,
  coalesce(TRY_CAST(regexp_extract(terms, '(?m)^{TOLERANCE}: *([0-9]+)', 1) AS DOUBLE), 0) / 100 AS over,
  coalesce(TRY_CAST(regexp_extract(terms, '(?m)^{TOLERANCE}: *[0-9]+/([0-9]+)', 1) AS DOUBLE), 0) / 100
    AS below,
  regexp_matches(terms, '(?m)^partial shipments: *(NOT |PROHIBITED)') AS whole,
  CASE WHEN credit THEN coalesce(issued_on, DATE '1900-01-01') - {EARLY} ELSE issued_on - {AROUND} END
    AS since,
  CASE WHEN credit THEN coalesce(last_day, DATE '9000-01-01') + {LATE} ELSE issued_on + {AROUND} END AS until
FROM instrument_given"""
_STATED = NORM.format("substr(one, instr(one, ':') + 1)")
_NUMBERS = f"""
CREATE TABLE number AS SELECT *, length(number) >= {SHORTEST} AND regexp_matches(number, '[0-9]') AS telling
FROM (
  SELECT n AS instrument, {NORM.format("id")} AS number, 1 AS rank, 'credit' AS what FROM instrument
  UNION SELECT n, {_STATED}, CASE WHEN credit THEN 1 ELSE 2 END, 'credit'
  FROM (SELECT n, credit, unnest("references") AS one FROM instrument)
  WHERE starts_with(one, 'lc:') OR (credit AND starts_with(one, 'bank:'))
  UNION SELECT n, {NORM.format("one")}, 3, 'bill'
  FROM (SELECT n, unnest(bills_of_lading) AS one FROM instrument)
  UNION SELECT n, {_STATED}, 4, 'shipment'
  FROM (SELECT n, unnest("references") AS one FROM instrument)
  WHERE starts_with(one, 'invoice:') OR starts_with(one, 'order:'))
WHERE number IS NOT NULL AND (what = 'credit' OR telling)"""
SHOWN = {
    "instrument_id": "credit",
    "bill_of_lading": "bill",
    "master_bill": "bill",
    "shipment_id": "shipment",
}
"""Columns of shipments → the numbers of instruments that may stand there."""


def within(stage: Stage, store: Store, ours: pa.Array) -> pa.Array:
    """The ids of shipments that could belong to an instrument of `instrument_given`; `ours` are its parties.

    Makes the tables `instrument` and `number` as well.
    """
    stage.run(_INSTRUMENTS)
    stage.run(_NUMBERS)
    near = pa.chunked_array([*_met(store, _alike(stage, store, ours)), *_named(stage, store)], pa.string())
    near = near.unique()
    if not len(near):
        return near
    of = store.read("Shipment", ["shipment_id"], only=("id", near), ordered=False)["shipment_id"].unique()
    return store.read("Shipment", ["id"], only=("shipment_id", of), ordered=False)["id"].unique()


def _alike(stage: Stage, store: Store, ours: pa.Array) -> pa.Array:
    """Parties with the name of one of `ours`, but for the legal form, or at its address; and `ours`."""
    everyone = store.read("Party", ["id", "name_key"], ordered=False)
    same = f"{BASE} IN (SELECT {BASE} FROM everyone SEMI JOIN ours USING (id)) AND {BASE} <> ''"
    named = _picked(
        stage, f"SELECT id FROM everyone WHERE {same}", everyone=everyone, ours=pa.table({"id": ours})
    )
    at = store.read("LOCATED_AT", ["address"], only=("party", ours), ordered=False)["address"].unique()
    there = store.read("LOCATED_AT", ["party", "address"], only=("address", at), ordered=False)
    few = f"(SELECT address FROM there GROUP BY address HAVING count(*) <= {CROWD})"
    neighbours = _picked(stage, f"SELECT party FROM there WHERE address IN {few}", there=there)
    return pa.chunked_array([ours, *named.chunks, *neighbours.chunks], pa.string()).unique()


def _met(store: Store, parties: pa.Array) -> Iterator[pa.Array]:
    """The ids of shipments that go from or to one of the parties."""
    for kind in ("SENT", "DELIVERED_TO"):
        yield from store.read(kind, ["shipment"], only=("party", parties), ordered=False)["shipment"].chunks
    others = store.read("TOOK_PART", ["shipment", "role"], only=("party", parties), ordered=False)
    mine = pc.is_in(others["role"], value_set=pa.array(["notify party", "end user"]))
    yield from others.filter(mine)["shipment"].chunks


def _named(stage: Stage, store: Store) -> Iterator[pa.Array]:
    """The ids of shipments that state a number of an instrument."""
    given = {what for (what,) in stage.rows("SELECT DISTINCT what FROM number")}
    for column, what in SHOWN.items():
        if what not in given:
            continue
        written = store.read("Shipment", [column], ordered=False)
        stated = f"SELECT DISTINCT {column} FROM written WHERE {NORM.format(column)} IN "
        texts = _picked(stage, f"{stated}(SELECT number FROM number WHERE what = '{what}')", written=written)
        if len(texts):
            rows = store.read("Shipment", ["id"], only=(column, texts), ordered=False)
            yield from rows["id"].chunks


def _picked(stage: Stage, sql: str, **tables: pa.Table) -> pa.ChunkedArray:
    """The one column that a query over tables at hand gives."""
    for name, rows in tables.items():
        stage.con.register(name, rows)
    try:
        return stage.con.sql(sql).to_arrow_table().column(0)
    finally:
        for name in tables:
            stage.con.unregister(name)
