"""The embedded store: a property graph as one table a type in one DuckDB file, without a server.

Rows lie in the schema `store` with integer keys; views of the main schema show them with public ids, for
`query`. A file is held from `open_store` to `close`: by one writer, or by readers alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from diversion import schema
from diversion.errors import SchemaError, StoreError, UsageError
from diversion.memory import limit
from diversion.store.base import Batch, Problem, Store, Written
from diversion.store.books import in_order
from diversion.store.duckdb_file import guard, open_file
from diversion.store.duckdb_verify import problems
from diversion.store.duckdb_write import Writer
from diversion.store.merge import quoted
from diversion.store.order import Positions, in_key_order, ordered
from diversion.store.wide import SHIPMENT, Part, widen


class DuckDBStore(Store):
    """A store in one file; see `diversion.store.open_store`.

    Several threads may read at a time while one writes.
    """

    def __init__(
        self, location: str, *, read_only: bool = False, wait: float = 10.0, memory_limit: str | None = None
    ) -> None:
        self.location, self.read_only = location, read_only
        memory = limit(memory_limit)
        self._con = open_file(Path(location), read_only=read_only, wait=wait, memory_limit=memory)
        self._writing = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""
        with suppress(duckdb.Error):
            self._con.close()

    def write(self, batch: Batch) -> dict[str, Written]:
        """Write all tables of the batch or none; a batch that is there already changes nothing.

        Some 300,000 shipments a second with their relationships on two cores. Raises `SchemaError` where
        rows do not fit, `StoreUnavailable` where the disk is full.
        """
        with self._transaction() as cursor:
            if known := self._known(cursor, batch.id):
                return {name: Written(unchanged=known.get(name, 0)) for name in batch.tables}
            writer = Writer(cursor, self._begin(cursor, batch.id))
            return {kind.name: writer.write(kind, batch.tables[kind.name]) for kind in in_order(batch)}

    def replace(self, table: str, rows: pa.Table) -> None:
        """Make `rows` all there is of a derived relationship type."""
        kind = schema.load()[table]
        if kind.kind == "node":
            raise SchemaError("only relationships are replaced as a whole", where=table)
        with self._transaction() as cursor:
            cursor.execute("DELETE FROM store.batches WHERE id = ?", [f"replace {table}"])
            Writer(cursor, self._begin(cursor, f"replace {table}")).replace(kind, rows)

    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        *,
        only: tuple[str, pa.Array] | None = None,
        ordered: bool = True,
    ) -> pa.Table:
        """Rows of one type. A million rows take some 0.3 to 1 s, most of it their order."""
        kind = schema.load()[table]
        asked = list(columns) if columns is not None else kind.names
        if unknown := set(asked) - set(kind.names):
            raise SchemaError(f"no columns {sorted(unknown)}", where=table)
        wanted = list(dict.fromkeys([*asked, *kind.key])) if ordered else asked
        sql = f"SELECT {', '.join(map(quoted, wanted))} FROM main.{quoted(table)}"
        rows = self._table(f"{sql} SEMI JOIN chosen USING ({quoted(only[0])})" if only else sql, only)
        target = pa.schema([kind.arrow.field(name) for name in asked])
        return (in_key_order(rows, kind.key) if ordered else rows).select(asked).cast(target)

    def count(self, table: str) -> int:
        """Number of rows of one type."""
        rows = self._table(f"SELECT count(*) AS n FROM store.{quoted(schema.load()[table].name)}")
        return int(rows["n"][0].as_py())

    def shipments(self) -> pa.Table:
        """Every shipment with its parties in one row. A million take some 0.6 to 1.2 s."""
        rows = self._table(f'SELECT _key, {", ".join(map(quoted, SHIPMENT))} FROM store."Shipment"')
        parties = self._table('SELECT _key, id FROM store."Party" ORDER BY id')
        places = (_places(rows["_key"]), _places(parties["_key"]))
        names = {"SENT": "name, country", "DELIVERED_TO": "name, country", "TOOK_PART": "role"}
        parts = {}
        for kind, columns in names.items():
            part = self._table(f'SELECT shipment, party, {columns} FROM store."{kind}"')
            at, ids = (
                place[part[c].to_numpy()] for place, c in zip(places, ("shipment", "party"), strict=True)
            )
            encoded = pa.DictionaryArray.from_arrays(
                pa.array(ids.astype(np.int32)), parties["id"].combine_chunks()
            )
            own = {name: part[name] for name in columns.split(", ")}
            parts[kind] = Part(at, own | {"party": pa.chunked_array([encoded])})
        if ordered(rows["id"]):
            return widen(rows, parts, np.arange(len(rows)))
        order = self._table('SELECT _key FROM store."Shipment" ORDER BY id')
        return widen(rows, parts, places[0][order["_key"].to_numpy()])

    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Run one SELECT in DuckDB's SQL, with `$name` parameters, over the types as views.

        No file can be read or written from it. Raises `StoreError` where it would write, `UsageError` where
        it cannot be run.
        """
        with guard(self.location):
            cursor = self._con.cursor()
        try:
            return _select(cursor, text, parameters, self.location)
        finally:
            cursor.close()

    def batches(self) -> list[str]:
        """Ids of the batches, first written first."""
        ids = self._table("SELECT id FROM store.batches ORDER BY number")["id"].to_pylist()
        return [str(one) for one in ids]

    def verify(self) -> list[Problem]:
        """Read everything and compare with the books: some 0.2 s a million rows."""
        return problems(self._con.cursor(), self.location)

    def _table(self, sql: str, only: tuple[str, pa.Array] | None = None) -> pa.Table:
        with guard(self.location):
            cursor = self._con.cursor()
            try:
                if only:
                    cursor.register("chosen", pa.table({only[0]: only[1]}))
                return cursor.sql(sql).to_arrow_table()
            finally:
                cursor.close()

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction, undone where anything fails, then a checkpoint, so that the log stays short."""
        if self.read_only:
            raise StoreError("it was opened for reading only", where=self.location)
        with self._writing, guard(self.location):
            cursor = self._con.cursor()
            try:
                cursor.execute("BEGIN")
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                with suppress(duckdb.Error):
                    cursor.execute("ROLLBACK")
                raise
            finally:
                cursor.close()
            with suppress(duckdb.TransactionException):  # a reader is busy: the next one does it
                self._con.cursor().execute("CHECKPOINT")

    def _known(self, cursor: duckdb.DuckDBPyConnection, batch: str) -> dict[str, int] | None:
        rows = cursor.execute(
            "SELECT type, given FROM store.batches JOIN store.ledger ON batch = number WHERE id = ?", [batch]
        ).fetchall()
        return {str(name): int(given) for name, given in rows} or None

    def _begin(self, cursor: duckdb.DuckDBPyConnection, batch: str) -> int:
        last = cursor.execute("SELECT coalesce(max(number), 0) FROM store.batches").fetchall()[0][0]
        number = int(last) + 1
        cursor.execute("INSERT INTO store.batches VALUES (?, ?)", [number, batch])
        return number


def _places(keys: pa.ChunkedArray) -> Positions:
    """Where in its table the node of each integer key stands."""
    numbers = keys.to_numpy()
    place = np.full(int(numbers.max(initial=-1)) + 1, -1, np.int64)
    place[numbers] = np.arange(len(numbers))
    return place


def _select(
    cursor: duckdb.DuckDBPyConnection, text: str, parameters: Mapping[str, Any] | None, where: str
) -> pa.Table:
    try:
        statements = cursor.extract_statements(text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise StoreError("a query is one SELECT and writes nothing", where=where)
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        return cursor.sql(text, params=dict(parameters) if parameters else None).to_arrow_table()
    except (
        duckdb.ProgrammingError,
        duckdb.DataError,
        duckdb.NotSupportedError,
        duckdb.InvalidInputException,
    ) as error:
        raise UsageError(f"the query cannot be run: {error}", where=where) from error
    except duckdb.PermissionException as error:
        raise StoreError("a query reaches no file and no setting", where=where) from error
    except duckdb.Error as error:
        with guard(where):
            raise error
        raise
