"""The lists of restricted parties at hand: of which day each is, and how large."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from diversion.explain.words import counted, day, one_line

NAMES = {
    "us_csl": "US Consolidated Screening List",
    "ofac_sdn": "OFAC SDN List",
    "ofac_cons": "OFAC Consolidated (non-SDN) List",
    "bis_dpl": "BIS Denied Persons List",
    "un": "UN Security Council Consolidated List",
    "eu": "EU Consolidated Financial Sanctions List",
    "uk": "UK Sanctions List",
    "uk_ofsi": "UK OFSI Consolidated List",
    "opensanctions": "OpenSanctions",
}


@dataclass(frozen=True)
class ListVersion:
    """A list as it is at hand.

    `published` is the day of the latest snapshot that brought an entry, None where no day of publication is
    stated; `newest` the latest day that an entry states for itself; `undated` entries state none.
    """

    list: str
    published: str | None
    newest: str | None
    entries: int
    undated: int

    @property
    def name(self) -> str:
        """What people call it."""
        return list_name(self.list)

    def as_json(self) -> dict[str, Any]:
        """What an answer says of a list that was searched."""
        told = asdict(self)
        del told["undated"]
        return told


def versions(listings: pa.Table | pd.DataFrame) -> tuple[ListVersion, ...]:
    """The lists of a Listing table by name; it needs the columns `list`, `first_seen` and `listed_on`."""
    columns = ["list", "first_seen", "listed_on"]
    if isinstance(listings, pd.DataFrame):
        listings = pa.Table.from_pandas(listings.reindex(columns=columns), preserve_index=False)
    table = listings.select(columns).group_by("list")
    found = table.aggregate(
        [("first_seen", "max"), ("listed_on", "max"), ("list", "count"), ("listed_on", "count")]
    )
    rows = sorted(found.to_pylist(), key=lambda row: str(row["list"]))
    return tuple(
        ListVersion(
            list=str(row["list"]),
            published=_iso(row["first_seen_max"]),
            newest=_iso(row["listed_on_max"]),
            entries=row["list_count"],
            undated=row["list_count"] - row["listed_on_count"],
        )
        for row in rows
    )


def phrase(version: ListVersion) -> str:
    """A list with its day and size; a day of an entry is never told as one of publication.

    >>> phrase(ListVersion("un", None, "2024-07-28", 2, 0))
    'UN Security Council Consolidated List (no day stated, newest entry 28 Jul 2024; 2 entries)'
    >>> phrase(ListVersion("un", "2024-08-01", "2024-07-28", 1, 0))
    'UN Security Council Consolidated List as of 1 Aug 2024 (1 entry)'
    """
    size = counted(version.entries, "entry")
    if version.published:
        return f"{version.name} as of {day(version.published)} ({size})"
    newest = f", newest entry {day(version.newest)}" if version.newest else ""
    return f"{version.name} (no day stated{newest}; {size})"


def phrases(searched: list[dict[str, Any]]) -> str:
    """What an answer says was searched, in words."""
    return ", ".join(phrase(ListVersion(**one, undated=0)) for one in searched)


def list_name(name: str) -> str:
    """What people call a list that was read.

    >>> list_name("us_csl"), list_name("my_list")
    ('US Consolidated Screening List', 'my list')
    """
    return NAMES.get(name, one_line(name).replace("_", " "))


def _iso(value: Any) -> str | None:
    return None if value is None else str(value)[:10]
