"""Companies that may stand in for one another: a common owner, or a common address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties.unions import components
from diversion.policy.policy import Policy


def owner_groups(holdings: pd.DataFrame, policy: Policy) -> pd.Series:
    """Party → label of its group: companies with a direct owner of at least `owner_group_share` in common.

    Labels are the smallest id of the group. Groups of more than `group_cap` parties do not join, and who
    is in no group is absent. Days of holdings are left aside here: a corridor that jumps checks them.
    """
    held = _held(holdings, policy)
    return _groups(held, "owner", "owned", int(policy.thresholds["group_cap"]))


def address_groups(located: pd.DataFrame, policy: Policy) -> tuple[pd.Series, set[str]]:
    """Party → label of its group by address, and the mass addresses, which join nobody.

    A mass address has more than `group_cap` parties: an agent or a registration office, not a company.
    """
    cap = int(policy.thresholds["group_cap"])
    known = located.dropna(subset=["party", "address"])
    sizes = known.groupby("address", sort=True)["party"].nunique()
    mass = {str(address) for address in sizes.index[sizes > cap]}
    return _groups(known[~known["address"].isin(mass)], "address", "party", cap), mass


@dataclass(frozen=True)
class Bonds:
    """What ties the members of groups to each other: a common owner or address, and from when to when.

    Columns ascending by member: `member` and `hub` as ids, days `[since, until)` since 1970-01-01.
    """

    groups: pd.Series
    member: npt.NDArray[np.object_]
    hub: npt.NDArray[np.object_]
    since: npt.NDArray[np.int64]
    until: npt.NDArray[np.int64]

    def shared(self, one: str, other: str) -> tuple[tuple[int, int], ...]:
        """Days `[from, until)` on which both had the same hub, ascending and apart from one another."""
        found = [
            (max(self.since[i], self.since[j]), min(self.until[i], self.until[j]))
            for i in self._of(one)
            for j in self._of(other)
            if self.hub[i] == self.hub[j]
        ]
        merged: list[tuple[int, int]] = []
        for since, until in sorted((int(a), int(b)) for a, b in found if a < b):
            if merged and since <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(merged[-1][1], until)
            else:
                merged.append((since, until))
        return tuple(merged)

    def whole(self, first: int, last: int) -> frozenset[str]:
        """Members of groups of which all had one hub from the day `first` to the day `last`."""
        then = (self.since <= first) & (self.until > last)
        pairs = pd.DataFrame({"member": self.member[then], "hub": self.hub[then]}).drop_duplicates()
        pairs["group"] = self.groups.reindex(pairs["member"]).to_numpy(dtype=object)
        most = pairs.groupby(["group", "hub"]).size().groupby("group").max()
        sizes = self.groups.value_counts()
        certain = sizes.index[sizes == most.reindex(sizes.index)]
        return frozenset(self.groups.index[self.groups.isin(certain)])

    def _of(self, member: str) -> range:
        begin, end = (int(np.searchsorted(self.member, member, side)) for side in ("left", "right"))
        return range(begin, end)


def owner_bonds(holdings: pd.DataFrame, groups: pd.Series, policy: Policy) -> Bonds:
    """The holdings that make the groups of `owner_groups`, with their days; an unknown bound is open."""
    return _bonds(_held(holdings, policy), "owner", "owned", groups)


def address_bonds(located: pd.DataFrame, groups: pd.Series, mass: set[str]) -> Bonds:
    """The same for the groups of `address_groups`: who was where, and when. Mass addresses tie nobody."""
    return _bonds(located[~located["address"].isin(mass)], "address", "party", groups)


def _held(holdings: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    enough = holdings["share_min"].to_numpy(dtype=float, na_value=np.nan)
    held: pd.DataFrame = holdings[enough >= policy.thresholds["owner_group_share"]]
    return held


def _bonds(frame: pd.DataFrame, hub: str, member: str, groups: pd.Series) -> Bonds:
    rows = frame[frame[member].isin(groups.index) & frame[hub].notna()].sort_values([member, hub])
    return Bonds(
        groups,
        rows[member].to_numpy(dtype=object),
        rows[hub].to_numpy(dtype=object),
        _days(rows["from"], -OPEN),
        _days(rows["until"], OPEN),
    )


OPEN = 2**40


def _days(column: pd.Series, unknown: int) -> npt.NDArray[np.int64]:
    """Days since 1970-01-01. Dates may lie beyond what pandas can hold."""
    epoch = date(1970, 1, 1).toordinal()
    return np.array([unknown if pd.isna(d) else d.toordinal() - epoch for d in column], np.int64)


def _groups(frame: pd.DataFrame, hub: str, member: str, cap: int) -> pd.Series:
    pairs = frame[[hub, member]].dropna().drop_duplicates().sort_values([hub, member])
    pairs = pairs[pairs[hub].duplicated(keep=False)]
    codes, ids = pd.factorize(pairs[member].astype(object), sort=True)
    first = pairs.assign(code=codes).groupby(hub)["code"].transform("min").to_numpy()
    label = components(len(ids), first.astype(np.int64), codes.astype(np.int64))
    size = np.bincount(label, minlength=len(ids))[label] if len(ids) else np.empty(0, np.int64)
    joined = (size > 1) & (size <= cap)
    names = np.asarray(ids, dtype=object)
    return pd.Series(names[label[joined]], index=pd.Index(names[joined], dtype=object), dtype=object)
