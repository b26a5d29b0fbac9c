"""Records that look like one party: compared where they share a key, judged by the pair model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties import blocking
from diversion.parties.clusters import Index
from diversion.parties.likeness import EVIDENCE, FEATURES, Commonness, features, rarity
from diversion.parties.names import address_key, split
from diversion.parties.pair_model import certain, model, why
from diversion.parties.records import Evidence, Records
from diversion.policy.policy import Policy

FOUND = ["left", "right", "score", "why", "certain"]
DOUBTFUL = 0.2
"""Less probable pairs of one name are two parties: dates, countries or numbers speak against it."""
NEARLY = 2 * 0.9 - 1
"""Names of companies so alike are offered from `DOUBTFUL` on: the model learned from people's names."""
_ANY = [FEATURES.index(name) for name in EVIDENCE]
_AGAINST = [FEATURES.index(name) for name in FEATURES if name.endswith("_differs")]
_NAME, _EQUAL = FEATURES.index("name"), FEATURES.index("name_equal")


def among(frame: pd.DataFrame, known: Evidence, label: Index, policy: Policy) -> pd.DataFrame:
    """Pairs of rows (left < right) of two parties that the model holds for one, with score and why.

    Offered are pairs from the model's `offer` on, companies of `NEARLY` one name from `DOUBTFUL` on, and
    equal names unless something speaks against them; where nothing but names and countries speaks for a
    pair, names must be alike from `match_cutoff` on. All stay below `same_party`. Memory and time grow with
    the rows: some minutes and gigabytes for a million.
    """
    named = _named(frame, policy)
    pairs = _pairs(frame, named, known, int(policy.thresholds["group_cap"]))
    found = _told(frame, known, named, _between(pairs, label), policy)
    return found.assign(score=found["score"].clip(upper=policy.thresholds["same_party"] - 0.01))


def certain_among(frame: pd.DataFrame, known: Evidence, label: Index, policy: Policy) -> pd.DataFrame:
    """Pairs of rows of two parties, of the same words, that something else bears out (`pair_model.certain`).

    Quick for any number of rows: only equal names are looked at, and of them only those whose countries do
    not differ and that both state an address or contact, or the same day.
    """
    named = _named(frame, policy)
    row = named["row"].to_numpy(np.int64)
    pairs = _rows(blocking.same_words(named["base"].tolist()), row)
    days, land = _days(frame), _coded(frame["country"])
    left, right = pairs >> 32, pairs & 0xFFFFFFFF
    said = (days[left] == days[right]) & (days[left] >= 0)
    for held in (known.places["row"], known.contacts["row"]):
        states = np.isin(np.arange(len(frame)), held.to_numpy(np.int64))
        said |= states[left] & states[right]
    said &= (land[left] == land[right]) | (land[left] < 0) | (land[right] < 0)
    found = _told(frame, known, named, _between(pairs[said], label), policy)
    return found[found["certain"]]


def _between(pairs: Index, label: Index) -> Index:
    """The pairs of rows of two parties."""
    apart: Index = pairs[label[pairs >> 32] != label[pairs & 0xFFFFFFFF]]
    return apart


def _told(
    frame: pd.DataFrame, known: Evidence, named: pd.DataFrame, pairs: Index, policy: Policy
) -> pd.DataFrame:
    made = pd.DataFrame(list(_judged(frame, known, named, pairs, policy)), columns=FOUND)
    types = {"left": np.int64, "right": np.int64, "score": float, "why": object, "certain": bool}
    return made.astype(types).assign(group=-1, decided=False)


