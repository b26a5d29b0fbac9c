"""Records that look like one party: compared where they share a key, judged by the pair model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties import blocking
from diversion.parties.clusters import Index
from diversion.parties.names import address_key, split
from diversion.parties.pair_features import EVIDENCE, FEATURES
from diversion.parties.pair_model import certain, model, why
from diversion.parties.pair_table import PairTable, coded, days
from diversion.parties.records import Evidence
from diversion.parties.unions import distinct
from diversion.policy.policy import Policy

FOUND = ["left", "right", "score", "why", "certain"]
DOUBTFUL = 0.2
"""Less probable pairs of one name are two parties: dates, countries or numbers speak against it."""
ALIKE = 2 * 0.8 - 1
"""Least likeness of names where nothing but names and countries speaks for a pair."""
NEARLY = 2 * 0.9 - 1
"""Names of companies so alike are offered from `DOUBTFUL` on: the model learned from people's names."""
BORNE = 3
"""A name that more records bear than these says nothing of two of them in two countries (choice)."""
CHUNK = 1 << 18
"""So many pairs are measured at a time."""
_ANY = [FEATURES.index(name) for name in EVIDENCE]
_AGAINST = [FEATURES.index(name) for name in FEATURES if name.endswith("_differs")]
_NAME, _EQUAL, _ELSEWHERE = (FEATURES.index(name) for name in ("name", "name_equal", "country_differs"))


@dataclass(frozen=True)
class Compared:
    """Records made ready to be compared: `frame` with its names (`named`), what is known, and its columns."""

    frame: pd.DataFrame
    known: Evidence
    named: pd.DataFrame
    table: PairTable
    policy: Policy

    @classmethod
    def of(cls, frame: pd.DataFrame, known: Evidence, policy: Policy) -> Compared:
        """Some 10 µs a record."""
        named = called(frame, policy)
        table = PairTable(frame, known, named, int(policy.thresholds["group_cap"]))
        return cls(frame, known, named, table, policy)


def among(case: Compared, label: Index, only: pd.DataFrame | None = None) -> pd.DataFrame:
    """Pairs of rows (left < right) of two parties that the model holds for one, with score and why.

    Offered are pairs from the model's `offer` on, companies of `NEARLY` one name from `DOUBTFUL` on, and
    equal names unless something speaks against them; where nothing but names and countries speaks for a
    pair, names must be alike from `ALIKE` on, and in two countries be equal and borne by few. All stay below
    `same_party`. Pairs are sought, or are those of `only` (left, right). Memory and time of the search grow
    with the rows: some minutes and gigabytes for a million.
    """
    pairs = _pairs(case) if only is None else _packed(*(only[end].to_numpy(np.int64) for end in FOUND[:2]))
    found = _told(case, _between(pairs, label))
    return found.assign(score=found["score"].clip(upper=case.policy.thresholds["same_party"] - 0.01))


def certain_among(case: Compared, label: Index) -> pd.DataFrame:
    """Pairs of rows of two parties, of the same words, that something else bears out (`pair_model.certain`).

    Quick for any number of rows: only equal names are looked at, and of them only those whose countries do
    not differ and that both state an address or contact, or the same day.
    """
    frame, known, named = case.frame, case.known, case.named
    row = named["row"].to_numpy(np.int64)
    pairs = _rows(blocking.same_words(named["base"].tolist()), row)
    day, land = coded(days(frame)), coded(frame["country"])
    left, right = pairs >> 32, pairs & 0xFFFFFFFF
    said = (day[left] == day[right]) & (day[left] >= 0)
    for held in (known.places["row"], known.contacts["row"]):
        states = np.isin(np.arange(len(frame)), held.to_numpy(np.int64))
        said |= states[left] & states[right]
    said &= (land[left] == land[right]) | (land[left] < 0) | (land[right] < 0)
    found = _told(case, _between(pairs[said], label))
    return found[found["certain"]]


def _between(pairs: Index, label: Index) -> Index:
    """The pairs of rows of two parties."""
    apart: Index = pairs[label[pairs >> 32] != label[pairs & 0xFFFFFFFF]]
    return apart


def _told(case: Compared, pairs: Index) -> pd.DataFrame:
    empty, same = pd.DataFrame(columns=FOUND), case.policy.thresholds["same_party"]
    parts = [pairs[begin : begin + CHUNK] for begin in range(0, len(pairs), CHUNK)]
    judged = [_worth(case.table, some >> 32, some & 0xFFFFFFFF, same) for some in parts]
    made = pd.concat([empty, *judged], ignore_index=True)
    types = {"left": np.int64, "right": np.int64, "score": float, "why": object, "certain": bool}
    return made.astype(types).assign(group=-1, decided=False)


