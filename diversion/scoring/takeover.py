"""Newcomers who buy from a supplier what a customer bought there until it was restricted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.scoring.restricted import Ints, Spans, places

if TYPE_CHECKING:
    from diversion.routes.transfers import Transfers

BEFORE, EARLY, AFTER = 730, 60, 365
"""Days: how far back a lost customer counts, and from when to when after its restriction a newcomer does."""


@dataclass(frozen=True)
class Lost:
    """Days from which a party was restricted (its first), by itself or by its destination."""

    party: Ints
    since: Ints


@dataclass(frozen=True)
class Takeovers:
    """Orders taken over.

    `table`: supplier, heading, lost (customer), since, newcomer, first (day), before and after (amounts),
    same (the newcomer sells on to the lost customer itself). `row` is the row for the sender of each transfer
    from the newcomer's first purchase on, −1 none.
    """

    table: pd.DataFrame
    row: Ints


def takeovers(transfers: Transfers, heading: Ints, lost: Lost) -> Takeovers:
    """Per supplier and heading the largest customer lost, and the new customers around that day.

    A newcomer takes over where it bought between a third and three times as much in its first year, or sells
    on to the lost customer itself. Linear in the transfers, n log n in those of the suppliers concerned.
    """
    since = np.full(len(transfers.party_ids), np.iinfo(np.int32).max, np.int64)
    np.minimum.at(since, lost.party, lost.since)
    frame = _of_suppliers(transfers, heading, since)
    gone = _lost(frame, since)
    table = _newcomers(frame, gone)
    if len(table):
        table = table.assign(same=_sells_on(transfers, heading, table))
        alike = table["after"].between(table["before"] / 3, table["before"] * 3)
        table = table[alike | table["same"]]
        table = table.sort_values(["newcomer", "heading", "supplier", "lost"], ignore_index=True)
    return Takeovers(table, _rows(transfers, heading, table))


def _of_suppliers(transfers: Transfers, heading: Ints, since: npt.NDArray[np.int64]) -> pd.DataFrame:
    """The sales of heading and supplier that ever reached a party that is restricted at some time."""
    group = transfers.src.astype(np.int64) * (int(heading.max(initial=0)) + 1) + heading
    early = transfers.departed < since[transfers.dst]
    ends = early & (since[transfers.dst] < np.iinfo(np.int32).max)
    code, _ = pd.factorize(group)
    touched = np.zeros(int(code.max(initial=-1)) + 1, bool)
    touched[code[ends]] = True
    keep = np.flatnonzero(touched[code]) if len(code) else code
    value = np.where(np.isnan(transfers.value_usd), 0.0, transfers.value_usd)[keep]
    columns = {"supplier": transfers.src, "heading": heading, "to": transfers.dst, "day": transfers.departed}
    return pd.DataFrame(
        {name: column[keep] for name, column in columns.items()} | {"value": value, "count": 1.0}
    )


def _lost(frame: pd.DataFrame, since: npt.NDArray[np.int64]) -> pd.DataFrame:
    """The largest customer that each supplier lost of a heading: sold to until it was restricted."""
    frame = frame.assign(since=since[frame["to"].to_numpy()])
    frame = frame[frame["since"] < np.iinfo(np.int32).max]
    gap = frame["day"] - frame["since"]
    bought = frame[(gap >= -BEFORE) & (gap < 0)]
    key = ["supplier", "heading", "to"]
    size = bought.groupby(key, as_index=False).agg(
        before=("value", "sum"), orders=("count", "sum"), since=("since", "first"), begun=("day", "min")
    )
    # Rated a year, so that a long past does not outweigh a newcomer's first year.
    span = np.clip(size["since"] - size["begun"], AFTER, BEFORE)
    size["before"] = np.where(size["before"] > 0, size["before"], size["orders"]) * AFTER / span
    still = frame[gap > EARLY][key].drop_duplicates().assign(still=True)
    size = size.merge(still, on=key, how="left")
    size = size[size["still"].isna() & (size["orders"] > 1)].drop(columns=["still", "begun"])
    size = size.sort_values(["supplier", "heading", "before", "to"], ascending=[True, True, False, True])
    return size.drop_duplicates(["supplier", "heading"]).rename(columns={"to": "lost"})


def _newcomers(frame: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    key = ["supplier", "heading"]
    near = frame.merge(gone[[*key, "since"]], on=key)
    first = near.groupby([*key, "to"])["day"].transform("min")
    begun = near[
        (first >= near["since"] - EARLY) & (first <= near["since"] + AFTER) & (near["day"] < first + AFTER)
    ]
    new = begun.groupby([*key, "to"], as_index=False).agg(
        first=("day", "min"), after=("value", "sum"), orders_after=("count", "sum")
    )
    both = new.merge(gone, on=key)
    both["after"] = np.where(both["after"] > 0, both["after"], both["orders_after"])
    both = both[both["to"] != both["lost"]].rename(columns={"to": "newcomer"})
    return both.drop(columns=["orders_after"])


def _sells_on(transfers: Transfers, heading: Ints, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether the newcomer sells goods of the heading to the lost customer after its restriction."""
    new = np.zeros(len(transfers.party_ids), bool)
    new[table["newcomer"].to_numpy()] = True
    sale = np.flatnonzero(new[transfers.src])
    sales = pd.DataFrame(
        {"newcomer": transfers.src[sale], "heading": heading[sale], "lost": transfers.dst[sale]}
        | {"day": transfers.departed[sale]}
    )
    sales = sales.groupby(["newcomer", "heading", "lost"], as_index=False).agg(day=("day", "max"))
    found = table[["newcomer", "heading", "lost", "since"]].merge(
        sales, on=["newcomer", "heading", "lost"], how="left"
    )
    same: npt.NDArray[np.bool_] = (found["day"] >= found["since"]).to_numpy(dtype=bool)
    return same


def _rows(transfers: Transfers, heading: Ints, table: pd.DataFrame) -> Ints:
    row = np.full(len(transfers), -1, np.int32)
    if not len(table):
        return row
    many = int(heading.max(initial=0)) + 1
    group = table["newcomer"].to_numpy(dtype=np.int64) * many + table["heading"].to_numpy(dtype=np.int64)
    codes, groups = pd.factorize(group)
    begin = table["first"].to_numpy(dtype=np.int32)
    spans = Spans.of(
        codes.astype(np.int32),
        begin,
        np.full(len(table), 2**31 - 1, np.int32),
        table["same"].to_numpy(dtype=float),
    )
    mine = places(groups, transfers.src.astype(np.int64) * many + heading)
    hit = np.flatnonzero(mine >= 0)
    row[hit] = spans.meet(mine[hit], transfers.departed[hit])
    return row
