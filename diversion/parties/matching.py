"""Parties of the case against the entries of lists: who is taken to be whom, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from diversion.parties.compare import Part, compare, context
from diversion.parties.entries import Entries, countries, entries
from diversion.parties.names import address_key, split
from diversion.parties.ngrams import rare_pairs
from diversion.parties.resolve import Directory
from diversion.policy.policy import Policy

LISTED_AS = ["party", "listing", "score", "why"]
RAREST, COMMON = 5, 400
"""Pieces looked at of each name, and how many names may share one before it tells nothing."""
ROUGHLY = 0.72
"""Whole keys less alike than this are not compared word by word."""


def match_listings(
    directory: Directory, listings: pa.Table, located: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """Who is listed: party, listing, score (0 to 1) and why, at or above the policy's `match_cutoff`.

    An entry with a `party_id` concerns that party alone. Others are matched by name and alias, country and
    kind lowering the score where they conflict, and entries without a name by address. Ordered by party and
    listing. Exact names take a second for 50,000 parties against 26,000 entries, look-alikes some more.
    """
    by_id = _by_party_id(directory, listings)
    open_ones = listings.filter(pc.is_null(listings["party_id"]))
    named = _by_name(directory, entries(open_ones), policy)
    found = pd.concat([by_id, named, _by_address(open_ones, located)], ignore_index=True)
    found = found[found["score"] >= policy.thresholds["match_cutoff"]]
    found = found.sort_values(["party", "listing", "score", "why"], ascending=[True, True, False, True])
    return found.drop_duplicates(["party", "listing"])[LISTED_AS].reset_index(drop=True)


def _frame(rows: list[tuple[str, str, float, str]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=LISTED_AS)
    return made.astype({"party": object, "listing": object, "score": float, "why": object})


def _by_party_id(directory: Directory, listings: pa.Table) -> pd.DataFrame:
    known = directory.canonical
    stated = listings.select(["id", "party_id"]).to_pandas().dropna()
    party = stated["party_id"].map(known)
    found = party.notna()
    made = pd.DataFrame({"party": party[found], "listing": stated["id"][found]}, dtype=object)
    return made.assign(score=1.0, why="the entry names the party by its id")[LISTED_AS]


def _by_name(directory: Directory, listed: Entries, policy: Policy) -> pd.DataFrame:
    parties = directory.names.copy()
    if parties.empty or listed.names.empty:
        return _frame([])
    parties["base"] = [split(name)[0] for name in parties["name"]]
    parties = parties[parties["base"] != ""].reset_index(drop=True)
    pairs = _candidates(parties["base"].tolist(), listed.names["base"].tolist())
    cutoff = policy.thresholds["match_cutoff"]
    return _frame(list(_judged(directory, parties, listed, pairs, cutoff)))


def _candidates(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Places of names that may be one: those of the same words, and those that look alike."""
    from rapidfuzz import fuzz, process

    left_place, left_words = _distinct(left)
    right_place, right_words = _distinct(right)
    same = left_words.get_indexer(right_words)
    pairs = [np.stack([same[same >= 0], np.flatnonzero(same >= 0)], axis=1)]
    ours, theirs = left_words.to_numpy(dtype=object), right_words.to_numpy(dtype=object)
    i, j = rare_pairs(ours.tolist(), theirs.tolist(), RAREST, COMMON)
    cutoff = 100 * ROUGHLY
    alike = process.cpdist(
        ours[i], theirs[j], scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32, workers=2
    )
    pairs.append(np.stack([i, j], axis=1)[alike >= cutoff])
    found = pd.DataFrame(np.concatenate(pairs), columns=["left", "right"]).drop_duplicates()
    found = found.merge(left_place, left_on="left", right_on="code")
    found = found.merge(right_place, left_on="right", right_on="code", suffixes=("", "_listed"))
    return sorted(zip(found["place"].tolist(), found["place_listed"].tolist(), strict=True))


def _distinct(bases: list[str]) -> tuple[pd.DataFrame, pd.Index]:
    """Names by their words in the order of the alphabet: which stand where, and each of them once."""
    words = pd.Series([" ".join(sorted(base.split())) for base in bases], dtype=object)
    codes, distinct = pd.factorize(words, sort=True)
    side = pd.DataFrame({"place": np.arange(len(bases)), "code": codes})
    return side, pd.Index(distinct, dtype=object)


def _judged(
    directory: Directory, parties: pd.DataFrame, listed: Entries, pairs: list[tuple[int, int]], cutoff: float
) -> Iterator[tuple[str, str, float, str]]:
    ids, names = parties["party"].tolist(), parties["name"].tolist()
    country = directory.parties["country"].reindex(ids).tolist()
    kind = directory.parties["kind"].reindex(ids).tolist()
    listing, entry = listed.names["listing"].tolist(), listed.names["name"].tolist()
    where = {key: countries(row) for key, row in listed.about.items()}
    for i, j in pairs:
        alike = compare(names[i], entry[j], listed.rarity)
        if alike.score < cutoff:
            continue
        key = listing[j]
        around = context(alike.score, country[i], where[key], (kind[i], listed.about[key]["kind"]))
        if around.score >= cutoff:
            yield ids[i], key, around.score, why(names[i], entry[j], alike.score, around.parts)


def why(name: str, entry: str, score: float, around: Sequence[Part]) -> str:
    """What agreed and what did not, in words."""
    text = f"{name!r} and {entry!r} are {'the same name' if score >= 1 else f'alike ({score:.2f})'}"
    for part in around:
        agrees = part["effect"] == 0
        text += f"; {part['part']} " + ("agrees" if agrees else f"against {part['against']}")
    return text


def _by_address(listings: pa.Table, located: pd.DataFrame) -> pd.DataFrame:
    """Entries that are only an address, matched by its key and country."""
    rows = listings.select(["id", "name", "address", "addresses", "country"]).to_pylist()
    places = [
        (address_key(text), row["country"], row["id"], text)
        for row in rows
        if not row["name"]
        for text in sorted({row["address"], *(row["addresses"] or ())} - {None})
    ]
    if not places or located.empty:
        return _frame([])
    entry = pd.DataFrame(places, columns=["key", "country", "listing", "text"])
    there = located[["party", "text", "country"]].assign(key=located["text"].map(address_key))
    found = there.merge(entry[entry["key"] != ""], on="key", suffixes=("", "_listed"))
    clash = found["country"].notna() & found["country_listed"].notna()
    found = found[~(clash & (found["country"] != found["country_listed"]))]
    reason = "the address " + found["text"].astype(str) + " is listed by itself"
    return found.assign(score=1.0, why=reason)[LISTED_AS]
