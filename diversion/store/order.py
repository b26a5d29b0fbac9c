"""Rows in the order of their key."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Positions = np.ndarray[Any, np.dtype[np.int64]]


def in_key_order(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """`table` ordered by `key`, text by its code points. Costs a look where it is in order already.

    >>> in_key_order(pa.table({"id": ["b", "a"], "n": [1, 2]}), ["id"])["n"].to_pylist()
    [2, 1]
    """
    order = order_of(table.select(list(dict.fromkeys(key))))
    if (order[1:] > order[:-1]).all():
        return table
    at = pa.array(order)

    def taken(column: pa.ChunkedArray) -> pa.Array:
        return column.combine_chunks().take(at)

    with ThreadPoolExecutor() as pool:
        columns = list(pool.map(taken, table.columns))
    return pa.table(columns, schema=table.schema)


def order_of(keys: pa.Table) -> Positions:
    """The rows of `keys` in order. DuckDB sorts four times as fast as Arrow does."""
    import duckdb

    count = np.arange(len(keys))
    if keys.num_columns == 1 and ordered(keys.column(0)):
        return count
    names = [f"k{n}" for n in range(keys.num_columns)]
    numbered = keys.rename_columns(names).append_column("place", pa.array(count))
    with duckdb.connect() as con:
        con.register("keys", numbered)
        order = con.sql(f"SELECT place FROM keys ORDER BY {', '.join(names)}").to_arrow_table()
    found: Positions = order["place"].to_numpy()
    return found


def ordered(values: pa.ChunkedArray) -> bool:
    """Whether values are in order as they stand."""
    return len(values) < 2 or bool(pc.all(pc.less_equal(values[:-1], values[1:])).as_py())
