"""Small tables for tests, and the real list as a Listing table."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from diversion.parties.names import name_key
from diversion.schema import conform

Row = Mapping[str, Any]
BUREAU = {
    "EL": "US BIS",
    "DPL": "US BIS",
    "UVL": "US BIS",
    "MEU": "US BIS",
    "ISN": "US State",
    "DTC": "US State",
}


def party_table(rows: Sequence[Row]) -> pa.Table:
    full = [
        {
            "kind": "company",
            "stated": True,
            "source": "src",
            "name_key": name_key(row.get("name")),
            **row,
        }
        for row in rows
    ]
    return table("Party", full)


def listing_table(rows: Sequence[Row]) -> pa.Table:
    full = [
        {
            "list": "test",
            "kind": "company",
            "authority": "US OFAC",
            "programme": "SDN",
            "source": "src",
            "name_key": name_key(row.get("name")),
            **row,
        }
        for row in rows
    ]
    return table("Listing", full)


def table(kind: str, rows: Sequence[Row]) -> pa.Table:
    from diversion.schema import load

    schema = load()[kind].arrow
    columns = {field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in schema}
    return conform(kind, pa.table(columns))


def holding_frame(rows: Sequence[Row]) -> pd.DataFrame:
    columns = ["owner", "owned", "share_min", "share_max", "kind", "from", "until", "source", "row", "id"]
    columns += ["reason", "above_min", "below_max", "told_by"]
    full = [
        {"kind": "shares", "source": "src", "row": place, "id": f"h{place}", **row}
        for place, row in enumerate(rows, 1)
    ]
    frame = pd.DataFrame([{c: row.get(c) for c in columns} for row in full], columns=columns, dtype=object)
    return frame.astype({"share_min": float, "share_max": float})


def located_frame(rows: Sequence[Row]) -> pd.DataFrame:
    columns = ["party", "address", "text", "country", "from", "until"]
    return pd.DataFrame([{c: row.get(c) for c in columns} for row in rows], columns=columns, dtype=object)


def real_listings(folder: Path) -> pa.Table:
    """The Consolidated Screening List as far as names, countries and days go."""
    with (folder / "lists/us_csl/consolidated_2022-04.csv").open(encoding="utf-8", newline="") as file:
        rows = [_entry(place, row) for place, row in enumerate(csv.DictReader(file), 2)]
    return listing_table(rows)


def _entry(place: int, row: dict[str, str]) -> Row:
    code = row["source"].partition("(")[2].partition(")")[0]
    start = date.fromisoformat(row["start_date"]) if row["start_date"] else None
    places = [part.strip() for part in row["addresses"].split(";") if part.strip()]
    countries = sorted({part[-2:] for part in places if part[-2:].isupper() and part[-2:].isalpha()})
    return {
        "id": f"us_csl:{row['_id']}:{place}",
        "list": "us_csl",
        "name": row["name"],
        "aliases": [alias.strip() for alias in row["alt_names"].split(";") if alias.strip()],
        "kind": {"Individual": "person", "Entity": "company", "Vessel": "vessel"}.get(row["type"], "unknown"),
        "authority": BUREAU.get(code, "US OFAC"),
        "programme": code,
        "listed_on": start,
        "first_seen": date(2022, 4, 8),
        "country": countries[0] if countries else None,
        "countries": countries,
        "address": places[0] if places else None,
        "addresses": places,
        "row": place,
    }
