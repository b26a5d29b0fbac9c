"""Records of one name: which of them are certainly one party, and which only may be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from diversion.parties.clusters import Index

FEW = 20
"""So many records of one name are paired with one another; more say nothing about any pair."""

ELSEWHERE = 0.6
"""The score of records of one name in two countries."""


def links(left: object, right: object, why: str, score: float) -> pd.DataFrame:
    """Pairs of rows that are one party for one reason, each on its own."""
    made = pd.DataFrame({"left": left, "right": right}).astype(np.int64)
    return made.assign(why=why, score=score, group=-1, decided=False)


def by_id(frame: pd.DataFrame) -> pd.DataFrame:
    """Mentions whose name is the id of a party."""
    place = pd.Series(frame.index, index=frame["id"])
    mentions = frame[~frame["stated"].astype(bool) & frame["name"].notna() & (frame["name"] != frame["id"])]
    target = mentions["name"].str.strip().map(place)
    found = target.notna()
    return links(mentions.index[found], target[found], "the name is the id of the party", 1.0)


def by_name(frame: pd.DataFrame, first: Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Certain links by name, and pairs that only may be the same."""
    named = frame.assign(row=frame.index, cluster=first)[frame["name_key"] != ""]
    own = named[named["own"]].drop_duplicates(["name_key", "cluster", "country"])
    counted = _counted(named, own)
    mentions = counted[~counted["own"]]
    here = mentions[mentions["clusters_here"] == 1]
    lone = counted[(counted["countries"] <= 1) & (counted["clusters"] <= 1) & (counted["size"] > 1)]
    certain = pd.concat(
        [
            links(here["row"], here["there"], "same name and country", 0.98),
            links(lone["row"], lone["anchor"], "same name, and no other country speaks against it", 0.96),
        ]
    )
    certain = certain[certain["left"] != certain["right"]]
    return certain.drop_duplicates(["left", "right"]), _doubtful(mentions, own)


def _counted(named: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Each named row with what its key holds: clusters of own ids, in all and in its country."""
    by_key = named.groupby("name_key").agg(
        countries=("country", "nunique"), size=("row", "size"), lowest=("row", "min")
    )
    owned = own.groupby("name_key").agg(clusters=("cluster", "nunique"), lowest_own=("row", "min"))
    here = (
        own[own["country"].notna()]
        .groupby(["name_key", "country"])
        .agg(clusters_here=("cluster", "nunique"), there=("row", "min"))
    )
    counted = named.join(by_key, on="name_key").join(owned, on="name_key")
    counted = counted.join(here, on=["name_key", "country"])
    counted["clusters"] = counted["clusters"].fillna(0)
    counted["anchor"] = counted["lowest_own"].fillna(counted["lowest"])
    return counted


def _doubtful(mentions: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    few = own[own.groupby("name_key")["row"].transform("size") <= FEW]
    twins = few.merge(few, on="name_key", suffixes=("", "_other"))
    twins = twins[(twins["row"] < twins["row_other"]) & (twins["cluster"] != twins["cluster_other"])]
    unsure = mentions[["row", "name_key", "country"]].merge(few, on="name_key", suffixes=("", "_other"))
    parts = [
        _pairs(twins, "same name under two ids"),
        _pairs(unsure, "same name as more than one party"),
    ]
    return pd.concat(parts)


def _pairs(frame: pd.DataFrame, why: str) -> pd.DataFrame:
    left, right = frame["country"], frame["country_other"]
    agrees = left.notna() & (left == right)
    conflict = left.notna() & right.notna() & (left != right)
    made = links(frame["row"].to_numpy(), frame["row_other"].to_numpy(), why, 0.85)
    made["score"] = np.select([agrees, conflict], [0.9, ELSEWHERE], 0.85)
    country = np.select([agrees, conflict], [", same country", ", other country"], "")
    made["why"] = why + country.astype(object)
    return made
