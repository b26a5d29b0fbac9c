"""Transfers: the columns that a search reads, and how shipments become them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from diversion.policy.policy import Policy

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Transfers:
    """`n` transfers as columns, in the order of their ids. Days are days since 1970-01-01.

    `src`, `dst` and `end_user` index `party_ids`, `item` indexes `hs6`; `end_user` is −1 where none is
    declared or it is `dst`. `departed` is the latest possible departure, `arrived` the earliest possible
    arrival (the relaxation that a search uses); `departed_first` and `arrived_last` are the other ends.
    Goods can have come on every day from `arrived` on: no `departed_first` is later than `arrived`.
    `estimated` marks a day that the transit rule of the policy supplied. Unknown amounts are NaN.
    `shipment` is the row of `Store.shipments()`; `ids` are what a person sees (`shipment_id`, with
    `/line` where it has several). `left_out` counts the shipments that are no transfers, by reason.
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
    left_out: dict[str, int] = default(default_factory=dict)

    def __len__(self) -> int:
        return len(self.src)


def project(shipments: pa.Table, canonical: pd.Series, policy: Policy, as_of: date | None) -> Transfers:
    """The transfers among `shipments` (`Store.shipments()`) up to the day `as_of`, of resolved parties.

    The receiver is the consignee; where that is the bank, the carrier or the forwarder of its record, or
    the policy says that it passes nothing on (`not_passing`: banks, "to order", nobody), it is the declared
    end user, else the notify party. A shipment without sender, receiver, six-digit code or any day is no
    transfer, nor is one to its sender or one that left after `as_of`; `left_out` counts them. Linear: about
    half a second a million shipments, and 10 µs for each name of a consignee not yet seen.
    """
    from diversion.routes.projecting import transfers_of

    return transfers_of(shipments, canonical, policy, as_of)
