"""Parties of one case whose names look alike: candidates for a person to judge, never joined."""

from __future__ import annotations

import numpy as np
import pandas as pd

from diversion.parties.compare import Rarity, compare, context
from diversion.parties.matching import why
from diversion.parties.names import split
from diversion.parties.ngrams import rare_pairs
from diversion.parties.resolve import SAME_COLUMNS, Directory
from diversion.policy.policy import Policy

RAREST, COMMON, ROUGHLY = 4, 100, 0.85


def among(directory: Directory, policy: Policy) -> pd.DataFrame:
    """Pairs of parties (party < other) with alike names, at or above `match_cutoff`, and why."""
    from rapidfuzz import fuzz, process

    passes = ~directory.names["name_key"].str.contains(policy.not_passing.pattern, regex=True)
    names = directory.names[passes].reset_index(drop=True)
    base = [split(name)[0] for name in names["name"]]
    left, right = rare_pairs(base, base, RAREST, COMMON)
    party = names["party"].to_numpy(dtype=object)
    ordered = (left < right) & (party[left] != party[right])
    left, right = left[ordered], right[ordered]
    alike = process.cpdist(
        [base[i] for i in left], [base[j] for j in right], scorer=fuzz.token_sort_ratio, dtype=np.float32
    )
    near = np.flatnonzero(alike >= 100 * ROUGHLY)
    return _judged(directory, names.assign(base=base), left[near], right[near], policy)


def _judged(
    directory: Directory, listed: pd.DataFrame, left: object, right: object, policy: Policy
) -> pd.DataFrame:
    party, names = listed["party"].tolist(), listed["name"].tolist()
    country, kind = directory.parties["country"], directory.parties["kind"]
    rarity, rows = Rarity.from_names(listed["base"].tolist()), []
    for i, j in zip(np.asarray(left).tolist(), np.asarray(right).tolist(), strict=True):
        alike = compare(names[i], names[j], rarity)
        if alike.score < policy.thresholds["match_cutoff"]:
            continue
        theirs = frozenset({country[party[j]]} - {None})
        around = context(alike.score, country[party[i]], theirs, (kind[party[i]], kind[party[j]]))
        score = min(around.score, policy.thresholds["same_party"] - 0.01)
        if score >= policy.thresholds["match_cutoff"]:
            rows.append((party[i], party[j], score, why(names[i], names[j], alike.score, around.parts)))
    return pd.DataFrame(rows, columns=SAME_COLUMNS)
