"""Opening the embedded file: who holds it, whether it is ours, and what its faults mean."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from diversion import schema
from diversion.errors import (
    DiversionError,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreTooNew,
    StoreUnavailable,
)
from diversion.ids import digest
from diversion.memory import RAISE
from diversion.store.merge import quoted

STORAGE = "v1.5.0"
"""Files are written so that every DuckDB from 1.5 on opens them."""
CANARY = "SELECT hash('canary', 1::BIGINT, 2.5::DOUBLE, DATE '2022-02-24', TRUE, ['a', NULL])::VARCHAR"
"""DuckDB may change `hash` from one version to the next; digests compare only where this is the same."""
LEDGER = (
    "CREATE TABLE IF NOT EXISTS store.meta (version BIGINT, layout VARCHAR, canary VARCHAR)",
    "CREATE TABLE IF NOT EXISTS store.batches (number BIGINT NOT NULL, id VARCHAR NOT NULL)",
    "CREATE TABLE IF NOT EXISTS store.ledger (type VARCHAR NOT NULL, batch BIGINT NOT NULL, "
    "given BIGINT NOT NULL, rows BIGINT NOT NULL, digest HUGEINT NOT NULL)",
)
FAULTS: tuple[tuple[str, type[StoreError], str, str], ...] = (
    (
        r"No space left|File too large|Disk quota|temp_directory_size",
        StoreUnavailable,
        "there is no space left to write to",
        "nothing of this batch was kept; free some space and try again",
    ),
    (
        r"newer version of DuckDB|newer DuckDB|we can only read versions",
        StoreTooNew,
        "it was written by a newer DuckDB",
        "install the newest duckdb: pip install -U duckdb",
    ),
    (
        r"Permission denied|Read-only file system|read-only mode|Operation not permitted",
        StoreError,
        "this user may not write or read it",
        "change its rights, or name another file with --store",
    ),
    (
        r"different configuration|write-write conflict|Conflict on",
        StoreLocked,
        "this very process holds it already in another way",
        "close the other store first",
    ),
    (
        r"Parser Error: .*[Mm]emory",
        StoreError,
        "its memory limit is no amount of memory",
        "write an amount such as 8GB into DIVERSION_MEMORY_LIMIT, or memory_limit in diversion.toml",
    ),
    (
        r"Out of Memory|failed to allocate|could not allocate",
        StoreError,
        "the work does not fit into the memory that the store may use",
        RAISE,
    ),
    (
        r"checksum|[Cc]orrupt|not a valid DuckDB|INTERNAL Error|FATAL Error|Serialization|deserialize"
        r"|invalidated|Could not read|truncated|WAL",
        StoreDamaged,
        "the file is damaged, or no store",
        "take a copy from before, or ingest its source files into a new store",
    ),
)


def fault(error: duckdb.Error, where: str) -> StoreError:
    """What a user can do about an error of DuckDB."""
    text = str(error)
    if "Conflicting lock" in text or "Could not set lock" in text:
        return held(text, where)
    for pattern, kind, what, hint in FAULTS:
        if re.search(pattern, text):
            return kind(f"{what} ({text.splitlines()[0][:200]})", where=where, hint=hint)
    return StoreError(text.splitlines()[0][:300], where=where, hint="see `diversion doctor`")


def held(text: str, where: str) -> StoreLocked:
    """Who holds the file, as far as the system tells."""
    found = re.search(r"held in (.*?) ?\(PID (\d+)\)", text)
    who = f"process {found[2]} ({found[1]})" if found else "another process"
    return StoreLocked(
        f"{who} holds it", where=where, hint="wait until it has ended, or end it, then try again"
    )


@contextmanager
def guard(where: str) -> Iterator[None]:
    """Turn errors of DuckDB into ours."""
    try:
        yield
    except duckdb.Error as error:
        raise fault(error, where) from error


def connect(path: Path, *, read_only: bool, wait: float, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open the file, waiting at most `wait` seconds for others to let go of it."""
    _look(path, read_only)
    end = time.monotonic() + wait
    while True:
        try:
            return _quiet(duckdb.connect(str(path), read_only=read_only, config=_settings(memory_limit)))
        except (duckdb.Error, UnicodeDecodeError) as error:
            ours = fault(error, str(path)) if isinstance(error, duckdb.Error) else None
            if not isinstance(ours, StoreLocked) or time.monotonic() >= end:
                raise ours or StoreDamaged(str(error), where=str(path)) from error
            time.sleep(0.05)


