"""Ownership rules against vectors, each with the sentence of law it comes from, by the product's own path."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from diversion.parties.matching import match_listings
from diversion.parties.resolve import resolve
from diversion.parties.restricted import restrict
from diversion.parties.shares import with_control
from diversion.policy.policy import load
from tests.parties.worlds import holding_frame, listing_table, located_frame, party_table

TABLE = tomllib.loads((Path(__file__).parent / "vectors/ownership.toml").read_text(encoding="utf-8"))
VECTORS: list[dict[str, Any]] = TABLE["vector"]
LISTS = {
    "ofac-50": ("US OFAC", "SDN"),
    "bis-affiliates": ("US BIS", "Entity List"),
    "eu-ownership": ("EU", "asset freeze"),
    "uk-ownership-control": ("UK", "asset freeze"),
}


def holdings(vector: dict[str, Any]) -> pd.DataFrame:
    rows = [(kind, row) for kind in ("stakes", "votes") for row in vector.get(kind, ())]
    held = holding_frame(
        [
            {
                "owner": owner,
                "owned": owned,
                "share_min": float(share[0]),
                "share_max": float(share[-1]),
                "kind": "votes" if kind == "votes" else "shares",
            }
            for kind, (owner, owned, *share) in rows
        ]
    )
    told = [
        {"owner": owner, "owned": owned, "share_min": float(share), "share_max": float(share), "reason": how}
        for owner, owned, share, how in vector.get("held", ())
    ]
    held = pd.concat([held, holding_frame(told)], ignore_index=True) if told else held
    control = pd.DataFrame(vector.get("control", []), columns=["controller", "controlled", "by"])
    return with_control(held, control.assign(**{"from": None, "until": None, "source": "src"}))


def verdicts(vector: dict[str, Any]) -> dict[str, dict[str, Any]]:
    policy, held = load(), holdings(vector)
    ids = sorted({*held["owner"], *held["owned"], *vector["seeds"]})
    directory = resolve(
        party_table([{"id": i, "name": f"{i} company", "country": "AE"} for i in ids]), policy
    )
    authority, programme = LISTS[vector["rule"]]
    entries = listing_table(
        [
            {
                "id": f"L-{seed}",
                "name": seed,
                "party_id": seed,
                "authority": authority,
                "programme": programme,
                "listed_on": pd.Timestamp("2014-08-13").date(),
            }
            for seed in vector["seeds"]
        ]
    )
    matched = match_listings(directory, entries, located_frame([]), policy)
    frame = entries.to_pandas(date_as_object=True)
    found = restrict(directory, held, located_frame([]), frame, matched, policy)
    return {
        party: next(v for v in found.verdicts(party, vector["day"]) if v["rule"] == vector["rule"])
        for party in vector["expect"]
    }


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    for party, verdict in verdicts(vector).items():
        assert verdict["verdict"] == vector["expect"][party], verdict["reason"]
        if verdict["verdict"] != "no":
            assert verdict["proof"], "a verdict is proved"
        if verdict["verdict"] == "undetermined":
            assert verdict["decided_by"], "what record would decide it is said"


def test_every_vector_names_a_source_that_is_given() -> None:
    assert len(VECTORS) >= 30
    assert {vector["source"] for vector in VECTORS} == set(TABLE["sources"])
    assert all(vector["sentence"].strip() for vector in VECTORS)
