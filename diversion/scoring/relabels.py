"""Goods that came in under one code of a heading and went out under another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from diversion.scoring.calendar import Floats
from diversion.scoring.days import NEVER
from diversion.scoring.flows import Around, Flows
from diversion.scoring.history import History

if TYPE_CHECKING:
    from diversion.routes.transfers import Transfers
    from diversion.scoring.restricted import Ints


@dataclass(frozen=True)
class Relabels:
    """Columns over the transfers whose sender received other goods of the heading, but none of the very code.

    `received`, `sent` (amounts of the whole heading around the transfer) and `dwell` are as in `Flows`, NaN
    for all other transfers; `by_weight` where the amounts are in kg.
    """

    received: Floats
    sent: Floats
    dwell: Floats
    by_weight: Floats


def relabels(
    transfers: Transfers, unit: Ints, moved: Flows, past: History, sought: frozenset[str]
) -> Relabels:
    """Flows by heading of the parties concerned, for headings of the goods looked for: n log n in these."""
    headings = {hs6[:4] for hs6 in sought}
    asked = np.array([hs6[:4] in headings for hs6 in transfers.hs6], bool)[transfers.item]
    asked &= (moved.receipts == 0) & (past.bought <= transfers.departed) & (past.bought < NEVER)
    concerned = np.zeros(int(max(past.sends.max(initial=-1), past.gets.max(initial=-1))) + 1, bool)
    concerned[past.sends[asked]] = True
    rows = np.flatnonzero(concerned[past.sends] | concerned[past.gets])
    around = Around(_some(transfers, rows), past.heading[rows], unit[rows], moved.window)
    mine = asked[rows] & (around.receipts > 0)
    received, sent, by_weight = around.amounts()
    found = (received, sent, around.dwell(), by_weight)
    return Relabels(*(_spread(len(transfers), rows[mine], column[mine]) for column in found))


def _some(transfers: Transfers, rows: np.ndarray) -> Transfers:
    columns = ("src", "dst", "departed", "arrived", "quantity", "weight_kg", "value_usd")
    return replace(transfers, **{name: getattr(transfers, name)[rows] for name in columns})


def _spread(size: int, rows: np.ndarray, values: np.ndarray) -> Floats:
    column = np.full(size, np.nan)
    column[rows] = values
    return column
