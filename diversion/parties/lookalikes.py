"""Parties of one case whose names look alike: candidates for a person to judge, never joined."""

from __future__ import annotations

import numpy as np
import pandas as pd

from diversion.parties.compare import likeness
from diversion.parties.evidence import kinds, placed
from diversion.parties.matching import alike_pairs, why
from diversion.parties.resolve import SAME_COLUMNS, Directory
from diversion.policy.policy import Policy

RAREST, COMMON, ROUGHLY = 4, 100, 0.75


def among(directory: Directory, policy: Policy) -> pd.DataFrame:
    """Pairs of parties (party < other) with alike names, at or above `match_cutoff`, and why."""
    passes = ~directory.names["name_key"].str.contains(policy.not_passing.pattern, regex=True)
    names = directory.names[passes].reset_index(drop=True)
    left, right = alike_pairs(names["name"].tolist(), names["name"].tolist(), (RAREST, COMMON, ROUGHLY))
    party = names["party"].to_numpy(dtype=object)
    ordered = (left < right) & (party[left] != party[right])
    return _judged(directory, names, left[ordered], right[ordered], policy)


def _judged(
    directory: Directory, listed: pd.DataFrame, left: object, right: object, policy: Policy
) -> pd.DataFrame:
    party, names = listed["party"].tolist(), listed["name"].tolist()
    country, kind = directory.parties["country"], directory.parties["kind"]
    cutoff, rows = policy.thresholds["match_cutoff"], []
    for i, j in zip(np.asarray(left).tolist(), np.asarray(right).tolist(), strict=True):
        mine, theirs = party[i], party[j]
        one = kind[mine] if kind[mine] == kind[theirs] else None
        alike = likeness(names[i], names[j], one, cutoff)
        if alike < cutoff:
            continue
        sort = kinds(alike, kind[mine], kind[theirs], cutoff)
        around = placed(sort.score, country[mine], frozenset({country[theirs]} - {None}), cutoff)
        score = min(around.score, policy.thresholds["same_party"] - 0.01)
        parts = (*sort.parts, *around.parts)
        rows.append((mine, theirs, score, why(names[i], names[j], alike, parts)))
    return pd.DataFrame(rows, columns=SAME_COLUMNS)
