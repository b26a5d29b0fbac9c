"""The records of a store side by side, numbered, in a database in memory."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diversion.ingest.stage import Stage
from diversion.store.base import Store

MEMORY = "2GB"
"""What the database may use; beyond that it works on disk."""
ENDS = ("exporter", "consignee", "notify_party", "end_user")
_WIDE = (
    *("shipment_id", "departed_on", "departed_latest", "arrived_on", "description", "hs6"),
    *("bill_of_lading", "instrument_id", "value_usd"),
)
_MORE = ("value", "currency", "port_of_loading", "port_of_discharge", "master_bill")


class Bench:
    """Tables `instrument_given`, `shipment`, `party`, `party_to` and `located`; the store is only read.

    Their `n`, and every column that names a record of another table, is the place of that record among all.
    """

    def __init__(self, store: Store) -> None:
        self._stage = Stage(MEMORY, large=False)
        instruments, party = store.read("Instrument"), store.read("Party", ["id", "name_key", "country"])
        self._ids = party["id"].combine_chunks()
        self.instruments, wide = instruments["id"], store.shipments()
        self.shipments = wide["id"]
        self._keep("instrument_given", instruments.drop_columns(["messages", "source", "row"]))
        self._keep("party", party)
        roles = store.read("PARTY_TO", ["party", "instrument", "role"])
        numbered = _places(roles["instrument"], self.instruments.combine_chunks())
        self._keep("party_to", roles.set_column(1, "instrument", numbered), ("party",))
        self._keep("located", store.read("LOCATED_AT", ["party", "address"]), ("party",))
        more = store.read("Shipment", list(_MORE))  # in the order of the ids, as `wide` is
        rows = wide.select([*ENDS, *_WIDE])
        for name in _MORE:
            rows = rows.append_column(name, more[name])
        self._keep("shipment", rows, ENDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stage.__exit__(kind, error, trace)

    def run(self, *statements: str) -> None:
        """Run statements in order."""
        for sql in statements:
            self._stage.run(sql)

    def table(self, sql: str) -> pa.Table:
        """The rows of a query."""
        return self._stage.con.sql(sql).to_arrow_table()

    def _keep(self, name: str, rows: pa.Table, parties: Sequence[str] = ()) -> None:
        for column in parties:
            at = rows.column_names.index(column)
            rows = rows.set_column(at, column, _places(rows[column], self._ids))
        rows = rows.append_column("n", pa.array(np.arange(len(rows), dtype=np.int64)))
        self._stage.keep(name, rows)


def _places(column: pa.ChunkedArray, among: pa.Array) -> pa.ChunkedArray:
    """The place of each value in `among`; a dictionary is looked up once."""
    if not pa.types.is_dictionary(column.type):
        return pa.chunked_array([pc.index_in(column, value_set=among).combine_chunks()], pa.int32())
    chunks = [pc.index_in(chunk.dictionary, value_set=among).take(chunk.indices) for chunk in column.chunks]
    return pa.chunked_array(chunks, pa.int32())
