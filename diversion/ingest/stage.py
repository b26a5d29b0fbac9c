"""A temporary database beside the memory, in which one file is read, checked and turned into tables."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from diversion import schema
from diversion.errors import StoreUnavailable, UsageError
from diversion.ingest.scratch import scratch
from diversion.memory import RAISE, limit

Reading = Callable[[str], tuple[Any, ...]]
RECALLED = 1_000_000
"""Ids by which rows of the store are asked for at once."""

_MACROS = (
    """CREATE MACRO finite(x) AS CASE WHEN isfinite(TRY_CAST(x AS DOUBLE)) THEN TRY_CAST(x AS DOUBLE) END""",
    r"""CREATE MACRO odd_number(x) AS CASE
      WHEN regexp_full_match(x, '[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?')
        THEN finite(replace(x, ',', ''))
      WHEN regexp_full_match(x, '[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+')
        THEN finite(replace(replace(x, '.', ''), ',', '.'))
      WHEN regexp_full_match(x, '[+-]?[0-9]+,[0-9]+') THEN finite(replace(x, ',', '.'))
      WHEN regexp_full_match(x, '[+-]?[0-9]+(\.[0-9]*)?') THEN finite(x) END""",
    """CREATE MACRO number(x) AS coalesce(
      finite(x) + 0.0,
      odd_number(regexp_replace(x, '[\\s\\x{00A0}\\x{202F}'']', '', 'g')))""",
    r"""CREATE MACRO comma_number(x) AS CASE
      WHEN regexp_full_match(translate(x, ' ' || chr(160) || chr(8239), ''), '[+-]?([0-9]+|'
      '[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]*)?')
        THEN finite(replace(replace(translate(x, ' ' || chr(160) || chr(8239), ''), '.', ''), ',',
        '.')) END""",
    "CREATE MACRO digest(x) AS left(sha256(x), 16)",
)


class Stage:
    """A temporary DuckDB, gone at the end; beyond `memory` (None: see `limit`) it works on disk.

    A `large` one keeps its tables in a file, compressed; a small one is quicker without.
    """

    def __init__(self, memory: str | None = None, *, large: bool = True) -> None:
        self._held = ExitStack()
        self.store_read: Callable[..., pa.Table] | None = None
        folder = self._held.enter_context(scratch())
        spill = str(folder / "spill")
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": limit(memory),
            "temp_directory": spill,
        }
        place = str(folder / "stage.duckdb") if large else ":memory:"
        try:
            self.con = duckdb.connect(place, config=settings)
        except duckdb.ParserException as error:
            self._held.close()
            raise UsageError(f"{memory} is no amount of memory", where="memory_limit", hint=RAISE) from error
        self.con.execute("SET preserve_insertion_order = false")
        with suppress(duckdb.Error):  # in a notebook that could not draw one anyway
            self.con.execute("SET enable_progress_bar = false")
        for macro in _MACROS:
            self.con.execute(macro)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()
        self._held.close()

    def run(self, sql: str, parameters: Sequence[object] | None = None) -> None:
        """Run a statement."""
        self.con.execute(sql, parameters)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.con.execute(sql).fetchall()

    def number(self, sql: str) -> int:
        """The one number that a query gives."""
        return int(self.rows(sql)[0][0])

    def stream(self, sql: str, size: int = 65_536) -> pa.RecordBatchReader:
        """The rows of a query as batches, beside whatever else runs."""
        return self.con.cursor().sql(sql).to_arrow_reader(size)

    def keep(self, table: str, rows: pa.Table) -> None:
        """Make a table of rows at hand."""
        self.con.register("incoming", rows)
        self.con.execute(f"CREATE TABLE {table} AS SELECT * FROM incoming")
        self.con.unregister("incoming")

    def recall(self, name: str, table: str, column: str, query: str) -> None:
        """Make `name` of the store's rows of `table` whose `column` has one of the texts that `query` gives.

        Empty where no store is at hand (`store_read`).
        """
        self.keep(name, schema.load()[table].arrow.empty_table())
        if not self.store_read:
            return
        for batch in self.stream(f"SELECT DISTINCT id FROM ({query}) t(id) WHERE id IS NOT NULL", RECALLED):
            found = self.store_read(table, only=(column, batch.column(0)), ordered=False)
            self.con.register("incoming", found)
            self.con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
            self.con.unregister("incoming")

    def append(self, table: str, batches: pa.RecordBatchReader, picked: str = "*") -> None:
        """Add rows to a table, by position; `picked` is SQL over the columns of the batches."""
        failed: list[BaseException] = []
        drawn = _noting(_by_one_thread(batches), failed)
        kept = pa.RecordBatchReader.from_batches(batches.schema, drawn)
        self.con.register("incoming", kept)
        try:
            self.con.execute(f"INSERT INTO {table} SELECT {picked} FROM incoming")
        except duckdb.Error:
            if failed:
                raise failed[0] from None
            raise
        finally:
            self.con.unregister("incoming")

    def translate(self, table: str, texts: str, read: Reading, types: pa.Schema) -> None:
        """Make `table` of each text that the query `texts` gives beside its reading. One call a text."""
        whole = pa.schema([("text", pa.string()), *types])
        ddl = ", ".join(f'"{f.name}" {SQL[str(f.type)]}' for f in whole)
        self.run(f"CREATE TABLE {table} ({ddl})")
        asked = self.stream(texts)

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in asked:
                yield pa.RecordBatch.from_arrays(
                    _columns(batch.column(0).to_pylist(), read, whole), schema=whole
                )

        self.append(table, pa.RecordBatchReader.from_batches(whole, batches()))

    def typed(self, name: str, sql: str) -> pa.RecordBatchReader:
        """The rows of a query as the table `name` of the graph; a column that it does not give is null."""
        target = schema.load()[name].arrow
        reader = self.stream(sql)
        given = set(reader.schema.names)

        def batches() -> Iterator[pa.RecordBatch]:
            for batch in reader:
                nothing = pa.nulls(batch.num_rows)
                columns = [batch.column(f.name) if f.name in given else nothing for f in target]
                yield pa.RecordBatch.from_arrays(
                    [c.cast(f.type) for c, f in zip(columns, target, strict=True)], schema=target
                )

        return pa.RecordBatchReader.from_batches(target, batches())


SQL = {
    "string": "VARCHAR",
    "double": "DOUBLE",
    "date32[day]": "DATE",
    "list<item: string>": "VARCHAR[]",
}


def _by_one_thread(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """DuckDB draws from a stream by several threads in turn, which the parsers of libxml2 do not survive."""
    drawn = iter(batches)
    with ThreadPoolExecutor(1, "diversion-reader") as reader:
        while (batch := reader.submit(next, drawn, None).result()) is not None:
            yield batch


def _noting(batches: Iterable[pa.RecordBatch], failed: list[BaseException]) -> Iterator[pa.RecordBatch]:
    """DuckDB wraps what a stream raises in an error of its own: the first is kept as it was."""
    try:
        yield from batches
    except BaseException as error:
        failed.append(error)
        raise


def _columns(given: Iterable[str], read: Reading, whole: pa.Schema) -> list[pa.Array]:
    rows = [(text, *read(text)) for text in given]
    return [pa.array([row[at] for row in rows], field.type) for at, field in enumerate(whole)]


@contextmanager
def guarded() -> Iterator[None]:
    """A failure of the staging database is said in words: the memory is full, or the disk."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        told = str(error).splitlines()[0][:300]
        raise StoreUnavailable(
            f"the work does not fit into the memory that it may use: {told}", where="memory_limit", hint=RAISE
        ) from error
    except duckdb.IOException as error:
        told = str(error).splitlines()[0][:300]
        raise StoreUnavailable(
            f"no room to read the file: {told}",
            where=tempfile.gettempdir(),
            hint="free some space, or set TMPDIR to a folder on a larger disk",
        ) from error


def texts(table: str, columns: Iterable[str]) -> str:
    """A query for the distinct texts of some columns."""
    parts = ["SELECT NULL::VARCHAR AS text WHERE FALSE"]
    parts += [f'SELECT "{column}" AS text FROM {table} WHERE "{column}" IS NOT NULL' for column in columns]
    return f"SELECT DISTINCT text FROM ({' UNION ALL '.join(parts)})"
