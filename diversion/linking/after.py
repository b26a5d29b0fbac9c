"""What is derived anew once files have gone in, and what that means for their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from diversion.ingest.report import FileReport
from diversion.ingest.stage import guarded
from diversion.linking import mirrors
from diversion.linking.financing import link
from diversion.store.base import Store

TELLING = {"shipments", "iso20022", "swift_mt", "ftm"}
"""Kinds of files after which records may have to be joined."""
DERIVED = "replace "
"""How the ids of batches begin that are derived from others."""


def linked(store: Store, reports: Sequence[FileReport], memory: str | None = None) -> tuple[FileReport, ...]:
    """Join records that tell of one shipment, and instruments to the shipments that they pay for.

    Derived whole from the store and replaced as a whole, so that doing it again changes nothing, and what a
    run left undone that was stopped, the next one of the same files does. A row joined to another is
    `merged`; the last file that may have brought links to instruments says how many there are.
    """
    held = [at for at, one in enumerate(reports) if one.refused is None and TELLING & set(_kinds(one))]
    if not held and not (reports and store.count("Instrument")):
        return tuple(reports)
    with guarded():
        return _derived(store, reports, held, memory)


def _derived(
    store: Store, reports: Sequence[FileReport], held: list[int], memory: str | None
) -> tuple[FileReport, ...]:
    told = list(_mirrored(store, reports, memory)) if _behind(store, "MIRRORS") else list(reports)
    if _behind(store, "FINANCES") and store.count("Instrument"):
        found = link(store, memory)
        store.replace("FINANCES", found.rows)
        last = held[-1] if held else -1
        told[last] = replace(told[last], notes=(*told[last].notes, found.note))
    return tuple(told)


def _kinds(report: FileReport) -> list[str]:
    return (report.kind or "").split(", ")


def _behind(store: Store, derived: str) -> bool:
    """Whether records were written since the rows of a type were derived from all of them."""
    batches = store.batches()
    last = batches.index(f"{DERIVED}{derived}") if f"{DERIVED}{derived}" in batches else -1
    return any(not one.startswith(DERIVED) for one in batches[last + 1 :])


def _mirrored(store: Store, reports: Sequence[FileReport], memory: str | None) -> tuple[FileReport, ...]:
    before, found = store.read("MIRRORS"), mirrors.find(store, memory)
    fresh = found.filter(pc.invert(_stands(found, before)))
    store.replace("MIRRORS", found)
    return _counted(store, reports, fresh) if len(fresh) else tuple(reports)


def _stands(found: pa.Table, before: pa.Table) -> pa.ChunkedArray:
    pairs = set(zip(before["shipment"].to_pylist(), before["other"].to_pylist(), strict=True))
    rows = zip(found["shipment"].to_pylist(), found["other"].to_pylist(), strict=True)
    return pa.chunked_array([pa.array([row in pairs for row in rows], pa.bool_())])


def _counted(store: Store, reports: Sequence[FileReport], fresh: pa.Table) -> tuple[FileReport, ...]:
    """A row that came now and is not counted beside another is one merged row of its file."""
    mine = store.read("Shipment", ["id", "source"], only=("id", fresh["shipment"].combine_chunks()))
    merged = Counter(mine["source"].to_pylist())
    told = []
    for report in reports:
        joined = min(sum(merged[one] for one in report.sources), report.loaded)
        told.append(replace(report, loaded=report.loaded - joined, merged=report.merged + joined))
    return tuple(told)
