"""The store on a Neo4j 5.26 server, for teams and for Cypher.

Labels and relationship types are those of `graph_schema/`. A transaction of millions of rows would not fit
the server's heap, so a batch goes in chunks under a number, and counts once its marker says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from neo4j.exceptions import DriverError, Neo4jError

from diversion import schema
from diversion.errors import DiversionError, SchemaError, StoreError, StoreTooNew, UsageError
from diversion.ids import digest
from diversion.store.base import Batch, Problem, Store, Written
from diversion.store.books import AGAIN, difference, in_order
from diversion.store.neo4j_cypher import counted, indexes
from diversion.store.neo4j_lease import Lease
from diversion.store.neo4j_results import to_arrow
from diversion.store.neo4j_rows import Reader, digests
from diversion.store.neo4j_server import Server, is_users_fault
from diversion.store.neo4j_write import Books, Writer, sweep, undo
from diversion.store.order import in_key_order, order_of
from diversion.store.wide import SHIPMENT, Part, widen

BATCH = "CREATE (b:_Batch {number: $n, id: $id, open: true})"
LEDGER = """
UNWIND $rows AS row MERGE (l:_Ledger {type: row.type, batch: row.batch})
SET l.rows = row.rows, l.digest = row.digest, l.given = coalesce(l.given, row.given)
"""
COMMIT = "MATCH (b:_Batch {number: $n}) REMOVE b.open SET b.unswept = true"
FORGET = """
MATCH (b:_Batch) WHERE b.number IN $old DELETE b
WITH DISTINCT 1 AS one MATCH (l:_Ledger) WHERE l.batch IN $old DELETE l
"""


class Neo4jStore(Store):
    """A store on a server; see `diversion.store.open_store`."""

    def __init__(self, location: str, *, read_only: bool = False, wait: float = 10.0) -> None:
        self.location, self.read_only, self._wait = location, read_only, wait
        self._server = Server(location, wait)
        self._reader = Reader(self._server)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the server."""
        with suppress(DriverError, Neo4jError):
            self._server.close()

    def write(self, batch: Batch) -> dict[str, Written]:
        """Write all tables of the batch or none; a batch that is there already changes nothing.

        Some 5,000 shipments a second with their relationships. Raises `SchemaError` where rows do not fit,
        `StoreLocked` where somebody else is writing, `StoreUnavailable` where the server goes away: what
        was written until then does not count, and is undone by the next write.
        """
        with self._writing() as lease:
            if known := self._known(batch.id):
                return {name: Written(unchanged=known.get(name, 0)) for name in batch.tables}
            with self._batch(lease, batch.id) as writer:
                return {kind.name: writer.write(kind, batch.tables[kind.name]) for kind in in_order(batch)}

    def replace(self, table: str, rows: pa.Table) -> None:
        """Make `rows` all there is of a derived relationship type."""
        kind = schema.load()[table]
        if kind.kind == "node":
            raise SchemaError("only relationships are replaced as a whole", where=table)
        with self._writing() as lease:
            old = self._known_numbers(f"replace {table}")
            with self._batch(lease, f"replace {table}") as writer:
                writer.supersede(kind)
                writer.write(kind, rows)
            lease.write((FORGET, {"old": old}))

    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        *,
        only: tuple[str, pa.Array] | None = None,
        ordered: bool = True,
    ) -> pa.Table:
        """Rows of one type; some 50,000 to 100,000 rows a second are read, of which `only` keeps some."""
        kind = schema.load()[table]
        asked = list(columns) if columns is not None else kind.names
        if unknown := set(asked) - set(kind.names):
            raise SchemaError(f"no columns {sorted(unknown)}", where=table)
        more = [*kind.key, only[0]] if only else kind.key
        rows = self._reader.table(kind, list(dict.fromkeys([*asked, *more])))
        if only:
            rows = rows.filter(pc.is_in(rows[only[0]], value_set=only[1]))
        return (in_key_order(rows, kind.key) if ordered else rows).select(asked)

    def count(self, table: str) -> int:
        """Number of rows of one type."""
        kind = schema.load()[table]
        if self._server.read("MATCH (b:_Batch) WHERE b.open OR b.unswept RETURN 1 LIMIT 1"):
            return len(self._reader.table(kind, kind.key))
        text = f"MATCH {counted(kind)} RETURN count(x) AS n"
        return int(self._server.read(text)[0]["n"])

    def shipments(self) -> pa.Table:
        """Every shipment with its parties in one row; some 10,000 to 20,000 a second."""
        kinds = schema.load()
        rows = self._reader.table(kinds["Shipment"], SHIPMENT)
        ids, parties = rows["id"].combine_chunks(), self.read("Party", ["id"])["id"].combine_chunks()
        parts = {}
        for kind in ("SENT", "DELIVERED_TO", "TOOK_PART"):
            part = self._reader.table(kinds[kind], kinds[kind].names)
            at = pc.index_in(part["shipment"], value_set=ids).to_numpy()
            coded = pc.index_in(part["party"].combine_chunks(), value_set=parties)
            party = pa.chunked_array([pa.DictionaryArray.from_arrays(coded, parties)])
            parts[kind] = Part(at, {name: part[name] for name in part.column_names} | {"party": party})
        return widen(rows, parts, order_of(rows.select(["id"])))

    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Run one Cypher query with `$name` parameters that reads and nothing else.

        Raises `StoreError` where it would write or load a file, `UsageError` where it cannot be run.
        """
        given = dict(parameters or {})
        try:
            keys, summary = self._server.explain(text, given)
            if summary.query_type != "r" or _loads(summary.plan):
                raise StoreError("a query writes nothing and loads no file", where=self.location)
            return to_arrow(self._server.read(text, given), keys)
        except StoreError as error:
            if is_users_fault(error.__cause__):
                raise UsageError(f"the query cannot be run: {error.message}", where=self.location) from error
            raise

    def batches(self) -> list[str]:
        """Ids of the batches that have their marker, first written first."""
        text = "MATCH (b:_Batch) WHERE b.open IS NULL RETURN b.id AS id ORDER BY b.number"
        return [str(record["id"]) for record in self._server.read(text)]

    def verify(self) -> list[Problem]:
        """Read everything and compare with the books; as long as reading every type takes."""
        found = [
            Problem(
                f"batch {number}", "it was left half-written, and is not counted", "the next write undoes it"
            )
            for number in self._reader.open_batches()
        ]
        names = {
            r["n"]: r["id"] for r in self._server.read("MATCH (b:_Batch) RETURN b.number AS n, b.id AS id")
        }
        books = self._books()
        for kind in schema.load():
            rows = self._reader.with_batches(kind, kind.names)
            there = {(kind.name, b): v for b, v in digests(kind, rows, "_batch").items()}
            booked = {key: value for key, value in books.items() if key[0] == kind.name}
            found += [
                Problem(f"{kind.name}, batch {names.get(key[1], key[1])}", what, AGAIN)
                for key in sorted(there.keys() | booked.keys())
                if (what := difference(booked.get(key, (0, 0)), there.get(key, (0, 0))))
            ]
        return found

    def _prepare(self) -> None:
        records = self._server.read("MATCH (s:_Store) RETURN s.version AS version, s.layout AS layout")
        layout = digest(*schema.cypher_constraints(), *indexes())
        if records and records[0]["version"] > schema.VERSION:
            what = f"its layout is version {records[0]['version']}, this is {schema.VERSION}"
            raise StoreTooNew(
                what, where=self.location, hint="install the newest version: pip install -U diversion"
            )
        if records and records[0]["layout"] == layout:
            return
        if not records and self._server.read("MATCH (n) RETURN 1 LIMIT 1"):
            hint = "name an empty database, as in neo4j://host:7687/NAME"
            raise StoreError("this database belongs to something else", where=self.location, hint=hint)
        if self.read_only and not records:
            hint = "make one: diversion ingest FILE…"
            raise StoreError("the store holds nothing yet", where=self.location, hint=hint)
        if not self.read_only:
            self._server.schema([*schema.cypher_constraints(), *indexes(), "CALL db.awaitIndexes(120)"])
            made = "MERGE (s:_Store {id: 'store'}) SET s.version = $version, s.layout = $layout"
            self._server.write((made, {"version": schema.VERSION, "layout": layout}))

    @contextmanager
    def _writing(self) -> Iterator[Lease]:
        """The lease, with whatever was left open undone."""
        if self.read_only:
            raise StoreError("it was opened for reading only", where=self.location)
        lease = Lease(self._server)
        lease.take(self._wait)
        try:
            for number in self._reader.open_batches():
                undo(lease, number)
            for record in self._server.read("MATCH (b:_Batch) WHERE b.unswept RETURN b.number AS n"):
                sweep(lease, record["n"])
            yield lease
        finally:
            with suppress(DiversionError):
                lease.leave()

    @contextmanager
    def _batch(self, lease: Lease, name: str) -> Iterator[Writer]:
        """A batch that counts once the block has ended well, and is undone otherwise."""
        last = self._server.read("MATCH (b:_Batch) RETURN coalesce(max(b.number), 0) AS n")[0]["n"]
        writer = Writer(self._server, lease, last + 1)
        lease.write((BATCH, {"n": writer.batch, "id": name}))
        try:
            yield writer
            rows = self._new_books(writer)
            lease.write((LEDGER, {"rows": rows}), (COMMIT, {"n": writer.batch}))
        except BaseException:
            with suppress(DiversionError):
                undo(lease, writer.batch)
            raise
        sweep(lease, writer.batch)

    def _new_books(self, writer: Writer) -> list[dict[str, Any]]:
        books, rows = self._books(), []
        for type_, batch in sorted({key[:2] for key in writer.change}):
            n, total = books.get((type_, batch), (0, 0))
            n += writer.change[type_, batch, "rows"]
            total += writer.change[type_, batch, "digest"]
            given = writer.change[type_, batch, "given"]
            rows.append({"type": type_, "batch": batch, "rows": n, "digest": str(total), "given": given})
        return rows

    def _books(self) -> Books:
        text = "MATCH (l:_Ledger) RETURN l.type AS type, l.batch AS batch, l.rows AS rows, l.digest AS digest"
        return {(r["type"], r["batch"]): (r["rows"], int(r["digest"])) for r in self._server.read(text)}

    def _known(self, batch: str) -> dict[str, int]:
        text = (
            "MATCH (b:_Batch {id: $id}) WHERE b.open IS NULL MATCH (l:_Ledger {batch: b.number}) "
            "RETURN l.type AS type, l.given AS given"
        )
        return {r["type"]: r["given"] for r in self._server.read(text, {"id": batch})}

    def _known_numbers(self, batch: str) -> list[int]:
        text = "MATCH (b:_Batch {id: $id}) RETURN b.number AS n"
        return [r["n"] for r in self._server.read(text, {"id": batch})]


def _loads(plan: Any) -> bool:
    if not plan:
        return False
    return "LoadCSV" in plan["operatorType"] or any(_loads(child) for child in plan.get("children", ()))
