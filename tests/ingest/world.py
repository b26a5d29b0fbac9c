"""Files as users write them, and what the store holds after them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from diversion.ingest.options import IngestOptions
from diversion.ingest.report import COUNTS, FileReport
from diversion.ingest.run import ingest
from diversion.schema import load
from diversion.store import open_store
from diversion.store.base import Store

TODAY = date(2024, 6, 30)
HEADER = [
    "shipment_id",
    "departed_on",
    "arrived_on",
    "exporter",
    "exporter_country",
    "consignee",
    "consignee_country",
    "hs_code",
    "description",
    "quantity",
    "unit",
    "value",
    "currency",
]
GOOD = "S{n},2023-04-05,2023-04-09,Alpha Ltd,DE,Beta LLC,AE,8542.31,chips,10,pcs,100.5,USD"

Content = dict[str, list[dict[str, object]]]


def write(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def good(count: int, start: int = 1) -> list[list[str]]:
    return [GOOD.format(n=n).split(",") for n in range(start, start + count)]


def faulty(column: str, value: str, header: Sequence[str] = HEADER, base: str = GOOD) -> list[str]:
    row = base.format(n=99).split(",")
    row[list(header).index(column)] = value
    return row


def options(**more: object) -> IngestOptions:
    return IngestOptions(**{"today": TODAY, **more})  # type: ignore[arg-type]


def one(store: Store, path: Path, **more: object) -> FileReport:
    """Ingest one file; the sum of its counts holds, whatever it is."""
    (report,) = ingest(store, [path], options(**more)).files
    if report.refused is None:
        assert report.read == report.loaded + report.unchanged + report.merged + report.rejected
    else:
        assert report.loaded == report.unchanged == report.merged == 0
    assert set(COUNTS) <= set(report.as_json())
    return report


def content(store: Store) -> Content:
    """What the store holds, but for where each record was read."""
    left_out = {"source", "row"}
    found: Content = {}
    for kind in load():
        if kind.name in ("Source", "Reject"):
            continue
        rows = store.read(kind.name).to_pylist()
        if rows:
            found[kind.name] = [{k: v for k, v in row.items() if k not in left_out} for row in rows]
    return found


def empty_store(path: Path) -> Store:
    return open_store(str(path / "case.duckdb"))
