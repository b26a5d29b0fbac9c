"""The published truth sets of entity resolution as records of this tool: customers, reference, watchlist."""

from __future__ import annotations

import calendar
import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from diversion.ingest.countries import named
from diversion.parties.likeness import Commonness, Record, contact, features
from diversion.parties.names import split

SETS = ("customers", "reference", "watchlist")
NUMBERS = {
    "SSN_NUMBER": "SSN",
    "PASSPORT_NUMBER": "PASSPORT",
    "DRIVERS_LICENSE_NUMBER": "LICENCE",
    "NATIONAL_ID_NUMBER": "NATIONAL ID",
    "TAX_ID_NUMBER": "TAX",
    "LEI_NUMBER": "LEI",
}
MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name}


@dataclass(frozen=True)
class Truth:
    """Records by key (set, id) in order, the party and the test group that each is of."""

    records: dict[tuple[str, str], Record]
    party: dict[tuple[str, str], str]
    group: dict[tuple[str, str], str]

    def pairs(self) -> list[tuple[tuple[str, str], tuple[str, str]]]:
        """Every pair of records."""
        return list(combinations(self.records, 2))

    def same(self, pair: tuple[tuple[str, str], tuple[str, str]]) -> bool:
        """Whether the key of the publisher says that both are one party."""
        return self.party[pair[0]] == self.party[pair[1]]

    def measured(self) -> list[list[float]]:
        """The features of every pair."""
        common = Commonness.of(
            [split(name)[0] for r in self.records.values() for name in r.names],
            [text for r in self.records.values() for text in r.addresses],
            [c for r in self.records.values() for c in r.contacts],
        )
        return [features(self.records[a], self.records[b], common) for a, b in self.pairs()]


def read(folder: Path) -> Truth:
    """The sets of `screening/senzing_truth_sets` in `folder`."""
    place = folder / "screening/senzing_truth_sets/truthsets/demo"
    records = {}
    for name in SETS:
        for line in (place / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            records[row["DATA_SOURCE"], row["RECORD_ID"]] = record(row)
    with (place / "actual_truthset_key.csv").open(encoding="utf-8", newline="") as file:
        keys = {(row["DATA_SOURCE"], row["RECORD_ID"]): row for row in csv.DictReader(file)}
    ordered = dict(sorted(records.items()))
    return Truth(
        ordered,
        {key: keys[key]["CLUSTER_ID"] for key in ordered},
        {key: keys[key]["TEST_GROUP"] for key in ordered},
    )


def record(row: Mapping[str, Any]) -> Record:
    """One record; employers and genders are left aside, for the graph holds none."""
    names, addresses, contacts, country, day, kind = [], [], set(), None, None, "unknown"
    numbers: dict[tuple[str, str], set[str]] = {}
    for feature in row["FEATURES"]:
        kind = {"PERSON": "person", "ORGANIZATION": "company"}.get(feature.get("RECORD_TYPE"), kind)
        full = feature.get("NAME_FULL") or feature.get("NAME_ORG")
        parts = [feature.get(part, "") for part in ("NAME_FIRST", "NAME_MIDDLE", "NAME_LAST")]
        names += [full or " ".join(filter(None, parts))] if full or any(parts) else []
        told = [feature.get(f"ADDR_{part}") for part in ("FULL", "LINE1", "CITY", "STATE", "POSTAL_CODE")]
        addresses += [", ".join(part.strip() for part in told if part)] if any(told) else []
        country = named(feature.get("ADDR_COUNTRY", "")) or country
        day = date_of(feature["DATE_OF_BIRTH"]) if "DATE_OF_BIRTH" in feature else day
        contacts |= {contact(f"phone:{feature['PHONE_NUMBER']}")} if feature.get("PHONE_NUMBER") else set()
        contacts |= {contact(f"email:{feature['EMAIL_ADDRESS']}")} if feature.get("EMAIL_ADDRESS") else set()
        for column, scheme in NUMBERS.items():
            if feature.get(column):
                number = re.sub(r"\W", "", feature[column].upper())
                numbers.setdefault((scheme, ""), set()).add(number)
    held = {register: frozenset(found) for register, found in numbers.items()}
    return Record(tuple(names), kind, country, tuple(addresses), frozenset(contacts), day, held)


def date_of(text: str) -> str | None:
    """A day as written in the sets, month first, as ISO.

    >>> date_of("3/1/70"), date_of("20/8/1991"), date_of("24-May-11"), date_of("Mar 1 1970")
    ('1970-03-01', '1991-08-20', '2011-05-24', '1970-03-01')
    """
    parts = re.findall(r"\w+", text.lower())
    if len(parts) != 3:
        return None
    if len(parts[0]) == 4:
        return "-".join(parts)
    words = [part for part in parts if part[:3] in MONTHS]
    numbers = [int(part) for part in parts if part.isdigit()]
    year = numbers[-1] if numbers[-1] > 99 else numbers[-1] + (2000 if numbers[-1] < 20 else 1900)
    month, day = (MONTHS[words[0][:3]], numbers[0]) if words else (numbers[0], numbers[1])
    if month > 12:
        month, day = day, month
    return f"{year:04}-{month:02}-{day:02}"
