"""Writing a batch into the embedded file, in one transaction that the caller opens and ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from diversion import schema
from diversion.errors import SchemaError
from diversion.store.base import Written
from diversion.store.duckdb_file import row_hash
from diversion.store.merge import changes, merged, quoted, same_key


class Incoming:
    """Rows with the columns, order and types of their type, as DuckDB takes them; a reader stays a stream.

    Rows are numbered from `first` in a column `_key`. `fault` is what went wrong while a stream was read,
    which DuckDB would tell less well. Rows that do not fit are a `SchemaError` as of `schema.conform`, except
    that keys which stand twice go unseen.
    """

    def __init__(self, name: str, rows: pa.Table | pa.RecordBatchReader, first: int = 0) -> None:
        self._name, self._next = name, first
        self.fault: Exception | None = None
        if isinstance(rows, pa.Table):
            self.data = self._fitted(rows)
        else:
            numbered = schema.load()[name].arrow.append(pa.field("_key", pa.int64()))
            self.data = pa.RecordBatchReader.from_batches(numbered, self._stream(rows))

    def _fitted(self, rows: pa.Table) -> pa.Table:
        first, self._next = self._next, self._next + len(rows)
        keys = pa.array(np.arange(first, self._next, dtype=np.int64))
        return schema.conform(self._name, rows, keys=False).append_column("_key", keys)

    def _stream(self, rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        try:
            for batch in rows:
                yield from self._fitted(pa.Table.from_batches([batch])).to_batches()
        except Exception as error:
            self.fault = error
            raise


@dataclass(frozen=True)
class Writer:
    """Writes tables under the number of one batch."""

    con: duckdb.DuckDBPyConnection
    batch: int

    def write(self, kind: schema.TableType, rows: pa.Table | pa.RecordBatchReader) -> Written:
        """Merge the rows with those of the same key, add the rest, and keep the books."""
        table = f"store.{quoted(kind.name)}"
        if not self._one(f"SELECT count(*) FROM {table}"):
            self._take_in(kind, rows, f"INSERT INTO {table} {_resolved(kind, str(self.batch))}")
            given, updated, matched = self._checked(kind, table), 0, 0
        else:
            first = self._one(f"SELECT max(_key) + 1 FROM {table}") if kind.kind == "node" else 0
            self._take_in(kind, rows, f"CREATE OR REPLACE TEMP TABLE staged AS {_resolved(kind)}", first)
            given = self._checked(kind, "staged")
            updated, matched = self._merge(kind, table)
            self._add(kind, table, matched > 0)
        self._book(kind, given)
        return Written(given - matched, updated, matched - updated)

    def replace(self, kind: schema.TableType, rows: pa.Table) -> None:
        """Take out every row of the type and put these in."""
        self.con.execute(f"DELETE FROM store.{quoted(kind.name)}")
        self.con.execute("DELETE FROM store.ledger WHERE type = ?", [kind.name])
        self.write(kind, rows)

    def _one(self, sql: str) -> int:
        return int(self.con.execute(sql).fetchall()[0][0])

    def _take_in(
        self, kind: schema.TableType, rows: pa.Table | pa.RecordBatchReader, sql: str, first: int = 0
    ) -> None:
        incoming = Incoming(kind.name, rows, first)
        self.con.register("incoming", incoming.data)
        try:
            self.con.execute(sql)
        except duckdb.Error as error:
            raise (incoming.fault or error) from None
        finally:
            with suppress(duckdb.Error):  # a failed transaction takes no further statement
                self.con.unregister("incoming")

    def _checked(self, kind: schema.TableType, table: str) -> int:
        """Number of rows, once no end is missing and no key stands twice."""
        for end in (kind.start, kind.end):
            if end and (lost := self._one(f"SELECT count(*) FROM {table} WHERE {quoted(end.column)} < 0")):
                what = f"{lost} rows name a {end.node} that is neither in the batch nor in the store"
                raise SchemaError(what, where=f"{kind.name}.{end.column}")
        key = ", ".join(map(quoted, kind.key))
        given = self._one(f"SELECT count(*) FROM {table}")
        if self._one(f"SELECT count(DISTINCT hash({key})) FROM {table}") != given:
            twice = f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {key} HAVING count(*) > 1)"
            if n := self._one(twice):
                raise SchemaError(f"{n} keys {kind.key} stand twice", where=kind.name)
        return given

    def _merge(self, kind: schema.TableType, table: str) -> tuple[int, int]:
        """Give rows that are there already what the new ones change. Returns rows changed and matched."""
        pair = f"FROM {table} o JOIN staged n ON {same_key(kind)}"
        values = ", ".join([*_own("o._key", kind), *merged(kind.name)])
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE changed AS SELECT o.rowid AS _at, o._batch AS _was, {values} "
            f"{pair} WHERE {changes(kind.name)}"
        )
        matched = self._one(f"SELECT count(*) {pair}")
        changed = self._one("SELECT count(*) FROM changed")
        if changed:
            self._supersede(kind, table)
        return changed, matched

    def _supersede(self, kind: schema.TableType, table: str) -> None:
        self.con.execute(
            "UPDATE store.ledger SET rows = rows - gone.n, digest = digest - gone.hashed "
            f"FROM (SELECT _batch, count(*) AS n, {row_hash(kind)} AS hashed FROM {table} "
            "WHERE rowid IN (SELECT _at FROM changed) GROUP BY _batch) gone "
            "WHERE type = ? AND batch = gone._batch",
            [kind.name],
        )
        self.con.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT _at FROM changed)")
        columns = ", ".join([*_own("_key", kind), *map(quoted, kind.names)])
        self.con.execute(f"INSERT INTO {table} SELECT {columns}, {self.batch} FROM changed")

    def _add(self, kind: schema.TableType, table: str, some_are_there: bool) -> None:
        columns = ", ".join(f"n.{quoted(c)}" for c in [*_own("_key", kind), *kind.names])
        new = f"WHERE NOT EXISTS (SELECT 1 FROM {table} o WHERE {same_key(kind)})" if some_are_there else ""
        self.con.execute(f"INSERT INTO {table} SELECT {columns}, {self.batch} FROM staged n {new}")

    def _book(self, kind: schema.TableType, given: int) -> None:
        self.con.execute(
            f"INSERT INTO store.ledger SELECT ?, {self.batch}, {given}, count(*), {row_hash(kind)} "
            f"FROM store.{quoted(kind.name)} WHERE _batch = {self.batch}",
            [kind.name],
        )


def _own(key: str, kind: schema.TableType) -> list[str]:
    return [key] if kind.kind == "node" else []


def _resolved(kind: schema.TableType, *more: str) -> str:
    """SQL of the incoming rows, with the integer of a node, or -1, in the place of its public id."""
    ends = {end.column: (f"_{n}", end.node) for n, end in enumerate((kind.start, kind.end)) if end}
    shown = [
        f"coalesce({ends[c][0]}._key, -1) AS {quoted(c)}" if c in ends else f"i.{quoted(c)}"
        for c in kind.names
    ]
    joins = ["incoming i"]
    for column, (alias, node) in ends.items():
        key = quoted(schema.load()[node].key[0])
        joins.append(f"LEFT JOIN store.{quoted(node)} {alias} ON {alias}.{key} = i.{quoted(column)}")
    return f"SELECT {', '.join([*_own('i._key', kind), *shown, *more])} FROM {' '.join(joins)}"