def _settings(memory_limit: str) -> dict[str, str | bool | int | float | list[str]]:
    """No other file, no extension and no setting can be reached from inside."""
    return {
        "storage_compatibility_version": STORAGE,
        "memory_limit": memory_limit,
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def _quiet(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """No bar on stdout in a notebook; and from here on nothing of the configuration changes."""
    with suppress(duckdb.Error):  # in a notebook that could not draw one anyway
        con.execute("SET enable_progress_bar = false")
    con.execute("SET lock_configuration = true")
    return con


def _look(path: Path, read_only: bool) -> None:
    """Refuse what DuckDB would refuse with less to go by."""
    where = str(path)
    try:
        if path.is_dir():
            raise StoreError("this is a folder", where=where, hint="name a file in it, such as case.duckdb")
        if not path.exists():
            _absent(path, read_only)
            return
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        hint = "change its rights, or name another file with --store"
        raise StoreError(f"it cannot be read: {error.strerror}", where=where, hint=hint) from error
    if head[8:12] != b"DUCK":
        what = "it is empty" if not head else "this is not a DuckDB file"
        hint = "name the file that `diversion ingest` made, or a new one"
        raise StoreDamaged(what, where=where, hint=hint)


def _absent(path: Path, read_only: bool) -> None:
    if read_only:
        raise StoreError("there is no store", where=str(path), hint="make one: diversion ingest FILE…")
    if not path.parent.is_dir():
        raise StoreError(f"there is no folder {path.parent}", where=str(path), hint="make it first")


def layout() -> str:
    """Digest of everything that a file is laid out by."""
    return digest(*LEDGER, *schema.duckdb_ddl(), *schema.duckdb_views())


def prepare(con: duckdb.DuckDBPyConnection, where: str, read_only: bool) -> None:
    """Check that the file is ours and of this version; lay out an empty or older one."""
    found = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary"
    ).fetchall()
    tables = {str(row[0]) for row in found}
    if "store.meta" not in tables and (tables or read_only):
        what = "this DuckDB file belongs to something else" if tables else "the store holds nothing yet"
        raise StoreError(what, where=where, hint="name another file, or make one: diversion ingest FILE…")
    row = con.execute("SELECT version, layout FROM store.meta").fetchall()[0] if tables else None
    if row and row[0] > schema.VERSION:
        hint = "install the newest version: pip install -U diversion"
        raise StoreTooNew(f"its layout is version {row[0]}, this is {schema.VERSION}", where=where, hint=hint)
    same_layout = bool(row and row[1] == layout())
    if same_layout and (read_only or same_hash(con)):
        return
    if read_only:
        hint = "open it once for writing: diversion doctor"
        raise StoreError("it was laid out by an older version", where=where, hint=hint)
    _lay_out(con)


def _lay_out(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("BEGIN")
    for statement in [*schema.duckdb_ddl(), *LEDGER]:
        con.execute(statement)
    _add_columns(con)
    for statement in schema.duckdb_views():
        con.execute(statement)
    rebase(con)
    con.execute("DELETE FROM store.meta")
    con.execute(f"INSERT INTO store.meta VALUES (?, ?, ({CANARY}))", [schema.VERSION, layout()])
    con.execute("COMMIT")
    con.execute("CHECKPOINT")


def _add_columns(con: duckdb.DuckDBPyConnection) -> None:
    """Optional columns that came since the file was made."""
    for kind in schema.load():
        for column in kind.columns:
            sql = schema.DUCKDB[column.type]
            con.execute(
                f"ALTER TABLE store.{quoted(kind.name)} ADD COLUMN IF NOT EXISTS {quoted(column.name)} {sql}"
            )


def row_hash(kind: schema.TableType, alias: str = "") -> str:
    """SQL of the sum over rows of a 64-bit hash of everything that is kept of a row."""
    names = ["_key"] if kind.kind == "node" else []
    names += [*kind.names, "_batch"]
    columns = ", ".join(f"{alias}{quoted(name)}" for name in names)
    return f"coalesce(sum(hash({columns})), 0)::HUGEINT"


def rebase(con: duckdb.DuckDBPyConnection) -> None:
    """Take the digests of the rows as they are now: the hash or the columns have changed, not the rows."""
    for kind in schema.load():
        con.execute(
            f"UPDATE store.ledger SET digest = now.digest FROM (SELECT _batch, {row_hash(kind)} AS digest "
            f"FROM store.{quoted(kind.name)} GROUP BY _batch) now WHERE type = ? AND batch = now._batch",
            [kind.name],
        )


def same_hash(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the digests were taken by the hash of this version of DuckDB."""
    return bool(con.execute(f"SELECT canary = ({CANARY}) FROM store.meta").fetchall()[0][0])


def open_file(path: Path, *, read_only: bool, wait: float, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open or make the store at `path`, and leave nothing open where that fails."""
    con = connect(path, read_only=read_only, wait=wait, memory_limit=memory_limit)
    try:
        with guard(str(path)):
            prepare(con, str(path), read_only)
    except DiversionError:
        con.close()
        raise
    return con
