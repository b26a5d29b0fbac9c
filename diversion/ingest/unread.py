"""What of a table is not read: columns that are not understood, and parties that no column names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diversion.ingest.columns import Layout

SHOWN = 12
"""Headers that a note names."""
_SIDES = {"exporter": ("exporter",), "consignee": ("consignee", "end_user", "notify_party")}
"""Sides of a shipment, and the roles of which one stands for them."""


def unread(header: Sequence[str], layout: Layout) -> Iterator[int]:
    """Positions of the columns that are not read."""
    used = {*layout.position.values(), *(at for rest in layout.further.values() for at in rest)}
    return (at for at in range(len(header)) if at not in used)


def notes(header: Sequence[str], layout: Layout) -> Iterator[str]:
    """Sentences on the columns that a table has and that are not read, and on those that it lacks.

    >>> layout = Layout("shipments", {"consignee": 0}, {})
    >>> list(notes(["Buyer", "Colour"], layout))
    ["columns that were not read: 'Colour'; no column of an exporter is known: name one with --mapping"]
    """
    names = [header[at] for at in unread(header, layout) if header[at].strip()]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    told = [f"columns that were not read: {', '.join(repr(n[:40]) for n in names[:SHOWN])}{more}"]
    said = told if names else []
    if layout.kind == "shipments" and (lacking := _lacking(layout)):
        which = " nor ".join(f"{'an' if one[0] in 'aeiou' else 'a'} {one}" for one in lacking)
        said += [f"no column of {which} is known" + (": name one with --mapping" if names else "")]
    if said:
        yield "; ".join(said)


def _lacking(layout: Layout) -> list[str]:
    """Sides of which no column gives the name or an id."""
    there = {*layout.position, *layout.constants}
    return [
        side
        for side, roles in _SIDES.items()
        if there.isdisjoint(f"{role}{end}" for role in roles for end in ("", "_id", "_identifier"))
    ]
