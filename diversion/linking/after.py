"""What is derived anew once files have gone in, and what that means for their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from diversion.ingest.report import FileReport
from diversion.linking import mirrors
from diversion.store.base import Store


def linked(store: Store, reports: Sequence[FileReport]) -> tuple[FileReport, ...]:
    """Join the records that tell of one shipment, where new ones came; a row joined to another is `merged`.

    Derived whole from the store and replaced as a whole, so that doing it again changes nothing and a run
    that was stopped before it is completed by the next one.
    """
    if not any(report.loaded or report.unchanged for report in reports):
        return tuple(reports)
    before = store.read("MIRRORS")
    found = mirrors.find(store)
    if found.equals(before):
        return tuple(reports)
    store.replace("MIRRORS", found)
    return _counted(store, reports, found.filter(pc.invert(_stands(found, before))))


def _stands(found: pa.Table, before: pa.Table) -> pa.ChunkedArray:
    pairs = set(zip(before["shipment"].to_pylist(), before["other"].to_pylist(), strict=True))
    rows = zip(found["shipment"].to_pylist(), found["other"].to_pylist(), strict=True)
    return pa.chunked_array([pa.array([row in pairs for row in rows], pa.bool_())])


def _counted(store: Store, reports: Sequence[FileReport], fresh: pa.Table) -> tuple[FileReport, ...]:
    """Each new pair counts as one merged row of the file that brought it, the mirror's where both are new."""
    ids = pa.concat_arrays([fresh[name].combine_chunks() for name in ("shipment", "other")])
    mine = store.read("Shipment", ["id", "source"], only=("id", ids))
    source = dict(zip(mine["id"].to_pylist(), mine["source"].to_pylist(), strict=True))
    files = {one: at for at, report in enumerate(reports) for one in report.sources if report.loaded}
    merged: Counter[int] = Counter()
    for mirror, kept in zip(fresh["shipment"].to_pylist(), fresh["other"].to_pylist(), strict=True):
        at = files.get(source[mirror], files.get(source[kept]))
        if at is not None:
            merged[at] += 1
    return tuple(
        replace(report, loaded=report.loaded - merged[at], merged=report.merged + merged[at])
        if merged[at]
        else report
        for at, report in enumerate(reports)
    )
