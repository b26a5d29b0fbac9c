"""What could have been known on a day: the only honest way to look back."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

REGISTER = ("country", "incorporated_on", "dissolved_on", "identifier", "born", "aliases", "contacts")
"""What a register says of a party beyond that its name stands in some record."""


def shipments_known(shipments: pa.Table, known_at: date | None, lag_days: int) -> pa.Table:
    """The shipments received by `known_at`; a silent one counts as known `lag_days` after its last day."""
    if known_at is None:
        return shipments
    last = pc.coalesce(shipments["arrived_latest"], shipments["departed_latest"])
    return shipments.filter(_known(shipments["known_on"], last, known_at, lag_days))


def spans_known(rows: pa.Table, known_at: date | None, lag_days: int) -> pa.Table:
    """Holdings, controls or places received by `known_at`; a silent one without a first day always counts."""
    if known_at is None:
        return rows
    return rows.filter(_known(rows["known_on"], rows["from"], known_at, lag_days))


def parties_known(parties: pa.Table, known_at: date | None) -> pa.Table:
    """Every party, but of those stated only later no more than the name: records may name them before."""
    if known_at is None:
        return parties
    later = pc.fill_null(pc.greater(parties["known_on"], pa.scalar(known_at, pa.date32())), False)
    for name in REGISTER:
        place = parties.schema.get_field_index(name)
        empty = pa.scalar(None, parties.schema.field(name).type)
        parties = parties.set_column(place, name, pc.if_else(later, empty, parties[name]))
    place = parties.schema.get_field_index("stated")
    return parties.set_column(place, "stated", pc.and_(parties["stated"], pc.invert(later)))


def listings_known(listings: pa.Table, known_at: date | None) -> pa.Table:
    """The entries published by `known_at`; an end that came later is not known yet."""
    if known_at is None:
        return listings
    day = pa.scalar(known_at, pa.date32())
    published = pc.min_element_wise(listings["listed_on"], listings["first_seen"], listings["known_on"])
    known = listings.filter(pc.fill_null(pc.less_equal(published, day), True))
    for name in ("removed_on", "gone_on"):
        ended = pc.if_else(pc.less_equal(known[name], day), known[name], pa.scalar(None, pa.date32()))
        known = known.set_column(known.schema.get_field_index(name), name, ended)
    return known


def _known(stated: pa.ChunkedArray, own: pa.ChunkedArray, known_at: date, lag_days: int) -> pa.ChunkedArray:
    lag = pa.scalar(lag_days, pa.int32())
    assumed = pc.add(own.cast(pa.int32()), lag).cast(pa.date32())
    day = pa.scalar(known_at, pa.date32())
    return pc.fill_null(pc.less_equal(pc.coalesce(stated, assumed), day), True)
