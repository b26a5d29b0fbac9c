"""Writing a batch to a server that could not hold it in one transaction.

A batch is open until its marker goes. Until then every change can be undone: a new row carries the number of
the batch, a changed node also what stood there before, and a relationship that is superseded stays beside its
successor. Whoever writes next undoes what was left open, and sweeps up after what was committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from diversion import schema
from diversion.errors import SchemaError
from diversion.store.base import Written
from diversion.store.merge import changes, merged, same_key
from diversion.store.neo4j_cypher import counted, create, ends, named
from diversion.store.neo4j_lease import Lease
from diversion.store.neo4j_rows import (
    Reader,
    as_text,
    digests,
    from_text,
    own_columns,
    properties,
    sendable,
)
from diversion.store.neo4j_server import Server

CHUNK = 10_000
"""Rows in one transaction."""
SWEEP = 10_000

Books = dict[tuple[str, int], tuple[int, int]]
"""Rows and digest of what each batch still holds of each type."""


@dataclass
class Writer:
    """Writes tables under the number of one batch, and counts what it changes in the books."""

    server: Server
    lease: Lease
    batch: int
    change: Counter[tuple[str, int, str]] = field(default_factory=Counter)

    def write(self, kind: schema.TableType, rows: pa.Table | pa.RecordBatchReader) -> Written:
        """Write one type, chunk by chunk."""
        some = bool(self.server.read(f"MATCH {counted(kind)} RETURN 1 LIMIT 1"))
        total: Counter[str] = Counter()
        seen: set[tuple[Any, ...]] = set()
        for chunk in _chunks(kind, rows):
            _check_keys(kind, chunk, seen)
            total.update(self._chunk(kind, chunk, some))
        self.change[kind.name, self.batch, "given"] += total.total()
        return Written(total["inserted"], total["updated"], total["unchanged"])

    def supersede(self, kind: schema.TableType) -> None:
        """Take away every relationship of a type, to be undone with the batch."""
        rows = Reader(self.server).with_batches(kind, kind.names)
        self._book(kind, rows.rename_columns([*kind.names, "_was"]), -1)
        given = {"n": self.batch, "limit": SWEEP}
        _repeat(self.lease, f"MATCH {counted(kind)} WHERE x._gone IS NULL", "SET x._gone = $n", given)

    def _chunk(self, kind: schema.TableType, chunk: pa.Table, some: bool) -> dict[str, int]:
        if not some:
            self._insert(kind, chunk)
            return {"inserted": len(chunk)}
        old = Reader(self.server).there(kind, chunk)
        new, changed = _decide(kind, old, chunk)
        if len(changed):
            self._change(kind, old, changed)
        if len(new):
            self._insert(kind, new)
        unchanged = len(chunk) - len(new) - len(changed)
        return {"inserted": len(new), "updated": len(changed), "unchanged": unchanged}

    def _insert(self, kind: schema.TableType, rows: pa.Table) -> None:
        columns = [name for name in own_columns(kind) if rows[name].null_count < len(rows)]
        given: dict[str, Any] = {"n": len(rows), "batch": self.batch}
        given |= {f"c{n}": sendable(rows[name]) for n, name in enumerate(columns)}
        given |= {variable: rows[end.column].to_pylist() for variable, end in ends(kind)}
        made = self.lease.write((create(kind, columns), given))[0][0]["made"]
        if made != len(rows):
            what = f"{len(rows) - made} rows name a node that is neither in the batch nor in the store"
            raise SchemaError(what, where=kind.name)
        self._book(kind, rows.append_column("_was", pa.array([self.batch] * len(rows))), 1)

    def _change(self, kind: schema.TableType, old: pa.Table, changed: pa.Table) -> None:
        gone = old.filter(pa.compute.is_in(old["_at"], value_set=changed["_at"].combine_chunks()))
        self._book(kind, gone, -1)
        rows = changed.select(kind.names)
        if kind.kind == "relationship":
            mark = f"UNWIND $ids AS id MATCH {counted(kind)} WHERE elementId(x) = id SET x._gone = $n"
            self.lease.write((mark, {"ids": changed["_at"].to_pylist(), "n": self.batch}))
            self._insert(kind, rows)
            return
        before = {row.pop("_at"): row | {"_batch": row.pop("_was")} for row in gone.to_pylist()}
        given = [
            {"at": at, "p": p | {"_before": as_text(before[at])}}
            for at, p in zip(changed["_at"].to_pylist(), properties(kind, rows, self.batch), strict=True)
        ]
        put = f"UNWIND $rows AS row MATCH (x:{named(kind.name)}) WHERE elementId(x) = row.at SET x = row.p"
        self.lease.write((put, {"rows": given}))
        self._book(kind, rows.append_column("_was", pa.array([self.batch] * len(rows))), 1)

    def _book(self, kind: schema.TableType, rows: pa.Table, sign: int) -> None:
        for batch, (n, digest) in digests(kind, rows, "_was").items():
            self.change[kind.name, batch, "rows"] += sign * n
            self.change[kind.name, batch, "digest"] += sign * digest


def _chunks(kind: schema.TableType, rows: pa.Table | pa.RecordBatchReader) -> Iterator[pa.Table]:
    batches = rows.to_batches() if isinstance(rows, pa.Table) else rows
    for batch in batches:
        for start in range(0, len(batch), CHUNK):
            part = pa.Table.from_batches([batch.slice(start, CHUNK)])
            yield schema.conform(kind.name, part, keys=False)


def _check_keys(kind: schema.TableType, chunk: pa.Table, seen: set[tuple[Any, ...]]) -> None:
    keys = list(zip(*(chunk[name].to_pylist() for name in kind.key), strict=True))
    before = len(seen)
    seen.update(keys)
    if len(seen) != before + len(keys):
        raise SchemaError(f"the key {kind.key} stands twice", where=kind.name)


def _decide(kind: schema.TableType, old: pa.Table, chunk: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Rows that are new, and what old ones become, by the rules that both stores share."""
    with duckdb.connect() as con:
        con.register("old", old)
        con.register("new", chunk)
        new = con.sql(f"SELECT n.* FROM new n WHERE NOT EXISTS (SELECT 1 FROM old o WHERE {same_key(kind)})")
        changed = con.sql(
            f"SELECT {', '.join(merged(kind.name))}, o._at FROM old o JOIN new n ON {same_key(kind)} "
            f"WHERE {changes(kind.name)}"
        )
        return new.to_arrow_table().cast(chunk.schema), changed.to_arrow_table()


