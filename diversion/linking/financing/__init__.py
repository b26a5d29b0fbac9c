"""Which instrument pays for which shipment, how sure that is, and why.

Every credit and payment is held against every shipment that could be its own: one that names the same number
or bill of lading, one between the same parties, or one of the same amount with one party the same
(`candidates`). What agrees and what does not are independent signs that make the score (`signs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from diversion import schema
from diversion.store.base import Store

LEAST = 0.5
"""Score below which nothing is linked."""
SURE = 0.9
"""Score from which a link is counted as sure."""


@dataclass(frozen=True)
class Linked:
    """Rows of FINANCES, and how many links, sure ones, instruments and shipments there are among them."""

    rows: pa.Table
    counts: Mapping[str, int]

    @property
    def note(self) -> str:
        """The counts in words."""
        count = self.counts
        return (
            f"{count['links']} links of instruments to shipments, {count['sure']} of them sure: "
            f"{count['instruments']} of {count['of instruments']} instruments, {count['shipments']} shipments"
        )


def link(store: Store, memory: str | None = None) -> Linked:
    """Hold all instruments against all shipments; nothing is written.

    The same records give the same rows, in whatever order they were read, and a shipment that has nothing to
    do with an instrument changes none of its links. 10,000 instruments against a million shipments take some
    ten seconds on two cores.
    """
    kind = schema.load()["FINANCES"].arrow
    total = store.count("Instrument")
    rows = kind.empty_table()
    if total and store.count("Shipment"):
        rows = _found(store, memory).cast(kind)
    sure = sum(score >= SURE for score in rows["score"].to_pylist())
    ends = {f"{name}s": len(rows[name].unique()) for name in ("instrument", "shipment")}
    return Linked(rows, {"links": len(rows), "sure": sure, **ends, "of instruments": total})


def _found(store: Store, memory: str | None) -> pa.Table:
    from diversion.linking.financing.bench import Bench
    from diversion.linking.financing.candidates import find
    from diversion.linking.financing.signs import weighed

    with Bench(store, memory) as bench:
        find(bench)
        rows = weighed(bench, LEAST)
        for at, (name, ids) in enumerate((("instrument", bench.instruments), ("shipment", bench.shipments))):
            rows = rows.set_column(at, name, ids.take(rows[name]))
    return rows
