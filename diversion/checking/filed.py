"""What a file says of shipments and payments not yet made: read as `ingest` reads it, written nowhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diversion.checking.lines import lined
from diversion.ingest.files import expand
from diversion.ingest.look import DAYS
from diversion.ingest.one_file import OneFile
from diversion.ingest.options import IngestOptions
from diversion.ingest.report import FileReport
from diversion.ingest.shipment_checks import NO_DAY
from diversion.schema import load
from diversion.store.base import PARTY_ROLES, SHIPMENT_COLUMNS, Batch, Problem, Store, Written
from diversion.store.wide import ENDS, SHIPMENT, Part, widen

TABLES = ("Shipment", "Party", "SENT", "DELIVERED_TO", "TOOK_PART", "Instrument", "PARTY_TO")
PLACES = ("Address", "LOCATED_AT")


@dataclass(frozen=True)
class Filed:
    """What one file says.

    `shipments` has the columns of `Store.shipments()`, in the order of the file, party ids as plain text;
    `parties` is the Party table of all that the file names, `places` (party, address, text, country, from,
    until) where they are. `instruments` and `roles` (instrument, party, role) are those of messages.
    `files` is as in a dossier. `report` says what became of each row; those of `undated` state no day.
    `lined` are the ids of the shipments that state which line they are.
    """

    shipments: pa.Table
    parties: pa.Table
    places: pa.Table
    instruments: pa.Table
    roles: pa.Table
    files: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    report: FileReport = field(default_factory=lambda: FileReport(""))
    undated: Collection[int] = ()
    lined: Collection[str] = ()


def read(path: Path, store: Store, options: IngestOptions, day: date, ahead: int = 366) -> list[Filed]:
    """Every file that `path` means (a folder, an archive, `-` for standard input), each by itself.

    A plan may lie up to `ahead` days ahead, where `ingest` takes nothing later than its own day.
    A row without any day counts as one of `day` where no column of the file tells days. What is refused, and
    a file of something else than shipments or messages, stands in the report of an empty `Filed`.
    """
    latest = max(options.day, day) + timedelta(days=ahead)
    asked = replace(options, max_rejected=1.0, today=latest, max_shrink=None)
    found = []
    for given in expand(path):
        taken = Unwritten(store)
        report = OneFile(taken, given, asked, lambda file, done, total: None).report()
        undated = _dayless(report)
        if undated:
            taken, dated = Unwritten(store), {"departed_on": day.isoformat()}
            asked_so = replace(asked, constants={**(asked.constants or {}), **dated})
            again = OneFile(taken, given, asked_so, lambda file, done, total: None).report()
            report = replace(again, notes=(*again.notes, f"it states no days: taken as planned for {day}"))
        rows = taken.tables["Shipment"]["row"].to_pylist() if undated and "Shipment" in taken.tables else ()
        found.append(filed(taken.tables, report, rows))
    return found


def _dayless(report: FileReport) -> bool:
    """Whether no column of the file tells days."""
    lost = any(one.reason == NO_DAY for one in report.reasons)
    return lost and not DAYS & set(report.mapping)


def filed(tables: Mapping[str, pa.Table], report: FileReport, undated: Collection[int] = ()) -> Filed:
    """The tables that a file makes, as they are checked."""
    kinds = load()
    whole = {name: tables.get(name, kinds[name].arrow.empty_table()) for name in (*TABLES, *PLACES)}
    nothing = not len(whole["Shipment"]) and not len(whole["Instrument"])
    if report.refused is None and nothing and report.rejected + report.merged < report.read:
        report = replace(report, refused=f"it holds {report.kind}, neither shipments nor payments")
    sources = tables.get("Source", kinds["Source"].arrow.empty_table()).to_pylist()
    return Filed(
        shipments=_wide(whole),
        parties=whole["Party"],
        places=_places(whole),
        instruments=whole["Instrument"],
        roles=whole["PARTY_TO"],
        files={row["id"]: (row["file"], row["sheet"]) for row in sources},
        report=report,
        undated=frozenset(undated),
        lined=lined(whole["Shipment"]),
    )


def _wide(tables: Mapping[str, pa.Table]) -> pa.Table:
    """The shipments with their parties in one row, as a store gives them, in the order of the file."""
    rows, ids = tables["Shipment"], tables["Party"]["id"].combine_chunks()
    parts = {}
    for name in (*ENDS, "TOOK_PART"):
        part = tables[name]
        at = pc.index_in(part["shipment"], value_set=rows["id"].combine_chunks())
        party = pc.index_in(part["party"], value_set=ids).combine_chunks().cast(pa.int32())
        encoded = pa.DictionaryArray.from_arrays(party, ids)
        columns = {c: part[c] for c in part.column_names if c in ("name", "country", "role")}
        parts[name] = Part(
            np.asarray(at.to_numpy(), np.int64), columns | {"party": pa.chunked_array([encoded])}
        )
    order = pc.sort_indices(rows, sort_keys=[("row", "ascending"), ("id", "ascending")]).to_numpy()
    whole = widen(rows.select(SHIPMENT), parts, np.asarray(order, np.int64))
    return plain(whole.select(SHIPMENT_COLUMNS))


def plain(shipments: pa.Table) -> pa.Table:
    """The same with the ids of parties as text, so that tables of different stores can stand together."""
    for role in PARTY_ROLES:
        at = shipments.schema.get_field_index(role)
        if pa.types.is_dictionary(shipments.schema.field(at).type):
            shipments = shipments.set_column(at, role, shipments[role].cast(pa.string()))
    return shipments


def _places(tables: Mapping[str, pa.Table]) -> pa.Table:
    places = tables["LOCATED_AT"].select(["party", "address", "from", "until"])
    addresses = tables["Address"].select(["id", "text", "country"])
    return places.join(addresses.rename_columns(["address", "text", "country"]), "address")


class Unwritten(Store):
    """A store that is read and never written: what would be written stands in `tables`."""

    def __init__(self, store: Store) -> None:
        self.location, self._store = store.location, store
        self.tables: dict[str, pa.Table] = {}

    def write(self, batch: Batch) -> dict[str, Written]:
        """Keep the tables here."""
        for name, given in batch.tables.items():
            self.tables[name] = given if isinstance(given, pa.Table) else given.read_all()
        return {}

    def replace(self, table: str, rows: pa.Table) -> None:
        """Nothing: no derived table is kept."""

    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        *,
        only: tuple[str, pa.Array] | None = None,
        ordered: bool = True,
    ) -> pa.Table:
        """As the store beneath."""
        return self._store.read(table, columns, only=only, ordered=ordered)

    def count(self, table: str) -> int:
        """As the store beneath."""
        return self._store.count(table)

    def shipments(self) -> pa.Table:
        """As the store beneath."""
        return self._store.shipments()

    def batches(self) -> list[str]:
        """As the store beneath."""
        return self._store.batches()

    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """As the store beneath."""
        return self._store.query(text, parameters)

    def verify(self) -> list[Problem]:
        """As the store beneath."""
        return self._store.verify()

    def close(self) -> None:
        """The store beneath stays open: who opened it closes it."""
