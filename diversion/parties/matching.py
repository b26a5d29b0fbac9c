"""Parties of the case against the entries of lists: who is taken to be whom, and how surely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from diversion.parties.addresses import address_likeness
from diversion.parties.compare import Part, likeness
from diversion.parties.entries import Entries, addresses, countries, entries
from diversion.parties.evidence import (
    AGREES,
    UNKNOWN,
    Numbers,
    distinctive,
    holders,
    identified,
    kinds,
    numbers,
    placed,
    shared,
    unconfirmed,
)
from diversion.parties.lexicon import particles
from diversion.parties.names import address_key
from diversion.parties.ngrams import heard, initials_of
from diversion.parties.pieces import Ints, rare_pairs
from diversion.parties.resolve import Directory
from diversion.parties.tokens import named
from diversion.policy.policy import Policy

LISTED_AS = ["party", "listing", "score", "why"]
RAREST, COMMON = 5, 400
"""Pieces looked at of each name, and how many names may share one before it tells nothing."""
ROUGHLY = 0.65
SAME_PLACE = 0.9
"""Addresses from this likeness on are one."""
"""Whole names that sound less alike than this are not compared word by word."""


def match_listings(
    directory: Directory, listings: pa.Table, located: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """Who is listed: party, listing, score (0 to 1) and why, at or above the policy's `match_cutoff`.

    By id, then identifier, then name. An entry with a `party_id` concerns that party alone (1.0). An equal
    identifier of one scheme gives 0.99 whatever the names; different ones keep a name match below
    `match_certain`. Names and aliases are compared word by word, a conflict of country or kind lowers them.

    A name alone is not certain: unless the country, an address or an identifier agrees, the score stays below
    `match_certain`, save where the name is distinctive, that is, two uncommon words of it agree
    (`evidence.distinctive`) and the entry is no person. So it is where the entry or the party has no country.
    Entries without a name are matched by address. Ordered by party and listing. Exact names take a second
    for 50,000 parties against 26,000 entries, look-alikes some more.
    """
    open_ones = listings.filter(pc.is_null(listings["party_id"]))
    case = _case(directory, entries(open_ones), located, policy)
    parts = [_by_party_id(directory, listings), _by_identifier(case), _by_name(case)]
    return _best([*parts, _by_address(open_ones, located)], policy)


def _best(parts: Sequence[pd.DataFrame], policy: Policy) -> pd.DataFrame:
    """The surest match of each party with each entry, at or above the cut-off."""
    found = pd.concat(parts, ignore_index=True)
    found = found[found["score"] >= policy.thresholds["match_cutoff"]]
    found = found.sort_values(["party", "listing", "score", "why"], ascending=[True, True, False, True])
    return found.drop_duplicates(["party", "listing"])[LISTED_AS].reset_index(drop=True)


@dataclass(frozen=True)
class Laid:
    """The entries of all lists laid out to be matched with few parties at a time.

    `named` gives the places in `entries.names` of the names that a name may be, `holders` who of the entries
    holds each (scheme, number), `nameless` are the rows of the Listing table that are only an address.
    """

    entries: Entries
    named: Callable[[Sequence[str]], Iterator[list[int]]]
    holders: Mapping[tuple[str, str], Sequence[str]]
    nameless: pa.Table


def match_few(directory: Directory, laid: Laid, located: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """As `match_listings`, of few parties, whom no entry names by their id. Some 5 ms a name."""
    case = _case(directory, laid.entries, located, policy)
    names = directory.names.reset_index(drop=True)
    places = laid.named(names["name"].tolist())
    open_, listing = laid.entries.about, laid.entries.names["listing"].tolist()
    pairs = [(i, j) for i, found in enumerate(places) for j in found if not open_[listing[j]]["party_id"]]
    rows = list(_judged(case, names, pairs))
    for party, held in case.ours.items():
        same = {e for scheme, mine in held.items() for n in mine for e in laid.holders.get((scheme, n), ())}
        rows += [
            (party, e, AGREES, f"same identifier {shared(held, case.theirs[e])[0]}") for e in sorted(same)
        ]
    return _best([_frame(rows), _by_address(laid.nameless, located)], policy)


@dataclass(frozen=True)
class _Case:
    """Parties and entries with what is known of them beside their names."""

    directory: Directory
    listed: Entries
    ours: Mapping[str, Numbers]
    theirs: Mapping[str, Numbers]
    places: Mapping[str, Sequence[str]]
    policy: Policy


def _case(directory: Directory, listed: Entries, located: pd.DataFrame, policy: Policy) -> _Case:
    parties = directory.parties
    ours = numbers(parties.index.tolist(), parties["identifier"].tolist(), parties["country"].tolist())
    places: dict[str, list[str]] = {}
    for party, text in zip(located["party"], located["text"], strict=True):
        places.setdefault(party, []).append(text)
    return _Case(directory, listed, ours, listed.numbers, places, policy)


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


def _by_identifier(case: _Case) -> pd.DataFrame:
    """Parties and entries with an equal identifier of one scheme, whatever their names."""
    cap = int(case.policy.thresholds["group_cap"])
    ours, theirs = holders(case.ours, cap), holders(case.theirs, cap)
    pairs = {(p, e) for key in ours.keys() & theirs.keys() for p in ours[key] for e in theirs[key]}
    rows = [(p, e, AGREES, f"same identifier {shared(case.ours[p], case.theirs[e])[0]}") for p, e in pairs]
    return _frame(rows)


def _by_name(case: _Case) -> pd.DataFrame:
    parties = case.directory.names.copy()
    if parties.empty or case.listed.names.empty:
        return _frame([])
    parties = parties[parties["name_key"].fillna("") != ""].reset_index(drop=True)
    pairs = _candidates(parties["name"].tolist(), case.listed.names["name"].tolist())
    return _frame(list(_judged(case, parties, pairs)))


def _candidates(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Places of names that may be one: those of the same words, those that sound alike, and initials."""
    i, j = alike_pairs(left, right, (RAREST, COMMON, ROUGHLY))
    pairs = set(zip(i.tolist(), j.tolist(), strict=True))
    return sorted(pairs | set(initials_of(left, right)))


