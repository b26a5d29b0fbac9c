"""List entries laid out for matching: one row a name or alias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from diversion.parties.compare import Rarity
from diversion.parties.evidence import Numbers, numbers
from diversion.parties.names import split


@dataclass(frozen=True)
class Entries:
    """Names of entries.

    `names` (listing, name, base, form) stand in the order of listing ids, the name before its aliases;
    `about` maps a listing to its columns; `rarity` weighs words by how many entries hold them;
    `numbers` are the identifiers of the listings that state any; `places` the addresses of those that are
    nothing but addresses.
    """

    names: pd.DataFrame
    about: dict[str, dict[str, Any]]
    rarity: Rarity
    numbers: dict[str, Numbers]
    places: dict[str, Sequence[str]]


def entries(listings: pa.Table) -> Entries:
    """The Listing table by name. Some 1 s for 26,000 entries with 60,000 names."""
    rows = listings.sort_by("id").to_pylist()
    about = {row["id"]: row for row in rows}
    listed: list[tuple[str, str, str, str]] = []
    for row in rows:
        seen: set[str] = set()
        for name in [row["name"], *(row["aliases"] or ())]:
            base, form = split(name)
            if base and name not in seen:
                seen.add(name)
                listed.append((row["id"], name, base, form))
    frame = pd.DataFrame(listed, columns=["listing", "name", "base", "form"])
    stated = [";".join(row["identifiers"] or ()) or None for row in rows]
    held = numbers(list(about), stated, [row["country"] for row in rows])
    places: dict[str, Sequence[str]] = {row["id"]: addresses(row) for row in rows if not row["name"]}
    return Entries(frame, about, Rarity.from_names(frame["base"].tolist()), held, places)


def addresses(row: dict[str, Any]) -> list[str]:
    """Every address that an entry states."""
    return list(dict.fromkeys(text for text in [row["address"], *(row["addresses"] or ())] if text))


def countries(row: dict[str, Any]) -> frozenset[str]:
    """Every country that an entry states."""
    return frozenset(c for c in [row["country"], *(row["countries"] or ())] if c)
