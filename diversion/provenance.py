"""From a record back to the row of the file that it was read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from diversion.errors import NotFound

if TYPE_CHECKING:
    from diversion.store.base import Store

_BY: dict[str, tuple[str, ...]] = {
    "Shipment": ("id", "shipment_id"),
    "Party": ("id",),
    "Listing": ("id", "party_id"),
    "OWNS": ("id", "owner", "owned"),
    "CONTROLS": ("id", "controller", "controlled"),
    "Statement": ("id", "record"),
    "Address": ("id",),
    "Instrument": ("id",),
    "ListChange": ("id", "listing"),
}
"""Where an id is looked for."""


@dataclass(frozen=True)
class Origin:
    """A record, the row of the file that it was read from, and whether the file is still that file.

    `original` is the row as it stands in the file, header → cell; None where `missing` says why not.
    """

    type: str
    id: str
    file: str
    sheet: str | None
    row: int | None
    path: str | None
    sha256: str
    kind: str
    record: dict[str, Any]
    original: dict[str, str] | None
    missing: str = ""


def trace(store: Store, wanted: str) -> list[Origin]:
    """Every record with the id `wanted` (a shipment's lines, a party and its holdings, an entry, …).

    `F-…:17` names a row by the id of its source. The file is read again where it lay when it was ingested,
    and only if its digest is the same. Raises `NotFound` where no record has the id.
    """
    from diversion.ingest.original import originals

    found = list(_records(store, wanted))
    if not found:
        hint = "ids stand in `diversion routes --format json`, in reports and in the store's tables"
        raise NotFound(f"no record has the id {wanted!r}", hint=hint)
    ids = pa.array(sorted({row["source"] for _, row in found}), pa.string())
    sources = {row["id"]: row for row in store.read("Source", only=("id", ids)).to_pylist()}
    asked = {(row["source"], row["row"]) for _, row in found if row["row"] is not None}
    read = originals([sources[one] for one in ids.to_pylist() if one in sources], asked)
    return [_origin(name, row, sources.get(row["source"], {}), read) for name, row in found]


def _records(store: Store, wanted: str) -> Iterator[tuple[str, dict[str, Any]]]:
    source, _, number = wanted.rpartition(":")
    if source.startswith("F-") and number.isdigit():
        yield "Source", {"id": wanted, "source": source, "row": int(number)}
        return
    value = pa.array([wanted, *_mirrors(store, wanted)], pa.string())
    for name, columns in _BY.items():
        seen: set[str] = set()
        for column in columns:
            for row in store.read(name, only=(column, value)).to_pylist():
                if row["id"] not in seen:
                    seen.add(row["id"])
                    yield name, row


def _mirrors(store: Store, wanted: str) -> list[str]:
    """Ids of the records that tell of the same shipment."""
    lines = store.read("Shipment", ["id"], only=("shipment_id", pa.array([wanted])))["id"].to_pylist()
    mine = pa.array([wanted, *lines], pa.string())
    return [
        row[far]
        for near, far in (("shipment", "other"), ("other", "shipment"))
        for row in store.read("MIRRORS", only=(near, mine)).to_pylist()
    ]


Rows = dict[tuple[str, int], dict[str, str] | str]


def _origin(name: str, row: dict[str, Any], source: dict[str, Any], read: Rows) -> Origin:
    told = read.get((row["source"], row["row"])) if row["row"] is not None else "no one row tells this"
    plain = {k: v for k, v in row.items() if v is not None and k not in ("source", "row")}
    return Origin(
        type=name,
        id=row["id"],
        file=source.get("file", row["source"]),
        sheet=source.get("sheet"),
        row=row["row"],
        path=source.get("path"),
        sha256=source.get("sha256", ""),
        kind=source.get("kind", ""),
        record={} if name == "Source" else plain,
        original=told if isinstance(told, dict) else None,
        missing=told if isinstance(told, str) else "" if told else "the file has no such row now",
    )
