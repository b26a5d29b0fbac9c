"""The parties that records are read as: who stands for them, what is known of each, under which names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties.clusters import Index
from diversion.parties.names import name_key

Ids = npt.NDArray[np.object_]


def representatives(frame: pd.DataFrame, label: Index) -> Ids:
    """The id of the party of each row: of a stated record before a mention, then the smallest."""
    rank = np.where(frame["stated"].astype(bool), 0, np.where(frame["own"], 1, 2))
    order = np.lexsort((np.arange(len(frame)), rank, label))
    best = pd.Series(order, index=label[order])
    best = best[~best.index.duplicated()]
    ids = frame["id"].to_numpy(dtype=object)
    chosen: Ids = ids[best.reindex(label).to_numpy(dtype=np.int64)]
    return chosen


def parties(frame: pd.DataFrame, canonical: Ids) -> pd.DataFrame:
    """One row a party, with the first value that any of its records states, its own record before others."""
    own_first = frame.assign(party=canonical, second=frame["id"].to_numpy() != canonical)
    own_first["kind"] = own_first["kind"].where(own_first["kind"] != "unknown")
    own_first = own_first.sort_values(["party", "second", "id"])
    columns = ["name", "country", "kind", "incorporated_on", "identifier"]
    merged = own_first.groupby("party", sort=True)[columns].first().astype(object)
    merged = merged.where(merged.notna(), None)
    merged["kind"] = merged["kind"].fillna("unknown")
    merged["stated"] = own_first.groupby("party", sort=True)["stated"].any()
    merged.index = pd.Index(merged.index, dtype=object, name="id")
    return merged


def names(frame: pd.DataFrame, canonical: Ids) -> pd.DataFrame:
    """Every name under which a party is recorded, its other names too: party, name, name_key."""
    named = frame.assign(party=canonical)
    only_an_id = named["name"].isin(frame["id"]) & (named["id"] != named["party"])
    own = named.loc[~only_an_id, ["party", "name", "name_key"]]
    other = named[["party", "aliases"]].explode("aliases").dropna().set_axis(["party", "name"], axis=1)
    other["name_key"] = [name_key(name) for name in other["name"]]
    every = pd.concat([own, other])
    every = every[every["name_key"] != ""].drop_duplicates(["party", "name_key"])
    return every.sort_values(["party", "name_key"], ignore_index=True)