def alike_pairs(left: list[str], right: list[str], limits: tuple[int, int, float]) -> tuple[Ints, Ints]:
    """Places of names that sound the same in any order of words, or nearly so.

    `limits` are the pieces looked at of each name, how many names may share one, and the least likeness.
    """
    from rapidfuzz import fuzz, process

    rarest, common, roughly = limits
    left_place, left_words = _distinct(left)
    right_place, right_words = _distinct(right)
    same = left_words.get_indexer(right_words)
    pairs = [np.stack([same[same >= 0], np.flatnonzero(same >= 0)], axis=1)]
    ours, theirs = left_words.to_numpy(dtype=object), right_words.to_numpy(dtype=object)
    i, j = rare_pairs(ours.tolist(), theirs.tolist(), rarest, common)
    cutoff = 100 * roughly
    alike = process.cpdist(
        ours[i], theirs[j], scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32, workers=2
    )
    pairs.append(np.stack([i, j], axis=1)[alike >= cutoff])
    found = pd.DataFrame(np.concatenate(pairs), columns=["left", "right"]).drop_duplicates()
    found = found.merge(left_place, left_on="left", right_on="code")
    found = found.merge(right_place, left_on="right", right_on="code", suffixes=("", "_listed"))
    return found["place"].to_numpy(np.int64), found["place_listed"].to_numpy(np.int64)


def _distinct(names: list[str]) -> tuple[pd.DataFrame, pd.Index]:
    """Names by the sound of their words in the order of the alphabet: which stand where, each once."""
    read = [(place, text) for place, name in enumerate(names) for text in heard_names(name)]
    codes, distinct = pd.factorize(pd.Series([text for _, text in read], dtype=object), sort=True)
    side = pd.DataFrame({"place": [place for place, _ in read], "code": codes})
    return side, pd.Index(distinct, dtype=object)


