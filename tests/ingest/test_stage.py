"""The staging database reads streams that are not made for several threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pyarrow as pa

from diversion.ingest.stage import Stage


def test_stream_is_read_by_one_thread() -> None:
    schema, seen = pa.schema([("a", pa.int64())]), set()

    def batches() -> Iterator[pa.RecordBatch]:
        for _ in range(60):
            seen.add(threading.get_ident())
            yield pa.RecordBatch.from_arrays([pa.array(range(20_000))], schema=schema)

    with Stage("200MB", large=False) as stage:
        stage.run("CREATE TABLE t(a BIGINT)")
        stage.append("t", pa.RecordBatchReader.from_batches(schema, batches()))
        assert stage.number("SELECT count(*) FROM t") == 1_200_000
    assert len(seen) == 1