def called(frame: pd.DataFrame, policy: Policy) -> pd.DataFrame:
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


def _pairs(case: Compared) -> Index:
    """Packed pairs of rows worth judging."""
    frame, named, known = case.frame, case.named, case.known
    cap = int(case.policy.thresholds["group_cap"])
    bases, row = named["base"].tolist(), named["row"].to_numpy(np.int64)
    country = frame["country"].reindex(row).tolist()
    day, land, words = coded(days(frame)), coded(frame["country"]), coded(named["base"])
    found = []
    spelt = blocking.spellings(bases)
    for some in blocking.name_pairs(bases, country):
        near = blocking.alike(spelt, some, blocking.ROUGHLY)
        near = near[_plausible(near, words, land[row])]
        rest = np.setdiff1d(some, near, assume_unique=True)
        one, other = day[row[rest >> 32]], day[row[rest & 0xFFFFFFFF]]
        borne_out = blocking.alike(spelt, rest[(one == other) & (one >= 0)], blocking.BORNE_OUT)
        found += [_rows(near, row), _rows(borne_out, row)]
    first = named.drop_duplicates("row").set_index("row")["base"].reindex(frame.index).fillna("")
    rank = np.asarray(pd.factorize(first, sort=True)[0], np.int64)
    whole = blocking.spellings(first.tolist())
    keys = [address_key(text) for text in known.places["text"]]
    for rows, values in (
        (known.places["row"], keys),
        (known.contacts["row"], known.contacts["text"].tolist()),
    ):
        some = blocking.value_pairs(rows.tolist(), values, rank, cap)
        found.append(blocking.alike(whole, some, blocking.BORNE_OUT))
    numbers = (known.numbers["scheme"] + ":" + known.numbers["number"]).tolist()
    found.append(blocking.value_pairs(known.numbers["row"].tolist(), numbers, rank, cap))
    every: Index = distinct(np.concatenate(found))
    return every


def _plausible(pairs: Index, words: Index, land: Index) -> npt.NDArray[np.bool_]:
    """Which pairs may be one where names alone speak: alike names in two countries are two parties."""
    one, other = pairs >> 32, pairs & 0xFFFFFFFF
    here, there = land[one], land[other]
    kept: npt.NDArray[np.bool_] = (here == there) | (here < 0) | (there < 0) | (words[one] == words[other])
    return kept


def _rows(pairs: Index, row: Index) -> Index:
    return _packed(row[pairs >> 32], row[pairs & 0xFFFFFFFF])


def _packed(one: Index, other: Index) -> Index:
    packed: Index = distinct((np.minimum(one, other) << 32) | np.maximum(one, other))
    apart: Index = packed[(packed >> 32) != (packed & 0xFFFFFFFF)]
    return apart


def _worth(table: PairTable, left: Index, right: Index, same: float) -> pd.DataFrame:
    """The pairs that are worth telling of, with score and reason."""
    measured = table.without_names(left, right)
    lone = np.logical_not((measured[:, _ANY] > 0).any(axis=1))
    chance: npt.NDArray[np.bool_] = (
        lone & (measured[:, _ELSEWHERE] > 0) & table.coincident(left, right, BORNE)
    )
    left, right, measured, lone = left[~chance], right[~chance], measured[~chance], lone[~chance]
    table.add_names(measured, left, right, lone, (1 + ALIKE) / 2)
    score = model().probabilities(measured)
    person = table.person[left] | table.person[right]
    name, equal = measured[:, _NAME], measured[:, _EQUAL] > 0
    near = equal | ((name >= NEARLY) & (score >= DOUBTFUL) & ~person)
    told = ~(lone & (name < ALIKE)) & ((score >= model().offer) | near)
    plain = equal & ~(measured[:, _AGAINST] > 0).any(axis=1)
    sure = certain(measured, score, person)
    score = np.where(plain, np.maximum(score, DOUBTFUL), score)
    score = np.where(sure, np.maximum(score, same), score)
    kept = np.flatnonzero(told)
    text = [why((table.called(left[at]), table.called(right[at])), measured[at]) for at in kept.tolist()]
    columns = [left[kept], right[kept], score[kept], np.array(text, object), sure[kept]]
    return pd.DataFrame(dict(zip(FOUND, columns, strict=True)))