def _named(frame: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """One row a name: row, name, base (its words without legal form), country."""
    passes = ~frame["name_key"].str.contains(policy.not_passing.pattern, regex=True)
    own = frame.loc[passes & (frame["name_key"] != ""), ["name", "name_key"]]
    made = pd.DataFrame({"row": own.index.to_numpy(np.int64), "name": own["name"].to_numpy(object)})
    made["base"] = own["name_key"].str.partition("|")[0].to_numpy(object) if len(own) else []
    other = frame.loc[passes, "aliases"].dropna().explode().dropna()
    if len(other):
        more = pd.DataFrame({"row": other.index.to_numpy(np.int64), "name": other.to_numpy(object)})
        made = pd.concat([made, more.assign(base=[split(name)[0] for name in other])])
    made = made[made["base"] != ""].drop_duplicates(["row", "base"])
    return made.sort_values(["row", "base"], ignore_index=True)


def _pairs(frame: pd.DataFrame, named: pd.DataFrame, known: Evidence, cap: int) -> Index:
    """Packed pairs of rows worth judging."""
    bases, row = named["base"].tolist(), named["row"].to_numpy(np.int64)
    country = frame["country"].reindex(row).tolist()
    days, land, words = _days(frame), _coded(frame["country"]), _coded(named["base"])
    found = []
    for some in blocking.name_pairs(bases, country):
        near = blocking.alike(bases, some, blocking.ROUGHLY)
        near = near[_plausible(near, words, land[row])]
        rest = np.setdiff1d(some, near, assume_unique=True)
        one, other = days[row[rest >> 32]], days[row[rest & 0xFFFFFFFF]]
        borne_out = blocking.alike(bases, rest[(one == other) & (one >= 0)], blocking.BORNE_OUT)
        found += [_rows(near, row), _rows(borne_out, row)]
    first = named.drop_duplicates("row").set_index("row")["base"].reindex(frame.index).fillna("")
    rank = np.asarray(pd.factorize(first, sort=True)[0], np.int64)
    whole = first.tolist()
    keys = [address_key(text) for text in known.places["text"]]
    for rows, values in (
        (known.places["row"], keys),
        (known.contacts["row"], known.contacts["text"].tolist()),
    ):
        some = blocking.value_pairs(rows.tolist(), values, rank, cap)
        found.append(blocking.alike(whole, some, blocking.BORNE_OUT))
    numbers = (known.numbers["scheme"] + ":" + known.numbers["number"]).tolist()
    found.append(blocking.value_pairs(known.numbers["row"].tolist(), numbers, rank, cap))
    every: Index = np.unique(np.concatenate(found))
    return every


def _plausible(pairs: Index, words: Index, land: Index) -> npt.NDArray[np.bool_]:
    """Which pairs may be one where names alone speak: alike names in two countries are two parties."""
    one, other = pairs >> 32, pairs & 0xFFFFFFFF
    here, there = land[one], land[other]
    kept: npt.NDArray[np.bool_] = (here == there) | (here < 0) | (there < 0) | (words[one] == words[other])
    return kept


def _days(frame: pd.DataFrame) -> Index:
    """Equal numbers for rows of one day of birth or foundation, −1 for those without."""
    told = frame["born"].where(frame["born"].notna(), frame["incorporated_on"])
    return _coded(told.astype(str).where(told.notna()))


def _coded(values: pd.Series) -> Index:
    codes: Index = pd.factorize(values)[0].astype(np.int64)
    return codes


def _rows(pairs: Index, row: Index) -> Index:
    one, other = row[pairs >> 32], row[pairs & 0xFFFFFFFF]
    packed: Index = np.unique((np.minimum(one, other) << 32) | np.maximum(one, other))
    apart: Index = packed[(packed >> 32) != (packed & 0xFFFFFFFF)]
    return apart


def _judged(
    frame: pd.DataFrame, known: Evidence, named: pd.DataFrame, pairs: Index, policy: Policy
) -> Iterator[tuple[int, int, float, str, bool]]:
    common = Commonness(
        rarity(named["base"]),
        Counter(map(address_key, known.places["text"])),
        Counter(known.contacts["text"]),
    )
    records = Records(frame, known, named, int(policy.thresholds["group_cap"]))
    fitted, same = model(), policy.thresholds["same_party"]
    cutoff = 2 * policy.thresholds["match_cutoff"] - 1
    for left, right in zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True):
        one, other = records.of(left), records.of(right)
        measured = features(one, other, common)
        if measured[_NAME] < cutoff and not any(measured[place] for place in _ANY):
            continue
        score = fitted.probability(measured)
        person = "person" in (one.kind, other.kind)
        near = measured[_EQUAL] or (measured[_NAME] >= NEARLY and score >= DOUBTFUL and not person)
        if score < fitted.offer and not near:
            continue
        if measured[_EQUAL] and not any(measured[place] for place in _AGAINST):
            score = max(score, DOUBTFUL)
        sure = certain(measured, score, person)
        text = why((one.names[0] if one.names else "", other.names[0] if other.names else ""), measured)
        yield left, right, max(score, same) if sure else score, text, sure
