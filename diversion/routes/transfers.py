"""Transfers: the columns that a search reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Transfers:
    """`n` transfers as columns, in the order of their ids. Days are days since 1970-01-01.

    `src`, `dst` and `end_user` index `party_ids`, `item` indexes `hs6`; `end_user` is −1 where none is
    declared or it is `dst`. `departed` is the latest possible departure, `arrived` the earliest possible
    arrival (the relaxation that a search uses); `departed_first` and `arrived_last` are the other ends.
    `estimated` marks a day that the transit rule of the policy supplied. Unknown amounts are NaN.
    `shipment` is the row of `Store.shipments()`; `ids` are what a person sees (`shipment_id`, with
    `/line` where it has several).
    """

    src: Ints
    dst: Ints
    end_user: Ints
    item: Ints
    departed: Ints
    departed_first: Ints
    arrived: Ints
    arrived_last: Ints
    estimated: Flags
    quantity: Floats
    weight_kg: Floats
    value_usd: Floats
    shipment: npt.NDArray[np.int64]
    ids: npt.NDArray[np.object_]
    party_ids: npt.NDArray[np.object_]
    hs6: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.src)
