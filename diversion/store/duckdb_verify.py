"""Whether the embedded file still holds what its books say."""

from __future__ import annotations

import duckdb

from diversion import schema
from diversion.errors import StoreError
from diversion.store.base import Problem
from diversion.store.books import AGAIN, difference
from diversion.store.duckdb_file import fault, row_hash, same_hash
from diversion.store.merge import quoted


def problems(cursor: duckdb.DuckDBPyConnection, where: str) -> list[Problem]:
    """Every batch of every type whose rows are not those that were written."""
    try:
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        names = {int(n): str(i) for n, i in cursor.execute("SELECT number, id FROM store.batches").fetchall()}
        digests = same_hash(cursor)
    except duckdb.Error as error:
        return [_unreadable(fault(error, where), where)]
    found: list[Problem] = []
    for kind in schema.load():
        try:
            found += _compare(cursor, kind, names, digests)
        except duckdb.Error as error:
            found.append(_unreadable(fault(error, where), f"{where}: {kind.name}"))
    return found


def _unreadable(error: StoreError, where: str) -> Problem:
    return Problem(where, error.message, error.hint or AGAIN)


def _compare(
    cursor: duckdb.DuckDBPyConnection, kind: schema.TableType, names: dict[int, str], digests: bool
) -> list[Problem]:
    cursor.execute("SELECT batch, rows, digest FROM store.ledger WHERE type = ?", [kind.name])
    booked = {int(b): (int(n), int(d)) for b, n, d in cursor.fetchall()}
    cursor.execute(
        f"SELECT _batch, count(*), {row_hash(kind)} FROM store.{quoted(kind.name)} GROUP BY _batch"
    )
    there = {int(b): (int(n), int(d)) for b, n, d in cursor.fetchall()}
    found = []
    for batch in sorted(booked.keys() | there.keys()):
        what = difference(booked.get(batch, (0, 0)), there.get(batch, (0, 0)), digests)
        if what:
            found.append(Problem(f"{kind.name}, batch {names.get(batch, batch)}", what, AGAIN))
    return found
