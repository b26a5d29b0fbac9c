"""Parquet: typed columns, handed on as the text that a CSV file of the same table would hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diversion.errors import BadInput
from diversion.ingest.cells import WIDEST
from diversion.ingest.headers import SAMPLE
from diversion.ingest.jsonlines import as_text
from diversion.ingest.sheet import BATCH, Batches, Sheet, Told, batch_schema

_DAMAGE = (pa.ArrowException, OSError, ValueError, OverflowError, UnicodeError)
"""What pyarrow raises where a file is damaged, or states values that there are none of."""


def open_parquet(path: Path, where: str) -> list[Sheet]:
    """The one sheet of a Parquet file; its rows count from 1. Raises `BadInput` where it is damaged."""
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        header = tuple(str(name) for name in file.schema_arrow.names)
        if len(header) > WIDEST:
            raise BadInput(f"the file has {len(header):,} columns, more than {WIDEST:,}", where=where)
        shown = _sample(file)
    except _DAMAGE as error:
        raise _damaged(where, error) from None

    def read(positions: Sequence[int], told: Told) -> Batches:
        return _batches(file, [header[at] for at in positions], where, told)

    return [Sheet(None, header, read, (), shown)]


def _sample(file: Any) -> tuple[tuple[str, ...], ...]:
    """The first rows that say anything, as text."""
    for batch in file.iter_batches(batch_size=SAMPLE):
        columns = [text(column).to_pylist() for column in batch.columns]
        rows = [tuple(cell or "" for cell in row) for row in zip(*columns, strict=True)]
        return tuple(row for row in rows if any(cell.strip() for cell in row))
    return ()


def _damaged(where: str, error: Exception) -> BadInput:
    return BadInput(
        f"the Parquet file cannot be read: {str(error).splitlines()[0][:200] if str(error) else 'damaged'}",
        where=where,
        hint="it may be damaged or cut off: copy it again",
    )


def _batches(file: Any, names: list[str], where: str, told: Told) -> Batches:
    row, total = 1, file.metadata.num_rows
    schema = batch_schema(len(names))
    try:
        for batch in file.iter_batches(batch_size=BATCH * 4, columns=list(dict.fromkeys(names))):
            count = batch.num_rows
            rows = pa.array(range(row, row + count), pa.int64())
            nothing = pa.nulls(count, pa.string())
            texts = [text(batch.column(batch.schema.get_field_index(name))) for name in names]
            yield _without_blanks(pa.RecordBatch.from_arrays([rows, nothing, nothing, *texts], schema=schema))
            row += count
            told(row - 1, total)
    except _DAMAGE as error:
        raise _damaged(where, error) from None


def _without_blanks(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without rows in which no column says anything."""
    said = pa.array(np.zeros(batch.num_rows, bool))
    for texts in batch.columns[3:]:
        said = pc.or_(said, pc.fill_null(pc.greater(pc.binary_length(texts), 0), False))
        if pc.all(said).as_py():
            return batch
    return batch.filter(said)


def text(values: pa.Array) -> pa.Array:
    """The values as text: whole floats without their point, times at midnight as days."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return text(values.dictionary_decode())
    if pa.types.is_floating(kind):
        return _floats(values)
    if pa.types.is_timestamp(kind):
        return pc.strftime(values, format="%Y-%m-%d")
    convert: Callable[..., pa.Array] = pc.cast
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _each(values)
    try:
        return convert(values, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return _each(values)


def _each(values: pa.Array) -> pa.Array:
    return pa.array([None if v is None else _plain(v) for v in values.to_pylist()], pa.string())


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return as_text(value) if isinstance(value, list) else str(value)


def _floats(values: pa.Array) -> pa.Array:
    values = values.cast(pa.float64())
    values = pc.if_else(pc.is_nan(values), None, values)
    whole = pc.and_(pc.equal(values, pc.trunc(values)), pc.less(pc.abs(values), 1e15))
    integers = pc.cast(pc.if_else(whole, values, None), pa.int64())
    return pc.coalesce(pc.cast(integers, pa.string()), pc.cast(values, pa.string()))
