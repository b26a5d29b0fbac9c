"""Every shipment with its parties in one row."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diversion.store.base import PARTY_ROLES, SHIPMENT_COLUMNS
from diversion.store.order import Positions

MANY = 10_000
"""Rows from which on it pays to gather on all cores."""
ENDS = {"SENT": "exporter", "DELIVERED_TO": "consignee"}
SHIPMENT = [
    c for c in SHIPMENT_COLUMNS if c not in PARTY_ROLES and not c.startswith(("exporter", "consignee"))
]
"""Columns that come from the shipment itself."""


@dataclass(frozen=True)
class Part:
    """Relationships of shipments: which row of the shipments each names, and what it says of it."""

    shipment: Positions
    columns: Mapping[str, pa.ChunkedArray]

    def rows(self, order: Positions, only: Positions | None = None) -> pa.Array:
        """The row of this part for each shipment in `order`, null where it has none."""
        place = np.full(len(order) + 1, -1, np.int64)
        mine = np.arange(len(self.shipment)) if only is None else only
        place[self.shipment[mine]] = mine
        at = place[order]
        return pa.array(at, mask=at < 0)


def widen(shipments: pa.Table, parts: Mapping[str, Part], order: Positions) -> pa.Table:
    """The columns of `Store.shipments`.

    `shipments` has the columns `SHIPMENT`, to be put in `order`; `parts` are SENT, DELIVERED_TO and TOOK_PART
    with their parties dictionary-encoded. Each column is gathered once, on all cores.
    """
    straight = bool((order[1:] > order[:-1]).all())
    tasks = {name: (shipments[name], None if straight else pa.array(order)) for name in SHIPMENT}
    for kind, role in ENDS.items():
        at = parts[kind].rows(order)
        tasks |= {f"{role}_{name}": (parts[kind].columns[name], at) for name in ("name", "country")}
        tasks[role] = (parts[kind].columns["party"], at)
    took = parts["TOOK_PART"]
    for role in PARTY_ROLES:
        if role not in ENDS.values():
            mine = pc.equal(took.columns["role"], role.replace("_", " ")).to_numpy()
            tasks[role] = (took.columns["party"], took.rows(order, np.flatnonzero(mine)))
    ordered = [tasks[name] for name in SHIPMENT_COLUMNS]
    if len(order) < MANY:
        return pa.table([_gathered(task) for task in ordered], names=list(SHIPMENT_COLUMNS))
    with ThreadPoolExecutor() as pool:
        return pa.table(list(pool.map(_gathered, ordered)), names=list(SHIPMENT_COLUMNS))


def _gathered(task: tuple[pa.ChunkedArray, pa.Array | None]) -> pa.Array | pa.ChunkedArray:
    column, at = task
    return column if at is None else column.combine_chunks().take(at)