def heard_names(name: str) -> list[str]:
    """The readings of a name as they sound, words in the order of the alphabet, joints left out."""
    joints = particles()
    told = [[w for w in one.words if w not in joints] or one.words for one in named(name)]
    return list(dict.fromkeys(" ".join(sorted(heard(word).lower() for word in words)) for words in told))


def _judged(
    case: _Case, parties: pd.DataFrame, pairs: list[tuple[int, int]]
) -> Iterator[tuple[str, str, float, str]]:
    ids, names = parties["party"].tolist(), parties["name"].tolist()
    country = case.directory.parties["country"].reindex(ids).tolist()
    kind = case.directory.parties["kind"].reindex(ids).tolist()
    listed, cutoff = case.listed, case.policy.thresholds["match_cutoff"]
    listing, entry = listed.names["listing"].tolist(), listed.names["name"].tolist()
    where = {key: countries(row) for key, row in listed.about.items()}
    for i, j in pairs:
        key = listing[j]
        theirs = listed.about[key]["kind"]
        alike = likeness(names[i], entry[j], theirs, cutoff)
        if alike < cutoff:
            continue
        sort = kinds(alike, kind[i], theirs, cutoff)
        around = placed(sort.score, country[i], where[key], cutoff)
        text = why(names[i], entry[j], alike, (*sort.parts, *around.parts))
        score, more = _with_evidence(case, (ids[i], key), around.score)
        if country[i] not in where[key] and not more:
            score, more = _name_alone(case, (ids[i], key), (names[i], entry[j]), score)
        yield ids[i], key, score, text + more


def _with_evidence(case: _Case, pair: tuple[str, str], score: float) -> tuple[float, str]:
    """The score with identifiers, and what they or an equal address say; nothing where neither speaks."""
    party, listing = pair
    limits = case.policy.thresholds["match_cutoff"], case.policy.thresholds["match_certain"]
    found = identified(score, case.ours.get(party, {}), case.theirs.get(listing, {}), *limits)
    if found.parts:
        against = [part for part in found.parts if part["part"] != "identifier"]
        said = [f"{part['part']} against {part['against']}" for part in against]
        agree = [f"same identifier {part['against']}" for part in found.parts if part["part"] == "identifier"]
        said = [*agree[:1], *said]
        return found.score, "; " + "; ".join(said)
    row = case.listed.about[listing]
    there = [(mine, other) for mine in case.places.get(party, ()) for other in addresses(row)]
    agrees = any(address_likeness(mine, other)[0] >= SAME_PLACE for mine, other in there)
    return score, "; the address agrees" if agrees else ""


def _name_alone(
    case: _Case, pair: tuple[str, str], names: tuple[str, str], score: float
) -> tuple[float, str]:
    """The score of a match that nothing but the name supports.

    Where the entry states no country and the names are the same letter for letter, whoever wrote the entry
    has no other way to name the party: it is that party, but for persons whose country the party states.
    """
    party, listing = pair
    certain = case.policy.thresholds["match_certain"]
    if score < certain:
        return score, "; nothing else agrees"
    row = case.listed.about[listing]
    alone = row["kind"] != "person" or case.directory.parties["country"].get(party) is None
    if names[0] == names[1] and not countries(row) and alone:
        return score, "; letter for letter, and the entry states no more than the name"
    found = distinctive(*names, case.listed.rarity)
    if found and case.listed.about[listing]["kind"] != "person":
        return score, f"; the name is distinctive ({', '.join(found)})"
    return unconfirmed(score, certain), "; a name alone, no country or other fact agrees"


def why(name: str, entry: str, score: float, around: Sequence[Part]) -> str:
    """What agreed and what did not, in words."""
    text = f"{name!r} and {entry!r} are {'the same name' if score >= 1 else f'alike ({score:.2f})'}"
    for part in around:
        if part["against"] != UNKNOWN:
            agrees = float(str(part["effect"])) >= 0
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
