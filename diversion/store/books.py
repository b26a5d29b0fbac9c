"""What both stores keep account of."""

from __future__ import annotations

from diversion import schema
from diversion.store.base import Batch

AGAIN = "take a copy from before, or ingest its source files into a new store"


def in_order(batch: Batch) -> list[schema.TableType]:
    """The types of a batch, nodes before the relationships that name them."""
    kinds = [schema.load()[name] for name in batch.tables]
    return sorted(kinds, key=lambda kind: (kind.kind != "node", kind.name))


def difference(booked: tuple[int, int], there: tuple[int, int], digests: bool = True) -> str:
    """What tells `(rows, digest)` of the books from those that are there; empty where nothing does.

    >>> difference((10, 7), (9, 3))
    '1 of 10 rows is lost'
    """
    lost = booked[0] - there[0]
    if lost > 0:
        return f"{lost} of {booked[0]} rows {'is' if lost == 1 else 'are'} lost"
    if lost < 0:
        return f"{-lost} rows came in that no batch wrote"
    if digests and booked[1] != there[1]:
        return f"some of its {there[0]} rows were changed behind the store's back"
    return ""
