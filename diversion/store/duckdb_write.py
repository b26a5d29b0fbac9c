"""Writing a batch into the embedded file, in one transaction that the caller opens and ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from diversion import schema
from diversion.errors import SchemaError
from diversion.store.base import Written
from diversion.store.duckdb_file import row_hash
from diversion.store.merge import changes, merged, quoted, same_key


class Incoming:
    """Rows with the columns, order and types of their type, as DuckDB takes them; a reader stays a stream.

    `fault` is what went wrong while a stream was read, which DuckDB would tell less well. Rows that do not
    fit are a `SchemaError` as of `schema.conform`, except that keys which stand twice go unseen.
    """

    def __init__(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        self.fault: Exception | None = None
        if isinstance(rows, pa.Table):
            self.data = schema.conform(name, rows, keys=False)
        else:
            stream = self._fitted(name, rows)
            self.data = pa.RecordBatchReader.from_batches(schema.load()[name].arrow, stream)

    def _fitted(self, name: str, rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        try:
            for batch in rows:
                yield from schema.conform(name, pa.Table.from_batches([batch]), keys=False).to_batches()
        except Exception as error:
            self.fault = error
            raise


@dataclass(frozen=True)
class Writer:
    """Writes tables under the number of one batch."""

    con: duckdb.DuckDBPyConnection
    batch: int

    def write(self, kind: schema.TableType, rows: pa.Table | pa.RecordBatchReader) -> Written:
        """Stage the rows, merge them with those of the same key, add the rest, and keep the books."""
        given = self._stage(kind, rows)
        updated, matched = self._merge(kind) if self._count(kind) else (0, 0)
        self._add(kind, matched > 0)
        self._book(kind, given)
        return Written(given - matched, updated, matched - updated)

    def replace(self, kind: schema.TableType, rows: pa.Table) -> None:
        """Take out every row of the type and put these in."""
        self.con.execute(f"DELETE FROM store.{quoted(kind.name)}")
        self.con.execute("DELETE FROM store.ledger WHERE type = ?", [kind.name])
        self.write(kind, rows)

    def _one(self, sql: str) -> int:
        row = self.con.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def _count(self, kind: schema.TableType) -> int:
        return self._one(f"SELECT count(*) FROM store.{quoted(kind.name)}")

    def _stage(self, kind: schema.TableType, rows: pa.Table | pa.RecordBatchReader) -> int:
        incoming = Incoming(kind.name, rows)
        self.con.register("incoming", incoming.data)
        try:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {_resolved(kind)}")
        except duckdb.Error as error:
            raise (incoming.fault or error) from None
        finally:
            with suppress(duckdb.Error):  # a failed transaction takes no further statement
                self.con.unregister("incoming")
        self._check_ends(kind)
        key = ", ".join(map(quoted, kind.key))
        given = self._one("SELECT count(*) FROM staged")
        if self._one(f"SELECT count(DISTINCT hash({key})) FROM staged") != given:
            self._check_key(kind, key)
        return given

    def _check_ends(self, kind: schema.TableType) -> None:
        for end in (kind.start, kind.end):
            if end and (lost := self._one(f"SELECT count(*) FROM staged WHERE {quoted(end.column)} IS NULL")):
                what = f"{lost} rows name a {end.node} that is neither in the batch nor in the store"
                raise SchemaError(what, where=f"{kind.name}.{end.column}")

    def _check_key(self, kind: schema.TableType, key: str) -> None:
        sql = f"SELECT count(*) FROM (SELECT 1 FROM staged GROUP BY {key} HAVING count(*) > 1)"
        if twice := self._one(sql):
            raise SchemaError(f"{twice} keys {kind.key} stand twice", where=kind.name)

    def _merge(self, kind: schema.TableType) -> tuple[int, int]:
        """Give rows that are there already what the new ones change. Returns rows changed and matched."""
        table = f"store.{quoted(kind.name)}"
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

    def _add(self, kind: schema.TableType, some_are_there: bool) -> None:
        table = f"store.{quoted(kind.name)}"
        first = f"(SELECT coalesce(max(_key) + 1, 0) FROM {table}) - (SELECT min(rowid) FROM staged)"
        columns = ", ".join([*_own(f"n.rowid + {first}", kind), *(f"n.{quoted(c)}" for c in kind.names)])
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


def _resolved(kind: schema.TableType) -> str:
    """SQL of the incoming rows, with the integer of a node in the place of its public id."""
    ends = {end.column: (f"_{n}", end.node) for n, end in enumerate((kind.start, kind.end)) if end}
    shown = [f"{ends[c][0]}._key AS {quoted(c)}" if c in ends else f"i.{quoted(c)}" for c in kind.names]
    joins = ["incoming i"]
    for column, (alias, node) in ends.items():
        key = quoted(schema.load()[node].key[0])
        joins.append(f"LEFT JOIN store.{quoted(node)} {alias} ON {alias}.{key} = i.{quoted(column)}")
    return f"SELECT {', '.join(shown)} FROM {' '.join(joins)}"
