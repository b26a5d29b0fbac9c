"""Who shares an owner or an address with a restricted party, or is held in part by one, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diversion.scoring.restricted import Ints, Spans, gather_pairs, interval, places

if TYPE_CHECKING:
    from diversion.dossier import Dossier

RANK = {"owner": 3.0, "holding": 2.0, "address": 1.0}
FIELDS = ["party", "other", "kind", "via", "from", "until", "verdict"]


@dataclass(frozen=True)
class Links:
    """Links of parties to restricted ones.

    `table` has one row a link: party, other (restricted), kind (owner, holding, address), via (owner's or
    address's id, or the share), from, until, verdict (row of `Ends.table`). `row` is, for each transfer, the
    row of the strongest link of its sender on its day, −1 none.
    """

    table: pd.DataFrame
    row: Ints


def links(dossier: Dossier, table: pd.DataFrame) -> Links:
    """Links to parties that `table` says are restricted themselves; an embargoed destination makes no link.

    The link holds where both memberships and the restriction hold. Groups of more than the policy's
    `group_cap` (a mass address, a nominee) link nobody.
    """
    cap = int(dossier.policy.thresholds.get("group_cap", 50))
    least = float(dossier.policy.thresholds.get("owner_group_share", 50))
    held = dossier.holdings
    large = held[pd.to_numeric(held["share_min"], errors="coerce") >= least]
    parts = [
        _shared(large.rename(columns={"owned": "party", "owner": "via"}), table, cap, "owner"),
        _shared(dossier.located.rename(columns={"address": "via"}), table, cap, "address"),
        _held(held, table),
    ]
    found = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=FIELDS)])
    found = found.sort_values(FIELDS, ignore_index=True)
    party = places(dossier.transfers.party_ids, found["party"].astype(object))
    rank = np.asarray(found["kind"].map(RANK), np.float64)
    begin, until = found["from"].to_numpy(dtype=np.int32), found["until"].to_numpy(dtype=np.int32)
    spans = Spans.of(party, begin, until, rank)
    return Links(found, spans.meet(dossier.transfers.src, dossier.transfers.departed))


def _shared(members: pd.DataFrame, table: pd.DataFrame, cap: int, kind: str) -> pd.DataFrame:
    """Pairs of members of one group (`via`) of which the second is restricted."""
    if not len(members):
        return pd.DataFrame(columns=FIELDS)
    near = members.loc[members["party"].isin(table["party"]), "via"]
    members = members[members["via"].isin(near.unique())]
    size = members.groupby("via")["party"].nunique()
    held = _dated(members[members["via"].isin(size.index[size <= cap])])
    bound = _restricted(held, table)
    first, second = gather_pairs(held, bound, "via")
    one, two = held.iloc[first].reset_index(drop=True), bound.iloc[second].reset_index(drop=True)
    return _rows(one["party"], two["party"], kind, one["via"], _overlap(one, two), two["verdict"])


def _held(holdings: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Holdings of a restricted party in another, of whatever size.

    Whom they restrict is no intermediary.
    """
    holdings = holdings[holdings["owner"].isin(table["party"])]
    if not len(holdings):
        return pd.DataFrame(columns=FIELDS)
    dated = _dated(holdings.rename(columns={"owner": "party", "owned": "via"}))
    low = pd.to_numeric(holdings["share_min"], errors="coerce").to_numpy()
    dated["share"] = [f"{share:g} %" if share == share else "a share not stated" for share in low]  # noqa: PLR0124
    bound = _restricted(dated, table)
    return _rows(bound["via"], bound["party"], "holding", bound["share"], bound, bound["verdict"])


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    begin, until = interval(frame)
    return pd.DataFrame(
        {"party": frame["party"].to_numpy(), "via": frame["via"].to_numpy(), "from": begin, "until": until}
    )


def _restricted(members: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The members that are restricted, for as long as both the membership and the restriction hold."""
    first, second = gather_pairs(members, table, "party")
    one, two = members.iloc[first].reset_index(drop=True), table.iloc[second].reset_index(drop=True)
    return one.assign(**_overlap(one, two)[["from", "until"]], verdict=table.index.to_numpy()[second])


def _overlap(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    begin = np.maximum(one["from"].to_numpy(), two["from"].to_numpy())
    until = np.minimum(one["until"].to_numpy(), two["until"].to_numpy())
    return pd.DataFrame({"from": begin.astype(np.int32), "until": until.astype(np.int32)})


def _rows(
    party: pd.Series,
    other: pd.Series,
    kind: str,
    via: pd.Series,
    when: pd.DataFrame,
    verdict: pd.Series,
) -> pd.DataFrame:
    made = pd.DataFrame({"party": party, "other": other, "kind": kind, "via": via})
    made = made.assign(
        **{"from": when["from"].to_numpy(), "until": when["until"].to_numpy()}, verdict=list(verdict)
    )
    return made[(made["party"] != made["other"]) & (made["from"] < made["until"])]
