"""Rows of a Neo4j store as Arrow tables and back, and which of them count."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from diversion import schema
from diversion.store.merge import quoted
from diversion.store.neo4j_cypher import block, ends, there
from diversion.store.neo4j_server import Server

PRIVATE = ("_batch", "_gone", "_before")
"""Number of the batch that wrote a row, of the one that took it away, and what stood there before (JSON)."""


def arrow(kind: schema.TableType, columns: Sequence[str], lists: Sequence[list[Any]]) -> pa.Table:
    """Columns from the server as Arrow. Days come as numbers."""
    fields = [kind.arrow.field(name) for name in columns]
    arrays = []
    for field, values in zip(fields, lists, strict=True):
        days = field.type == pa.date32()
        array = pa.array(values, pa.int64() if days else field.type)
        arrays.append(array.cast(pa.int32()).cast(pa.date32()) if days else array)
    return pa.table(arrays, schema=pa.schema(fields))


def own_columns(kind: schema.TableType) -> list[str]:
    """Columns that are kept on the node or relationship itself: all but the ends."""
    outside = {end.column for _, end in ends(kind)}
    return [name for name in kind.names if name not in outside]


def sendable(column: pa.ChunkedArray) -> list[Any]:
    """A column as the driver sends it; days as numbers."""
    days = column.type == pa.date32()
    values: list[Any] = (column.cast(pa.int32()) if days else column).to_pylist()
    return values


def properties(kind: schema.TableType, rows: pa.Table, batch: int) -> list[dict[str, Any]]:
    """What is kept of each row on its node: everything that is not null."""
    plain = rows.select(own_columns(kind)).to_pylist()
    return [{k: v for k, v in row.items() if v is not None} | {"_batch": batch} for row in plain]


def as_text(row: dict[str, Any]) -> str:
    """A row as JSON, to be put back where its successor is undone."""
    return json.dumps(
        {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items() if v is not None}
    )


def from_text(kind: schema.TableType, text: str) -> dict[str, Any]:
    """The row that `as_text` wrote."""
    raw: dict[str, Any] = json.loads(text)
    days = {column.name for column in kind.columns if column.type == "date"}
    return {k: date.fromisoformat(v) if k in days else v for k, v in raw.items()}


@dataclass(frozen=True)
class Reader:
    """Reads whole types in blocks, and leaves out what belongs to batches without a commit marker."""

    server: Server

    def open_batches(self) -> list[int]:
        """Numbers of the batches that are being written, or were left half-written."""
        records = self.server.read("MATCH (b:_Batch) WHERE b.open RETURN b.number AS n")
        return [int(record["n"]) for record in records]

    def table(self, kind: schema.TableType, columns: Sequence[str]) -> pa.Table:
        """All rows of a type, in no order."""
        return self.with_batches(kind, columns).drop_columns(["_batch"])

    def with_batches(self, kind: schema.TableType, columns: Sequence[str]) -> pa.Table:
        """All rows of a type and, as `_batch`, the number of the batch that wrote each."""
        unfinished = self.open_batches()
        parts = [self._settled(kind, columns, lists, unfinished) for lists in self._blocks(kind, columns)]
        fields = [*(kind.arrow.field(name) for name in columns), pa.field("_batch", pa.int64())]
        return pa.concat_tables(parts) if parts else pa.schema(fields).empty_table()

    def _blocks(self, kind: schema.TableType, columns: Sequence[str]) -> Iterator[list[list[Any]]]:
        wanted = [*columns, *PRIVATE]
        last: list[Any] | None = None
        while True:
            text = block(kind, wanted, first=last is None)
            record = self.server.read(text, {"last": last})[0]
            if record["last"] is None:
                return
            last = record["last"]
            yield [record[f"c{i}"] for i in range(len(wanted))]

    def _settled(
        self, kind: schema.TableType, columns: Sequence[str], lists: list[list[Any]], unfinished: list[int]
    ) -> pa.Table:
        batch, gone, before = lists[-3:]
        rows = arrow(kind, columns, lists[:-3]).append_column("_batch", pa.array(batch, pa.int64()))
        hidden = [g is not None and g not in unfinished for g in gone]
        undone = [n for n, b in enumerate(batch) if b in unfinished]
        if not undone and not any(hidden):
            return rows
        earlier = [from_text(kind, before[n]) for n in undone if before[n] is not None]
        for n in undone:
            hidden[n] = True
        kept = rows.filter(pa.array([not h for h in hidden]))
        old = [{name: row.get(name) for name in [*columns, "_batch"]} for row in earlier]
        return pa.concat_tables([kept, pa.Table.from_pylist(old, schema=rows.schema)])

    def there(self, kind: schema.TableType, keys: pa.Table) -> pa.Table:
        """The rows that have one of the keys, with `_was` and the internal id `_at`."""
        given = [list(row.values()) for row in keys.select(list(kind.key)).to_pylist()]
        record = self.server.read(there(kind, [*kind.names, "_batch"]), {"keys": given})[0]
        rows = arrow(kind, kind.names, [record[f"c{i}"] for i in range(len(kind.names))])
        rows = rows.append_column("_was", pa.array(record[f"c{len(kind.names)}"], pa.int64()))
        return rows.append_column("_at", pa.array(record["at"], pa.string()))


def digests(kind: schema.TableType, rows: pa.Table, by: str) -> dict[int, tuple[int, int]]:
    """Number of rows and sum of their 64-bit hashes, for each value of the column `by`."""
    columns = ", ".join(f"coalesce({quoted(name)}::VARCHAR, chr(30))" for name in kind.names)
    digest = f"sum(md5_number_lower(concat_ws(chr(31), {columns})))::HUGEINT"
    with duckdb.connect() as con:
        con.register("given", rows)
        found = con.execute(f"SELECT {quoted(by)}, count(*), {digest} FROM given GROUP BY 1").fetchall()
    return {int(batch): (int(n), int(digest)) for batch, n, digest in found}
