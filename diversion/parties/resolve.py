"""Who is who: which records name the same party.

Nothing is merged: `Directory.canonical` is only a reading of the records, and another reading may replace
it. Certain joins are those of ids, identifiers and equal keys of names; look-alikes are candidates.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from diversion.parties import identifiers
from diversion.parties.unions import components
from diversion.policy.policy import Policy

Index = npt.NDArray[np.int64]
MENTION = r"^P-[0-9a-f]{16}$"
SAME_COLUMNS = ["party", "other", "score", "why"]


@dataclass(frozen=True)
class Directory:
    """Resolved parties.

    `canonical` maps every Party id to the id of the party it is read as (itself, where it stands alone).
    `parties` has one row a resolved party, indexed by that id: name, country, kind, incorporated_on
    (date or None), identifier, stated. `same` (party, other, score, why) tells why records were joined
    (score ≥ the policy's `same_party`) or may be the same. `names` (party, name, name_key) holds every
    name under which a resolved party is recorded.
    """

    canonical: pd.Series
    parties: pd.DataFrame
    same: pd.DataFrame
    names: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["party", "name", "name_key"]))


def resolve(parties: pa.Table, policy: Policy) -> Directory:
    """Read the Party table as a directory of parties.

    Joined are: a mention whose name is the id of a party; equal identifiers; a mention and the one party
    of the same name key, in the same country or where no country speaks against it. Two ids that the input
    gave are two parties until an identifier says otherwise: they become candidates. A joined party is known
    by a stated record before a mention, then by the smallest id. Linear but for sorting: some 0.5 s for
    100,000 parties; look-alikes are sought among at most `fuzzy_parties` of them.
    """
    frame = _frame(parties)
    links = [_by_id(frame), identifiers.links(frame, int(policy.thresholds["group_cap"]))]
    first = _joined(len(frame), links)
    by_name, doubtful = _by_name(frame, first)
    links.append(by_name)
    label = _joined(len(frame), links)
    canonical = _representatives(frame, label)
    directory = Directory(
        canonical=pd.Series(canonical, index=pd.Index(frame["id"], dtype=object), dtype=object),
        parties=_parties(frame, canonical),
        same=_same(frame, canonical, links, doubtful),
        names=_names(frame, canonical),
    )
    return _with_lookalikes(directory, policy)


def _frame(parties: pa.Table) -> pd.DataFrame:
    wanted = ["id", "name", "name_key", "country", "kind", "incorporated_on", "identifier", "stated"]
    frame: pd.DataFrame = parties.select(wanted).to_pandas(date_as_object=True).astype({"id": object})
    for column in ("name", "name_key", "country", "kind", "identifier"):
        values = frame[column].astype(object)
        frame[column] = values.where(values.notna(), None)
    frame["name_key"] = frame["name_key"].fillna("")
    frame = frame.sort_values("id", ignore_index=True)
    frame["own"] = ~frame["id"].str.match(MENTION).astype(bool)
    return frame


def _joined(size: int, links: list[pd.DataFrame]) -> Index:
    pairs = pd.concat([link[["left", "right"]] for link in links])
    return components(size, pairs["left"].to_numpy(np.int64), pairs["right"].to_numpy(np.int64))


def _links(left: object, right: object, why: str, score: float) -> pd.DataFrame:
    made = pd.DataFrame({"left": left, "right": right}).astype(np.int64)
    return made.assign(why=why, score=score)


def _by_id(frame: pd.DataFrame) -> pd.DataFrame:
    place = pd.Series(frame.index, index=frame["id"])
    mentions = frame[~frame["stated"].astype(bool) & frame["name"].notna() & (frame["name"] != frame["id"])]
    target = mentions["name"].str.strip().map(place)
    found = target.notna()
    return _links(mentions.index[found], target[found], "the name is the id of the party", 1.0)


def _by_name(frame: pd.DataFrame, first: Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Certain links by name, and pairs that only may be the same."""
    named = frame.assign(row=frame.index, cluster=first)[frame["name_key"] != ""]
    own = named[named["own"]].drop_duplicates(["name_key", "cluster", "country"])
    counted = _counted(named, own)
    mentions = counted[~counted["own"]]
    here = mentions[mentions["clusters_here"] == 1]
    lone = counted[(counted["countries"] <= 1) & (counted["clusters"] <= 1) & (counted["size"] > 1)]
    certain = pd.concat(
        [
            _links(here["row"], here["there"], "same name and country", 0.98),
            _links(lone["row"], lone["anchor"], "same name, and no other country speaks against it", 0.96),
        ]
    )
    certain = certain[certain["left"] != certain["right"]]
    certain = identifiers.without_conflicts(frame, certain)
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
    made = _links(frame["row"].to_numpy(), frame["row_other"].to_numpy(), why, 0.85)
    made["score"] = np.select([agrees, conflict], [0.9, 0.6], 0.85)
    country = np.select([agrees, conflict], [", same country", ", other country"], "")
    made["why"] = why + country.astype(object)
    return made


FEW = 20
"""So many records of one name are paired with one another; more say nothing about any pair."""


def _representatives(frame: pd.DataFrame, label: Index) -> npt.NDArray[np.object_]:
    rank = np.where(frame["stated"].astype(bool), 0, np.where(frame["own"], 1, 2))
    order = np.lexsort((np.arange(len(frame)), rank, label))
    best = pd.Series(order, index=label[order])
    best = best[~best.index.duplicated()]
    ids = frame["id"].to_numpy(dtype=object)
    chosen: npt.NDArray[np.object_] = ids[best.reindex(label).to_numpy(dtype=np.int64)]
    return chosen


def _parties(frame: pd.DataFrame, canonical: npt.NDArray[np.object_]) -> pd.DataFrame:
    own_first = frame.assign(party=canonical, second=frame["id"].to_numpy() != canonical)
    own_first["kind"] = own_first["kind"].where(own_first["kind"] != "unknown")
    own_first = own_first.sort_values(["party", "second", "id"])
    columns = ["name", "country", "kind", "incorporated_on", "identifier"]
    # The first value that any record of the party states, its own record before the others.
    merged = own_first.groupby("party", sort=True)[columns].first().astype(object)
    merged = merged.where(merged.notna(), None)
    merged["kind"] = merged["kind"].fillna("unknown")
    merged["stated"] = own_first.groupby("party", sort=True)["stated"].any()
    merged.index = pd.Index(merged.index, dtype=object, name="id")
    return merged


def _names(frame: pd.DataFrame, canonical: npt.NDArray[np.object_]) -> pd.DataFrame:
    named = frame.assign(party=canonical)
    only_an_id = named["name"].isin(frame["id"]) & (named["id"] != named["party"])
    named = named[(named["name_key"] != "") & ~only_an_id][["party", "name", "name_key"]]
    return named.drop_duplicates(["party", "name_key"]).sort_values(["party", "name_key"], ignore_index=True)


def _same(
    frame: pd.DataFrame, canonical: npt.NDArray[np.object_], links: list[pd.DataFrame], doubtful: pd.DataFrame
) -> pd.DataFrame:
    ids = frame["id"].to_numpy(dtype=object)
    every = pd.concat([*links, doubtful], ignore_index=True)
    left, right = every["left"].to_numpy(np.int64), every["right"].to_numpy(np.int64)
    made = every[["score", "why"]].assign(party=ids[left], other=ids[right])
    apart = canonical[left] != canonical[right]
    keep = apart | (np.arange(len(every)) < sum(map(len, links)))
    return _ordered(made[keep])


def _ordered(same: pd.DataFrame) -> pd.DataFrame:
    low, high = np.minimum(same["party"], same["other"]), np.maximum(same["party"], same["other"])
    made = same.assign(party=low, other=high).sort_values(
        ["party", "other", "score", "why"], ascending=[True, True, False, True]
    )
    return made.drop_duplicates(["party", "other"])[SAME_COLUMNS].reset_index(drop=True)


def _with_lookalikes(directory: Directory, policy: Policy) -> Directory:
    limit = int(policy.thresholds["fuzzy_parties"])
    if not 1 < len(directory.parties) <= limit:
        return directory
    from diversion.parties.lookalikes import among

    found = among(directory, policy)
    same = pd.concat([directory.same, found], ignore_index=True) if len(found) else directory.same
    return Directory(directory.canonical, directory.parties, _ordered(same), directory.names)
