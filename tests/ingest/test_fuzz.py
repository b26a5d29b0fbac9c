"""Whatever stands in a file: rows, rejects or a clear refusal, never anything else, and the sum holds."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.store import open_store
from tests.ingest.test_formats import text
from tests.ingest.world import good, one, write

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
WHOLE = text(good(12)).encode()


def check(body: bytes, name: str = "s.csv") -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/case.duckdb") as store:
        path = Path(folder) / name
        path.write_bytes(body)
        report = one(store, path, max_rejected=1.0)
        if report.refused is None:
            (source,) = store.read("Source").to_pylist()
            assert source["read"] == report.read
            assert store.count("Reject") == report.rejected
            assert store.count("Shipment") == report.loaded
        else:
            assert store.count("Source") == store.count("Shipment") == 0
        assert store.verify() == []


@FEW
@given(st.binary(max_size=2000))
def test_any_bytes(body: bytes) -> None:
    check(body)


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_below_a_header(body: bytes) -> None:
    check(WHOLE + body)


@FEW
@given(st.integers(0, len(WHOLE)))
def test_truncated(length: int) -> None:
    check(WHOLE[:length])


@FEW
@given(st.integers(), st.integers(1, 12))
def test_mutated(seed: int, changes: int) -> None:
    draw, body = random.Random(seed), bytearray(WHOLE)
    for _ in range(changes):
        at = draw.randrange(len(body))
        edits: list[Callable[[], object]] = [
            lambda at=at: body.__setitem__(at, draw.randrange(256)),  # type: ignore[misc]
            lambda at=at: body.insert(at, draw.choice(b'",\n\r\x00\xff;')),  # type: ignore[misc]
            lambda at=at: body.__delitem__(at),  # type: ignore[misc]
        ]
        draw.choice(edits)()
    check(bytes(body))


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@FEW
@given(st.lists(st.tuples(st.integers(0, 12), CELLS), min_size=1, max_size=12))
def test_any_cells(edits: list[tuple[int, str]]) -> None:
    rows = good(12)
    for at, (column, cell) in enumerate(edits):
        rows[at % 12][column] = cell
    with tempfile.TemporaryDirectory() as folder:
        check(write(Path(folder) / "x.csv", rows).read_bytes())
