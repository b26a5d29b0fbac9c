"""What every store does: the memory of the case, in which no search runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import pyarrow as pa


@dataclass(frozen=True)
class Batch:
    """Tables written together: all of them or none.

    `id` is a digest of what was read, `tables` maps a type of `graph_schema/` to its rows, whose keys are
    unique within the table. A reader is consumed as a stream, so that a table need not fit into memory.
    Nodes that a relationship names must be in the batch or in the store.
    """

    id: str
    tables: Mapping[str, pa.Table | pa.RecordBatchReader]


@dataclass(frozen=True)
class Written:
    """What became of the rows of one table. Rows that differ in nothing but their source are unchanged."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Problem:
    """Something `verify` found: where, what, and what to do."""

    where: str
    what: str
    hint: str


class Store(ABC):
    """A property graph that keeps whole batches and hands columns back.

    Writing the same batch twice changes nothing. A row whose key is there already replaces it, stays
    behind it, or gives way to a stated one, as `merge` of its type says. `known_on` becomes the earliest
    that any source states; `source` and `row` stay those of the record kept.
    """

    location: str

    @abstractmethod
    def write(self, batch: Batch) -> dict[str, Written]:
        """Write all tables of the batch or none."""

    @abstractmethod
    def replace(self, table: str, rows: pa.Table) -> None:
        """Make `rows` all there is of a derived table (LISTED_AS, POSSIBLY_SAME), or change nothing."""

    @abstractmethod
    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        *,
        only: tuple[str, pa.Array] | None = None,
        ordered: bool = True,
    ) -> pa.Table:
        """Rows of one type as Arrow with public ids, in the order of its key, or in none, which is cheaper.

        `only` names a column and the values that it must have one of.
        """

    @abstractmethod
    def count(self, table: str) -> int:
        """Number of rows of one type."""

    @abstractmethod
    def shipments(self) -> pa.Table:
        """Every shipment with its parties in one row: the columns of `SHIPMENT_COLUMNS`, ordered by id.

        Party columns hold ids and are dictionary-encoded; a role that the record does not name is null.
        """

    @abstractmethod
    def batches(self) -> list[str]:
        """Ids of the whole batches it holds, in the order in which they were written."""

    @abstractmethod
    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Run a read-only query in the store's own language. Raises `StoreError` if it would write."""

    @abstractmethod
    def verify(self) -> list[Problem]:
        """Compare row counts and digests with those kept for each batch; empty where all is well."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file or the server."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


PARTY_ROLES = ("exporter", "consignee", "forwarder", "notify_party", "end_user", "carrier", "bank")
"""Columns of `Store.shipments` that hold a party id, dictionary-encoded."""

SHIPMENT_COLUMNS = (
    "id",
    "shipment_id",
    "line",
    *PARTY_ROLES,
    "exporter_name",
    "consignee_name",
    "exporter_country",
    "consignee_country",
    "departed_on",
    "departed_latest",
    "arrived_on",
    "arrived_latest",
    "hs6",
    "description",
    "quantity",
    "unit",
    "weight_kg",
    "value_usd",
    "end_use",
    "licence",
    "bill_of_lading",
    "instrument_id",
    "source",
    "row",
    "known_on",
)