def undo(lease: Lease, number: int) -> None:
    """Take out everything that an open batch did, in steps that may be repeated."""
    given = {"n": number, "limit": SWEEP}
    for kind in sorted(schema.load(), key=lambda kind: kind.kind == "node"):
        if kind.kind == "relationship":
            _repeat(lease, f"MATCH ()-[x:{named(kind.name)}]->() WHERE x._batch = $n", "DELETE x", given)
            _repeat(lease, f"MATCH ()-[x:{named(kind.name)}]->() WHERE x._gone = $n", "REMOVE x._gone", given)
        else:
            label = named(kind.name)
            _restore(lease, kind, given)
            _repeat(lease, f"MATCH (x:{label}) WHERE x._batch = $n", "DETACH DELETE x", given)
    lease.write(("MATCH (b:_Batch {number: $n}) DETACH DELETE b", given))


def _restore(lease: Lease, kind: schema.TableType, given: Mapping[str, Any]) -> None:
    find = (
        f"MATCH (x:{named(kind.name)}) WHERE x._batch = $n AND x._before IS NOT NULL "
        "RETURN elementId(x) AS at, x._before AS before LIMIT $limit"
    )
    put = f"UNWIND $rows AS row MATCH (x:{named(kind.name)}) WHERE elementId(x) = row.at SET x = row.p"
    while records := lease.server.read(find, given):
        rows = [{"at": r["at"], "p": from_text(kind, r["before"])} for r in records]
        lease.write((put, {"rows": rows}))


def sweep(lease: Lease, number: int) -> None:
    """Drop what was kept only in case the batch, now committed, had to be undone."""
    given = {"n": number, "limit": SWEEP}
    for kind in schema.load():
        if kind.kind == "relationship":
            _repeat(lease, f"MATCH ()-[x:{named(kind.name)}]->() WHERE x._gone = $n", "DELETE x", given)
        else:
            where = "WHERE x._batch = $n AND x._before IS NOT NULL"
            _repeat(lease, f"MATCH (x:{named(kind.name)}) {where}", "REMOVE x._before", given)
    lease.write(("MATCH (b:_Batch {number: $n}) REMOVE b.unswept", given))


def _repeat(lease: Lease, find: str, do: str, given: Mapping[str, Any]) -> None:
    text = f"{find} WITH x LIMIT $limit {do} RETURN count(*) AS n"
    while lease.write((text, given))[0][0]["n"]:
        pass
