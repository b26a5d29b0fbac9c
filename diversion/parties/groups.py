"""Companies that may stand in for one another: a common owner, or a common address."""

from __future__ import annotations

import numpy as np
import pandas as pd

from diversion.parties.unions import components
from diversion.policy.policy import Policy


def owner_groups(holdings: pd.DataFrame, policy: Policy) -> pd.Series:
    """Party → label of its group: companies with a direct owner of at least `owner_group_share` in common.

    Labels are the smallest id of the group. Groups of more than `group_cap` parties do not join, and who
    is in no group is absent. Days of holdings are left aside here: a corridor that jumps checks them.
    """
    enough = holdings["share_min"].to_numpy(dtype=float, na_value=np.nan)
    held = holdings[enough >= policy.thresholds["owner_group_share"]]
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
