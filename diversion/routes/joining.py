"""Some transfers of a graph and new ones beside them, as a small table of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.routes.links import Link, Spans
from diversion.routes.ranges import ProjectionOptions
from diversion.routes.transfers import Flags, Ints, Transfers

NOBODY = -1
ENDS = ("src", "dst", "end_user")
PLAIN = (
    "departed",
    "departed_first",
    "arrived",
    "arrived_last",
    "estimated",
    "quantity",
    "weight_kg",
    "value_usd",
    "ids",
)
Names = npt.NDArray[np.object_]


def joined_to(old: Transfers, rows: Ints, new: Transfers) -> tuple[Transfers, Ints]:
    """These rows of the old and then all the new, and the row of each in the old, −1 for the new.

    Parties and goods are only those that they name, each once.
    """
    columns: dict[str, Any] = {name: _column(old, rows, new, name) for name in PLAIN}
    named = [(old.party_ids, getattr(old, side)[rows]) for side in ENDS]
    named += [(new.party_ids, getattr(new, side)) for side in ENDS]
    party_ids, codes = _numbered(named)
    for i, side in enumerate(ENDS):
        columns[side] = np.concatenate([codes[i], codes[i + len(ENDS)]])
    hs6, items = _numbered([(old.hs6, old.item[rows]), (new.hs6, new.item)])
    given = np.concatenate([rows, np.full(len(new), NOBODY, np.int32)]).astype(np.int32)
    made = Transfers(
        **columns,
        item=np.concatenate(items),
        shipment=given.astype(np.int64),
        party_ids=party_ids,
        hs6=hs6,
    )
    return made, given


def _column(old: Transfers, rows: Ints, new: Transfers, name: str) -> npt.NDArray[Any]:
    """Both parts of a column; empty where either has none."""
    before, after = getattr(old, name), getattr(new, name)
    if not len(before) or len(after) < len(new):
        before, rows = after[:0], rows[:0]
    return np.concatenate([before[rows], after])


def _numbered(named: list[tuple[Names, Ints]]) -> tuple[Names, list[Ints]]:
    """The names that are used, in order, and the numbers of each column among them (−1: none)."""
    texts = []
    for names, codes in named:
        found = np.full(len(codes), None, object)
        found[codes >= 0] = names[codes[codes >= 0]]
        texts.append(found)
    numbers, distinct = pd.factorize(np.concatenate(texts), sort=True)
    cuts = np.cumsum([len(text) for text in texts])[:-1]
    return np.asarray(distinct, object), [part.astype(np.int32) for part in np.split(numbers, cuts)]


def options_among(options: ProjectionOptions, place: npt.NDArray[np.int64]) -> ProjectionOptions:
    """The options for parties numbered anew; `place` is the number each had, −1 for one that had none."""

    def group(labels: Ints | None) -> Ints | None:
        return None if labels is None else np.where(place >= 0, _at(labels, place), NOBODY).astype(np.int32)

    def shared(one: int, other: int, link: Link) -> Spans:
        assert options.shared is not None
        return options.shared(int(place[one]), int(place[other]), link)

    return replace(
        options,
        owner_group=group(options.owner_group),
        address_group=group(options.address_group),
        goods=None,
        shared=None if options.shared is None else shared,
        loose=marked(options.loose, place),
    )


def marked(flags: Flags | None, place: npt.NDArray[np.int64]) -> Flags | None:
    """A mark for each party numbered anew, as `options_among` takes them; none for one that is new."""
    return None if flags is None else _at(flags, place).astype(bool) & (place >= 0)


def _at(values: npt.NDArray[Any], place: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """The value at each place, anything where there is none: a graph may have no party at all."""
    return np.asarray(values)[place] if len(values) else np.zeros(len(place), np.int32)
