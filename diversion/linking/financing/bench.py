"""The records of a store side by side, numbered, in a database in memory."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diversion.ingest.instruments import BUYERS, SELLERS
from diversion.ingest.stage import Stage
from diversion.linking.financing.reach import within
from diversion.store.base import Store

ENDS = {
    "exporter": "SENT",
    "consignee": "DELIVERED_TO",
    "notify_party": "notify party",
    "end_user": "end user",
}
"""Ends of a shipment → the relationship, or the role in TOOK_PART, that tells them."""
_WIDE = (
    *("id", "shipment_id", "departed_on", "departed_latest", "arrived_on", "description", "hs6"),
    *("bill_of_lading", "instrument_id", "value_usd", "value", "currency"),
    *("port_of_loading", "port_of_discharge", "master_bill"),
)


class Bench:
    """Tables `instrument`, `number`, `shipment`, `party`, `party_to` and `located`; the store is only read.

    Their `n`, and every column that names a record of another table, is the place of that record among all
    that are on the bench: of shipments and parties only those which could have to do with an instrument.
    """

    def __init__(self, store: Store, memory: str | None = None) -> None:
        self._stage = Stage(memory, large=False)
        instruments = store.read("Instrument")
        self.instruments = instruments["id"]
        self._keep("instrument_given", instruments.drop_columns(["messages", "source", "row"]))
        roles = store.read("PARTY_TO", ["party", "instrument", "role"])
        ours = roles.filter(pc.is_in(roles["role"], value_set=pa.array([*SELLERS, *BUYERS])))[
            "party"
        ].unique()
        rows = _shipments(store, within(self._stage, store, ours))
        self.shipments = rows["id"]
        met = [chunk for name in ENDS for chunk in rows[name].chunks]
        met = pa.chunked_array([*met, *roles["party"].chunks], pa.string()).unique().drop_null()
        party = store.read("Party", ["id", "name_key", "country"], only=("id", met))
        self._ids = party["id"].combine_chunks()
        self._keep("party", party)
        numbered = _places(roles["instrument"], self.instruments.combine_chunks())
        self._keep("party_to", roles.set_column(1, "instrument", numbered), ("party",))
        located = store.read("LOCATED_AT", ["party", "address"], only=("address", _addresses(store, ours)))
        self._keep("located", located, ("party",))
        self._keep("shipment", rows.drop_columns(["id"]), tuple(ENDS))

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


def _shipments(store: Store, ids: pa.Array) -> pa.Table:
    """Shipments in the order of their ids, with their ends."""
    rows = store.read("Shipment", _WIDE, only=("id", ids))
    at = rows["id"].combine_chunks()
    took = store.read("TOOK_PART", ["shipment", "party", "role"], only=("shipment", at))
    for name, told in ENDS.items():
        if told.isupper():
            part = store.read(told, ["shipment", "party"], only=("shipment", at))
        else:
            part = took.filter(pc.equal(took["role"], told))
        place = pc.index_in(at, value_set=part["shipment"].combine_chunks())
        rows = rows.append_column(name, part["party"].take(place))
    return rows


def _addresses(store: Store, parties: pa.Array) -> pa.Array:
    return store.read("LOCATED_AT", ["address"], only=("party", parties), ordered=False)["address"].unique()


def _places(column: pa.ChunkedArray, among: pa.Array) -> pa.ChunkedArray:
    """The place of each value in `among`."""
    return pa.chunked_array([pc.index_in(column, value_set=among).combine_chunks()], pa.int32())
