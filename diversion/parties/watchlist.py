"""A private watchlist of the policy, as entries that are matched and screened like a published list."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from diversion.ids import digest
from diversion.parties.names import name_key
from diversion.policy.model import Watched
from diversion.policy.policy import Policy
from diversion.schema import load

WATCHLIST = "watchlist"
"""The name of the list, and how the ids of its entries begin; the store holds none of them."""


def with_watchlist(listings: pa.Table, policy: Policy) -> pa.Table:
    """The Listing table with the policy's watchlist at its end."""
    if not policy.watchlist:
        return listings
    schema = load()["Listing"].arrow
    rows = pa.Table.from_pylist([_entry(one) for one in policy.watchlist], schema=schema)
    return pa.concat_tables([listings.cast(schema), rows])


def _entry(one: Watched) -> dict[str, Any]:
    number = digest(one.name, one.country or "", one.address or "", one.from_day)
    return {
        "id": f"{WATCHLIST}:{number}",
        "list": WATCHLIST,
        "name": one.name,
        "name_key": name_key(one.name),
        "aliases": list(one.aliases),
        "kind": one.kind,
        "authority": "the policy's",
        "programme": one.programme,
        "effect": one.effect,
        "listed_on": one.from_day,
        "removed_on": one.until_day,
        "country": one.country,
        "countries": [one.country] if one.country else [],
        "address": one.address,
        "addresses": [one.address] if one.address else [],
        "identifiers": list(one.identifiers),
        "remarks": one.source,
        "source": WATCHLIST,
    }
