"""Records in which two sides declare one shipment: the same bill and goods, like amount, day and worth."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

NEAR = 0.05
"""Share by which two declarations of one amount may differ."""
SLIP, LONG = 7, 366
"""Days by which a declaration of arrival may precede that of departure, and by which it may follow it."""
WORTH = 3
"""How many times as much one declaration may say that the goods are worth."""
AT_ONCE = 4_000_000
"""Pairs of records of one bill and goods that are looked at together: what bounds the memory."""

_CLOSE = (
    f"(a.{{0}} IS NULL OR b.{{0}} IS NULL OR abs(a.{{0}} - b.{{0}}) <= {NEAR} * greatest(a.{{0}}, b.{{0}}))"
)
_APART = f"coalesce(abs(a.{{0}} - b.{{0}}) / nullif(greatest(a.{{0}}, b.{{0}}), 0), {NEAR})"
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
_UNDER = "(a.master = b.master OR a.master IS NULL OR b.master IS NULL OR a.house IN (a.master, b.master))"
_WORDS = (
    "concat_ws(', ', 'bill of lading ' || a.bill_of_lading, 'goods ' || a.hs6, "
    f"CASE WHEN {_AGREE.format('sender')} THEN 'exporter' END, "
    f"CASE WHEN {_AGREE.format('receiver')} THEN 'consignee' END, "
    "CASE WHEN a.unit = b.unit AND a.quantity = b.quantity THEN 'quantity' "
    f"WHEN a.unit = b.unit AND a.quantity > 0 AND b.quantity > 0 THEN 'quantity within {NEAR:.0%}' END, "
    f"CASE WHEN a.weight_kg > 0 AND b.weight_kg > 0 THEN 'weight within {NEAR:.0%}' END)"
)
_SCORE = f"0.8 + 0.1 * {_AGREE.format('sender')}::INT + 0.09 * {_AGREE.format('receiver')}::INT"
_GROUPED = f"""
CREATE TABLE grouped AS SELECT *, (sum(many * many) OVER (ORDER BY house, hs6)) // {AT_ONCE} AS part
FROM (SELECT house, hs6, count(*)::BIGINT AS many FROM record WHERE house IS NOT NULL AND hs6 IS NOT NULL
  GROUP BY house, hs6 HAVING count(*) > 1)"""
_DECLARED = (
    f"SELECT a.n::INT AS a, b.n::INT AS b FROM grouped g JOIN record a USING (house, hs6) "
    "JOIN record b ON a.house = b.house AND a.hs6 = b.hs6 AND a.n < b.n "
    "WHERE g.part = {part} AND a.shipment_id <> b.shipment_id "
    "AND (a.flow <> b.flow OR (a.source <> b.source AND (a.flow IS NULL OR b.flow IS NULL))) "
    f"AND ({_AGREE.format('sender')} OR {_AGREE.format('receiver')} "
    "OR (a.sender IS NULL AND b.receiver IS NULL) OR (b.sender IS NULL AND a.receiver IS NULL)) "
    f"AND (a.unit IS DISTINCT FROM b.unit OR {_CLOSE.format('quantity')}) "
    f"AND {_CLOSE.format('weight_kg')} AND {_WORTH} AND {_UNDER} AND (CASE "
    f"WHEN a.flow = 'export' OR b.flow = 'import' THEN {_TIMELY.format('a', 'b')} "
    f"WHEN b.flow = 'export' OR a.flow = 'import' THEN {_TIMELY.format('b', 'a')} "
    f"ELSE {_TIMELY.format('a', 'b')} OR {_TIMELY.format('b', 'a')} END) "
    f"ORDER BY {_SCORE} DESC, CASE WHEN a.unit = b.unit THEN {_APART.format('quantity')} ELSE {NEAR} END + "
    f"{_APART.format('weight_kg')} + {_APART.format('value_usd')}, a, b"
)
_PAIRED = (
    "CREATE TABLE paired AS SELECT CASE WHEN a.told >= b.told THEN a.n ELSE b.n END AS kept, "
    "CASE WHEN a.told >= b.told THEN b.n ELSE a.n END AS mirror, "
    f"{_SCORE} AS score, {_WORDS} AS why FROM found JOIN record a ON a.n = found.a "
    "JOIN record b ON b.n = found.b"
)


def pair(con: duckdb.DuckDBPyConnection) -> None:
    """Make `paired` from `record`: which record is kept and which mirrors it, each in one pair at most.

    The pair that agrees best comes first, then the one whose amounts are closest. Looking at them takes time
    with the square of the records of one bill and goods, and memory for `AT_ONCE` pairs.
    """
    con.execute(_GROUPED)
    parts = con.execute("SELECT DISTINCT part FROM grouped ORDER BY part").fetchall()
    free = np.ones(con.execute("SELECT count(*) FROM record").fetchall()[0][0], np.bool_)
    found = [one for (part,) in parts for one in _first(con, int(part), free)]
    con.register("found", pa.table({"a": [a for a, _ in found], "b": [b for _, b in found]}, _PLACES))
    con.execute(_PAIRED)


_PLACES = pa.schema([("a", pa.int32()), ("b", pa.int32())])


def _first(
    con: duckdb.DuckDBPyConnection, part: int, free: npt.NDArray[np.bool_]
) -> Iterator[tuple[int, int]]:
    """The best pairs of records that are still free."""
    rows = con.sql(_DECLARED.format(part=part)).to_arrow_reader(1 << 16)
    for batch in rows:
        one, other = (column.to_numpy() for column in batch.columns)
        still = np.flatnonzero(free[one] & free[other])
        for a, b in zip(one[still].tolist(), other[still].tolist(), strict=True):
            if free[a] and free[b]:
                free[a] = free[b] = False
                yield a, b
