"""The pairs of records that wait for a person, the most valuable first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING, Any

from diversion.assemble import resolved
from diversion.options import Options
from diversion.parties.decisions import UNSURE, Decision, Pair, in_force, pair
from diversion.parties.resolve import Directory
from diversion.policy.policy import Policy

if TYPE_CHECKING:
    from diversion.store.base import Store

LISTED = 4
"""A pair counts so many times as much where the last run took one of both, not the other, to be on a list."""
HELD = (("OWNS", "owner", "owned"), ("CONTROLS", "controller", "controlled"))
TRADED = ("exporter", "consignee", "end_user", "notify_party", "forwarder")


@dataclass(frozen=True)
class _Case:
    """What the store knows of parties beside their records."""

    directory: Directory
    unsure: Mapping[Pair, Decision]
    uses: Mapping[str, int]
    listed: frozenset[str]


def open_pairs(store: Store, policy: Policy) -> list[dict[str, Any]]:
    """Every pair of parties that may be one and that nobody confirmed or rejected.

    Each has party, other (ids to decide on), their names and countries, score, why, `records` (shipments,
    holdings and controls in which either stands), `listed`, `value` and `unsure` (who could not tell, when
    and why, or None). `value` is score × log2(2 + records), four times that where one of both is listed
    alone: what an error would cost, as far as the store shows. Highest value first, the unsure ones last,
    ties by ids. Pairs are sought among all records: some minutes for a million.
    """
    directory = resolved(store, Options(), policy, thorough=True)
    case = _Case(directory, _unsure(store, directory), _uses(store, directory), _listed(store, directory))
    rows = [_row(case, *one) for one in directory.possibly_same.itertuples(index=False, name=None)]
    return sorted(rows, key=lambda r: (r["unsure"] is not None, -r["value"], r["party"], r["other"]))


def _row(case: _Case, low: str, high: str, score: float, why: str) -> dict[str, Any]:
    one, other = (case.directory.parties.loc[party] for party in (low, high))
    records, alone = case.uses.get(low, 0) + case.uses.get(high, 0), len({low, high} & case.listed) == 1
    doubt = case.unsure.get((low, high))
    return {
        "party": low,
        "name": one["name"],
        "country": one["country"],
        "other": high,
        "other_name": other["name"],
        "other_country": other["country"],
        "score": round(score, 4),
        "why": why,
        "records": records,
        "listed": sorted({low, high} & case.listed),
        "value": round(score * log2(2 + records) * (LISTED if alone else 1), 4),
        "unsure": {"by": doubt.by, "day": doubt.day.isoformat(), "reason": doubt.reason} if doubt else None,
    }


def _unsure(store: Store, directory: Directory) -> dict[Pair, Decision]:
    canonical = directory.canonical
    return {
        pair(canonical[low], canonical[high]): made
        for (low, high), made in sorted(in_force(store.read("Decision")).items())
        if made.verdict == UNSURE and low in canonical.index and high in canonical.index
    }


def _uses(store: Store, directory: Directory) -> Counter[str]:
    """In how many shipments, holdings and controls each party stands."""
    uses: Counter[str] = Counter()
    shipments = store.shipments()
    columns = [shipments[name] for name in TRADED]
    for name, *ends in HELD:
        columns += store.read(name, ends).itercolumns()
    for column in columns:
        for found in column.value_counts().to_pylist():
            if found["values"] is not None:
                uses[str(directory.canonical.get(found["values"], found["values"]))] += found["counts"]
    return uses


def _listed(store: Store, directory: Directory) -> frozenset[str]:
    """Parties that the last run took to be on a list."""
    found = store.read("LISTED_AS", ["party"])["party"].to_pylist()
    return frozenset(str(directory.canonical.get(party, party)) for party in found)
